//! The CSV export of rewards: those that the list's filters find.

use crate::{
    domain::{
        cursor::Cursor,
        money::{Currency, decimal},
        query_string::query_value,
        time::Time,
    },
    server::{
        context::request_context::Identity,
        exports::{PAGE_SIZE, RowPage, plain_error, refuse_others, stream_csv},
        queries::rewards::list_rewards,
        state::AppState,
        store::reward_list::{self, RewardFilter},
    },
    view_models::{reward_pages::RewardQuery, rewards::RewardRow},
};
use axum::{Extension, extract::State, http::Uri, response::Response};
use std::sync::Arc;

const COLUMNS: [&str; 24] = [
    "id",
    "kind",
    "amount",
    "granted",
    "available",
    "owed",
    "currency",
    "unit",
    "description",
    "state",
    "frozen",
    "needs_approval",
    "delivery",
    "user_id",
    "username",
    "friend_id",
    "friend",
    "conversion_id",
    "rule_id",
    "rule_version",
    "hold_until",
    "valid_until",
    "reason",
    "created_at",
];

/// `GET /admin/rewards.csv`: the latest first, filtered like the list.
pub async fn all(State(state): State<AppState>, Extension(identity): Extension<Arc<Identity>>, uri: Uri) -> Response {
    if let Some(refusal) = refuse_others(&identity, &uri) {
        return refusal;
    }
    let value = |name| query_value(uri.query(), name).unwrap_or_default();
    let query =
        RewardQuery { person: value("person"), state: value("state"), kind: value("kind"), rule: value("rule") };
    let filter = match filter(&state, &query).await {
        Ok(filter) => filter,
        Err(error) => return plain_error(&error.into()),
    };
    let now = state.clock.now();
    let page = move |state, after| page(state, filter.clone(), now, after);
    stream_csv(state, "rewards.csv", &COLUMNS, None, page).await
}

async fn filter(state: &AppState, query: &RewardQuery) -> sqlx::Result<Option<RewardFilter>> {
    list_rewards::filter(&mut state.db.read().await?, query).await
}

/// The rows after `after`; none without a filter, which is somebody who is not known.
async fn page(
    state: AppState,
    filter: Option<RewardFilter>,
    now: Time,
    after: Option<Cursor>,
) -> sqlx::Result<RowPage<Option<Cursor>>> {
    let rows = match filter {
        Some(filter) => reward_list::page(&mut state.db.read().await?, &filter, after.as_ref(), PAGE_SIZE, now).await?,
        None => vec![],
    };
    Ok(RowPage::of(rows, |last| Some(last.reward.cursor()), row))
}

fn row(row: RewardRow) -> Vec<String> {
    let RewardRow { reward, recipient, referee_id, referee, .. } = row;
    let currency = reward.currency.as_deref().and_then(Currency::parse);
    let amount = |amount: i64| currency.map_or_else(|| amount.to_string(), |currency| decimal(amount, currency));
    vec![
        reward.id.to_string(),
        reward.kind,
        amount(reward.amount),
        amount(reward.granted),
        amount(reward.available),
        amount(reward.owed),
        reward.currency.unwrap_or_default(),
        reward.unit.unwrap_or_default(),
        reward.description,
        reward.state.as_str().to_owned(),
        reward.frozen.to_string(),
        reward.needs_approval.to_string(),
        reward.delivery.as_str().to_owned(),
        reward.user_id.to_string(),
        recipient,
        referee_id.to_string(),
        referee,
        reward.conversion_id.map(|id| id.to_string()).unwrap_or_default(),
        reward.rule_id.to_string(),
        reward.rule_version.to_string(),
        reward.hold_until.stamp(),
        reward.valid_until.map(Time::stamp).unwrap_or_default(),
        reward.reason.unwrap_or_default(),
        reward.created_at.stamp(),
    ]
}
