//! The sign-in page.

use crate::{
    components::{
        button::Submit,
        field::{Field, Kind},
        form::{PostForm, Submitted},
        layout::{Layout, Width},
    },
    domain::query_string::address,
    pages::{query, signed_in::AlreadySignedIn},
    text::texts,
    view_models::page::PageContext,
};
use leptos::{either::Either, prelude::*};

/// The sign-in page. `next` in its address is where signing in leads.
#[component]
pub fn SignInPage() -> impl IntoView {
    // A refused form says why, also to somebody who is signed in.
    let refused = use_context::<Submitted>().is_some();
    let PageContext { viewer, .. } = expect_context();
    match viewer.filter(|_| !refused) {
        Some(viewer) => Either::Left(view! { <AlreadySignedIn viewer=viewer /> }),
        None => Either::Right(view! { <SignInForm /> }),
    }
}

#[component]
fn SignInForm() -> impl IntoView {
    let title = texts().sign_in_title();
    let next = Submitted::by("").value("next").unwrap_or_else(|| query("next"));
    let by_link = address("/signin/link", &[("next", &next)]);
    view! {
        <Layout title=title.clone() width=Width::Narrow>
            <div class="card">
                <h1>{title}</h1>
                <PostForm>
                    <input type="hidden" name="next" value=next />
                    <Field name="email" label=texts().sign_in_email() kind=Kind::Email />
                    <Field name="password" label=texts().sign_in_password() kind=Kind::Password />
                    <Submit>{texts().sign_in_submit()}</Submit>
                </PostForm>
            </div>
            <p class="aside">
                <a href="/forgot">{texts().sign_in_forgot()}</a>
                " · "
                <a href=by_link>{texts().sign_in_by_link()}</a>
            </p>
            <p class="aside">{texts().sign_in_new()} " " <a href="/signup">{texts().sign_in_join()}</a></p>
        </Layout>
    }
}
