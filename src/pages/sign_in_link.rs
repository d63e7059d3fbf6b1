//! The page of a link that signs in, and of the form that asks for one.

use crate::{
    components::{
        button::Submit,
        field::{Field, Kind},
        form::{PostForm, Submitted},
        layout::{Layout, Width},
        scripts::SendAtOnce,
    },
    domain::query_string::address,
    functions::account_links::load_sign_in_link,
    pages::{
        link::{MailSent, OwnForms, load_link, token},
        query,
    },
    text::texts,
    view_models::{account_links, page::PageContext},
};
use leptos::{either::EitherOf3, prelude::*};

/// With a `token` in its address, the page of a link that signs in. Else it asks for an e-mail address; `next` is where
/// signing in leads, and `sent` says that a mail is on its way.
#[component]
pub fn SignInLinkPage() -> impl IntoView {
    let token = token();
    if !token.is_empty() {
        let page = load_sign_in_link(token.clone());
        return EitherOf3::A(load_link(page, "/signin/link", |page| view! { <SignInByLink page=page token=token /> }));
    }
    match query("sent").is_empty() {
        true => EitherOf3::B(view! { <SendLinkForm /> }),
        false => EitherOf3::C(view! { <MailSent note=texts().sign_in_link_sent() again="/signin/link" /> }),
    }
}

#[component]
fn SignInByLink(page: account_links::SignInLinkPage, token: String) -> impl IntoView {
    let texts = texts();
    let PageContext { program_name, viewer, .. } = expect_context();
    // What was refused is not sent again by itself.
    let at_once = page.at_once && use_context::<Submitted>().is_none();
    let other = viewer.map(|viewer| viewer.username).filter(|name| *name != page.username);
    let other = other.map(|name| view! { <p>{texts.sign_in_link_other(name)}</p> });
    let title = texts.sign_in_link_title(program_name);
    view! {
        <Layout title=texts.sign_in_title() width=Width::Narrow>
            <OwnForms />
            <div class="card">
                <h1>{title}</h1>
                {other}
                <PostForm name="sign_in_by_link">
                    <input type="hidden" name="token" value=token />
                    <Submit>{texts.sign_in_link_submit(page.username)}</Submit>
                </PostForm>
            </div>
            {at_once.then(|| view! { <SendAtOnce /> })}
        </Layout>
    }
}

#[component]
fn SendLinkForm() -> impl IntoView {
    let texts = texts();
    let (title, label, submit) = (texts.sign_in_link_ask(), texts.sign_in_email(), texts.sign_in_link_send());
    let next = Submitted::by("").value("next").unwrap_or_else(|| query("next"));
    let back = address("/signin", &[("next", &next)]);
    view! {
        <Layout title=title.clone() width=Width::Narrow>
            <div class="card">
                <h1>{title}</h1>
                <p>{texts.sign_in_link_note()}</p>
                <PostForm name="send_sign_in_link">
                    <input type="hidden" name="next" value=next />
                    <Field name="email" label=label kind=Kind::Email />
                    <Submit>{submit}</Submit>
                </PostForm>
            </div>
            <p class="aside"><a href=back>{texts.link_back()}</a></p>
        </Layout>
    }
}
