//! Why somebody was credited, or not, in words.

use crate::{
    domain::{
        attribution::{Candidate, Source, Verdict},
        codes::code::CodeProblem,
    },
    text::Texts,
};

impl Texts {
    /// What became of a piece of evidence, in plain words.
    pub(crate) fn candidate(&self, candidate: &Candidate) -> String {
        let evidence = match (candidate.source, candidate.at) {
            (Source::Typed, _) => self.evidence_typed(),
            (Source::Link | Source::LinkCode, _) => self.evidence_link(),
            (Source::Import, _) => self.evidence_import(),
            (Source::Click, Some(at)) => self.evidence_visit(self.date(at)),
            (Source::Click, None) => self.evidence_visit_undated(),
        };
        match &candidate.verdict {
            Verdict::Chosen | Verdict::Eligible => self.evidence_counted(evidence),
            Verdict::Outranked => self.evidence_outranked(evidence),
            Verdict::OutsideWindow { days, window } => self.evidence_outside_window(*days, evidence, *window),
            Verdict::AfterSignUp => self.evidence_after_sign_up(evidence),
            Verdict::ClickUsed => self.evidence_click_used(evidence),
            Verdict::SuspectedVisit => self.evidence_suspected(evidence),
            Verdict::UnknownClick { named } if named.is_empty() => self.evidence_no_click_id(),
            Verdict::UnknownClick { named } => self.evidence_unknown_click(named),
            Verdict::JoinedBefore => self.evidence_joined_before(evidence),
            Verdict::OwnEmail | Verdict::OwnBrowser => self.evidence_own(evidence),
            Verdict::SameAccount => self.evidence_same_account(evidence),
            Verdict::CannotBeUsed { problem } => match problem {
                CodeProblem::CodeNotFound => self.evidence_code_not_found(evidence),
                CodeProblem::CodeInactive => self.evidence_code_inactive(evidence),
                CodeProblem::CodeExpired => self.evidence_code_expired(evidence),
                CodeProblem::UsageLimitReached => self.evidence_code_used_up(evidence),
            },
        }
    }

    /// The same for the referrer, without what others have sent: it may be anything.
    pub(crate) fn candidate_for_referrer(&self, candidate: &Candidate) -> String {
        match candidate.verdict {
            Verdict::UnknownClick { .. } => self.friends_unknown_visit(),
            _ => self.candidate(candidate),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::time::{DAY, Time},
        text::{english, spanish},
    };

    fn said(source: Source, at: Option<Time>, verdict: Verdict) -> String {
        said_in(&english(), source, at, verdict)
    }

    fn said_in(texts: &Texts, source: Source, at: Option<Time>, verdict: Verdict) -> String {
        let candidate =
            Candidate { source, code: "ABC".into(), code_id: None, referrer: None, click: None, at, verdict };
        texts.candidate(&candidate)
    }

    #[test]
    fn evidence_reads_well_in_spanish() {
        let visit = Some(Time(59 * DAY));
        for (source, at, verdict, text) in [
            (Source::Typed, None, Verdict::Chosen, "El código escrito a mano contó."),
            (
                Source::Click,
                visit,
                Verdict::OutsideWindow { days: 41, window: 30 },
                "La visita del 1 de marzo de 1970 no contó: fue 41 días antes del registro, fuera del plazo de 30 días.",
            ),
            (Source::Click, None, Verdict::SuspectedVisit, "Una visita no contó: no parecía de una persona."),
            (
                Source::Link,
                None,
                Verdict::CannotBeUsed { problem: CodeProblem::CodeExpired },
                "El código del enlace no contó: el código había vencido.",
            ),
            (Source::Click, visit, Verdict::UnknownClick { named: "foo".into() }, "Ninguna visita tiene el ID “foo”."),
        ] {
            assert_eq!(said_in(&spanish(), source, at, verdict), text);
        }
    }

    #[test]
    fn a_visit_is_named_by_its_day() {
        assert_eq!(
            said(Source::Click, Some(Time(59 * DAY)), Verdict::OutsideWindow { days: 41, window: 30 }),
            "The visit on 1 March 1970 didn’t count: it was 41 days before the sign-up, outside the 30-day window."
        );
        assert_eq!(said(Source::Click, None, Verdict::Chosen), "A visit counted.");
    }

    #[test]
    fn an_import_is_named_as_what_it_is() {
        assert_eq!(said(Source::Import, None, Verdict::Chosen), "The imported referral counted.");
        assert_eq!(said_in(&spanish(), Source::Import, None, Verdict::Chosen), "El referido importado contó.");
    }

    #[test]
    fn a_referrer_does_not_see_what_was_sent() {
        let verdict = Verdict::UnknownClick { named: "bob@example.com".into() };
        let code = "bob@example.com".to_owned();
        let sent =
            Candidate { source: Source::Click, code, code_id: None, referrer: None, click: None, at: None, verdict };
        assert_eq!(english().candidate_for_referrer(&sent), "We didn’t find a matching visit.");
        let visit = Candidate { verdict: Verdict::Chosen, ..sent };
        assert_eq!(english().candidate_for_referrer(&visit), "A visit counted.");
    }

    #[test]
    fn every_verdict_has_its_sentence() {
        for (verdict, text) in [
            (Verdict::Eligible, "The code typed by hand counted."),
            (Verdict::Outranked, "The code typed by hand didn’t count: something else took priority."),
            (Verdict::OwnEmail, "The code typed by hand didn’t count: it was the referrer’s own."),
            (Verdict::OwnBrowser, "The code typed by hand didn’t count: it was the referrer’s own."),
            (
                Verdict::SameAccount,
                "The code typed by hand didn’t count: people in the same account can’t refer each other.",
            ),
            (Verdict::JoinedBefore, "The code typed by hand didn’t count: this person already had an account."),
            (Verdict::UnknownClick { named: "foo".into() }, "No visit has the ID “foo”."),
            (Verdict::UnknownClick { named: String::new() }, "There was no visit: its ID was empty."),
        ] {
            assert_eq!(said(Source::Typed, None, verdict), text);
        }
        for (problem, text) in [
            (CodeProblem::CodeNotFound, "The code from the link didn’t count: there is no such code."),
            (CodeProblem::CodeInactive, "The code from the link didn’t count: the code was switched off."),
            (CodeProblem::CodeExpired, "The code from the link didn’t count: the code had expired."),
            (CodeProblem::UsageLimitReached, "The code from the link didn’t count: the code had reached its limit."),
        ] {
            assert_eq!(said(Source::Link, None, Verdict::CannotBeUsed { problem }), text);
        }
    }
}
