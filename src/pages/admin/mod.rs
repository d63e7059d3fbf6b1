//! For those who look after the program. The functions that load the data say who may see it.

pub mod api_keys;
pub mod audit;
pub mod code;
mod code_form;
pub mod codes;
pub mod new_code;
pub mod settings;
pub mod statistics;
pub mod user;
pub mod users;

use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

/// The id in the page's address, if it is one.
fn id() -> Option<i64> {
    use_params_map().read_untracked().get("id")?.parse().ok()
}

/// A value of the query in the page's address.
fn query(name: &str) -> String {
    use_query_map().read_untracked().get(name).unwrap_or_default()
}

/// A whole number of the query; 0 where there is none.
fn number(name: &str) -> i64 {
    query(name).parse().unwrap_or_default()
}
