//! What the pages have in common that links in mails lead to.

use crate::{
    components::{
        button::LinkButton,
        form::Submitted,
        layout::{Layout, Width},
    },
    error::Refusal,
    pages::{error, query},
    text::texts,
};
use leptos::{either::EitherOf3, prelude::*};
use leptos_meta::Meta;

/// The secret of the link, from the form that was sent, else from the address.
pub fn token() -> String {
    Submitted::by("").value("token").unwrap_or_else(|| query("token"))
}

/// Waits for what a link is for and shows it; what cannot be used any more leads to `anew`, where there is a new one.
pub fn load_link<T, V>(
    data: impl Future<Output = Result<T, Refusal>> + Send + 'static,
    anew: &'static str,
    view: impl FnOnce(T) -> V + Send + 'static,
) -> impl IntoView
where
    V: IntoView + 'static,
{
    Suspend::new(async move {
        match data.await {
            Ok(data) => EitherOf3::A(view(data)),
            Err(error) if error.status == 410 => EitherOf3::B(view! { <ExpiredLink error=error anew=anew /> }),
            Err(error) => EitherOf3::C(view! { <error::Problem error=error /> }),
        }
    })
}

#[component]
fn ExpiredLink(error: Refusal, anew: &'static str) -> impl IntoView {
    error::answer(&error);
    let title = texts().link_expired_title();
    view! {
        <Layout title=title.clone() width=Width::Narrow>
            <div class="card">
                <h1>{title}</h1>
                <p>{error.message}</p>
                <div class="actions">
                    <LinkButton href=anew>{texts().link_send_new()}</LinkButton>
                </div>
            </div>
        </Layout>
    }
}

/// Lets the forms of a page say where they come from. The page tells nobody its address, and by that alone a browser
/// would take the site's own forms for those of strangers where it is reached by plain http.
#[component]
pub fn OwnForms() -> impl IntoView {
    view! { <Meta name="referrer" content="same-origin" /> }
}

/// Says that a mail is on its way, if somebody has the address.
#[component]
pub fn MailSent(note: String, again: &'static str) -> impl IntoView {
    let title = texts().link_sent_title();
    view! {
        <Layout title=title.clone() width=Width::Narrow>
            <div class="card">
                <h1>{title}</h1>
                <p>{note}</p>
                <p class="note">{texts().link_sent_nothing()} " " <a href=again>{texts().link_sent_again()}</a></p>
            </div>
        </Layout>
    }
}
