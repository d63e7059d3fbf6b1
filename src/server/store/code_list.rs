//! Lists of codes: filtered, sorted, and read from page to page by keys.
//!
//! The date, the code and the expiry are sorted by an index. What moves with every click or sign-up has none: such a
//! page sorts all codes that the filter leaves.

use crate::{
    domain::{
        codes::code::{CodeKind, CodeStatus},
        cursor::{Cursor, CursorKey},
        ids::{CodeId, JobId, UserId},
        time::Time,
    },
    server::store::{
        code_details::{STATUS, push_details},
        codes::switched_on,
        db::{Tx, with_conn},
        json::json,
        name_search::{self, Matches, push_named},
    },
    view_models::codes::{CodeDetails, CodeSort},
};
use sqlx::QueryBuilder;

/// Which codes are asked for. Empty text asks for everything.
#[derive(Clone, Debug, Default)]
pub struct CodeQuery<'a> {
    /// Both kinds unless said otherwise.
    pub kind: Option<CodeKind>,
    /// Codes with a text in them.
    pub code: Option<&'a Matches<CodeId>>,
    pub status: Option<CodeStatus>,
    pub category: &'a str,
    /// Codes that credit people with a text in their names.
    pub beneficiary: Option<&'a Matches<UserId>>,
    /// Only what this job created.
    pub job: Option<JobId>,
    pub sort: CodeSort,
    pub descending: bool,
    /// The row before the page.
    pub after: Option<Cursor>,
    pub limit: i64,
    /// When statuses are worked out.
    pub now: Time,
}

/// The place of a row in a list that is sorted like this.
pub fn cursor(sort: CodeSort, row: &CodeDetails) -> Cursor {
    let id = row.id.0;
    match sort {
        CodeSort::Created => Cursor::of_id(id),
        CodeSort::Code => Cursor::of_text(&row.code, id),
        CodeSort::Status => Cursor::of_text(row.status.name(), id),
        CodeSort::Uses => Cursor::of_number(row.uses, id),
        CodeSort::Clicks => Cursor::of_number(row.clicks, id),
        CodeSort::Expires => Cursor::of_number(row.expires_at.map_or(i64::MAX, |at| at.0), id),
        CodeSort::Beneficiary => Cursor::of_text(row.beneficiary_email.as_deref().unwrap_or(NOBODY), id),
    }
}

/// Sorted behind every e-mail.
const NOBODY: &str = "~";

/// The sorted column; statuses are sorted by name.
fn column(sort: CodeSort) -> &'static str {
    match sort {
        CodeSort::Created => "c.id",
        CodeSort::Code => "c.code",
        // Worked out where it is needed.
        CodeSort::Status => "",
        CodeSort::Uses => "c.uses",
        CodeSort::Clicks => "c.clicks",
        CodeSort::Expires => "COALESCE(c.expires_at, 9223372036854775807)",
        CodeSort::Beneficiary => "COALESCE(u.email, '~')",
    }
}

/// Adds the order of a list; ties go by id.
macro_rules! push_order {
    ($query:ident, $wanted:ident, $column:ident, $order:ident) => {
        $query.push(" ORDER BY ");
        match $wanted.sort {
            CodeSort::Status => $query.push(STATUS[0]).push_bind($wanted.now).push(STATUS[1]),
            _ => $query.push($column),
        };
        $query.push($order);
        if $wanted.sort != CodeSort::Created {
            $query.push(", c.id").push($order);
        }
    };
}

