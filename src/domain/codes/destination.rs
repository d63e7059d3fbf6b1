//! Where a link leads: the destination of the program, with the code and what the visitor's link says of a campaign.

use crate::domain::{
    codes::code::Code,
    ids::ClickId,
    query_string::encode,
    settings::{CLICK_ID_PARAMETER, REF_PARAMETER},
};
use std::borrow::Cow;

/// Parameters by which advertisers and mailers recognise their campaigns, `utm_…` apart.
const CAMPAIGN_PARAMETERS: [&str; 25] = [
    "gclid",
    "gbraid",
    "wbraid",
    "dclid",
    "gclsrc",
    "gad_source",
    "gad_campaignid",
    "srsltid",
    "fbclid",
    "igshid",
    "igsh",
    "msclkid",
    "ttclid",
    "twclid",
    "li_fat_id",
    "rdt_cid",
    "sccid",
    "epik",
    "yclid",
    "ysclid",
    "mc_cid",
    "mc_eid",
    "_hsenc",
    "_hsmi",
    "mkt_tok",
];

/// Where a link leads that cannot be used: to the page of those who come without one, which says so.
pub const INVALID_LINK: &str = "/signup?invitation=invalid";

/// The value of `invitation` in it.
pub const INVALID: &str = "invalid";

/// Bytes that the parameters of a visitor may add to an address.
const MAX_CAMPAIGN: usize = 1_500;

/// The names of the parameters that carry code and click.
#[derive(Clone, Copy, Debug)]
pub struct LinkParameters<'a> {
    pub code: &'a str,
    pub click: &'a str,
}

impl LinkParameters<'static> {
    /// Those of this site's own pages.
    pub const OWN: Self = Self { code: REF_PARAMETER, click: CLICK_ID_PARAMETER };
}

/// The address to send a visitor to. `credited` is the code that works, with the click if it is a person's; `query` is
/// that of the visitor's link. Of it only parameters of campaigns travel on: behind the destination's own, in place of
/// those of the same name, and before its fragment.
pub fn destination(
    address: &str,
    parameters: LinkParameters<'_>,
    credited: Option<(&Code, Option<ClickId>)>,
    query: Option<&str>,
) -> String {
    let (rest, fragment) = match address.find('#') {
        Some(at) => address.split_at(at),
        None => (address, ""),
    };
    let (path, own) = rest.split_once('?').unwrap_or((rest, ""));
    let campaign = campaign(query);
    let replaced = |name: &str| {
        credited.is_some() && (name == parameters.code || name == parameters.click)
            || campaign.iter().any(|(other, _)| other == name)
    };
    let mut out = String::with_capacity(address.len() + 96);
    out.push_str(path);
    let mut mark = '?';
    let mut add = |parts: [&str; 2]| {
        out.push(mark);
        mark = '&';
        out.extend(parts);
    };
    for pair in own.split('&').filter(|pair| !pair.is_empty() && !replaced(&name(pair))) {
        add([pair, ""]);
    }
    if let Some((code, click)) = credited {
        add([&format!("{}=", parameters.code), code.as_str()]);
        if let Some(click) = click {
            add([&format!("{}=", parameters.click), &click.to_string()]);
        }
    }
    for (name, value) in &campaign {
        add([&format!("{name}="), value]);
    }
    out.push_str(fragment);
    out
}

/// The name of a parameter, decoded.
fn name(pair: &str) -> Cow<'_, str> {
    form_urlencoded::parse(pair.as_bytes()).next().map(|(name, _)| name).unwrap_or_default()
}

/// The parameters of a campaign in a query, their values encoded anew; each once, and as many as there is room for.
fn campaign(query: Option<&str>) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = vec![];
    let mut room = MAX_CAMPAIGN;
    for (name, value) in form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
        if !names_campaign(&name) || found.iter().any(|(other, _)| *other == name) {
            continue;
        }
        let value = encode(&value);
        if let Some(left) = room.checked_sub(name.len() + value.len() + 2) {
            room = left;
            found.push((name.into_owned(), value));
        }
    }
    found
}

