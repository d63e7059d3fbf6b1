//! Parts of pages that show rewards.

use crate::{
    components::{alert::Tone, badge::Badge, format::or_dash, table::Table},
    domain::{
        ids::{RuleId, UserId},
        rewards::reward::{Delivery, RewardState},
        time::Time,
    },
    text::texts,
    view_models::rewards::{RewardRow, RewardView},
};
use leptos::{either::Either, prelude::*};

/// A day without its year; pointed at, the minute.
#[component]
pub fn Day(at: Time) -> impl IntoView {
    let texts = texts();
    view! {
        <time datetime=at.rfc_3339() title=texts.moment(at)>
            {texts.day(at)}
        </time>
    }
}

/// An instant to the minute.
#[component]
pub fn Moment(at: Time) -> impl IntoView {
    view! { <time datetime=at.rfc_3339()>{texts().moment(at)}</time> }
}

/// Somebody, with a link while there is an account.
#[component]
pub fn Person(id: UserId, name: String) -> impl IntoView {
    match name.is_empty() {
        true => Either::Left(texts().admin_reward_account_gone()),
        false => Either::Right(view! { <a href=format!("/admin/users/{id}")>{name}</a> }),
    }
}

/// A rule by its number, with a link while it is there.
#[component]
pub fn RuleLink(id: RuleId, deleted: bool) -> impl IntoView {
    match deleted {
        true => Either::Left(texts().admin_reward_rule_deleted(id.to_string())),
        false => {
            let text = texts().admin_reward_rule(id.to_string());
            Either::Right(view! { <a href=format!("/admin/rules/{id}")>{text}</a> })
        }
    }
}

/// How far a reward is, and what stands in its way.
#[component]
pub fn State(reward: RewardView) -> impl IntoView {
    let texts = texts();
    let tone = match reward.state {
        RewardState::Pending => Tone::Warn,
        RewardState::Active => Tone::Good,
        RewardState::Redeemed | RewardState::Expired => Tone::Neutral,
        RewardState::Voided | RewardState::Reversed => Tone::Bad,
    };
    let owed = texts.admin_reward_owes(texts.reward_amount(&reward, reward.owed));
    let more = [
        (reward.frozen, Tone::Warn, texts.admin_reward_frozen()),
        (reward.needs_approval, Tone::Warn, texts.admin_reward_needs_approval()),
        (reward.owed > 0, Tone::Bad, owed),
        (reward.delivery == Delivery::Waiting, Tone::Neutral, texts.admin_reward_delivery_waiting()),
        (reward.delivery == Delivery::Failed, Tone::Bad, texts.admin_reward_failed()),
    ];
    let more = more.into_iter().filter(|(is, ..)| *is).map(|(_, tone, text)| {
        view! {
            " "
            <Badge tone=tone text=text />
        }
    });
    view! {
        <Badge tone=tone text=texts.admin_reward_state(reward.state) />
        {more.collect_view()}
    }
}

/// Until when a reward waits, or can be used.
pub fn until(reward: &RewardView) -> String {
    let texts = texts();
    match (reward.state, reward.valid_until) {
        (RewardState::Pending, Some(until)) if reward.is_choice() => texts.admin_reward_valid_until(texts.date(until)),
        (RewardState::Pending, _) => texts.admin_reward_hold_until(texts.date(reward.hold_until)),
        (RewardState::Active | RewardState::Expired, Some(until)) => texts.admin_reward_valid_until(texts.date(until)),
        _ => or_dash(String::new()),
    }
}

/// A short table of rewards; `none` is said where there are none.
#[component]
pub fn Earned(rows: Vec<RewardRow>, none: String) -> impl IntoView {
    let texts = texts();
    if rows.is_empty() {
        return Either::Left(view! { <p>{none}</p> });
    }
    let columns = vec![
        (texts.admin_rewards_what(), false),
        (texts.admin_rewards_recipient(), false),
        (texts.admin_rewards_state(), false),
        (texts.admin_rewards_made(), false),
    ];
    let row = |row: RewardRow| {
        let RewardRow { reward, recipient, .. } = row;
        let texts = crate::text::texts();
        view! {
            <tr data-testid="earned-reward" data-state=reward.state.as_str() data-kind=reward.kind.clone()>
                <th scope="row">
                    <a href=format!("/admin/rewards/{}", reward.id)>{texts.admin_reward_what(&reward)}</a>
                    <span class="note">{texts.admin_reward_description(&reward)}</span>
                </th>
                <td data-label=texts.admin_rewards_recipient()>
                    <Person id=reward.user_id name=recipient />
                </td>
                <td data-label=texts.admin_rewards_state()>
                    <State reward=reward.clone() />
                </td>
                <td data-label=texts.admin_rewards_made()>
                    <Day at=reward.created_at />
                </td>
            </tr>
        }
    };
    Either::Right(view! {
        <Table caption=texts.admin_earned_caption() columns=columns blocks=true>
            {rows.into_iter().map(row).collect_view()}
        </Table>
    })
}
