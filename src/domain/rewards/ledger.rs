//! Where the amount of a reward is, and its movements from one place to another.

use serde::{Deserialize, Serialize};

macro_rules! names {
    ($(#[$doc:meta])* $name:ident { $($(#[$inner:meta])* $variant:ident = $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "ssr", derive(sqlx::Type, utoipa::ToSchema), sqlx(type_name = "TEXT", rename_all = "snake_case"))]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$inner])* $variant,)* }

        impl $name {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The name kept in the database.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }
        }
    };
}
pub(super) use names;

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
