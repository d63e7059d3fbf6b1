//! Reward rules, in words.

use crate::{
    domain::{
        money::Money,
        rewards::{
            hold::Holds,
            kind,
            rule::{Approval, Conditions, Milestone, MilestoneOf, Period, Recipient, RuleTerms, Trigger},
        },
    },
    text::Texts,
};

/// What is not said yet.
const OPEN: &str = "…";

impl Texts {
    /// What a rule does, in a sentence. `holds` are those of the program.
    pub(crate) fn rule_sentence(&self, terms: &RuleTerms, holds: Holds) -> String {
        let when = self.rule_when(terms);
        let gift = self.rule_waits(terms, self.rule_gift(terms), holds);
        let what: Vec<String> = std::iter::once(gift).chain(self.rule_limits(terms)).collect();
        let (who, what) = (self.rule_who(terms.recipient), what.join(", "));
        match terms.group {
            None => self.rule_sentence_whole(when, who, what),
            Some(_) => self.rule_sentence_choice(when, who, what),
        }
    }

    /// What the rules of a group do together, up to the options.
    pub(crate) fn rule_group_sentence(&self, terms: &RuleTerms) -> String {
        let milestone = terms.conditions.milestone;
        let conditions = Conditions { milestone, ..Conditions::default() };
        let plain = RuleTerms { trigger: terms.trigger, conditions, ..RuleTerms::default() };
        self.rule_choice(self.rule_when(&plain), self.rule_who(terms.recipient))
    }

    /// The options of a group: what the rules of each give together.
    pub(crate) fn rule_options(&self, rules: &[&RuleTerms]) -> Vec<String> {
        let mut options: Vec<(Option<&str>, Vec<String>)> = vec![];
        for terms in rules {
            let name = terms.option.as_deref();
            let called = terms.kind == kind::FEATURE_UNLOCK && !terms.description.is_empty();
            let gift = if called { self.described(&terms.description) } else { self.rule_gift(terms) };
            match options.iter_mut().find(|(known, _)| *known == name) {
                Some((_, gifts)) => gifts.push(gift),
                None => options.push((name, vec![gift])),
            }
        }
        options.into_iter().map(|(_, gifts)| self.joined(&gifts)).collect()
    }

    /// What a rule is called: by its name, what people read of it, or its kind.
    pub(crate) fn rule_title(&self, terms: &RuleTerms) -> String {
        let given = [&terms.name, &terms.description].into_iter().find(|text| !text.is_empty());
        given.map_or_else(|| self.rule_kind_name(&terms.kind), |text| self.described(text))
    }

    /// A kind of rewards, in words. One of the admin's own has its name.
    pub(crate) fn rule_kind_name(&self, kind: &str) -> String {
        match kind {
            kind::ACCOUNT_CREDIT => self.rule_kind_credit(),
            kind::EXTRA_MESSAGES => self.rule_kind_messages(),
            kind::EXTRA_REQUESTS => self.rule_kind_requests(),
            kind::FEATURE_UNLOCK => self.rule_kind_unlock(),
            own => own.to_owned(),
        }
    }

    fn rule_who(&self, recipient: Recipient) -> String {
        match recipient {
            Recipient::Referrer => self.rule_referrer(),
            Recipient::Referee => self.rule_referee(),
        }
    }

    fn rule_when(&self, terms: &RuleTerms) -> String {
        let conditions = &terms.conditions;
        let friend = if conditions.verified_email { self.rule_friend_verified() } else { self.rule_friend() };
        let money = |amount: Option<i64>| said(amount).map(|amount| self.rule_money(terms, amount));
        let pays = match (money(conditions.min_amount), &conditions.product) {
            (None, None) => self.rule_pays(),
            (Some(least), None) => self.rule_pays_least(least),
            (None, Some(product)) => self.rule_pays_for(product),
            (Some(least), Some(product)) => self.rule_pays_least_for(least, product),
        };
        let mut when = match terms.trigger {
            Trigger::Signup => return self.rule_when_signup(friend),
            Trigger::FirstConversion => self.rule_when_first(friend, pays),
            Trigger::EveryConversion => self.rule_when_every(friend, pays),
            Trigger::Milestone => return self.rule_when_reached(terms),
        };
        if let Some(months) = said(conditions.months) {
            when = self.rule_when_within(months, when);
        }
        if let Some(total) = money(conditions.min_total) {
            when = self.rule_when_spent(when, total);
        }
        when
    }

