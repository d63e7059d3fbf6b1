//! Who joins by which code, who is credited, and who goes.

use super::{Code, Person, Program, Referral};
use crate::model::reward::Owner;

impl Program {
    /// The person whom a friend's account belongs to now.
    pub fn person(&self, friend: usize) -> Option<usize> {
        self.friends[friend].person
    }

    pub(super) fn sign_up(
        &mut self,
        friend: usize,
        code: Option<usize>,
        external: bool,
        colleague: bool,
        days_ago: i64,
    ) -> Option<u16> {
        if self.friends[friend].person.is_some() {
            return None;
        }
        let credited = code.filter(|code| {
            let same_company = colleague && self.referrer_of(*code) == Some(0);
            self.is_usable(*code) && !same_company && !self.friends[friend].joined_before
        });
        let referral = credited.map(|code| self.use_code(code));
        let signed_up_at = self.now - 24 * days_ago;
        self.friends[friend].person = Some(self.people.len());
        self.people.push(Person { external, colleague, erased: false, signed_up_at, referral });
        if referral.is_some() {
            self.earn_by_sign_up(self.people.len() - 1, true);
        }
        Some(201)
    }

    fn use_code(&mut self, code: usize) -> Referral {
        self.codes[code].uses += 1;
        self.codes[code].ever_used = true;
        Referral { code, referrer: self.referrer_of(code), corrected_at: None }
    }

    fn max_uses(code: usize) -> i64 {
        if code == 2 { 2 } else { i64::MAX }
    }

    /// Who is credited for a code now. A campaign code whose beneficiary is disabled credits nobody.
    fn referrer_of(&self, code: usize) -> Option<usize> {
        match code {
            0 | 1 => (!self.referrers[code].erased).then_some(code),
            2 => (!self.referrers[1].erased && !self.referrers[1].disabled).then_some(1),
            _ => None,
        }
    }

    fn is_usable(&self, code: usize) -> bool {
        let Code { uses, hidden, gone, .. } = self.codes[code];
        let owned = code > 1 || (!self.referrers[code].erased && !self.referrers[code].disabled);
        owned && !hidden && !gone && uses < Self::max_uses(code)
    }

    pub(super) fn correct(&mut self, friend: usize, code: Option<usize>, keep: bool) -> Option<u16> {
        let person = self.friends[friend].person?;
        let before = self.people[person].referral.map(|referral| referral.code);
        if code.is_some_and(|code| self.codes[code].gone) {
            return Some(422);
        }
        if before == code {
            return Some(200);
        }
        if let Some(code) = code {
            let same_company = self.people[person].colleague && self.referrer_of(code) == Some(0);
            if same_company || self.codes[code].uses >= Self::max_uses(code) {
                return Some(422);
            }
        }
        let former = self.people[person].referral.and_then(|referral| referral.referrer).map(Owner::Referrer);
        for reward in self.rewards.iter_mut().filter(|reward| keep && reward.friend == person) {
            if former == Some(reward.key.1) {
                reward.keep();
            }
        }
        if let Some(before) = before {
            self.codes[before].uses -= 1;
        }
        let credited = code.map(|code| Referral { corrected_at: Some(self.now), ..self.use_code(code) });
        self.people[person].referral = credited;
        if credited.is_some() {
            self.earn_by_sign_up(person, before.is_none());
        }
        Some(200)
    }

    pub(super) fn erase(&mut self, friend: usize) -> Option<u16> {
        let person = self.friends[friend].person.take()?;
        self.forfeit(Owner::Person(person));
        self.friends[friend].joined_before = true;
        self.people[person].erased = true;
        for payment in
            self.payments.iter_mut().filter(|payment| payment.payer.is_some_and(|payer| payer.person == person))
        {
            payment.clues.retain(|clue| clue.is_explicit());
        }
        self.customers.retain(|_, known| *known != person);
        Some(204)
    }

    /// Takes everything from somebody who goes that they have not used.
    pub(super) fn forfeit(&mut self, owner: Owner) {
        for reward in self.rewards.iter_mut().filter(|reward| reward.key.1 == owner && !reward.ended) {
            reward.keep();
            reward.end("erased");
        }
    }

    pub(super) fn delete_code(&mut self, code: usize) -> u16 {
        let code = &mut self.codes[code];
        if code.hidden || code.gone {
            return 404;
        }
        (code.hidden, code.gone) = (code.ever_used, !code.ever_used);
        204
    }
}
