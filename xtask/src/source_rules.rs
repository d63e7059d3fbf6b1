//! Rules about `src/` that no lint knows.
//!
//! Leptos does not escape the children of some elements nor `inner_html`, and the pages' content
//! security policy refuses `style` attributes. A silenced lint must say why, and vanish when it
//! is no longer needed: `#[expect(…, reason = "…")]`.
use std::{fs, path::Path};

use crate::{files, process::Res};

const RAW_ELEMENTS: [&str; 3] = ["textarea", "style", "noscript"];
/// The only files with such elements that have children: the style of pages, which no people write, and the field that
/// makes safe what they write.
const SAFE: [(&str, &str); 2] = [("style", "src/components/styles.rs"), ("textarea", "src/components/text_area.rs")];

/// Fails with a list of all places that break a rule.
pub fn check() -> Res {
    let mut list = String::new();
    for path in files::below(Path::new("src"))? {
        if path.extension().is_some_and(|extension| extension == "rs") {
            let safe = |raw: &str| SAFE.iter().any(|(element, file)| *element == raw && path == Path::new(file));
            let raw: Vec<_> = RAW_ELEMENTS.into_iter().filter(|raw| !safe(raw)).collect();
            for (line, message) in findings(&fs::read_to_string(&path)?, &raw) {
                list += &format!("\n{}:{line}: {message}", path.display());
            }
        }
    }
    if list.is_empty() { Ok(()) } else { Err(list.into()) }
}

/// The line and the reproach for each place that breaks a rule; these elements may have no children.
fn findings(source: &str, raw_elements: &[&str]) -> Vec<(usize, String)> {
    let code = code_only(source);
    let mut found = Vec::new();
    for (at, _) in code.match_indices("inner_html") {
        found.push((at, "inner_html is not escaped: build the elements instead".to_owned()));
    }
    for attribute in ["#[allow(", "#![allow("] {
        for (at, _) in code.match_indices(attribute) {
            found.push((at, "use #[expect(…, reason = \"…\")] instead of #[allow]".to_owned()));
        }
    }
    for (at, _) in code.match_indices("style") {
        if is_style_attribute(&code[..at], &code[at + "style".len()..]) {
            found.push((at, "the content security policy refuses style attributes".to_owned()));
        }
    }
    for element in raw_elements {
        for (at, tag) in code.match_indices(&format!("<{element}")) {
            if has_children(&code[at + tag.len()..]) {
                found.push((at, format!("children of <{element}> are not escaped")));
            }
        }
    }
    found.sort();
    let line = |at: usize| code[..at].matches('\n').count() + 1;
    found.into_iter().map(|(at, message)| (line(at), message)).collect()
}

/// `style="…"`, and Leptos's `style:width="…"`, which becomes one.
fn is_style_attribute(before: &str, after: &str) -> bool {
    let mut next = after.chars();
    let starts = match next.next() {
        Some('=') => next.next() != Some('='),
        Some(':') => next.next().is_some_and(char::is_alphabetic),
        _ => false,
    };
    starts && before.ends_with(char::is_whitespace)
}

/// Whether an element has children; `rest` starts behind its name.
fn has_children(rest: &str) -> bool {
    if rest.starts_with(|c: char| c.is_alphanumeric() || c == '_' || c == '-') {
        return false;
    }
    let (mut brackets, mut generics) = (0, 0);
    let mut previous = ' ';
    for (at, c) in rest.char_indices() {
        match c {
            '(' | '[' | '{' => brackets += 1,
            ')' | ']' | '}' => brackets -= 1,
            _ if brackets > 0 => {}
            // As in `rows=text.parse::<u8>()`.
            '<' if previous == ':' || generics > 0 => generics += 1,
            '>' if previous == '-' || previous == '=' => {}
            '>' if generics > 0 => generics -= 1,
            '>' if previous == '/' => return false,
            '>' => return !rest[at + 1..].trim_start().starts_with("</"),
            _ => {}
        }
        previous = c;
    }
    false
}

