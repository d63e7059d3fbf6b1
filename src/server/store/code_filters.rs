//! Filters of campaign codes, and how many codes each leaves.

use super::{Tx, on};
use crate::domain::ids::{JobId, UserId};

/// What filters are added to.
pub const CAMPAIGNS: &str = " FROM codes c WHERE c.kind = 'campaign' AND c.deleted_at IS NULL";

/// What a row must be; each has an index.
#[derive(Clone, Debug)]
pub enum Filter<'a> {
    Job(JobId),
    Beneficiary(UserId),
    Begins(&'a str),
    Category(&'a str),
    Status(i64),
    /// Each may leave many, and both together none.
    CategoryAndStatus(&'a str, i64),
}

/// Adds a filter to a query that runs on `$query`. An `$idle` one may not choose the index: SQLite has no statistics
/// that would tell it which index is worth it.
macro_rules! push {
    ($query:expr, $filter:expr, $idle:expr) => {
        match $filter {
            Filter::Job(job) => {
                $query.push(if $idle { " AND c.job_id + 0 = " } else { " AND c.job_id = " });
                $query.push_bind(*job);
            }
            Filter::Beneficiary(user) => {
                $query.push(if $idle { " AND c.beneficiary_id + 0 = " } else { " AND c.beneficiary_id = " });
                $query.push_bind(*user);
            }
            Filter::Begins(q) => {
                let column = if $idle { "(c.code || '')" } else { "c.code" };
                $query.push(" AND ").push(column).push(" >= ").push_bind((*q).to_owned());
                $query.push(" AND ").push(column).push(" < ").push_bind(format!("{q}\u{7f}"));
            }
            Filter::Category(category) => {
                $query.push(if $idle { " AND c.category || '' = " } else { " AND c.category = " });
                $query.push_bind((*category).to_owned());
            }
            Filter::Status(status) => {
                $query.push(if $idle { " AND c.order_status + 0 = " } else { " AND c.order_status = " });
                $query.push_bind(*status);
            }
            Filter::CategoryAndStatus(category, status) => {
                $query.push(" AND c.category = ").push_bind((*category).to_owned());
                $query.push(" AND c.order_status = ").push_bind(*status);
            }
        }
    };
}
pub(super) use push;

/// Whether a filter leaves no more than so many codes; looks at no more of them.
pub async fn leaves(tx: &mut Tx, most: i64, filter: &Filter<'_>) -> sqlx::Result<bool> {
    let found: i64 = on!(tx, conn => {
        let mut query = sqlx::QueryBuilder::new("SELECT COUNT(*) FROM (SELECT 1");
        query.push(CAMPAIGNS);
        push!(query, filter, false);
        query.push(" LIMIT ").push_bind(most + 1).push(") found");
        query.build_query_scalar().fetch_one(conn).await
    })?;
    Ok(found <= most)
}

/// Whether a filter leaves about so many codes at most. PostgreSQL is asked what it expects, which takes no time; SQLite
/// expects nothing, and counts.
pub async fn leaves_about(tx: &mut Tx, most: i64, filter: &Filter<'_>) -> sqlx::Result<bool> {
    let Tx::Postgres(conn) = tx else { return leaves(tx, most, filter).await };
    let mut query = sqlx::QueryBuilder::new("EXPLAIN SELECT 1");
    query.push(CAMPAIGNS);
    push!(query, filter, false);
    let plan: String = query.build_query_scalar().fetch_one(&mut **conn).await?;
    let rows = plan.split_once("rows=").and_then(|(_, rest)| rest.split(' ').next()?.parse::<i64>().ok());
    Ok(rows.is_some_and(|rows| rows <= most))
}

#[cfg(test)]
mod tests {
    use super::{
        super::{db_test, fixtures},
        *,
    };

    db_test!(a_filter_tells_whether_it_leaves_many, |db| {
        let mut tx = db.begin().await?;
        for n in 0..300 {
            fixtures::Campaign::default().insert(&mut tx, &format!("MANY{n}")).await?;
        }
        if let Tx::Postgres(conn) = &mut tx {
            sqlx::query("ANALYZE codes").execute(&mut **conn).await?;
        }
        for (begins, most, fits) in [("MANY", 10, false), ("MANY", 1_000, true), ("NONE", 10, true)] {
            let filter = Filter::Begins(begins);
            assert_eq!(leaves(&mut tx, most, &filter).await?, fits, "{begins} {most}");
            assert_eq!(leaves_about(&mut tx, most, &filter).await?, fits, "{begins} {most}");
        }
        Ok(())
    });
}
