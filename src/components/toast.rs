//! The toast that confirms what was just done.

use crate::{
    components::{
        form::Submitted,
        icon::{Icon, Symbol},
    },
    text::texts,
    view_models::page::PageContext,
};
use leptos::prelude::*;

/// What `?done=` in an address means.
fn sentence(done: &str) -> Option<String> {
    let sentence = match done {
        "created" => return Some(texts().codes_done_created()),
        "deleted-codes" => return Some(texts().codes_done_batch_deleted()),
        "deleted-code" => return Some(texts().codes_done_deleted()),
        "tried-again" => return Some(texts().system_tried_again()),
        "payment-added" => return Some(texts().conversion_done_added()),
        "payment-known" => return Some(texts().conversion_done_known()),
        "payment-refunded" => return Some(texts().conversion_done_refunded()),
        "payment-corrected" => return Some(texts().conversion_done_corrected()),
        "payment-linked" => return Some(texts().conversion_done_linked()),
        "redeemed" => return Some(texts().rewards_redeemed()),
        "chosen" => return Some(texts().rewards_chosen()),
        "rewards-approved" => return Some(texts().admin_rewards_done_approved()),
        "rewards-voided" => return Some(texts().admin_rewards_done_voided()),
        "rewards-settled" => return Some(texts().admin_rewards_done_settled()),
        "rewards-written-off" => return Some(texts().admin_rewards_done_written_off()),
        "reward-delivered" => return Some(texts().admin_rewards_done_delivered()),
        "review-approved" => return Some(texts().reviews_done_approved()),
        "review-rejected" => return Some(texts().reviews_done_rejected()),
        "review-undone" => return Some(texts().reviews_done_undone()),
        "rule-created" => return Some(texts().rule_done_created()),
        "rule-saved" => return Some(texts().rule_done_saved()),
        "rule-deleted" => return Some(texts().rule_done_deleted()),
        "signed-out" => Some("You are signed out."),
        "password" => Some("Your password is changed. All other browsers are signed out."),
        "session" => Some("That browser is signed out."),
        "saved" => Some("Your changes are saved."),
        "taken-over" => Some("The key belongs to you now."),
        "revoked" => Some("The key is revoked. Nobody gets in with it any more."),
        "deleted" => Some("Your account is deleted."),
        _ => None,
    };
    sentence.map(str::to_owned)
}

/// Shows it for a few seconds. Not beside a refused form, which would say two things at once.
#[component]
pub fn Toast() -> impl IntoView {
    let frame = expect_context::<PageContext>();
    let done = frame.query("done").unwrap_or_default();
    let leads_on = use_context::<Submitted>().is_none();
    sentence(done).filter(|_| leads_on).map(|sentence| {
        view! {
            <div class="toast" role="status">
                <Icon of=Symbol::Check />
                <p>{sentence}</p>
            </div>
        }
    })
}
