//! One reward: what happened, how it stands, and what can be done about it.

use crate::{
    components::{admin_layout::AdminLayout, breadcrumbs::Breadcrumbs, card::Card, format::or_dash},
    domain::ids::RewardId,
    error::AppError,
    functions::rewards::load_reward,
    pages::{
        admin::{
            id,
            reward_facts::Facts,
            reward_forms::{Forms, Refused},
            reward_parts::{Moment, State},
            rewards::PATH,
        },
        error::Problem,
        load,
    },
    text::texts,
    view_models::{
        reward_pages::{HistoryEntry, RewardPageData, RewardStep},
        rewards::{RewardOption, RewardRow, RewardView},
    },
};
use leptos::{either::Either, prelude::*};

/// The reward whose id stands in its address.
#[component]
pub fn RewardPage() -> impl IntoView {
    match id() {
        Some(id) => Either::Left(load(load_reward(RewardId(id)), |found| view! { <RewardPageView found=found /> })),
        None => Either::Right(view! { <Problem error=AppError::NotFound.into() /> }),
    }
}

#[component]
fn RewardPageView(found: RewardPageData) -> impl IntoView {
    let texts = texts();
    let reward = found.row.reward.clone();
    let title = texts.admin_reward_title(reward.id.to_string(), texts.admin_reward_what(&reward));
    let options = reward.is_choice().then(|| view! { <Choice reward=reward.clone() picked=found.picked.clone() /> });
    view! {
        <AdminLayout title=title.clone()>
            <div class="heading">
                <div>
                    <Breadcrumbs trail=vec![(PATH, texts.admin_rewards_title())] />
                    <h1>{title}</h1>
                    <p class="note">{texts.described(&reward.description)}</p>
                </div>
                <div class="actions">
                    <State reward=reward.clone() />
                </div>
            </div>
            <Refused reward=reward.clone() can_void=found.can_void />
            <div class="pair">
                <div class="stack">
                    <History found=found.clone() />
                    {options}
                </div>
                <div class="stack beside">
                    <Facts found=found.clone() />
                </div>
                <div class="stack">
                    <Forms reward=reward can_void=found.can_void />
                </div>
            </div>
        </AdminLayout>
    }
}

#[component]
fn History(found: RewardPageData) -> impl IntoView {
    let texts = texts();
    let currency = found.payment.as_ref().map(|payment| payment.currency);
    let entry = |entry: &HistoryEntry| {
        let texts = crate::text::texts();
        let text = texts.reward_step(entry, &found.row.reward, currency);
        let origin = (entry.step == RewardStep::Granted).then(|| view! { <Origin found=found.clone() /> });
        view! {
            <li data-testid="step">
                <p>
                    <span class="note">
                        <Moment at=entry.at />
                    </span>
                    " "
                    <span>{text} {origin}</span>
                </p>
            </li>
        }
    };
    let entries = found.history.iter().map(entry).collect_view();
    view! {
        <Card id="history" title=texts.admin_reward_history()>
            <ul class="rows">{entries}</ul>
        </Card>
    }
}

/// By which rule a reward was granted, and for what.
#[component]
fn Origin(found: RewardPageData) -> impl IntoView {
    let texts = texts();
    let RewardRow { reward, referee_id, referee, occasion, .. } = found.row;
    let rule = texts.admin_reward_step_by_rule(reward.rule_id.to_string(), reward.rule_version.to_string());
    let rule = match found.rule_deleted {
        true => Either::Left(rule),
        false => Either::Right(view! { <a href=format!("/admin/rules/{}", reward.rule_id)>{rule}</a> }),
    };
    let occasion = match (reward.conversion_id, occasion.strip_prefix("milestone:")) {
        (Some(payment), _) => {
            let text = texts.admin_reward_step_for_payment(texts.date(found.happened_at));
            (format!("/admin/conversions/{payment}"), text)
        }
        (None, Some(count)) => {
            let friends = count.parse().map_or_else(|_| count.to_owned(), |count| texts.number(count));
            (format!("/admin/referrals/{referee_id}"), texts.admin_reward_step_for_milestone(friends))
        }
        (None, None) => {
            let name = if referee.is_empty() { texts.admin_reward_an_account_gone() } else { referee };
            (format!("/admin/referrals/{referee_id}"), texts.admin_reward_step_for_sign_up(name))
        }
    };
    view! {
        " "
        {rule}
        " "
        <a href=occasion.0>{occasion.1}</a>
    }
}

/// What can be picked, and what was made from what was.
#[component]
fn Choice(reward: RewardView, picked: Vec<RewardView>) -> impl IntoView {
    let texts = texts();
    let chosen = reward.chosen.clone();
    let option = move |option: RewardOption| {
        let mark = (chosen.as_deref() == Some(&*option.option)).then(|| {
            let text = crate::text::texts().admin_reward_option_picked();
            view! { <strong>{text}</strong> }
        });
        view! {
            <li data-testid="option">
                <p><span translate="no">{option.option.clone()}</span> ": " {crate::text::texts().option(&option)} " " {mark}</p>
            </li>
        }
    };
    let made = |reward: RewardView| {
        let what = crate::text::texts().admin_reward_what(&reward);
        view! {
            <li>
                <p>
                    <a href=format!("{PATH}/{}", reward.id)>{what}</a>
                    " "
                    {or_dash(crate::text::texts().described(&reward.description))}
                </p>
            </li>
        }
    };
    let made = (!picked.is_empty()).then(|| {
        view! {
            <h3>{texts.admin_reward_picked_rewards()}</h3>
            <ul class="rows">{picked.into_iter().map(made).collect_view()}</ul>
        }
    });
    view! {
        <Card id="options" title=texts.admin_reward_options() note=texts.admin_reward_options_note()>
            <ul class="rows">{reward.choices.into_iter().map(option).collect_view()}</ul>
            {made}
        </Card>
    }
}
