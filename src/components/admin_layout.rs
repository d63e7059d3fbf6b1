//! The layout of admin pages: the sections, then the content.

use crate::{
    components::{layout::Layout, nav::NavLink},
    text::texts,
};
use leptos::prelude::*;

/// The layout of all pages, and the way around the admin's part.
#[component]
pub fn AdminLayout(#[prop(into)] title: String, children: Children) -> impl IntoView {
    view! {
        <Layout title=title>
            <nav class="sections" aria-label="Admin">
                <ul>
                    <NavLink href="/admin" text="Statistics" />
                    <NavLink href="/admin/codes" text="Codes" section=true />
                    <NavLink href="/admin/rules" text=texts().rules_title() section=true />
                    <NavLink href="/admin/users" text="Users" section=true />
                    <NavLink href="/admin/referrals" text="Referrals" section=true />
                    <NavLink href="/admin/review" text=texts().reviews_title() />
                    <NavLink href="/admin/conversions" text=texts().conversions_title() section=true />
                    <NavLink href="/admin/rewards" text=texts().admin_rewards_title() section=true />
                    <NavLink href="/admin/settings" text="Settings" />
                    <NavLink href="/admin/api-keys" text="API keys" />
                    <NavLink href="/admin/audit" text="Audit" />
                    <NavLink href="/admin/system" text=texts().system_title() />
                </ul>
            </nav>
            {children()}
        </Layout>
    }
}
