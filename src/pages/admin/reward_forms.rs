//! What an admin can do about a reward: each form is there when it makes sense.

use crate::{
    components::{
        alert::Alert,
        button::{Submit, Weight},
        card::Card,
        field::{Field, Kind},
        form::{PostForm, Submitted},
    },
    domain::rewards::reward::Delivery,
    pages::admin::rewards::PATH,
    text::texts,
    view_models::rewards::RewardView,
};
use leptos::prelude::*;

/// What is offered, by the functions that the forms call. `can_void` while the reward can still be ended.
fn offered(reward: &RewardView, can_void: bool) -> Vec<&'static str> {
    // It was active once, so that there is something to deliver.
    let undelivered = reward.valid_from.is_some() && reward.delivery != Delivery::Delivered;
    let forms = [
        (reward.needs_approval, "approve_rewards"),
        (reward.owed > 0, "settle_rewards"),
        (reward.owed > 0, "write_off_rewards"),
        (undelivered, "mark_reward_delivered"),
        (can_void, "void_rewards"),
    ];
    forms.into_iter().filter(|(shown, _)| *shown).map(|(_, form)| form).collect()
}

/// What was refused of a form that is not offered any more, as of one that was sent twice.
#[component]
pub fn Refused(reward: RewardView, can_void: bool) -> impl IntoView {
    let sent = use_context::<Submitted>().filter(|sent| !offered(&reward, can_void).contains(&&*sent.form));
    let message = sent.and_then(|sent| sent.errors.into_iter().next()).map(|error| error.message);
    message.map(|message| view! { <Alert>{message}</Alert> })
}

/// The forms that are offered.
#[component]
pub fn Forms(reward: RewardView, can_void: bool) -> impl IntoView {
    let texts = texts();
    let id = reward.id.to_string();
    let step = |form: &'static str| {
        let (button, note) = match form {
            "approve_rewards" => (texts.admin_reward_approve(), texts.admin_reward_approve_note()),
            "settle_rewards" => (texts.admin_reward_mark_paid_back(), texts.admin_reward_mark_paid_back_note()),
            "write_off_rewards" => (texts.admin_reward_write_off(), texts.admin_reward_write_off_note()),
            "mark_reward_delivered" => (texts.admin_reward_mark_delivered(), texts.admin_reward_mark_delivered_note()),
            // It has a card of its own.
            _ => return None,
        };
        Some(view! { <Step form=form id=id.clone() button=button note=note /> })
    };
    let steps: Vec<_> = offered(&reward, can_void).into_iter().filter_map(step).collect();
    let decide = (!steps.is_empty()).then(|| {
        view! {
            <Card id="decide" title=texts.admin_reward_decide()>
                {steps}
            </Card>
        }
    });
    view! {
        {decide}
        {can_void.then(|| view! { <Void id=id.clone() /> })}
    }
}

#[component]
fn Step(form: &'static str, id: String, button: String, note: String) -> impl IntoView {
    let back = format!("{PATH}/{id}");
    view! {
        <PostForm name=form>
            <input type="hidden" name="id" value=id.clone() />
            <input type="hidden" name="ids" value=id.clone() />
            <input type="hidden" name="back" value=back />
            <p class="note">{note}</p>
            <div class="actions">
                <Submit weight=Weight::Plain>{button}</Submit>
            </div>
        </PostForm>
    }
}

#[component]
fn Void(id: String) -> impl IntoView {
    let texts = texts();
    let back = format!("{PATH}/{id}");
    view! {
        <Card id="void" title=texts.admin_reward_void_title() note=texts.admin_reward_void_note()>
            <PostForm name="void_rewards">
                <input type="hidden" name="ids" value=id />
                <input type="hidden" name="back" value=back />
                <Field
                    name="reason"
                    label=texts.admin_reward_reason()
                    kind=Kind::Prose
                    hint=texts.admin_reward_reason_hint()
                />
                <div class="actions">
                    <Submit weight=Weight::Danger>{texts.admin_reward_void()}</Submit>
                </div>
            </PostForm>
        </Card>
    }
}
