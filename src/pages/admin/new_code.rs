//! A new campaign code.

use crate::{
    components::{admin_layout::AdminLayout, breadcrumbs::Breadcrumbs, field::Field, scripts::Scripts},
    functions::codes::load_new_code,
    pages::{
        admin::code_form::{CodeForm, Values},
        load,
    },
    text::texts,
    view_models::codes::NewCodesPageData,
};
use leptos::prelude::*;

/// The page that creates a code.
#[component]
pub fn NewCodePage() -> impl IntoView {
    load(load_new_code(), |new| view! { <NewCodeView new=new /> })
}

#[component]
fn NewCodeView(new: NewCodesPageData) -> impl IntoView {
    let texts = texts();
    let (title, submit) = (texts.code_new_title(), texts.codes_new());
    let (label, hint) = (texts.code_new_code(), texts.code_new_code_hint());
    let trail = vec![("/admin/codes", texts.admin_codes())];
    view! {
        <AdminLayout title=title.clone()>
            <Breadcrumbs trail=trail />
            <div class="single card">
                <h1>{title}</h1>
                <CodeForm
                    name="create_code"
                    values=Values::new(new.expires_at)
                    categories=new.categories
                    submit=submit
                >
                    <Field name="code" label=label optional=true hint=hint />
                </CodeForm>
            </div>
            <Scripts wake="#beneficiary" />
        </AdminLayout>
    }
}
