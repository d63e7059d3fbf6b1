//! What may happen in a program, in the words of a host product, of Stripe and of admins.

mod focused;
pub mod rewards;

use proptest::prelude::*;
use rewards::RewardAction;

/// A payment that may be told of. Its messages name it in several ways that nothing joins at first.
#[derive(Debug)]
pub struct Slot {
    /// Which of the friends pays.
    pub friend: usize,
    pub currency: &'static str,
    /// In the smallest units of ISO 4217.
    pub amount: i64,
    /// The same without tax.
    pub net: i64,
    /// How many of Stripe's units are one of those.
    pub stripe_units: i64,
}

pub const SLOTS: [Slot; 5] = [
    Slot { friend: 0, currency: "USD", amount: 4_900, net: 4_000, stripe_units: 1 },
    Slot { friend: 0, currency: "USD", amount: 999, net: 100, stripe_units: 1 },
    Slot { friend: 1, currency: "JPY", amount: 500, net: 455, stripe_units: 1 },
    Slot { friend: 2, currency: "ISK", amount: 1_990, net: 1_605, stripe_units: 100 },
    Slot { friend: 1, currency: "KWD", amount: 1_250, net: 1_136, stripe_units: 1 },
];

/// People who may sign up.
pub const FRIENDS: usize = 3;

/// Two personal codes, a campaign code with two uses that credits the second referrer, and one that credits nobody.
pub const CODES: usize = 4;

/// How a message says who has paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    Nobody,
    /// By our id, as long as they are signed up.
    Person,
    External,
    Email,
    Customer,
    CustomerAndExternal,
    CustomerAndEmail,
}

/// A part of what was paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Third,
    Half,
    All,
    /// One more than all.
    TooMuch,
}

impl Part {
    pub fn of(self, amount: i64) -> i64 {
        match self {
            Self::Third => amount / 3,
            Self::Half => amount / 2,
            Self::All => amount,
            Self::TooMuch => amount + 1,
        }
    }
}

/// How far a refund is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refund {
    Pending,
    Succeeded,
    Failed,
    Canceled,
}

/// How far a dispute is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dispute {
    Open,
    Won,
    Lost,
    /// A state that is not known yet.
    Strange,
}

#[derive(Clone, Debug)]
pub enum Action {
    SignUp {
        friend: usize,
        code: Option<usize>,
        external: bool,
        colleague: bool,
        days_ago: i64,
    },
    /// The host product tells of a payment, perhaps with Stripe's names of it.
    Tell {
        slot: usize,
        who: Who,
        other_amount: bool,
        net: bool,
        hours_ago: i64,
        invoice: bool,
        intent: bool,
    },
    /// The host product says that two payments are one.
    TellTwo {
        slot: usize,
        other: usize,
    },
    /// The shape before 2025-03-31 names intent and charge.
    Invoice {
        slot: usize,
        who: Who,
        before_2025: bool,
        by_hand: bool,
    },
    Checkout {
        slot: usize,
        who: Who,
        with_invoice: bool,
        paid: bool,
    },
    Charge {
        slot: usize,
        who: Who,
        before_2025: bool,
    },
    /// Stripe joins an invoice with an intent; seldom of another payment.
    Join {
        slot: usize,
        other: usize,
    },
    TellRefund {
        slot: usize,
        n: usize,
        part: Part,
    },
    Refund {
        slot: usize,
        n: usize,
        part: Part,
        state: Refund,
    },
    RefundTotal {
        slot: usize,
        part: Part,
    },
    Dispute {
        slot: usize,
        n: usize,
        part: Part,
        state: Dispute,
    },
    /// Stripe sends its last event once more.
    Again,
    /// `keep` lets the former referrer keep what they have used.
    Correct {
        friend: usize,
        code: Option<usize>,
        keep: bool,
    },
    Erase {
        friend: usize,
    },
    EraseReferrer {
        referrer: usize,
    },
    Disable {
        referrer: usize,
        disabled: bool,
    },
    DeleteCode {
        code: usize,
    },
    /// What comes by itself meanwhile is `noticed` at the end, or not yet.
    Wait {
        hours: i64,
        noticed: bool,
    },
    Reward(RewardAction),
}

/// Sequences as they may happen, with enough payments that most of them say something.
pub fn sequences() -> impl Strategy<Value = Vec<Action>> {
    let focused = prop_oneof![3 => focused::action(), 1 => action()];
    let focused = (focused::beginning(), prop::collection::vec(focused, 1..=22));
    prop_oneof![
        1 => prop::collection::vec(action(), 1..=20),
        1 => focused.prop_map(|(beginning, more)| [beginning, more].concat()),
    ]
}

