//! The form of a rule. It asks in the order of the sentence that the rule says.

use crate::{
    components::{
        button::Submit,
        field::{Checkbox, Field, Kind},
        fieldset::Fieldset,
        form::PostForm,
        select::Select,
    },
    domain::{
        money::Currency,
        rewards::{kind, percent::percent, rule::RuleTerms},
        time::Time,
    },
    text::texts,
    view_models::rewards::RuleFormData,
};
use leptos::prelude::*;
use serde::Serialize;

/// A form that calls `name`. `children` are the fields that come first.
#[component]
pub fn RuleForm(
    name: &'static str,
    terms: RuleTerms,
    data: RuleFormData,
    /// Whether it makes a rule, rather than changing one.
    #[prop(optional)]
    once: bool,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let currency = terms.money_currency().or_else(|| Currency::parse(&data.currency));
    view! {
        <PostForm name=name once=once>
            {children.map(|children| children())}
            <Occasion terms=terms.clone() />
            <Gift terms=terms.clone() currency=currency program_currency=data.currency.clone() />
            <Hold terms=terms.clone() data=data />
            <Choice terms=terms.clone() />
            <ConditionFields terms=terms.clone() currency=currency />
            <CapFields terms=terms.clone() currency=currency />
            <Runs terms=terms />
            <div class="actions">
                <Submit>{if once { texts().rules_create() } else { texts().rule_save() }}</Submit>
            </div>
        </PostForm>
    }
}

/// A choice by its name in JSON, which is that of the form.
fn named(choice: impl Serialize) -> String {
    serde_json::to_value(choice).ok().and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default()
}

/// A number as it is typed; empty for none.
fn number(number: Option<i64>) -> String {
    number.map(|number| number.to_string()).unwrap_or_default()
}

/// An amount of money as it is typed; empty for none.
fn money(amount: Option<i64>, currency: Option<Currency>) -> String {
    amount.zip(currency).map(|(amount, currency)| texts().money_field(amount, currency)).unwrap_or_default()
}

/// An amount of what the rule gives, as it is typed; empty for none.
fn units(terms: &RuleTerms, amount: Option<i64>, currency: Option<Currency>) -> String {
    if kind::is_money(&terms.kind) { money(amount, currency) } else { number(amount) }
}

/// A time as it is typed; empty for none.
fn minute(at: Option<Time>) -> String {
    at.map(|at| texts().moment_field(at)).unwrap_or_default()
}

#[component]
fn Occasion(terms: RuleTerms) -> impl IntoView {
    let texts = texts();
    let triggers = vec![
        ("signup", texts.rule_trigger_signup()),
        ("first_conversion", texts.rule_trigger_first()),
        ("every_conversion", texts.rule_trigger_every()),
        ("milestone", texts.rule_trigger_milestone()),
    ];
    let counted =
        vec![("converted", texts.rule_milestone_converted()), ("signed_up", texts.rule_milestone_signed_up())];
    let milestone = terms.conditions.milestone;
    let recipients = vec![("referrer", texts.rule_recipient_referrer()), ("referee", texts.rule_recipient_referee())];
    view! {
        <Fieldset title=texts.rule_part_occasion() note=texts.rule_part_occasion_note()>
            <Select name="trigger" label=texts.rule_trigger() choices=triggers value=named(terms.trigger) />
            <Field
                name="conditions.milestone.count"
                id="milestone-count"
                label=texts.rule_milestone_count()
                kind=Kind::Number
                hint=texts.rule_milestone_count_hint()
                optional=true
                value=number(milestone.and_then(|milestone| milestone.count))
            />
            <Select
                name="conditions.milestone.of"
                label=texts.rule_milestone_of()
                choices=counted
                value=named(milestone.map(|milestone| milestone.of).unwrap_or_default())
            />
            <Select
                name="recipient"
                label=texts.rule_recipient()
                choices=recipients
                value=named(terms.recipient)
            />
        </Fieldset>
    }
}

#[component]
fn Gift(terms: RuleTerms, currency: Option<Currency>, program_currency: String) -> impl IntoView {
    let texts = texts();
    let kinds = [kind::ACCOUNT_CREDIT, kind::EXTRA_MESSAGES, kind::EXTRA_REQUESTS, kind::FEATURE_UNLOCK];
    let own = !kind::STANDARD.contains(&terms.kind.as_str());
    let mut choices: Vec<_> = kinds.map(|kind| (kind, texts.rule_kind_name(kind))).into();
    choices.push(("own", texts.rule_kind_own()));
    let (chosen, own_kind) = if own { ("own".into(), terms.kind.clone()) } else { (terms.kind.clone(), String::new()) };
    // That of the kind goes without saying.
    let unit = terms.unit.clone().filter(|unit| kind::standard_unit(&terms.kind) != Some(unit)).unwrap_or_default();
    let amount = units(&terms, terms.amount, currency);
    view! {
        <Fieldset title=texts.rule_part_reward() note=texts.rule_part_reward_note()>
            <Select name="kind" label=texts.rule_kind() choices=choices value=chosen />
            <Field
                name="own_kind"
                label=texts.rule_own_kind()
                hint=texts.rule_own_kind_hint()
                optional=true
                value=own_kind
            />
            <Field name="unit" label=texts.rule_unit() hint=texts.rule_unit_hint() optional=true value=unit />
            <Field
                name="amount"
                label=texts.rule_amount()
                kind=Kind::Decimal
                hint=texts.rule_amount_hint()
                optional=true
                value=amount
            />
            <Field
                name="percent"
                label=texts.rule_percent_label()
                kind=Kind::Decimal
                hint=texts.rule_percent_hint()
                optional=true
                value=terms.basis_points.map(|points| texts.decimal_field(&percent(points))).unwrap_or_default()
            />
            <Field
                name="currency"
                label=texts.rule_currency()
                hint=texts.rule_currency_hint(program_currency)
                optional=true
                value=terms.currency.unwrap_or_default()
            />
            <Field
                name="description"
                label=texts.rule_description()
                kind=Kind::Prose
                hint=texts.rule_description_hint()
                optional=true
                value=terms.description
            />
            <Field
                name="valid_days"
                label=texts.rule_valid_days()
                kind=Kind::Number
                hint=texts.rule_valid_days_hint()
                optional=true
                value=number(terms.valid_days)
            />
        </Fieldset>
    }
}

