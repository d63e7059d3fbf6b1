//! Attribution decisions, as admins look through them.

use crate::{
    domain::{
        attribution::{Receipt, Rule},
        ids::{CodeId, UserId},
        plain_text::search_text,
    },
    error::AppError,
    server::{
        queries::{rewards::list_refusals, split_page},
        state::AppState,
        store::{
            attributions::{self, AttributionQuery, AttributionState, Subject},
            codes,
            name_search::{self, Matches},
            reviews, reward_list, user_names,
            user_profiles::{self, UserProfile},
        },
    },
    view_models::referrals::{AttributionPageData, AttributionRow, AttributionsPage},
};

/// Rows of a page.
const PAGE_SIZE: usize = 50;

/// Rewards, and refusals, that are shown of a sign-up.
const REWARDS: i64 = 100;

/// A page of decisions after `after`. `q` is a part of an e-mail, a username or a code.
pub async fn run(
    state: &AppState,
    q: String,
    wanted_state: String,
    rule: String,
    after: &str,
) -> Result<AttributionsPage, AppError> {
    let decided_by = search_text(&rule);
    let query = AttributionQuery {
        about: None,
        state: attribution_state(&wanted_state),
        rule: &decided_by,
        before: after.parse().unwrap_or(i64::MAX),
        limit: PAGE_SIZE as i64 + 1,
    };
    let mut tx = state.db.read().await?;
    let mut rows = vec![];
    let part = search_text(&q);
    if part.is_empty() {
        rows = attributions::page(&mut tx, &query).await?;
    } else {
        let (people, codes) = (name_search::people(&mut tx, &part).await?, name_search::codes(&mut tx, &part).await?);
        for about in subjects(&people, &codes) {
            rows.extend(attributions::page(&mut tx, &AttributionQuery { about: Some(about), ..query }).await?);
        }
        // Each subject has its newest, so the newest of all are among them.
        rows.sort_by_key(|row| std::cmp::Reverse(row.user_id));
        rows.dedup_by_key(|row| row.user_id);
    }
    let (rows, next) = split_page(rows, PAGE_SIZE, |last| last.user_id);
    Ok(AttributionsPage { q, state: wanted_state, rule, rows, next })
}

/// Whom or what a search means: people on either side, codes, or both. Where they are few, their indexes find them.
fn subjects<'a>(people: &'a Matches<UserId>, codes: &'a Matches<CodeId>) -> Vec<Subject<'a>> {
    match (&people.ids, &codes.ids) {
        (Some(users), Some(few)) => [Subject::Referee(users), Subject::Referrer(users), Subject::Code(few)]
            .into_iter()
            .filter(|subject| !matches!(subject, Subject::Referee([]) | Subject::Referrer([]) | Subject::Code([])))
            .collect(),
        _ => vec![Subject::Named { people, codes }],
    }
}

/// The decision about one user; an empty one for who joined while nothing was decided.
pub async fn one(state: &AppState, user: UserId) -> Result<AttributionPageData, AppError> {
    let mut tx = state.db.read().await?;
    let (row, receipt) = match attributions::row_of_user(&mut tx, user).await? {
        Some(row) => (row, attributions::of_user(&mut tx, user).await?.ok_or(AppError::NotFound)?),
        None => undecided(user_profiles::profile(&mut tx, user).await?.ok_or(AppError::NotFound)?),
    };
    let referrers: Vec<_> = receipt.candidates.iter().filter_map(|candidate| candidate.referrer).collect();
    let code_ids: Vec<_> = receipt.candidates.iter().filter_map(|candidate| candidate.code_id).collect();
    let clicks: Vec<_> = receipt.candidates.iter().filter_map(|candidate| candidate.click).collect();
    let review = reviews::of_referee(&mut tx, user).await?;
    Ok(AttributionPageData {
        in_review: review.is_some_and(|row| row.review.closed_at.is_none()),
        row,
        referrers: user_names::names_of(&mut tx, &referrers).await?,
        campaigns: codes::campaigns(&mut tx, &code_ids).await?,
        clicks: attributions::clicks(&mut tx, &clicks).await?,
        rewards: reward_list::of_referee(&mut tx, user, REWARDS, state.clock.now()).await?,
        refusals: list_refusals::run(&mut tx, user, REWARDS as usize).await?,
        receipt,
    })
}

fn undecided(user: UserProfile) -> (AttributionRow, Receipt) {
    let row = AttributionRow {
        user_id: user.id,
        username: user.username,
        email: user.email,
        signed_up_at: user.created_at,
        rule: Rule::None,
        code: String::new(),
        campaign_id: None,
        referrer_id: None,
        referrer: String::new(),
        converted_at: None,
    };
    (row, Receipt::undecided(user.created_at))
}

fn attribution_state(name: &str) -> AttributionState {
    match name {
        "credited" => AttributionState::Credited,
        "signed-up" => AttributionState::SignedUp,
        "converted" => AttributionState::Converted,
        "not-credited" => AttributionState::NotCredited,
        _ => AttributionState::Any,
    }
}