/// The source with every comment turned into spaces and every literal into quotes, line by line
/// as before.
pub fn code_only(source: &str) -> String {
    let mut code = String::with_capacity(source.len());
    let mut rest = source;
    while let Some(first) = rest.chars().next() {
        let (length, filler) = match hidden(rest) {
            Some(hidden) => hidden,
            None => {
                code.push(first);
                rest = &rest[first.len_utf8()..];
                continue;
            }
        };
        code.extend(rest[..length].chars().map(|c| if c == '\n' { c } else { filler }));
        rest = &rest[length..];
    }
    code
}

/// The length of the comment or literal that `rest` starts with, and what to put in its place.
fn hidden(rest: &str) -> Option<(usize, char)> {
    let until = |start: usize, end: &str| rest[start..].find(end).map_or(rest.len(), |at| start + at + end.len());
    if rest.starts_with("//") {
        return Some((rest.find('\n').unwrap_or(rest.len()), ' '));
    }
    if rest.starts_with("/*") {
        return Some((until(2, "*/"), ' '));
    }
    if let Some(raw) = rest.strip_prefix('r') {
        let hashes = raw.len() - raw.trim_start_matches('#').len();
        if raw[hashes..].starts_with('"') {
            let end = format!("\"{}", "#".repeat(hashes));
            return Some((until(hashes + 2, &end), '"'));
        }
    }
    let quote = rest.chars().next()?;
    let lifetime = || !rest.starts_with("'\\") && rest.chars().nth(2) != Some('\'');
    if quote != '"' && (quote != '\'' || lifetime()) {
        return None;
    }
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if c == quote => return Some((at + 1, '"')),
            _ => {}
        }
    }
    Some((rest.len(), '"'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONE: [usize; 0] = [];

    fn lines(source: &str) -> Vec<usize> {
        findings(source, &RAW_ELEMENTS).into_iter().map(|(line, _)| line).collect()
    }

    #[test]
    fn children_that_leptos_does_not_escape_are_refused() {
        assert_eq!(lines("view! {\n<textarea name=\"a\">{text}</textarea> }"), [2]);
        assert_eq!(lines("view! { <noscript>\"text\"</noscript> }"), [1]);
        assert_eq!(lines("view! { <style>\n{css}</style> }"), [1]);
        assert_eq!(lines("<textarea on:input=move |e| { a > b; }>{x}</textarea>"), [1]);
    }

    #[test]
    fn the_same_elements_without_children_are_welcome() {
        assert_eq!(lines("<textarea name=\"a\" prop:value=x></textarea>"), NONE);
        assert_eq!(lines("<textarea prop:value=move || f(a > b) />"), NONE);
        assert_eq!(lines("<textarea rows=n.parse::<Vec<u8>>() on:x=|e| -> u8 { 1 }>\n</textarea>"), NONE);
        assert_eq!(lines("<style_guide>{x}</style_guide>"), NONE);
    }

    #[test]
    fn style_attributes_are_refused_and_the_word_is_not() {
        assert_eq!(lines("<p\nstyle=\"color: red\">"), [2]);
        assert_eq!(lines("<p style:width=w>"), [1]);
        assert_eq!(lines("let style = 1; Look { style: 2 }; a.style==b; x style::y; data-style=1"), NONE);
    }

    #[test]
    fn raw_html_and_silenced_lints_are_refused() {
        assert_eq!(lines("<p inner_html=x />"), [1]);
        assert_eq!(lines("#![allow(dead_code)]\n#[allow(dead_code)]\n#[expect(dead_code)]"), [1, 2]);
    }

    #[test]
    fn comments_and_literals_are_not_code() {
        assert_eq!(lines("// inner_html\n/* inner_html\n */ /// <style>{x}</style>"), NONE);
        assert_eq!(lines("let a = \"inner_html \\\" inner_html\"; let b = r#\"a \" inner_html\"#;"), NONE);
        assert_eq!(lines("fn f<'a>(x: &'a str) { g('\"'); }\n<p inner_html=x />"), [2]);
    }
}