    fn rule_when_reached(&self, terms: &RuleTerms) -> String {
        let milestone = terms.conditions.milestone.unwrap_or(Milestone { of: MilestoneOf::Converted, count: Some(0) });
        let count = milestone.count.map(|count| match said(Some(count)) {
            Some(count) => (count, self.number(count)),
            None => (0, OPEN.into()),
        });
        match (milestone.of, count) {
            (MilestoneOf::SignedUp, Some((count, digits))) => self.rule_when_signed_up(count, digits),
            (MilestoneOf::Converted, Some((count, digits))) => self.rule_when_paid(count, digits),
            (MilestoneOf::SignedUp, None) => self.rule_when_goal_signed_up(),
            (MilestoneOf::Converted, None) => self.rule_when_goal_paid(),
        }
    }

    fn rule_days_text(&self, days: i64) -> String {
        self.rule_days(days, self.number(days))
    }

    fn rule_gift(&self, terms: &RuleTerms) -> String {
        match (said(terms.amount), said(terms.basis_points)) {
            (None, None) => OPEN.into(),
            (None, Some(basis_points)) => self.rule_percent(self.basis_points(basis_points)),
            (Some(days), _) if terms.kind == kind::FEATURE_UNLOCK => {
                let (text, description) = (self.rule_days_text(days), self.described(&terms.description));
                let says_days = description.split(' ').any(|word| word == days.to_string());
                match description.as_str() {
                    "" => self.rule_unlock(text),
                    _ if says_days => description,
                    _ => self.rule_unlock_described(description, text),
                }
            }
            (Some(amount), _) => self.rule_units(terms, amount),
        }
    }

    fn rule_waits(&self, terms: &RuleTerms, what: String, holds: Holds) -> String {
        let days = said(Some(terms.days_on_hold(holds))).map(|days| self.rule_days_text(days));
        match (days, terms.approval) {
            (None, Approval::Automatic) => what,
            (None, Approval::Manual) => self.rule_approved(what),
            (Some(days), Approval::Automatic) => self.rule_after(what, days),
            (Some(days), Approval::Manual) => self.rule_after_approved(what, days),
        }
    }

    fn rule_limits(&self, terms: &RuleTerms) -> Vec<String> {
        let caps = &terms.caps;
        let times = |count: i64| self.rule_times(count, self.number(count));
        let per_referrer = caps.per_referrer.filter(|cap| cap.count > 0).map(|cap| {
            let times = times(cap.count);
            let text = match cap.period {
                Period::Day => self.rule_times_day(times),
                Period::Week => self.rule_times_week(times),
                Period::Month => self.rule_times_month(times),
                Period::Year => self.rule_times_year(times),
                Period::Ever => return self.rule_at_most(self.rule_per_referrer(times)),
            };
            // Said of the friend it would be about each friend.
            let of_friend = terms.recipient == Recipient::Referee;
            self.rule_at_most(if of_friend { self.rule_per_referrer(text) } else { text })
        });
        let budget = said(caps.budget).map(|budget| match kind::is_money(&terms.kind) {
            true => self.rule_budget_spent(self.rule_money(terms, budget)),
            false => self.rule_budget_given(self.rule_units(terms, budget)),
        });
        let limits = [
            said(terms.valid_days).map(|days| self.rule_valid(self.rule_days_text(days))),
            per_referrer,
            said(caps.per_referral).map(|count| self.rule_at_most(self.rule_per_friend(times(count)))),
            budget,
            terms.starts_at.map(|at| self.rule_from(self.date(at))),
            // An end at midnight is that of the day before.
            terms.ends_at.map(|at| self.rule_until(self.date(at.plus(-1)))),
        ];
        limits.into_iter().flatten().collect()
    }

    fn rule_money(&self, terms: &RuleTerms, amount: i64) -> String {
        terms.money_currency().map_or_else(|| self.number(amount), |currency| self.money(&Money { amount, currency }))
    }

    fn rule_units(&self, terms: &RuleTerms, amount: i64) -> String {
        let unit = terms.unit.as_deref().or_else(|| kind::standard_unit(&terms.kind));
        let currency = terms.currency.as_deref().filter(|_| kind::is_money(&terms.kind));
        self.amount(amount, unit.filter(|_| currency.is_none()), currency)
    }
}

