//! Payments and what they count for.

use crate::{
    domain::{
        conversions::{
            facts::{Fact, PaymentSource},
            standing::{ParkedReason, PaymentState},
        },
        cursor::Cursor,
        ids::{CodeId, PaymentId, UserId},
        money::{Currency, Money},
        time::{Time, rfc_3339},
    },
    view_models::rewards::RewardRow,
};
use serde::{Deserialize, Serialize};

/// A payment, as the API, events and pages show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow, utoipa::ToSchema))]
pub struct Conversion {
    #[cfg_attr(feature = "ssr", schema(value_type = i64))]
    pub id: PaymentId,
    /// Who has paid; null where nobody is known. The number stays when the account is gone.
    #[cfg_attr(feature = "ssr", schema(value_type = Option<i64>))]
    pub user_id: Option<UserId>,
    /// The host product's id for them.
    pub external_id: Option<String>,
    /// The referral that it counts for.
    pub referral_id: Option<i64>,
    /// Who told what was paid.
    pub source: PaymentSource,
    /// The host product's name of it.
    pub source_id: Option<String>,
    /// Stripe's names of it: invoice, payment intent, charge, checkout session.
    #[cfg_attr(feature = "ssr", schema(value_type = Vec<String>), sqlx(try_from = "String"))]
    pub refs: StripeReferences,
    /// What was paid, in smallest units.
    pub amount: i64,
    /// The same without tax, where that is known.
    pub net_amount: i64,
    #[cfg_attr(feature = "ssr", schema(value_type = String), sqlx(try_from = "String"))]
    pub currency: Currency,
    /// What was given back of the amount.
    pub refunded: i64,
    pub state: PaymentState,
    /// Why it counts nowhere; null for what does.
    pub parked_because: Option<ParkedReason>,
    /// The payment that it turned out to be the same as.
    #[cfg_attr(feature = "ssr", schema(value_type = Option<i64>))]
    pub duplicate_of: Option<PaymentId>,
    /// Whether real money moved.
    pub livemode: bool,
    #[serde(with = "rfc_3339")]
    #[cfg_attr(feature = "ssr", schema(value_type = String, format = DateTime))]
    pub occurred_at: Time,
    /// What was bought, by the provider's id.
    pub product: Option<String>,
    /// Grows with every change.
    pub version: i64,
}

impl Conversion {
    /// Where the page after this row begins.
    pub fn cursor(&self) -> Cursor {
        Cursor::of_id(self.id.0)
    }

    /// What was paid.
    pub fn paid(&self) -> Money {
        Money { amount: self.amount, currency: self.currency }
    }

    /// What was given back.
    pub fn refund(&self) -> Money {
        Money { amount: self.refunded, currency: self.currency }
    }
}

/// Stripe's names of a payment. The database gives them parted by spaces, which stand in no name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StripeReferences(pub Vec<String>);

impl From<String> for StripeReferences {
    fn from(text: String) -> Self {
        Self(text.split_whitespace().map(str::to_owned).collect())
    }
}

/// A payment beside the name of who has paid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConversionRow {
    pub payment: Conversion,
    /// A username; empty where nobody is known, or their account is gone.
    pub payer: String,
}

/// A page of payments, the latest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConversionsPage {
    /// Who has paid, as it was searched for; empty for everybody.
    pub person: String,
    /// The name of a state; empty for all.
    pub state: String,
    pub rows: Vec<ConversionRow>,
    /// Where the next page begins, if there is one.
    pub next: Option<String>,
}

/// For whom a payment counts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow))]
pub struct ConversionCredit {
    /// What it adds to the revenue, in smallest units of its currency.
    pub revenue: i64,
    /// The code that is credited; empty for none.
    pub code: String,
    /// The same where it has a page.
    pub campaign: Option<CodeId>,
    pub referrer_id: Option<UserId>,
    /// Their username; empty for nobody, or when that account is gone.
    pub referrer: String,
}

/// What a provider's message said of a payment, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderMessage {
    /// The provider's id of it.
    pub id: String,
    /// As `invoice.paid`.
    pub kind: String,
    pub received_at: Time,
    /// The name of what came of it.
    pub outcome: String,
    /// The names of the payment in it.
    pub references: Vec<String>,
    pub facts: Vec<Fact>,
}

/// One payment with all that is known of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConversionPageData {
    pub row: ConversionRow,
    pub credit: ConversionCredit,
    /// In the order in which it happened.
    pub facts: Vec<Fact>,
    /// In the order in which they came.
    pub messages: Vec<ProviderMessage>,
    /// What it earned, the latest hundred.
    pub rewards: Vec<RewardRow>,
}

/// What the form for a payment begins with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewConversion {
    pub currency: String,
    pub now: Time,
}
