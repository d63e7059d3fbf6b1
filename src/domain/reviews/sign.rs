//! Weak signs that a referral is not what it looks like. None of them proves anything, so none refuses anybody.

use crate::domain::{
    ids::UserId,
    reviews::disposable_email::disposable_domain,
    settings::ProgramSettings,
    time::{DAY, HOUR},
};
use serde::{Deserialize, Serialize};

/// How far up the chain of who brought whom a newcomer is compared: 1 is the referrer.
pub const MAX_STEPS: i64 = 5;

/// How far back sign-ups by one code are counted, in milliseconds.
pub const CODE_PERIOD: i64 = HOUR;

/// How far back sign-ups from one browser are counted, in milliseconds.
pub const BROWSER_PERIOD: i64 = DAY;

/// What looks wrong, with what it was found by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "sign", rename_all = "snake_case")]
pub enum Sign {
    /// The same network and browser as somebody up the chain has.
    SameBrowser { user_id: UserId, steps: i64 },
    /// The same network as somebody up the chain has, and another browser.
    SameNetwork { user_id: UserId, steps: i64 },
    /// An e-mail address for a few minutes.
    DisposableEmail { domain: String },
    /// More sign-ups by this code within an hour, this one with them, than `most`.
    ManyByCode { count: i64, most: i64 },
    /// More sign-ups from this browser within a day, this one with them, than `most`.
    ManyByBrowser { count: i64, most: i64 },
    /// The link was followed from an advertisement that somebody paid for.
    PaidAd,
}

/// Somebody up the chain who was seen in the newcomer's network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow))]
pub struct Neighbour {
    pub user_id: UserId,
    /// 1 for the referrer, 2 for who brought them.
    pub steps: i64,
    pub same_browser: bool,
}

/// What is known of a sign-up that is credited to a code.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SignUpFacts {
    pub email: String,
    /// Whether the code credits somebody.
    pub has_referrer: bool,
    pub neighbours: Vec<Neighbour>,
    /// Sign-ups by the code in the hour up to this one, and with it.
    pub by_code: i64,
    /// Sign-ups from the browser in the day up to this one, and with it.
    pub by_browser: i64,
    pub by_paid_ad: bool,
}

/// Everything that looks wrong, as far as the program's settings ask for it.
pub fn find_signs(facts: &SignUpFacts, settings: &ProgramSettings) -> Vec<Sign> {
    let mut signs = vec![];
    if settings.review_same_network {
        let nearest = |same_browser| {
            let alike = facts.neighbours.iter().filter(|neighbour| neighbour.same_browser == same_browser);
            alike.min_by_key(|neighbour| (neighbour.steps, neighbour.user_id))
        };
        let browser = nearest(true).map(|n| Sign::SameBrowser { user_id: n.user_id, steps: n.steps });
        let network = nearest(false).map(|n| Sign::SameNetwork { user_id: n.user_id, steps: n.steps });
        signs.extend(browser.or(network));
    }
    if settings.review_disposable_email {
        let domain = disposable_domain(&facts.email);
        signs.extend(domain.map(|domain| Sign::DisposableEmail { domain: domain.to_owned() }));
    }
    let too_many = |count: i64, most: i64| most > 0 && count > most;
    if facts.has_referrer && too_many(facts.by_code, settings.review_signups_per_code_hour) {
        signs.push(Sign::ManyByCode { count: facts.by_code, most: settings.review_signups_per_code_hour });
    }
    if too_many(facts.by_browser, settings.review_signups_per_browser_day) {
        signs.push(Sign::ManyByBrowser { count: facts.by_browser, most: settings.review_signups_per_browser_day });
    }
    if settings.review_paid_ads && facts.has_referrer && facts.by_paid_ad {
        signs.push(Sign::PaidAd);
    }
    signs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(user: i64, steps: i64, same_browser: bool) -> Neighbour {
        Neighbour { user_id: UserId(user), steps, same_browser }
    }

    fn facts() -> SignUpFacts {
        SignUpFacts {
            email: "bob@example.com".into(),
            has_referrer: true,
            by_code: 1,
            by_browser: 1,
            ..Default::default()
        }
    }

    fn signs(facts: &SignUpFacts) -> Vec<Sign> {
        find_signs(facts, &ProgramSettings::default())
    }

    #[test]
    fn an_honest_sign_up_shows_no_sign() {
        assert_eq!(signs(&facts()), []);
        assert_eq!(signs(&SignUpFacts { by_code: 5, by_browser: 3, ..facts() }), []);
    }

    #[test]
    fn one_browser_or_network_up_the_chain_is_told_by_the_nearest() {
        let neighbours = vec![near(4, 3, true), near(2, 1, false), near(3, 2, true)];
        assert_eq!(signs(&SignUpFacts { neighbours, ..facts() }), [Sign::SameBrowser { user_id: UserId(3), steps: 2 }]);
        let neighbours = vec![near(9, 5, false), near(2, 4, false)];
        assert_eq!(signs(&SignUpFacts { neighbours, ..facts() }), [Sign::SameNetwork { user_id: UserId(2), steps: 4 }]);
    }

    #[test]
    fn each_sign_has_its_limit() {
        let busy = SignUpFacts { by_code: 6, by_browser: 4, by_paid_ad: true, ..facts() };
        assert_eq!(
            signs(&busy),
            [Sign::ManyByCode { count: 6, most: 5 }, Sign::ManyByBrowser { count: 4, most: 3 }, Sign::PaidAd]
        );
        let nobody = SignUpFacts { has_referrer: false, ..busy.clone() };
        assert_eq!(signs(&nobody), [Sign::ManyByBrowser { count: 4, most: 3 }], "nobody gains by a busy campaign");
        let email = "bob@mailinator.com".to_owned();
        let domain = "mailinator.com".to_owned();
        assert_eq!(signs(&SignUpFacts { email, ..facts() }), [Sign::DisposableEmail { domain }]);
    }

    #[test]
    fn what_the_program_does_not_ask_for_is_no_sign() {
        let settings = ProgramSettings {
            review_same_network: false,
            review_disposable_email: false,
            review_paid_ads: false,
            review_signups_per_code_hour: 0,
            review_signups_per_browser_day: 0,
            ..ProgramSettings::default()
        };
        let worst = SignUpFacts {
            email: "bob@mailinator.com".into(),
            neighbours: vec![near(2, 1, true)],
            by_code: 900,
            by_browser: 900,
            by_paid_ad: true,
            ..facts()
        };
        assert_eq!(find_signs(&worst, &settings), []);
        assert_eq!(signs(&worst).len(), 5);
    }
}
