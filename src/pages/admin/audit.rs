//! The audit log.

use crate::{
    components::{
        admin_layout::AdminLayout,
        button::{LinkButton, Submit, Weight},
        csv::Csv,
        empty::Empty,
        field::Labelled,
        icon::Symbol,
        pager::Pager,
        select::Options,
    },
    domain::query_string::address,
    functions::audit::load_audit,
    pages::{admin::query, load},
    text::texts,
    view_models::audit::{AuditChange, AuditPage as Data, AuditRow},
};
use leptos::{either::Either, prelude::*};

const PATH: &str = "/admin/audit";

/// The audit log. `action` in its address is the filter, `after` where it begins.
#[component]
pub fn AuditPage() -> impl IntoView {
    let after = query("after");
    let inside = !after.is_empty();
    load(load_audit(query("action"), after), move |page| view! { <AuditView page=page inside=inside /> })
}

#[component]
fn AuditView(page: Data, inside: bool) -> impl IntoView {
    let title = texts().audit_title();
    let at = |after: &str| address(PATH, &[("action", &page.action), ("after", after)]);
    let first = inside.then(|| at(""));
    let next = page.next.as_ref().map(|next| at(next));
    let csv = (!page.rows.is_empty()).then(|| address("/admin/audit.csv", &[("action", &page.action)]));
    let filter = (!page.actions.is_empty())
        .then(|| view! { <Filter actions=page.actions.clone() chosen=page.action.clone() /> });
    let content = if page.rows.is_empty() {
        Either::Left(view! { <Nothing filtered=!page.action.is_empty() /> })
    } else {
        Either::Right(view! { <Days rows=page.rows /> })
    };
    view! {
        <AdminLayout title=title.clone()>
            <h1>{title}</h1>
            {filter}
            {content}
            <Pager first=first next=next />
            <Csv href=csv />
        </AdminLayout>
    }
}

#[component]
fn Nothing(filtered: bool) -> impl IntoView {
    let texts = texts();
    let (title, note) = match filtered {
        true => (texts.audit_no_match(), texts.audit_no_match_note()),
        false => (texts.audit_none(), texts.audit_none_note()),
    };
    let all = texts.audit_show_all();
    view! {
        <Empty symbol=Symbol::Info title=title>
            {note}
        </Empty>
        {filtered
            .then(|| {
                view! {
                    <p class="actions">
                        <LinkButton weight=Weight::Plain href=PATH>
                            {all}
                        </LinkButton>
                    </p>
                }
            })}
    }
}

#[component]
fn Filter(actions: Vec<String>, chosen: String) -> impl IntoView {
    let texts = texts();
    let mut choices: Vec<_> = actions.into_iter().map(|action| (action.clone(), texts.audit_deed(&action))).collect();
    choices.sort_by(|one, other| one.1.cmp(&other.1));
    choices.insert(0, (String::new(), texts.audit_all()));
    let show = texts.audit_show();
    view! {
        <form class="filters" method="get" action=PATH>
            <Labelled id="action" label=texts.audit_action()>
                <select id="action" name="action">
                    <Options choices=choices chosen=chosen />
                </select>
            </Labelled>
            <Submit weight=Weight::Plain>{show}</Submit>
        </form>
    }
}

/// The entries under the days of the program's time zone.
#[component]
fn Days(rows: Vec<AuditRow>) -> impl IntoView {
    let texts = texts();
    let mut days: Vec<(String, Vec<AuditRow>)> = vec![];
    for row in rows {
        let date = texts.date(row.at);
        match days.last_mut() {
            Some((day, entries)) if *day == date => entries.push(row),
            _ => days.push((date, vec![row])),
        }
    }
    let days = days.into_iter().map(|(day, rows)| {
        view! {
            <section class="stack">
                <h2>{day}</h2>
                <ol class="card entries">{rows.into_iter().map(|row| view! { <Entry row=row /> }).collect_view()}</ol>
            </section>
        }
    });
    days.collect_view()
}

/// What something was done to, as a link where it has a page.
#[component]
fn Target(row: AuditRow) -> impl IntoView {
    let name = match row.target_kind.as_str() {
        // The action says it.
        "settings" => return Either::Left(()),
        "job" if row.action == "job.retry" => texts().job_kind(&row.target),
        "reward" => format!("#{}", row.target),
        _ => row.target,
    };
    Either::Right(match row.target_page {
        Some(page) => Either::Left(view! { <a href=page>{name}</a> }),
        None => Either::Right(name),
    })
}

#[component]
fn Entry(row: AuditRow) -> impl IntoView {
    let texts = texts();
    let deed = texts.audit_deed(&row.action);
    let deed = match (&row.target_page, row.target_kind.as_str()) {
        (Some(page), "settings") => Either::Left(view! { <a href=page.clone()>{deed}</a> }),
        _ => Either::Right(deed),
    };
    let (at, actor) = (row.at, texts.audit_by(&row.actor));
    let actor = match row.actor_user {
        Some(user) => Either::Left(view! { <a href=format!("/admin/users/{user}")>{actor}</a> }),
        None => Either::Right(actor),
    };
    let changes = row.changes.iter().filter(|change| change.before != change.after).cloned();
    let changes: Vec<_> = changes.map(|change| view! { <Change change=change /> }).collect();
    view! {
        <li>
            <p>
                <strong>{deed}</strong>
                " "
                <Target row=row />
            </p>
            <p class="note">
                <time datetime=at.rfc_3339() title=texts.moment(at)>
                    {texts.clock(at)}
                </time>
                " · "
                {actor}
            </p>
            {(!changes.is_empty()).then(|| view! { <dl class="changes">{changes}</dl> })}
        </li>
    }
}

#[component]
fn Change(change: AuditChange) -> impl IntoView {
    let texts = texts();
    let AuditChange { field, before, after } = change;
    let before = (!before.is_empty()).then(|| {
        view! {
            <del>{texts.audit_value(&field, &before)}</del>
            <span aria-hidden="true">" → "</span>
            <span class="unseen">" " {texts.audit_became()} " "</span>
        }
    });
    view! {
        <div>
            <dt>{texts.audit_field(&field)}</dt>
            <dd>{before} <ins>{texts.audit_value(&field, &after)}</ins></dd>
        </div>
    }
}
