//! The form of a campaign code.

use crate::{
    components::{
        button::Submit,
        field::{Checkbox, Field, Kind},
        form::{PostForm, Submitted},
        scripts::FormChecksScript,
    },
    domain::{codes::campaign::DEFAULT_MAX_USES, time::Time},
    islands::user_field::UserField,
    view_models::codes::CodeDetails,
};
use leptos::prelude::*;

/// What the fields begin with.
#[derive(Clone, Debug)]
pub struct Values {
    description: String,
    category: String,
    max_uses: Option<i64>,
    expires_at: Option<Time>,
    beneficiary: String,
    active: bool,
}

impl Values {
    /// Of a code that is not made yet.
    pub fn new(expires_at: Time) -> Self {
        Self {
            description: String::new(),
            category: String::new(),
            max_uses: Some(DEFAULT_MAX_USES),
            expires_at: Some(expires_at),
            beneficiary: String::new(),
            active: true,
        }
    }
}

impl From<CodeDetails> for Values {
    fn from(row: CodeDetails) -> Self {
        Self {
            description: row.description,
            category: row.category.unwrap_or_default(),
            max_uses: row.max_uses,
            expires_at: row.expires_at,
            beneficiary: row.beneficiary_email.unwrap_or_default(),
            active: row.active,
        }
    }
}

/// A form that calls `name`. `children` are the fields that come first.
#[component]
pub fn CodeForm(
    name: &'static str,
    values: Values,
    categories: Vec<String>,
    submit: &'static str,
    /// Whether it makes codes, rather than changing one.
    #[prop(optional)]
    once: bool,
    children: Children,
) -> impl IntoView {
    let sent = Submitted::by(name);
    view! {
        <PostForm name=name once=once checks="/fn/validate_code">
            {children()}
            <Field
                name="description"
                label="Description"
                kind=Kind::Prose
                hint="What it is for, as “Spring fair, stand 12”. Only admins see it."
                value=values.description
            />
            <Field
                name="category"
                label="Category"
                kind=Kind::Prose
                optional=true
                hint="Groups codes, as “Events” or “Partners”."
                value=values.category
                suggestions=categories
            />
            <Field
                name="max_uses"
                label="Most uses"
                kind=Kind::Number
                optional=true
                hint="After so many sign-ups it stops working. Empty: no limit."
                value=values.max_uses.map(|most| most.to_string()).unwrap_or_default()
            />
            <Field
                name="expires_at"
                label="Expires"
                kind=Kind::Moment
                optional=true
                hint="Date and time in UTC. Empty: it never expires."
                value=values.expires_at.map(Time::minute).unwrap_or_default()
            />
            <UserField
                value=sent.value("beneficiary").unwrap_or(values.beneficiary)
                error=sent.error("beneficiary").unwrap_or_default()
            />
            <Checkbox name="active" ticked=values.active>
                "Active: people can sign up with it"
            </Checkbox>
            <Submit>{submit}</Submit>
        </PostForm>
        <FormChecksScript />
    }
}