/// A page of codes. A cursor of another order is passed over.
pub async fn page(tx: &mut Tx, wanted: &CodeQuery<'_>) -> sqlx::Result<Vec<CodeDetails>> {
    let (order, than) = if wanted.descending { (" DESC", " < ") } else { (" ASC", " > ") };
    let column = column(wanted.sort);
    let position = name_search::position(tx);
    let (before, after) = tx.selected_ids();
    with_conn!(tx, conn => {
        // Only the ids are sorted: whole rows of a million codes would fill the memory.
        let mut query = QueryBuilder::new(
            "WITH picked AS MATERIALIZED (
                 SELECT c.id
                 FROM codes_with_clicks c
                 LEFT JOIN users u ON u.id = COALESCE(c.owner_id, c.beneficiary_id)
                 WHERE c.deleted_at IS NULL");
        // Literals, so that the database sees which of its partial indexes fits.
        query.push(match wanted.kind {
            Some(CodeKind::Personal) => " AND c.kind = 'personal'",
            Some(CodeKind::Campaign) => " AND c.kind = 'campaign'",
            None => "",
        });
        match wanted.code {
            None => {}
            Some(Matches { ids: Some(ids), .. }) => {
                query.push(" AND c.id IN ").push(before).push_bind(json(ids)).push(after);
            }
            Some(Matches { text, ids: None }) => {
                query.push(" AND ").push(position).push("(c.code, ").push_bind(text.clone()).push(") > 0");
            }
        }
        if !wanted.category.is_empty() {
            query.push(" AND c.category = ").push_bind(wanted.category.to_owned());
        }
        match wanted.beneficiary {
            None => {}
            Some(Matches { ids: Some(ids), .. }) => {
                query.push(" AND c.beneficiary_id IN ").push(before).push_bind(json(ids)).push(after);
            }
            Some(Matches { text, ids: None }) => {
                query.push(" AND c.beneficiary_id IS NOT NULL AND ");
                push_named!(query, position, "u", text);
            }
        }
        if let Some(job) = wanted.job {
            query.push(" AND c.job_id = ").push_bind(job);
        }
        let on = switched_on!();
        match wanted.status {
            None => {}
            Some(CodeStatus::Inactive) => {
                query.push(" AND NOT ").push(on);
            }
            Some(CodeStatus::Expired) => {
                query.push(" AND ").push(on).push(" AND c.expires_at <= ").push_bind(wanted.now);
            }
            Some(status) => {
                query.push(" AND ").push(on).push(" AND (c.expires_at IS NULL OR c.expires_at > ");
                query.push_bind(wanted.now).push(")");
                query.push(match status {
                    CodeStatus::LimitReached => " AND c.uses >= c.max_uses",
                    _ => " AND (c.max_uses IS NULL OR c.uses < c.max_uses)",
                });
            }
        }
        if let Some(Cursor { id, key }) = &wanted.after {
            match (wanted.sort, key) {
                (CodeSort::Created, _) => {
                    query.push(" AND c.id").push(than).push_bind(*id);
                }
                (CodeSort::Status, Some(CursorKey::Text(status))) => {
                    query.push(" AND (").push(STATUS[0]).push_bind(wanted.now).push(STATUS[1]).push(", c.id)").push(than);
                    query.push("(").push_bind(status.clone()).push(", ").push_bind(*id).push(")");
                }
                (CodeSort::Code | CodeSort::Beneficiary, Some(CursorKey::Text(text))) => {
                    query.push(" AND (").push(column).push(", c.id)").push(than).push("(");
                    query.push_bind(text.clone()).push(", ").push_bind(*id).push(")");
                }
                (CodeSort::Uses | CodeSort::Clicks | CodeSort::Expires, Some(CursorKey::Number(number))) => {
                    query.push(" AND (").push(column).push(", c.id)").push(than).push("(");
                    query.push_bind(*number).push(", ").push_bind(*id).push(")");
                }
                _ => {}
            }
        }
        push_order!(query, wanted, column, order);
        query.push(" LIMIT ").push_bind(wanted.limit).push(") ");
        push_details!(query, wanted.now);
        query.push(" AND c.id IN (SELECT id FROM picked)");
        push_order!(query, wanted, column, order);
        query.build_query_as().fetch_all(conn).await
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::store::{codes, db_test, fixtures, user_names};

    fn names(rows: &[CodeDetails]) -> Vec<&str> {
        rows.iter().map(|row| row.code.as_str()).collect()
    }

    /// ALPHA is active, ALTO inactive, BETA expired and GAMMA used up; the first two are of category x, ALPHA is Ann's.
    async fn four(tx: &mut Tx) -> sqlx::Result<UserId> {
        let ann = fixtures::user(tx, "ann").await?;
        let make = fixtures::Campaign { category: Some("x"), ..fixtures::Campaign::default() };
        make.clone().credits(ann).insert(tx, "ALPHA").await?;
        let beta = fixtures::Campaign { expires_at: Some(Time(10)), ..fixtures::Campaign::default() };
        beta.insert(tx, "BETA").await?;
        fixtures::Campaign { active: false, ..make }.insert(tx, "ALTO").await?;
        let gamma = fixtures::Campaign { max_uses: Some(1), ..fixtures::Campaign::default() };
        let gamma = gamma.insert(tx, "GAMMA").await?;
        assert!(codes::claim(tx, gamma, Time(5)).await?.is_some());
        Ok(ann)
    }

    fn all() -> CodeQuery<'static> {
        CodeQuery { kind: Some(CodeKind::Campaign), limit: 10, now: Time(50), ..CodeQuery::default() }
    }

    db_test!(pages_are_filtered, |db| {
        let mut tx = db.begin().await?;
        let ann = four(&mut tx).await?;
        for (status, expected) in [
            (CodeStatus::Active, "ALPHA"),
            (CodeStatus::Inactive, "ALTO"),
            (CodeStatus::Expired, "BETA"),
            (CodeStatus::LimitReached, "GAMMA"),
        ] {
            for sort in [CodeSort::Created, CodeSort::Clicks] {
                let found = page(&mut tx, &CodeQuery { status: Some(status), sort, ..all() }).await?;
                assert_eq!(names(&found), [expected]);
                assert_eq!(found[0].status, status);
            }
        }
        let few = name_search::codes(&mut tx, "al").await?;
        let many = Matches { ids: None, ..few.clone() };
        for found in [&few, &many] {
            let named = CodeQuery { code: Some(found), ..all() };
            assert_eq!(names(&page(&mut tx, &named).await?), ["ALPHA", "ALTO"]);
            let first = page(&mut tx, &CodeQuery { limit: 1, ..named.clone() }).await?;
            let after = first.last().map(|row| cursor(CodeSort::Created, row));
            assert_eq!(names(&first), ["ALPHA"]);
            assert_eq!(names(&page(&mut tx, &CodeQuery { after, ..named }).await?), ["ALTO"]);
        }
        let few = name_search::people(&mut tx, "nn").await?;
        let many = Matches { ids: None, ..few.clone() };
        for found in [&few, &many] {
            let of_ann = CodeQuery { beneficiary: Some(found), sort: CodeSort::Uses, ..all() };
            assert_eq!(names(&page(&mut tx, &of_ann).await?), ["ALPHA"]);
        }
        let alto = name_search::codes(&mut tx, "LT").await?;
        let both = CodeQuery { category: "x", code: Some(&alto), descending: true, ..all() };
        assert_eq!(names(&page(&mut tx, &both).await?), ["ALTO"]);
        assert_eq!(user_names::named(&mut tx, "ANN@example.com").await?, Some(ann));
        tx.commit().await
    });

    db_test!(both_kinds_are_listed_together_or_alone, |db| {
        let mut tx = db.begin().await?;
        let ann = four(&mut tx).await?;
        fixtures::personal(&mut tx, ann, "PERSONAL").await?;
        let both = CodeQuery { kind: None, descending: true, ..all() };
        assert_eq!(names(&page(&mut tx, &both).await?), ["PERSONAL", "GAMMA", "ALTO", "BETA", "ALPHA"]);
        let personal = page(&mut tx, &CodeQuery { kind: Some(CodeKind::Personal), ..all() }).await?;
        assert_eq!((personal.len(), personal[0].beneficiary_id), (1, Some(ann)));
        tx.commit().await
    });

    db_test!(pages_are_sorted_and_follow_each_other, |db| {
        let mut tx = db.begin().await?;
        four(&mut tx).await?;
        for (sort, first) in [
            (CodeSort::Created, "ALPHA"),
            (CodeSort::Code, "ALPHA"),
            (CodeSort::Status, "ALPHA"),
            (CodeSort::Uses, "ALPHA"),
            (CodeSort::Clicks, "ALPHA"),
            (CodeSort::Expires, "BETA"),
            (CodeSort::Beneficiary, "ALPHA"),
        ] {
            for descending in [false, true] {
                let wanted = CodeQuery { sort, descending, ..all() };
                let whole = page(&mut tx, &wanted).await?;
                let (mut steps, mut after) = (vec![], None);
                while let Some(row) =
                    page(&mut tx, &CodeQuery { after: after.clone(), limit: 1, ..wanted.clone() }).await?.pop()
                {
                    after = Some(cursor(sort, &row));
                    steps.push(row);
                }
                assert_eq!(names(&steps), names(&whole), "{sort:?} {descending}");
                assert_eq!(steps.len(), 4);
                let begins = if descending { whole.last() } else { whole.first() };
                assert_eq!(begins.map(|row| row.code.as_str()), Some(first), "{sort:?}");
            }
        }
        tx.commit().await
    });
}
