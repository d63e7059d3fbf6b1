//! Users whose e-mail or username begins in a certain way.

use super::super::{
    state::Server,
    store::{
        Tx,
        people::{self, Name, Person},
    },
};
use crate::{domain::ids::UserId, error::AppError, functions::campaigns::Choice};
use std::collections::HashMap;

const MOST: usize = 10;

/// How often names are read for one page. More are needed only far behind the first thousands.
const ROUNDS: usize = 10;

/// The first by e-mail of those that are found; nobody for an empty beginning.
pub async fn run(server: &Server, q: &str) -> Result<Vec<Choice>, AppError> {
    let q = q.trim().to_lowercase();
    if q.is_empty() {
        return Ok(vec![]);
    }
    let (mut found, _) = page(&mut server.db.read().await?, &q, "", MOST).await?;
    found.sort_by(|one, other| one.email.cmp(&other.email));
    Ok(found.into_iter().map(|p| Choice { id: p.id, email: p.email, username: p.username }).collect())
}

/// Up to `most` users by the name that begins with `q` (in lower case), after `after`; and where the next page begins.
/// Who is found by both names stands where the first of them does.
pub async fn page(tx: &mut Tx, q: &str, after: &str, most: usize) -> sqlx::Result<(Vec<Person>, Option<String>)> {
    let (mut after, mut found, mut more) = (after.to_owned(), Vec::<Name>::new(), true);
    for _ in 0..ROUNDS {
        let step = most as i64 + 1;
        let (emails, usernames) =
            (people::emails(tx, q, &after, step).await?, people::usernames(tx, q, &after, step).await?);
        let known = known_until(&[&emails, &usernames], most + 1);
        let mut names: Vec<Name> = emails.into_iter().chain(usernames).collect();
        names.retain(|name| known.as_ref().is_none_or(|known| name.text <= *known));
        names.retain(|name| !(name.other.starts_with(q) && name.other < name.text));
        names.sort_by(|one, other| one.text.cmp(&other.text));
        found.extend(names);
        match known {
            Some(known) => after = known,
            None => more = false,
        }
        if found.len() > most || !more {
            break;
        }
    }
    if found.len() > most {
        found.truncate(most);
        more = true;
        after = found.last().map(|name| name.text.clone()).unwrap_or_default();
    }
    let ids: Vec<UserId> = found.iter().map(|name| name.id).collect();
    let mut people: HashMap<UserId, Person> =
        people::by_ids(tx, &ids).await?.into_iter().map(|person| (person.id, person)).collect();
    Ok((ids.iter().filter_map(|id| people.remove(id)).collect(), more.then_some(after)))
}

/// Of two lists that end after `full` entries: up to where both are known; nothing when both are known to their ends.
fn known_until(lists: &[&[Name]], full: usize) -> Option<String> {
    let ends = lists.iter().filter(|list| list.len() >= full).filter_map(|list| list.last());
    ends.map(|name| name.text.clone()).min()
}

#[cfg(test)]
mod tests {
    use super::{super::super::store::db_test, *};
    use crate::server::store::fixtures;

    db_test!(everybody_is_found_once_by_whatever_name, |db| {
        let mut tx = db.begin().await?;
        // Their e-mails begin like their names.
        for name in ["anna", "Anton", "ann-2", "ann-1", "bea"] {
            fixtures::user(&mut tx, name).await?;
        }
        let mut seen = vec![];
        let mut after = String::new();
        loop {
            let (people, next) = page(&mut tx, "an", &after, 2).await?;
            seen.extend(people.into_iter().map(|person| person.username));
            match next {
                Some(next) => after = next,
                None => break,
            }
        }
        assert_eq!(seen, ["ann-1", "ann-2", "anna", "Anton"]);
        assert_eq!(page(&mut tx, "nobody", "", 2).await?.1, None);
        assert_eq!(page(&mut tx, "anton@", "", 2).await?.0.len(), 1);
        tx.commit().await
    });
}
