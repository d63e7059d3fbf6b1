//! Lists of addresses that codes are sent to.

use crate::domain::{accounts::email::Email, message::Message};
use std::collections::HashSet;

/// Addresses that can be sent codes at once.
pub const MAX_RECIPIENTS: usize = 1_000;

/// Reads a list: one address a line or several parted by commas or semicolons, bare or as `Name <address>`. What stands
/// there twice counts once. Refuses the whole list by the lines that are wrong.
pub fn parse(list: &str) -> Result<Vec<Email>, Message> {
    let mut known = HashSet::new();
    let (mut emails, mut lines) = (vec![], vec![]);
    for (line, number) in list.lines().zip(1..) {
        for entry in entries(line) {
            match address(entry).map(Email::parse) {
                Some(Ok(email)) if known.insert(email.clone()) => emails.push(email),
                Some(Ok(_)) => {}
                _ if lines.last() == Some(&number) => {}
                _ => lines.push(number),
            }
        }
    }
    if !lines.is_empty() {
        return Err(Message::RecipientsMalformed { lines });
    }
    if (1..=MAX_RECIPIENTS).contains(&emails.len()) {
        Ok(emails)
    } else {
        Err(Message::RecipientCount { max: MAX_RECIPIENTS as i64 })
    }
}

/// The entries of a line. A comma in a quoted name parts nothing.
fn entries(line: &str) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    let parts = move |c| {
        quoted ^= c == '"';
        !quoted && matches!(c, ',' | ';')
    };
    line.split(parts).map(str::trim).filter(|entry| !entry.is_empty())
}

/// The address of an entry; nothing where the name before it could hide another address.
fn address(entry: &str) -> Option<&str> {
    let Some((name, address)) = entry.strip_suffix('>').and_then(|entry| entry.rsplit_once('<')) else {
        return Some(entry);
    };
    let closed = name.matches('"').count() % 2 == 0 && !name.contains(['<', '>']);
    closed.then_some(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(list: &str) -> Result<Vec<String>, Message> {
        parse(list).map(|emails| emails.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn addresses_are_read_as_people_paste_them() {
        let list = "ann@example.com\r\n\r\n  Bob Smith <Bob@Example.com>\n\"Doe, Jane\" <jane@example.com>, c@example.com; \
                    ANN@example.com;\n<d@bücher.example>\n\"e@example.com\" <e@example.com>";
        let read = ["ann@", "bob@", "jane@", "c@"].map(|name| format!("{name}example.com"));
        let read = read.into_iter().chain(["d@xn--bcher-kva.example".into(), "e@example.com".into()]);
        assert_eq!(parsed(list), Ok(read.collect()));
    }

    #[test]
    fn every_wrong_line_is_named_once() {
        let list = "ann@example.com\nann\n\nb@example.com, @, x y@example.com\nName\n\"open, c@d.com <e@f.com>\na@b.com <c@d.com> <e@f.com>";
        assert_eq!(parsed(list), Err(Message::RecipientsMalformed { lines: vec![2, 4, 5, 6, 7] }));
    }

    #[test]
    fn a_list_has_one_address_to_a_thousand() {
        let list = |count: usize| (0..count).map(|n| format!("a{n}@example.com\n")).collect::<String>();
        assert_eq!(parsed(&list(MAX_RECIPIENTS)).map(|emails| emails.len()), Ok(MAX_RECIPIENTS));
        for wrong in ["", " ,;\n\n", &list(MAX_RECIPIENTS + 1)] {
            assert_eq!(parsed(wrong), Err(Message::RecipientCount { max: 1_000 }));
        }
    }
}
