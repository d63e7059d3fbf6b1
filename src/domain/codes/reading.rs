//! Reading codes as links, chats, mails and keyboards bring them. One way for all doors; making codes stays strict
//! ([`Code::parse`]).

use crate::domain::{codes::code::Code, plain_text::is_invisible, settings::REF_PARAMETER};
use percent_encoding::percent_decode_str;
use std::borrow::Cow;

/// Bytes of a text that are looked at: a pasted link with the parameters of a campaign.
const MAX_TEXT: usize = 2_048;

/// How often a text may have been percent-encoded.
const MAX_ENCODINGS: usize = 3;

/// Codes that one text may mean.
const MAX_READINGS: usize = 4;

impl Code {
    /// The code that a text means most likely.
    pub fn read(text: &str) -> Option<Self> {
        Self::readings(text).into_iter().next()
    }

    /// The codes that a text may mean, the likeliest first. The text is a code or a link that carries one, with what
    /// comes along: punctuation and markup around it, parameters and sentences behind it, invisible characters, other
    /// dashes, full-width letters, percent-encoding.
    pub fn readings(text: &str) -> Vec<Self> {
        if let Some(code) = Self::parse(text) {
            return with_bare(vec![code]);
        }
        let text: String = decode(&text[..text.floor_char_boundary(MAX_TEXT)]).chars().filter_map(fold).collect();
        let (path, parameter) = (behind_path(&text), behind_parameter(&text));
        // Of an address only what it carries is a code.
        let query = |value: &str| text.contains('/') || text.len() == REF_PARAMETER.len() + 1 + value.len();
        let whole = path.is_none() && !parameter.is_some_and(query);
        let mut found: Vec<Self> = vec![];
        // A link has no spaces: what follows one may also be the next word.
        for (text, spaces) in [
            (path, Spaces::Skipped),
            (path, Spaces::End),
            (whole.then_some(text.as_str()), Spaces::Skipped),
            (parameter, Spaces::Skipped),
            (parameter, Spaces::End),
        ] {
            found.extend(text.and_then(|text| scan(text, spaces)));
        }
        found.dedup();
        with_bare(found)
    }
}

/// What stands behind [`REF_PARAMETER`] in a query that was mangled: as `amp;ref=…`, `REF=…`, or behind a second `?`.
pub fn in_mangled_query(query: &str) -> Option<String> {
    behind_parameter(&decode(&query[..query.floor_char_boundary(MAX_TEXT)])).map(str::to_owned)
}

/// What spaces within a code are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Spaces {
    /// How people group the characters.
    Skipped,
    End,
}

/// The same codes, and behind them what they are without the `_` and `-` around them, which markup and sentences add.
fn with_bare(mut codes: Vec<Code>) -> Vec<Code> {
    for n in 0..codes.len() {
        let text = codes[n].as_str();
        let bare = text.trim_matches(['_', '-']);
        if bare.len() < text.len()
            && let Some(bare) = Code::parse(bare)
        {
            codes.push(bare);
        }
    }
    codes.truncate(MAX_READINGS);
    codes
}

fn decode(text: &str) -> Cow<'_, str> {
    let mut text = Cow::Borrowed(text);
    for _ in 0..MAX_ENCODINGS {
        let decoded = percent_decode_str(&text).decode_utf8_lossy();
        if decoded == text {
            break;
        }
        text = Cow::Owned(decoded.into_owned());
    }
    text
}

/// What follows `/r/` in a link.
fn behind_path(text: &str) -> Option<&str> {
    let at = text.to_ascii_lowercase().find("/r/")?;
    text.get(at + 3..)
}

/// What follows `ref=` in a link.
fn behind_parameter(text: &str) -> Option<&str> {
    let lower = text.to_ascii_lowercase();
    let begins = |at: usize| at == 0 || matches!(lower.as_bytes()[at - 1], b'?' | b'&' | b';' | b'#');
    let mut names = lower.match_indices(REF_PARAMETER).map(|(at, name)| (at, at + name.len()));
    let (_, end) = names.find(|&(at, end)| begins(at) && lower[end..].starts_with('='))?;
    text.get(end + 1..)
}

/// The code at the beginning of a text, punctuation apart. It ends where its characters end; letters of its kind behind
/// it make it another word, letters that are written without spaces do not.
fn scan(text: &str, spaces: Spaces) -> Option<Code> {
    let mut code = String::new();
    for c in text.trim_start_matches(|c| !is_code(c) && !is_letter(c)).chars() {
        match c {
            c if is_code(c) => code.push(c),
            c if c.is_whitespace() && spaces == Spaces::Skipped => {}
            c if is_letter(c) && c < '\u{2E80}' => return None,
            _ => break,
        }
    }
    Code::parse(&code)
}

fn is_code(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '-'
}

/// Letters and digits of any writing, and accents, which make letters others.
fn is_letter(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '\u{300}'..='\u{36F}')
}

