//! The audit log.

use crate::{
    components::{
        admin_layout::AdminLayout,
        button::{Submit, Weight},
        csv::Csv,
        empty::Empty,
        field::Labelled,
        format::moment,
        icon::Symbol,
        pager::Pager,
        select::Options,
    },
    domain::query_string::address,
    functions::audit::load_audit,
    pages::{admin::query, load},
    text::texts,
    view_models::audit::{AuditChange, AuditRow},
};
use leptos::{either::Either, prelude::*};

/// The audit log. `action` in its address is the filter, `after` where it begins.
#[component]
pub fn AuditPage() -> impl IntoView {
    let after = query("after");
    let inside = !after.is_empty();
    load(load_audit(query("action"), after), move |page| view! { <AuditView page=page inside=inside /> })
}

#[component]
fn AuditView(page: crate::view_models::audit::AuditPage, inside: bool) -> impl IntoView {
    let at = |after: &str| address("/admin/audit", &[("action", &page.action), ("after", after)]);
    let first = inside.then(|| at(""));
    let next = page.next.as_ref().map(|next| at(next));
    let csv = (!page.rows.is_empty()).then(|| address("/admin/audit.csv", &[("action", &page.action)]));
    let content = if page.rows.is_empty() {
        Either::Left(view! {
            <Empty symbol=Symbol::Info title="Nothing here">
                "Every change to codes, users and settings is written down here."
            </Empty>
        })
    } else {
        let rows = page.rows.into_iter().map(|row| view! { <Entry row=row /> }).collect_view();
        Either::Right(view! { <ol class="card entries">{rows}</ol> })
    };
    view! {
        <AdminLayout title="Audit">
            <h1>"Audit"</h1>
            <Filter actions=page.actions chosen=page.action.clone() />
            {content}
            <Pager first=first next=next />
            <Csv href=csv />
        </AdminLayout>
    }
}

#[component]
fn Filter(actions: Vec<String>, chosen: String) -> impl IntoView {
    let mut choices = vec![(String::new(), "All".to_owned())];
    choices.extend(actions.into_iter().map(|action| (action.clone(), deed(&action))));
    view! {
        <form method="get" class="filters">
            <Labelled id="action" label="Kind of change">
                <select id="action" name="action" autocomplete="off">
                    <Options choices=choices chosen=chosen />
                </select>
            </Labelled>
            <Submit weight=Weight::Plain>"Show"</Submit>
        </form>
    }
}

/// What was done, for people.
fn deed(action: &str) -> String {
    match action {
        "api_key.create" => "API key made".into(),
        "api_key.revoke" => "API key revoked".into(),
        "api_key.take_over" => "API key taken over".into(),
        "code.create" => "Code made".into(),
        "codes.create" => "Many codes made".into(),
        "codes.import" => "Codes imported".into(),
        "users.import" => "Users imported".into(),
        "code.edit" => "Code changed".into(),
        "code.switch" => "Code switched".into(),
        "code.delete" => "Code deleted".into(),
        "conversions.import" => texts().conversion_audit_imported(),
        "job.retry" => texts().system_audit_retry(),
        "payment.add" => texts().conversion_audit_added(),
        "payment.correct" => texts().conversion_audit_corrected(),
        "payment.link" => texts().conversion_audit_linked(),
        "payment.refund" => texts().conversion_audit_refunded(),
        "review.approve" | "review.approve_all" => texts().reviews_audit_approved(),
        "review.reject" => texts().reviews_audit_rejected(),
        "review.take_back" => texts().reviews_audit_undone(),
        "reward.approve" => texts().admin_reward_audit_approved(),
        "reward.settle" => texts().admin_reward_audit_settled(),
        "reward.void" => texts().admin_reward_audit_voided(),
        "reward.write_off" => texts().admin_reward_audit_written_off(),
        "rule.change" => texts().rule_audit_changed(),
        "rule.create" => texts().rule_audit_created(),
        "rule.delete" => texts().rule_audit_deleted(),
        "settings.change" => "Settings changed".into(),
        "user.change" => "User changed".into(),
        "user.create" => "User added".into(),
        "user.erase" => "User erased".into(),
        other => words(other),
    }
}

/// A name from inside for people: `expires_at` as `Expires at`.
fn words(name: &str) -> String {
    let spaced = name.replace(['_', '.'], " ");
    let mut letters = spaced.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// A value for people.
fn plain(value: String) -> String {
    match value.as_str() {
        "" => "none".into(),
        "true" => "yes".into(),
        "false" => "no".into(),
        _ => value,
    }
}

#[component]
fn Entry(row: AuditRow) -> impl IntoView {
    let itself = row.action.split('.').next() == Some(row.target.as_str());
    let target = (!itself).then_some(row.target);
    let mut changes = row.changes;
    changes.retain(|change| change.before != change.after);
    let changes = (!changes.is_empty()).then(|| {
        let changes = changes.into_iter().map(|change| view! { <Change change=change /> }).collect_view();
        view! { <dl class="changes">{changes}</dl> }
    });
    view! {
        <li>
            <p>
                <strong>{deed(&row.action)}</strong>
                " "
                {target}
            </p>
            <p class="note">"by " {row.actor} " · " {moment(row.at)}</p>
            {changes}
        </li>
    }
}

#[component]
fn Change(change: AuditChange) -> impl IntoView {
    let AuditChange { field, before, after } = change;
    let before = (!before.is_empty()).then(|| {
        view! {
            <del>{plain(before)}</del>
            <span aria-hidden="true">" → "</span>
            <span class="unseen">" became "</span>
        }
    });
    view! {
        <div>
            <dt>{words(&field)}</dt>
            <dd>{before} <ins>{plain(after)}</ins></dd>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_has_words() {
        assert_eq!(deed("code.create"), "Code made");
        assert_eq!(deed("reward_rule.pause"), "Reward rule pause");
        assert_eq!(words("referral_codes_enabled"), "Referral codes enabled");
        assert_eq!(words(""), "");
    }
}
