//! The list of rules: what people get, a sentence each.

use crate::{
    components::{
        admin_layout::AdminLayout, alert::Alert, button::LinkButton, empty::Empty, form::Submitted, format::or_dash,
        icon::Symbol, switch::Switch,
    },
    domain::rewards::{hold::Holds, rule::RuleTerms},
    functions::rules::load_rules,
    pages::load,
    text::texts,
    view_models::rewards::{RuleRow, RulesPage as Data},
};
use leptos::{either::Either, prelude::*};

/// The address of the list.
pub const PATH: &str = "/admin/rules";

/// The list of rules.
#[component]
pub fn RulesPage() -> impl IntoView {
    load(load_rules(), |page| view! { <RulesView page=page /> })
}

#[component]
fn RulesView(page: Data) -> impl IntoView {
    let texts = texts();
    let refused = Submitted::by("set_rule_active").errors.into_iter().next();
    let holds = page.holds;
    let content = if page.rows.is_empty() {
        Either::Left(view! { <NoRules /> })
    } else {
        let part = move |rows: Vec<RuleRow>| match rows[0].rule.terms.group {
            Some(_) => Either::Left(view! { <Alternatives rows=rows holds=holds /> }),
            None => Either::Right(rows.into_iter().map(|row| view! { <Row row=row holds=holds /> }).collect_view()),
        };
        Either::Right(view! {
            <div class="card">
                <ul class="rows">{parts(page.rows).into_iter().map(part).collect_view()}</ul>
            </div>
        })
    };
    view! {
        <AdminLayout title=texts.rules_title()>
            {refused.map(|error| view! { <Alert>{error.message}</Alert> })}
            <div class="heading">
                <div>
                    <h1>{texts.rules_title()}</h1>
                    <p class="note">{texts.rules_note()}</p>
                </div>
                <LinkButton href="/admin/rules/new">{texts.rules_create()}</LinkButton>
            </div>
            {content}
        </AdminLayout>
    }
}

#[component]
fn NoRules() -> impl IntoView {
    let texts = texts();
    let title = texts.rules_none();
    view! {
        <Empty symbol=Symbol::Gift title=title>
            {texts.rules_none_note()}
            " "
            <a href="/admin/rules/new">{texts.rules_create_first()}</a>
        </Empty>
    }
}

/// The rules in their order, those of a group together where its first one stands.
fn parts(rows: Vec<RuleRow>) -> Vec<Vec<RuleRow>> {
    let mut parts: Vec<Vec<RuleRow>> = vec![];
    for row in rows {
        let group = &row.rule.terms.group;
        let known = parts.iter_mut().find(|part| group.is_some() && part[0].rule.terms.group == *group);
        match known {
            Some(part) => part.push(row),
            None => parts.push(vec![row]),
        }
    }
    parts
}

/// The rules of a group, below what they do together.
#[component]
fn Alternatives(rows: Vec<RuleRow>, holds: Holds) -> impl IntoView {
    let texts = texts();
    let first = &rows[0].rule.terms;
    let sentence = texts.rule_group_sentence(first);
    // What is off cannot be chosen.
    let on: Vec<&RuleTerms> = rows.iter().map(|row| &row.rule.terms).filter(|terms| terms.active).collect();
    let options = or_dash(texts.rule_options(&on).join(" · "));
    view! {
        <li class="alternatives" data-testid="rule-group">
            <p>
                <span>{sentence}</span>
                " "
                <strong>{options}</strong>
            </p>
            <ul>{rows.into_iter().map(|row| view! { <Row row=row holds=holds /> }).collect_view()}</ul>
        </li>
    }
}

#[component]
fn Row(row: RuleRow, holds: Holds) -> impl IntoView {
    let RuleRow { rule, given, cost } = row;
    let texts = texts();
    let sentence = texts.rule_sentence(&rule.terms, holds);
    let name = Some(texts.rule_title(&rule.terms)).filter(|_| !rule.terms.name.is_empty());
    let off = (!rule.terms.active).then(|| texts.rule_off());
    let given = if given == 0 { texts.rule_given_none() } else { texts.rule_given(given, texts.number(given)) };
    let notes: Vec<String> = off.into_iter().chain(name).chain([given]).chain(cost).collect();
    view! {
        <li data-testid="rule-row" data-rule=rule.id.to_string()>
            <p>
                <a href=format!("{PATH}/{}", rule.id)>{sentence.clone()}</a>
                <span class="note">{notes.join(" · ")}</span>
            </p>
            <form method="post">
                <Switch
                    form="set_rule_active"
                    id=rule.id.to_string()
                    label=texts.rule_switch(sentence)
                    on=rule.terms.active
                />
            </form>
        </li>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{domain::ids::RuleId, view_models::rewards::RuleView};

    #[test]
    fn rules_of_a_group_stand_together() {
        let row = |id: i64, group: Option<&str>| RuleRow {
            rule: RuleView {
                id: RuleId(id),
                version: 1,
                terms: RuleTerms { group: group.map(str::to_owned), ..RuleTerms::default() },
            },
            given: 0,
            cost: vec![],
        };
        let rows = vec![row(1, None), row(2, Some("a")), row(3, None), row(4, Some("b")), row(5, Some("a"))];
        let ids: Vec<Vec<i64>> =
            parts(rows).into_iter().map(|part| part.into_iter().map(|row| row.rule.id.0).collect()).collect();
        assert_eq!(ids, [vec![1], vec![2, 5], vec![3], vec![4]]);
    }
}
