//! Who calls, and who does something.

use crate::{
    domain::ids::{ApiKeyId, SessionId, UserId},
    error::AppError,
    server::auth::{client_ip::ClientIp, sessions::SignedIn},
};

/// Who calls. Made once for every request.
#[derive(Clone, Debug)]
pub struct Caller {
    pub client_ip: ClientIp,
    /// As much of it as is kept.
    pub user_agent: String,
    pub session: Session,
}

/// What is known of the caller's session.
#[derive(Clone, Debug)]
pub enum Session {
    /// There is none.
    None,
    Live(SignedIn),
    /// It could not be looked up. That is not nobody, and nobody is signed out by it.
    Unknown(AppError),
}

impl Caller {
    /// The signed-in user, if there is one.
    pub fn signed_in(&self) -> Result<Option<&SignedIn>, AppError> {
        match &self.session {
            Session::None => Ok(None),
            Session::Live(signed_in) => Ok(Some(signed_in)),
            Session::Unknown(error) => Err(error.clone()),
        }
    }
}

/// Who does something.
#[derive(Clone, Debug)]
pub struct Actor {
    pub id: Option<UserId>,
    pub name: String,
    pub authority: Authority,
}

/// What somebody may do things by. It can end while they do them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Authority {
    /// The session of an admin.
    Session(SessionId),
    /// A key of the API.
    ApiKey(ApiKeyId),
    /// Having the machine in hand, or having been asked by somebody who was allowed to ask.
    Server,
}

/// A form of a page that was sent: a hash of all that it said, with a number that each page gives its forms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SentForm(pub [u8; 32]);

impl Actor {
    /// Whoever types commands on the machine.
    pub fn command_line() -> Self {
        Self { id: None, name: "command line".into(), authority: Authority::Server }
    }
}
