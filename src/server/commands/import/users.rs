//! `passalong import users FILE`: people who have accounts elsewhere.

use crate::{
    domain::{
        accounts::{email::Email, locale::optional_locale, username::Username},
        codes::code::Code,
        ids::{PaymentId, UserId},
        settings::ProgramSettings,
        time::Time,
    },
    server::{
        actions::{
            codes::backfill_personal_codes,
            conversions::{settle_payments, take_up_payments},
        },
        commands::{
            console::{open_database, progress, say},
            import::{
                columns::Columns,
                referrals,
                table::{Line, Table, short},
                transaction::{CHUNK, bar, commit, refuse},
                wrong::Wrong,
            },
        },
        config::{
            Config,
            cli::{CsvFile, Vendor},
            clock::Clock,
            rng::Rng,
        },
        errors::BoxError,
        exports::users::COLUMNS,
        realtime::change_set::ChangeSet,
        store::{
            codes,
            db::Tx,
            imports::{self, ImportedUser, KnownPerson},
            settings,
        },
    },
    text::english,
};
use std::{
    collections::{HashMap, HashSet},
    process::ExitCode,
};

/// Characters of a made username's tail.
const TAIL: usize = 6;

/// Payments that waited for somebody and are settled at once.
const PAYMENTS: usize = 500;

/// Somebody, and the personal code that they bring along.
struct ParsedUser {
    user: ImportedUser,
    code: Option<Code>,
}

/// What became of the lines.
#[derive(Default)]
struct Counts {
    made: u64,
    /// Whose e-mail had an account before.
    known: u64,
    /// Lines of a vendor's export without an e-mail.
    without_email: u64,
    /// Lines of a vendor's export whose e-mail an earlier line has.
    repeated: u64,
}

/// What a file is read with.
struct Reading {
    settings: ProgramSettings,
    rng: Rng,
    from: Option<Vendor>,
    /// The newest account before the import.
    newest: UserId,
    now: Time,
}

pub async fn run(config: &Config, csv: &CsvFile, from: Option<Vendor>) -> Result<ExitCode, BoxError> {
    let now = Clock::default().now();
    let mut table = open(csv, from)?;
    let db = open_database(config).await?;
    let bar = bar(&table, "Users", csv.quiet);
    let (mut wrong, mut counts, mut waiting) = (Wrong::default(), Counts::default(), vec![]);
    let mut tx = db.begin().await?;
    let settings = settings::load(&mut tx).await?;
    let newest = imports::newest_user(&mut tx).await?;
    let reading = Reading { settings, rng: Rng::from_system(), from, newest, now };
    while let Some(lines) = table.chunk(CHUNK, &mut wrong, |line| parse(line, &reading)) {
        let people = lines.into_iter().filter_map(|(number, parsed)| match parsed {
            Some(parsed) => Some((number, parsed)),
            None => {
                counts.without_email += 1;
                None
            }
        });
        let people = people.collect();
        waiting.extend(insert(&mut tx, people, &reading, &mut wrong, &mut counts).await?);
        bar.set_position(table.position());
    }
    bar.finish_and_clear();
    let codes_bar = progress(counts.made, "Personal codes", csv.quiet);
    backfill_personal_codes::run_in(&mut tx, &reading.settings, &reading.rng, now, |n| codes_bar.inc(n)).await?;
    codes_bar.finish_and_clear();
    let brought = match table.has("referred_by") {
        // Who is named may come later in the file, so it is read again when everybody is there.
        true => referrals::run_in(&mut tx, open(csv, from)?, newest, &mut wrong, csv.quiet, now).await?,
        false => 0,
    };
    refuse(wrong, &csv.file)?;
    let mut changes = ChangeSet::default();
    for payments in waiting.chunks(PAYMENTS) {
        settle_payments::run_in(&mut tx, payments, now, &mut changes).await?;
    }
    match counts.made {
        0 => drop(tx),
        made => {
            let changes = ChangeSet { events: changes.events, ..ChangeSet::everything() };
            commit(tx, "users.import", &csv.file, made, &changes, now).await?;
        }
    }
    db.close().await;
    if !csv.quiet {
        say(&counts.in_words(brought));
    }
    Ok(ExitCode::SUCCESS)
}

