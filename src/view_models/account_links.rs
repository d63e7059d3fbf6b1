//! Pages that links in mails lead to.

use serde::{Deserialize, Serialize};

/// Whose password is to be chosen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResetPage {
    pub email: String,
}

/// Which address is to be confirmed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfirmPage {
    pub username: String,
    pub email: String,
    /// Whether the account has another one until then.
    pub changes: bool,
}

/// Who is to be signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInLinkPage {
    pub username: String,
    /// Whether the host product has signed them in already, and nobody else is signed in here: then nothing has to be
    /// pressed.
    pub at_once: bool,
}