fn names_campaign(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.');
    CAMPAIGN_PARAMETERS.contains(&lower.as_str())
        || lower.strip_prefix("utm_").is_some_and(|rest| (1..=40).contains(&rest.len()) && rest.bytes().all(plain))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code() -> Code {
        Code::parse("abc").expect("a code")
    }

    fn led(address: &str, query: &str) -> String {
        destination(address, LinkParameters::OWN, Some((&code(), Some(ClickId(7)))), Some(query))
    }

    #[test]
    fn a_link_leads_to_its_destination_with_the_code_and_the_click() {
        assert_eq!(led("/signup", ""), "/signup?ref=ABC&click_id=7");
        assert_eq!(
            led("https://a.example/join?plan=pro#top", ""),
            "https://a.example/join?plan=pro&ref=ABC&click_id=7#top"
        );
        assert_eq!(destination("/signup", LinkParameters::OWN, Some((&code(), None)), None), "/signup?ref=ABC");
        assert_eq!(
            destination("https://a.example/?ref=x#a?b", LinkParameters::OWN, None, None),
            "https://a.example/?ref=x#a?b"
        );
    }

    #[test]
    fn parameters_of_the_destination_are_replaced_and_not_doubled() {
        for own in ["ref=old&plan=pro&click_id=1", "click_id=&plan=pro&ref", "plan=pro&r%65f=x&ref=y&ref=z"] {
            assert_eq!(
                led(&format!("https://a.example/?{own}"), ""),
                "https://a.example/?plan=pro&ref=ABC&click_id=7",
                "{own}"
            );
        }
        let bot = destination("https://a.example/?click_id=1", LinkParameters::OWN, Some((&code(), None)), None);
        assert_eq!(bot, "https://a.example/?ref=ABC");
        assert_eq!(
            led("https://a.example/?utm_source=own&a=b", "utm_source=x"),
            "https://a.example/?a=b&ref=ABC&click_id=7&utm_source=x"
        );
    }

    #[test]
    fn the_parameters_have_the_names_that_the_host_wants() {
        let names = LinkParameters { code: "via", click: "visit" };
        assert_eq!(
            destination("https://a.example/?via=x&ref=own", names, Some((&code(), Some(ClickId(7)))), None),
            "https://a.example/?ref=own&via=ABC&visit=7"
        );
    }

    #[test]
    fn what_names_a_campaign_travels_on_and_nothing_else() {
        let query = "via=copy&utm_source=a%20b&gclid=1&fbclid=2&ttclid=3&msclkid=4&next=//evil&ref=x&click_id=9&UTM_Medium=m&utm_source=again";
        assert_eq!(
            led("https://a.example/", query),
            "https://a.example/?ref=ABC&click_id=7&utm_source=a%20b&gclid=1&fbclid=2&ttclid=3&msclkid=4&UTM_Medium=m"
        );
        assert_eq!(
            destination("/signup", LinkParameters::OWN, None, Some("utm_source=x&ref=ABC")),
            "/signup?utm_source=x"
        );
    }

    #[test]
    fn campaigns_are_bounded() {
        let query = format!("utm_source={}&gclid=1&utm_{}=1", "x".repeat(5_000), "y".repeat(41));
        assert_eq!(led("/signup", &query), "/signup?ref=ABC&click_id=7&gclid=1");
        let many: String = (0..1_000).map(|n| format!("utm_{n}=%ff%0d%0a&")).collect();
        assert!(led("/signup", &many).len() < 100 + MAX_CAMPAIGN);
    }

    proptest::proptest! {
        #[test]
        fn a_visitor_changes_neither_host_nor_path_nor_fragment(query in "\\PC{0,80}|((utm_a|gclid|ref|click_id)=[ -~\\r\\n]{0,20}&?){0,5}") {
            let address = led("https://a.example/join?plan=pro#top", &query);
            proptest::prop_assert!(address.starts_with("https://a.example/join?plan=pro&ref=ABC&click_id=7"));
            proptest::prop_assert!(address.ends_with("#top") && address.matches('#').count() == 1);
            proptest::prop_assert!(address.bytes().all(|b| b.is_ascii_graphic()));
            proptest::prop_assert_eq!(address.matches("ref=").count(), 1);
        }
    }
}
