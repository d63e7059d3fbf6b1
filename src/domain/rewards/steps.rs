//! Every step that a reward can take, from being given to being taken back. Each step moves amounts and notes the
//! movements; the state follows from where the amounts are.

use crate::domain::{
    ids::{PaymentId, RewardId},
    rewards::{
        kind,
        ledger::{Cause, Movement, Place},
        reward::{Delivery, EndReason, NewReward, Reward, RewardProblem, RewardState},
    },
    time::{DAY, Time},
};

/// For how long a choice can be made, in milliseconds.
pub const CHOICE_OPEN: i64 = 90 * DAY;

impl Reward {
    /// A reward that is given now: its whole amount waits. Its id comes with its row.
    pub fn granted(new: NewReward) -> Self {
        let choice = new.kind == kind::CHOICE;
        let mut reward = Self {
            id: RewardId(0),
            rule_id: new.rule_id,
            rule_version: new.rule_version,
            granted_by: new.granted_by,
            user_id: new.user_id,
            recipient: new.recipient,
            occasion: new.occasion,
            referee_id: new.referee_id,
            referral_id: new.referral_id,
            referrer_id: new.referrer_id,
            payment_id: new.payment_id,
            choice_id: new.choice_id,
            options: new.options,
            kind: new.kind,
            unit: new.unit,
            currency: new.currency,
            description: new.description,
            granted: new.granted,
            issued: 0,
            pending: 0,
            available: 0,
            redeemed: 0,
            expired: 0,
            void: 0,
            settled: 0,
            spared: 0,
            state: RewardState::Pending,
            frozen_at: None,
            hold_until: new.hold_until,
            needs_approval: new.needs_approval,
            approved_at: None,
            activated_at: None,
            valid_days: new.valid_days,
            valid_from: None,
            valid_until: choice.then(|| new.created_at.plus(CHOICE_OPEN)),
            redeemed_at: None,
            redeemed_as: None,
            delivery: Delivery::None,
            cancelled_at: None,
            reason: None,
            note: None,
            happened_at: new.happened_at,
            due_at: None,
            created_at: new.created_at,
            version: 1,
            moved: vec![],
        };
        reward.shift(Place::Issued, Place::Pending, reward.granted, Cause::Granted);
        reward.follow();
        reward
    }

    /// Makes it be for another payment, from which its hold runs.
    pub fn is_for(&mut self, payment: Option<PaymentId>, happened_at: Time) {
        if self.activated_at.is_none() {
            self.hold_until = self.hold_until.plus(happened_at.since(self.happened_at));
        }
        (self.payment_id, self.happened_at) = (payment, happened_at);
    }

    /// Takes every step that comes by itself at this time. An unlock begins at `unlock_from` when that is later.
    pub fn advance(&mut self, now: Time, unlock_from: Option<Time>) {
        if self.is_choice() {
            if self.state == RewardState::Pending && self.is_over(now) {
                self.end(EndReason::NotChosen, None, false, now);
            }
            return;
        }
        let approved = !self.needs_approval || self.approved_at.is_some();
        if self.state == RewardState::Pending && approved && !self.is_frozen() && self.hold_until <= now {
            self.activate(now, unlock_from);
        }
        if self.available > 0 && self.is_over(now) {
            self.shift(Place::Available, Place::Expired, self.available, Cause::Expired);
            self.follow();
        }
    }

    fn activate(&mut self, now: Time, unlock_from: Option<Time>) {
        self.shift(Place::Pending, Place::Available, self.pending, Cause::Activated);
        if self.activated_at.is_none() {
            self.activated_at = Some(now);
            self.delivery = Delivery::Waiting;
            let unlock = self.kind == kind::FEATURE_UNLOCK;
            let from = if unlock { unlock_from.map_or(now, |from| from.max(now)) } else { now };
            self.valid_from = Some(from);
            let days = if unlock { Some(self.granted) } else { self.valid_days };
            self.valid_until = days.map(|days| from.plus(days.saturating_mul(DAY)));
        }
        self.follow();
    }

