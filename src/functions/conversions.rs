//! Payments and what they count for, for admins.

use crate::{
    domain::{ids::PaymentId, path::LocalPath},
    error::Refusal,
    view_models::conversions::{ConversionPageData, ConversionsPage, NewConversion},
};
use leptos::prelude::*;

/// Loads a page of payments that begins at `after`, the `next` of the page before. `person` is an e-mail, a username or
/// an id of the host product, in full; `state` the name of a state.
#[server(endpoint = "load_conversions")]
pub async fn load_conversions(
    #[server(default)] person: String,
    #[server(default)] state: String,
    #[server(default)] after: String,
) -> Result<ConversionsPage, Refusal> {
    use crate::server::{context::request_context::RequestContext, queries::conversions::list_conversions};
    let context = RequestContext::current();
    context.require_admin()?;
    Ok(list_conversions::run(&context.state, person, state, &after).await?)
}

/// Loads one payment with all that is known of it.
#[server(endpoint = "load_conversion")]
pub async fn load_conversion(id: PaymentId) -> Result<ConversionPageData, Refusal> {
    use crate::server::{context::request_context::RequestContext, queries::conversions::get_conversion};
    let context = RequestContext::current();
    context.require_admin()?;
    Ok(get_conversion::run(&context.state, id).await?)
}

/// What the form for a payment begins with.
#[server(endpoint = "load_new_conversion")]
pub async fn load_new_conversion() -> Result<NewConversion, Refusal> {
    use crate::server::{context::request_context::RequestContext, queries::conversions::list_conversions};
    let context = RequestContext::current();
    context.require_admin()?;
    Ok(list_conversions::blank(&context.state))
}

/// Adds a payment. `amount` is written as `49.90` or `49,90`; `occurred_at` is `2026-12-31T18:00` in the program's time
/// zone, or empty for now; an empty `currency` is that of the program, an empty `source_id` is made. Leads to the
/// payment's page.
#[server(endpoint = "add_payment")]
pub async fn add_payment(
    #[server(default)] person: String,
    #[server(default)] amount: String,
    #[server(default)] currency: String,
    #[server(default)] occurred_at: String,
    #[server(default)] source_id: String,
    #[server(default)] product: String,
) -> Result<LocalPath, Refusal> {
    use crate::{
        server::{
            actions::conversions::add_by_hand::{self, PaymentForm},
            context::request_context::RequestContext,
        },
        text::texts,
    };
    let context = RequestContext::current();
    let amount = texts().typed_number(&amount);
    let form = PaymentForm { person, amount, currency, occurred_at, source_id, product };
    let added = add_by_hand::run(&context.state, &context.admin_actor()?, &form, context.sent_form()).await?;
    Ok(page_of(added.id, if added.new { "payment-added" } else { "payment-known" }))
}

/// Tells of a refund. `amount` is written as `49.90` or `49,90` in the currency of the payment; an empty `source_id` is
/// made.
#[server(endpoint = "refund_payment")]
pub async fn refund_payment(
    id: PaymentId,
    #[server(default)] amount: String,
    #[server(default)] source_id: String,
) -> Result<LocalPath, Refusal> {
    use crate::{
        server::{actions::conversions::refund_by_hand, context::request_context::RequestContext},
        text::texts,
    };
    let context = RequestContext::current();
    let amount = texts().typed_number(&amount);
    let (actor, sent) = (context.admin_actor()?, context.sent_form());
    let id = refund_by_hand::run(&context.state, &actor, id, &amount, &source_id, sent).await?;
    Ok(page_of(id, "payment-refunded"))
}

/// Corrects what was paid, where Stripe does not tell it.
#[server(endpoint = "correct_amount")]
pub async fn correct_amount(
    id: PaymentId,
    #[server(default)] amount: String,
    #[server(default)] reason: String,
) -> Result<LocalPath, Refusal> {
    use crate::{
        server::{actions::conversions::correct_amount, context::request_context::RequestContext},
        text::texts,
    };
    let context = RequestContext::current();
    let amount = texts().typed_number(&amount);
    let id = correct_amount::run(&context.state, &context.admin_actor()?, id, &amount, &reason).await?;
    Ok(page_of(id, "payment-corrected"))
}

/// Links a payment to a person: an e-mail, a username or an id of the host product, in full.
#[server(endpoint = "link_payer")]
pub async fn link_payer(id: PaymentId, #[server(default)] person: String) -> Result<LocalPath, Refusal> {
    use crate::server::{actions::conversions::link_payer, context::request_context::RequestContext};
    let context = RequestContext::current();
    let id = link_payer::run(&context.state, &context.admin_actor()?, id, &person).await?;
    Ok(page_of(id, "payment-linked"))
}

/// The page of a payment, which says what was done.
#[cfg(feature = "ssr")]
fn page_of(id: PaymentId, done: &str) -> LocalPath {
    LocalPath::parse(&format!("/admin/conversions/{id}?done={done}")).unwrap_or(LocalPath::of("/admin/conversions"))
}
