//! Every route of the API.

use crate::server::{
    api::{
        api_keys, bulk_codes, clicks, codes, conversions, events, login_links, rewards, rules, settings, users,
        webhook_deliveries, webhook_endpoints,
    },
    state::AppState,
};
use utoipa_axum::{router::OpenApiRouter, routes};

/// Where all of it lives.
pub const ROOT: &str = "/api/v1";

/// Every route that a key opens.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(codes::list, codes::create))
        .routes(routes!(bulk_codes::create))
        .routes(routes!(bulk_codes::get))
        .routes(routes!(codes::validate))
        .routes(routes!(codes::get, codes::change, codes::delete))
        .routes(routes!(codes::get_by_code))
        .routes(routes!(codes::usages))
        .routes(routes!(users::list, users::create))
        .routes(routes!(users::get, users::change, users::erase))
        .routes(routes!(users::correct_referral))
        .routes(routes!(login_links::create))
        .routes(routes!(users::stats))
        .routes(routes!(users::referrals))
        .routes(routes!(clicks::create))
        .routes(routes!(conversions::list, conversions::create))
        .routes(routes!(conversions::get))
        .routes(routes!(conversions::refund))
        .routes(routes!(rules::list, rules::create))
        .routes(routes!(rules::get, rules::change, rules::delete))
        .routes(routes!(rewards::list))
        .routes(routes!(rewards::get))
        .routes(routes!(rewards::redeem))
        .routes(routes!(rewards::choose))
        .routes(routes!(rewards::approve))
        .routes(routes!(rewards::void))
        .routes(routes!(rewards::delivered))
        .routes(routes!(rewards::of_user))
        .routes(routes!(rewards::balances))
        .routes(routes!(rewards::use_balance))
        .routes(routes!(settings::settings, settings::change))
        .routes(routes!(settings::stats))
        .routes(routes!(events::list))
        .routes(routes!(webhook_endpoints::list, webhook_endpoints::create))
        .routes(routes!(webhook_endpoints::get, webhook_endpoints::change, webhook_endpoints::delete))
        .routes(routes!(webhook_endpoints::rotate))
        .routes(routes!(webhook_endpoints::test))
        .routes(routes!(webhook_endpoints::replay_events))
        .routes(routes!(webhook_deliveries::list))
        .routes(routes!(webhook_deliveries::get))
        .routes(routes!(webhook_deliveries::send_again))
        .routes(routes!(api_keys::list, api_keys::create))
        .routes(routes!(api_keys::revoke))
}
