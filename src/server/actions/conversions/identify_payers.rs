//! Who has paid, by the clues that messages gave.

use crate::{
    domain::{
        accounts::email::Email,
        conversions::clues::{Clue, ClueKind},
        ids::{PaymentId, UserId},
    },
    server::store::{
        db::Tx,
        payment_clues::{self, ClueRecord, Customer},
        payments::PaymentRecord,
        user_names::{self, Identity},
    },
};

/// Says of each payment who has paid, as far as it is known now, and remembers whom customers of a provider turned out
/// to be. Other payments of these customers, which may be somebody else's now, are returned.
pub async fn run_in(tx: &mut Tx, records: &mut [PaymentRecord]) -> sqlx::Result<Vec<PaymentId>> {
    let ids: Vec<PaymentId> = records.iter().map(|record| record.id).collect();
    let clues = payment_clues::of_payments(tx, &ids).await?;
    let known = Known::load(tx, &clues, records).await?;
    let mut learned: Vec<Customer> = vec![];
    for record in records.iter_mut() {
        // Whoever is erased stays the one who has paid.
        if record.user_id.is_some_and(|user| !known.is_user(user)) {
            continue;
        }
        let own = || clues.iter().filter(|clue| clue.payment_id == record.id);
        let best = own().filter_map(|clue| known.payer(clue)).min_by_key(|(_, kind)| *kind);
        if let Some((user, kind)) = best
            && record.known_by.is_none_or(|before| kind < before || kind == ClueKind::Admin)
        {
            (record.user_id, record.known_by) = (Some(user), Some(kind));
        }
        let (Some(user), Some(kind)) = (record.user_id, record.known_by) else { continue };
        for customer in own().filter(|clue| clue.kind == ClueKind::Customer) {
            let before = known.customers.iter().chain(&learned).filter(|known| known.customer == customer.value);
            let news = before.map(|known| known.known_by).min().is_none_or(|before| kind < before);
            // What is known by the customer itself is no news about it.
            if news && kind != ClueKind::Customer {
                learned.push(Customer { customer: customer.value.clone(), user_id: user, known_by: kind });
            }
        }
    }
    if learned.is_empty() {
        return Ok(vec![]);
    }
    // Of one customer the strongest was learned last.
    learned.reverse();
    let mut latest: Vec<Customer> = vec![];
    for customer in learned {
        if !latest.iter().any(|known| known.customer == customer.customer) {
            latest.push(customer);
        }
    }
    payment_clues::keep_customers(tx, &latest).await?;
    let clues = latest.iter().map(|known| Clue { kind: ClueKind::Customer, value: known.customer.clone() });
    payment_clues::payments_of(tx, &clues.collect::<Vec<_>>()).await
}

/// The users and customers that clues speak of.
struct Known {
    users: Vec<Identity>,
    customers: Vec<Customer>,
}

impl Known {
    async fn load(tx: &mut Tx, clues: &[ClueRecord], records: &[PaymentRecord]) -> sqlx::Result<Self> {
        let mut ids: Vec<UserId> = records.iter().filter_map(|record| record.user_id).collect();
        let (mut external_ids, mut emails, mut customers) = (vec![], vec![], vec![]);
        for ClueRecord { kind, value, .. } in clues {
            match kind {
                ClueKind::Admin | ClueKind::Id => ids.extend(own_id(value)),
                ClueKind::ExternalId => external_ids.push(value.as_str()),
                ClueKind::Metadata | ClueKind::ClientReference => {
                    ids.extend(own_id(value));
                    external_ids.push(value.as_str());
                }
                ClueKind::Customer => customers.push(value.as_str()),
                ClueKind::Email => emails.push(value.as_str()),
            }
        }
        let customers = match customers[..] {
            [] => vec![],
            _ => payment_clues::customers(tx, &customers).await?,
        };
        ids.extend(customers.iter().map(|customer| customer.user_id));
        Ok(Self { users: user_names::identify(tx, &ids, &external_ids, &emails).await?, customers })
    }

    fn is_user(&self, id: UserId) -> bool {
        self.users.iter().any(|user| user.id == id)
    }

    /// Whom a clue names, and how much that is worth: what is known of a customer, no more than the clue that said so.
    fn payer(&self, clue: &ClueRecord) -> Option<(UserId, ClueKind)> {
        let value = clue.value.as_str();
        let by_id = || own_id(value).filter(|id| self.is_user(*id));
        let by = |found: &dyn Fn(&Identity) -> bool| self.users.iter().find(|user| found(user)).map(|user| user.id);
        let by_external_id = || by(&|user| user.external_id.as_deref() == Some(value));
        match clue.kind {
            ClueKind::Admin | ClueKind::Id => by_id().map(|user| (user, clue.kind)),
            ClueKind::ExternalId => by_external_id().map(|user| (user, clue.kind)),
            // A number may be both: the host product's own id comes first, for it is the host product that speaks.
            ClueKind::Metadata | ClueKind::ClientReference => {
                by_external_id().or_else(by_id).map(|user| (user, clue.kind))
            }
            ClueKind::Customer => {
                let known = self.customers.iter().find(|known| known.customer == value)?;
                Some((known.user_id, known.known_by.max(ClueKind::Customer)))
            }
            ClueKind::Email => {
                let email = Email::parse(value).ok()?;
                by(&|user| user.email == email.as_str()).map(|user| (user, clue.kind))
            }
        }
    }
}

/// Reads an id of ours.
fn own_id(value: &str) -> Option<UserId> {
    let digits = !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| value.parse().ok().map(UserId)).flatten()
}
