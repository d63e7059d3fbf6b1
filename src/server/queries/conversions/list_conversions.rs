//! The list of payments.

use crate::{
    domain::{conversions::standing::PaymentState, cursor::Cursor, ids::UserId},
    error::AppError,
    server::{
        queries::split_page,
        state::AppState,
        store::{
            db::Tx,
            payment_list::{self, PaymentFilter},
            user_names,
        },
    },
    view_models::conversions::{Conversion, ConversionRow, ConversionsPage, NewConversion},
};

/// Rows of a page.
const PAGE_SIZE: usize = 50;

/// A page of payments after `after`. `person` is an e-mail, a username or an id of the host product, in full; `wanted`
/// the name of a state. Nothing is found for somebody who is not known.
pub async fn run(state: &AppState, person: String, wanted: String, after: &str) -> Result<ConversionsPage, AppError> {
    let mut tx = state.db.read().await?;
    let Some(filter) = filter(&mut tx, &person, &wanted).await? else {
        return Ok(ConversionsPage { person, state: wanted, rows: vec![], next: None });
    };
    let after: Option<Cursor> = after.parse().ok();
    let found = payment_list::page(&mut tx, filter, after.as_ref(), PAGE_SIZE as i64 + 1).await?;
    let (found, next) = split_page(found, PAGE_SIZE, Conversion::cursor);
    Ok(ConversionsPage { person, state: wanted, rows: with_payers(&mut tx, found).await?, next })
}

/// Which payments are meant; `None` for those of somebody who is not known.
pub async fn filter(tx: &mut Tx, person: &str, wanted: &str) -> sqlx::Result<Option<PaymentFilter>> {
    let state = PaymentState::ALL.into_iter().find(|state| state.as_str() == wanted);
    if person.trim().is_empty() {
        return Ok(Some(PaymentFilter { state, user: None }));
    }
    Ok(user_names::known_as(tx, person).await?.map(|user| PaymentFilter { state, user: Some(user) }))
}

/// Payments beside the names of who has paid.
pub async fn with_payers(tx: &mut Tx, payments: Vec<Conversion>) -> sqlx::Result<Vec<ConversionRow>> {
    let payers: Vec<UserId> = payments.iter().filter_map(|payment| payment.user_id).collect();
    let names = user_names::names_of(tx, &payers).await?;
    let name = |payment: &Conversion| {
        let known = names.iter().find(|(id, _)| Some(*id) == payment.user_id);
        known.map(|(_, name)| name.clone()).unwrap_or_default()
    };
    Ok(payments.into_iter().map(|payment| ConversionRow { payer: name(&payment), payment }).collect())
}

/// What the form for a payment begins with.
pub fn blank(state: &AppState) -> NewConversion {
    NewConversion { currency: state.settings.get().currency.clone(), now: state.clock.now() }
}
