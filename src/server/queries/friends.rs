//! The people whom a referrer brought. No name, address or code of somebody else leaves this file.

use crate::{
    domain::{
        attribution::Receipt,
        ids::{CodeId, UserId},
    },
    error::AppError,
    server::{
        queries::split_page,
        state::AppState,
        store::{attributions, db::Tx, referrals, reward_list},
    },
    text::Texts,
    view_models::{
        friends::{Friend, FriendDetails, FriendsPage},
        referrals::Referral,
    },
};

/// Rows of a page.
const PAGE_SIZE: usize = 25;

/// Friends on the dashboard.
const LATEST: i64 = 5;

/// Characters of a username that are shown.
const SHOWN: usize = 2;

/// A page of those whom `referrer` brought, after `after`, the latest first.
pub(crate) async fn run(
    state: &AppState,
    referrer: UserId,
    after: &str,
    texts: &Texts,
) -> Result<FriendsPage, AppError> {
    let mut tx = state.db.read().await?;
    let after = after.parse().ok();
    let rows = referrals::of_referrer(&mut tx, referrer, after.as_ref(), PAGE_SIZE as i64 + 1).await?;
    let (rows, next) = split_page(rows, PAGE_SIZE, Referral::cursor);
    let referees: Vec<UserId> = rows.iter().map(|row| row.referee_id).collect();
    let receipts = attributions::of_users(&mut tx, &referees).await?;
    let now = state.clock.now();
    let rewards = reward_list::of_user_for(&mut tx, referrer, &referees, now).await?;
    let rewards = |referee: UserId| {
        let own = rewards.iter().filter(|row| row.referee_id == referee);
        own.map(|row| format!("{}: {}", texts.reward_title(&row.reward), texts.reward_status(&row.reward, now)))
            .collect()
    };
    let details = |row: Referral| FriendDetails {
        friend: friend(&row),
        rewards: rewards(row.referee_id),
        receipt: receipts.get(&row.referee_id).map(|found| sentences(found, row.code_id, texts)).unwrap_or_default(),
    };
    Ok(FriendsPage { rows: rows.into_iter().map(details).collect(), next })
}

/// The latest few of those whom `referrer` brought, the last one first.
pub(crate) async fn latest(tx: &mut Tx, referrer: UserId) -> sqlx::Result<Vec<Friend>> {
    let rows = referrals::of_referrer(tx, referrer, None, LATEST).await?;
    Ok(rows.iter().map(friend).collect())
}

fn friend(row: &Referral) -> Friend {
    Friend { name: masked(&row.referee_name), joined_at: row.signed_up_at, customer: row.converted_at.is_some() }
}

/// The beginning of a name; nothing of one that is gone.
pub fn masked(name: &str) -> String {
    if name.is_empty() { String::new() } else { name.chars().take(SHOWN).chain(['…']).collect() }
}

/// Why a friend counts. The reason of a correction stays with the admins.
fn sentences(receipt: &Receipt, credited: CodeId, texts: &Texts) -> Vec<String> {
    let mut said: Vec<String> =
        receipt.candidates.iter().map(|candidate| texts.candidate_for_referrer(candidate)).collect();
    if let Some(correction) = receipt.corrections.last() {
        let credit = correction.to.as_ref().filter(|credit| credit.code_id == credited);
        let code = credit.map(|credit| credit.code.as_str()).unwrap_or_default();
        said.push(texts.friends_corrected(texts.date(correction.at), code));
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_cut_to_its_beginning() {
        assert_eq!(["maria", "bob", "äöü", ""].map(masked), ["ma…", "bo…", "äö…", ""]);
    }
}
