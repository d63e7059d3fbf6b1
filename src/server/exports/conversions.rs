//! The CSV export of payments: those that the list's filter finds, without those of test mode and without the second of
//! two that are the same.

use crate::{
    domain::{query_string::query_value, time::Time},
    server::{
        context::request_context::Identity,
        exports::{PAGE_SIZE, RowPage, plain_error, refuse_others, stream_csv},
        queries::conversions::list_conversions,
        state::AppState,
        store::payment_list::{self, PaymentExportRow, PaymentFilter},
    },
};
use axum::{Extension, extract::State, http::Uri, response::Response};
use std::sync::Arc;

/// The columns, in order: those that import takes, beside `id` and `state`.
const COLUMNS: [&str; 13] = [
    "id",
    "external_id",
    "email",
    "source_id",
    "amount",
    "net_amount",
    "refunded",
    "currency",
    "occurred_at",
    "provider_refs",
    "period_start",
    "product",
    "state",
];

/// `GET /admin/conversions.csv`: the latest first, filtered like the list.
pub async fn all(State(state): State<AppState>, Extension(identity): Extension<Arc<Identity>>, uri: Uri) -> Response {
    if let Some(refusal) = refuse_others(&identity, &uri) {
        return refusal;
    }
    let value = |name| query_value(uri.query(), name).unwrap_or_default();
    let filter = match filter(&state, &value("person"), &value("state")).await {
        Ok(filter) => filter,
        Err(error) => return plain_error(&error.into()),
    };
    stream_csv(state, "conversions.csv", &COLUMNS, i64::MAX, move |state, before| page(state, filter, before)).await
}

async fn filter(state: &AppState, person: &str, wanted: &str) -> sqlx::Result<Option<PaymentFilter>> {
    list_conversions::filter(&mut state.db.read().await?, person, wanted).await
}

/// The rows before `before`; none without a filter, which is somebody who is not known.
async fn page(state: AppState, filter: Option<PaymentFilter>, before: i64) -> sqlx::Result<RowPage<i64>> {
    let rows = match filter {
        Some(filter) => payment_list::export_page(&mut state.db.read().await?, filter, before, PAGE_SIZE).await?,
        None => vec![],
    };
    Ok(RowPage::of(rows, |payment| payment.id.0, row))
}

fn row(payment: PaymentExportRow) -> Vec<String> {
    vec![
        payment.id.to_string(),
        payment.external_id.unwrap_or_default(),
        payment.email.unwrap_or_default(),
        payment.source_id,
        payment.amount.to_string(),
        payment.net_amount.to_string(),
        payment.refunded.to_string(),
        payment.currency,
        payment.occurred_at.rfc_3339(),
        payment.refs,
        payment.period_start.map(Time::rfc_3339).unwrap_or_default(),
        payment.product.unwrap_or_default(),
        payment.state.as_str().to_owned(),
    ]
}
