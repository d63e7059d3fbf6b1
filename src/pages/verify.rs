//! The page of a mailed link that confirms an address.

use crate::{
    components::{
        button::Submit,
        form::PostForm,
        layout::{Layout, Width},
    },
    functions::account_links::load_confirm,
    pages::link::{OwnForms, load_link, token},
    text::texts,
    view_models::account_links::ConfirmPage,
};
use leptos::prelude::*;

/// The page of a link that confirms an address. `token` in its address is the link's secret.
#[component]
pub fn VerifyPage() -> impl IntoView {
    let token = token();
    load_link(load_confirm(token.clone()), "/profile", |page| view! { <ConfirmForm page=page token=token /> })
}

#[component]
fn ConfirmForm(page: ConfirmPage, token: String) -> impl IntoView {
    let texts = texts();
    let (title, note, submit) = match page.changes {
        true => (
            texts.change_email_title(),
            texts.change_email_confirm_note(page.email, page.username),
            texts.change_email_confirm(),
        ),
        false => (texts.confirm_title(), texts.confirm_page_note(page.email, page.username), texts.confirm_submit()),
    };
    view! {
        <Layout title=title.clone() width=Width::Narrow>
            <OwnForms />
            <div class="card">
                <h1>{title}</h1>
                <p>{note}</p>
                <PostForm>
                    <input type="hidden" name="token" value=token />
                    <Submit>{submit}</Submit>
                </PostForm>
            </div>
        </Layout>
    }
}
