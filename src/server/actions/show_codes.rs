//! A page of campaign codes.

use super::super::{
    state::Server,
    store::{
        Tx,
        campaigns::{self, CampaignRecord},
        code_pages::{self, Key, Sort, Wanted},
        json, order, people,
    },
};
use crate::{
    components::status,
    domain::{
        campaign::LIFE,
        code::Limits,
        ids::{CodeId, UserId},
        time::Time,
    },
    error::AppError,
    functions::campaigns::{CodeFilter, CodeRow, CodesPage, SortBy},
};

/// Rows of a page.
const ROWS: usize = 50;

/// Rows that are loaded anew at once.
const MOST: usize = 100;

/// No user has this id.
const NOBODY: UserId = UserId(0);

pub async fn run(server: &Server, filter: CodeFilter) -> Result<CodesPage, AppError> {
    let now = server.clock.now();
    let sort = sort(filter.sort);
    let q = filter.q.trim().to_ascii_uppercase();
    let mut tx = server.db.read().await?;
    let beneficiary = credited(&mut tx, &filter.beneficiary).await?;
    let wanted = Wanted {
        q: &q,
        status: status(&filter.status),
        category: &filter.category,
        beneficiary,
        job: None,
        sort,
        descending: filter.descending,
        after: cursor(&filter.after).filter(|(key, _)| sort.takes(key)),
        limit: ROWS as i64 + 1,
    };
    let mut records = code_pages::page(&mut tx, &wanted).await?;
    let more = records.len() > ROWS;
    records.truncate(ROWS);
    let next = records.last().filter(|_| more).map(|last| write_cursor(&sort.key(last), last.id));
    Ok(CodesPage {
        rows: records.into_iter().map(|record| row(record, now)).collect(),
        next,
        order_age: sort.lags().then(|| server.order.age()),
        categories: campaigns::categories(&mut tx).await?,
        base_url: server.base_url.clone(),
        filter,
    })
}

/// The status that a filter names, as codes are ordered by it.
pub fn status(name: &str) -> Option<i64> {
    status::ALL.into_iter().find(|status| status::name(*status) == name).map(order::of_status)
}

/// The beneficiary that a filter names; somebody who has no code when there is no such user.
pub async fn beneficiary(server: &Server, name: &str) -> Result<Option<UserId>, AppError> {
    Ok(credited(&mut server.db.read().await?, name).await?)
}

async fn credited(tx: &mut Tx, name: &str) -> sqlx::Result<Option<UserId>> {
    match name.trim() {
        "" => Ok(None),
        name => Ok(people::named(tx, name).await?.or(Some(NOBODY))),
    }
}

/// Rows of an open table as they are now.
pub async fn rows(server: &Server, ids: &[CodeId]) -> Result<Vec<CodeRow>, AppError> {
    let now = server.clock.now();
    let ids = &ids[..ids.len().min(MOST)];
    let records = campaigns::by_ids(&mut server.db.read().await?, ids).await?;
    Ok(records.into_iter().map(|record| row(record, now)).collect())
}

/// The categories in use, and when a new code expires by default.
pub async fn blank(server: &Server) -> Result<(Vec<String>, Time), AppError> {
    let categories = campaigns::categories(&mut server.db.read().await?).await?;
    Ok((categories, server.clock.now().plus(LIFE)))
}

/// A record as pages show it.
pub fn row(record: CampaignRecord, now: Time) -> CodeRow {
    let limits = record.limits();
    CodeRow {
        id: record.id,
        active: record.active,
        status: limits.status(now),
        status_when_on: Limits { active: true, ..limits }.status(now),
        code: record.code,
        description: record.description,
        category: record.category.unwrap_or_default(),
        max_uses: record.max_uses.unwrap_or_default(),
        uses: record.uses,
        clicks: record.clicks,
        expires_at: record.expires_at,
        beneficiary: record.beneficiary_email.unwrap_or_default(),
        created_at: record.created_at,
    }
}

fn sort(by: SortBy) -> Sort {
    match by {
        SortBy::Created => Sort::Created,
        SortBy::Code => Sort::Code,
        SortBy::Status => Sort::Status,
        SortBy::Uses => Sort::Uses,
        SortBy::Clicks => Sort::Clicks,
        SortBy::Expires => Sort::Expires,
        SortBy::Beneficiary => Sort::Beneficiary,
    }
}

/// A cursor is the key and the id of the last row, as JSON.
fn write_cursor(key: &Key, id: CodeId) -> String {
    match key {
        Key::Number(number) => json(&(number, id)),
        Key::Text(text) => json(&(text, id)),
    }
}

/// A cursor that cannot be read begins at the first page.
fn cursor(text: &str) -> Option<(Key, CodeId)> {
    if let Ok((number, id)) = serde_json::from_str::<(i64, CodeId)>(text) {
        return Some((Key::Number(number), id));
    }
    serde_json::from_str::<(String, CodeId)>(text).ok().map(|(text, id)| (Key::Text(text), id))
}
