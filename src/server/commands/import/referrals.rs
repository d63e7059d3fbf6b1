//! Who brought the people of a file, by its column `referred_by`.

use crate::{
    domain::{
        accounts::email::{Email, search_form},
        attribution::Receipt,
        codes::code::Code,
        ids::UserId,
        time::Time,
    },
    server::{
        commands::import::{
            table::Table,
            transaction::{CHUNK, bar},
            wrong::Wrong,
        },
        errors::BoxError,
        store::{
            db::Tx,
            import_referrals::{self, ImportedPerson, ImportedReferral, NamedReferrer},
        },
    },
};
use std::collections::HashMap;

/// Somebody, and whom the line names as their referrer.
struct Brought {
    email: Email,
    by: String,
}

/// Credits those who are named, for people whose accounts came after `newest`; for how many. It tells of no events and
/// gives no rewards, as an import of people does not.
pub async fn run_in(
    tx: &mut Tx,
    mut table: Table,
    newest: UserId,
    wrong: &mut Wrong,
    quiet: bool,
    now: Time,
) -> Result<u64, BoxError> {
    let bar = bar(&table, "Referrals", quiet);
    // What is wrong with a line was told when it was read for the first time.
    let mut told = Wrong::default();
    let mut count = 0;
    while let Some(lines) = table.chunk(CHUNK, &mut told, |line| {
        let by = line.text("referred_by").to_owned();
        Ok(Email::parse(line.text("email")).ok().filter(|_| !by.is_empty()).map(|email| Brought { email, by }))
    }) {
        let lines: Vec<(u64, Brought)> =
            lines.into_iter().filter_map(|(number, brought)| Some((number, brought?))).collect();
        count += credit(tx, &lines, newest, wrong, now).await?;
        bar.set_position(table.position());
    }
    bar.finish_and_clear();
    Ok(count)
}

async fn credit(
    tx: &mut Tx,
    lines: &[(u64, Brought)],
    newest: UserId,
    wrong: &mut Wrong,
    now: Time,
) -> sqlx::Result<u64> {
    let emails: Vec<&str> = lines.iter().map(|(_, brought)| brought.email.as_str()).collect();
    let people = import_referrals::imported_after(tx, newest, &emails).await?;
    // Of two lines with one e-mail only the first has made somebody.
    let mut people: HashMap<&str, &ImportedPerson> =
        people.iter().map(|person| (person.email.as_str(), person)).collect();
    let referrers = referrers(tx, lines).await?;
    let mut referrals = vec![];
    for (number, Brought { email, by }) in lines {
        let Some(person) = people.remove(email.as_str()) else { continue };
        match find(&referrers, by) {
            None => wrong.add(
                *number,
                &format!("referred_by: No user here or in the file has the username, e-mail or personal code {by}."),
            ),
            Some(referrer) if referrer.id == person.id => {
                wrong.add(*number, "referred_by: People can’t refer themselves.");
            }
            Some(referrer) => {
                let receipt =
                    Receipt::imported(referrer.code.clone(), referrer.code_id, referrer.id, person.created_at, now);
                referrals.push(ImportedReferral::new(person, referrer, &receipt));
            }
        }
    }
    import_referrals::insert(tx, &referrals).await?;
    Ok(referrals.len() as u64)
}

/// Everybody who is named, by every name of theirs.
async fn referrers(tx: &mut Tx, lines: &[(u64, Brought)]) -> sqlx::Result<HashMap<String, NamedReferrer>> {
    let names: Vec<String> = lines.iter().map(|(_, brought)| search_form(&brought.by)).collect();
    let codes: Vec<Code> = lines.iter().filter_map(|(_, brought)| Code::parse(&brought.by)).collect();
    let codes: Vec<&str> = codes.iter().map(Code::as_str).collect();
    let mut found = HashMap::new();
    for referrer in import_referrals::referrers(tx, &names, &codes).await? {
        found.entry(referrer.name.clone()).or_insert(referrer);
    }
    Ok(found)
}

/// The referrer of this name. E-mails and usernames are in lower case, codes in upper case.
fn find<'a>(referrers: &'a HashMap<String, NamedReferrer>, by: &str) -> Option<&'a NamedReferrer> {
    let by_code = || referrers.get(Code::parse(by)?.as_str());
    referrers.get(&search_form(by)).or_else(by_code)
}
