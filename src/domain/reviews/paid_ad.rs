//! Links that were followed from an advertisement that somebody paid for.

use crate::domain::query_string::query_value;

/// Parameters that only paid advertisements add: Google Ads, Microsoft Advertising, Google Marketing Platform. Those
/// that other links carry too, as `fbclid`, say nothing.
const CLICK_IDS: [&str; 5] = ["gclid", "gbraid", "wbraid", "dclid", "msclkid"];

/// Values of `utm_medium` by which advertisements are told.
const MEDIA: [&str; 11] = [
    "cpc",
    "ppc",
    "cpm",
    "cpv",
    "cpa",
    "paid",
    "paidsearch",
    "paid_search",
    "paid-social",
    "paid_social",
    "paidsocial",
];

/// Whether the query of a link says that an advertisement led to it.
pub fn is_paid_ad(query: &str) -> bool {
    let set = |name: &str| query_value(Some(query), name).is_some_and(|value| !value.is_empty());
    let medium = query_value(Some(query), "utm_medium").map(|medium| medium.to_ascii_lowercase());
    CLICK_IDS.into_iter().any(set) || medium.is_some_and(|medium| MEDIA.contains(&medium.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_advertisements_add_is_told() {
        for query in ["gclid=Cj0", "via=copy&msclkid=1", "utm_source=x&utm_medium=CPC", "utm_medium=paid_social"] {
            assert!(is_paid_ad(query), "{query}");
        }
        for query in ["", "via=copy", "fbclid=1", "gclid=", "utm_medium=email", "utm_medium=social", "mygclid=1"] {
            assert!(!is_paid_ad(query), "{query}");
        }
    }
}
