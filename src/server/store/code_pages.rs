//! Pages of the table of campaign codes: filtered, sorted, and as fast with a million codes as with ten.
//!
//! A page is read in one of two ways. When some filter leaves only a few codes, those are taken and sorted. Else the
//! page walks along the index of its order and picks what fits, which then comes often enough.

use super::{
    Tx,
    campaigns::CampaignRecord,
    code_filters::{CAMPAIGNS, Filter, leaves, leaves_about, push},
    on,
};
use crate::domain::ids::{CodeId, JobId, UserId};

/// As many codes are taken and sorted at most.
const FEW: i64 = 5_000;

/// As many ids are: they come out of an index alone.
const MANY: i64 = 200_000;

/// What a page of codes is asked for.
#[derive(Clone, Debug, Default)]
pub struct Wanted<'a> {
    /// The beginning of a code, in capitals.
    pub q: &'a str,
    /// The place of a status: see [`super::order::of_status`].
    pub status: Option<i64>,
    pub category: &'a str,
    pub beneficiary: Option<UserId>,
    /// Only what this job made.
    pub job: Option<JobId>,
    pub sort: Sort,
    pub descending: bool,
    /// The value and id of the row before the page.
    pub after: Option<(Key, CodeId)>,
    pub limit: i64,
}

/// What codes are sorted by; ties go by id.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    #[default]
    Created,
    Code,
    Status,
    Uses,
    Clicks,
    /// Codes that never expire come last.
    Expires,
    /// Codes without one come last.
    Beneficiary,
}

/// The value of a row in the sorted column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Key {
    Number(i64),
    Text(String),
}

impl Sort {
    fn column(self) -> &'static str {
        match self {
            Self::Created => "c.id",
            Self::Code => "c.code",
            Self::Status => "c.order_status",
            Self::Uses => "c.order_uses",
            Self::Clicks => "c.order_clicks",
            Self::Expires => "COALESCE(c.expires_at, 9223372036854775807)",
            Self::Beneficiary => "c.order_beneficiary",
        }
    }

    /// The value of this row.
    pub fn key(self, row: &CampaignRecord) -> Key {
        match self {
            Self::Created => Key::Number(row.id.0),
            Self::Code => Key::Text(row.code.clone()),
            Self::Status => Key::Number(row.order_status),
            Self::Uses => Key::Number(row.order_uses),
            Self::Clicks => Key::Number(row.order_clicks),
            Self::Expires => Key::Number(row.expires_at.map_or(i64::MAX, |at| at.0)),
            Self::Beneficiary => Key::Text(row.order_beneficiary.clone()),
        }
    }

    /// Whether such a value can stand in the sorted column.
    pub fn takes(self, key: &Key) -> bool {
        matches!(self, Self::Code | Self::Beneficiary) == matches!(key, Key::Text(_))
    }

    /// Whether it follows the numbers only after a while.
    pub fn lags(self) -> bool {
        matches!(self, Self::Status | Self::Uses | Self::Clicks)
    }
}

impl Wanted<'_> {
    /// The filters, those that tend to leave the fewest first.
    fn filters(&self) -> Vec<Filter<'_>> {
        let text = |text: &'_ str| !text.is_empty();
        let all = [
            self.job.map(Filter::Job),
            self.beneficiary.map(Filter::Beneficiary),
            text(self.q).then_some(Filter::Begins(self.q)),
            text(self.category).then_some(Filter::Category(self.category)),
            self.status.map(Filter::Status),
        ];
        all.into_iter().flatten().collect()
    }

    /// The filters, alone and together, that may leave only a few.
    fn narrow(&self) -> Vec<Filter<'_>> {
        let both = self.status.filter(|_| !self.category.is_empty());
        let both = both.map(|status| Filter::CategoryAndStatus(self.category, status));
        self.filters().into_iter().chain(both).collect()
    }
}

