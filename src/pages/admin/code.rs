//! The page of one campaign code: its numbers, its sign-ups, and the form to change it.

use crate::{
    components::{
        admin_layout::AdminLayout,
        badge::Badge,
        breadcrumbs::Breadcrumbs,
        button::{Submit, Weight},
        card::Card,
        copy_link::CopyLink,
        csv::Csv,
        empty::Empty,
        form::{PostForm, Submitted},
        icon::Symbol,
        scripts::Scripts,
        stat::{Amounts, Stat},
        status::StatusBadge,
        table::Table,
        when::When,
    },
    domain::{accounts::email::readable, ids::CodeId, money::Money, query_string::address},
    error::AppError,
    functions::codes::load_code,
    islands::code_switch::CodeSwitchButton,
    pages::{
        activity::{Activity, Revenue},
        admin::{code_form::CodeForm, id},
        error::Problem,
        load,
    },
    text::texts,
    view_models::{
        codes::{CodeDetails, CodePageData, SwitchWords},
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
    let texts = texts();
    let CodePageData { code: row, revenue, link, days, channels, revenue_by_day, usages, categories } = page;
    view! {
        <AdminLayout title=row.code.clone()>
            <Heading row=row.clone() />
            <div class="pair">
                <Link row=row.clone() link=link />
                <Numbers row=row.clone() revenue=revenue />
            </div>
            <Activity
                title=texts.code_activity()
                quiet=texts.code_quiet()
                days=days.clone()
                channels=channels
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
    let texts = texts();
    let label = texts.code_link_label();
    view! {
        <Card id="link" title=texts.code_link() note=texts.code_link_note()>
            <CopyLink link=link label=label />
            <Facts row=row />
        </Card>
    }
}

#[component]
fn Numbers(row: CodeDetails, revenue: Vec<Money>) -> impl IntoView {
    let texts = texts();
    let (conversions_note, revenue_note) = (texts.number_conversions_note(), texts.number_revenue_note());
    let people = texts.code_people(row.unique_clicks, texts.number(row.unique_clicks));
    let limit = row.max_uses.map_or_else(|| texts.code_no_limit(), |most| texts.code_limit(texts.number(most)));
    let rate_note = texts.code_rate_note();
    let (clicks, uses, conversions) = (texts.number(row.clicks), texts.number(row.uses), texts.number(row.conversions));
    let rate = texts.percent(row.uses, row.clicks);
    view! {
        <section class="numbers tiles" aria-label=texts.code_numbers() data-refresh-on=refresh_on(row.id)>
            <dl>
                <Stat label=texts.codes_clicks() note=move || people>
                    {clicks}
                </Stat>
                <Stat label=texts.codes_sign_ups() note=move || limit>
                    {uses}
                </Stat>
                <Stat label=texts.code_rate() note=move || rate_note>
                    {rate}
                </Stat>
                <Stat label=texts.number_conversions() note=move || conversions_note>
                    {conversions}
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
    let texts = texts();
    let id = row.id.to_string();
    let save = texts.code_save();
    view! {
        <Card id="edit" title=texts.code_edit() note=texts.code_edit_note()>
            <CodeForm name="update_code" values=row.into() categories=categories submit=save>
                <input type="hidden" name="id" value=id />
            </CodeForm>
        </Card>
    }
}

#[component]
fn Heading(row: CodeDetails) -> impl IntoView {
    let texts = texts();
    let refused = Submitted::by("set_code_active").errors.into_iter().next().map(|error| error.message);
    let here = expect_context::<PageContext>().here;
    let back = here.split('?').next().unwrap_or_default().to_owned();
    let category = row.category.map(|category| view! { <Badge text=category /> });
    let words = SwitchWords {
        switch_on: texts.code_switch_on(),
        switch_off: texts.code_switch_off(),
        unreachable: texts.error(&AppError::Unavailable),
    };
    let trail = vec![("/admin/codes", texts.admin_codes())];
    view! {
        <div class="heading">
            <div>
                <Breadcrumbs trail=trail />
                <h1>{row.code}</h1>
                <p class="note">{row.description}</p>
            </div>
            <div class="actions">
                <span class="actions" data-refresh-on=refresh_on(row.id)>
                    {category}
                    <StatusBadge status=row.status text=texts.code_status(row.status) />
                </span>
                <CodeSwitchButton
                    id=row.id
                    active=row.active
                    back=back
                    refused=refused.unwrap_or_default()
                    words=words
                />
            </div>
        </div>
    }
}

#[component]
fn Facts(row: CodeDetails) -> impl IntoView {
    let texts = texts();
    let expires = row.expires_at.map_or_else(|| texts.codes_never(), |at| texts.moment(at));
    let beneficiary = match (row.beneficiary_id, row.beneficiary_email) {
        (Some(id), Some(email)) => {
            let email = readable(&email).into_owned();
            Either::Left(view! { <a href=format!("/admin/users/{id}")>{email}</a> })
        }
        _ => Either::Right(texts.code_nobody()),
    };
    view! {
        <dl class="facts" data-refresh-on=refresh_on(row.id)>
            <dt>{texts.codes_beneficiary()}</dt>
            <dd>{beneficiary}</dd>
            <dt>{texts.codes_expires()}</dt>
            <dd>{expires}</dd>
            <dt>{texts.codes_created()}</dt>
            <dd>{texts.moment(row.created_at)}</dd>
        </dl>
    }
}

#[component]
fn Usages(row: CodeDetails, usages: Vec<Referral>) -> impl IntoView {
    let texts = texts();
    let (refresh_on, used) = (refresh_on(row.id), !usages.is_empty());
    let csv = used.then(|| format!("/admin/codes/{}/usages.csv", row.id));
    let content = if usages.is_empty() {
        let note = texts.code_usages_none_note();
        Either::Left(view! {
            <Empty symbol=Symbol::Person title=texts.code_usages_none()>
                {note}
            </Empty>
        })
    } else {
        let columns = vec![(texts.code_usages_person(), false), (texts.code_usages_at(), false)];
        let rows = usages.into_iter().map(|usage| view! { <Usage usage=usage /> }).collect_view();
        Either::Right(view! {
            <Table caption=texts.code_usages_caption() columns=columns>
                {rows}
            </Table>
        })
    };
    let all = used.then(|| {
        let all = address("/admin/referrals", &[("q", &row.code)]);
        view! { <p><a href=all>{texts.code_usages_all()}</a></p> }
    });
    view! {
        <Card id="usages" title=texts.code_usages() refresh_on=refresh_on>
            {content}
            {all}
            <Csv href=csv />
        </Card>
    }
}

#[component]
fn Usage(usage: Referral) -> impl IntoView {
    let name = match usage.referee_name.is_empty() {
        true => Either::Left(texts().code_account_deleted()),
        false => {
            let href = format!("/admin/users/{}", usage.referee_id);
            Either::Right(view! { <a href=href>{usage.referee_name}</a> })
        }
    };
    let email = usage.referee_email.as_deref().map(|email| readable(email).into_owned());
    view! {
        <tr>
            <th scope="row">{name} " " <span class="note">{email}</span></th>
            <td>
                <When at=usage.signed_up_at />
            </td>
        </tr>
    }
}

#[component]
fn Delete(row: CodeDetails) -> impl IntoView {
    let texts = texts();
    let refused = !Submitted::by("delete_code").errors.is_empty();
    let sentence = if row.uses > 0 { texts.code_delete_used() } else { texts.code_delete_unused() };
    let (open, pause) = (texts.code_delete_open(), texts.code_delete_pause());
    let submit = texts.code_delete_submit(row.code);
    view! {
        <Card id="delete" title=texts.code_delete() refresh_on=refresh_on(row.id)>
            <details open=refused>
                <summary>{open}</summary>
                <p>{sentence} " " {pause}</p>
                <PostForm name="delete_code">
                    <input type="hidden" name="id" value=row.id.to_string() />
                    <Submit weight=Weight::Danger>{submit}</Submit>
                </PostForm>
            </details>
        </Card>
    }
}
