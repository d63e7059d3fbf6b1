//! The latest numbers, received by the one connection of this browser (see `public/js/live.js`).

use crate::{
    domain::ids::CodeId,
    view_models::{rewards::RewardCards, stats::UserStats},
};
use leptos::{
    ev::{Custom, CustomEvent},
    prelude::*,
    web_sys::js_sys::Reflect,
};
use std::cell::Cell;

/// Sent on the window with the new numbers as JSON.
const EVENT: &str = "passalong:stats";

/// Where the script keeps the latest JSON for those who come late.
const LATEST: &str = "passalongLive";

/// The same for rewards.
const REWARDS: &str = "passalong:rewards";
const LATEST_REWARDS: &str = "passalongRewards";

thread_local! {
    static STATS: ArcRwSignal<Option<UserStats>> = ArcRwSignal::new(None);
    static LISTENING: Cell<bool> = const { Cell::new(false) };
}

/// The latest numbers; nothing before the first came. Only for the browser: call it in effects.
fn stats() -> ArcRwSignal<Option<UserStats>> {
    let stats = STATS.with(Clone::clone);
    if !LISTENING.replace(true) {
        let told = stats.clone();
        let tell = move |json: Option<String>| {
            if let Some(news) = json.and_then(|json| serde_json::from_str(&json).ok()) {
                told.set(Some(news));
            }
        };
        tell(Reflect::get(&window(), &LATEST.into()).ok().and_then(|json| json.as_string()));
        window_event_listener(Custom::<CustomEvent>::new(EVENT), move |event| tell(event.detail().as_string()));
    }
    stats
}

/// Calls back with the latest rewards, at once where some have come already. Only for the browser: call it in effects.
pub fn on_rewards(told: impl Fn(RewardCards) + 'static) {
    let tell = move |json: Option<String>| {
        if let Some(news) = json.and_then(|json| serde_json::from_str(&json).ok()) {
            told(news);
        }
    };
    tell(Reflect::get(&window(), &LATEST_REWARDS.into()).ok().and_then(|json| json.as_string()));
    window_event_listener(Custom::<CustomEvent>::new(REWARDS), move |event| tell(event.detail().as_string()));
}

/// Sent on the window with ids of codes as JSON, or `null` for all.
const CODES: &str = "passalong:codes";

/// Calls back whenever codes have moved: with their ids, or with nothing when any may have. Only for admins' pages in
/// the browser: call it in effects.
pub fn on_codes(told: impl Fn(Option<Vec<CodeId>>) + 'static) {
    window_event_listener(Custom::<CustomEvent>::new(CODES), move |event| {
        told(event.detail().as_string().and_then(|json| serde_json::from_str(&json).unwrap_or_default()));
    });
}

/// A value that follows the latest numbers, and how many times it has changed on this page.
///
/// It begins with what the server rendered, so that waking never changes the page.
pub fn follow<T>(initial: T, pick: impl Fn(&UserStats) -> T + 'static) -> RwSignal<(T, u32)>
where
    T: PartialEq + Send + Sync + 'static,
{
    let shown = RwSignal::new((initial, 0));
    Effect::new(move |_| {
        let Some(value) = stats().with(|stats| stats.as_ref().map(&pick)) else { return };
        if shown.with_untracked(|(old, _)| *old != value) {
            shown.update(|(old, changes)| {
                *old = value;
                *changes += 1;
            });
        }
    });
    shown
}

/// The class that shows a change once more for each number of changes.
pub fn changed(changes: u32) -> &'static str {
    match changes {
        0 => "",
        odd if odd % 2 == 1 => "changed odd",
        _ => "changed even",
    }
}
