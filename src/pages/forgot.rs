//! The page for whoever has forgotten their password, or never had one.

use crate::{
    components::{
        button::Submit,
        field::{Field, Kind},
        form::PostForm,
        layout::{Layout, Width},
    },
    pages::{link::MailSent, query},
    text::texts,
};
use leptos::{either::Either, prelude::*};

/// Asks for an e-mail address; `sent` in the page's own address says that a mail is on its way.
#[component]
pub fn ForgotPage() -> impl IntoView {
    match query("sent").is_empty() {
        true => Either::Left(view! { <ForgotForm /> }),
        false => Either::Right(view! { <MailSent note=texts().forgot_sent() again="/forgot" /> }),
    }
}

#[component]
fn ForgotForm() -> impl IntoView {
    let title = texts().forgot_title();
    view! {
        <Layout title=title.clone() width=Width::Narrow>
            <div class="card">
                <h1>{title}</h1>
                <p>{texts().forgot_note()}</p>
                <PostForm>
                    <Field name="email" label=texts().sign_in_email() kind=Kind::Email />
                    <Submit>{texts().forgot_submit()}</Submit>
                </PostForm>
            </div>
            <p class="aside"><a href="/signin">{texts().link_back()}</a></p>
        </Layout>
    }
}
