//! What the sign-up page shows: the code of the link, or of the visit that would be credited.

use crate::{
    domain::{
        attribution::{decide, form_code::FormCode},
        codes::code::Code,
    },
    error::AppError,
    server::{
        auth::caller::Caller,
        clicks::attribution_cookie::{self, AttributionCookie},
        state::AppState,
        store::evidence,
    },
    view_models::accounts::SignUpPageData,
};

/// A code in the address that cannot be used is left out without a word.
pub async fn run(
    state: &AppState,
    caller: &Caller,
    cookie: Option<&AttributionCookie>,
    ref_code: &str,
) -> Result<SignUpPageData, AppError> {
    let settings = state.settings.get();
    let now = state.clock.now();
    let mut code = String::new();
    if settings.referral_codes_enabled {
        let touchpoints = attribution_cookie::touchpoints(caller, cookie);
        if let Some(linked) = Code::parse(ref_code)
            && state.code_cache.get_active(&linked, now).await.is_some()
        {
            code = linked.to_string();
        } else if !touchpoints.clicks.is_empty() {
            let mut tx = state.db.read().await?;
            let facts = evidence::gather(&mut tx, &settings, &touchpoints, &FormCode::default(), "", now).await?;
            code = decide(facts).choice().map(|choice| choice.code.clone()).unwrap_or_default();
        }
    }
    Ok(SignUpPageData {
        code,
        code_required: settings.referral_codes_enabled && settings.referral_codes_required,
        policy_url: settings.policy_url.clone(),
    })
}
