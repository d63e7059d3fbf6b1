//! Payments.

use crate::{domain::conversions::standing::PaymentState, server::api::bodies::Instant};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

/// A payment that the host product has taken.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewConversion {
    /// Who has paid: their id here, the host product's id, or their e-mail. At least one.
    pub user_id: Option<i64>,
    /// The host product's id for who has paid.
    #[schema(max_length = 255)]
    pub external_id: Option<String>,
    #[schema(format = Email, max_length = 254)]
    pub email: Option<String>,
    /// The host product's name of the payment, by which it is counted once.
    #[schema(min_length = 1, max_length = 255)]
    pub source_id: String,
    /// What was paid, in the smallest units of the currency.
    #[schema(minimum = 1, maximum = 1000000000000000_i64)]
    pub amount: i64,
    /// Three letters (ISO 4217).
    #[schema(pattern = r"^\s*[A-Za-z]{3}\s*$")]
    pub currency: String,
    /// The same without tax.
    #[schema(minimum = 0, maximum = 1000000000000000_i64)]
    pub net_amount: Option<i64>,
    /// When it was paid, if not just now.
    pub occurred_at: Option<Instant>,
    /// Stripe's names of it, so that its events speak of the same payment.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub provider_refs: Vec<String>,
    /// When the period begins that was paid for.
    pub period_start: Option<Instant>,
    /// What was bought.
    #[schema(max_length = 255)]
    pub product: Option<String>,
}

/// Money of a payment that was given back.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRefund {
    /// The host product's name of the refund, by which it is counted once.
    #[schema(min_length = 1, max_length = 255)]
    pub source_id: String,
    /// In the smallest units of the payment's currency.
    #[schema(minimum = 1, maximum = 1000000000000000_i64)]
    pub amount: i64,
}

/// Which payments are asked for.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ConversionsQuery {
    pub state: Option<PaymentState>,
    /// Who has paid.
    pub user_id: Option<i64>,
    /// How many rows, 50 unless said otherwise.
    #[param(minimum = 1, maximum = 100)]
    pub limit: Option<i64>,
    /// The `next` of the page before.
    pub after: Option<String>,
}
