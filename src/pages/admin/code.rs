//! One campaign code: what it brought, and what can be changed about it.

use super::{
    super::{activity::Activity, error::Problem, load},
    code_form::CodeForm,
    id,
};
use crate::{
    components::{
        admin_layout::AdminLayout,
        alert::Alert,
        badge::Badge,
        button::{Submit, Weight},
        card::Card,
        csv::Csv,
        empty::Empty,
        form::{PostForm, Submitted},
        frame::Frame,
        icon::Symbol,
        scripts::Scripts,
        stat::Stat,
        status::StatusBadge,
        switch::CodeSwitch,
        table::Table,
        text::{address, counted, grouped, moment, percent},
    },
    domain::ids::CodeId,
    error::AppError,
    functions::campaigns::{CodeDetail, CodeRow, Usage, load_code},
    islands::copy_link::CopyLink,
};
use leptos::{either::Either, prelude::*};

/// The page of the code whose id stands in its address.
#[component]
pub fn CodePage() -> impl IntoView {
    match id() {
        Some(id) => Either::Left(load(load_code(CodeId(id)), |code| view! { <CodeView code=code /> })),
        None => Either::Right(view! { <Problem error=AppError::NotFound /> }),
    }
}

#[component]
fn CodeView(code: CodeDetail) -> impl IntoView {
    let CodeDetail { row, unique_clicks, link, days, usages, categories } = code;
    view! {
        <AdminLayout title=row.code.clone()>
            <Heading row=row.clone() />
            <div class="pair">
                <Link row=row.clone() link=link />
                <Numbers row=row.clone() unique_clicks=unique_clicks />
            </div>
            <Activity
                title="Last 30 days"
                quiet="Visits by this code’s link show up here."
                days=days
                fresh=news(row.id)
            />
            <div class="columns">
                <Edit row=row.clone() categories=categories />
                <div class="stack">
                    <Usages row=row.clone() usages=usages />
                    <Delete row=row />
                </div>
            </div>
            <Scripts />
        </AdminLayout>
    }
}

/// What its numbers follow.
fn news(code: CodeId) -> String {
    format!("codes:{code}")
}

#[component]
fn Link(row: CodeRow, link: String) -> impl IntoView {
    view! {
        <Card id="link" title="Link" note="Who signs up with it counts for this code.">
            <CopyLink link=link label="Link of this code".to_owned() />
            <Facts row=row />
        </Card>
    }
}

#[component]
fn Numbers(row: CodeRow, unique_clicks: i64) -> impl IntoView {
    let most = row.max_uses;
    view! {
        <section class="numbers tiles" aria-label="Numbers of this code" data-fresh=news(row.id)>
            <dl>
                <Stat label="Clicks" note=move || format!("by {}", counted(unique_clicks, "person", "different people"))>
                    {grouped(row.clicks)}
                </Stat>
                <Stat label="Uses" note=move || format!("of {} at most", grouped(most))>
                    {grouped(row.uses)}
                </Stat>
                <Stat label="Sign-up rate" note=|| "of clicks became sign-ups">
                    {percent(row.uses, row.clicks)}
                </Stat>
            </dl>
        </section>
    }
}

#[component]
fn Edit(row: CodeRow, categories: Vec<String>) -> impl IntoView {
    let id = row.id.to_string();
    view! {
        <Card id="edit" title="Change this code" note="The code itself stays as it is.">
            <CodeForm name="edit_code" values=row.into() categories=categories submit="Save">
                <input type="hidden" name="id" value=id />
            </CodeForm>
        </Card>
    }
}

#[component]
fn Heading(row: CodeRow) -> impl IntoView {
    let refused = Submitted::by("switch_code").errors.into_iter().next();
    let here = expect_context::<Frame>().here;
    let back = here.split('?').next().unwrap_or_default().to_owned();
    let category = (!row.category.is_empty()).then(|| view! { <Badge text=row.category /> });
    view! {
        {refused.map(|error| view! { <Alert>{error.message}</Alert> })}
        <div class="heading">
            <div>
                <h1>{row.code.clone()}</h1>
                <p class="note">{row.description}</p>
            </div>
            <form method="post" class="actions" data-fresh=news(row.id)>
                {category}
                <StatusBadge status=row.status />
                <CodeSwitch id=row.id label=format!("{} is on", row.code) on=row.active back=back />
            </form>
        </div>
    }
}

#[component]
fn Facts(row: CodeRow) -> impl IntoView {
    let expires = row.expires_at.map_or_else(|| "Never".to_owned(), moment);
    let beneficiary = if row.beneficiary.is_empty() { "Nobody".to_owned() } else { row.beneficiary };
    view! {
        <dl class="facts" data-fresh=news(row.id)>
            <dt>"Beneficiary"</dt>
            <dd>{beneficiary}</dd>
            <dt>"Expires"</dt>
            <dd>{expires}</dd>
            <dt>"Made"</dt>
            <dd>{moment(row.created_at)}</dd>
        </dl>
    }
}

#[component]
fn Usages(row: CodeRow, usages: Vec<Usage>) -> impl IntoView {
    let (news, used) = (news(row.id), !usages.is_empty());
    let csv = used.then(|| format!("/admin/codes/{}/usages.csv", row.id));
    let content = if usages.is_empty() {
        Either::Left(view! {
            <Empty symbol=Symbol::Person title="Nobody yet">
                "Who signs up with this code stands here."
            </Empty>
        })
    } else {
        let row = |usage: Usage| {
            let name = if usage.username.is_empty() { "Account deleted".to_owned() } else { usage.username };
            view! {
                <tr>
                    <th scope="row">{name} <span class="note">{usage.email}</span></th>
                    <td>{moment(usage.at)}</td>
                </tr>
            }
        };
        Either::Right(view! {
            <Table caption="Sign-ups with this code, the latest hundred" columns=vec![("Who", false), ("When", false)]>
                {usages.into_iter().map(row).collect_view()}
            </Table>
        })
    };
    let all = used.then(|| {
        let all = address("/admin/referrals", &[("q", &row.code)]);
        view! { <p><a href=all>"All of them, with what decided"</a></p> }
    });
    view! {
        <Card id="usages" title="Who used it" fresh=news>
            {content}
            {all}
            <Csv href=csv />
        </Card>
    }
}

#[component]
fn Delete(row: CodeRow) -> impl IntoView {
    let refused = !Submitted::by("delete_code").errors.is_empty();
    let words = if row.uses > 0 {
        "It has been used, so it leaves the list and stops working, but its history is kept."
    } else {
        "It has never been used, so nothing of it is kept. This cannot be undone."
    };
    view! {
        <Card id="delete" title="Delete this code" fresh=news(row.id)>
            <details open=refused>
                <summary>"I do not need it any more"</summary>
                <p>{words} " To stop it only for a while, switch it off."</p>
                <PostForm name="delete_code">
                    <input type="hidden" name="id" value=row.id.to_string() />
                    <Submit weight=Weight::Danger>"Delete " {row.code}</Submit>
                </PostForm>
            </details>
        </Card>
    }
}
