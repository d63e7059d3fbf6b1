//! Payments and conversions. A payment is money that one person paid once, however many messages speak of it; a
//! conversion is a payment by a referee that counts.
//!
//! Messages bring *references* (names of the payment), *clues* to who paid, and *facts*. A payment is everything that
//! references connect, and all of its totals are derived from its facts. So it does not matter in which order messages
//! come, how often, and in which form.

pub mod clues;
pub mod facts;
pub mod message;
pub mod references;
pub mod standing;
pub mod stripe;
#[cfg(test)]
mod tests;
