//! Who calls, and who does something.

use crate::{
    domain::ids::UserId,
    server::auth::{client_ip::ClientIp, sessions::SignedIn},
};

/// Who calls. Made once for every request.
#[derive(Clone, Debug)]
pub struct Caller {
    pub client_ip: ClientIp,
    /// As much of it as is kept.
    pub user_agent: String,
    pub signed_in: Option<SignedIn>,
}

/// Who does something.
#[derive(Clone, Debug)]
pub struct Actor {
    pub id: Option<UserId>,
    pub name: String,
}
