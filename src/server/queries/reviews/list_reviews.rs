//! Referrals in review, and the evidence about one of them.

use crate::{
    domain::{cursor::Cursor, ids::UserId, reviews::sign::Sign, time::Time},
    error::AppError,
    server::{
        queries::split_page,
        state::AppState,
        store::{
            db::Tx,
            reviews::{self, ListedReview},
            reward_list, sessions, sign_up_origins, user_names,
        },
    },
    text::Texts,
    view_models::reviews::{ReviewCase, ReviewEvidence, ReviewedPerson, ReviewsPage, SeenFrom},
};

/// Cases of a page.
const PAGE_SIZE: usize = 30;

/// Rewards and places that are shown of a case at most.
const REWARDS: i64 = 100;
const SEEN: usize = 5;

/// Cases of one referrer that are counted at most.
const COUNTED: i64 = 100;

/// A page of open or closed cases after `after`, with the evidence about `case`, else about the first one.
pub(crate) async fn run(
    state: &AppState,
    closed: bool,
    case: Option<UserId>,
    after: &str,
    texts: &Texts,
) -> Result<ReviewsPage, AppError> {
    let now = state.clock.now();
    let mut tx = state.db.read().await?;
    let after: Option<Cursor> = after.parse().ok();
    let limit = PAGE_SIZE as i64 + 1;
    let found = match closed {
        true => reviews::closed(&mut tx, after.as_ref(), limit).await?,
        false => reviews::open(&mut tx, after.as_ref(), limit).await?,
    };
    let chosen = match case {
        Some(case) => Some(reviews::of_referee(&mut tx, case).await?.ok_or(AppError::NotFound)?),
        None => found.first().cloned(),
    };
    let chosen = match chosen {
        Some(chosen) => Some(evidence(&mut tx, chosen, now, texts).await?),
        None => None,
    };
    let (rows, next) = split_page(found, PAGE_SIZE, ListedReview::cursor);
    let cases: Vec<ReviewCase> = rows.into_iter().map(of_row).collect();
    let shown = cases.iter().chain(chosen.iter().map(|evidence| &evidence.case));
    let named: Vec<UserId> = shown.flat_map(|case| &case.signs).filter_map(speaks_of).collect();
    let names = if named.is_empty() { vec![] } else { user_names::names_of(&mut tx, &named).await? };
    Ok(ReviewsPage { closed, cases, next, chosen, names })
}

/// Whom a sign speaks of, if anybody.
fn speaks_of(sign: &Sign) -> Option<UserId> {
    match sign {
        Sign::SameBrowser { user_id, .. } | Sign::SameNetwork { user_id, .. } => Some(*user_id),
        _ => None,
    }
}

fn of_row(row: ListedReview) -> ReviewCase {
    let signs = row.review.signs();
    ReviewCase {
        referee: ReviewedPerson {
            id: row.review.referee_id,
            name: row.referee,
            email: row.referee_email,
            joined_at: row.referee_joined_at,
        },
        referrer: row.review.referrer_id.map(|id| ReviewedPerson {
            id,
            name: row.referrer,
            email: row.referrer_email,
            joined_at: row.referrer_joined_at,
        }),
        code: row.code,
        signs,
        opened_at: row.review.opened_at,
        decision: row.review.decision,
        reason: row.review.reason,
        decider: row.decider,
        decided_at: row.review.decided_at,
        closed_at: row.review.closed_at,
    }
}

async fn evidence(tx: &mut Tx, row: ListedReview, now: Time, texts: &Texts) -> sqlx::Result<ReviewEvidence> {
    let friend = row.review.network.clone().zip(row.review.user_agent.clone());
    let case = of_row(row);
    let mut seen = vec![];
    if let Some(referrer) = &case.referrer {
        let sessions = sessions::of_user(tx, referrer.id, now).await?;
        seen.extend(sessions.into_iter().map(|session| (session.network, session.user_agent, session.seen_at)));
        seen.extend(sign_up_origins::of_user(tx, referrer.id).await?);
    }
    // What is like the friend's comes first, then the latest.
    let alike = |place: &(String, String, Time)| {
        friend.as_ref().map_or((false, false), |(network, user_agent)| (place.0 == *network, place.1 == *user_agent))
    };
    seen.sort_by_key(|place| (std::cmp::Reverse(alike(place)), std::cmp::Reverse(place.2)));
    seen.dedup_by(|next, kept| (&next.0, &next.1) == (&kept.0, &kept.1));
    seen.truncate(SEEN);
    let place = |place: (String, String, Time), (same_network, same_browser): (bool, bool)| SeenFrom {
        browser: texts.browser(&place.1),
        network: place.0,
        at: place.2,
        same_network,
        same_browser,
    };
    let any = |which: fn((bool, bool)) -> bool| seen.iter().any(|place| which(alike(place)));
    let own = (any(|(network, _)| network), any(|(_, browser)| browser));
    let referee_seen = friend.clone().map(|(network, user_agent)| place((network, user_agent, case.opened_at), own));
    let referrer_seen = seen.iter().map(|seen| place(seen.clone(), alike(seen))).collect();
    let waiting = match &case.referrer {
        Some(referrer) => reviews::waiting_of_referrer(tx, referrer.id, COUNTED).await?.len(),
        None => 0,
    };
    Ok(ReviewEvidence {
        rewards: reward_list::of_referee(tx, case.referee.id, REWARDS, now).await?,
        referee_seen: referee_seen.into_iter().collect(),
        referrer_seen,
        waiting_of_referrer: waiting,
        case,
    })
}
