//! The list of users.

use crate::{
    components::{
        admin_layout::AdminLayout,
        alert::Tone,
        badge::Badge,
        csv::Csv,
        empty::Empty,
        format::{grouped, or_dash},
        icon::Symbol,
        pager::Pager,
        search::Search,
        table::Table,
    },
    domain::{accounts::email::readable, query_string::address},
    functions::users::load_users,
    pages::{admin::query, load},
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
    let at = |after: &str| address("/admin/users", &[("q", &*page.q), ("sort", &*page.sort), ("after", after)]);
    let first = inside.then(|| at(""));
    let next = page.next.as_ref().map(|next| at(next));
    let csv = (!page.rows.is_empty()).then(|| address("/admin/users.csv", &[("q", &page.q)]));
    let content = if page.rows.is_empty() {
        Either::Left(view! {
            <Empty symbol=Symbol::Person title="Nobody found">
                "No e-mail address and no username begins like this. "
                <a href="/admin/users">"Show all users"</a>
            </Empty>
        })
    } else {
        let columns =
            vec![("User", false), ("Code", false), ("Referred by", false), ("Sign-ups", true), ("Joined", false)];
        Either::Right(view! {
            <div class="whole">
                <Table caption="Users" columns=columns>
                    {page.rows.into_iter().map(|row| view! { <Row row=row /> }).collect_view()}
                </Table>
            </div>
        })
    };
    view! {
        <AdminLayout title="Users">
            <h1>"Users"</h1>
            <Search label="E-mail or username begins with" value=page.q.clone() />
            {page.q.is_empty().then(|| view! { <Orders by_email=page.sort == "email" /> })}
            {content}
            <Pager first=first next=next />
            <Csv href=csv />
        </AdminLayout>
    }
}

#[component]
fn Orders(by_email: bool) -> impl IntoView {
    view! {
        <nav aria-label="Order">
            <ul>
                <li>
                    <a href="/admin/users" aria-current=(!by_email).then_some("true")>
                        "Newest first"
                    </a>
                </li>
                <li>
                    <a href="/admin/users?sort=email" aria-current=by_email.then_some("true")>
                        "By e-mail"
                    </a>
                </li>
            </ul>
        </nav>
    }
}

#[component]
fn Row(row: UserSummary) -> impl IntoView {
    view! {
        <tr>
            <th scope="row">
                <a href=format!("/admin/users/{}", row.id)>{row.username.clone()}</a>
                <span class="note">{readable(&row.email).into_owned()}</span>
                <Marks admin=row.admin disabled=row.disabled />
            </th>
            <td>{or_dash(row.code)}</td>
            <td>{or_dash(row.referred_by)}</td>
            <td class="number">{grouped(row.signups)} " / " {grouped(row.goal)}</td>
            <td>{row.created_at.date()}</td>
        </tr>
    }
}

/// What sets an account apart.
#[component]
pub fn Marks(admin: bool, disabled: bool) -> impl IntoView {
    view! {
        {admin.then(|| view! { <Badge tone=Tone::Good text="Admin" /> })}
        {disabled.then(|| view! { <Badge tone=Tone::Bad text="Disabled" /> })}
    }
}
