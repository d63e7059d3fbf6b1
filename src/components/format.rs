//! Text that has no words of its own: a dash for nothing, and what stands in a title.

/// A text, or a dash where there is none.
pub fn or_dash(text: String) -> String {
    if text.is_empty() { "–".into() } else { text }
}

/// Text for a `<title>`, which Leptos writes as it is.
pub fn as_title(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_ends_where_it_should() {
        assert_eq!(as_title("A & B</title><script>"), "A &amp; B&lt;/title>&lt;script>");
    }

    #[test]
    fn nothing_is_a_dash() {
        assert_eq!([or_dash(String::new()), or_dash("0".into())], ["–", "0"]);
    }
}
