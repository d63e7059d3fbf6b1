//! What the audit log keeps of an endpoint.

use crate::{
    domain::webhooks::endpoint::EndpointTerms, server::actions::audit::Target, view_models::webhooks::WebhookEndpoint,
};
use serde_json::{Value, json};

/// An endpoint as what something is done to.
pub fn target(endpoint: &WebhookEndpoint) -> Target<'_> {
    Target { kind: "webhook", id: Some(endpoint.id.0), name: &endpoint.url }
}

/// What an endpoint is; never its secret.
pub fn facts(terms: &EndpointTerms) -> Value {
    json!({
        "url": terms.url,
        "description": terms.description,
        "events": terms.events.names().join(", "),
        "active": terms.active,
    })
}

/// What a stored endpoint is.
pub fn terms(endpoint: &WebhookEndpoint) -> EndpointTerms {
    EndpointTerms {
        url: endpoint.url.clone(),
        description: endpoint.description.clone(),
        events: endpoint.events.clone(),
        active: endpoint.active,
    }
}
