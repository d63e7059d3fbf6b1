//! HTML shell and route table.

use crate::{
    components::{
        scripts::EarlyScript,
        styles::{Styles, Transitions},
    },
    pages,
    text::texts,
    view_models::page::PageContext,
};
use leptos::prelude::*;
use leptos_meta::{MetaTags, provide_meta_context};
use leptos_router::{
    SsrMode,
    components::{FlatRoutes, Route, Router},
    path,
};

/// The document around every page. Needs a [`PageContext`] as context.
pub fn shell() -> impl IntoView {
    // Only islands wake in the browser: what pages load is not sent a second time for them.
    if let Some(shared) = Owner::current_shared_context() {
        shared.set_is_hydrating(false);
    }
    let PageContext { welcome_text, .. } = expect_context::<PageContext>();
    view! {
        <!DOCTYPE html>
        <html lang=texts().language.tag()>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                {(!welcome_text.is_empty()).then(|| view! { <meta name="description" content=welcome_text /> })}
                <EarlyScript />
                <Transitions />
                <Styles />
                <link rel="icon" type="image/svg+xml" href="/favicon.svg" />
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

/// Which address shows which page.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    view! {
        <Router>
            <FlatRoutes fallback=pages::error::Missing>
                <Route path=path!("/") view=pages::home::HomePage ssr=SsrMode::Async />
                <Route path=path!("/signup") view=pages::sign_up::SignUpPage ssr=SsrMode::Async />
                <Route path=path!("/signin") view=pages::sign_in::SignInPage ssr=SsrMode::Async />
                <Route path=path!("/signin/link") view=pages::sign_in_link::SignInLinkPage ssr=SsrMode::Async />
                <Route path=path!("/forgot") view=pages::forgot::ForgotPage ssr=SsrMode::Async />
                <Route path=path!("/reset") view=pages::reset::ResetPage ssr=SsrMode::Async />
                <Route path=path!("/verify") view=pages::verify::VerifyPage ssr=SsrMode::Async />
                <Route path=path!("/setup") view=pages::set_up::SetUpPage ssr=SsrMode::Async />
                <Route path=path!("/dashboard") view=pages::dashboard::DashboardPage ssr=SsrMode::Async />
                <Route path=path!("/referrals") view=pages::friends::FriendsPage ssr=SsrMode::Async />
                <Route path=path!("/profile") view=pages::profile::ProfilePage ssr=SsrMode::Async />
                <Route path=path!("/admin") view=pages::admin::overview::OverviewPage ssr=SsrMode::Async />
                <Route path=path!("/admin/codes") view=pages::admin::codes::CodesPage ssr=SsrMode::Async />
                <Route path=path!("/admin/codes/new") view=pages::admin::new_code::NewCodePage ssr=SsrMode::Async />
                <Route path=path!("/admin/codes/bulk") view=pages::admin::bulk::BulkPage ssr=SsrMode::Async />
                <Route path=path!("/admin/codes/bulk/:id") view=pages::admin::bulk_job::BulkJobPage ssr=SsrMode::Async />
                <Route path=path!("/admin/codes/:id") view=pages::admin::code::CodePage ssr=SsrMode::Async />
                <Route path=path!("/admin/users") view=pages::admin::users::UsersPage ssr=SsrMode::Async />
                <Route path=path!("/admin/users/:id") view=pages::admin::user::UserPage ssr=SsrMode::Async />
                <Route path=path!("/admin/referrals") view=pages::admin::referrals::ReferralsPage ssr=SsrMode::Async />
                <Route path=path!("/admin/referrals/:id") view=pages::admin::referral::ReferralPage ssr=SsrMode::Async />
                <Route path=path!("/admin/review") view=pages::admin::review::ReviewPage ssr=SsrMode::Async />
                <Route path=path!("/admin/conversions") view=pages::admin::conversions::ConversionsPage ssr=SsrMode::Async />
                <Route path=path!("/admin/conversions/new") view=pages::admin::new_conversion::NewConversionPage ssr=SsrMode::Async />
                <Route path=path!("/admin/conversions/:id") view=pages::admin::conversion::ConversionPage ssr=SsrMode::Async />
                <Route path=path!("/admin/rewards") view=pages::admin::rewards::RewardsPage ssr=SsrMode::Async />
                <Route path=path!("/admin/rewards/:id") view=pages::admin::reward::RewardPage ssr=SsrMode::Async />
                <Route path=path!("/admin/rules") view=pages::admin::rules::RulesPage ssr=SsrMode::Async />
                <Route path=path!("/admin/rules/new") view=pages::admin::new_rule::NewRulePage ssr=SsrMode::Async />
                <Route path=path!("/admin/rules/:id") view=pages::admin::rule::RulePage ssr=SsrMode::Async />
                <Route path=path!("/admin/settings") view=pages::admin::settings::SettingsPage ssr=SsrMode::Async />
                <Route path=path!("/admin/api-keys") view=pages::admin::api_keys::ApiKeysPage ssr=SsrMode::Async />
                <Route path=path!("/admin/webhooks") view=pages::admin::webhooks::WebhooksPage ssr=SsrMode::Async />
                <Route path=path!("/admin/webhooks/:id") view=pages::admin::webhook::WebhookPage ssr=SsrMode::Async />
                <Route path=path!("/admin/webhooks/deliveries/:id") view=pages::admin::webhook_delivery::WebhookDeliveryPage ssr=SsrMode::Async />
                <Route path=path!("/admin/audit") view=pages::admin::audit::AuditPage ssr=SsrMode::Async />
                <Route path=path!("/admin/system") view=pages::admin::system::SystemPage ssr=SsrMode::Async />
                <Route path=path!("/api/docs") view=pages::api_docs::ApiDocsPage ssr=SsrMode::Async />
            </FlatRoutes>
        </Router>
    }
}
