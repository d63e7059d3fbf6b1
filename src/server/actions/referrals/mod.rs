//! Who is credited for whom.

pub mod correct_attribution;
pub mod move_credit;
