//! Payments that a file tells of: as one after the other by the API, many at a time.

use crate::{
    domain::{
        conversions::{clues::Clue, facts::Fact, message::PaymentMessage, references::Reference},
        ids::PaymentId,
        message::Message,
        settings::{ConversionAmount, ProgramSettings},
        time::Time,
    },
    error::AppError,
    server::{
        actions::conversions::{record_conversion, settle_payments},
        errors::TxError,
        realtime::change_set::ChangeSet,
        store::{
            db::Tx,
            payment_clues::{self, ClueRecord},
            payment_facts::{self, FactRecord},
            payment_refs, payments, user_names,
        },
    },
};
use std::collections::{HashMap, HashSet};

/// What a payment of a file turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Imported {
    /// Nobody had told of it.
    New,
    /// It is known, and more of it may be known now.
    Joined,
    /// All of it was told before; nothing was written.
    ToldBefore,
}

/// What became of each payment, in their order.
pub type Outcomes = Vec<Result<Imported, AppError>>;

/// Records payments within a transaction beside which nobody else writes any. Whatever is refused, the others are
/// recorded: the caller decides whether they stay. Takes a few queries for all payments that are new or told before,
/// and some for each that joins others.
pub async fn run_in(
    tx: &mut Tx,
    settings: &ProgramSettings,
    messages: &[PaymentMessage],
    now: Time,
    changes: &mut ChangeSet,
) -> sqlx::Result<Outcomes> {
    let mut outcomes: Vec<Option<Result<Imported, AppError>>> = vec![None; messages.len()];
    for at in find_torn(tx, messages).await? {
        outcomes[at] = Some(Err(AppError::invalid("", Message::PayersDiffer)));
    }
    let told = Known::load(tx, messages).await?;
    let mut seen: HashSet<&Reference> = HashSet::new();
    let mut new = vec![];
    for (at, message) in messages.iter().enumerate() {
        let mut names = message.references.iter();
        if outcomes[at].is_none() {
            outcomes[at] = told.holds(message).then_some(Ok(Imported::ToldBefore));
        }
        if outcomes[at].is_none() && names.all(|name| !seen.contains(name) && !told.payments.contains_key(name)) {
            new.push(at);
        }
        seen.extend(&message.references);
    }
    let fresh: Vec<&PaymentMessage> = new.iter().map(|at| &messages[*at]).collect();
    insert(tx, settings, &fresh, now, changes).await?;
    new.into_iter().for_each(|at| outcomes[at] = Some(Ok(Imported::New)));
    let mut all = vec![];
    for (message, outcome) in messages.iter().zip(outcomes) {
        let outcome = match outcome {
            Some(outcome) => outcome,
            None => match record_conversion::run_locked(tx, settings, message, now, changes).await {
                Ok(recorded) => Ok(if recorded.new { Imported::New } else { Imported::Joined }),
                Err(TxError::Rejected(error)) => Err(error),
                Err(TxError::Database(error)) => return Err(error),
            },
        };
        all.push(outcome);
    }
    Ok(all)
}

/// Places of the payments that name two people.
async fn find_torn(tx: &mut Tx, messages: &[PaymentMessage]) -> sqlx::Result<Vec<usize>> {
    let named: Vec<_> = messages.iter().map(record_conversion::named_people).collect();
    let ids: Vec<_> = named.iter().flat_map(|(ids, _)| ids.iter().copied()).collect();
    let external_ids: Vec<_> = named.iter().flat_map(|(_, external_ids)| external_ids.iter().copied()).collect();
    let people = user_names::identify(tx, &ids, &external_ids, &[]).await?;
    let ids: HashSet<_> = people.iter().map(|user| user.id).collect();
    let by_external_id: HashMap<&str, _> =
        people.iter().filter_map(|user| Some((user.external_id.as_deref()?, user.id))).collect();
    let torn = named.iter().enumerate().filter(|(_, (own, external_ids))| {
        let own = own.iter().filter(|id| ids.contains(id)).copied();
        let found: HashSet<_> =
            own.chain(external_ids.iter().filter_map(|id| by_external_id.get(id).copied())).collect();
        found.len() > 1
    });
    Ok(torn.map(|(at, _)| at).collect())
}

/// What is known by the names of some payments.
struct Known {
    payments: HashMap<Reference, PaymentId>,
    clues: HashMap<PaymentId, Vec<Clue>>,
    facts: HashMap<PaymentId, Vec<Fact>>,
}

impl Known {
    async fn load(tx: &mut Tx, messages: &[PaymentMessage]) -> sqlx::Result<Self> {
        let names: Vec<&Reference> = messages.iter().flat_map(|message| &message.references).collect();
        let payments: HashMap<_, _> = payment_refs::known(tx, &names).await?.into_iter().collect();
        let (mut clues, mut facts) = (HashMap::<_, Vec<_>>::new(), HashMap::<_, Vec<_>>::new());
        let ids: HashSet<PaymentId> = payments.values().copied().collect();
        let ids: Vec<PaymentId> = ids.into_iter().collect();
        if !ids.is_empty() {
            for ClueRecord { payment_id, kind, value } in payment_clues::of_payments(tx, &ids).await? {
                clues.entry(payment_id).or_default().push(Clue { kind, value });
            }
            for FactRecord { payment, fact, .. } in payment_facts::of_payments(tx, &ids).await? {
                facts.entry(payment).or_default().push(fact);
            }
        }
        Ok(Self { payments, clues, facts })
    }

    /// Whether all this has been told before of one payment.
    fn holds(&self, message: &PaymentMessage) -> bool {
        let Some(id) = message.references.first().and_then(|name| self.payments.get(name)) else { return false };
        let (Some(clues), Some(facts)) = (self.clues.get(id), self.facts.get(id)) else { return false };
        let told_before = |told: &Fact| {
            let same = |known: &&Fact| (known.amount, known.currency) == (told.amount, told.currency);
            facts.iter().find(|known| known.is_same(told)).filter(same).is_some_and(|known| known.then(told) == *known)
        };
        message.references.iter().all(|name| self.payments.get(name) == Some(id))
            && message.clues.iter().all(|clue| clues.contains(clue))
            && message.facts.iter().all(told_before)
    }
}

/// Writes down payments that nobody has told of.
async fn insert(
    tx: &mut Tx,
    settings: &ProgramSettings,
    messages: &[&PaymentMessage],
    now: Time,
    changes: &mut ChangeSet,
) -> sqlx::Result<()> {
    if messages.is_empty() {
        return Ok(());
    }
    let gross = settings.conversion_amount == ConversionAmount::Gross;
    let ids = payments::insert_many(tx, messages.len(), gross, now).await?;
    let told = || ids.iter().copied().zip(messages);
    let names = told().flat_map(|(id, message)| message.references.iter().map(move |name| (id, name)));
    payment_refs::insert_many(tx, names).await?;
    let clues = told().flat_map(|(id, message)| message.clues.iter().map(move |clue| (id, clue)));
    payment_clues::insert_many(tx, clues).await?;
    let facts = told().flat_map(|(id, message)| message.facts.iter().map(move |fact| (id, fact)));
    payment_facts::save_many(tx, facts, now).await?;
    settle_payments::run_in(tx, &ids, now, changes).await
}
