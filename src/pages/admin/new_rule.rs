//! A new rule.

use crate::{
    components::{admin_layout::AdminLayout, scripts::Scripts},
    domain::rewards::{kind, rule::RuleTerms},
    functions::rules::load_new_rule,
    pages::{
        admin::{
            rule::{Crumbs, Says},
            rule_form::RuleForm,
        },
        load,
    },
    text::texts,
    view_models::rewards::RuleFormData,
};
use leptos::prelude::*;

/// The page that makes a rule.
#[component]
pub fn NewRulePage() -> impl IntoView {
    load(load_new_rule(), |data| view! { <NewRuleView data=data /> })
}

#[component]
fn NewRuleView(data: RuleFormData) -> impl IntoView {
    let texts = texts();
    let terms = RuleTerms { kind: kind::ACCOUNT_CREDIT.into(), ..RuleTerms::default() };
    let sentence = texts.rule_sentence(&terms, data.holds);
    view! {
        <AdminLayout title=texts.rule_new()>
            <div class="heading">
                <div>
                    <Crumbs />
                    <h1>{texts.rule_new()}</h1>
                </div>
            </div>
            <div class="pair">
                <Says sentence=sentence />
                <RuleForm name="create_rule" once=true terms=terms data=data />
            </div>
            <Scripts />
        </AdminLayout>
    }
}
