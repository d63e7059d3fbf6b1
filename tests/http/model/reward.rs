//! A reward of the model: what stands of it by the facts, what was used, and what follows from these two and the time.

use super::reward_rules::{Amount, Kind};

/// Whose it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Owner {
    Referrer(usize),
    Person(usize),
}

/// What it was given for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Occasion {
    SignUp(usize),
    First(usize),
    Payment(usize),
    /// For a payment that turned out to be the same as one that has its reward.
    Twin(usize),
}

/// There is one reward for each: by which rule, or by the group; whose; what for.
pub type Key = (Option<usize>, Owner, Occasion);

/// Hours after which a choice that nobody made is none any more.
pub const CHOICE_OPEN: i64 = 90 * 24;

/// Times are hours since the sequence began.
#[derive(Clone, Debug)]
pub struct Reward {
    pub key: Key,
    pub friend: usize,
    pub kind: Kind,
    pub currency: Option<&'static str>,
    /// By the version of the rule that made it.
    pub amount: Amount,
    pub least: Option<i64>,
    pub hold_days: i64,
    pub valid_days: Option<i64>,
    pub by_hand: bool,
    /// What it was made with.
    pub granted: i64,
    /// Which payment it is for now, and when that happened, or the sign-up.
    pub payment: Option<usize>,
    pub happened_at: i64,
    pub stands: i64,
    /// Why nothing stands.
    pub reason: Option<&'static str>,
    pub used: i64,
    /// What its owner keeps whatever is taken back.
    pub kept: i64,
    /// Whether a person, or the time for a choice, has ended it.
    pub ended: bool,
    pub approved: bool,
    pub redeemed: bool,
    /// The option that was picked from it.
    pub picked: Option<&'static str>,
    pub active_since: Option<i64>,
    pub valid_until: Option<i64>,
    pub frozen_since: Option<i64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Pending,
    Active,
    Redeemed,
    Expired,
    Voided,
    Reversed,
}

impl State {
    pub fn text(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Active => "active",
            Self::Redeemed => "redeemed",
            Self::Expired => "expired",
            Self::Voided => "voided",
            Self::Reversed => "reversed",
        }
    }
}

/// What a person has of a kind, or of one reward.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Balance {
    pub pending: i64,
    pub available: i64,
    pub frozen: i64,
    pub redeemed: i64,
    pub expired: i64,
    pub owed: i64,
}

impl Balance {
    pub fn add(&mut self, other: Self) {
        self.pending += other.pending;
        self.available += other.available;
        self.frozen += other.frozen;
        self.redeemed += other.redeemed;
        self.expired += other.expired;
        self.owed += other.owed;
    }
}

impl Reward {
    pub fn is_choice(&self) -> bool {
        self.kind == Kind::Choice
    }

    pub fn hold_until(&self) -> i64 {
        self.happened_at + 24 * self.hold_days
    }

    /// Whether its time is over. A frozen one has time.
    fn is_over(&self, now: i64) -> bool {
        self.frozen_since.is_none() && self.valid_until.is_some_and(|until| until <= now)
    }

    pub fn state(&self, now: i64) -> State {
        match () {
            () if self.stands <= 0 && self.active_since.is_some() => State::Reversed,
            () if self.stands <= 0 => State::Voided,
            () if self.picked.is_some() => State::Redeemed,
            () if self.active_since.is_none() => State::Pending,
            () if self.stands <= self.used => State::Redeemed,
            () if self.is_over(now) => State::Expired,
            () => State::Active,
        }
    }

    pub fn balance(&self, now: i64) -> Balance {
        let (redeemed, owed) = (self.used, (self.used - self.stands).max(0));
        let mut balance = Balance { redeemed, owed, ..Balance::default() };
        let left = (self.stands - self.used).max(0);
        *match self.state(now) {
            State::Pending => &mut balance.pending,
            State::Expired => &mut balance.expired,
            _ if self.frozen_since.is_some() => &mut balance.frozen,
            _ => &mut balance.available,
        } = left;
        balance
    }

    /// What somebody has ended stands no more, apart from what its owner keeps.
    pub fn stand_at(&mut self, due: i64, reason: Option<&'static str>) {
        self.stands = if self.ended { self.kept } else { due.max(self.kept) };
        if !self.ended {
            self.reason = reason;
        }
    }

    pub fn end(&mut self, reason: &'static str) {
        self.ended = true;
        self.reason = Some(reason);
        self.stands = self.kept;
    }

    /// Lets its owner keep what they have used.
    pub fn keep(&mut self) {
        self.kept = self.kept.max(self.used);
    }

    /// A frozen reward takes no step forward, and its time stands still.
    pub fn freeze(&mut self, frozen: bool, now: i64) {
        let frozen = frozen && matches!(self.state(now), State::Pending | State::Active);
        match self.frozen_since {
            None if frozen => self.frozen_since = Some(now),
            Some(since) if !frozen => {
                self.frozen_since = None;
                self.valid_until = self.valid_until.map(|until| until + now - since);
            }
            _ => {}
        }
    }

    /// Whether it is active, or over as a choice, from an hour on if nothing else happens.
    pub fn is_due(&self, hour: i64) -> bool {
        let waits = self.by_hand && !self.approved;
        match self.state(hour) {
            State::Pending if self.is_choice() => self.is_over(hour),
            State::Pending => !waits && self.frozen_since.is_none() && self.hold_until() <= hour,
            _ => false,
        }
    }

    /// Takes the step that is due.
    pub fn advance(&mut self, now: i64) {
        if !self.is_due(now) {
            return;
        }
        if self.is_choice() {
            self.end("not_chosen");
        } else {
            self.active_since = Some(now);
            self.valid_until = self.valid_days.map(|days| now + 24 * days);
        }
    }

    /// How far it is, for payments that turn out to be one.
    pub fn rank(&self, now: i64) -> usize {
        match self.state(now) {
            State::Redeemed => 3,
            State::Active | State::Expired => 2,
            State::Pending => 1,
            State::Voided | State::Reversed => 0,
        }
    }
}
