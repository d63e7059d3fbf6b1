//! What the pages of outgoing webhooks show.

use crate::{
    domain::webhooks::endpoint::WebhookSecret,
    view_models::webhooks::{WebhookDelivery, WebhookEndpoint},
};
use serde::{Deserialize, Serialize};

/// An endpoint on its own page, with a page of its deliveries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhookPage {
    pub endpoint: WebhookEndpoint,
    /// A secret that was just made, to be shown once.
    pub secret: Option<WebhookSecret>,
    /// The state that deliveries are asked for; empty for all.
    pub state: String,
    /// The latest first.
    pub deliveries: Vec<WebhookDelivery>,
    /// Where the next page of them begins, if there is one.
    pub next: Option<String>,
}
