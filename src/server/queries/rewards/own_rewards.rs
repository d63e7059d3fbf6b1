//! What somebody sees of their own rewards. No full name of somebody else leaves this file.

use crate::{
    domain::{
        ids::UserId,
        rewards::{reward::RewardState, rule::Recipient},
        time::Time,
    },
    error::AppError,
    server::{
        queries::friends::masked,
        state::AppState,
        store::{reward_balances, reward_list},
    },
    text::Texts,
    view_models::rewards::{Balance, BalanceText, RewardCard, RewardCards, RewardOption, RewardRow, RewardView},
};

/// Cards that are shown.
const CARDS: usize = 12;

/// The rewards of a user, those first of which something can be done.
pub(crate) async fn run(state: &AppState, user: UserId, texts: &Texts) -> Result<RewardCards, AppError> {
    let now = state.clock.now();
    let mut tx = state.db.read().await?;
    let mut rows = reward_list::of_user(&mut tx, user, CARDS as i64 + 1, now).await?;
    let balances = reward_balances::of_user(&mut tx, user, now).await?;
    let more = rows.len() > CARDS;
    rows.truncate(CARDS);
    Ok(RewardCards {
        cards: rows.into_iter().map(|row| card(row, texts, now)).collect(),
        balances: balances.iter().filter(|balance| is_shown(balance)).map(|balance| in_words(balance, texts)).collect(),
        more,
    })
}

fn card(row: RewardRow, texts: &Texts, now: Time) -> RewardCard {
    let friend = masked(&row.referee);
    let because = match row.reward.recipient {
        Recipient::Referee => texts.reward_welcome(),
        Recipient::Referrer => texts.reward_because(&row.occasion, friend),
    };
    let option = |option: &RewardOption| (option.option.clone(), texts.option(option));
    let stands = |reward: &RewardView| match reward.is_choice() {
        true => String::new(),
        false => texts.reward_amount(reward, reward.amount),
    };
    let was = |reward: &RewardView| match reward.is_choice() || reward.amount == reward.granted {
        true => String::new(),
        false => texts.reward_of(texts.reward_amount(reward, reward.granted)),
    };
    let is_open = row.reward.state == RewardState::Pending && !row.reward.frozen;
    RewardCard {
        amount: stands(&row.reward),
        was: was(&row.reward),
        title: texts.reward_title(&row.reward),
        because,
        status: texts.reward_status(&row.reward, now),
        options: if is_open { row.reward.choices.iter().map(option).collect() } else { vec![] },
        id: row.reward.id,
        state: row.reward.state,
        usable: row.reward.state == RewardState::Active && !row.reward.frozen,
        frozen: row.reward.frozen,
        kind: row.reward.kind,
    }
}

fn is_shown(balance: &Balance) -> bool {
    balance.available > 0 || balance.pending > 0 || balance.owed > 0 || balance.frozen > 0
}

fn in_words(balance: &Balance, texts: &Texts) -> BalanceText {
    let part = |amount: i64, text: &dyn Fn(String) -> String| {
        if amount == 0 { String::new() } else { text(texts.balance_amount(balance, amount)) }
    };
    BalanceText {
        kind: balance.kind.clone(),
        available: texts.balance_available(texts.balance_amount(balance, balance.available)),
        pending: part(balance.pending, &|amount| texts.balance_pending(amount)),
        frozen: part(balance.frozen, &|amount| texts.balance_frozen(amount)),
        owed: part(balance.owed, &|amount| texts.balance_owed(amount)),
    }
}
