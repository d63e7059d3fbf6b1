//! The page of one campaign code: its numbers, its usages, and the form to change it.

use crate::{
    components::{
        admin_layout::AdminLayout,
        alert::Alert,
        badge::Badge,
        button::{Submit, Weight},
        card::Card,
        copy_link::CopyLink,
        csv::Csv,
        empty::Empty,
        form::{PostForm, Submitted},
        format::{counted, grouped, moment, percent},
        icon::Symbol,
        scripts::Scripts,
        stat::{Amounts, Stat},
        status::StatusBadge,
        switch::CodeSwitch,
        table::Table,
    },
    domain::{accounts::email::readable, ids::CodeId, money::Money, query_string::address},
    error::AppError,
    functions::codes::load_code,
    pages::{
        activity::{Activity, Revenue},
        admin::{code_form::CodeForm, id},
        error::Problem,
        load,
    },
    text::texts,
    view_models::{
        codes::{CodeDetails, CodePageData},
        page::PageContext,
        referrals::Referral,
    },
};
use leptos::{either::Either, prelude::*};

/// The page of the code whose id stands in its address.
#[component]
pub fn CodePage() -> impl IntoView {
    match id() {
        Some(id) => Either::Left(load(load_code(CodeId(id)), |page| view! { <CodeView page=page /> })),
        None => Either::Right(view! { <Problem error=AppError::NotFound.into() /> }),
    }
}

#[component]
fn CodeView(page: CodePageData) -> impl IntoView {
    let CodePageData { code: row, revenue, link, days, revenue_by_day, usages, categories } = page;
    view! {
        <AdminLayout title=row.code.clone()>
            <Heading row=row.clone() />
            <div class="pair">
                <Link row=row.clone() link=link />
                <Numbers row=row.clone() revenue=revenue />
            </div>
            <Activity
                title="Last 30 days"
                quiet="Visits by this code’s link show up here."
                days=days.clone()
                refresh_on=refresh_on(row.id)
            />
            <Revenue days=days revenue=revenue_by_day refresh_on=refresh_on(row.id) />
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
fn refresh_on(code: CodeId) -> String {
    format!("codes:{code}")
}

#[component]
fn Link(row: CodeDetails, link: String) -> impl IntoView {
    view! {
        <Card id="link" title="Link" note="Who signs up with it counts for this code.">
            <CopyLink link=link label="Link of this code".to_owned() />
            <Facts row=row />
        </Card>
    }
}

#[component]
fn Numbers(row: CodeDetails, revenue: Vec<Money>) -> impl IntoView {
    let texts = texts();
    let (conversions_note, revenue_note) = (texts.number_conversions_note(), texts.number_revenue_note());
    let unique_clicks = row.unique_clicks;
    let limit = row.max_uses.map_or_else(|| "No limit".to_owned(), |most| format!("of {} at most", grouped(most)));
    view! {
        <section class="numbers tiles" aria-label="Numbers of this code" data-refresh-on=refresh_on(row.id)>
            <dl>
                <Stat label="Clicks" note=move || format!("by {}", counted(unique_clicks, "person", "different people"))>
                    {grouped(row.clicks)}
                </Stat>
                <Stat label="Uses" note=move || limit.clone()>
                    {grouped(row.uses)}
                </Stat>
                <Stat label="Sign-up rate" note=|| "of clicks became sign-ups">
                    {percent(row.uses, row.clicks)}
                </Stat>
                <Stat label=texts.number_conversions() note=move || conversions_note>
                    {grouped(row.conversions)}
                </Stat>
                <Stat label=texts.number_revenue() note=move || revenue_note>
                    <Amounts money=revenue />
                </Stat>
            </dl>
        </section>
    }
}

#[component]
fn Edit(row: CodeDetails, categories: Vec<String>) -> impl IntoView {
    let id = row.id.to_string();
    view! {
        <Card id="edit" title="Change this code" note="The code itself stays as it is.">
            <CodeForm name="update_code" values=row.into() categories=categories submit="Save">
                <input type="hidden" name="id" value=id />
            </CodeForm>
        </Card>
    }
}

#[component]
fn Heading(row: CodeDetails) -> impl IntoView {
    let refused = Submitted::by("set_code_active").errors.into_iter().next();
    let here = expect_context::<PageContext>().here;
    let back = here.split('?').next().unwrap_or_default().to_owned();
    let category = row.category.map(|category| view! { <Badge text=category /> });
    view! {
        {refused.map(|error| view! { <Alert>{error.message}</Alert> })}
        <div class="heading">
            <div>
                <h1>{row.code.clone()}</h1>
                <p class="note">{row.description}</p>
            </div>
            <form method="post" class="actions" data-refresh-on=refresh_on(row.id)>
                {category}
                <StatusBadge status=row.status />
                <CodeSwitch id=row.id label=format!("{} is on", row.code) on=row.active back=back />
            </form>
        </div>
    }
}

#[component]
fn Facts(row: CodeDetails) -> impl IntoView {
    let expires = row.expires_at.map_or_else(|| "Never".to_owned(), moment);
    let beneficiary = row.beneficiary_email.as_deref().map_or("Nobody".into(), readable).into_owned();
    view! {
        <dl class="facts" data-refresh-on=refresh_on(row.id)>
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
fn Usages(row: CodeDetails, usages: Vec<Referral>) -> impl IntoView {
    let (refresh_on, used) = (refresh_on(row.id), !usages.is_empty());
    let csv = used.then(|| format!("/admin/codes/{}/usages.csv", row.id));
    let content = if usages.is_empty() {
        Either::Left(view! {
            <Empty symbol=Symbol::Person title="Nobody yet">
                "Who signs up with this code stands here."
            </Empty>
        })
    } else {
        let row = |usage: Referral| {
            let name = if usage.referee_name.is_empty() { "Account deleted".to_owned() } else { usage.referee_name };
            view! {
                <tr>
                    <th scope="row">{name} <span class="note">{usage.referee_email.as_deref().map(|email| readable(email).into_owned())}</span></th>
                    <td>{moment(usage.signed_up_at)}</td>
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
        <Card id="usages" title="Who used it" refresh_on=refresh_on>
            {content}
            {all}
            <Csv href=csv />
        </Card>
    }
}

#[component]
fn Delete(row: CodeDetails) -> impl IntoView {
    let refused = !Submitted::by("delete_code").errors.is_empty();
    let words = if row.uses > 0 {
        "It has been used, so it leaves the list and stops working, but its history is kept."
    } else {
        "It has never been used, so nothing of it is kept. This cannot be undone."
    };
    view! {
        <Card id="delete" title="Delete this code" refresh_on=refresh_on(row.id)>
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