impl Counts {
    fn in_words(&self, brought: u64) -> String {
        let brought = if brought > 0 { format!(" With a referrer: {brought}.") } else { String::new() };
        let skipped = [
            (self.known, "already have an account"),
            (self.without_email, "without an e-mail"),
            (self.repeated, "with a repeated e-mail"),
        ];
        let skipped = skipped.into_iter().filter(|(count, _)| *count > 0);
        let skipped: Vec<String> = skipped.map(|(count, why)| format!("{count} {why}")).collect();
        let skipped = if skipped.is_empty() { String::new() } else { format!(" Skipped: {}.", skipped.join(", ")) };
        format!("Imported users: {}.{brought}{skipped}", self.made)
    }
}

/// Opens the file, or says whose export it is.
fn open(csv: &CsvFile, from: Option<Vendor>) -> Result<Table, BoxError> {
    let columns = Columns { known: &COLUMNS, needed: &["email"], ignore_unknown: csv.ignore_unknown };
    Table::open(csv, columns, from).map_err(|error| {
        let vendor = Table::head(&csv.file).ok().as_deref().and_then(Vendor::of_head);
        match vendor.filter(|_| from.is_none()).map(Vendor::name) {
            Some(name) => format!("line 1: this looks like a {name} export: use --from {}", name.to_lowercase()).into(),
            None => error,
        }
    })
}

