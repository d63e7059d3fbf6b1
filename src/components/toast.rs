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
fn sentence(frame: &PageContext) -> Option<String> {
    let sentence = match frame.query("done")? {
        "joined" => texts().toast_joined(frame.joined_through.as_deref()?),
        "tried-again" => texts().system_tried_again(),
        "mail-again" => texts().mail_page_again_done(),
        "mail-deleted" => texts().mail_page_delete_done(),
        "mail-test" => texts().mail_page_test_sent(),
        "payment-added" => texts().conversion_done_added(),
        "payment-known" => texts().conversion_done_known(),
        "payment-refunded" => texts().conversion_done_refunded(),
        "payment-corrected" => texts().conversion_done_corrected(),
        "payment-linked" => texts().conversion_done_linked(),
        "redeemed" => texts().rewards_redeemed(),
        "chosen" => texts().rewards_chosen(),
        "rewards-approved" => texts().admin_rewards_done_approved(),
        "rewards-voided" => texts().admin_rewards_done_voided(),
        "rewards-settled" => texts().admin_rewards_done_settled(),
        "rewards-written-off" => texts().admin_rewards_done_written_off(),
        "reward-delivered" => texts().admin_rewards_done_delivered(),
        "review-approved" => texts().reviews_done_approved(),
        "review-rejected" => texts().reviews_done_rejected(),
        "review-undone" => texts().reviews_done_undone(),
        "rule-created" => texts().rule_done_created(),
        "rule-saved" => texts().rule_done_saved(),
        "rule-deleted" => texts().rule_done_deleted(),
        "webhook-on" => texts().webhooks_done_on(),
        "webhook-off" => texts().webhooks_done_off(),
        "webhook-saved" => texts().webhooks_done_saved(),
        "webhook-deleted" => texts().webhooks_done_deleted(),
        "webhook-test" => texts().webhooks_done_test(),
        "webhook-replayed" => texts().webhooks_done_replayed(),
        "webhook-again" => texts().webhooks_done_again(),
        "signed-out" => texts().toast_signed_out(),
        "password" => texts().toast_password(),
        "session" => texts().toast_session(),
        "confirmation-sent" => texts().confirm_done_sent(),
        "email-change" => texts().change_email_done(),
        "email-confirmed" => texts().confirm_done(),
        "created" => texts().toast_created(),
        "saved" => texts().toast_saved(),
        "taken-over" => texts().keys_done_taken_over(),
        "revoked" => texts().keys_done_revoked(),
        "origins-saved" => texts().keys_done_origins_saved(),
        "codes-mailed" => codes_mailed(frame)?,
        "deleted-codes" => texts().codes_done_batch_deleted(),
        "deleted-code" => texts().toast_deleted_code(),
        "deleted" => texts().toast_deleted(),
        _ => return None,
    };
    Some(sentence)
}

/// How many codes are on their way, and how many addresses had one.
fn codes_mailed(frame: &PageContext) -> Option<String> {
    let number = |name| frame.query(name)?.parse::<i64>().ok();
    let (texts, sent, passed) = (texts(), number("sent")?, number("passed")?);
    let queued = if sent == 0 { texts.code_mails_done_none() } else { texts.code_mails_done(sent, texts.number(sent)) };
    if passed == 0 {
        return Some(queued);
    }
    Some(format!("{queued} {}", texts.code_mails_passed(passed, texts.number(passed))))
}

/// Shows it for a few seconds. Not beside a refused form, which would say two things at once.
#[component]
pub fn Toast() -> impl IntoView {
    let frame = expect_context::<PageContext>();
    let leads_on = use_context::<Submitted>().is_none();
    sentence(&frame).filter(|_| leads_on).map(|sentence| {
        view! {
            <div class="toast" role="status">
                <Icon of=Symbol::Check />
                <p>{sentence}</p>
            </div>
        }
    })
}
