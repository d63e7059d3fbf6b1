//! The filter as it stands in the page's address. What is not there is the default: all codes, the newest first.

use crate::{
    domain::query_string::address,
    view_models::codes::{CodeFilter, CodeSort},
};

/// The page of the table.
pub const PATH: &str = "/admin/codes";

const SORTS: [(CodeSort, &str); 7] = [
    (CodeSort::Created, "created"),
    (CodeSort::Code, "code"),
    (CodeSort::Status, "status"),
    (CodeSort::Uses, "uses"),
    (CodeSort::Clicks, "clicks"),
    (CodeSort::Expires, "expires"),
    (CodeSort::Beneficiary, "beneficiary"),
];

/// The name of a column in addresses.
pub fn sort_name(sort: CodeSort) -> &'static str {
    SORTS.iter().find(|(by, _)| *by == sort).map(|(_, name)| *name).unwrap_or_default()
}

/// Reads the filter from an address; `get` gives the values of its query.
pub fn read_filter(get: impl Fn(&str) -> Option<String>) -> CodeFilter {
    let text = |name| get(name).unwrap_or_default();
    let sort = get("sort").and_then(|name| SORTS.iter().find(|(_, known)| *known == name));
    CodeFilter {
        q: text("q"),
        status: text("status"),
        category: text("category"),
        beneficiary: text("beneficiary"),
        batch: text("batch"),
        sort: sort.map(|(by, _)| *by).unwrap_or_default(),
        descending: sort.is_none() || text("descending") == "true",
        after: text("after"),
    }
}

/// The address that shows the table like this.
pub fn page_address(filter: &CodeFilter) -> String {
    let newest_first = filter.sort == CodeSort::Created && filter.descending;
    let (sort, descending) = if newest_first { ("", false) } else { (sort_name(filter.sort), filter.descending) };
    address(
        PATH,
        &[
            ("q", &filter.q),
            ("status", &filter.status),
            ("category", &filter.category),
            ("beneficiary", &filter.beneficiary),
            ("batch", &filter.batch),
            ("sort", sort),
            ("descending", if descending { "true" } else { "" }),
            ("after", &filter.after),
        ],
    )
}

/// The address of all codes that the filter finds, as CSV.
pub fn csv_address(filter: &CodeFilter) -> String {
    let query = [
        ("q", filter.q.as_str()),
        ("status", &filter.status),
        ("category", &filter.category),
        ("beneficiary", &filter.beneficiary),
        ("batch", &filter.batch),
    ];
    address("/admin/codes.csv", &query)
}

/// The address of the first page.
pub fn first_page(filter: &CodeFilter) -> String {
    next_page(filter, "")
}

/// The address of the page that begins at `after`.
pub fn next_page(filter: &CodeFilter, after: &str) -> String {
    page_address(&CodeFilter { after: after.to_owned(), ..filter.clone() })
}

/// The filter after a press on the head of a column: the other way round when it was sorted by it already, else
/// beginning with what is looked for most.
pub fn sort_by(filter: &CodeFilter, sort: CodeSort) -> CodeFilter {
    let descending = match filter.sort == sort {
        true => !filter.descending,
        false => matches!(sort, CodeSort::Created | CodeSort::Uses | CodeSort::Clicks),
    };
    CodeFilter { sort, descending, after: String::new(), ..filter.clone() }
}

/// Whether nothing is filtered out and this is the first page.
pub fn shows_all(filter: &CodeFilter) -> bool {
    [&filter.q, &filter.status, &filter.category, &filter.beneficiary, &filter.batch, &filter.after]
        .iter()
        .all(|text| text.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_again(address: &str) -> CodeFilter {
        let query: Vec<_> = address.split(['?', '&']).skip(1).filter_map(|pair| pair.split_once('=')).collect();
        read_filter(|name| query.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned()))
    }

    #[test]
    fn the_plain_address_shows_all_the_newest_first() {
        let filter = read_filter(|_| None);
        assert!(shows_all(&filter) && filter.descending);
        assert_eq!(page_address(&filter), PATH);
    }

    #[test]
    fn every_filter_survives_its_address() {
        for (sort, _) in SORTS {
            for descending in [true, false] {
                let (q, status, beneficiary, batch) = ("AB".into(), "active".into(), "ann".into(), "7".into());
                let filter = CodeFilter { q, status, beneficiary, batch, sort, descending, ..read_filter(|_| None) };
                assert_eq!(read_again(&page_address(&filter)), filter);
                assert_eq!(read_again(&next_page(&filter, "17")).after, "17");
            }
        }
    }

    #[test]
    fn the_csv_holds_what_the_table_is_filtered_by() {
        let filter = CodeFilter { beneficiary: "ann".into(), batch: "7".into(), ..read_filter(|_| None) };
        assert_eq!(csv_address(&filter), "/admin/codes.csv?beneficiary=ann&batch=7");
    }

    #[test]
    fn a_second_press_turns_the_order_round() {
        let filter = CodeFilter { after: "9".into(), ..read_filter(|_| None) };
        let by_code = sort_by(&filter, CodeSort::Code);
        assert_eq!((by_code.descending, by_code.after.as_str()), (false, ""));
        assert!(sort_by(&by_code, CodeSort::Code).descending);
        assert!(sort_by(&by_code, CodeSort::Uses).descending);
    }
}