/// Somebody; nobody for a line of a vendor's export without an e-mail.
fn parse(line: &Line, reading: &Reading) -> Result<Option<ParsedUser>, String> {
    if reading.from.is_some() && line.text("email").is_empty() {
        return Ok(None);
    }
    let email =
        Email::parse(line.text("email")).map_err(|message| format!("email: {}", english().message(&message)))?;
    let username = match line.text("username") {
        "" => made_username(&email, &reading.rng),
        text => Username::parse(text).map_err(|message| format!("username: {}", english().message(&message)))?,
    };
    let goal = match line.text("referral_goal") {
        "" => Ok(reading.settings.default_goal),
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
    let mut user = ImportedUser::new(&email, &username, goal, line.created_at(reading.now)?);
    user.account_id = line.short("account_id", 255)?;
    user.phone = line.short("phone", 50)?;
    user.disabled_at = line.flag("disabled", false)?.then_some(reading.now);
    let locale = optional_locale(line.text("locale"));
    if reading.from.is_some() {
        // Shopify writes an apostrophe before its numbers, and Mailchimp languages in its own ways.
        user.external_id = short("external_id", line.text("external_id").trim_start_matches('\''), 255)?;
        user.locale = locale.unwrap_or_default();
        let parts = [line.text("full_name"), line.text("first_name"), line.text("last_name")];
        let name = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
        user.full_name = short("full_name", &name, 200)?;
    } else {
        user.external_id = line.short("external_id", 255)?;
        user.locale = locale.map_err(|message| format!("locale: {}", english().message(&message)))?;
        user.full_name = line.short("full_name", 200)?;
    }
    Ok(Some(ParsedUser { user, code }))
}

/// A name that nobody has, from the beginning of an address.
fn made_username(email: &Email, rng: &Rng) -> Username {
    let begin: String = email.as_str().split('@').next().unwrap_or_default().chars().take(20).collect();
    let begin: String = begin.chars().filter(char::is_ascii_alphanumeric).collect();
    let tail = Code::random(&rng.byte_vec(TAIL)).as_str().to_lowercase();
    let name = if begin.is_empty() { format!("user-{tail}") } else { format!("{begin}-{tail}") };
    Username::parse(&name).expect("letters, digits and a dash, 7 to 27 of them")
}

/// Everybody who has what a line asks for: with the id of the account, or without one for an earlier line.
#[derive(Default)]
struct Taken {
    emails: HashMap<String, Option<UserId>>,
    usernames: HashMap<String, Option<UserId>>,
    external_ids: HashMap<String, Option<UserId>>,
}

impl Taken {
    fn of(known: Vec<KnownPerson>, newest: UserId) -> Self {
        let mut taken = Self::default();
        for person in known {
            // An account of this import is an earlier line of the file.
            let id = Some(person.id).filter(|id| *id <= newest);
            taken.emails.insert(person.email, id);
            taken.usernames.insert(person.username_key, id);
            taken.external_ids.extend(person.external_id.map(|external_id| (external_id, id)));
        }
        taken
    }

    /// What of a person somebody else has, with who that is.
    fn problem(&self, user: &ImportedUser) -> Option<String> {
        let by = |id: &Option<UserId>| if id.is_some() { "is taken" } else { "is in the file twice" };
        if let Some(id) = self.usernames.get(user.username_key()) {
            return Some(format!("username: {} {}.", user.username(), by(id)));
        }
        let external_id = user.external_id.as_ref()?;
        self.external_ids.get(external_id).map(|id| format!("external_id: {external_id} {}.", by(id)))
    }

    fn add(&mut self, user: &ImportedUser) {
        self.emails.insert(user.email().to_owned(), None);
        self.usernames.insert(user.username_key().to_owned(), None);
        self.external_ids.extend(user.external_id.clone().map(|external_id| (external_id, None)));
    }
}

/// Writes a chunk and says which lines could not be taken; payments that may have waited for these people.
async fn insert(
    tx: &mut Tx,
    parsed: Vec<(u64, ParsedUser)>,
    reading: &Reading,
    wrong: &mut Wrong,
    counts: &mut Counts,
) -> Result<Vec<PaymentId>, BoxError> {
    let all: Vec<ImportedUser> = parsed.iter().map(|(_, parsed)| parsed.user.clone()).collect();
    let mut taken = Taken::of(imports::known_people(tx, &all).await?, reading.newest);
    let mut new = vec![];
    for (number, parsed) in parsed {
        match taken.emails.get(parsed.user.email()) {
            Some(Some(_)) => counts.known += 1,
            Some(None) if reading.from.is_some() => counts.repeated += 1,
            Some(None) => wrong.add(number, &format!("email: {} is in the file twice.", parsed.user.email())),
            None => match taken.problem(&parsed.user) {
                Some(problem) => wrong.add(number, &problem),
                None => {
                    taken.add(&parsed.user);
                    new.push((number, parsed));
                }
            },
        }
    }
    let users: Vec<ImportedUser> = new.iter().map(|(_, parsed)| parsed.user.clone()).collect();
    let made: HashMap<String, UserId> =
        imports::insert_users(tx, &users).await?.into_iter().map(|(id, email)| (email, id)).collect();
    counts.made += made.len() as u64;
    let mut brought = vec![];
    for (number, ParsedUser { user, code }) in new {
        match (made.get(user.email()), code) {
            (Some(id), Some(code)) => brought.push((number, *id, code)),
            (Some(_), None) => {}
            (None, _) => wrong.add(number, "Somebody else has joined with this e-mail, username or external_id."),
        }
    }
    let pairs: Vec<(UserId, Code)> = brought.iter().map(|(_, id, code)| (*id, code.clone())).collect();
    let served: HashSet<UserId> = codes::insert_personal_many(tx, &pairs, reading.now).await?.into_iter().collect();
    for (number, id, code) in brought {
        if !served.contains(&id) {
            wrong.add(number, &format!("code: {code} is taken, or is in the file twice."));
        }
    }
    let people =
        users.iter().filter_map(|user| Some((*made.get(user.email())?, user.email(), user.external_id.as_deref())));
    Ok(take_up_payments::waiting_for(tx, people).await?)
}
