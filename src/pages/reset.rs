//! The page of a mailed link for a new password.

use crate::{
    components::{
        button::Submit,
        field::{Field, Kind},
        form::PostForm,
        layout::{Layout, Width},
    },
    functions::account_links::load_reset,
    pages::link::{OwnForms, load_link, token},
    text::texts,
    view_models::account_links,
};
use leptos::prelude::*;

/// The page of a link for a new password. `token` in its address is the link's secret.
#[component]
pub fn ResetPage() -> impl IntoView {
    let token = token();
    load_link(load_reset(token.clone()), "/forgot", |page| view! { <ResetForm page=page token=token /> })
}

#[component]
fn ResetForm(page: account_links::ResetPage, token: String) -> impl IntoView {
    let title = texts().reset_title();
    view! {
        <Layout title=title.clone() width=Width::Narrow>
            <OwnForms />
            <div class="card">
                <h1>{title}</h1>
                <p>{texts().reset_note(page.email)}</p>
                <PostForm>
                    <input type="hidden" name="token" value=token />
                    <Field
                        name="password"
                        label=texts().profile_new_password()
                        kind=Kind::NewPassword
                        hint=texts().sign_up_password_hint()
                    />
                    <Submit>{texts().reset_submit()}</Submit>
                </PostForm>
            </div>
        </Layout>
    }
}
