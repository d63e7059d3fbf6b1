//! Where the amount of a reward is, and its movements from one place to another.

use crate::domain::names::names;
use serde::{Deserialize, Serialize};

names! {
    /// Where an amount is.
    Place {
        /// The source of all amounts; counted is what came out of it.
        Issued = "issued",
        /// It waits.
        Pending = "pending",
        /// It can be used. Less than nothing is owed.
        Available = "available",
        /// It was used.
        Redeemed = "redeemed",
        /// Its time is over.
        Expired = "expired",
        /// It was taken back.
        Void = "void",
        /// The source of what was owed and has been paid back; counted is what came out of it.
        Settled = "settled",
    }
}

names! {
    /// Why an amount moved.
    Cause {
        Granted = "granted",
        /// More was paid than was told at first.
        Raised = "raised",
        Activated = "activated",
        Redeemed = "redeemed",
        /// A part of it was used.
        Used = "used",
        Expired = "expired",
        /// What it was given for is gone, or a part of it.
        TakenBack = "taken_back",
        /// What was taken back stands again.
        GivenBack = "given_back",
        /// A person has ended it.
        Cancelled = "cancelled",
        /// What was owed has been paid back.
        Settled = "settled",
        /// Nobody asks for what was owed any more.
        WrittenOff = "written_off",
    }
}

/// An amount that moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Movement {
    pub from: Place,
    pub to: Place,
    /// More than nothing.
    pub amount: i64,
    pub cause: Cause,
}
