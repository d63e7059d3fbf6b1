//! Endpoints of webhooks and their deliveries, for admins.

use crate::{
    domain::{
        ids::{WebhookDeliveryId, WebhookEndpointId},
        path::LocalPath,
    },
    error::Refusal,
    view_models::{
        webhook_pages::WebhookPage,
        webhooks::{WebhookDeliveryDetails, WebhookEndpoint},
    },
};
use leptos::prelude::*;

/// Loads all endpoints.
#[server(endpoint = "load_webhooks")]
pub async fn load_webhooks() -> Result<Vec<WebhookEndpoint>, Refusal> {
    use crate::server::{context::request_context::RequestContext, queries::webhook_pages};
    let context = RequestContext::current();
    context.require_admin()?;
    Ok(webhook_pages::endpoints(&context.state).await?)
}

/// Loads an endpoint with a page of its deliveries that begins at `after`: those in the state of this name, or all. A
/// secret that was just made comes along this once.
#[server(endpoint = "load_webhook")]
pub async fn load_webhook(
    id: WebhookEndpointId,
    #[server(default)] state: String,
    #[server(default)] after: String,
) -> Result<WebhookPage, Refusal> {
    use crate::server::{
        context::{new_key_cookie, request_context::RequestContext},
        queries::webhook_pages,
    };
    let context = RequestContext::current();
    context.require_admin()?;
    let held = new_key_cookie::take_webhook_secret(context.state.https);
    Ok(webhook_pages::endpoint(&context.state, id, held, &state, &after).await?)
}

/// Loads a delivery with its attempts.
#[server(endpoint = "load_webhook_delivery")]
pub async fn load_webhook_delivery(id: WebhookDeliveryId) -> Result<WebhookDeliveryDetails, Refusal> {
    use crate::server::{context::request_context::RequestContext, queries::webhook_pages};
    let context = RequestContext::current();
    context.require_admin()?;
    Ok(webhook_pages::delivery(&context.state, id).await?)
}

/// Creates an endpoint. `which` is `all`, or `some` for the `events` that are named, parted by commas. Its secret waits
/// in the browser for the page that this leads to.
#[server(endpoint = "create_webhook_endpoint")]
pub async fn create_webhook_endpoint(
    #[server(default)] url: String,
    #[server(default)] description: String,
    #[server(default)] which: String,
    #[server(default)] events: String,
) -> Result<LocalPath, Refusal> {
    use crate::server::{
        actions::webhooks::create_endpoint,
        context::{new_key_cookie, request_context::RequestContext},
    };
    let context = RequestContext::current();
    let actor = context.admin_actor()?;
    let fields = fields(url, description, &which, &events);
    let (id, secret) = create_endpoint::run(&context.state, &actor, &fields, context.sent_form()).await?;
    new_key_cookie::give_webhook_secret(context.state.https, &secret);
    Ok(page_of(id, "secret=new"))
}

/// Changes an endpoint to these fields; see [`create_webhook_endpoint`].
#[server(endpoint = "update_webhook_endpoint")]
pub async fn update_webhook_endpoint(
    id: WebhookEndpointId,
    #[server(default)] url: String,
    #[server(default)] description: String,
    #[server(default)] which: String,
    #[server(default)] events: String,
) -> Result<LocalPath, Refusal> {
    use crate::server::{actions::webhooks::update_endpoint, context::request_context::RequestContext};
    let context = RequestContext::current();
    let actor = context.admin_actor()?;
    update_endpoint::run(&context.state, &actor, id, &fields(url, description, &which, &events)).await?;
    Ok(page_of(id, "done=webhook-saved"))
}

/// Switches an endpoint on or off.
#[server(endpoint = "switch_webhook_endpoint")]
pub async fn switch_webhook_endpoint(
    id: WebhookEndpointId,
    #[server(default)] active: bool,
) -> Result<LocalPath, Refusal> {
    use crate::{
        domain::webhooks::endpoint::EndpointFields,
        server::{actions::webhooks::update_endpoint, context::request_context::RequestContext},
    };
    let context = RequestContext::current();
    let fields = EndpointFields { active: Some(active), ..EndpointFields::default() };
    update_endpoint::run(&context.state, &context.admin_actor()?, id, &fields).await?;
    Ok(page_of(id, if active { "done=webhook-on" } else { "done=webhook-off" }))
}

/// Gives an endpoint another secret, which waits in the browser for the page that this leads to.
#[server(endpoint = "rotate_webhook_secret")]
pub async fn rotate_webhook_secret(id: WebhookEndpointId) -> Result<LocalPath, Refusal> {
    use crate::server::{
        actions::webhooks::rotate_secret,
        context::{new_key_cookie, request_context::RequestContext},
    };
    let context = RequestContext::current();
    let actor = context.admin_actor()?;
    let secret = rotate_secret::run(&context.state, &actor, id, context.sent_form()).await?;
    new_key_cookie::give_webhook_secret(context.state.https, &secret);
    Ok(page_of(id, "secret=rotated"))
}

