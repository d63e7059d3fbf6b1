//! The page of one user.

use crate::{
    components::{
        admin_layout::AdminLayout,
        button::Submit,
        card::Card,
        empty::Empty,
        field::{Checkbox, Field, Kind},
        form::PostForm,
        format::{amounts, grouped, moment, or_dash},
        icon::Symbol,
        table::Table,
    },
    domain::{accounts::email::readable, attribution::Candidate, ids::UserId, money::Money, query_string::address},
    error::AppError,
    functions::users::load_user,
    pages::{
        admin::{id, rewards::rewards_of, users::Marks},
        error::Problem,
        load,
    },
    text::texts,
    view_models::{
        referrals::Referral,
        rewards::Balance,
        users::{UserPageData, UserSummary},
    },
};
use leptos::{either::Either, prelude::*};

/// The page of the user whose id stands in its address.
#[component]
pub fn UserPage() -> impl IntoView {
    match id() {
        Some(id) => Either::Left(load(load_user(UserId(id)), |page| view! { <UserView page=page /> })),
        None => Either::Right(view! { <Problem error=AppError::NotFound.into() /> }),
    }
}

#[component]
fn UserView(page: UserPageData) -> impl IntoView {
    let row = page.user;
    let (row_id, row_name, email) = (row.id, row.username.clone(), row.email.clone());
    view! {
        <AdminLayout title=row.username.clone()>
            <div class="heading">
                <h1>{row.username.clone()}</h1>
                <div class="actions">
                    <Marks admin=row.admin disabled=row.disabled />
                </div>
            </div>
            <div class="columns">
                <Details row=row.clone() revenue=page.revenue />
                <Change row=row own=page.own />
                <Balances name=row_name email=email.clone() balances=page.balances />
                <Receipt id=row_id evidence=page.evidence />
                <Referrals email=email referrals=page.referrals />
            </div>
        </AdminLayout>
    }
}

#[component]
fn Details(row: UserSummary, revenue: Vec<Money>) -> impl IntoView {
    let or = |text: String, otherwise: &str| if text.is_empty() { otherwise.to_owned() } else { text };
    view! {
        <Card id="details" title="Account">
            <dl class="facts">
                <dt>"E-mail address"</dt>
                <dd>{readable(&row.email).into_owned()}</dd>
                <dt>"Referral code"</dt>
                <dd>{or(row.code, "None yet")}</dd>
                <dt>"Referred by"</dt>
                <dd>{or(row.referred_by, "Nobody")}</dd>
                <dt>"Clicks"</dt>
                <dd>{grouped(row.clicks)}</dd>
                <dt>"Sign-ups"</dt>
                <dd>{grouped(row.signups)} " / " {grouped(row.goal)}</dd>
                <dt>{texts().number_conversions()}</dt>
                <dd>{grouped(row.conversions)}</dd>
                <dt>{texts().number_revenue()}</dt>
                <dd>{amounts(&revenue)}</dd>
                <dt>"Joined"</dt>
                <dd>{moment(row.created_at)}</dd>
            </dl>
        </Card>
    }
}

/// One's own boxes are not there: nobody locks themselves out.
#[component]
fn Change(row: UserSummary, own: bool) -> impl IntoView {
    let rights = if own {
        Either::Left(view! {
            <input type="hidden" name="admin" value="true" />
            <p class="note">"This is you. Another admin can take away your rights or disable your account."</p>
        })
    } else {
        Either::Right(view! {
            <Checkbox name="admin" ticked=row.admin>
                "Admin: may see and change everything here"
            </Checkbox>
            <Checkbox name="disabled" ticked=row.disabled>
                "Disabled: is signed out everywhere and cannot sign in"
            </Checkbox>
            {row.admin.then(|| view! { <p class="note">{texts().key_ends_with_admin()}</p> })}
        })
    };
    view! {
        <Card id="change" title="Change">
            <PostForm name="update_user">
                <input type="hidden" name="id" value=row.id.to_string() />
                <Field
                    name="goal"
                    label="Goal"
                    kind=Kind::Number
                    hint="How many sign-ups this person aims at. 1 or more."
                    value=row.goal.to_string()
                />
                {rights}
                <Submit>"Save"</Submit>
            </PostForm>
        </Card>
    }
}

