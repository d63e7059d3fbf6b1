//! What the sign-up page shows: the code of the link, or of the visit that would be credited.

use crate::{
    domain::{
        attribution::{decide, form_code::FormCode},
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
        store::evidence::{self, Newcomer},
    },
    text::Texts,
    view_models::accounts::{HostSignUp, SignUpPageData},
};

/// A code in the address that cannot be used is left out without a word. While links lead to a host product, there is no
/// code: whoever joins here is credited to nobody.
pub(crate) async fn run(
    state: &AppState,
    caller: &Caller,
    cookie: Option<&AttributionCookie>,
    ref_code: &str,
    texts: &Texts,
) -> Result<SignUpPageData, AppError> {
    let settings = state.settings.get();
    let now = state.clock.now();
    let known = |code| cookie.is_some_and(|cookie| cookie.has_followed(code));
    let linked = match ref_code {
        "" => None,
        _ if !settings.referral_codes_enabled => None,
        text => {
            let found = state.code_finder.find(caller.client_ip.0, text, known).await;
            found.map_err(|LookUpFailed| AppError::Unavailable)?.map(|(code, _)| code.to_string())
        }
    };
    let host = settings.link_destination.clone().map(|url| HostSignUp {
        name: web_address::host(&url).unwrap_or_default(),
        href: linked.as_ref().map_or(url, |code| format!("/r/{code}")),
    });
    let touchpoints = attribution_cookie::touchpoints(caller, cookie)?;
    let mut code = linked;
    // What would be credited is what the form shows.
    if host.is_none() && settings.referral_codes_enabled && !touchpoints.clicks.is_empty() {
        let first = settings.attribution_model == AttributionModel::FirstClick;
        if first || code.is_none() {
            let mut tx = state.db.read().await?;
            let newcomer = Newcomer { signed_up_at: now, ..Newcomer::default() };
            let facts =
                evidence::gather(&mut tx, &settings, &touchpoints, &FormCode::default(), &newcomer, now).await?;
            code = decide(facts).choice().map(|choice| choice.code.clone()).or(code);
        }
    }
    Ok(SignUpPageData {
        welcome: if host.is_some() { String::new() } else { welcome::run(state, texts).await?.friend },
        code: code.filter(|_| host.is_none()).unwrap_or_default(),
        code_required: settings.referral_codes_enabled && settings.referral_codes_required,
        policy_url: settings.policy_url.clone(),
        host,
    })
}
