//! The set-up page: the first admin of an installation.

use crate::{
    components::{
        button::Submit,
        field::{Checkbox, Field, Kind},
        form::PostForm,
        layout::{Layout, Width},
    },
    functions::auth::load_set_up,
    pages::{load, query},
};
use leptos::prelude::*;

/// The set-up page; there is none once there is an admin. `token` in its address fills the field.
#[component]
pub fn SetUpPage() -> impl IntoView {
    let token = query("token");
    load(load_set_up(), move |()| view! { <SetUpForm token=token /> })
}

#[component]
fn SetUpForm(token: String) -> impl IntoView {
    view! {
        <Layout title="Set up" width=Width::Narrow>
            <div class="card">
                <h1>"Set up the program"</h1>
                <p>"This makes the first account. It may change everything, so it is yours alone to make."</p>
                <PostForm>
                    <Field
                        name="token"
                        label="Set-up token"
                        value=token
                        hint="The server wrote it into its log when it started."
                    />
                    <Field name="email" label="Your e-mail address" kind=Kind::Email />
                    <Field name="username" label="Username" kind=Kind::Username hint="Letters, digits, “_” and “-”." />
                    <Field name="password" label="Password" kind=Kind::NewPassword hint="At least 8 characters." />
                    <Checkbox name="enable" ticked=true>
                        "Start the referral program now"
                    </Checkbox>
                    <Submit>"Set up"</Submit>
                </PostForm>
            </div>
        </Layout>
    }
}