    /// Freezes it or lets it go on. What time it had left, it has left.
    pub fn set_frozen(&mut self, frozen: bool, now: Time) {
        let frozen = frozen && self.state.is_open();
        match (self.frozen_at, frozen) {
            (None, true) if !self.is_over(now) => self.frozen_at = Some(now),
            (Some(since), false) => {
                self.frozen_at = None;
                self.valid_until = self.valid_until.map(|until| until.plus(now.since(since)));
            }
            _ => {}
        }
        self.follow();
    }

    /// Makes so much of it stand, or what is spared, whatever is more. After a person has ended it, nothing comes back.
    /// Whoever takes back one that is frozen says afterwards, by [`Reward::set_frozen`], that it is no more.
    pub fn stand_at(&mut self, amount: i64, reason: Option<EndReason>) {
        let target = if self.cancelled_at.is_some() { self.spared } else { amount.max(self.spared) };
        let cause = if self.cancelled_at.is_some() { Cause::Cancelled } else { Cause::TakenBack };
        let stands = self.stands();
        if target < stands {
            self.take_back(stands - target, cause);
        } else if target > stands {
            let back = (target - stands).min(self.void);
            let to = if self.activated_at.is_some() { Place::Available } else { Place::Pending };
            self.shift(Place::Void, to, back, Cause::GivenBack);
            self.shift(Place::Issued, to, target - stands - back, Cause::Raised);
        }
        if self.cancelled_at.is_none() {
            self.reason = reason.filter(|_| self.stands() <= self.spared && self.stands() < self.issued);
        }
        self.follow();
    }

    /// What nobody has used goes first; what is used is owed.
    fn take_back(&mut self, amount: i64, cause: Cause) {
        let mut left = amount;
        for place in [Place::Pending, Place::Available, Place::Expired] {
            let there = match place {
                Place::Pending => self.pending,
                Place::Available => self.available,
                _ => self.expired,
            };
            let part = left.min(there.max(0));
            self.shift(place, Place::Void, part, cause);
            left -= part;
        }
        self.shift(Place::Available, Place::Void, left, cause);
    }

    /// Ends it for good. What was used stays with the recipient where `spare` says so, else it is owed.
    pub fn end(&mut self, reason: EndReason, note: Option<String>, spare: bool, now: Time) {
        self.cancelled_at = Some(now);
        self.reason = Some(reason);
        self.note = note;
        if spare {
            self.spare();
        }
        self.stand_at(0, Some(reason));
        self.set_frozen(false, now);
    }

    /// Whether a person can end it. One that payments have taken back can still be ended, so that they do not bring it
    /// back; of a choice that was made, what was picked is ended, and not the choice.
    pub fn check_can_cancel(&self) -> Result<(), RewardProblem> {
        match (self.cancelled_at, self.state) {
            (Some(_), RewardState::Voided) => Err(RewardProblem::Voided),
            (Some(_), _) => Err(RewardProblem::Reversed),
            (None, _) if self.is_choice() && self.redeemed_as.is_some() => Err(RewardProblem::AlreadyChosen),
            (None, _) => Ok(()),
        }
    }

    /// Lets the recipient keep what they have used, whatever is taken back.
    pub fn spare(&mut self) {
        self.spared = self.spared.max(self.redeemed - self.settled);
    }

    /// Says that an admin has approved it.
    pub fn approve(&mut self, now: Time) -> Result<(), RewardProblem> {
        match self.state {
            RewardState::Pending => {
                self.approved_at = self.approved_at.or(Some(now));
                self.follow();
                Ok(())
            }
            _ => Err(RewardProblem::NotPending),
        }
    }

    /// Uses all that is left. `false` when the host product has told of the same redemption before.
    pub fn redeem(&mut self, source: Option<&str>, now: Time) -> Result<bool, RewardProblem> {
        if source.is_some() && self.redeemed_as.as_deref() == source && !self.is_choice() {
            return Ok(false);
        }
        match self.state_at(now) {
            RewardState::Redeemed => return Err(RewardProblem::AlreadyRedeemed),
            RewardState::Expired => return Err(RewardProblem::Expired),
            RewardState::Voided => return Err(RewardProblem::Voided),
            RewardState::Reversed => return Err(RewardProblem::Reversed),
            RewardState::Pending if self.is_choice() => return Err(RewardProblem::ChoicePending),
            _ if self.is_frozen() => return Err(RewardProblem::Frozen),
            RewardState::Pending => return Err(RewardProblem::OnHold),
            RewardState::Active => {}
        }
        self.redeemed_as = source.map(str::to_owned);
        self.shift(Place::Available, Place::Redeemed, self.available, Cause::Redeemed);
        self.redeemed_at = Some(now);
        self.follow();
        Ok(true)
    }

