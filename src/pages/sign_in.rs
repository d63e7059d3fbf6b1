//! Coming back.

use crate::components::{
    button::Submit,
    field::{Field, Kind},
    form::{PostForm, Submitted},
    layout::{Layout, Width},
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// The sign-in page. `next` in its address is where signing in leads.
#[component]
pub fn SignInPage() -> impl IntoView {
    let asked = use_query_map().read_untracked().get("next");
    let next = Submitted::by("").value("next").or(asked);
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
