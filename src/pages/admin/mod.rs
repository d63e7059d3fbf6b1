//! The pages of admins. The functions that load the data check who may see it.

pub mod api_keys;
pub mod audit;
pub mod bulk;
pub mod bulk_job;
pub mod code;
mod code_form;
mod code_mails;
pub mod codes;
pub mod conversion;
mod conversion_forms;
pub mod conversions;
pub mod new_code;
pub mod new_conversion;
pub mod new_rule;
pub mod overview;
pub mod referral;
pub mod referrals;
pub mod review;
pub mod review_case;
pub mod reward;
mod reward_bar;
mod reward_facts;
mod reward_forms;
mod reward_parts;
pub mod rewards;
pub mod rule;
mod rule_form;
pub mod rules;
pub mod settings;
mod settings_color;
mod settings_fields;
pub mod system;
mod system_mail;
pub mod user;
pub mod users;
pub mod webhook;
mod webhook_deliveries;
pub mod webhook_delivery;
mod webhook_form;
mod webhook_parts;
mod webhook_steps;
pub mod webhooks;

use crate::pages::query;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// The id in the page's address, if it is one.
fn id() -> Option<i64> {
    use_params_map().read_untracked().get("id")?.parse().ok()
}
