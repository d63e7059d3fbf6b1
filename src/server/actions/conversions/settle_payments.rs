//! Working out payments from their facts, and moving what counts them: the referral, the counters, the events.

use crate::{
    domain::{
        conversions::{
            facts::{Fact, FactKind},
            references::Provider,
            standing::{Circumstances, Payer, PaymentState, standing},
        },
        events::EventKind,
        ids::{PaymentId, UserId},
        rewards::rule::MilestoneOf,
        time::Time,
    },
    server::{
        actions::{
            conversions::identify_payers,
            events,
            rewards::{
                settle_milestones::{self, NumberChange},
                settle_rewards::{self, SignUp},
            },
        },
        realtime::change_set::ChangeSet,
        store::{
            db::Tx,
            payment_facts,
            payments::{self, PaymentRecord},
            referrals::{self, ReferralRecord},
            revenue::{self, ConversionChange, RevenueChange},
        },
    },
};
use std::collections::{BTreeMap, BTreeSet};

/// Brings these payments up to date with their facts and with whose they are. Doing it again changes nothing.
pub async fn run_in(tx: &mut Tx, ids: &[PaymentId], now: Time, changes: &mut ChangeSet) -> sqlx::Result<()> {
    let mut done = BTreeSet::new();
    let mut next: Vec<PaymentId> = ids.to_vec();
    while !next.is_empty() {
        let records = payments::lock(tx, &next).await?;
        done.extend(next);
        let others = settle(tx, records, now, changes).await?;
        next = others.into_iter().filter(|id| !done.contains(id)).collect();
    }
    Ok(())
}

/// Settles some payments; others that may be somebody else's now are returned.
async fn settle(
    tx: &mut Tx,
    before: Vec<PaymentRecord>,
    now: Time,
    changes: &mut ChangeSet,
) -> sqlx::Result<Vec<PaymentId>> {
    let mut after = before.clone();
    let others = identify_payers::run_in(tx, &mut after).await?;
    let ids: Vec<PaymentId> = before.iter().map(|record| record.id).collect();
    let facts = payment_facts::of_payments(tx, &ids).await?;
    let payers: BTreeSet<UserId> = before.iter().chain(&after).filter_map(|record| record.user_id).collect();
    let payers: Vec<UserId> = payers.into_iter().collect();
    let referrals = match payers[..] {
        [] => vec![],
        _ => referrals::lock(tx, &payers).await?,
    };
    for record in &mut after {
        let facts: Vec<Fact> =
            facts.iter().filter(|known| known.payment == record.id).map(|known| known.fact.clone()).collect();
        let referral = referrals.iter().find(|referral| Some(referral.referee_id) == record.user_id);
        work_out(record, &facts, referral, now);
    }
    let changed: Vec<(&PaymentRecord, PaymentRecord)> = before
        .iter()
        .zip(after)
        .filter(|(before, after)| *before != after)
        .map(|(before, after)| (before, PaymentRecord { version: before.version + 1, ..after }))
        .collect();
    let records: Vec<PaymentRecord> = changed.iter().map(|(_, after)| after.clone()).collect();
    payments::update(tx, &records).await?;
    let moved: Vec<RevenueChange> =
        changed.iter().flat_map(|(before, after)| [counted(before, -1), counted(after, 1)]).flatten().collect();
    revenue::add_revenue(tx, &moved).await?;
    changes.codes.extend(moved.iter().map(|change| change.code));
    let happened: Vec<(PaymentId, EventKind)> =
        changed.iter().filter_map(|(before, after)| Some((after.id, event_kind(before, after)?))).collect();
    changes.events.extend(events::conversions::events(tx, &happened, now).await?);
    let numbers = convert_referrals(tx, &referrals, &records, now, changes).await?;
    settle_milestones::run_in(tx, &numbers, false, now, changes).await?;
    settle_rewards::run_in(tx, &payers, SignUp::Known, now, changes).await?;
    Ok(others)
}

