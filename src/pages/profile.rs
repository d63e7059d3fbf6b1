//! The profile page: one's own account.

use crate::{
    components::{
        alert::{Alert, Tone},
        badge::Badge,
        button::{Submit, Weight},
        card::Card,
        field::{Field, Kind},
        form::{PostForm, Submitted},
        icon::{Icon, Symbol},
        layout::Layout,
    },
    domain::accounts::email::readable,
    functions::profile::load_profile,
    pages::load,
    text::texts,
    view_models::{
        accounts::{Profile, SessionSummary},
        page::PageContext,
    },
};
use leptos::{either::Either, prelude::*};

/// The profile page.
#[component]
pub fn ProfilePage() -> impl IntoView {
    load(load_profile(), |profile| view! { <ProfileView profile=profile /> })
}

#[component]
fn ProfileView(profile: Profile) -> impl IntoView {
    view! {
        <Layout title="Profile">
            <h1>"Profile"</h1>
            <div class="columns">
                <Card id="account" title="Account">
                    <dl class="facts">
                        <dt>"Username"</dt>
                        <dd>{profile.username}</dd>
                        <dt>"E-mail address"</dt>
                        <dd>{readable(&profile.email).into_owned()}</dd>
                    </dl>
                </Card>
                <Sessions sessions=profile.sessions />
                <Card
                    id="change-password"
                    title="Change password"
                    note="All your other browsers will be signed out."
                >
                    <PostForm name="change_password">
                        <Field name="current" label="Current password" kind=Kind::Password />
                        <Field
                            name="password"
                            label="New password"
                            kind=Kind::NewPassword
                            hint="At least 8 characters."
                        />
                        <Submit weight=Weight::Plain>"Change password"</Submit>
                    </PostForm>
                </Card>
                <DeleteAccount />
            </div>
        </Layout>
    }
}

#[component]
fn Sessions(sessions: Vec<SessionSummary>) -> impl IntoView {
    let refused = Submitted::by("end_session").errors.into_iter().next();
    view! {
        <Card id="sessions" title="Signed-in browsers" note="End the ones that you do not know.">
            {refused.map(|error| view! { <Alert tone=Tone::Bad>{error.message}</Alert> })}
            <ul class="rows">
                {sessions.into_iter().map(|session| view! { <SessionRow session=session /> }).collect_view()}
            </ul>
        </Card>
    }
}

#[component]
fn SessionRow(session: SessionSummary) -> impl IntoView {
    let end = if session.current {
        Either::Left(view! { <Badge tone=Tone::Good text="This browser" /> })
    } else {
        let label = format!("End {} from {}", session.browser, session.network);
        Either::Right(view! {
            <form method="post">
                <input type="hidden" name="form" value="end_session" />
                <input type="hidden" name="id" value=session.id.to_string() />
                <Submit weight=Weight::Plain label=label>
                    "End"
                </Submit>
            </form>
        })
    };
    view! {
        <li>
            <Icon of=Symbol::Person />
            <p>
                <strong>{session.browser}</strong>
                <span class="note">{session.network} " · last seen " {session.seen_at.date()}</span>
            </p>
            {end}
        </li>
    }
}

#[component]
fn DeleteAccount() -> impl IntoView {
    let refused = !Submitted::by("delete_account").errors.is_empty();
    let admin = expect_context::<PageContext>().viewer.is_some_and(|viewer| viewer.admin);
    view! {
        <Card id="delete-account" title="Delete account">
            <details open=refused>
                <summary>"I want to leave for good"</summary>
                <p>"Your account, your link and your personal data go away. This cannot be undone."</p>
                {admin.then(|| view! { <p>{texts().key_ends_with_you()}</p> })}
                <PostForm name="delete_account">
                    <Field name="password" id="delete-password" label="Your password" kind=Kind::Password />
                    <Submit weight=Weight::Danger>"Delete my account"</Submit>
                </PostForm>
            </details>
        </Card>
    }
}
