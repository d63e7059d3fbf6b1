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
    text::texts,
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
    let title = texts().set_up_title();
    view! {
        <Layout title=title.clone() width=Width::Narrow>
            <div class="card">
                <h1>{title}</h1>
                <p>{texts().set_up_note()}</p>
                <PostForm once=true>
                    <Field name="token" label=texts().set_up_token() value=token hint=texts().set_up_token_hint() />
                    <Field
                        name="program_name"
                        label=texts().set_up_program()
                        kind=Kind::Prose
                        optional=true
                        hint=texts().set_up_program_hint()
                    />
                    <Field name="email" label=texts().set_up_email() kind=Kind::Email />
                    <Field
                        name="username"
                        label=texts().set_up_username()
                        kind=Kind::Username
                        hint=texts().sign_up_username_hint()
                    />
                    <Field
                        name="password"
                        label=texts().set_up_password()
                        kind=Kind::NewPassword
                        hint=texts().sign_up_password_hint()
                    />
                    <Checkbox name="enable" ticked=true>
                        {texts().set_up_enable()}
                    </Checkbox>
                    <Submit>{texts().set_up_submit()}</Submit>
                </PostForm>
            </div>
        </Layout>
    }
}
