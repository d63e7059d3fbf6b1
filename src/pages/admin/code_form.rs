//! The form of a campaign code.

use crate::{
    components::{
        button::Submit,
        field::{Checkbox, Field, Kind},
        form::{PostForm, Submitted},
        scripts::FormChecksScript,
    },
    domain::{
        codes::campaign::{DEFAULT_LIFETIME, DEFAULT_MAX_USES},
        time::{DAY, Time},
    },
    islands::user_field::UserField,
    text::texts,
    view_models::codes::{BeneficiaryWords, CodeDetails},
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
    /// Whether it is for codes that are not there yet.
    new: bool,
}

impl Values {
    /// Of a code that is not there yet.
    pub fn new(expires_at: Time) -> Self {
        Self {
            description: String::new(),
            category: String::new(),
            max_uses: Some(DEFAULT_MAX_USES),
            expires_at: Some(expires_at),
            beneficiary: String::new(),
            new: true,
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
            new: false,
        }
    }
}

/// A form that calls `name`. `children` are the fields that come first.
#[component]
pub fn CodeForm(
    name: &'static str,
    values: Values,
    categories: Vec<String>,
    submit: String,
    children: Children,
) -> impl IntoView {
    let texts = texts();
    let new = values.new;
    let sent = Submitted::by(name);
    let words = BeneficiaryWords {
        label: texts.codes_beneficiary(),
        optional: texts.field_optional(),
        hint: texts.code_beneficiary_hint(),
    };
    view! {
        <PostForm name=name once=new checks="/fn/validate_code">
            {children()}
            <Purpose description=values.description category=values.category categories=categories />
            <Limit max_uses=values.max_uses />
            <Expiry at=values.expires_at new=new />
            <UserField
                value=sent.value("beneficiary").unwrap_or(values.beneficiary)
                error=sent.error("beneficiary").unwrap_or_default()
                words=words
            />
            {new.then(|| view! { <Active /> })}
            <Submit>{submit}</Submit>
        </PostForm>
        <FormChecksScript />
    }
}

/// What the code is for.
#[component]
fn Purpose(description: String, category: String, categories: Vec<String>) -> impl IntoView {
    let texts = texts();
    view! {
        <Field
            name="description"
            label=texts.code_description()
            kind=Kind::Prose
            hint=texts.code_description_hint()
            value=description
        />
        <Field
            name="category"
            label=texts.codes_category()
            kind=Kind::Prose
            optional=true
            hint=texts.code_category_hint()
            value=category
            suggestions=categories
        />
    }
}

/// Whether it works from the beginning. One that is there has a button for it.
#[component]
fn Active() -> impl IntoView {
    let text = texts().code_active();
    view! {
        <Checkbox name="active" ticked=true>
            {text}
        </Checkbox>
    }
}

/// The most sign-ups, or none at one press.
#[component]
fn Limit(max_uses: Option<i64>) -> impl IntoView {
    let texts = texts();
    let no_limit = texts.code_no_limit();
    view! {
        <div class="either">
            <Field
                name="max_uses"
                label=texts.code_max_uses()
                kind=Kind::Number
                optional=true
                hint=texts.code_max_uses_hint()
                value=max_uses.map(|most| most.to_string()).unwrap_or_default()
            />
            <Checkbox name="no_limit" ticked=max_uses.is_none()>
                {no_limit}
            </Checkbox>
        </div>
    }
}

/// The end of the code, or none at one press. That of a new one was chosen by nobody, so it is said in words.
#[component]
pub fn Expiry(at: Option<Time>, new: bool) -> impl IntoView {
    let texts = texts();
    let days = DEFAULT_LIFETIME / DAY;
    let set = at.filter(|_| new).map(|at| format!(" {}", texts.code_expires_in(days, texts.date(at))));
    let never = texts.code_never_expires();
    view! {
        <div class="either">
            <Field
                name="expires_at"
                label=texts.codes_expires()
                kind=Kind::Moment
                optional=true
                hint=format!("{}{}", texts.code_expires_hint(texts.zone_name()), set.unwrap_or_default())
                value=at.map(|at| texts.moment_field(at)).unwrap_or_default()
            />
            <Checkbox name="never_expires" ticked=at.is_none()>
                {never}
            </Checkbox>
        </div>
    }
}
