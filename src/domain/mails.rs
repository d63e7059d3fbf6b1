//! Mails that the program sends: what each is about, for whom, and when a try is repeated.

use crate::domain::{
    ids::{AccountLinkId, CodeId, UserId},
    time::{DAY, HOUR, MINUTE, Time},
};
use serde::{Deserialize, Serialize};

/// How long a mail makes sense that says nothing else, and how long one is kept that was sent or given up, in
/// milliseconds.
pub const RETENTION: i64 = 30 * DAY;

/// The waits between tries, in milliseconds.
const DELAYS: [i64; 7] = [MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 4 * HOUR, 12 * HOUR, 24 * HOUR];

/// What a mail is about. Only ids and plain data, never a secret: that of a link is made when the mail is sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Mail {
    /// To somebody who has forgotten their password.
    ResetPassword { link: AccountLinkId },
    /// To a new address, whose owner is to say that it is theirs.
    VerifyEmail { link: AccountLinkId },
    /// To the address that an account is to have from now on.
    EmailChangeRequested { link: AccountLinkId },
    /// To the address that an account had until now.
    EmailChanged { new_address: String },
    /// To somebody who signs in without a password.
    SignInLink { link: AccountLinkId },
    /// To somebody whose password was changed.
    PasswordChanged,
    /// To somebody whom an admin sends a code of a batch.
    YourCode { code_id: CodeId },
    /// To an admin who tries out whether mail arrives.
    Test,
}

impl Mail {
    /// The name that is stored for the kind.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::ResetPassword { .. } => "reset_password",
            Self::VerifyEmail { .. } => "verify_email",
            Self::EmailChangeRequested { .. } => "email_change_requested",
            Self::EmailChanged { .. } => "email_changed",
            Self::SignInLink { .. } => "sign_in_link",
            Self::PasswordChanged => "password_changed",
            Self::YourCode { .. } => "your_code",
            Self::Test => "test",
        }
    }

    /// The link in it that needs a secret.
    pub fn link(&self) -> Option<AccountLinkId> {
        match self {
            Self::ResetPassword { link }
            | Self::VerifyEmail { link }
            | Self::EmailChangeRequested { link }
            | Self::SignInLink { link } => Some(*link),
            Self::EmailChanged { .. } | Self::PasswordChanged | Self::YourCode { .. } | Self::Test => None,
        }
    }
}

/// A mail that is to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewMail {
    /// The address as it is stored: with its host in ASCII.
    pub to: String,
    /// Whose account it is about. They are erased with it.
    pub user_id: Option<UserId>,
    pub mail: Mail,
    /// The language for somebody whose account has none.
    pub locale: Option<String>,
    /// From when on it makes no sense any more; [`RETENTION`] from now unless it says so.
    pub expires_at: Option<Time>,
}

/// How long is waited after so many tries, in milliseconds; nothing when that was the last.
pub fn retry_delay(attempts: i64) -> Option<i64> {
    let done = usize::try_from(attempts - 1).unwrap_or_default();
    DELAYS.get(done).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kind_is_the_one_that_is_stored() {
        let link = AccountLinkId(7);
        for mail in [
            Mail::ResetPassword { link },
            Mail::VerifyEmail { link },
            Mail::EmailChangeRequested { link },
            Mail::EmailChanged { new_address: "ann@example.com".into() },
            Mail::SignInLink { link },
            Mail::PasswordChanged,
            Mail::YourCode { code_id: CodeId(7) },
            Mail::Test,
        ] {
            let json = serde_json::to_value(&mail).expect("JSON");
            assert_eq!(json["kind"], mail.kind());
            assert_eq!(serde_json::from_value::<Mail>(json).expect("a mail"), mail);
        }
    }

    #[test]
    fn the_last_of_eight_tries_has_no_next() {
        let waits: Vec<_> = (1..=9).map(|attempts| retry_delay(attempts).map(|wait| wait / MINUTE)).collect();
        let minutes = [1, 5, 15, 60, 240, 720, 1_440].map(Some);
        assert_eq!(waits[..7], minutes);
        assert_eq!(waits[7..], [None, None]);
    }
}
