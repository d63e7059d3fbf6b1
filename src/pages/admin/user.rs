//! The page of one user.

use crate::{
    components::{
        admin_layout::AdminLayout,
        breadcrumbs::Breadcrumbs,
        button::Submit,
        card::Card,
        empty::Empty,
        field::{Checkbox, Field, Kind},
        form::PostForm,
        format::or_dash,
        icon::Symbol,
        table::Table,
        when::When,
    },
    domain::{accounts::email::readable, attribution::Candidate, ids::UserId, money::Money, query_string::address},
    error::AppError,
    functions::users::load_user,
    pages::{
        admin::{
            id,
            referrals::Progress,
            rewards::rewards_of,
            users::{Marks, PersonalCode, ReferredBy},
        },
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
                <div>
                    <Breadcrumbs trail=vec![("/admin/users", texts().admin_users())] />
                    <h1>{row.username.clone()}</h1>
                </div>
                <div class="actions">
                    <Marks admin=row.admin disabled=row.disabled />
                </div>
            </div>
            <div class="columns">
                <div class="stack">
                    <Details row=row.clone() revenue=page.revenue />
                    <Receipt id=row_id evidence=page.evidence />
                </div>
                <div class="stack">
                    <Brought email=email.clone() referrals=page.referrals />
                    <Balances name=row_name email=email balances=page.balances />
                    <Change row=row own=page.own />
                </div>
            </div>
        </AdminLayout>
    }
}

#[component]
fn Details(row: UserSummary, revenue: Vec<Money>) -> impl IntoView {
    let texts = texts();
    view! {
        <Card id="details" title=texts.user_account()>
            <dl class="facts">
                <dt>{texts.user_email()}</dt>
                <dd>{readable(&row.email).into_owned()}</dd>
                <dt>{texts.users_referred_by()}</dt>
                <dd>
                    <ReferredBy id=row.referred_by_id name=row.referred_by none=texts.user_nobody() />
                </dd>
                <dt>{texts.user_code()}</dt>
                <dd>
                    <PersonalCode code=row.code />
                </dd>
                <dt>{texts.user_clicks()}</dt>
                <dd>{texts.number(row.clicks)}</dd>
                <dt>{texts.users_sign_ups()}</dt>
                <dd>{texts.number(row.signups)} " / " {texts.number(row.goal)}</dd>
                <dt>{texts.number_conversions()}</dt>
                <dd>{texts.number(row.conversions)}</dd>
                <dt>{texts.number_revenue()}</dt>
                <dd>{texts.amounts(&revenue)}</dd>
                <dt>{texts.users_joined()}</dt>
                <dd>{texts.moment(row.created_at)}</dd>
            </dl>
        </Card>
    }
}

/// One's own boxes are not there: nobody locks themselves out.
#[component]
fn Change(row: UserSummary, own: bool) -> impl IntoView {
    let texts = texts();
    let save = texts.user_save();
    view! {
        <Card id="change" title=texts.user_change()>
            <PostForm name="update_user">
                <input type="hidden" name="id" value=row.id.to_string() />
                <Field
                    name="goal"
                    label=texts.user_goal()
                    kind=Kind::Number
                    hint=texts.user_goal_hint()
                    value=row.goal.to_string()
                />
                <Rights row=row own=own />
                <Submit>{save}</Submit>
            </PostForm>
        </Card>
    }
}

#[component]
fn Rights(row: UserSummary, own: bool) -> impl IntoView {
    let texts = texts();
    if own {
        return Either::Left(view! {
            <input type="hidden" name="admin" value="true" />
            <p class="note">{texts.user_own()}</p>
        });
    }
    let (make_admin, disable) = (texts.user_make_admin(), texts.user_disable());
    Either::Right(view! {
        <Checkbox name="admin" ticked=row.admin>
            {make_admin}
        </Checkbox>
        <Checkbox name="disabled" ticked=row.disabled>
            {disable}
        </Checkbox>
        {row.admin.then(|| view! { <p class="note">{texts.key_ends_with_admin()}</p> })}
    })
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
    let texts = texts();
    let content = if evidence.is_empty() {
        Either::Left(view! { <p>{texts.user_attribution_none()}</p> })
    } else {
        let sentence = |candidate: Candidate| {
            view! {
                <li>
                    <p>{texts.candidate(&candidate)}</p>
                </li>
            }
        };
        Either::Right(view! { <ul class="rows">{evidence.into_iter().map(sentence).collect_view()}</ul> })
    };
    let link = texts.user_attribution_link();
    view! {
        <Card id="receipt" title=texts.user_attribution() note=texts.user_attribution_note()>
            {content}
            <p><a href=format!("/admin/referrals/{id}")>{link}</a></p>
        </Card>
    }
}

/// Whom they brought.
#[component]
fn Brought(email: String, referrals: Vec<Referral>) -> impl IntoView {
    let texts = texts();
    let all = (!referrals.is_empty()).then(|| {
        let all = address("/admin/referrals", &[("q", &email), ("state", "credited")]);
        view! { <p><a href=all>{texts.user_brought_all()}</a></p> }
    });
    let content = if referrals.is_empty() {
        let note = texts.user_brought_none_note();
        Either::Left(view! {
            <Empty symbol=Symbol::Person title=texts.user_brought_none()>
                {note}
            </Empty>
        })
    } else {
        let columns = vec![(texts.user_person(), false), (texts.user_signed_up(), false), (texts.user_state(), false)];
        let rows = referrals.into_iter().map(|referral| view! { <Friend referral=referral /> }).collect_view();
        Either::Right(view! {
            <Table caption=texts.user_brought_caption() columns=columns blocks=true>
                {rows}
            </Table>
        })
    };
    view! {
        <Card id="referrals" title=texts.user_brought()>
            {content}
            {all}
        </Card>
    }
}

#[component]
fn Friend(referral: Referral) -> impl IntoView {
    let texts = texts();
    let name = match referral.referee_name.is_empty() {
        true => Either::Left(texts.referrals_account_deleted()),
        false => {
            let href = format!("/admin/users/{}", referral.referee_id);
            Either::Right(view! { <a href=href>{referral.referee_name}</a> })
        }
    };
    view! {
        <tr data-testid="brought">
            <th scope="row">{name}</th>
            <td data-label=texts.user_signed_up()>
                <When at=referral.signed_up_at />
            </td>
            <td data-label=texts.user_state()>
                <Progress credited=true converted=referral.converted_at.is_some() />
            </td>
        </tr>
    }
}
