//! One rule: its form, the sentence that follows it, and the way to delete it.

use crate::{
    components::{
        admin_layout::AdminLayout,
        breadcrumbs::Breadcrumbs,
        button::{Submit, Weight},
        card::Card,
        form::{PostForm, Submitted},
        scripts::Scripts,
    },
    domain::ids::RuleId,
    error::AppError,
    functions::rules::load_rule,
    islands::rule_sentence::RuleSentence,
    pages::{
        admin::{id, rule_form::RuleForm, rules::PATH},
        error::Problem,
        load,
    },
    text::texts,
    view_models::rewards::{RuleFormData, RuleView},
};
use leptos::{either::Either, prelude::*};

/// The rule whose id stands in its address.
#[component]
pub fn RulePage() -> impl IntoView {
    match id() {
        Some(id) => Either::Left(load(load_rule(RuleId(id)), |data| match data.rule.clone() {
            Some(rule) => Either::Left(view! { <RuleDetails data=data rule=rule /> }),
            None => Either::Right(view! { <Problem error=AppError::NotFound.into() /> }),
        })),
        None => Either::Right(view! { <Problem error=AppError::NotFound.into() /> }),
    }
}

#[component]
fn RuleDetails(data: RuleFormData, rule: RuleView) -> impl IntoView {
    let texts = texts();
    let title = texts.rule_title(&rule.terms);
    let made = match data.made {
        0 => texts.rule_made_none(),
        made => texts.rule_made(made, texts.number(made)),
    };
    let sentence = texts.rule_sentence(&rule.terms, data.holds);
    let id = rule.id;
    view! {
        <AdminLayout title=title.clone()>
            <div class="heading">
                <div>
                    <Crumbs />
                    <h1>{title}</h1>
                    <p class="note">{texts.rule_version(rule.version)}</p>
                </div>
            </div>
            <div class="pair">
                <Says sentence=sentence note=made />
                <div class="stack">
                    <RuleForm name="update_rule" terms=rule.terms data=data>
                        <input type="hidden" name="id" value=id.to_string() />
                    </RuleForm>
                    <Delete id=id />
                </div>
            </div>
            <Scripts />
        </AdminLayout>
    }
}

/// The way back to the list.
#[component]
pub fn Crumbs() -> impl IntoView {
    view! { <Breadcrumbs trail=vec![(PATH, texts().rules_title())] /> }
}

/// What the rule does, beside its form, and what a change does not touch.
#[component]
pub fn Says(sentence: String, #[prop(optional, into)] note: String) -> impl IntoView {
    let texts = texts();
    view! {
        <div class="beside follows">
            <Card id="says" title=texts.rule_says()>
                <RuleSentence sentence=sentence />
                <p class="note">{texts.rule_starts_now()} " " {note}</p>
            </Card>
        </div>
    }
}

#[component]
fn Delete(id: RuleId) -> impl IntoView {
    let texts = texts();
    let refused = !Submitted::by("delete_rule").errors.is_empty();
    view! {
        <Card id="delete" title=texts.rule_delete()>
            <details open=refused>
                <summary>{texts.rule_delete_open()}</summary>
                <p>{texts.rule_delete_note()}</p>
                <PostForm name="delete_rule">
                    <input type="hidden" name="id" value=id.to_string() />
                    <Submit weight=Weight::Danger>{texts.rule_delete_submit()}</Submit>
                </PostForm>
            </details>
        </Card>
    }
}
