//! Outgoing webhooks, in words.

use crate::{
    domain::{
        events::EventKind,
        webhooks::{
            delivery::{AttemptProblem, DeliveryState},
            endpoint::{EndpointState, EventFilter},
        },
    },
    text::Texts,
};

impl Texts {
    /// What a type of event says.
    pub(crate) fn webhook_event(&self, kind: EventKind) -> String {
        match kind {
            EventKind::UserCreated => self.webhooks_user_created(),
            EventKind::ReferralSignedUp => self.webhooks_referral_signed_up(),
            EventKind::ReferralConverted => self.webhooks_referral_converted(),
            EventKind::ReferralCorrected => self.webhooks_referral_corrected(),
            EventKind::ReferralReviewed => self.webhooks_referral_reviewed(),
            EventKind::ConversionCreated => self.webhooks_conversion_created(),
            EventKind::ConversionRefunded => self.webhooks_conversion_refunded(),
            EventKind::ConversionDisputed => self.webhooks_conversion_disputed(),
            EventKind::ConversionChanged => self.webhooks_conversion_changed(),
            EventKind::ConversionRemoved => self.webhooks_conversion_removed(),
            EventKind::RewardPending => self.webhooks_reward_pending(),
            EventKind::RewardActivated => self.webhooks_reward_activated(),
            EventKind::RewardRedeemed => self.webhooks_reward_redeemed(),
            EventKind::RewardExpired => self.webhooks_reward_expired(),
            EventKind::RewardVoided => self.webhooks_reward_voided(),
            EventKind::RewardReversed => self.webhooks_reward_reversed(),
            EventKind::RewardChanged => self.webhooks_reward_changed(),
            EventKind::CodeLimitReached => self.webhooks_code_limit_reached(),
            EventKind::GoalReached => self.webhooks_goal_reached(),
        }
    }

    /// Which events an endpoint gets, in short.
    pub(crate) fn webhook_events(&self, events: &EventFilter) -> String {
        let count = events.names().len() as i64;
        if events.is_all() { self.webhooks_all_events() } else { self.webhooks_some_events(count, self.number(count)) }
    }

    /// How an endpoint is, in a word.
    pub(crate) fn webhook_state(&self, state: EndpointState) -> String {
        match state {
            EndpointState::Active => self.webhooks_on(),
            EndpointState::Failing => self.webhooks_failing(),
            EndpointState::Off => self.webhooks_off(),
            EndpointState::Gone => self.webhooks_gone(),
        }
    }

    /// How far a delivery is, in a word.
    pub(crate) fn webhook_delivery_state(&self, state: DeliveryState) -> String {
        match state {
            DeliveryState::Waiting => self.webhooks_waiting(),
            DeliveryState::Delivered => self.webhooks_delivered(),
            DeliveryState::Failed => self.webhooks_failed(),
        }
    }

    /// What came of an attempt: the status of the answer, or why there was none. Empty before the first.
    pub(crate) fn webhook_answer(&self, status: Option<i64>, problem: Option<AttemptProblem>) -> String {
        match (status, problem) {
            (Some(status), _) => self.webhooks_http(status.to_string()),
            (None, Some(AttemptProblem::AddressForbidden)) => self.webhooks_address_forbidden(),
            (None, Some(AttemptProblem::NameUnknown)) => self.webhooks_name_unknown(),
            (None, Some(AttemptProblem::NotTrusted)) => self.webhooks_not_trusted(),
            (None, Some(AttemptProblem::TimedOut)) => self.webhooks_timed_out(),
            (None, Some(_)) => self.webhooks_not_connected(),
            (None, None) => String::new(),
        }
    }
}
