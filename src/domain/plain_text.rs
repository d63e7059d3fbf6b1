//! Text that people type: nothing stands in it that nobody sees.

use crate::domain::message::Message;

/// Reads one line: trimmed, without line breaks and other characters that nobody sees.
pub fn one_line(text: &str) -> Result<&str, Message> {
    let text = text.trim();
    if has_invisible(text) { Err(Message::InvisibleCharacters) } else { Ok(text) }
}

/// Reads text that may have several lines and tabs: trimmed, with plain line breaks, else like [`one_line`].
pub fn several_lines(text: &str) -> Result<String, Message> {
    let text = text.trim().replace("\r\n", "\n").replace('\r', "\n");
    if text.split(['\n', '\t']).any(has_invisible) { Err(Message::InvisibleCharacters) } else { Ok(text) }
}

/// Characters of a reason at most.
const MAX_REASON: usize = 500;

/// Reads why an admin does something: one line that is not empty.
pub fn reason(text: &str) -> Result<&str, Message> {
    match one_line(text)? {
        reason if (1..=MAX_REASON).contains(&reason.chars().count()) => Ok(reason),
        _ => Err(Message::ReasonLength { min: 1, max: MAX_REASON }),
    }
}

/// What a search is for: nothing that is stored holds what is left out here.
pub fn search_text(text: &str) -> String {
    text.trim().chars().filter(|c| !c.is_control()).collect()
}

/// Whether a character is there that nobody sees. Joiners and variation selectors are fine where they shape their
/// neighbours: Persian and Indic names are written with them, and emoji.
pub fn has_invisible(text: &str) -> bool {
    let mut chars = text.chars().peekable();
    let mut before = None;
    while let Some(c) = chars.next() {
        if is_invisible(c) && !shapes(before, c, chars.peek().copied()) {
            return true;
        }
        before = Some(c);
    }
    false
}

fn shapes(before: Option<char>, c: char, after: Option<char>) -> bool {
    let shaped = |c: Option<char>| c.is_some_and(|c| !c.is_ascii() && !c.is_whitespace() && !is_invisible(c));
    match c {
        '\u{200c}' | '\u{200d}' => (shaped(before) || before == Some('\u{fe0f}')) && shaped(after),
        '\u{fe0e}' | '\u{fe0f}' => shaped(before),
        _ => false,
    }
}

/// Whether nobody sees a character: controls, line and paragraph separators, Unicode's `Default_Ignorable_Code_Point`,
/// and what looks like nothing though it has a width of its own.
pub fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
            | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_holds_only_what_is_seen() {
        assert_eq!(one_line(" Zoë 2 \n"), Ok("Zoë 2"));
        let hidden = "\0\u{1}\t\n\r\u{7f}\u{85}\u{ad}\u{34f}\u{61c}\u{180e}\u{200b}\u{200c}\u{200d}\u{200e}\u{202e}\u{2028}\u{2060}\
                      \u{2066}\u{2800}\u{3164}\u{fe0f}\u{feff}\u{fffb}\u{e0041}\u{e0100}";
        for c in hidden.chars() {
            assert_eq!(one_line(&format!("An{c}n")), Err(Message::InvisibleCharacters), "{c:?}");
        }
    }

    #[test]
    fn joiners_are_seen_by_what_they_join() {
        for text in ["علی‌رضا", "क्‍ष", "❤️", "Team ❤️‍🔥", "👨‍👩‍👧 Family"] {
            assert_eq!(one_line(text), Ok(text), "{text}");
        }
        for text in ["é\u{200d}", "\u{fe0f}é", "é\u{200c}\u{200c}é", "é\u{200d} é", "é\u{fe0f}\u{fe0f}"] {
            assert_eq!(one_line(text), Err(Message::InvisibleCharacters), "{text:?}");
        }
    }

    #[test]
    fn several_lines_have_plain_breaks() {
        assert_eq!(several_lines(" a\r\nb\rc\n\td "), Ok("a\nb\nc\n\td".into()));
        for c in ['\0', '\u{b}', '\u{1b}', '\u{200b}', '\u{2028}'] {
            assert_eq!(several_lines(&format!("a{c}b")), Err(Message::InvisibleCharacters), "{c:?}");
        }
    }

    #[test]
    fn a_search_is_for_what_can_be_stored() {
        assert_eq!(search_text(" a\0b\n"), "ab");
    }
}
