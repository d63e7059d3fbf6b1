//! The profile page: one's own account.

use crate::{
    components::{
        alert::{Alert, Tone},
        badge::Badge,
        button::{Submit, Weight},
        card::Card,
        confirm_notice::ConfirmNotice,
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
    let title = texts().page_profile();
    let email = readable(&profile.email).into_owned();
    let unconfirmed = profile.unconfirmed.then(|| view! { <ConfirmNotice email=email.clone() from="/profile" /> });
    view! {
        <Layout title=title.clone()>
            <h1>{title}</h1>
            {unconfirmed}
            <div class="columns">
                <Card id="account" title=texts().profile_account()>
                    <dl class="facts">
                        <dt>{texts().profile_username()}</dt>
                        <dd>{profile.username}</dd>
                        <dt>{texts().profile_email()}</dt>
                        <dd>{email}</dd>
                    </dl>
                </Card>
                <Sessions sessions=profile.sessions />
                <Card
                    id="change-password"
                    title=texts().profile_password()
                    note=texts().profile_password_note()
                >
                    <PostForm name="change_password">
                        <Field name="current" label=texts().profile_current_password() kind=Kind::Password />
                        <Field
                            name="password"
                            label=texts().profile_new_password()
                            kind=Kind::NewPassword
                            hint=texts().sign_up_password_hint()
                        />
                        <Submit weight=Weight::Plain>{texts().profile_change_password()}</Submit>
                    </PostForm>
                </Card>
                <ChangeEmail />
                <DeleteAccount />
            </div>
        </Layout>
    }
}

#[component]
fn Sessions(sessions: Vec<SessionSummary>) -> impl IntoView {
    let refused = Submitted::by("end_session").errors.into_iter().next();
    view! {
        <Card id="sessions" title=texts().profile_sessions() note=texts().profile_sessions_note()>
            {refused.map(|error| view! { <Alert tone=Tone::Bad>{error.message}</Alert> })}
            <ul class="rows">
                {sessions.into_iter().map(|session| view! { <SessionRow session=session /> }).collect_view()}
            </ul>
        </Card>
    }
}

#[component]
fn SessionRow(session: SessionSummary) -> impl IntoView {
    let seen = texts().profile_seen(session.network.as_str(), texts().date(session.seen_at));
    let end = if session.current {
        Either::Left(view! { <Badge tone=Tone::Good text=texts().profile_this_browser() /> })
    } else {
        let label = texts().profile_sign_out_label(session.browser.as_str(), session.network.as_str());
        Either::Right(view! {
            <form method="post">
                <input type="hidden" name="form" value="end_session" />
                <input type="hidden" name="id" value=session.id.to_string() />
                <Submit weight=Weight::Plain label=label>
                    {texts().profile_sign_out()}
                </Submit>
            </form>
        })
    };
    view! {
        <li>
            <Icon of=Symbol::Person />
            <p>
                <strong>{session.browser}</strong>
                <span class="note">{seen}</span>
            </p>
            {end}
        </li>
    }
}

#[component]
fn ChangeEmail() -> impl IntoView {
    let texts = texts();
    view! {
        <Card id="change-email" title=texts.change_email_title() note=texts.change_email_note()>
            <PostForm name="change_email">
                <Field name="email" label=texts.change_email_new() kind=Kind::Email />
                <Field
                    name="current"
                    id="email-password"
                    label=texts.profile_current_password()
                    kind=Kind::Password
                />
                <Submit weight=Weight::Plain>{texts.change_email_submit()}</Submit>
            </PostForm>
        </Card>
    }
}

#[component]
fn DeleteAccount() -> impl IntoView {
    let refused = !Submitted::by("delete_account").errors.is_empty();
    let admin = expect_context::<PageContext>().viewer.is_some_and(|viewer| viewer.admin);
    view! {
        <Card id="delete-account" title=texts().profile_delete()>
            <details open=refused>
                <summary>{texts().profile_delete_open()}</summary>
                <p>{texts().profile_delete_note()}</p>
                {admin.then(|| view! { <p>{texts().key_ends_with_you()}</p> })}
                <PostForm name="delete_account">
                    <Field name="password" id="delete-password" label=texts().profile_delete_password() kind=Kind::Password />
                    <Submit weight=Weight::Danger>{texts().profile_delete_submit()}</Submit>
                </PostForm>
            </details>
        </Card>
    }
}
