//! Links by which people come in without a password, or prove that an address is theirs.

use crate::domain::time::{DAY, HOUR, MINUTE};

/// What a link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "ssr", derive(sqlx::Type), sqlx(type_name = "TEXT", rename_all = "snake_case"))]
pub enum LinkPurpose {
    /// To choose a new password.
    ResetPassword,
    /// To confirm the address of the account.
    VerifyEmail,
    /// To confirm the address that the account is to have.
    ChangeEmail,
    /// To sign in, asked for by the person.
    SignIn,
    /// To sign in, asked for by the host product.
    Login,
}

impl LinkPurpose {
    /// What signs in.
    pub const SIGN_IN: [Self; 2] = [Self::SignIn, Self::Login];

    /// What confirms an address.
    pub const CONFIRM: [Self; 2] = [Self::VerifyEmail, Self::ChangeEmail];

    /// How long such a link works, in milliseconds.
    pub fn lifetime(self) -> i64 {
        match self {
            Self::ResetPassword => HOUR,
            Self::VerifyEmail => 7 * DAY,
            Self::ChangeEmail => DAY,
            Self::SignIn => 15 * MINUTE,
            Self::Login => 10 * MINUTE,
        }
    }

    /// Whether whoever has the link reads the mails to its address.
    pub fn proves_address(self) -> bool {
        self != Self::Login
    }
}
