//! The facts about one reward.

use crate::{
    components::{card::Card, format::or_dash},
    domain::time::Time,
    pages::admin::{
        reward_parts::{Moment, Person},
        rewards::PATH,
    },
    text::texts,
    view_models::{
        conversions::Conversion,
        reward_pages::RewardPageData,
        rewards::{RewardRow, RewardView},
    },
};
use leptos::{either::Either, prelude::*};

/// All that is known of it.
#[component]
pub fn Facts(found: RewardPageData) -> impl IntoView {
    let texts = texts();
    let RewardPageData { row, used, paid_back, rule, rule_deleted, payment, choice, told_by, .. } = found;
    let RewardRow { reward, recipient, referee_id, referee, .. } = row;
    let version = texts.admin_reward_rule_version(reward.rule_id.to_string(), reward.rule_version.to_string(), rule);
    let rule = match rule_deleted {
        true => Either::Left(version),
        false => Either::Right(view! { <a href=format!("/admin/rules/{}", reward.rule_id)>{version}</a> }),
    };
    let choice = choice.map(|choice| {
        let number = texts.admin_reward_number(choice.to_string());
        view! {
            <dt>{texts.admin_reward_from_choice()}</dt>
            <dd>
                <a href=format!("{PATH}/{choice}")>{number}</a>
            </dd>
        }
    });
    let told_by = told_by.map(|delivery| {
        view! {
            " · "
            <a href=format!("/admin/webhooks/deliveries/{delivery}")>{texts.webhooks_reward_delivery()}</a>
        }
    });
    let amounts =
        (!reward.is_choice()).then(|| view! { <Amounts reward=reward.clone() used=used paid_back=paid_back /> });
    let held = if reward.is_choice() { None } else { Some(reward.hold_until) };
    let ends = match (reward.valid_from, reward.valid_until) {
        (Some(_), None) => Either::Left(texts.admin_reward_for_ever()),
        (_, until) => Either::Right(optional(until)),
    };
    view! {
        <Card id="facts" title=texts.admin_reward_facts()>
            <dl class="facts">
                <dt>{texts.admin_rewards_recipient()}</dt>
                <dd>
                    <Person id=reward.user_id name=recipient />
                </dd>
                <dt>{texts.admin_rewards_friend()}</dt>
                <dd>
                    <Person id=referee_id name=referee />
                </dd>
                <dt>{texts.admin_reward_payment()}</dt>
                <dd>
                    <Payment payment=payment />
                </dd>
                <dt>{texts.admin_rewards_rule()}</dt>
                <dd>{rule}</dd>
                {choice}
                <dt>{texts.admin_rewards_kind()}</dt>
                <dd>{texts.admin_reward_kind(&reward.kind)}</dd>
                {amounts}
                <dt>{texts.admin_reward_hold()}</dt>
                <dd>{optional(held)}</dd>
                <dt>{texts.admin_reward_from()}</dt>
                <dd>{optional(reward.valid_from)}</dd>
                <dt>{texts.admin_reward_to()}</dt>
                <dd>{ends}</dd>
                <dt>{texts.admin_reward_delivery()}</dt>
                <dd>{texts.admin_reward_delivered(reward.delivery)} {told_by}</dd>
                <dt>{texts.admin_rewards_made()}</dt>
                <dd>
                    <Moment at=reward.created_at />
                </dd>
            </dl>
        </Card>
    }
}

fn optional(at: Option<Time>) -> impl IntoView {
    match at {
        Some(at) => Either::Left(view! { <Moment at=at /> }),
        None => Either::Right(or_dash(String::new())),
    }
}

#[component]
fn Payment(payment: Option<Conversion>) -> impl IntoView {
    match payment {
        Some(payment) => {
            let texts = texts();
            let text = texts.admin_reward_payment_of(texts.money(&payment.paid()), texts.date(payment.occurred_at));
            Either::Left(view! { <a href=format!("/admin/conversions/{}", payment.id)>{text}</a> })
        }
        None => Either::Right(or_dash(String::new())),
    }
}

#[component]
fn Amounts(reward: RewardView, used: i64, paid_back: i64) -> impl IntoView {
    let texts = texts();
    let facts = [
        ("granted", texts.admin_reward_granted_amount(), reward.granted),
        ("stands", texts.admin_reward_stands(), reward.amount),
        ("available", texts.admin_reward_available(), reward.available),
        ("used", texts.admin_reward_used(), used),
        ("owed", texts.admin_reward_owed_amount(), reward.owed),
        ("paid-back", texts.admin_reward_paid_back(), paid_back),
    ];
    let fact = |(test_id, name, amount): (&'static str, String, i64)| {
        let amount = if amount == 0 { String::new() } else { texts.reward_amount(&reward, amount) };
        view! {
            <dt>{name}</dt>
            <dd data-testid=test_id>{or_dash(amount)}</dd>
        }
    };
    facts.map(fact).collect_view()
}