/// Puts into a payment what follows from its facts.
pub fn work_out(record: &mut PaymentRecord, facts: &[Fact], referral: Option<&ReferralRecord>, now: Time) {
    let circumstances = Circumstances {
        payer: Payer { known: record.user_id.is_some(), signed_up_at: referral.map(|referral| referral.signed_up_at) },
        gross: record.gross,
        taken_up: record.taken_up,
        recorded_at: record.recorded_at,
        now,
    };
    let found = standing(facts, &circumstances);
    let by_host = |fact: &&Fact| fact.kind == FactKind::Paid && fact.source.provider() == Provider::Host;
    record.source = found.source;
    record.source_id = facts.iter().find(by_host).map(|fact| fact.key.clone());
    record.amount = found.amount;
    record.net_amount = found.net_amount;
    record.currency = found.currency.map(|currency| currency.to_string());
    record.refunded = found.refunded;
    record.disputed = found.disputed;
    record.occurred_at = found.occurred_at;
    record.product = found.product;
    record.period_start = found.period_start;
    if record.duplicate_of.is_some() {
        (record.state, record.parked_because) = (PaymentState::Duplicate, None);
        (record.code_id, record.revenue) = (None, 0);
        // What told of a refund alone is no payment of its own to show.
        if !record.is_paid() {
            record.currency = None;
        }
        return;
    }
    let counts = matches!(found.state, PaymentState::Counted | PaymentState::Disputed | PaymentState::Refunded);
    (record.state, record.parked_because) = (found.state, found.parked_because);
    record.code_id = referral.filter(|_| counts).map(|referral| referral.code_id);
    record.revenue = found.revenue;
    record.taken_up |= counts;
}

/// What a host product is told of a change; nothing of payments that count nowhere.
fn event_kind(before: &PaymentRecord, after: &PaymentRecord) -> Option<EventKind> {
    match (before.code_id.is_some(), after.code_id.is_some()) {
        (false, true) => Some(EventKind::ConversionCreated),
        (true, false) => Some(EventKind::ConversionRemoved),
        (true, true) if before.refunded != after.refunded => Some(EventKind::ConversionRefunded),
        (true, true) if before.disputed != after.disputed => Some(EventKind::ConversionDisputed),
        (true, true) => Some(EventKind::ConversionChanged),
        (false, false) => None,
    }
}

/// The revenue that is counted for a payment, taken away where `sign` is −1.
fn counted(record: &PaymentRecord, sign: i64) -> Option<RevenueChange> {
    let (code, currency) = (record.code_id?, record.currency.clone()?);
    (record.revenue != 0).then(|| RevenueChange {
        code,
        at: record.occurred_at,
        currency,
        amount: sign * record.revenue,
    })
}

/// Converts referrals whose referee has paid what counts, and takes back conversions of which nothing is left. How the
/// numbers of the referrers have changed: by `payments` that earn nothing, nobody gains anything.
async fn convert_referrals(
    tx: &mut Tx,
    referrals: &[ReferralRecord],
    payments: &[PaymentRecord],
    now: Time,
    changes: &mut ChangeSet,
) -> sqlx::Result<Vec<NumberChange>> {
    if referrals.is_empty() {
        return Ok(vec![]);
    }
    let referees: Vec<UserId> = referrals.iter().map(|referral| referral.referee_id).collect();
    let first = payments::first_conversions(tx, &referees).await?;
    let (mut converted, mut counts, mut gained) = (vec![], vec![], BTreeMap::<UserId, i64>::new());
    for referral in referrals {
        let at = first.iter().find(|(user, _)| *user == referral.referee_id).map(|(_, at)| *at);
        if at == referral.converted_at {
            continue;
        }
        converted.push((referral.referee_id, at));
        let change = |at, count| ConversionChange { code: referral.code_id, at, count };
        counts.extend(referral.converted_at.map(|before| change(before, -1)));
        counts.extend(at.map(|at| change(at, 1)));
        changes.codes.push(referral.code_id);
        changes.users.extend(referral.referrer_id);
        let earns = payments.iter().any(|payment| payment.user_id == Some(referral.referee_id) && payment.earns);
        if let Some(referrer) = referral.referrer_id.filter(|_| !referral.in_review) {
            *gained.entry(referrer).or_default() += match (referral.converted_at, at) {
                (None, Some(_)) => i64::from(earns),
                (Some(_), None) => -1,
                _ => 0,
            };
        }
    }
    referrals::set_converted(tx, &converted).await?;
    revenue::add_conversions(tx, &counts).await?;
    let referees: Vec<UserId> = converted.iter().map(|(referee, _)| *referee).collect();
    changes.events.extend(events::referrals::of_conversions(tx, &referees, now).await?);
    let number = |(referrer, gained)| NumberChange { referrer, of: MilestoneOf::Converted, gained };
    Ok(gained.into_iter().map(number).collect())
}
