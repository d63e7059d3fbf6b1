//! One account, as admins see it.

use super::{
    super::{error::Problem, load},
    id,
    users::Marks,
};
use crate::{
    components::{
        admin_layout::AdminLayout,
        button::Submit,
        card::Card,
        empty::Empty,
        field::{Checkbox, Field, Kind},
        form::PostForm,
        icon::Symbol,
        table::Table,
        text::{address, grouped, moment},
    },
    domain::{ids::UserId, time::Time},
    error::AppError,
    functions::administration::{UserDetail, UserRow, load_user},
};
use leptos::{either::Either, prelude::*};

/// The page of the user whose id stands in its address.
#[component]
pub fn UserPage() -> impl IntoView {
    match id() {
        Some(id) => Either::Left(load(load_user(UserId(id)), |user| view! { <UserView user=user /> })),
        None => Either::Right(view! { <Problem error=AppError::NotFound /> }),
    }
}

#[component]
fn UserView(user: UserDetail) -> impl IntoView {
    let row = user.row;
    let (row_id, email) = (row.id, row.email.clone());
    view! {
        <AdminLayout title=row.username.clone()>
            <div class="heading">
                <h1>{row.username.clone()}</h1>
                <div class="actions">
                    <Marks admin=row.admin disabled=row.disabled />
                </div>
            </div>
            <div class="columns">
                <Details row=row.clone() clicks=user.clicks />
                <Change row=row own=user.own />
                <Receipt id=row_id sentences=user.receipt decided=user.decided />
                <Referrals email=email people=user.referrals />
            </div>
        </AdminLayout>
    }
}

#[component]
fn Details(row: UserRow, clicks: i64) -> impl IntoView {
    let or = |text: String, otherwise: &str| if text.is_empty() { otherwise.to_owned() } else { text };
    view! {
        <Card id="details" title="Account">
            <dl class="facts">
                <dt>"E-mail address"</dt>
                <dd>{row.email}</dd>
                <dt>"Referral code"</dt>
                <dd>{or(row.code, "None yet")}</dd>
                <dt>"Referred by"</dt>
                <dd>{or(row.referred_by, "Nobody")}</dd>
                <dt>"Clicks"</dt>
                <dd>{grouped(clicks)}</dd>
                <dt>"Sign-ups"</dt>
                <dd>{grouped(row.signups)} " / " {grouped(row.goal)}</dd>
                <dt>"Joined"</dt>
                <dd>{moment(row.created_at)}</dd>
            </dl>
        </Card>
    }
}

/// One's own boxes are not there: nobody locks themselves out.
#[component]
fn Change(row: UserRow, own: bool) -> impl IntoView {
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
        })
    };
    view! {
        <Card id="change" title="Change">
            <PostForm name="change_user">
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

#[component]
fn Receipt(id: UserId, sentences: Vec<String>, decided: bool) -> impl IntoView {
    let content = if sentences.is_empty() {
        Either::Left(view! { <p>"Nothing is known about it: no link and no code led here."</p> })
    } else {
        let sentence = |sentence: String| {
            view! {
                <li>
                    <p>{sentence}</p>
                </li>
            }
        };
        Either::Right(view! { <ul class="rows">{sentences.into_iter().map(sentence).collect_view()}</ul> })
    };
    view! {
        <Card id="receipt" title="How they came" note="What decided who is credited for this sign-up.">
            {content}
            {decided.then(|| view! { <p><a href=format!("/admin/referrals/{id}")>"All evidence"</a></p> })}
        </Card>
    }
}

#[component]
fn Referrals(email: String, people: Vec<(String, Time)>) -> impl IntoView {
    let all = (!people.is_empty()).then(|| {
        let all = address("/admin/referrals", &[("q", &email), ("state", "credited")]);
        view! { <p><a href=all>"All of them, with what decided"</a></p> }
    });
    let content = if people.is_empty() {
        Either::Left(view! {
            <Empty symbol=Symbol::Person title="Nobody yet">
                "Whom this person brings stands here."
            </Empty>
        })
    } else {
        let row = |(name, at): (String, Time)| {
            let name = if name.is_empty() { "Account deleted".to_owned() } else { name };
            view! {
                <tr>
                    <th scope="row">{name}</th>
                    <td>{moment(at)}</td>
                </tr>
            }
        };
        Either::Right(view! {
            <Table caption="Whom this person brought, the latest hundred" columns=vec![("Who", false), ("When", false)]>
                {people.into_iter().map(row).collect_view()}
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
