//! `passalong import users FILE`: people who have accounts elsewhere.

use crate::{
    domain::{
        accounts::{email::Email, locale::optional_locale, username::Username},
        codes::code::Code,
        ids::UserId,
        time::Time,
    },
    server::{
        actions::codes::backfill_personal_codes,
        commands::{
            console::{open_database, progress, say},
            import::{
                table::{Line, Table, Wrong},
                transaction::{CHUNK, bar, commit, refuse},
            },
        },
        config::{Config, clock::Clock, rng::Rng},
        errors::BoxError,
        exports::users::COLUMNS,
        realtime::change_set::ChangeSet,
        store::{
            codes as personal,
            db::Tx,
            imports::{self, ImportedUser},
            settings, users,
        },
    },
    text::english,
};
use std::{
    collections::{HashMap, HashSet},
    path::Path,
    process::ExitCode,
};

/// Characters of a made username's tail.
const TAIL: usize = 6;

/// Somebody, and the personal code that they bring along.
struct ParsedUser {
    email: Email,
    username: Username,
    user: ImportedUser,
    code: Option<Code>,
}

pub async fn run(config: &Config, file: &Path, quiet: bool) -> Result<ExitCode, BoxError> {
    let (clock, rng) = (Clock::default(), Rng::from_system());
    let now = clock.now();
    let mut table = Table::open(file, &["email"], &COLUMNS)?;
    let db = open_database(config).await?;
    let bar = bar(&table, "Users", quiet);
    let (mut wrong, mut made) = (Wrong::default(), 0);
    let mut tx = db.begin().await?;
    let settings = settings::load(&mut tx).await?;
    while let Some(users) = table.chunk(CHUNK, &mut wrong, |line| parse(line, settings.default_goal, &rng, now)) {
        made += insert(&mut tx, users, &mut wrong, now).await?;
        bar.set_position(table.position());
    }
    bar.finish_and_clear();
    refuse(wrong, file)?;
    commit(tx, "users.import", file, made, &ChangeSet::everything(), now).await?;
    // Like `migrate`: whoever has no code by now gets one. It may be stopped and goes on with `passalong migrate`.
    let bar = progress(made, "Personal codes", quiet);
    backfill_personal_codes::run(&db, &settings, &rng, &clock, |n| bar.inc(n)).await?;
    bar.finish_and_clear();
    db.close().await;
    if !quiet {
        say(&format!("Imported users: {made}."));
    }
    Ok(ExitCode::SUCCESS)
}

fn parse(line: &Line, goal: i64, rng: &Rng, now: Time) -> Result<ParsedUser, String> {
    let email =
        Email::parse(line.text("email")).map_err(|message| format!("email: {}", english().message(&message)))?;
    let username = match line.text("username") {
        "" => made_username(&email, rng),
        text => Username::parse(text).map_err(|message| format!("username: {}", english().message(&message)))?,
    };
    let goal = match line.text("referral_goal") {
        "" => Ok(goal),
        text => text
            .parse()
            .ok()
            .filter(|goal| (1..=1_000_000).contains(goal))
            .ok_or("referral_goal: Please write a whole number, 1 or more."),
    }?;
    let code = match line.text("code") {
        "" => None,
        text => Some(Code::parse(text).ok_or("code: A code has 3 to 50 of the characters A–Z, 0–9, “_” and “-”.")?),
    };
    let mut user = ImportedUser::new(&email, &username, goal, line.created_at(now)?);
    user.external_id = line.short("external_id", 255)?;
    user.full_name = line.short("full_name", 200)?;
    user.phone = line.short("phone", 50)?;
    user.locale =
        optional_locale(line.text("locale")).map_err(|message| format!("locale: {}", english().message(&message)))?;
    user.disabled_at = line.flag("disabled", false)?.then_some(now);
    Ok(ParsedUser { email, username, user, code })
}

/// A name that nobody has, from the beginning of an address.
fn made_username(email: &Email, rng: &Rng) -> Username {
    let begin: String = email.as_str().split('@').next().unwrap_or_default().chars().take(20).collect();
    let begin: String = begin.chars().filter(char::is_ascii_alphanumeric).collect();
    let tail = Code::random(&rng.byte_vec(TAIL)).as_str().to_lowercase();
    let name = if begin.is_empty() { format!("user-{tail}") } else { format!("{begin}-{tail}") };
    Username::parse(&name).expect("letters, digits and a dash, 7 to 27 of them")
}

/// Writes a chunk and says which lines could not be taken; how many could.
async fn insert(tx: &mut Tx, parsed: Vec<(u64, ParsedUser)>, wrong: &mut Wrong, now: Time) -> Result<u64, BoxError> {
    let new: Vec<ImportedUser> = parsed.iter().map(|(_, parsed_user)| parsed_user.user.clone()).collect();
    let mut made: HashMap<String, UserId> =
        imports::insert_users(tx, &new).await?.into_iter().map(|(id, email)| (email, id)).collect();
    let count = made.len() as u64;
    let mut codes = vec![];
    for (number, parsed_user) in parsed {
        // Of two lines with one address the first has taken it.
        match (made.remove(parsed_user.email.as_str()), parsed_user.code) {
            (Some(id), Some(code)) => codes.push((number, id, code)),
            (Some(_), None) => {}
            (None, _) if wrong.is_open() => {
                let (email, username, _) =
                    users::taken(tx, None, &parsed_user.email, &parsed_user.username, None).await?;
                let what = match (email, username) {
                    (true, _) => format!("email: {}", parsed_user.email),
                    (_, true) => format!("username: {}", parsed_user.username.as_str()),
                    _ => "external_id: It".to_owned(),
                };
                wrong.add(number, &format!("{what} is taken, or stands in the file twice."));
            }
            (None, _) => wrong.add(number, "It is taken."),
        }
    }
    let pairs: Vec<(UserId, Code)> = codes.iter().map(|(_, id, code)| (*id, code.clone())).collect();
    let served: HashSet<UserId> = personal::insert_personal_many(tx, &pairs, now).await?.into_iter().collect();
    for (number, id, code) in codes {
        if !served.contains(&id) {
            wrong.add(number, &format!("code: {code} is taken, or stands in the file twice."));
        }
    }
    Ok(count)
}
