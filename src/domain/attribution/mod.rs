//! Attribution: from recorded facts to the code that is credited, and the receipt that says why.
//!
//! The order of evidence: the code in the form first, then the clicks inside the window, the latest or the earliest
//! first as the program's model says, then the code of a link that came without a click.

pub mod form_code;

use crate::domain::{
    codes::code::{CodeProblem, CodeStatus},
    ids::{ClickId, CodeId, UserId},
    settings::AttributionModel,
    time::{DAY, MINUTE, Time},
};
use serde::{Deserialize, Serialize};

/// How far the clock of a host product may differ from this one, in milliseconds.
pub const CLOCK_TOLERANCE: i64 = 5 * MINUTE;

/// Characters of a code or click id that a receipt names although it is none.
const MAX_NAMED: usize = 50;

/// A code that exists, as it stood when the decision was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownCode {
    pub id: CodeId,
    pub code: String,
    pub status: CodeStatus,
    /// Who would be credited: the owner or the beneficiary, if anybody.
    pub referrer: Option<UserId>,
    /// The referrer's e-mail in normalised form.
    pub referrer_email: Option<String>,
    /// The workspace at the host product that the referrer belongs to, if any.
    pub referrer_account: Option<String>,
}

/// A remembered click.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Touchpoint {
    pub click: ClickId,
    pub code: CodeId,
    /// The latest visit that this click stands for: within an hour the same visitor is counted once.
    pub at: Time,
}

/// The way somebody came: the clicks that are remembered, and what tells whose browser it was.
#[derive(Clone, Debug, Default)]
pub struct Touchpoints {
    pub clicks: Vec<Touchpoint>,
    /// The browser's random id.
    pub visitor: Option<i64>,
    pub signed_in: Option<UserId>,
    /// The code of a link, as a host product has kept it; empty for none.
    pub linked_code: String,
    /// What a host product took for the id of a click, where there is no such click.
    pub unknown_click: Option<String>,
    /// A click that was not a person's.
    pub suspected: Option<Touchpoint>,
    /// Those of the clicks that have led to somebody else's sign-up.
    pub used: Vec<ClickId>,
}

/// How the form came to its code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// Typed by hand.
    Typed,
    /// Filled in from a link.
    Link,
    /// Not in the form: a remembered click.
    Click,
    /// Not in the form: what a host product has kept of a link.
    LinkCode,
    /// A file that history came in with.
    Import,
}

/// One piece of evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    pub source: Source,
    /// The code as text, also when it is unknown.
    pub code: String,
    pub known: Option<KnownCode>,
    /// The click and its time, for remembered clicks.
    pub click: Option<(ClickId, Time)>,
}

/// All that a decision depends on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// When the decision is made.
    pub now: Time,
    /// When the newcomer signed up.
    pub signed_up_at: Time,
    pub window_days: i64,
    pub model: AttributionModel,
    /// The newcomer's e-mail in normalised form.
    pub newcomer_email: String,
    /// The workspace at the host product that the newcomer belongs to, if any.
    pub newcomer_account: Option<String>,
    /// Users who are known to have used this browser.
    pub browser_users: Vec<UserId>,
    /// The code in the form, if there is one.
    pub form: Option<Evidence>,
    /// The remembered clicks, in any order.
    pub clicks: Vec<Evidence>,
    /// Those of them that have led to somebody else's sign-up.
    pub used: Vec<ClickId>,
    /// The code of a link without a click of its own.
    pub linked: Option<Evidence>,
    /// What is no evidence, for the receipt.
    pub rejected: Vec<Candidate>,
    /// Whether somebody with this e-mail was here and has been erased.
    pub joined_before: bool,
}

/// What became of a piece of evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "verdict", rename_all = "snake_case")]
pub enum Verdict {
    /// Could be credited. In a finished receipt: was, or stood behind the one that was.
    Eligible,
    Chosen,
    /// Something earlier in the order of evidence was chosen.
    Outranked,
    OutsideWindow {
        days: i64,
        window: i64,
    },
    /// The click came after the sign-up.
    AfterSignUp,
    /// The click was not a person's.
    SuspectedVisit,
    /// The click has led to somebody else's sign-up.
    ClickUsed,
    /// There is no click of this id.
    UnknownClick {
        named: String,
    },
    /// Somebody with this e-mail was here before and has been erased.
    JoinedBefore,
    /// The referrer's own e-mail address.
    OwnEmail,
    /// A browser that the referrer has used.
    OwnBrowser,
    /// The referrer belongs to the newcomer's workspace.
    SameAccount,
    CannotBeUsed {
        problem: CodeProblem,
    },
}

