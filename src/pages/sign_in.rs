//! The sign-in page.

use crate::{
    components::{
        button::Submit,
        field::{Field, Kind},
        form::{PostForm, Submitted},
        layout::{Layout, Width},
    },
    pages::query,
};
use leptos::prelude::*;

/// The sign-in page. `next` in its address is where signing in leads.
#[component]
pub fn SignInPage() -> impl IntoView {
    let next = Submitted::by("").value("next").unwrap_or_else(|| query("next"));
    view! {
        <Layout title="Sign in" width=Width::Narrow>
            <div class="card">
                <h1>"Sign in"</h1>
                <PostForm>
                    <input type="hidden" name="next" value=next />
                    <Field name="email" label="E-mail address" kind=Kind::Email />
                    <Field name="password" label="Password" kind=Kind::Password />
                    <Submit>"Sign in"</Submit>
                </PostForm>
            </div>
            <p class="aside">"New here? " <a href="/signup">"Sign up"</a></p>
        </Layout>
    }
}
