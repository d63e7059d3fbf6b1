//! What a parser says about a value that it cannot use, in the reader's language.

use crate::server::api::language::texts;

/// The sentence for what serde says of a field.
pub fn explain(said: &str) -> String {
    let texts = texts();
    let (before, known) = said.split_once(", expected ").unwrap_or((said, ""));
    if before.starts_with("missing field") {
        return texts.api_field_missing();
    }
    if before.starts_with("unknown field") {
        return match names(known) {
            none if none.is_empty() => texts.api_field_not_known(),
            some => texts.api_field_unknown(some),
        };
    }
    if before.starts_with("unknown variant") {
        return texts.api_choice_unknown(names(known));
    }
    match before.strip_prefix("invalid type: ").or_else(|| before.strip_prefix("invalid value: ")) {
        Some(found) if !known.is_empty() => texts.api_field_type(known, found),
        _ => texts.api_field_unreadable(said),
    }
}

/// The names in "one of `a`, `b`", without the words between them.
fn names(list: &str) -> String {
    list.split('`').skip(1).step_by(2).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_parser_says_is_said_in_plain_words() {
        for (said, text) in [
            ("missing field `email`", "This field is required."),
            ("unknown field `x`, expected `a` or `b`", "There is no such field. Expected a, b."),
            ("unknown field `x`, there are no fields", "There is no such field."),
            ("unknown variant `x`, expected one of `a`, `b`, `c`", "Unknown value. Expected a, b, c."),
            ("invalid type: string \"1\", expected i64", "Expected i64, got string \"1\"."),
            ("invalid value: integer `-1`, expected u32", "Expected u32, got integer `-1`."),
            ("invalid digit found in string", "This value can’t be used: invalid digit found in string"),
        ] {
            assert_eq!(explain(said), text);
        }
    }
}