/// A page of codes: the rows that are wanted, after the one named, by keys and never by counting off.
pub async fn page(tx: &mut Tx, wanted: &Wanted<'_>) -> sqlx::Result<Vec<CampaignRecord>> {
    let filters = wanted.filters();
    // The filter whose index holds its codes in the wanted order; when it is the only one, nothing else is needed.
    let along = filters.iter().position(|filter| match filter {
        Filter::Begins(_) => wanted.sort == Sort::Code,
        Filter::Status(_) => !matches!(wanted.sort, Sort::Code | Sort::Beneficiary),
        _ => wanted.sort == Sort::Created,
    });
    let mut few = None;
    let narrow = wanted.narrow();
    // Codes that begin alike were often made together, far from the newest: their ids are sorted first.
    let newest = matches!(filters[..], [Filter::Begins(_)]) && wanted.sort == Sort::Created;
    for filter in narrow.iter().filter(|_| along.is_none() || filters.len() > 1) {
        let fits = if newest { leaves_about(tx, MANY, filter).await? } else { leaves(tx, FEW, filter).await? };
        if fits {
            few = Some(filter);
            break;
        }
    }
    // As the indexes of filters have it.
    let alone = few.is_none() && (wanted.sort == Sort::Status || wanted.sort == Sort::Created && along.is_some());
    let id = if alone { "(c.id + 0)" } else { "c.id" };
    let path = Path { filters: &filters, few, newest, along, id };
    let parts: &[Part] = match &wanted.after {
        Some(_) if wanted.sort != Sort::Created => &[Part::Equal, Part::Beyond],
        _ => &[Part::Whole],
    };
    let mut rows = vec![];
    for part in parts {
        let limit = wanted.limit - rows.len() as i64;
        if limit > 0 {
            rows.extend(walk(tx, &Wanted { limit, ..wanted.clone() }, &path, *part).await?);
        }
    }
    Ok(rows)
}

/// How a page is read.
struct Path<'a> {
    filters: &'a [Filter<'a>],
    /// The filter whose codes are taken and sorted.
    few: Option<&'a Filter<'a>>,
    /// Whether only the newest of those are.
    newest: bool,
    /// The filter whose index is walked along.
    along: Option<usize>,
    /// The id as that index has it.
    id: &'static str,
}

/// What follows a row, in two parts that each are one stretch of an index: SQLite finds no stretch for both at once.
#[derive(Clone, Copy)]
enum Part {
    /// All, or all after an id where that is the order.
    Whole,
    /// Rows of the same value.
    Equal,
    /// Rows of the values behind it.
    Beyond,
}

