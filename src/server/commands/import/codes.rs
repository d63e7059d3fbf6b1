//! `passalong import codes FILE`: campaign codes.

use crate::{
    domain::{
        accounts::email::Email,
        codes::{
            campaign::{CampaignFields, CampaignForm, DEFAULT_LIFETIME, DEFAULT_MAX_USES},
            code::Code,
        },
        ids::{CodeId, UserId},
        time::Time,
    },
    server::{
        commands::{
            console::{open_database, say},
            import::{
                columns::Columns,
                moment,
                table::{Line, Table},
                transaction::{CHUNK, bar, commit, refuse},
                wrong::Wrong,
            },
        },
        config::{Config, cli::CsvFile, clock::Clock},
        errors::BoxError,
        exports::codes::COLUMNS,
        realtime::change_set::ChangeSet,
        store::{
            db::Tx,
            imports::{self, ImportedCode, KnownCode},
        },
    },
    text::english,
};
use jiff::tz::TimeZone;
use std::{
    collections::{HashMap, HashSet},
    process::ExitCode,
};

pub async fn run(config: &Config, csv: &CsvFile) -> Result<ExitCode, BoxError> {
    let now = Clock::default().now();
    let columns = Columns { known: &COLUMNS, needed: &["code", "description"], ignore_unknown: csv.ignore_unknown };
    let mut table = Table::open(csv, columns, None)?;
    let db = open_database(config).await?;
    let bar = bar(&table, "Codes", csv.quiet);
    let (mut wrong, mut counts) = (Wrong::default(), Counts::default());
    let mut tx = db.begin().await?;
    let newest = imports::newest_code(&mut tx).await?;
    while let Some(codes) = table.chunk(CHUNK, &mut wrong, |line| parse(line, now)) {
        insert(&mut tx, codes, newest, &mut wrong, &mut counts).await?;
        bar.set_position(table.position());
    }
    bar.finish_and_clear();
    refuse(wrong, &csv.file)?;
    match counts.made {
        0 => drop(tx),
        made => commit(tx, "codes.import", &csv.file, made, &ChangeSet::everything(), now).await?,
    }
    db.close().await;
    if !csv.quiet {
        let known = match counts.known {
            0 => String::new(),
            known => format!(" Skipped: {known} already exist."),
        };
        say(&format!("Imported codes: {}.{known}", counts.made));
    }
    Ok(ExitCode::SUCCESS)
}

/// What became of the lines.
#[derive(Default)]
struct Counts {
    made: u64,
    known: u64,
}

/// A code and the beneficiary's e-mail.
fn parse(line: &Line, now: Time) -> Result<(ImportedCode, Option<String>), String> {
    let expires_at = match line.get("expires_at") {
        None => now.plus(DEFAULT_LIFETIME).stamp(),
        // What cannot be read is told with the other fields.
        Some(text) => moment::read(text).map_or_else(|| text.to_owned(), Time::stamp),
    };
    // An end in the past is fine here: old campaigns are imported, too.
    let was = Time::parse_minute(&expires_at);
    let form = CampaignForm {
        code: line.text("code").to_owned(),
        description: line.text("description").to_owned(),
        category: line.text("category").to_owned(),
        max_uses: line.get("max_uses").map_or_else(|| DEFAULT_MAX_USES.to_string(), str::to_owned),
        expires_at,
        beneficiary: String::new(),
        active: line.flag("active", true)?,
        ..CampaignForm::default()
    };
    let draft = CampaignFields::parse(&form, now, &TimeZone::UTC, was).map_err(|errors| {
        english()
            .fields(&errors)
            .into_iter()
            .map(|wrong| format!("{}: {}", wrong.field, wrong.message))
            .collect::<Vec<_>>()
            .join(" ")
    })?;
    let code = draft.code.clone().ok_or("code: It is missing.")?;
    let beneficiary = match line.text("beneficiary") {
        "" => None,
        text => Some(
            Email::parse(text).map_err(|message| format!("beneficiary: {}", english().message(&message)))?.to_string(),
        ),
    };
    let created_at = line.created_at(now)?;
    Ok((ImportedCode { code, rules: draft.into(), beneficiary: None, created_at }, beneficiary))
}

/// Writes a chunk and says which lines could not be taken; codes after `newest` are earlier lines.
async fn insert(
    tx: &mut Tx,
    codes: Vec<(u64, (ImportedCode, Option<String>))>,
    newest: CodeId,
    wrong: &mut Wrong,
    counts: &mut Counts,
) -> Result<(), BoxError> {
    let emails: Vec<String> =
        codes.iter().filter_map(|(_, (_, email))| email.clone()).collect::<HashSet<_>>().into_iter().collect();
    let people: HashMap<String, UserId> = imports::ids_by_email(tx, &emails).await?.into_iter().collect();
    let all: Vec<ImportedCode> = codes.iter().map(|(_, (code, _))| code.clone()).collect();
    let there: HashMap<String, KnownCode> =
        imports::known_codes(tx, &all).await?.into_iter().map(|known| (known.code.clone(), known)).collect();
    let (mut numbers, mut new) = (vec![], vec![]);
    for (number, (mut code, email)) in codes {
        match there.get(code.code.as_str()) {
            Some(known) if known.id > newest => wrong.add(number, &twice(&code.code)),
            Some(known) if known.visible_campaign => counts.known += 1,
            Some(_) => wrong.add(number, &format!("code: {} is taken.", code.code)),
            None => {
                code.beneficiary = email.as_ref().and_then(|email| people.get(email)).copied();
                match email.filter(|_| code.beneficiary.is_none()) {
                    Some(email) => {
                        wrong.add(number, &format!("beneficiary: Nobody has an account with the address {email}."))
                    }
                    None => {
                        numbers.push(number);
                        new.push(code);
                    }
                }
            }
        }
    }
    let mut made: HashSet<String> = imports::insert_codes(tx, &new).await?.into_iter().collect();
    counts.made += made.len() as u64;
    for (number, ImportedCode { code, .. }) in numbers.into_iter().zip(new) {
        // Of two lines with one code the first has taken it.
        if !made.remove(Code::as_str(&code)) {
            wrong.add(number, &twice(&code));
        }
    }
    Ok(())
}

fn twice(code: &Code) -> String {
    format!("code: {code} is in the file twice.")
}
