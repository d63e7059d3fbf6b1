//! `passalong verify`: whether the file is whole, every counter right, and every payment what its facts say.

use crate::{
    domain::{
        conversions::{facts::Fact, standing::ParkedReason},
        ids::{PaymentId, UserId},
        time::Time,
    },
    server::{
        actions::conversions::settle_payments::work_out,
        commands::console::say,
        config::Config,
        errors::BoxError,
        store::{
            counter_check,
            db::{Db, Tx, bring_up_to_date},
            payment_check, payment_facts, payments, referrals,
        },
    },
};
use std::process::ExitCode;

/// Payments that are worked out at a time.
const PAYMENTS: i64 = 500;

/// Exit code 1 when any counter differs from what it counts.
pub async fn run(config: &Config, quiet: bool) -> Result<ExitCode, BoxError> {
    let db = Db::connect(&config.database_url).await.map_err(|error| format!("DATABASE_URL: {error}"))?;
    let corrupt = db.find_corruption().await.unwrap_or_else(|error| Some(error.to_string()));
    if let Some(what) = corrupt {
        return Err(format!("DATABASE_URL: the database is corrupt: {what}").into());
    }
    bring_up_to_date(&db).await?;
    // Instances may be at work meanwhile: all of it as it stood at one moment.
    let mut tx = db.snapshot().await?;
    let mut mismatches = counter_check::find_mismatches(&mut tx).await?;
    mismatches.extend(payment_check::find_mismatches(&mut tx).await?);
    let (codes, clicks, signups) = counter_check::totals(&mut tx).await?;
    let (payments, wrong) = find_wrong_payments(&mut tx).await?;
    drop(tx);
    let drift = mismatches.len() + wrong.len();
    db.close().await;
    for payment in &wrong {
        say(&format!("payment {payment}: it differs from what follows from its facts"));
    }
    for row in &mismatches {
        say(&format!("{}: the counter says {}, the rows say {}", row.what, row.counter, row.rows));
    }
    if !quiet {
        say(&format!(
            "Recounted {codes} codes, {clicks} clicks, {signups} sign-ups and {payments} payments. Drift: {drift}"
        ));
    }
    Ok(if drift == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Works all payments out again: how many there are, and those that differ. Whether one came too late depended on when
/// it was looked at, and stays as it was.
async fn find_wrong_payments(tx: &mut Tx) -> sqlx::Result<(usize, Vec<PaymentId>)> {
    let (mut count, mut wrong, mut after) = (0, vec![], PaymentId(0));
    loop {
        let stored = payments::after(tx, after, PAYMENTS).await?;
        let Some(last) = stored.last().map(|payment| payment.id) else { return Ok((count, wrong)) };
        let ids: Vec<PaymentId> = stored.iter().map(|payment| payment.id).collect();
        let facts = payment_facts::of_payments(tx, &ids).await?;
        let payers: Vec<UserId> = stored.iter().filter_map(|payment| payment.user_id).collect();
        let referrals = referrals::records(tx, &payers).await?;
        for payment in &stored {
            let own = facts.iter().filter(|known| known.payment == payment.id);
            let own: Vec<Fact> = own.map(|known| known.fact.clone()).collect();
            let referral = referrals.iter().find(|referral| Some(referral.referee_id) == payment.user_id);
            let late = payment.parked_because == Some(ParkedReason::TooLate);
            let now = if late { Time::MAX } else { payment.recorded_at };
            let mut again = payment.clone();
            work_out(&mut again, &own, referral, now);
            if again != *payment {
                wrong.push(payment.id);
            }
        }
        count += stored.len();
        after = last;
    }
}
