//! Attribution decisions, as admins look through them.

use super::super::{
    state::Server,
    store::{
        Tx, attributions, codes,
        decisions::{self, About, DecisionRecord, State, Wanted},
        people,
    },
};
use crate::{
    domain::{attribution::Rule, code::Code, ids::UserId},
    error::AppError,
    functions::referrals::{ClickFacts, DecisionDetail, DecisionRow, DecisionsPage},
};

/// Rows of a page.
const ROWS: usize = 50;

pub async fn run(
    server: &Server,
    q: String,
    state: String,
    rule: String,
    before: i64,
) -> Result<DecisionsPage, AppError> {
    let wanted = Wanted {
        about: None,
        state: state_of(&state),
        rule: &rule,
        before: if before > 0 { before } else { i64::MAX },
        limit: ROWS as i64 + 1,
    };
    let mut tx = server.db.read().await?;
    let mut records = if q.trim().is_empty() {
        decisions::page(&mut tx, &wanted).await?
    } else {
        let mut records = vec![];
        for about in meant(&mut tx, &q).await? {
            records.extend(decisions::page(&mut tx, &Wanted { about: Some(about), ..wanted }).await?);
        }
        // Each has its newest, so the newest of all are among them.
        records.sort_by_key(|record| std::cmp::Reverse(record.user_id));
        records.dedup_by_key(|record| record.user_id);
        records
    };
    let more = records.len() > ROWS;
    records.truncate(ROWS);
    let next = records.last().filter(|_| more).map(|last| last.user_id.0);
    Ok(DecisionsPage { q, state, rule, rows: records.into_iter().map(row).collect(), next })
}

/// Whom or what a search means: a person on either side, a code, or both.
async fn meant(tx: &mut Tx, q: &str) -> sqlx::Result<Vec<About>> {
    let mut meant = vec![];
    if let Some(user) = people::named(tx, q).await? {
        meant.extend([About::Referee(user), About::Referrer(user)]);
    }
    if let Some(code) = Code::parse(q)
        && let Some(record) = codes::by_code(tx, &code).await?
    {
        meant.push(About::Code(record.id));
    }
    Ok(meant)
}

/// *Not found* for who never signed up while the program ran.
pub async fn one(server: &Server, user: UserId) -> Result<DecisionDetail, AppError> {
    let mut tx = server.db.read().await?;
    let record = decisions::of_user(&mut tx, user).await?.ok_or(AppError::NotFound)?;
    let receipt = attributions::of_user(&mut tx, user).await?.ok_or(AppError::NotFound)?;
    let referrers: Vec<_> = receipt.considered.iter().filter_map(|considered| considered.referrer).collect();
    let codes: Vec<_> = receipt.considered.iter().filter_map(|considered| considered.code_id).collect();
    let clicks: Vec<_> = receipt.considered.iter().filter_map(|considered| considered.click).collect();
    let facts = |click: decisions::ClickRecord| ClickFacts {
        id: click.id,
        channel: click.channel.unwrap_or_default(),
        referring_host: click.referring_host.unwrap_or_default(),
        counted: click.counted,
    };
    Ok(DecisionDetail {
        row: row(record),
        referrers: people::names_of(&mut tx, &referrers).await?,
        campaigns: decisions::campaigns(&mut tx, &codes).await?,
        clicks: decisions::clicks(&mut tx, &clicks).await?.into_iter().map(facts).collect(),
        receipt,
    })
}

fn row(record: DecisionRecord) -> DecisionRow {
    let rules = [Rule::CodeInForm, Rule::LastClick, Rule::FirstClick];
    let rule = rules.into_iter().find(|rule| rule.as_str() == record.rule);
    DecisionRow {
        id: record.user_id,
        username: record.username,
        email: record.email,
        at: record.decided_at,
        rule: rule.unwrap_or(Rule::None),
        code: record.code.unwrap_or_default(),
        referrer_id: record.referrer_id,
        referrer: record.referrer.unwrap_or_default(),
        converted_at: record.converted_at,
    }
}

fn state_of(name: &str) -> State {
    match name {
        "credited" => State::Credited,
        "signed-up" => State::SignedUp,
        "converted" => State::Converted,
        "not-credited" => State::NotCredited,
        _ => State::Any,
    }
}
