//! Using a part of what somebody has of a kind: what ends first is used first.

use crate::{
    domain::{
        accounts::new_account::optional_line,
        field::FieldError,
        ids::{RewardUseId, UserId},
        message::Message,
        rewards::{
            reward::{Reward, RewardProblem},
            rule::MAX_AMOUNT,
        },
        time::Time,
    },
    error::AppError,
    server::{
        actions::rewards::save_rewards,
        errors::TxError,
        realtime::change_set::ChangeSet,
        store::{
            db::Tx,
            name_locks,
            reward_uses::{self, RewardUse},
            rewards,
        },
    },
};

/// What is to be used.
pub struct UseInput<'a> {
    pub user: UserId,
    pub kind: &'a str,
    /// In smallest units of the currency, or whole units.
    pub amount: i64,
    /// The host product's name of it.
    pub source_id: &'a str,
    pub currency: Option<&'a str>,
    pub unit: Option<&'a str>,
}

/// In a transaction of the caller's: the use, and whether it is new. The same one again changes nothing; with another
/// amount or of another kind it is refused.
pub async fn run_in(
    tx: &mut Tx,
    input: &UseInput<'_>,
    now: Time,
    changes: &mut ChangeSet,
) -> Result<(RewardUse, bool), TxError> {
    let source_id = check(input)?;
    // One use of a person's balances at a time, also of those that are not there yet.
    name_locks::lock(tx, &[format!("use:{}", input.user)]).await?;
    if let Some(known) = reward_uses::by_source(tx, input.user, &source_id).await? {
        let same = (known.kind.as_str(), known.amount) == (input.kind, input.amount)
            && input.currency.is_none_or(|currency| known.currency.as_deref() == Some(&currency.to_ascii_uppercase()));
        return match same {
            true => Ok((known, false)),
            false => Err(AppError::conflict("source_id", Message::OtherUse).into()),
        };
    }
    let before = rewards::lock_usable(tx, input.user, input.kind, now).await?;
    let mut lots = before.clone();
    // What has come by itself meanwhile comes first.
    save_rewards::advance(tx, &mut lots, now).await?;
    // A hold that was over only now has given them their end.
    lots.sort_by_key(|lot| (lot.valid_until.unwrap_or(Time::MAX), lot.id));
    let currency = input.currency.map(str::to_ascii_uppercase);
    let wanted = |reward: &Reward| {
        currency.as_deref().is_none_or(|wanted| reward.currency.as_deref() == Some(wanted))
            && input.unit.is_none_or(|unit| reward.unit.as_deref() == Some(unit))
    };
    lots.retain(|lot| wanted(lot) && lot.usable_at(now) > 0);
    let Some(first) = lots.first() else {
        return Err(AppError::Reward(RewardProblem::InsufficientBalance).into());
    };
    if lots.iter().any(|lot| (&lot.currency, &lot.unit) != (&first.currency, &first.unit)) {
        return Err(AppError::invalid("currency", Message::CurrencyNeeded).into());
    }
    if lots.iter().fold(0_i64, |sum, lot| sum.saturating_add(lot.usable_at(now))) < input.amount {
        return Err(AppError::Reward(RewardProblem::InsufficientBalance).into());
    }
    let mut used = RewardUse {
        id: RewardUseId(0),
        user_id: input.user,
        source_id,
        kind: input.kind.to_owned(),
        unit: first.unit.clone(),
        currency: first.currency.clone(),
        amount: input.amount,
        used_at: now,
    };
    used.id = reward_uses::insert(tx, &used).await?.ok_or(sqlx::Error::RowNotFound)?;
    let (mut after, mut left) = (lots, input.amount);
    for lot in &mut after {
        let part = left.min(lot.usable_at(now));
        lot.spend(part, now);
        left -= part;
    }
    save_rewards::update(tx, &before, after, Some(used.id), now, changes).await?;
    Ok((used, true))
}

fn check(input: &UseInput<'_>) -> Result<String, AppError> {
    let mut errors = vec![];
    let source_id = match optional_line("source_id", input.source_id, 255) {
        Ok(Some(source_id)) => source_id,
        Ok(None) => {
            errors.push(FieldError { field: "source_id".into(), message: Message::OneLine { max: 255 } });
            String::new()
        }
        Err(error) => {
            errors.push(error);
            String::new()
        }
    };
    if !(1..=MAX_AMOUNT).contains(&input.amount) {
        errors.push(FieldError { field: "amount".into(), message: Message::WholeNumber { min: 1, max: MAX_AMOUNT } });
    }
    if errors.is_empty() { Ok(source_id) } else { Err(AppError::Invalid(errors)) }
}