/// The plain form of what keyboards and programs write in place of a code's characters; nothing for what nobody sees.
fn fold(c: char) -> Option<char> {
    let shifted = |from: char, to: char, letters: u32| {
        char::from_u32(u32::from(to) + (u32::from(c) - u32::from(from)) % letters).unwrap_or(c)
    };
    Some(match c {
        // The dot of a Turkish I stands by itself where letters are taken apart.
        '\u{307}' => return None,
        c if is_invisible(c) && !c.is_whitespace() => return None,
        // Hyphens, dashes, the minus sign, and the lengthening mark where it lies on the key of the hyphen.
        '\u{2010}'..='\u{2015}' | '\u{2043}' | '\u{2212}' | '\u{FE58}' | '\u{FE63}' | '\u{30FC}' | '\u{FF70}' => '-',
        '\u{130}' | '\u{131}' => 'I',
        '\u{FF01}'..='\u{FF5E}' => shifted('\u{FF01}', '!', u32::MAX),
        // Digits of Arabic and Persian keyboards.
        '\u{660}'..='\u{669}' => shifted('\u{660}', '0', 10),
        '\u{6F0}'..='\u{6F9}' => shifted('\u{6F0}', '0', 10),
        // Bold, italic and other letters of mathematics, which social networks know as fonts: 26 capitals, 26 small
        // ones.
        '\u{1D400}'..='\u{1D6A3}' => match (u32::from(c) - 0x1D400) % 52 {
            0..26 => shifted('\u{1D400}', 'A', 26),
            _ => shifted('\u{1D41A}', 'a', 26),
        },
        '\u{1D7CE}'..='\u{1D7FF}' => shifted('\u{1D7CE}', '0', 10),
        c => c,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn readings(text: &str) -> Vec<String> {
        Code::readings(text).iter().map(Code::to_string).collect()
    }

    #[test]
    fn what_chats_and_mails_add_is_no_part_of_a_code() {
        let around = [
            ".", ",", ")", "]", "!", ";", ":", ">", "…", "。", "”", "?", "\"", "'", "’", "»", "）", "］", "！", "；",
            "：", "＞", "．", "，", "、", "」", "*", "**", "~", "`", "|", "}", "\\", "/", "//", "/.", "...", ").",
            "😀", "\u{FFFD}", "=", "+", "%", "%20", "%0A", " ", "\n", "\t", "%E2%80", "\u{A0}", "\u{200B}", "\u{FEFF}",
            "\u{3000}",
        ];
        for text in around {
            for mangled in [format!("K7M-X{text}"), format!("{text}K7M-X"), format!("{text}k7m-x{text}")] {
                assert_eq!(readings(&mangled), ["K7M-X"], "{mangled:?}");
            }
        }
        for pair in ["()", "[]", "<>", "“”", "„“", "«»", "「」", "（）", "‘’"] {
            let mut pair = pair.chars();
            let (open, close) = (pair.next().expect("one"), pair.next().expect("another"));
            assert_eq!(readings(&format!("{open}K7M-X{close}")), ["K7M-X"], "{open}{close}");
        }
    }

    #[test]
    fn parameters_and_sentences_behind_a_code_are_cut_off() {
        for behind in [
            "?utm_source=x",
            "&utm_source=x",
            "&amp;utm_source=x",
            "%3Futm_source=x",
            "%253Futm_source%253Dx",
            "%26a=b",
            "#top",
            "%23top",
            "%2523",
            "/",
            "/amp",
            "?",
            "%3F",
            "\\n",
            "<br>",
            "\"> here",
            "](https://a.example)",
            ".Join",
            ",Join",
            "を見て",
            "欢迎加入",
            "；欢迎",
            "|here",
        ] {
            assert_eq!(readings(&format!("K7M-X{behind}")).first().map(String::as_str), Some("K7M-X"), "{behind}");
        }
    }

    #[test]
    fn unseen_and_other_characters_are_read_as_what_they_stand_for() {
        for text in [
            "K7\u{200B}M\u{200D}-X",
            "\u{202A}K7M-X\u{202C}",
            "\u{2066}K7M-X\u{2069}",
            "K7M\u{AD}-X",
            "K7M\u{2060}-X",
            "K7M–X",
            "K7M—X",
            "K7M‑X",
            "K7M−X",
            "K7M‐X",
            "K7M\u{FF0D}X",
            "Ｋ７Ｍ－Ｘ",
            "ｋ７ｍ-ｘ",
            "K7Mー X",
            "𝐊𝟕𝐌-𝐗",
            "𝓴𝟟𝓶-𝔁",
            "K7M\u{A0}-X",
            "K7 M-X",
            "K۷M-X",
            "K٧M-X",
            "K7M%E2%80%93X",
            "K7M%E2%80%8B-X",
            "\0K7M-X\u{7F}",
        ] {
            assert_eq!(readings(text), ["K7M-X"], "{text:?}");
        }
        assert_eq!(readings("sprİng"), ["SPRING"]);
        assert_eq!(readings("spri\u{307}ng"), ["SPRING"]);
        assert_eq!(readings("sprıng"), ["SPRING"]);
    }

    #[test]
    fn a_link_is_read_as_its_code() {
        for link in [
            "https://pass.example/r/K7M-X",
            "https://pass.example/r/K7M-X?via=copy",
            "http://pass.example:3000/r/k7m-x/",
            "pass.example/r/K7M-X",
            "/r/K7M-X",
            "//r//K7M-X",
            "/R/K7M-X.",
            "<https://pass.example/r/K7M-X>",
            "Join me: https://pass.example/r/K7M-X?via=copy – see you!",
            "https%3A%2F%2Fpass.example%2Fr%2FK7M-X",
            "https://pass.example/signup?ref=K7M-X",
            "https://pass.example/signup/?ref=K7M-X&utm_source=x",
            "https://host.example/join?plan=pro&ref=K7M-X&click_id=7#top",
            "https://host.example/a?b=c&amp;REF=K7M-X",
            "https://host.example/?xref=1&ref=K7M-X",
            "ref=K7M-X",
            "[K7M-X](https://pass.example/r/K7M-X)",
        ] {
            assert_eq!(readings(link).first().map(String::as_str), Some("K7M-X"), "{link}");
        }
        // What others put behind every address is looked at last.
        assert_eq!(readings("https://a.example/r/K7M-X?ref=producthunt"), ["K7M-X", "PRODUCTHUNT"]);
        assert_eq!(readings("K7M-X?ref=producthunt"), ["K7M-X", "PRODUCTHUNT"]);
        assert_eq!(readings("/r/K7M-X join me"), ["K7M-XJOINME", "K7M-X"]);
    }

    #[test]
    fn marks_of_a_code_may_be_markup_but_are_first_its_own() {
        assert_eq!(readings("_ABC_"), ["_ABC_", "ABC"]);
        assert_eq!(readings("*_ABC_*"), ["_ABC_", "ABC"]);
        assert_eq!(readings("- ABC"), ["-ABC", "ABC"]);
        assert_eq!(readings("ABC –"), ["ABC-", "ABC"]);
        assert_eq!(readings("A_C"), ["A_C"]);
        assert_eq!(readings("_A_"), ["_A_"]);
    }

    #[test]
    fn what_means_no_code_is_none() {
        for text in [
            "",
            "?",
            "ab",
            "ÄBC",
            "CAFÉ",
            "CAFE\u{301}",
            "éABC",
            "ΑΒΓΔ",
            "欢迎",
            "%",
            "%00",
            "/r/",
            "ref=",
            "...",
            &"A".repeat(51),
        ] {
            assert_eq!(readings(text), [""; 0], "{text:?}");
        }
    }

    #[test]
    fn a_mangled_query_carries_its_code() {
        for query in ["via=x&amp;ref=K7M", "REF=K7M", "via=x?ref=K7M", "via=x%3Fref%3DK7M", "a=b&ref=K7M"] {
            assert_eq!(in_mangled_query(query).as_deref(), Some("K7M"), "{query}");
        }
        assert_eq!(in_mangled_query("a=b&xref=K7M&refer=x"), None);
    }

    proptest::proptest! {
        #[test]
        fn made_codes_are_read_as_themselves(text in "[A-Za-z0-9_-]{3,50}") {
            proptest::prop_assert_eq!(Code::read(&text), Code::parse(&text));
        }

        #[test]
        fn nothing_panics_and_readings_are_few_different_codes(text in "\\PC{0,300}|(%[0-9A-F]{2}|/r/|ref=|[A-Z _-]){0,30}") {
            let readings = Code::readings(&text);
            proptest::prop_assert!(readings.len() <= MAX_READINGS);
            for code in &readings {
                let same = Code::parse(code.as_str());
                proptest::prop_assert_eq!(same.as_ref(), Some(code));
            }
        }

        #[test]
        fn a_mangled_code_is_read_as_the_code(
            code in "[A-Z0-9][A-Z0-9_-]{1,20}[A-Z0-9]",
            before in "[ .,(\u{201C}\u{AB}*\u{200B}\u{202A}]{0,3}",
            after in "[ .,)\u{201D}\u{BB}*\u{200B}\u{202C}!\u{2026}\u{3002}\u{FF01}]{0,3}",
            encodings in 0_usize..3,
        ) {
            let mut text = format!("{before}{code}{after}");
            for _ in 0..encodings {
                text = crate::domain::query_string::encode(&text);
            }
            proptest::prop_assert_eq!(Code::read(&text), Code::parse(&code));
            let link = format!("https://pass.example/r/{code}{after}");
            proptest::prop_assert_eq!(Code::read(&link), Code::parse(&code));
        }
    }
}
