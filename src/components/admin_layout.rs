//! The layout of admin pages: the way around at the side, then the content.

use crate::{
    components::{
        icon::{Icon, Symbol},
        layout::Layout,
        nav::NavLink,
    },
    text::texts,
    view_models::page::PageContext,
};
use leptos::prelude::*;

/// The layout of all pages, and the way around the admin's part.
#[component]
pub fn AdminLayout(#[prop(into)] title: String, children: Children) -> impl IntoView {
    view! {
        <Layout title=title side=|| view! { <SideBar /> }>
            <Paused />
            {children()}
        </Layout>
    }
}

/// The address of a place, its name, and how much waits there.
type Place = (&'static str, String, i64);

/// All places of the admin's part in groups, with how much waits there. A strip to scroll on narrow screens.
#[component]
fn SideBar() -> impl IntoView {
    let texts = texts();
    let waiting = expect_context::<PageContext>().waiting.unwrap_or_default();
    let undone_rewards = waiting.approvals + waiting.failed_deliveries;
    let groups: [(String, Vec<Place>); 5] = [
        (
            texts.admin_people(),
            vec![
                ("/admin/users", texts.admin_users(), 0),
                ("/admin/referrals", texts.admin_referrals(), 0),
                ("/admin/review", texts.admin_review(), waiting.reviews),
            ],
        ),
        (
            texts.admin_program(),
            vec![("/admin/codes", texts.admin_codes(), 0), ("/admin/rules", texts.admin_rules(), 0)],
        ),
        (
            texts.admin_money(),
            vec![
                ("/admin/conversions", texts.admin_conversions(), waiting.unmatched_payments),
                ("/admin/rewards", texts.admin_rewards(), undone_rewards),
            ],
        ),
        (
            texts.admin_connect(),
            vec![
                ("/admin/api-keys", texts.admin_api_keys(), 0),
                ("/admin/webhooks", texts.webhooks_title(), waiting.webhooks),
            ],
        ),
        (
            texts.admin_system_group(),
            vec![
                ("/admin/settings", texts.admin_settings(), 0),
                ("/admin/audit", texts.admin_audit(), 0),
                ("/admin/system", texts.admin_system(), 0),
            ],
        ),
    ];
    let groups = groups.map(|(name, places)| view! { <Group name=name places=places /> });
    view! {
        <nav class="side" aria-label=texts.admin_title()>
            <ul>
                <NavLink href="/admin" text=texts.admin_overview() />
                {groups}
            </ul>
        </nav>
    }
}

#[component]
fn Group(name: String, places: Vec<Place>) -> impl IntoView {
    let links = places
        .into_iter()
        .map(|(href, text, waiting)| view! { <NavLink href=href text=text section=true waiting=waiting /> })
        .collect_view();
    view! {
        <li class="group">
            <span>{name}</span>
            <ul>{links}</ul>
        </li>
    }
}

/// Says on every page that the program is paused, if it is.
#[component]
fn Paused() -> impl IntoView {
    let paused = !expect_context::<PageContext>().program_enabled;
    paused.then(|| {
        let texts = texts();
        view! {
            <div class="notice warn" data-testid="paused">
                <Icon of=Symbol::Info />
                <p>
                    <strong>{texts.admin_paused()}</strong>
                    " "
                    {texts.admin_paused_note()}
                    " "
                    <a href="/admin/settings#program">{texts.admin_resume()}</a>
                </p>
            </div>
        }
    })
}
