//! Payments: recorded from whatever tells of them, worked out, and counted for whoever brought the payer.

pub mod add_facts;
pub mod identify_payers;
pub mod merge_payments;
pub mod record_conversion;
pub mod record_payment;
pub mod refund_conversion;
pub mod settle_payments;
pub mod take_up_payments;
