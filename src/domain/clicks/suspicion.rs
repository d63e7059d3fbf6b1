//! Visits that are served but not counted: machines that say so, and requests that nobody looks at.

use aho_corasick::AhoCorasick;
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

/// Why a visit does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Suspicion {
    /// A `HEAD` request: somebody asks whether the link exists.
    Head,
    /// The browser fetches ahead of a click that may never come.
    Prefetch,
    /// An image, frame or script asks, not a person who navigates.
    NotNavigation,
    /// A crawler or link preview that names itself.
    Bot,
    /// The same visitor, code and hour again.
    Repeat,
}

impl Suspicion {
    /// The name kept in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Head => "head",
            Self::Prefetch => "prefetch",
            Self::NotNavigation => "not_navigation",
            Self::Bot => "bot",
            Self::Repeat => "repeat",
        }
    }
}

/// The parts of a request that tell. Absent headers are empty.
#[derive(Clone, Copy, Debug, Default)]
pub struct RequestSignals<'a> {
    pub head: bool,
    pub user_agent: &'a str,
    /// `Sec-Purpose`, or its elders `Purpose` and `X-Moz`.
    pub purpose: &'a str,
    /// `Sec-Fetch-Dest`
    pub fetch_dest: &'a str,
    /// `Sec-Fetch-Mode`
    pub fetch_mode: &'a str,
}

/// How crawlers, previews and monitors name themselves, in lower case. Tools that any program may be built with
/// (curl, HTTP libraries) are not here: their name says nothing about who is behind them.
const BOTS: [&str; 41] = [
    "bot",
    "crawl",
    "spider",
    "slurp",
    "preview",
    "facebookexternalhit",
    "facebookcatalog",
    "meta-externalagent",
    "whatsapp",
    "telegram",
    "slack-imgproxy",
    "slackbot",
    "discord",
    "skypeuripreview",
    "linkedin",
    "pinterest/",
    "vkshare",
    "embedly",
    "iframely",
    "bitlybot",
    "mastodon",
    "pleroma",
    "redditbot",
    "snapchat",
    "viber",
    "line-poker",
    "google-inspectiontool",
    "googleother",
    "mediapartners-google",
    "feedfetcher",
    "lighthouse",
    "pingdom",
    "uptimerobot",
    "statuscake",
    "site24x7",
    "archive.org",
    "ahrefs",
    "semrush",
    "headlesschrome-lighthouse",
    "scrapy",
    "validator",
];

/// Finds any of them in one pass; every visit is looked at.
static FIND_BOT: LazyLock<Option<AhoCorasick>> =
    LazyLock::new(|| AhoCorasick::builder().ascii_case_insensitive(true).build(BOTS).ok());

/// Why the visit is suspected, if it is.
pub fn find_suspicion(request: RequestSignals<'_>) -> Option<Suspicion> {
    let says = |word| request.purpose.contains(word);
    if request.head {
        Some(Suspicion::Head)
    } else if says("prefetch") || says("prerender") || says("preview") {
        Some(Suspicion::Prefetch)
    } else if !matches!(request.fetch_dest, "" | "document") || !matches!(request.fetch_mode, "" | "navigate") {
        Some(Suspicion::NotNavigation)
    } else if FIND_BOT.as_ref().is_some_and(|bots| bots.is_match(request.user_agent)) {
        Some(Suspicion::Bot)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

    #[test]
    fn people_count() {
        let navigation = RequestSignals {
            user_agent: FIREFOX,
            fetch_dest: "document",
            fetch_mode: "navigate",
            ..RequestSignals::default()
        };
        assert_eq!(find_suspicion(navigation), None);
        assert_eq!(find_suspicion(RequestSignals { user_agent: FIREFOX, ..RequestSignals::default() }), None);
        assert_eq!(find_suspicion(RequestSignals::default()), None);
    }

    #[test]
    fn machines_and_side_requests_do_not() {
        let by = |user_agent| find_suspicion(RequestSignals { user_agent, ..RequestSignals::default() });
        for bot in [
            "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
            "facebookexternalhit/1.1",
            "WhatsApp/2.23.20.0",
            "TelegramBot (like TwitterBot)",
            "Twitterbot/1.0",
            "Slackbot-LinkExpanding 1.0",
            "LinkedInBot/1.0",
            "Mozilla/5.0 (compatible; Discordbot/2.0)",
        ] {
            assert_eq!(by(bot), Some(Suspicion::Bot), "{bot}");
        }
        let firefox = RequestSignals { user_agent: FIREFOX, ..RequestSignals::default() };
        assert_eq!(find_suspicion(RequestSignals { head: true, ..firefox }), Some(Suspicion::Head));
        assert_eq!(
            find_suspicion(RequestSignals { purpose: "prefetch;prerender", ..firefox }),
            Some(Suspicion::Prefetch)
        );
        assert_eq!(find_suspicion(RequestSignals { fetch_dest: "image", ..firefox }), Some(Suspicion::NotNavigation));
        assert_eq!(find_suspicion(RequestSignals { fetch_mode: "no-cors", ..firefox }), Some(Suspicion::NotNavigation));
    }
}
