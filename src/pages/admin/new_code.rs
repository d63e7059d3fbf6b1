//! A new campaign code.

use crate::{
    components::{admin_layout::AdminLayout, field::Field, scripts::Scripts},
    functions::codes::load_new_code,
    pages::{
        admin::code_form::{CodeForm, Values},
        load,
    },
    view_models::codes::NewCodesPageData,
};
use leptos::prelude::*;

/// The page that makes a code.
#[component]
pub fn NewCodePage() -> impl IntoView {
    load(load_new_code(), |new| view! { <NewCodeView new=new /> })
}

#[component]
fn NewCodeView(new: NewCodesPageData) -> impl IntoView {
    view! {
        <AdminLayout title="New code">
            <div class="single card">
                <h1>"New code"</h1>
                <CodeForm
                    name="create_code"
                    once=true
                    values=Values::new(new.expires_at)
                    categories=new.categories
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
