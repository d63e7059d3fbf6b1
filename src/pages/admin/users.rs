//! The list of users.

use crate::{
    components::{
        admin_layout::AdminLayout, alert::Tone, badge::Badge, csv::Csv, empty::Empty, format::or_dash, icon::Symbol,
        pager::Pager, search::Search, table::Table, when::When,
    },
    domain::{accounts::email::readable, ids::UserId, query_string::address},
    functions::users::load_users,
    pages::{admin::query, load},
    text::texts,
    view_models::users::UserSummary,
};
use leptos::{either::Either, prelude::*};

/// The list of users. `q` in its address is the search, `sort` the order, `after` where it begins.
#[component]
pub fn UsersPage() -> impl IntoView {
    let after = query("after");
    let inside = !after.is_empty();
    load(load_users(query("q"), query("sort"), after), move |page| view! { <UsersView page=page inside=inside /> })
}

#[component]
fn UsersView(page: crate::view_models::users::UsersPage, inside: bool) -> impl IntoView {
    let texts = texts();
    let at = |after: &str| address("/admin/users", &[("q", &*page.q), ("sort", &*page.sort), ("after", after)]);
    let first = inside.then(|| at(""));
    let next = page.next.as_ref().map(|next| at(next));
    let csv = (!page.rows.is_empty()).then(|| address("/admin/users.csv", &[("q", &page.q)]));
    let content = if page.rows.is_empty() {
        let (note, all) = (texts.users_none_note(), texts.users_show_all());
        Either::Left(view! {
            <Empty symbol=Symbol::Person title=texts.users_none()>
                {note}
                " "
                <a href="/admin/users">{all}</a>
            </Empty>
        })
    } else {
        let columns = vec![
            (texts.users_user(), false),
            (texts.users_code(), false),
            (texts.users_referred_by(), false),
            (texts.users_sign_ups(), true),
            (texts.users_joined(), false),
        ];
        let rows = page.rows.into_iter().map(|row| view! { <Row row=row /> }).collect_view();
        Either::Right(view! {
            <div class="whole">
                <Table caption=texts.users_caption() columns=columns blocks=true>
                    {rows}
                </Table>
            </div>
        })
    };
    let title = texts.users_title();
    view! {
        <AdminLayout title=title.clone()>
            <h1>{title}</h1>
            <Search label=texts.users_search() value=page.q.clone() />
            {page.q.is_empty().then(|| view! { <Orders by_email=page.sort == "email" /> })}
            {content}
            <Pager first=first next=next />
            <Csv href=csv />
        </AdminLayout>
    }
}

#[component]
fn Orders(by_email: bool) -> impl IntoView {
    let texts = texts();
    view! {
        <nav aria-label=texts.users_order()>
            <ul>
                <li>
                    <a href="/admin/users" aria-current=(!by_email).then_some("true")>
                        {texts.users_newest()}
                    </a>
                </li>
                <li>
                    <a href="/admin/users?sort=email" aria-current=by_email.then_some("true")>
                        {texts.users_by_email()}
                    </a>
                </li>
            </ul>
        </nav>
    }
}

#[component]
fn Row(row: UserSummary) -> impl IntoView {
    let texts = texts();
    view! {
        <tr data-testid="user-row">
            <th scope="row">
                <a href=format!("/admin/users/{}", row.id)>{row.username.clone()}</a>
                <span class="note">{readable(&row.email).into_owned()}</span>
                <Marks admin=row.admin disabled=row.disabled />
            </th>
            <td data-label=texts.users_code()>
                <PersonalCode code=row.code />
            </td>
            <td data-label=texts.users_referred_by()>
                <ReferredBy id=row.referred_by_id name=row.referred_by none=or_dash(String::new()) />
            </td>
            <td data-label=texts.users_sign_ups() class="number">
                {texts.number(row.signups)}
                " / "
                {texts.number(row.goal)}
            </td>
            <td data-label=texts.users_joined()>
                <When at=row.created_at />
            </td>
        </tr>
    }
}

/// A personal code, which leads to the sign-ups with it.
#[component]
pub fn PersonalCode(code: String) -> impl IntoView {
    match code.is_empty() {
        true => Either::Left(texts().user_no_code()),
        false => {
            let sign_ups = address("/admin/referrals", &[("q", &code)]);
            Either::Right(view! { <a href=sign_ups>{code}</a> })
        }
    }
}

/// Who brought somebody, with a link; else `none`.
#[component]
pub fn ReferredBy(id: Option<UserId>, name: String, none: String) -> impl IntoView {
    match id.filter(|_| !name.is_empty()) {
        Some(id) => Either::Left(view! { <a href=format!("/admin/users/{id}")>{name}</a> }),
        None => Either::Right(none),
    }
}

/// What sets an account apart.
#[component]
pub fn Marks(admin: bool, disabled: bool) -> impl IntoView {
    let texts = texts();
    view! {
        {admin.then(|| view! { <Badge tone=Tone::Good text=texts.users_admin() /> })}
        {disabled.then(|| view! { <Badge tone=Tone::Bad text=texts.users_disabled() /> })}
    }
}
