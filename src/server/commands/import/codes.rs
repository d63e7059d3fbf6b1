//! `passalong import codes FILE`: campaign codes.

use crate::{
    domain::{
        accounts::email::Email,
        codes::{
            campaign::{CampaignFields, CampaignForm, DEFAULT_LIFETIME, DEFAULT_MAX_USES},
            code::Code,
        },
        ids::UserId,
        time::Time,
    },
    server::{
        commands::{
            console::{open_database, say},
            import::{
                table::{Line, Table, Wrong},
                transaction::{CHUNK, bar, commit, refuse},
            },
        },
        config::{Config, clock::Clock},
        errors::BoxError,
        exports::codes::COLUMNS,
        realtime::change_set::ChangeSet,
        store::{
            db::Tx,
            imports::{self, ImportedCode},
        },
    },
    text::english,
};
use jiff::tz::TimeZone;
use std::{
    collections::{HashMap, HashSet},
    path::Path,
    process::ExitCode,
};

pub async fn run(config: &Config, file: &Path, quiet: bool) -> Result<ExitCode, BoxError> {
    let now = Clock::default().now();
    let mut table = Table::open(file, &["code", "description"], &COLUMNS)?;
    let db = open_database(config).await?;
    let bar = bar(&table, "Codes", quiet);
    let (mut wrong, mut made) = (Wrong::default(), 0);
    let mut tx = db.begin().await?;
    while let Some(codes) = table.chunk(CHUNK, &mut wrong, |line| parse(line, now)) {
        made += insert(&mut tx, codes, &mut wrong).await?;
        bar.set_position(table.position());
    }
    bar.finish_and_clear();
    refuse(wrong, file)?;
    commit(tx, "codes.import", file, made, &ChangeSet::everything(), now).await?;
    db.close().await;
    if !quiet {
        say(&format!("Imported codes: {made}."));
    }
    Ok(ExitCode::SUCCESS)
}

/// A code and the beneficiary's e-mail.
fn parse(line: &Line, now: Time) -> Result<(ImportedCode, Option<String>), String> {
    let expires_at = line.get("expires_at").map_or_else(|| now.plus(DEFAULT_LIFETIME).stamp(), str::to_owned);
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

/// Writes a chunk and says which lines could not be taken; how many could.
async fn insert(
    tx: &mut Tx,
    codes: Vec<(u64, (ImportedCode, Option<String>))>,
    wrong: &mut Wrong,
) -> Result<u64, BoxError> {
    let emails: Vec<String> =
        codes.iter().filter_map(|(_, (_, email))| email.clone()).collect::<HashSet<_>>().into_iter().collect();
    let known: HashMap<String, UserId> = imports::ids_by_email(tx, &emails).await?.into_iter().collect();
    let mut ready = vec![];
    for (number, (mut code, email)) in codes {
        code.beneficiary = email.as_ref().and_then(|email| known.get(email)).copied();
        match email {
            Some(email) if code.beneficiary.is_none() => {
                wrong.add(number, &format!("beneficiary: Nobody has an account with the address {email}."));
            }
            _ => ready.push((number, code)),
        }
    }
    let (numbers, codes): (Vec<u64>, Vec<ImportedCode>) = ready.into_iter().unzip();
    let mut made: HashSet<String> = imports::insert_codes(tx, &codes).await?.into_iter().collect();
    let count = made.len() as u64;
    for (number, ImportedCode { code, .. }) in numbers.into_iter().zip(codes) {
        // Of two lines with one code the first has taken it.
        if !made.remove(Code::as_str(&code)) {
            wrong.add(number, &format!("code: {code} is taken, or stands in the file twice."));
        }
    }
    Ok(count)
}