/// What they have of each kind of rewards.
#[component]
fn Balances(name: String, email: String, balances: Vec<Balance>) -> impl IntoView {
    let content = if balances.is_empty() {
        Either::Left(view! {
            <Empty symbol=Symbol::Chart title=texts().admin_balances_none()>
                {texts().admin_balances_none_note()}
            </Empty>
        })
    } else {
        let columns = vec![
            (texts().admin_rewards_kind(), false),
            (texts().admin_reward_available(), true),
            (texts().admin_balances_pending(), true),
            (texts().admin_reward_frozen(), true),
            (texts().admin_balances_redeemed(), true),
            (texts().admin_reward_owed_amount(), true),
        ];
        let rows = balances.into_iter().map(|balance| view! { <BalanceRow balance=balance /> }).collect_view();
        Either::Right(view! {
            <Table caption=texts().admin_balances_caption() columns=columns blocks=true>
                {rows}
            </Table>
        })
    };
    view! {
        <Card id="rewards" title=texts().admin_balances_title()>
            {content}
            <p><a href=rewards_of(&email)>{texts().admin_balances_all(name)}</a></p>
        </Card>
    }
}

#[component]
fn BalanceRow(balance: Balance) -> impl IntoView {
    let texts = texts();
    let amounts = [
        (texts.admin_reward_available(), balance.available),
        (texts.admin_balances_pending(), balance.pending),
        (texts.admin_reward_frozen(), balance.frozen),
        (texts.admin_balances_redeemed(), balance.redeemed),
        (texts.admin_reward_owed_amount(), balance.owed),
    ];
    let cell = |(name, amount): (String, i64)| {
        let amount = if amount == 0 { String::new() } else { texts.balance_amount(&balance, amount) };
        view! {
            <td data-label=name class="number">
                {or_dash(amount)}
            </td>
        }
    };
    view! {
        <tr data-testid="balance" data-kind=balance.kind.clone()>
            <th scope="row">{texts.admin_reward_kind(&balance.kind)}</th>
            {amounts.map(cell).collect_view()}
        </tr>
    }
}

#[component]
fn Receipt(id: UserId, evidence: Vec<Candidate>) -> impl IntoView {
    let content = if evidence.is_empty() {
        Either::Left(view! { <p>"Nothing is known about it: no link and no code led here."</p> })
    } else {
        let texts = texts();
        let sentence = |candidate: Candidate| {
            view! {
                <li>
                    <p>{texts.candidate(&candidate)}</p>
                </li>
            }
        };
        Either::Right(view! { <ul class="rows">{evidence.into_iter().map(sentence).collect_view()}</ul> })
    };
    view! {
        <Card id="receipt" title="How they came" note="What decided who is credited for this sign-up.">
            {content}
            <p><a href=format!("/admin/referrals/{id}")>"Evidence and correction"</a></p>
        </Card>
    }
}

#[component]
fn Referrals(email: String, referrals: Vec<Referral>) -> impl IntoView {
    let all = (!referrals.is_empty()).then(|| {
        let all = address("/admin/referrals", &[("q", &email), ("state", "credited")]);
        view! { <p><a href=all>"All of them, with what decided"</a></p> }
    });
    let content = if referrals.is_empty() {
        Either::Left(view! {
            <Empty symbol=Symbol::Person title="Nobody yet">
                "Whom this person brings stands here."
            </Empty>
        })
    } else {
        let row = |referral: Referral| {
            let name = Some(referral.referee_name).filter(|name| !name.is_empty());
            let name = name.unwrap_or_else(|| "Account deleted".to_owned());
            view! {
                <tr>
                    <th scope="row">{name}</th>
                    <td>{moment(referral.signed_up_at)}</td>
                </tr>
            }
        };
        Either::Right(view! {
            <Table caption="Whom this person brought, the latest hundred" columns=vec![("Who", false), ("When", false)]>
                {referrals.into_iter().map(row).collect_view()}
            </Table>
        })
    };
    view! {
        <Card id="referrals" title="Referrals">
            {content}
            {all}
        </Card>
    }
}
