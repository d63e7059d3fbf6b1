//! The sign-up page.

use crate::{
    components::{
        button::{LinkButton, Submit},
        field::{Checkbox, Field, Kind},
        form::{PostForm, Submitted},
        header::SignOut,
        layout::{Layout, Width},
        scripts::Scripts,
    },
    functions::auth::load_sign_up,
    islands::code_field::CodeField,
    pages::{load, query},
    text::texts,
    view_models::page::{PageContext, Viewer},
};
use leptos::{either::Either, prelude::*};

/// The sign-up page. `ref` in its address is the code of the link that led here.
#[component]
pub fn SignUpPage() -> impl IntoView {
    if let Some(viewer) = expect_context::<PageContext>().viewer {
        return Either::Left(view! { <AlreadyIn viewer=viewer /> });
    }
    Either::Right(load(load_sign_up(query("ref")), |page| view! { <SignUpForm page=page /> }))
}

#[component]
fn AlreadyIn(viewer: Viewer) -> impl IntoView {
    view! {
        <Layout title="Sign up" width=Width::Narrow>
            <div class="card">
                <h1>"You are in already"</h1>
                <p>"You are signed in as " <strong>{viewer.username}</strong> "."</p>
                <div class="actions">
                    <LinkButton href="/dashboard">"To my dashboard"</LinkButton>
                    <SignOut />
                </div>
            </div>
        </Layout>
    }
}

#[component]
fn SignUpForm(page: crate::view_models::accounts::SignUpPageData) -> impl IntoView {
    let sent = Submitted::by("");
    let hosted = page.host.is_some();
    let notice = page.host.map(|host| {
        view! {
            <div class="card">
                <h1>{texts().sign_up_elsewhere(host.name.as_str())}</h1>
                <p>{texts().sign_up_elsewhere_note()}</p>
                <div class="actions">
                    <LinkButton href=host.href>{texts().sign_up_go(host.name)}</LinkButton>
                </div>
            </div>
        }
    });
    if hosted && page.code_required {
        return Either::Left(view! { <Layout title="Sign up" width=Width::Narrow>{notice}</Layout> });
    }
    let code = sent.value("code").unwrap_or_else(|| page.code.clone());
    let linked = sent.value("linked").unwrap_or(page.code);
    let hint = if linked.is_empty() || linked != code { "" } else { "From the link that brought you here." };
    let welcome = (!page.welcome.is_empty()).then(|| {
        let text = if code.is_empty() {
            texts().sign_up_welcome_code(page.welcome)
        } else {
            texts().sign_up_welcome(page.welcome)
        };
        view! { <p class="welcome" data-testid="welcome">{text}</p> }
    });
    let consent = page.policy_url.map(|href| {
        view! {
            <Checkbox name="consent">
                "I accept the " <a href=href target="_blank" rel="noopener">"terms"</a> "."
            </Checkbox>
        }
    });
    let field = (!hosted).then(|| {
        view! {
            <CodeField
                value=code
                error=sent.error("code").unwrap_or_default()
                optional=!page.code_required
                hint=hint.to_owned()
                works=texts().code_works()
            />
        }
    });
    let title = if hosted { texts().sign_up_here() } else { "Sign up".to_owned() };
    Either::Right(view! {
        <Layout title="Sign up" width=Width::Narrow>
            {notice}
            <div class="card">
                {if hosted { Either::Left(view! { <h2>{title}</h2> }) } else { Either::Right(view! { <h1>{title}</h1> }) }}
                {welcome}
                <PostForm>
                    <input type="hidden" name="linked" value=linked />
                    <Field name="email" label="E-mail address" kind=Kind::Email />
                    <Field
                        name="username"
                        label="Username"
                        kind=Kind::Username
                        hint="Others can see it. Letters, digits, “_” and “-”."
                    />
                    <Field name="password" label="Password" kind=Kind::NewPassword hint="At least 8 characters." />
                    {field}
                    {consent}
                    <Submit>"Sign up"</Submit>
                </PostForm>
            </div>
            <p class="aside">"Joined before? " <a href="/signin">"Sign in"</a></p>
            <Scripts wake="#code" />
        </Layout>
    })
}
