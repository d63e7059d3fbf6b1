//! What a new program needs.

use crate::{
    components::{
        button::{Submit, Weight},
        card::Card,
        form::PostForm,
        icon::{Icon, Symbol},
    },
    text::texts,
    view_models::overview::Checklist,
};
use leptos::prelude::*;

/// The steps, of which those that are done are ticked.
#[component]
pub fn FirstSteps(checklist: Checklist) -> impl IntoView {
    let texts = texts();
    let steps = [
        (checklist.branding, "/admin/settings", texts.checklist_branding(), texts.checklist_branding_note()),
        (
            checklist.link_destination,
            "/admin/settings",
            texts.checklist_destination(),
            texts.checklist_destination_note(),
        ),
        (checklist.rewards, "/admin/rules", texts.checklist_rewards(), texts.checklist_rewards_note()),
        (checklist.code, "/admin/codes/new", texts.checklist_code(), texts.checklist_code_note()),
        (checklist.friend, "/dashboard", texts.checklist_friend(), texts.checklist_friend_note()),
        (checklist.payments, "/admin/conversions", texts.checklist_payments(), texts.checklist_payments_note()),
    ];
    let done = steps.iter().filter(|(done, ..)| *done).count() as i64;
    let progress = texts.checklist_progress(texts.number(done), texts.number(steps.len() as i64));
    let rows = steps.map(|(done, href, text, note)| {
        let state = if done { texts.checklist_done() } else { texts.checklist_to_do() };
        view! {
            <li class:done=done data-testid="step">
                <span class="mark">{done.then(|| view! { <Icon of=Symbol::Check /> })}</span>
                <p>
                    <a href=href>{text}</a>
                    <span class="unseen">" "{state}</span>
                    <span class="note">{note}</span>
                </p>
            </li>
        }
    });
    view! {
        <Card id="checklist" title=texts.checklist_title() note=progress>
            <ol class="checklist">{rows}</ol>
            <PostForm name="hide_checklist">
                <Submit weight=Weight::Plain>{texts.checklist_hide()}</Submit>
            </PostForm>
        </Card>
    }
}
