//! One payment with all that is known of it.

use crate::{
    domain::{conversions::message::PaymentMessage, ids::PaymentId},
    error::AppError,
    server::{
        queries::conversions::list_conversions::with_payers,
        state::AppState,
        store::{
            payment_credit, payment_facts, payment_list,
            provider_events::{self, ProviderEvent},
            reward_list,
        },
    },
    view_models::conversions::{ConversionPageData, ProviderMessage},
};

/// Rewards that are shown.
const REWARDS: i64 = 100;

/// *Not found* for a payment of which no money is known.
pub async fn run(state: &AppState, id: PaymentId) -> Result<ConversionPageData, AppError> {
    let mut tx = state.db.read().await?;
    let payment = payment_list::by_id(&mut tx, id).await?.ok_or(AppError::NotFound)?;
    let row = with_payers(&mut tx, vec![payment]).await?.pop().ok_or(AppError::NotFound)?;
    let credit = payment_credit::of_payment(&mut tx, id).await?.unwrap_or_default();
    let facts = payment_facts::of_payments(&mut tx, &[id]).await?;
    let mut facts: Vec<_> = facts.into_iter().map(|record| record.fact).collect();
    facts.sort_by_key(|fact| fact.at);
    let messages = provider_events::of_payment(&mut tx, id).await?;
    let messages = messages.into_iter().map(message).collect();
    let rewards = reward_list::of_payment(&mut tx, id, REWARDS, state.clock.now()).await?;
    Ok(ConversionPageData { row, credit, facts, messages, rewards })
}

fn message(event: ProviderEvent) -> ProviderMessage {
    let said: Option<PaymentMessage> = serde_json::from_str(&event.said).ok();
    let (references, facts) = said.map(|said| (said.references, said.facts)).unwrap_or_default();
    ProviderMessage {
        id: event.event_id,
        kind: event.kind,
        received_at: event.received_at,
        outcome: event.outcome,
        references: references.into_iter().map(|reference| reference.id).collect(),
        facts,
    }
}