/// A piece of evidence with its verdict.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    pub source: Source,
    pub code: String,
    pub code_id: Option<CodeId>,
    pub referrer: Option<UserId>,
    pub click: Option<ClickId>,
    pub at: Option<Time>,
    #[serde(flatten)]
    pub verdict: Verdict,
}

/// Which rule chose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::Type), sqlx(type_name = "TEXT", rename_all = "snake_case"))]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    CodeInForm,
    LastClick,
    FirstClick,
    /// The code of a link that came without a click.
    LinkCode,
    /// A file said so.
    Imported,
    /// An admin corrected the decision.
    Corrected,
    /// Nothing could be credited.
    None,
}

impl Rule {
    /// Every rule, for choosing one.
    pub const ALL: [Self; 7] = [
        Self::CodeInForm,
        Self::LastClick,
        Self::FirstClick,
        Self::LinkCode,
        Self::Imported,
        Self::Corrected,
        Self::None,
    ];

    /// The name kept in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::CodeInForm => "code_in_form",
            Self::LastClick => "last_click",
            Self::FirstClick => "first_click",
            Self::LinkCode => "link_code",
            Self::Imported => "imported",
            Self::Corrected => "corrected",
            Self::None => "none",
        }
    }
}

/// The stored decision with its evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The rule that chose at the sign-up.
    pub rule: Rule,
    pub decided_at: Time,
    pub signed_up_at: Time,
    pub window_days: i64,
    pub candidates: Vec<Candidate>,
    /// What admins have changed since, in order.
    pub corrections: Vec<Correction>,
}

/// Who or what is credited for a sign-up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credit {
    pub code: String,
    pub code_id: CodeId,
    /// Nobody for a campaign code without a beneficiary.
    pub referrer: Option<UserId>,
    /// The click that led to it.
    pub click: Option<ClickId>,
}

/// A change of a decision by an admin. Who it was is in the audit log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    pub at: Time,
    pub reason: String,
    pub from: Option<Credit>,
    pub to: Option<Credit>,
}

impl Receipt {
    /// The receipt of somebody about whom nothing was decided when they joined.
    pub fn undecided(joined_at: Time) -> Self {
        Self {
            rule: Rule::None,
            decided_at: joined_at,
            signed_up_at: joined_at,
            window_days: 0,
            candidates: vec![],
            corrections: vec![],
        }
    }

    /// The receipt of somebody who came with a file that names who brought them: whoever owned this code.
    pub fn imported(code: String, code_id: CodeId, referrer: UserId, signed_up_at: Time, now: Time) -> Self {
        let chosen = Candidate {
            source: Source::Import,
            code,
            code_id: Some(code_id),
            referrer: Some(referrer),
            click: None,
            at: None,
            verdict: Verdict::Chosen,
        };
        Self { rule: Rule::Imported, decided_at: now, candidates: vec![chosen], ..Self::undecided(signed_up_at) }
    }

    /// What is credited now.
    pub fn credit(&self) -> Option<Credit> {
        match self.corrections.last() {
            Some(correction) => correction.to.clone(),
            None => self.candidates.iter().find(|c| c.verdict == Verdict::Chosen).and_then(Candidate::credit),
        }
    }

    /// The rule by which it is credited now.
    pub fn current_rule(&self) -> Rule {
        match self.corrections.last() {
            Some(Correction { to: Some(_), .. }) => Rule::Corrected,
            Some(_) => Rule::None,
            None => self.rule,
        }
    }
}

impl Candidate {
    fn credit(&self) -> Option<Credit> {
        let code = self.code.to_ascii_uppercase();
        Some(Credit { code, code_id: self.code_id?, referrer: self.referrer, click: self.click })
    }
}

/// What somebody sent as a code or click id, as a receipt can show it.
pub fn named(text: &str) -> String {
    text.trim().chars().filter(|c| !c.is_control()).take(MAX_NAMED).collect()
}

/// A decision in the making: the best eligible evidence may still turn out unusable when it is claimed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    now: Time,
    signed_up_at: Time,
    window_days: i64,
    model: AttributionModel,
    candidates: Vec<Candidate>,
}

