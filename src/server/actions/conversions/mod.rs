//! Payments: recorded from whatever tells of them, worked out, and counted for whoever brought the payer.

pub mod add_by_hand;
pub mod add_facts;
pub mod correct_amount;
pub mod identify_payers;
pub mod import_conversions;
pub mod link_payer;
pub mod merge_payments;
pub mod record_conversion;
pub mod record_payment;
pub mod refund_by_hand;
pub mod refund_conversion;
pub mod settle_payments;
pub mod take_up_payments;
