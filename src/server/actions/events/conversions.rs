//! Events of payments.

use crate::{
    domain::{
        events::{EventKind, NewEvent},
        ids::PaymentId,
        time::Time,
    },
    server::store::{db::Tx, payment_list},
    view_models::conversions::Conversion,
};

/// Events of payments as they are now, in the order in which they were recorded.
pub async fn events(tx: &mut Tx, happened: &[(PaymentId, EventKind)], at: Time) -> sqlx::Result<Vec<NewEvent>> {
    if happened.is_empty() {
        return Ok(vec![]);
    }
    let ids: Vec<PaymentId> = happened.iter().map(|(id, _)| *id).collect();
    let payments = payment_list::by_ids(tx, &ids).await?;
    let event = |payment: Conversion| {
        let kind = happened.iter().find(|(id, _)| *id == payment.id).map(|(_, kind)| *kind)?;
        let (object_id, version, about) = (payment.id.0, payment.version, payment.user_id);
        Some(NewEvent { kind, object_id, version, about, data: serde_json::to_value(payment).ok()?, at })
    };
    Ok(payments.into_iter().filter_map(event).collect())
}