/// Judges every piece of evidence, best first.
pub fn decide(mut facts: Facts) -> Decision {
    facts.clicks.sort_by_key(|evidence| evidence.click.map(|(id, at)| (at, id)));
    if facts.model == AttributionModel::LastClick {
        facts.clicks.reverse();
    }
    let clicks = std::mem::take(&mut facts.clicks);
    let evidence = facts.form.take().into_iter().chain(clicks).chain(facts.linked.take());
    let candidates = evidence
        .map(|evidence| Candidate {
            verdict: judge(&facts, &evidence),
            source: evidence.source,
            code_id: evidence.known.as_ref().map(|known| known.id),
            referrer: evidence.known.as_ref().and_then(|known| known.referrer),
            code: evidence.code,
            click: evidence.click.map(|(id, _)| id),
            at: evidence.click.map(|(_, at)| at),
        })
        .collect::<Vec<_>>();
    let Facts { now, signed_up_at, window_days, model, rejected, .. } = facts;
    let candidates = candidates.into_iter().chain(rejected).collect();
    Decision { now, signed_up_at, window_days, model, candidates }
}

fn judge(facts: &Facts, evidence: &Evidence) -> Verdict {
    if let Some((id, at)) = evidence.click {
        let age = facts.signed_up_at.since(at);
        if age < -CLOCK_TOLERANCE {
            return Verdict::AfterSignUp;
        }
        if age > facts.window_days * DAY {
            return Verdict::OutsideWindow { days: age / DAY, window: facts.window_days };
        }
        if facts.used.contains(&id) {
            return Verdict::ClickUsed;
        }
    }
    let Some(known) = &evidence.known else {
        return Verdict::CannotBeUsed { problem: CodeProblem::CodeNotFound };
    };
    if known.referrer_email.as_ref() == Some(&facts.newcomer_email) {
        return Verdict::OwnEmail;
    }
    if known.referrer.is_some_and(|referrer| facts.browser_users.contains(&referrer)) {
        return Verdict::OwnBrowser;
    }
    if known.referrer_account.is_some() && known.referrer_account == facts.newcomer_account {
        return Verdict::SameAccount;
    }
    match CodeProblem::of(known.status) {
        Some(problem) => Verdict::CannotBeUsed { problem },
        None if facts.joined_before => Verdict::JoinedBefore,
        None => Verdict::Eligible,
    }
}

impl Decision {
    /// The evidence to credit, if any is left.
    pub fn choice(&self) -> Option<&Candidate> {
        self.candidates.iter().find(|c| c.verdict == Verdict::Eligible)
    }

    /// What the code in the form cannot be used for, if there is one and it cannot.
    pub fn form_problem(&self) -> Option<CodeProblem> {
        self.candidates.iter().find_map(|c| match c.verdict {
            Verdict::CannotBeUsed { problem } if matches!(c.source, Source::Typed | Source::Link) => Some(problem),
            _ => None,
        })
    }

    /// Whether there is a valid code at all, even one that earns nobody anything: the newcomer is nobody new, or a
    /// colleague.
    pub fn has_valid_code(&self) -> bool {
        let valid = |verdict: &Verdict| {
            matches!(
                verdict,
                Verdict::Eligible
                    | Verdict::OwnEmail
                    | Verdict::OwnBrowser
                    | Verdict::SameAccount
                    | Verdict::JoinedBefore
            )
        };
        self.candidates.iter().any(|c| valid(&c.verdict))
    }

    /// The chosen code turned out unusable: every piece of evidence for it is out.
    pub fn mark_unusable(&mut self, code: CodeId, problem: CodeProblem) {
        for candidate in &mut self.candidates {
            if candidate.code_id == Some(code) && candidate.verdict == Verdict::Eligible {
                candidate.verdict = Verdict::CannotBeUsed { problem };
            }
        }
    }

    /// The finished receipt: the first eligible evidence was chosen.
    pub fn receipt(mut self) -> Receipt {
        let mut rule = Rule::None;
        for candidate in self.candidates.iter_mut().filter(|c| c.verdict == Verdict::Eligible) {
            if rule == Rule::None {
                candidate.verdict = Verdict::Chosen;
                rule = match (candidate.source, self.model) {
                    (Source::Click, AttributionModel::LastClick) => Rule::LastClick,
                    (Source::Click, AttributionModel::FirstClick) => Rule::FirstClick,
                    (Source::Typed | Source::Link, _) => Rule::CodeInForm,
                    (Source::LinkCode, _) => Rule::LinkCode,
                    (Source::Import, _) => Rule::Imported,
                };
            } else {
                candidate.verdict = Verdict::Outranked;
            }
        }
        Receipt {
            rule,
            decided_at: self.now,
            signed_up_at: self.signed_up_at,
            window_days: self.window_days,
            candidates: self.candidates,
            corrections: vec![],
        }
    }
}

#[cfg(test)]
mod tests;
