//! Saying who has paid.

use crate::{
    domain::{
        conversions::clues::{Clue, ClueKind},
        ids::{PaymentId, UserId},
        message::Message,
    },
    error::AppError,
    server::{
        actions::{
            audit::{self, Target},
            authorize,
            conversions::{refund_conversion, settle_payments},
        },
        auth::caller::Actor,
        errors::{TxError, retry_races},
        realtime::change_set::ChangeSet,
        state::AppState,
        store::{
            db::Tx,
            payment_clues::{self, Customer},
            user_names, users,
        },
    },
};
use serde_json::json;

/// Links a payment to a person, by their e-mail, username or id of the host product. What the payment counts for moves
/// along. Returns the payment that was meant. *Conflict* for one by somebody who is erased.
pub async fn run(state: &AppState, actor: &Actor, id: PaymentId, person: &str) -> Result<PaymentId, AppError> {
    retry_races(|| async {
        let mut tx = authorize::begin(&state.db, actor).await?;
        let payment = refund_conversion::locked(&mut tx, id).await?;
        let user = user_names::known_as(&mut tx, person).await?;
        let user = user.ok_or_else(|| AppError::invalid("person", Message::PayerUnknown))?;
        if let Some(before) = payment.user_id
            && users::by_id(&mut tx, before).await?.is_none()
        {
            return Err(TxError::from(AppError::conflict("person", Message::PayerErased)));
        }
        let now = state.clock.now();
        payment_clues::set_by_admin(&mut tx, payment.id, user).await?;
        let mut settled = keep_customers(&mut tx, payment.id, user).await?;
        settled.push(payment.id);
        let mut changes = ChangeSet::default();
        settle_payments::run_in(&mut tx, &settled, now, &mut changes).await?;
        let target = Target { kind: "payment", id: Some(payment.id.0), name: &payment.name() };
        let (before, after) = (json!({ "user_id": payment.user_id }), json!({ "user_id": user }));
        audit::write(&mut tx, actor, "payment.link", target, before, after, now).await?;
        state.publisher.commit_and_publish(tx, &changes).await?;
        Ok(payment.id)
    })
    .await
}

/// The provider's customers of the payment are that person, whoever they were taken for. Payments of these customers
/// are returned.
async fn keep_customers(tx: &mut Tx, payment: PaymentId, user: UserId) -> sqlx::Result<Vec<PaymentId>> {
    let clues = payment_clues::of_payments(tx, &[payment]).await?;
    let customers = || clues.iter().filter(|clue| clue.kind == ClueKind::Customer);
    let known: Vec<Customer> = customers()
        .map(|clue| Customer { customer: clue.value.clone(), user_id: user, known_by: ClueKind::Admin })
        .collect();
    if known.is_empty() {
        return Ok(vec![]);
    }
    payment_clues::keep_customers(tx, &known).await?;
    let clues: Vec<Clue> =
        customers().map(|clue| Clue { kind: ClueKind::Customer, value: clue.value.clone() }).collect();
    payment_clues::payments_of(tx, &clues).await
}