#[component]
fn Hold(terms: RuleTerms, data: RuleFormData) -> impl IntoView {
    let texts = texts();
    let approvals = vec![("automatic", texts.rule_approval_automatic()), ("manual", texts.rule_approval_manual())];
    view! {
        <Fieldset title=texts.rule_part_hold() note=texts.rule_part_hold_note()>
            <Field
                name="hold_days"
                label=texts.rule_hold()
                kind=Kind::Number
                hint=texts.rule_hold_hint(data.holds.signup, data.holds.conversion)
                optional=true
                value=number(terms.hold_days)
            />
            <Select
                name="approval"
                label=texts.rule_approval()
                choices=approvals
                value=named(terms.approval)
            />
        </Fieldset>
    }
}

#[component]
fn Choice(terms: RuleTerms) -> impl IntoView {
    let texts = texts();
    view! {
        <Fieldset title=texts.rule_part_choice() note=texts.rule_part_choice_note()>
            <Field
                name="group"
                label=texts.rule_group()
                hint=texts.rule_group_hint()
                optional=true
                value=terms.group.unwrap_or_default()
            />
            <Field
                name="option"
                label=texts.rule_option()
                hint=texts.rule_option_hint()
                optional=true
                value=terms.option.unwrap_or_default()
            />
        </Fieldset>
    }
}

#[component]
fn ConditionFields(terms: RuleTerms, currency: Option<Currency>) -> impl IntoView {
    let texts = texts();
    let conditions = terms.conditions;
    view! {
        <Fieldset title=texts.rule_part_conditions() note=texts.rule_part_conditions_note()>
            <Field
                name="conditions.min_amount"
                id="min-amount"
                label=texts.rule_min_amount()
                kind=Kind::Decimal
                optional=true
                value=money(conditions.min_amount, currency)
            />
            <Field
                name="conditions.min_total"
                id="min-total"
                label=texts.rule_min_total()
                kind=Kind::Decimal
                optional=true
                value=money(conditions.min_total, currency)
            />
            <Field
                name="conditions.months"
                id="months"
                label=texts.rule_months()
                kind=Kind::Number
                hint=texts.rule_months_hint()
                optional=true
                value=number(conditions.months)
            />
            <Field
                name="conditions.product"
                id="product"
                label=texts.rule_product()
                hint=texts.rule_product_hint()
                optional=true
                value=conditions.product.unwrap_or_default()
            />
            <Checkbox name="conditions.verified_email" ticked=conditions.verified_email>
                {texts.rule_verified()}
            </Checkbox>
        </Fieldset>
    }
}

#[component]
fn CapFields(terms: RuleTerms, currency: Option<Currency>) -> impl IntoView {
    let texts = texts();
    let per_referrer = terms.caps.per_referrer;
    let periods = vec![
        ("day", texts.rule_period_day()),
        ("week", texts.rule_period_week()),
        ("month", texts.rule_period_month()),
        ("year", texts.rule_period_year()),
        ("ever", texts.rule_period_ever()),
    ];
    let budget = units(&terms, terms.caps.budget, currency);
    view! {
        <Fieldset title=texts.rule_part_caps() note=texts.rule_part_caps_note()>
            <Field
                name="caps.per_referrer"
                id="per-referrer"
                label=texts.rule_cap_referrer_label()
                kind=Kind::Number
                optional=true
                value=number(per_referrer.map(|cap| cap.count))
            />
            <Select
                name="caps.period"
                label=texts.rule_period()
                choices=periods
                value=named(per_referrer.map(|cap| cap.period).unwrap_or_default())
            />
            <Field
                name="caps.per_referral"
                id="per-referral"
                label=texts.rule_cap_friend_label()
                kind=Kind::Number
                optional=true
                value=number(terms.caps.per_referral)
            />
            <Field
                name="caps.budget"
                id="budget"
                label=texts.rule_budget()
                kind=Kind::Decimal
                hint=texts.rule_budget_hint()
                optional=true
                value=budget
            />
        </Fieldset>
    }
}

#[component]
fn Runs(terms: RuleTerms) -> impl IntoView {
    let texts = texts();
    let active = texts.rule_active();
    view! {
        <Fieldset title=texts.rule_part_runs() note=texts.rule_part_runs_note()>
            <Checkbox name="active" ticked=terms.active>
                {active}
            </Checkbox>
            <Field
                name="starts_at"
                label=texts.rule_starts_at(texts.zone_name())
                kind=Kind::Moment
                hint=texts.rule_starts_at_hint()
                optional=true
                value=minute(terms.starts_at)
            />
            <Field
                name="ends_at"
                label=texts.rule_ends_at(texts.zone_name())
                kind=Kind::Moment
                hint=texts.rule_ends_at_hint()
                optional=true
                value=minute(terms.ends_at)
            />
            <Field
                name="name"
                label=texts.rule_name()
                kind=Kind::Prose
                hint=texts.rule_name_hint()
                optional=true
                value=terms.name
            />
        </Fieldset>
    }
}