    /// Uses a part, at most what is usable.
    pub fn spend(&mut self, amount: i64, now: Time) {
        let amount = amount.min(self.usable_at(now));
        self.shift(Place::Available, Place::Redeemed, amount, Cause::Used);
        if self.available == 0 {
            self.redeemed_at = Some(now);
        }
        self.follow();
    }

    /// Picks an option of a choice. `false` when it was picked before.
    pub fn choose(&mut self, option: &str, now: Time) -> Result<bool, RewardProblem> {
        match (self.state, self.redeemed_as.as_deref()) {
            (_, Some(chosen)) if chosen == option => return Ok(false),
            (_, Some(_)) => return Err(RewardProblem::AlreadyChosen),
            (RewardState::Pending, None) if self.is_frozen() => return Err(RewardProblem::Frozen),
            (RewardState::Pending, None) => {}
            (RewardState::Reversed, None) => return Err(RewardProblem::Reversed),
            _ => return Err(RewardProblem::Voided),
        }
        self.redeemed_as = Some(option.to_owned());
        self.redeemed_at = Some(now);
        self.shift(Place::Pending, Place::Redeemed, self.pending, Cause::Redeemed);
        // What was picked is taken back itself, and not the choice.
        self.spare();
        self.follow();
        Ok(true)
    }

    /// Says that what is owed was paid back.
    pub fn settle(&mut self) -> Result<(), RewardProblem> {
        if self.owed() == 0 {
            return Err(RewardProblem::NothingOwed);
        }
        self.shift(Place::Settled, Place::Available, self.owed(), Cause::Settled);
        self.follow();
        Ok(())
    }

    /// Asks for nothing of what is owed any more.
    pub fn write_off(&mut self) -> Result<(), RewardProblem> {
        let owed = self.owed();
        if owed == 0 {
            return Err(RewardProblem::NothingOwed);
        }
        self.spared = self.stands() + owed;
        self.shift(Place::Void, Place::Available, owed, Cause::WrittenOff);
        let (stands, reason) = (self.stands(), self.reason);
        self.stand_at(stands, reason);
        Ok(())
    }

    fn shift(&mut self, from: Place, to: Place, amount: i64, cause: Cause) {
        if amount <= 0 {
            return;
        }
        *self.place(from) -= amount;
        *self.place(to) += amount;
        self.moved.push(Movement { from, to, amount, cause });
        // What comes out of these two is counted, not what is left in them.
        if from == Place::Issued {
            self.issued += 2 * amount;
        }
        if from == Place::Settled {
            self.settled += 2 * amount;
        }
    }

    fn place(&mut self, place: Place) -> &mut i64 {
        match place {
            Place::Issued => &mut self.issued,
            Place::Pending => &mut self.pending,
            Place::Available => &mut self.available,
            Place::Redeemed => &mut self.redeemed,
            Place::Expired => &mut self.expired,
            Place::Void => &mut self.void,
            Place::Settled => &mut self.settled,
        }
    }

    /// Puts the state and the next step where the amounts are.
    fn follow(&mut self) {
        self.state = if self.stands() <= 0 {
            if self.activated_at.is_some() { RewardState::Reversed } else { RewardState::Voided }
        } else if self.pending > 0 {
            RewardState::Pending
        } else if self.available > 0 {
            RewardState::Active
        } else if self.expired > 0 {
            RewardState::Expired
        } else {
            RewardState::Redeemed
        };
        let waits = self.needs_approval && self.approved_at.is_none();
        self.due_at = match self.state {
            RewardState::Pending if self.is_choice() => self.valid_until.filter(|_| !self.is_frozen()),
            RewardState::Pending if !waits && !self.is_frozen() => Some(self.hold_until),
            RewardState::Active if !self.is_frozen() => self.valid_until,
            _ => None,
        };
    }
}
