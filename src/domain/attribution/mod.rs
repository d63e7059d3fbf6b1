//! Attribution: from recorded facts to the code that is credited, and the receipt that says why.
//!
//! The order of evidence: the code in the form first, then the remembered clicks inside the window, the latest or
//! the earliest first as the program's model says.

pub mod form_code;

use crate::domain::{
    codes::code::{CodeProblem, CodeStatus},
    ids::{ClickId, CodeId, UserId},
    settings::AttributionModel,
    time::{DAY, Time},
};
use serde::{Deserialize, Serialize};

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
    pub now: Time,
    pub window_days: i64,
    pub model: AttributionModel,
    /// The newcomer's e-mail in normalised form.
    pub newcomer_email: String,
    /// Users who are known to have used this browser.
    pub browser_users: Vec<UserId>,
    /// The code in the form, if there is one.
    pub form: Option<Evidence>,
    /// The remembered clicks, in any order.
    pub clicks: Vec<Evidence>,
}

/// What became of a piece of evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
    /// The referrer's own e-mail address.
    OwnEmail,
    /// A browser that the referrer has used.
    OwnBrowser,
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
    /// Nothing could be credited.
    None,
}

impl Rule {
    /// The name kept in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::CodeInForm => "code_in_form",
            Self::LastClick => "last_click",
            Self::FirstClick => "first_click",
            Self::None => "none",
        }
    }
}

/// The stored decision with its evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    pub rule: Rule,
    pub decided_at: Time,
    pub window_days: i64,
    pub candidates: Vec<Candidate>,
}

/// A decision in the making: the best eligible evidence may still turn out unusable when it is claimed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    now: Time,
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
    let evidence = facts.form.take().into_iter().chain(std::mem::take(&mut facts.clicks));
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
        .collect();
    Decision { now: facts.now, window_days: facts.window_days, model: facts.model, candidates }
}

fn judge(facts: &Facts, evidence: &Evidence) -> Verdict {
    if let Some((_, at)) = evidence.click {
        let age = facts.now.since(at);
        if age > facts.window_days * DAY {
            return Verdict::OutsideWindow { days: age / DAY, window: facts.window_days };
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
    match CodeProblem::of(known.status) {
        Some(problem) => Verdict::CannotBeUsed { problem },
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
            Verdict::CannotBeUsed { problem } if c.source != Source::Click => Some(problem),
            _ => None,
        })
    }

    /// Whether there is a valid code at all, even one that earns nobody anything because it is the newcomer's own.
    pub fn has_valid_code(&self) -> bool {
        let valid = |verdict| matches!(verdict, Verdict::Eligible | Verdict::OwnEmail | Verdict::OwnBrowser);
        self.candidates.iter().any(|c| valid(c.verdict))
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
                };
            } else {
                candidate.verdict = Verdict::Outranked;
            }
        }
        Receipt { rule, decided_at: self.now, window_days: self.window_days, candidates: self.candidates }
    }
}

#[cfg(test)]
mod tests;