async fn walk(tx: &mut Tx, wanted: &Wanted<'_>, path: &Path<'_>, part: Part) -> sqlx::Result<Vec<CampaignRecord>> {
    let Path { filters, few, newest, along, id } = *path;
    let sqlite = matches!(tx, Tx::Sqlite(_));
    let column = if wanted.sort == Sort::Created { id } else { wanted.sort.column() };
    let (order, than) = if wanted.descending { (" DESC", " < ") } else { (" ASC", " > ") };
    on!(tx, conn => {
        let mut query = sqlx::QueryBuilder::new("");
        if let Some(filter) = few {
            query.push("WITH few AS MATERIALIZED (SELECT c.id").push(CAMPAIGNS);
            push!(query, filter, false);
            if newest {
                if let Some((_, id)) = &wanted.after {
                    query.push(" AND c.id + 0").push(than).push_bind(*id);
                }
                query.push(" ORDER BY c.id + 0").push(order).push(" LIMIT ").push_bind(wanted.limit);
            }
            query.push(") ");
        }
        query.push(
            "SELECT c.id, c.code, c.description, c.category, c.active, c.max_uses, c.uses, c.expires_at,
                    c.beneficiary_id, u.email AS beneficiary_email, c.clicks, c.unique_clicks, c.created_at,
                    c.order_status, c.order_uses, c.order_clicks, c.order_beneficiary ");
        query.push(if few.is_some() { "FROM few CROSS JOIN counted_codes c " } else { "FROM counted_codes c " });
        query.push("LEFT JOIN users u ON u.id = c.beneficiary_id WHERE c.kind = 'campaign' AND c.deleted_at IS NULL");
        if few.is_some() {
            query.push(" AND c.id = few.id");
        }
        for (place, filter) in filters.iter().enumerate() {
            let idle = sqlite && (few.is_some() || along != Some(place));
            push!(query, filter, idle);
        }
        if let Some((key, last)) = &wanted.after {
            query.push(" AND ").push(column).push(if matches!(part, Part::Equal) { " = " } else { than });
            match (part, key) {
                (Part::Whole, _) => query.push_bind(*last),
                (_, Key::Number(number)) => query.push_bind(*number),
                (_, Key::Text(text)) => query.push_bind(text.clone()),
            };
            if matches!(part, Part::Equal) {
                query.push(" AND ").push(id).push(than).push_bind(*last);
            }
        }
        query.push(" ORDER BY ").push(column).push(order);
        if wanted.sort != Sort::Created {
            query.push(", ").push(id).push(order);
        }
        query.push(" LIMIT ").push_bind(wanted.limit);
        query.build_query_as().fetch_all(conn).await
    })
}

#[cfg(test)]
mod tests {
    use super::{
        super::{codes, db_test, fixtures, order, people},
        *,
    };
    use crate::domain::{code::CodeStatus, time::Time};

    fn names(rows: &[CampaignRecord]) -> Vec<&str> {
        rows.iter().map(|row| row.code.as_str()).collect()
    }

    /// ALPHA is active, ALTO inactive, BETA expired and GAMMA used up; the first two are of category x, ALPHA is Ann's.
    async fn four(tx: &mut Tx) -> sqlx::Result<UserId> {
        let ann = fixtures::user(tx, "ann").await?;
        let make = fixtures::Campaign { category: Some("x"), ..fixtures::Campaign::default() };
        let alpha = make.clone().credits(ann).insert(tx, "ALPHA").await?;
        let beta = fixtures::Campaign { expires_at: Some(Time(10)), ..fixtures::Campaign::default() };
        let beta = beta.insert(tx, "BETA").await?;
        let alto = fixtures::Campaign { active: false, ..make }.insert(tx, "ALTO").await?;
        let gamma = fixtures::Campaign { max_uses: Some(1), ..fixtures::Campaign::default() };
        let gamma = gamma.insert(tx, "GAMMA").await?;
        assert!(codes::claim(tx, gamma, Time(5)).await?);
        let all = [alpha, beta, alto, gamma];
        assert_eq!(order::behind(tx, &all, Time(50)).await?.len(), 4);
        order::place(tx, &all, Time(50)).await?;
        assert_eq!(order::behind(tx, &all, Time(50)).await?, []);
        Ok(ann)
    }

    db_test!(pages_are_filtered, |db| {
        let mut tx = db.begin().await?;
        let ann = four(&mut tx).await?;
        let wanted = Wanted { limit: 10, ..Wanted::default() };
        for (status, expected) in [
            (CodeStatus::Active, "ALPHA"),
            (CodeStatus::Inactive, "ALTO"),
            (CodeStatus::Expired, "BETA"),
            (CodeStatus::LimitReached, "GAMMA"),
        ] {
            for sort in [Sort::Created, Sort::Clicks] {
                let status = Some(order::of_status(status));
                assert_eq!(names(&page(&mut tx, &Wanted { status, sort, ..wanted.clone() }).await?), [expected]);
            }
        }
        let begins = Wanted { q: "AL", ..wanted.clone() };
        assert_eq!(names(&page(&mut tx, &begins).await?), ["ALPHA", "ALTO"]);
        let first = page(&mut tx, &Wanted { limit: 1, ..begins.clone() }).await?;
        let after = first.last().map(|row| (Sort::Created.key(row), row.id));
        assert_eq!(names(&first), ["ALPHA"]);
        assert_eq!(names(&page(&mut tx, &Wanted { after, ..begins }).await?), ["ALTO"]);
        let of_ann = Wanted { beneficiary: Some(ann), sort: Sort::Uses, ..wanted.clone() };
        assert_eq!(names(&page(&mut tx, &of_ann).await?), ["ALPHA"]);
        let both = Wanted { category: "x", q: "ALT", descending: true, ..wanted.clone() };
        assert_eq!(names(&page(&mut tx, &both).await?), ["ALTO"]);
        assert_eq!(people::named(&mut tx, "ANN@example.com").await?, Some(ann));
        tx.commit().await
    });

    db_test!(pages_are_sorted_and_follow_each_other, |db| {
        let mut tx = db.begin().await?;
        four(&mut tx).await?;
        let sorts =
            [Sort::Created, Sort::Code, Sort::Status, Sort::Uses, Sort::Clicks, Sort::Expires, Sort::Beneficiary];
        for (sort, first) in sorts.into_iter().zip(["ALPHA", "ALPHA", "ALPHA", "ALPHA", "ALPHA", "BETA", "ALPHA"]) {
            for descending in [false, true] {
                let wanted = Wanted { sort, descending, limit: 10, ..Wanted::default() };
                let all = page(&mut tx, &wanted).await?;
                let (mut steps, mut after) = (vec![], None);
                while let Some(row) =
                    page(&mut tx, &Wanted { after: after.clone(), limit: 1, ..wanted.clone() }).await?.pop()
                {
                    after = Some((sort.key(&row), row.id));
                    steps.push(row);
                }
                assert_eq!(names(&steps), names(&all), "{sort:?} {descending}");
                assert_eq!(steps.len(), 4);
                let begins = if descending { all.last() } else { all.first() };
                assert_eq!(begins.map(|row| row.code.as_str()), Some(first), "{sort:?}");
            }
        }
        tx.commit().await
    });
}