/// A number that makes sense, as all of a saved rule do.
fn said(number: Option<i64>) -> Option<i64> {
    number.filter(|number| *number > 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{english, spanish};
    use serde_json::{Value, json};

    const HOLDS: Holds = Holds { signup: 7, conversion: 30 };

    fn terms(fields: Value) -> RuleTerms {
        let changes = fields.as_object().expect("an object");
        RuleTerms::default().with(changes).and_then(|terms| terms.validated("USD")).expect("a rule")
    }

    fn sentence(fields: Value) -> String {
        sentence_in(&english(), fields)
    }

    fn sentence_in(texts: &Texts, fields: Value) -> String {
        texts.rule_sentence(&terms(fields), HOLDS).replace('\u{a0}', " ")
    }

    #[test]
    fn a_rule_says_what_it_does() {
        let first = "When a friend pays for the first time, the referrer gets";
        for (fields, text) in [
            (
                json!({"trigger": "first_conversion", "kind": "account_credit", "amount": 1_000,
                    "caps": {"per_referrer": {"count": 5, "period": "month"}}}),
                format!("{first} $10.00 after 30 days, 5 times a month at most."),
            ),
            (
                json!({"kind": "extra_messages", "amount": 10, "valid_days": 30, "description": "10 extra messages"}),
                "When a friend signs up, the referrer gets 10 messages after 7 days, valid for 30 days.".into(),
            ),
            (
                json!({"kind": "extra_requests", "recipient": "referee", "amount": 1, "hold_days": 0, "valid_days": 1}),
                "When a friend signs up, the friend gets 1 request, valid for 1 day.".into(),
            ),
            (
                json!({"kind": "stickers", "unit": "stickers", "amount": 1_200, "hold_days": 1}),
                "When a friend signs up, the referrer gets 1,200 stickers after 1 day.".into(),
            ),
            (
                json!({"trigger": "every_conversion", "kind": "account_credit", "basis_points": 1_150, "hold_days": 0}),
                "When a friend pays, the referrer gets 11.5% of the payment.".into(),
            ),
            (
                json!({"trigger": "first_conversion", "kind": "account_credit", "amount": 500, "currency": "EUR",
                    "approval": "manual"}),
                format!("{first} €5.00 after 30 days and once you approve it."),
            ),
            (
                json!({"trigger": "first_conversion", "kind": "account_credit", "amount": 500, "approval": "manual",
                    "hold_days": 0}),
                format!("{first} $5.00 once you approve it."),
            ),
            (
                json!({"kind": "feature_unlock", "amount": 30, "hold_days": 0, "description": "a month of Pro"}),
                "When a friend signs up, the referrer gets a month of Pro (30 days).".into(),
            ),
            (
                json!({"kind": "feature_unlock", "amount": 7, "hold_days": 0, "description": "7 days of Pro"}),
                "When a friend signs up, the referrer gets 7 days of Pro.".into(),
            ),
            (
                json!({"kind": "feature_unlock", "amount": 1, "hold_days": 0}),
                "When a friend signs up, the referrer gets 1 day of a feature.".into(),
            ),
            (
                json!({"trigger": "first_conversion", "kind": "account_credit", "amount": 1_000, "hold_days": 0,
                    "group": "first", "option": "credit"}),
                "When a friend pays for the first time, the referrer can choose $10.00.".into(),
            ),
        ] {
            assert_eq!(sentence(fields), text);
        }
    }

    #[test]
    fn a_rule_reads_well_in_spanish() {
        let first = "Cuando un amigo paga por primera vez, el referente recibe";
        for (fields, text) in [
            (
                json!({"trigger": "first_conversion", "kind": "account_credit", "amount": 1_000,
                    "caps": {"per_referrer": {"count": 5, "period": "month"}}}),
                format!("{first} 10,00 US$ después de 30 días, 5 veces al mes como máximo."),
            ),
            (
                json!({"kind": "extra_messages", "amount": 10, "valid_days": 30}),
                "Cuando un amigo se registra, el referente recibe 10 mensajes después de 7 días, con una validez de 30 días."
                    .into(),
            ),
            (
                json!({"kind": "extra_requests", "recipient": "referee", "amount": 1, "hold_days": 1,
                    "caps": {"per_referrer": {"count": 1, "period": "week"}}}),
                "Cuando un amigo se registra, el amigo recibe 1 solicitud después de 1 día, una vez a la semana por \
                 referente como máximo."
                    .into(),
            ),
            (
                json!({"trigger": "every_conversion", "kind": "account_credit", "basis_points": 1_150, "hold_days": 0,
                    "conditions": {"min_amount": 2_000, "min_total": 10_000, "months": 6, "product": "prod_1",
                        "verified_email": true}}),
                "Cuando un amigo con correo electrónico verificado paga al menos 20,00 US$ por prod_1 dentro de 6 meses \
                 desde su primer pago, una vez que ha gastado 100,00 US$ en total, el referente recibe el 11,5 % del pago."
                    .into(),
            ),
            (
                json!({"trigger": "first_conversion", "kind": "account_credit", "amount": 500, "currency": "EUR",
                    "approval": "manual", "caps": {"per_referral": 1, "budget": 50_000}}),
                format!(
                    "{first} 5,00 € después de 30 días y cuando lo apruebes, una vez por amigo como máximo, hasta \
                     gastar 500,00 €."
                ),
            ),
            (
                json!({"kind": "feature_unlock", "amount": 30, "hold_days": 0, "approval": "manual"}),
                "Cuando un amigo se registra, el referente recibe 30 días de una función cuando lo apruebes.".into(),
            ),
            (
                json!({"kind": "stickers", "unit": "stickers", "amount": 1_200, "hold_days": 0,
                    "caps": {"per_referrer": {"count": 2, "period": "ever"}, "budget": 5_000}}),
                "Cuando un amigo se registra, el referente recibe 1.200 stickers, dos veces por referente como máximo, \
                 hasta entregar 5.000 stickers."
                    .into(),
            ),
            (
                json!({"trigger": "milestone", "kind": "account_credit", "amount": 1_000, "hold_days": 0,
                    "conditions": {"milestone": {"of": "converted", "count": 5}}}),
                "Cuando pagan 5 amigos de un referente, el referente recibe 10,00 US$.".into(),
            ),
            (
                json!({"trigger": "milestone", "kind": "account_credit", "amount": 1_000, "hold_days": 0,
                    "conditions": {"milestone": {"of": "signed_up", "count": 1}}}),
                "Cuando se registra 1 amigo de un referente, el referente recibe 10,00 US$.".into(),
            ),
            (
                json!({"trigger": "milestone", "kind": "account_credit", "amount": 1_000, "hold_days": 0,
                    "conditions": {"milestone": {"of": "signed_up", "count": null}}}),
                "Cuando un referente alcanza su meta de amigos registrados, el referente recibe 10,00 US$.".into(),
            ),
            (
                json!({"trigger": "first_conversion", "kind": "account_credit", "amount": 1_000, "hold_days": 0,
                    "group": "first", "option": "credit"}),
                "Cuando un amigo paga por primera vez, el referente puede elegir 10,00 US$.".into(),
            ),
            (
                json!({"kind": "extra_messages", "amount": 5, "hold_days": 0, "starts_at": "2026-12-01T00:00:00Z",
                    "ends_at": "2027-01-01T00:00:00Z"}),
                "Cuando un amigo se registra, el referente recibe 5 mensajes, desde el 1 de diciembre de 2026, hasta el \
                 31 de diciembre de 2026."
                    .into(),
            ),
        ] {
            assert_eq!(sentence_in(&spanish(), fields), text);
        }
    }

    #[test]
    fn conditions_are_part_of_the_occasion() {
        let rule = |trigger: &str, conditions: Value| {
            sentence(json!({"trigger": trigger, "kind": "account_credit", "amount": 100, "hold_days": 0,
                "conditions": conditions}))
        };
        for (trigger, conditions, when) in [
            ("signup", json!({"verified_email": true}), "a friend with a verified e-mail address signs up"),
            ("first_conversion", json!({"min_amount": 2_000}), "a friend pays at least $20.00 for the first time"),
            ("every_conversion", json!({"product": "prod_1"}), "a friend pays for prod_1"),
            ("every_conversion", json!({"months": 12}), "a friend pays within 12 months of the first payment"),
            ("every_conversion", json!({"months": 1}), "a friend pays within 1 month of the first payment"),
            (
                "first_conversion",
                json!({"min_total": 10_000}),
                "a friend pays for the first time, once they have spent $100.00 in total",
            ),
            (
                "every_conversion",
                json!({"min_amount": 2_000, "min_total": 10_000, "months": 6, "product": "prod_1", "verified_email": true}),
                "a friend with a verified e-mail address pays at least $20.00 for prod_1 within 6 months of the first \
                 payment, once they have spent $100.00 in total",
            ),
        ] {
            assert_eq!(rule(trigger, conditions), format!("When {when}, the referrer gets $1.00."));
        }
    }

    #[test]
    fn milestones_say_how_many_friends_they_take() {
        let rule = |of: &str, count: Option<i64>| {
            sentence(json!({"trigger": "milestone", "kind": "account_credit", "amount": 1_000,
                "conditions": {"milestone": {"of": of, "count": count}}}))
        };
        for (of, count, text) in [
            ("converted", Some(5), "When 5 friends of a referrer have paid, the referrer gets $10.00 after 30 days."),
            ("signed_up", Some(1), "When 1 friend of a referrer has signed up, the referrer gets $10.00 after 7 days."),
            (
                "signed_up",
                Some(1_022),
                "When 1,022 friends of a referrer have signed up, the referrer gets $10.00 after 7 days.",
            ),
            (
                "converted",
                None,
                "When a referrer reaches their goal of friends who paid, the referrer gets $10.00 after 30 days.",
            ),
            (
                "signed_up",
                None,
                "When a referrer reaches their goal of friends who signed up, the referrer gets $10.00 after 7 days.",
            ),
        ] {
            assert_eq!(rule(of, count), text);
        }
        let draft = RuleTerms { trigger: Trigger::Milestone, ..RuleTerms::default() };
        let text = english().rule_sentence(&draft, HOLDS);
        assert_eq!(text, "When … friends of a referrer have paid, the referrer gets … after 30 days.");
    }

    #[test]
    fn limits_come_last() {
        let rule = |recipient: &str, more: Value| {
            let mut fields = json!({"kind": "extra_messages", "amount": 5, "hold_days": 0, "recipient": recipient});
            fields.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
            sentence(fields)
        };
        let cap = |count: i64, period: &str| json!({"caps": {"per_referrer": {"count": count, "period": period}}});
        for (recipient, more, limits) in [
            ("referrer", cap(1, "day"), "once a day at most"),
            ("referrer", cap(2, "week"), "twice a week at most"),
            ("referrer", cap(1_000, "year"), "1,000 times a year at most"),
            ("referrer", cap(3, "ever"), "3 times per referrer at most"),
            ("referee", cap(3, "month"), "3 times a month per referrer at most"),
            ("referrer", json!({"caps": {"per_referral": 2}}), "twice per friend at most"),
            ("referrer", json!({"caps": {"budget": 500}}), "until 500 messages are given"),
            (
                "referrer",
                json!({"kind": "account_credit", "amount": 500, "caps": {"per_referral": 1, "budget": 50_000}}),
                "once per friend at most, until $500.00 is spent",
            ),
            (
                "referrer",
                json!({"starts_at": "2026-12-01T00:00:00Z", "ends_at": "2027-01-01T00:00:00Z"}),
                "from 1 December 2026, until 31 December 2026",
            ),
        ] {
            let text = rule(recipient, more);
            assert!(text.ends_with(&format!(", {limits}.")), "{text}");
        }
    }

    #[test]
    fn what_is_not_said_yet_is_left_open() {
        let mut terms = RuleTerms { kind: "account_credit".into(), valid_days: Some(-1), ..RuleTerms::default() };
        terms.caps.budget = Some(0);
        let text = english().rule_sentence(&terms, HOLDS);
        assert_eq!(text, "When a friend signs up, the referrer gets … after 7 days.");
    }

    #[test]
    fn rules_of_a_group_are_options() {
        let rule = |option: &str, kind: &str, amount: i64, description: &str| {
            terms(json!({"trigger": "first_conversion", "kind": kind, "amount": amount, "description": description,
                "group": "first", "option": option}))
        };
        let rules = [
            rule("credit", kind::ACCOUNT_CREDIT, 1_000, "$10 credit"),
            rule("pro", kind::FEATURE_UNLOCK, 30, "a month of Pro"),
            rule("usage", kind::EXTRA_MESSAGES, 50, "50 extra messages"),
            rule("usage", kind::EXTRA_REQUESTS, 25, ""),
        ];
        let options = english().rule_options(&rules.iter().collect::<Vec<_>>()).join(" · ").replace('\u{a0}', " ");
        assert_eq!(options, "$10.00 · a month of Pro · 50 messages and 25 requests");
        let sentence = english().rule_group_sentence(&rules[0]);
        assert_eq!(sentence, "When a friend pays for the first time, the referrer can choose:");
        assert_eq!(
            rules.each_ref().map(|terms| english().rule_title(terms)),
            ["$10 credit", "a month of Pro", "50 extra messages", "Extra requests"]
        );
    }
}
