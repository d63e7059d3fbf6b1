//! Finding the columns that an import knows in the head of a table.

use std::collections::HashMap;

/// Where each column is.
pub type Places = HashMap<&'static str, usize>;

/// The columns that an import knows.
#[derive(Clone, Copy, Debug)]
pub struct Columns {
    pub known: &'static [&'static str],
    /// Those without which it cannot do.
    pub needed: &'static [&'static str],
    pub ignore_unknown: bool,
}

/// A name without what people write differently: `E-Mail` is `email`, and `Full name` is `full_name`.
fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

impl Columns {
    /// The columns by the names of a head. Columns without a name are passed over.
    pub fn find(&self, head: &[String]) -> Result<Places, String> {
        let (mut places, mut unknown) = (Places::new(), vec![]);
        for (at, name) in head.iter().enumerate().filter(|(_, name)| !name.is_empty()) {
            let Some(column) = self.known.iter().find(|known| plain(known) == plain(name)) else {
                unknown.push(name.as_str());
                continue;
            };
            if places.insert(*column, at).is_some() {
                return Err(format!("the column {name:?} is there twice"));
            }
        }
        if !unknown.is_empty() && !self.ignore_unknown {
            return Err(self.unknown_columns(&unknown, &places));
        }
        match self.needed.iter().find(|needed| !places.contains_key(**needed)) {
            Some(missing) => Err(format!("the column {missing:?} is missing")),
            None => Ok(places),
        }
    }

    /// All names that are not known, each with the one that may be meant.
    fn unknown_columns(&self, unknown: &[&str], found: &Places) -> String {
        let named = unknown.iter().map(|name| {
            let short: String = name.chars().take(40).collect();
            let free = self.known.iter().copied().filter(|known| !found.contains_key(known));
            match nearest(name, free) {
                Some(meant) => format!("{short:?} (did you mean {meant}?)"),
                None => format!("{short:?}"),
            }
        });
        let there_is = if unknown.len() == 1 { "there is no column" } else { "there are no columns" };
        format!(
            "{there_is} {}; there are {}; --ignore-unknown passes over the others",
            named.collect::<Vec<_>>().join(", "),
            self.known.join(", ")
        )
    }
}

/// The name that somebody may have meant: a slip or two away, or within what they wrote.
fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str> + Clone) -> Option<&'a str> {
    let name = plain(name);
    let slips = |known: &str| distance(&name, &plain(known));
    let close = known.clone().min_by_key(|known| slips(known));
    close.filter(|close| slips(close) <= 2 && name.chars().count() > 3).or_else(|| {
        known.filter(|known| plain(known).len() > 3 && name.contains(&plain(known))).max_by_key(|k| k.len())
    })
}

/// How many letters have to be added, taken away or changed (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().take(60).collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().take(60).enumerate() {
        let mut before = i;
        row[0] = i + 1;
        for (j, to) in b.iter().enumerate() {
            let changed = before + usize::from(from != *to);
            before = row[j + 1];
            row[j + 1] = changed.min(before + 1).min(row[j] + 1);
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const USERS: Columns =
        Columns { known: &["email", "username", "full_name", "created_at"], needed: &["email"], ignore_unknown: false };

    fn find(columns: Columns, head: &str) -> Result<Places, String> {
        columns.find(&head.split(',').map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn names_are_found_however_they_are_written() {
        let places = find(USERS, "Full name,,E-Mail").expect("known");
        assert_eq!((places["full_name"], places["email"], places.len()), (0, 2, 2));
    }

    #[test]
    fn unknown_columns_are_named_together() {
        let said = find(USERS, "email,usrname,shoe size,Created,Full Nmae").expect_err("unknown");
        assert_eq!(
            said,
            "there are no columns \"usrname\" (did you mean username?), \"shoe size\", \"Created\" (did you mean \
             created_at?), \"Full Nmae\" (did you mean full_name?); there are email, username, full_name, created_at; \
             --ignore-unknown passes over the others"
        );
        let ignoring = Columns { ignore_unknown: true, ..USERS };
        assert_eq!(find(ignoring, "email,shoe size").expect("passed over").len(), 1);
        assert_eq!(find(ignoring, "mail,shoe size"), Err("the column \"email\" is missing".into()));
        assert_eq!(find(USERS, "email,E-mail"), Err("the column \"E-mail\" is there twice".into()));
        assert!(find(USERS, "Customer Email").expect_err("unknown").contains("(did you mean email?)"));
    }
}
