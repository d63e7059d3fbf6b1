//! A new campaign code.

use crate::{
    components::{admin_layout::AdminLayout, field::Field, scripts::Scripts},
    domain::time::Time,
    functions::codes::load_new_code,
    pages::{
        admin::code_form::{CodeForm, Values},
        load,
    },
};
use leptos::prelude::*;

/// The page that makes a code.
#[component]
pub fn NewCodePage() -> impl IntoView {
    load(load_new_code(), |(categories, expires_at)| {
        view! { <NewCodeView categories=categories expires_at=expires_at /> }
    })
}

#[component]
fn NewCodeView(categories: Vec<String>, expires_at: Time) -> impl IntoView {
    view! {
        <AdminLayout title="New code">
            <div class="single card">
                <h1>"New code"</h1>
                <CodeForm
                    name="create_code"
                    once=true
                    values=Values::new(expires_at)
                    categories=categories
                    submit="Make the code"
                >
                    <Field
                        name="code"
                        label="Code"
                        optional=true
                        hint="Leave it empty for a random one. Else 3 to 50 letters, digits, “_” and “-”, as SPRING-26."
                    />
                </CodeForm>
            </div>
            <Scripts wake="#beneficiary" />
        </AdminLayout>
    }
}
