//! Visits that are served but not counted: machines that say so, and requests that nobody looks at.

use serde::{Deserialize, Serialize};

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
    /// A program by its name, or without one: crawler, preview, monitor, mail proxy, HTTP library.
    Bot,
    /// The same visitor, code and hour again.
    Repeat,
    /// More visitors of one network, for one code and in one hour, than the program counts.
    Burst,
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
            Self::Burst => "burst",
        }
    }
}

/// The parts of a request that tell. Absent headers are empty.
#[derive(Clone, Copy, Debug, Default)]
pub struct RequestSignals<'a> {
    pub head: bool,
    /// The user agent is that of a program, not of a person's browser.
    pub automated: bool,
    /// Why the browser asks: `Sec-Purpose` and its elders `Purpose`, `X-Purpose` and `X-Moz`, parted by commas.
    pub purpose: &'a str,
    /// `Sec-Fetch-Dest`
    pub fetch_dest: &'a str,
    /// `Sec-Fetch-Mode`
    pub fetch_mode: &'a str,
}

/// Why the visit is suspected, if it is.
pub fn find_suspicion(request: RequestSignals<'_>) -> Option<Suspicion> {
    let ahead =
        |word: &str| ["prefetch", "prerender", "preview"].iter().any(|purpose| word.eq_ignore_ascii_case(purpose));
    if request.head {
        Some(Suspicion::Head)
    } else if request.purpose.split([',', ';', ' ']).any(ahead) {
        Some(Suspicion::Prefetch)
    } else if !matches!(request.fetch_dest, "" | "document") || !matches!(request.fetch_mode, "" | "navigate") {
        Some(Suspicion::NotNavigation)
    } else {
        request.automated.then_some(Suspicion::Bot)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_count() {
        let navigation = RequestSignals { fetch_dest: "document", fetch_mode: "navigate", ..RequestSignals::default() };
        assert_eq!(find_suspicion(navigation), None);
        assert_eq!(find_suspicion(RequestSignals::default()), None);
        // A purpose that is no fetching ahead.
        assert_eq!(find_suspicion(RequestSignals { purpose: "navigate", ..navigation }), None);
    }

    #[test]
    fn machines_and_side_requests_do_not() {
        let person = RequestSignals::default();
        for (request, suspicion) in [
            (RequestSignals { head: true, ..person }, Suspicion::Head),
            (RequestSignals { automated: true, ..person }, Suspicion::Bot),
            (RequestSignals { purpose: "prefetch;prerender", ..person }, Suspicion::Prefetch),
            (RequestSignals { purpose: "prefetch; anonymous-client-ip", ..person }, Suspicion::Prefetch),
            (RequestSignals { purpose: "other,Preview", ..person }, Suspicion::Prefetch),
            (RequestSignals { fetch_dest: "image", ..person }, Suspicion::NotNavigation),
            (RequestSignals { fetch_mode: "no-cors", ..person }, Suspicion::NotNavigation),
        ] {
            assert_eq!(find_suspicion(request), Some(suspicion), "{request:?}");
        }
    }
}
