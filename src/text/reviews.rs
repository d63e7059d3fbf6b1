//! Referrals in review, in words.

use crate::{
    domain::{ids::UserId, reviews::Decision, reviews::sign::Sign},
    text::Texts,
    view_models::reviews::ReviewCase,
};

impl Texts {
    /// What looks wrong. `names` are those of people whose accounts are there.
    pub(crate) fn review_sign(&self, sign: &Sign, names: &[(UserId, String)]) -> String {
        let name = |user: &UserId| {
            let known = names.iter().find(|(id, _)| id == user);
            known.map_or_else(|| self.reviews_an_account_gone(), |(_, name)| name.clone())
        };
        let (text, steps) = match sign {
            Sign::SameBrowser { user_id, steps } => (self.reviews_sign_same_browser(name(user_id)), *steps),
            Sign::SameNetwork { user_id, steps } => (self.reviews_sign_same_network(name(user_id)), *steps),
            Sign::DisposableEmail { domain } => (self.reviews_sign_disposable_email(domain), 1),
            Sign::ManyByCode { count, most } => {
                (self.reviews_sign_many_by_code(self.number(*count), self.number(*most)), 1)
            }
            Sign::ManyByBrowser { count, most } => {
                (self.reviews_sign_many_by_browser(self.number(*count), self.number(*most)), 1)
            }
            Sign::PaidAd => (self.reviews_sign_paid_ad(), 1),
        };
        if steps > 1 { self.reviews_sign_up_the_chain(text, self.number(steps)) } else { text }
    }

    /// Whose referral a case is about.
    pub(crate) fn review_case(&self, case: &ReviewCase) -> String {
        let name = |name: &str, gone: fn(&Self) -> String| if name.is_empty() { gone(self) } else { name.to_owned() };
        let friend = name(&case.referee.name, |texts| texts.reviews_account_gone());
        match &case.referrer {
            Some(referrer) => self.reviews_case(friend, name(&referrer.name, |texts| texts.reviews_an_account_gone())),
            None => self.reviews_case_by_code(friend, &case.code),
        }
    }

    /// What was decided, in a word.
    pub(crate) fn review_decision(&self, decision: Decision) -> String {
        match decision {
            Decision::Approved => self.reviews_approved(),
            Decision::Rejected => self.reviews_rejected(),
            Decision::Corrected => self.reviews_corrected(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{english, spanish};

    #[test]
    fn each_sign_is_a_line_of_its_own() {
        let (ann, names) = (UserId(1), [(UserId(1), "ann".to_owned())]);
        let lines = [
            (Sign::SameBrowser { user_id: ann, steps: 1 }, "Same network and browser as ann"),
            (Sign::SameNetwork { user_id: ann, steps: 3 }, "Same network as ann, 3 steps up the chain"),
            (Sign::SameNetwork { user_id: UserId(2), steps: 1 }, "Same network as a deleted account"),
            (Sign::ManyByCode { count: 6, most: 5 }, "6 sign-ups by this code within an hour; the limit is 5"),
        ];
        for (sign, line) in lines {
            assert_eq!(english().review_sign(&sign, &names), line);
        }
    }

    #[test]
    fn signs_read_well_in_spanish() {
        let (ann, names) = (UserId(1), [(UserId(1), "ann".to_owned())]);
        for (sign, line) in [
            (Sign::SameBrowser { user_id: ann, steps: 1 }, "Misma red y mismo navegador que ann"),
            (Sign::SameNetwork { user_id: ann, steps: 3 }, "Misma red que ann, 3 niveles más arriba en la cadena"),
            (Sign::SameNetwork { user_id: UserId(2), steps: 1 }, "Misma red que una cuenta eliminada"),
            (Sign::DisposableEmail { domain: "a.b".into() }, "Correo electrónico desechable (a.b)"),
            (Sign::ManyByCode { count: 1_200, most: 5 }, "1.200 registros con este código en una hora; el límite es 5"),
            (Sign::ManyByBrowser { count: 4, most: 3 }, "4 registros desde este navegador en un día; el límite es 3"),
            (Sign::PaidAd, "El enlace vino de un anuncio pagado"),
        ] {
            assert_eq!(spanish().review_sign(&sign, &names), line);
        }
    }
}
