//! Who calls.

use crate::server::auth::{client_ip::ClientIp, sessions::SignedIn};

/// Who calls. Made once for every request.
#[derive(Clone, Debug)]
pub struct Caller {
    pub client_ip: ClientIp,
    pub user_agent: String,
    pub signed_in: Option<SignedIn>,
}