/// Sends an event that says nothing to an endpoint.
#[server(endpoint = "send_test_event")]
pub async fn send_test_event(id: WebhookEndpointId) -> Result<LocalPath, Refusal> {
    use crate::server::{
        actions::webhooks::send_test_event, context::request_context::RequestContext, queries::webhook_pages,
    };
    let context = RequestContext::current();
    let delivery = send_test_event::run(&context.state, &context.admin_actor()?, id).await?;
    webhook_pages::answered(&context.state, delivery, 0).await?;
    Ok(page_of_delivery(delivery, "webhook-test"))
}

/// Sends the events that happened since a time, as `2026-12-31T18:00` in the program's time zone, to an endpoint again;
/// up to another, or up to now where that is empty.
#[server(endpoint = "replay_events")]
pub async fn replay_events(
    id: WebhookEndpointId,
    #[server(default)] since: String,
    #[server(default)] until: String,
) -> Result<LocalPath, Refusal> {
    use crate::server::{
        actions::webhooks::replay::{self, Range},
        context::request_context::RequestContext,
    };
    let context = RequestContext::current();
    let actor = context.admin_actor()?;
    let zone = context.state.settings.get().zone();
    let (since, until) = (moment("since", &since, &zone)?, moment("until", &until, &zone)?);
    let range = Range { since, until, ..Range::default() };
    replay::run(&context.state, &actor, id, range).await?;
    Ok(page_of(id, "done=webhook-replayed"))
}

/// Deletes an endpoint with its deliveries. Leads to the list.
#[server(endpoint = "delete_webhook_endpoint")]
pub async fn delete_webhook_endpoint(id: WebhookEndpointId) -> Result<LocalPath, Refusal> {
    use crate::server::{actions::webhooks::delete_endpoint, context::request_context::RequestContext};
    let context = RequestContext::current();
    delete_endpoint::run(&context.state, &context.admin_actor()?, id).await?;
    Ok(LocalPath::of("/admin/webhooks?done=webhook-deleted"))
}

/// Sends a delivery again, however it ended.
#[server(endpoint = "redeliver")]
pub async fn redeliver(id: WebhookDeliveryId) -> Result<LocalPath, Refusal> {
    use crate::server::{
        actions::webhooks::redeliver, context::request_context::RequestContext, queries::webhook_pages,
    };
    let context = RequestContext::current();
    let (state, actor) = (&context.state, context.admin_actor()?);
    let before = webhook_pages::attempts(state, id).await?;
    redeliver::run(state, &actor, id).await?;
    webhook_pages::answered(state, id, before).await?;
    Ok(page_of_delivery(id, "webhook-again"))
}

/// What an endpoint is to be, as its form says it.
#[cfg(feature = "ssr")]
fn fields(
    url: String,
    description: String,
    which: &str,
    events: &str,
) -> crate::domain::webhooks::endpoint::EndpointFields {
    let chosen = if which == "some" { events } else { "*" };
    let events = chosen.split(',').filter(|name| !name.is_empty()).map(str::to_owned).collect();
    crate::domain::webhooks::endpoint::EndpointFields {
        url: Some(url),
        description: Some(description),
        events: Some(events),
        active: None,
    }
}

/// A time in a field; nothing where it is empty.
#[cfg(feature = "ssr")]
fn moment(
    field: &str,
    text: &str,
    zone: &jiff::tz::TimeZone,
) -> Result<Option<crate::domain::time::Time>, crate::error::AppError> {
    use crate::{domain::local_time::parse_local, domain::message::Message, error::AppError};
    let text = text.trim();
    let read = || parse_local(text, zone).ok_or_else(|| AppError::invalid(field, Message::MomentMalformed));
    if text.is_empty() { Ok(None) } else { read().map(Some) }
}

/// The page of an endpoint, with this in its query.
#[cfg(feature = "ssr")]
fn page_of(id: WebhookEndpointId, query: &str) -> LocalPath {
    LocalPath::parse(&format!("/admin/webhooks/{id}?{query}")).unwrap_or(LocalPath::of("/admin/webhooks"))
}

/// The page of a delivery, which says what was done.
#[cfg(feature = "ssr")]
fn page_of_delivery(id: WebhookDeliveryId, done: &str) -> LocalPath {
    let path = format!("/admin/webhooks/deliveries/{id}?done={done}");
    LocalPath::parse(&path).unwrap_or(LocalPath::of("/admin/webhooks"))
}
