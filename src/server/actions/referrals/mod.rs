//! Who is credited for whom.

pub mod correct_attribution;
