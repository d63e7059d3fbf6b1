//! One's own account and where it is signed in.

use crate::{
    error::AppError,
    server::{
        auth::sessions::SignedIn,
        state::AppState,
        store::{sessions, users},
    },
    view_models::accounts::{Profile, SessionSummary},
};

pub async fn run(state: &AppState, user: &SignedIn) -> Result<Profile, AppError> {
    let mut tx = state.db.read().await?;
    let account = users::by_id(&mut tx, user.user).await?.ok_or(AppError::SignedOut)?;
    let sessions = sessions::of_user(&mut tx, user.user, state.clock.now()).await?;
    Ok(Profile {
        username: account.username,
        email: account.email,
        sessions: sessions
            .into_iter()
            .map(|session| SessionSummary {
                id: session.id,
                browser: browser(&session.user_agent),
                network: session.network,
                seen_at: session.seen_at,
                current: session.id == user.session,
            })
            .collect(),
    })
}

/// A user agent in words, as `Firefox on Linux`. The order tells families from those that pretend to be them.
fn browser(user_agent: &str) -> String {
    let find = |known: &[(&str, &'static str)], other| {
        known.iter().find(|(mark, _)| user_agent.contains(mark)).map_or(other, |(_, name)| *name)
    };
    let browser = find(
        &[("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari")],
        "A browser",
    );
    let system = find(
        &[
            ("Windows", "Windows"),
            ("Android", "Android"),
            ("iPhone", "iPhone"),
            ("iPad", "iPad"),
            ("Mac OS X", "Mac"),
            ("Linux", "Linux"),
        ],
        "an unknown system",
    );
    format!("{browser} on {system}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_have_names() {
        let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
        let edge = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0";
        assert_eq!((browser(firefox).as_str(), browser(edge).as_str()), ("Firefox on Linux", "Edge on Windows"));
        assert_eq!(browser("curl/8"), "A browser on an unknown system");
    }
}
