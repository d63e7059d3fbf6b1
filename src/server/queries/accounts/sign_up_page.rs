//! What the sign-up page shows: the code of the link, or of the visit that would be credited.

use crate::{
    domain::{
        attribution::{decide, form_code::FormCode},
        ids::UserId,
        settings::AttributionModel,
        web_address,
    },
    error::AppError,
    server::{
        auth::caller::Caller,
        clicks::{
            attribution_cookie::{self, AttributionCookie},
            code_cache::LookUpFailed,
        },
        queries::rewards::welcome,
        state::AppState,
        store::{
            evidence::{self, Newcomer},
            users,
        },
    },
    text::Texts,
    view_models::{
        accounts::{HostSignUp, SignUpPageData},
        rewards::Welcome,
    },
};

/// What the address says of the link that led here.
pub(crate) struct Link<'a> {
    /// Its code; empty for none.
    pub code: &'a str,
    /// Whether it led here without one because it cannot be used.
    pub invalid: bool,
}

/// A code in the address that cannot be used is left out; the page tells so in the same words whatever the cause. While
/// links lead to a host product, there is no code: whoever joins here is credited to nobody.
pub(crate) async fn run(
    state: &AppState,
    caller: &Caller,
    cookie: Option<&AttributionCookie>,
    link: Link<'_>,
    texts: &Texts,
) -> Result<SignUpPageData, AppError> {
    let settings = state.settings.get();
    let now = state.clock.now();
    let known = |code| cookie.is_some_and(|cookie| cookie.has_followed(code));
    let linked = match link.code {
        "" => None,
        _ if !settings.referral_codes_enabled => None,
        text => {
            let found = state.code_finder.find(caller.client_ip.0, text, known).await;
            let found = found.map_err(|LookUpFailed| AppError::Unavailable)?;
            found.map(|(code, cached)| Invitation { code: code.to_string(), referrer: cached.referrer })
        }
    };
    let host = settings.link_destination.clone().map(|url| HostSignUp {
        name: web_address::host(&url).unwrap_or_default(),
        href: linked.as_ref().map_or(url, |linked| format!("/r/{}", linked.code)),
    });
    let touchpoints = attribution_cookie::touchpoints(caller, cookie)?;
    let mut invitation = linked;
    // What would be credited is what the form shows.
    if host.is_none() && settings.referral_codes_enabled && !touchpoints.clicks.is_empty() {
        let first = settings.attribution_model == AttributionModel::FirstClick;
        if first || invitation.is_none() {
            let mut tx = state.db.read().await?;
            let newcomer = Newcomer { signed_up_at: now, ..Newcomer::default() };
            let facts =
                evidence::gather(&mut tx, &settings, &touchpoints, &FormCode::default(), &newcomer, now).await?;
            let decision = decide(facts);
            let remembered = decision.choice();
            invitation = remembered
                .map(|choice| Invitation { code: choice.code.clone(), referrer: choice.referrer })
                .or(invitation);
        }
    }
    let followed = link.invalid || !link.code.is_empty();
    let invitation = invitation.filter(|_| host.is_none());
    let referrer = match invitation.as_ref().and_then(|invitation| invitation.referrer) {
        Some(referrer) => users::by_id(&mut state.db.read().await?, referrer).await?.map(|user| user.username),
        None => None,
    };
    Ok(SignUpPageData {
        welcome: if host.is_some() { Welcome::default() } else { welcome::run(state, texts).await? },
        link_invalid: followed && invitation.is_none() && host.is_none() && settings.referral_codes_enabled,
        code: invitation.map(|invitation| invitation.code).unwrap_or_default(),
        referrer,
        code_required: settings.referral_codes_enabled && settings.referral_codes_required,
        policy_url: settings.policy_url.clone(),
        host,
    })
}

/// The code that somebody came by, and who is credited for it.
struct Invitation {
    code: String,
    referrer: Option<UserId>,
}
