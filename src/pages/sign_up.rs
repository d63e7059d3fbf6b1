//! The sign-up page: who invites, to what, what one gets, and one thing to do.

use crate::{
    components::{
        button::{LinkButton, Submit},
        field::{Checkbox, Field, Kind},
        form::{PostForm, Submitted},
        icon::{Icon, Symbol},
        layout::{Layout, Width},
        scripts::Scripts,
    },
    functions::auth::load_sign_up,
    islands::code_field::CodeField,
    pages::{load, query, signed_in::AlreadySignedIn},
    text::texts,
    view_models::{
        accounts::{HostSignUp, SignUpPageData},
        page::PageContext,
    },
};
use leptos::{
    either::{Either, EitherOf3},
    prelude::*,
};

/// The sign-up page. `ref` in its address is the code of the link that led here; `invitation` says that a link led here
/// without one.
#[component]
pub fn SignUpPage() -> impl IntoView {
    let PageContext { viewer, .. } = expect_context();
    if let Some(viewer) = viewer {
        return Either::Left(view! { <AlreadySignedIn viewer=viewer /> });
    }
    Either::Right(load(load_sign_up(query("ref"), query("invitation")), |page| view! { <SignUpView page=page /> }))
}

#[component]
fn SignUpView(page: SignUpPageData) -> impl IntoView {
    let title = texts().sign_up_title();
    let content = match page.host.clone() {
        None => EitherOf3::A(view! { <Invitation page=page /> }),
        Some(host) if page.code_required => EitherOf3::B(view! { <Elsewhere host=host /> }),
        Some(host) => EitherOf3::C(view! {
            <Elsewhere host=host />
            <div class="card">
                <h2>{texts().sign_up_here()}</h2>
                <SignUpForm page=page />
            </div>
        }),
    };
    view! {
        <Layout title=title width=Width::Narrow>
            {content}
            <p class="aside">{texts().sign_up_known()} " " <a href="/signin">{texts().page_sign_in()}</a></p>
            <Scripts wake="#code" />
        </Layout>
    }
}

/// Leads to the host product, where people sign up.
#[component]
fn Elsewhere(host: HostSignUp) -> impl IntoView {
    view! {
        <div class="card">
            <h1>{texts().sign_up_elsewhere(host.name.as_str())}</h1>
            <p>{texts().sign_up_elsewhere_note()}</p>
            <div class="actions">
                <LinkButton href=host.href>{texts().sign_up_go(host.name)}</LinkButton>
            </div>
        </div>
    }
}

/// What the form has for a code: the one it was filled with, or what somebody has typed since.
fn code_in_form(page: &SignUpPageData) -> String {
    Submitted::by("").value("code").unwrap_or_else(|| page.code.clone())
}

#[component]
fn Invitation(page: SignUpPageData) -> impl IntoView {
    let PageContext { program_name, welcome_text, .. } = expect_context();
    let code = code_in_form(&page);
    // Who typed another code may come by somebody else.
    let referrer = page.referrer.clone().filter(|_| code == page.code);
    let heading = match &referrer {
        Some(referrer) => texts().sign_up_invited_by(referrer, program_name),
        None if !code.is_empty() && code == page.code => texts().sign_up_invited(program_name),
        None => texts().sign_up_join(program_name),
    };
    let invalid = page.link_invalid.then(|| {
        let text =
            if page.code_required { texts().sign_up_link_invalid_required() } else { texts().sign_up_link_invalid() };
        view! {
            <div class="notice" data-testid="link-invalid">
                <Icon of=Symbol::Info />
                <p>{text}</p>
            </div>
        }
    });
    let gifts = gifts(&page, &code, referrer);
    view! {
        <div class="card join">
            <h1>{heading}</h1>
            {(!welcome_text.is_empty()).then(|| view! { <p class="note written">{welcome_text}</p> })}
            {invalid}
            {gifts}
            <SignUpForm page=page />
        </div>
    }
}

/// What both sides get, as far as they get anything.
fn gifts(page: &SignUpPageData, code: &str, referrer: Option<String>) -> Option<impl IntoView + use<>> {
    let (friend, other) = (page.welcome.friend.clone(), page.welcome.referrer.clone());
    let friend = match code {
        _ if friend.is_empty() => None,
        "" => Some(texts().sign_up_welcome_code(friend)),
        _ => Some(texts().sign_up_welcome(friend)),
    };
    let other =
        referrer.filter(|_| !other.is_empty()).map(|referrer| texts().sign_up_welcome_referrer(referrer, other));
    (friend.is_some() || other.is_some()).then(|| {
        view! {
            <ul class="gifts">
                {friend.map(|text| view! { <li data-testid="welcome"><Icon of=Symbol::Gift /> {text}</li> })}
                {other.map(|text| view! { <li data-testid="welcome-referrer"><Icon of=Symbol::Gift /> {text}</li> })}
            </ul>
        }
    })
}

#[component]
fn SignUpForm(page: SignUpPageData) -> impl IntoView {
    let linked = Submitted::by("").value("linked").unwrap_or_else(|| page.code.clone());
    let consent = page.policy_url.clone().map(|href| view! { <Consent href=href /> });
    let code = page.host.is_none().then(|| view! { <CodePart page=page /> });
    view! {
        <PostForm once=true>
            <input type="hidden" name="linked" value=linked />
            <Field name="email" label=texts().sign_up_email() kind=Kind::Email />
            <Field
                name="username"
                label=texts().sign_up_username()
                kind=Kind::Username
                hint=texts().sign_up_username_hint()
            />
            <Field
                name="password"
                label=texts().sign_up_password()
                kind=Kind::NewPassword
                hint=texts().sign_up_password_hint()
            />
            {code}
            {consent}
            <Submit>{texts().sign_up_submit()}</Submit>
        </PostForm>
    }
}

/// The code: folded away behind whose it is while it is the one that the form was filled with, else a field.
#[component]
fn CodePart(page: SignUpPageData) -> impl IntoView {
    let code = code_in_form(&page);
    let error = Submitted::by("").error("code").unwrap_or_default();
    let folded = !code.is_empty() && code == page.code && error.is_empty();
    let name = match &page.referrer {
        Some(referrer) => texts().sign_up_invitation(referrer),
        None => texts().sign_up_invitation_code(&code),
    };
    let optional = if page.code_required { String::new() } else { texts().field_optional() };
    let field = view! {
        <CodeField
            value=code
            error=error
            label=texts().sign_up_code()
            optional=optional
            works=texts().code_works()
        />
    };
    if !folded {
        return Either::Left(field);
    }
    Either::Right(view! {
        <details class="invitation">
            <summary>
                <span class="badge good">
                    <Icon of=Symbol::Check />
                    {name}
                </span>
                <span class="link">{texts().sign_up_change_code()}</span>
            </summary>
            {field}
        </details>
    })
}

#[component]
fn Consent(href: String) -> impl IntoView {
    // Where the link goes within the sentence depends on the language.
    let sentence = texts().sign_up_consent("\0");
    let (before, after) = sentence.split_once('\0').unwrap_or((&sentence, ""));
    let (before, after) = (before.to_owned(), after.to_owned());
    view! {
        <Checkbox name="consent">
            {before} <a href=href target="_blank" rel="noopener">{texts().sign_up_terms()}</a> {after}
        </Checkbox>
    }
}
