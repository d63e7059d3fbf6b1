//! Reward rules, for admins.

use crate::{
    domain::{ids::RuleId, path::LocalPath},
    error::Refusal,
    view_models::rewards::{RuleFormData, RulesPage},
};
use leptos::{prelude::*, server_fn::codec::Json};
use std::collections::BTreeMap;

/// Loads all rules, with what they have given this month in the program's time zone.
#[server(endpoint = "load_rules")]
pub async fn load_rules() -> Result<RulesPage, Refusal> {
    use crate::{
        domain::rewards::rule::Period,
        server::{actions::rewards::cap_period, context::request_context::RequestContext, queries::rewards::rules},
        text::texts,
    };
    let context = RequestContext::current();
    context.require_admin()?;
    let state = &context.state;
    let month = cap_period::start(Period::Month, state.clock.now(), &state.settings.get().time_zone);
    Ok(rules::page(state, month, &texts()).await?)
}

/// Loads one rule with what its form begins with.
#[server(endpoint = "load_rule")]
pub async fn load_rule(id: RuleId) -> Result<RuleFormData, Refusal> {
    use crate::server::{context::request_context::RequestContext, queries::rewards::rules};
    let context = RequestContext::current();
    context.require_admin()?;
    Ok(rules::form(&context.state, id).await?)
}

/// What the form for a new rule begins with.
#[server(endpoint = "load_new_rule")]
pub async fn load_new_rule() -> Result<RuleFormData, Refusal> {
    use crate::server::{context::request_context::RequestContext, queries::rewards::rules};
    let context = RequestContext::current();
    context.require_admin()?;
    Ok(rules::blank(&context.state))
}

/// Makes a rule of the fields of its form: amounts of money as `10.00` or `10,00`, percentages as `11.5` or `11,5`,
/// times as `2026-12-31T18:00` in the program's time zone; empty text means the default. Leads to the rule's page.
#[server(endpoint = "create_rule")]
pub async fn create_rule(#[server(flatten)] fields: BTreeMap<String, String>) -> Result<LocalPath, Refusal> {
    use crate::server::{actions::rewards::create_rule, context::request_context::RequestContext};
    let context = RequestContext::current();
    let (actor, sent) = (context.admin_actor()?, context.sent_form());
    let id = create_rule::run(&context.state, &actor, &with_points(fields), sent).await?;
    Ok(page_of(id, "rule-created"))
}

/// Changes a rule to the fields of its form, `id` among them. Leads to the rule's page.
#[server(endpoint = "update_rule")]
pub async fn update_rule(#[server(flatten)] fields: BTreeMap<String, String>) -> Result<LocalPath, Refusal> {
    use crate::{
        error::AppError,
        server::{actions::rewards::update_rule, context::request_context::RequestContext},
    };
    let context = RequestContext::current();
    let actor = context.admin_actor()?;
    // A number beside flattened fields would be looked for as a number, which a form does not send.
    let id = fields.get("id").and_then(|id| id.parse().ok()).map(RuleId).ok_or(AppError::NotFound)?;
    update_rule::run(&context.state, &actor, id, &with_points(fields)).await?;
    Ok(page_of(id, "rule-saved"))
}

/// Switches a rule on or off. Leads to the list.
#[server(endpoint = "set_rule_active")]
pub async fn set_rule_active(id: RuleId, #[server(default)] active: bool) -> Result<LocalPath, Refusal> {
    use crate::server::{actions::rewards::update_rule, context::request_context::RequestContext};
    let context = RequestContext::current();
    update_rule::set_active(&context.state, &context.admin_actor()?, id, active).await?;
    Ok(LocalPath::of("/admin/rules"))
}

/// Deletes a rule; what it has given stays. Leads to the list.
#[server(endpoint = "delete_rule")]
pub async fn delete_rule(id: RuleId) -> Result<LocalPath, Refusal> {
    use crate::server::{actions::rewards::delete_rule, context::request_context::RequestContext};
    let context = RequestContext::current();
    delete_rule::run(&context.state, &context.admin_actor()?, id).await?;
    Ok(LocalPath::of("/admin/rules?done=rule-deleted"))
}

/// What a rule with these fields of its form would do, in a sentence, as far as they can be read.
#[server(endpoint = "rule_sentence", input = Json)]
pub async fn rule_sentence(fields: BTreeMap<String, String>) -> Result<String, Refusal> {
    use crate::{
        domain::rewards::hold::Holds,
        server::{actions::rewards::rule_form, context::request_context::RequestContext},
        text::texts,
    };
    let context = RequestContext::current();
    context.require_admin()?;
    let settings = context.state.settings.get();
    let terms = rule_form::draft(&with_points(fields), &settings);
    Ok(texts().rule_sentence(&terms, Holds::of(&settings)))
}

/// The fields of a rule, with a point before all decimals.
#[cfg(feature = "ssr")]
fn with_points(mut fields: BTreeMap<String, String>) -> BTreeMap<String, String> {
    use crate::text::texts;
    let texts = texts();
    for name in ["amount", "percent", "conditions.min_amount", "conditions.min_total", "caps.budget"] {
        if let Some(typed) = fields.get_mut(name) {
            *typed = texts.typed_number(typed);
        }
    }
    fields
}

/// The page of a rule, which says what was done.
#[cfg(feature = "ssr")]
fn page_of(id: RuleId, done: &str) -> LocalPath {
    LocalPath::parse(&format!("/admin/rules/{id}?done={done}")).unwrap_or(LocalPath::of("/admin/rules"))
}