fn action() -> impl Strategy<Value = Action> {
    let slot = || prop_oneof![4 => Just(0), 2 => Just(1), 2 => Just(2), 1 => Just(3), 1 => Just(4)];
    let friend = || prop_oneof![3 => Just(0), 2 => Just(1), 1 => Just(2)];
    let code = || prop_oneof![1 => Just(None), 6 => (0..CODES).prop_map(Some)];
    let usually = || prop::bool::weighted(0.8);
    let seldom = || prop::bool::weighted(0.15);
    let hours = || prop_oneof![4 => Just(0), 1 => Just(20), 1 => Just(30), 1 => Just(24 * 31)];
    prop_oneof![
        10 => (friend(), code(), usually(), seldom(), prop_oneof![3 => Just(0), 1 => Just(2)]).prop_map(
            |(friend, code, external, colleague, days_ago)| Action::SignUp { friend, code, external, colleague, days_ago }),
        8 => (slot(), who(), seldom(), any::<bool>(), hours(), seldom(), any::<bool>()).prop_map(
            |(slot, who, other_amount, net, hours_ago, invoice, intent)| Action::Tell {
                slot, who, other_amount, net, hours_ago, invoice, intent }),
        2 => (slot(), slot()).prop_map(|(slot, other)| Action::TellTwo { slot, other }),
        8 => (slot(), who(), any::<bool>(), seldom()).prop_map(
            |(slot, who, before_2025, by_hand)| Action::Invoice { slot, who, before_2025, by_hand }),
        3 => (slot(), who(), any::<bool>(), usually()).prop_map(
            |(slot, who, with_invoice, paid)| Action::Checkout { slot, who, with_invoice, paid }),
        3 => (slot(), who(), any::<bool>()).prop_map(|(slot, who, before_2025)| Action::Charge { slot, who, before_2025 }),
        4 => slot().prop_map(|slot| Action::Join { slot, other: slot }),
        2 => (slot(), slot()).prop_map(|(slot, other)| Action::Join { slot, other }),
        4 => (slot(), 0..2_usize, part()).prop_map(|(slot, n, part)| Action::TellRefund { slot, n, part }),
        5 => (slot(), 0..2_usize, part(), refund()).prop_map(
            |(slot, n, part, state)| Action::Refund { slot, n, part, state }),
        2 => (slot(), part()).prop_map(|(slot, part)| Action::RefundTotal { slot, part }),
        4 => (slot(), 0..2_usize, part(), dispute()).prop_map(
            |(slot, n, part, state)| Action::Dispute { slot, n, part, state }),
        1 => Just(Action::Again),
        5 => (friend(), code(), seldom()).prop_map(|(friend, code, keep)| Action::Correct { friend, code, keep }),
        2 => friend().prop_map(|friend| Action::Erase { friend }),
        1 => (0..2_usize).prop_map(|referrer| Action::EraseReferrer { referrer }),
        2 => (0..2_usize, usually()).prop_map(|(referrer, disabled)| Action::Disable { referrer, disabled }),
        1 => (2..CODES).prop_map(|code| Action::DeleteCode { code }),
        7 => (wait(), usually()).prop_map(|(hours, noticed)| Action::Wait { hours, noticed }),
        24 => rewards::actions().prop_map(Action::Reward),
    ]
}

fn who() -> impl Strategy<Value = Who> {
    use Who::{Customer, CustomerAndEmail, CustomerAndExternal, Email, External, Nobody, Person};
    prop_oneof![
        1 => Just(Nobody),
        1 => Just(Person),
        4 => Just(External),
        2 => Just(Email),
        2 => Just(Customer),
        2 => Just(CustomerAndExternal),
        1 => Just(CustomerAndEmail),
    ]
}

/// Hours; holds and rewards end in between.
fn wait() -> impl Strategy<Value = i64> {
    let days = |days: i64| Just(24 * days);
    prop_oneof![4 => Just(1), 3 => Just(25), 2 => days(3), 4 => days(8), 2 => days(20), 1 => days(40), 1 => days(91)]
}

fn part() -> impl Strategy<Value = Part> {
    prop_oneof![4 => Just(Part::Third), 3 => Just(Part::All), 2 => Just(Part::Half), 1 => Just(Part::TooMuch)]
}

fn refund() -> impl Strategy<Value = Refund> {
    use Refund::{Canceled, Failed, Pending, Succeeded};
    prop_oneof![1 => Just(Pending), 3 => Just(Succeeded), 2 => Just(Failed), 1 => Just(Canceled)]
}

fn dispute() -> impl Strategy<Value = Dispute> {
    use Dispute::{Lost, Open, Strange, Won};
    prop_oneof![3 => Just(Open), 1 => Just(Won), 2 => Just(Lost), 1 => Just(Strange)]
}
