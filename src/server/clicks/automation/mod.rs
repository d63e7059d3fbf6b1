//! Whether a program sent a request, not a person's browser, as far as its user agent tells.
//!
//! The names of crawlers, previews and tools come from `crawler-user-agents`; the build takes them in.

use aho_corasick::{AhoCorasick, Match};
use regex::bytes::{RegexSet, RegexSetBuilder};
use std::sync::LazyLock;

// WORDS and PATTERNS: the list's plain names and its regular expressions.
include!(concat!(env!("OUT_DIR"), "/crawlers.rs"));

/// How programs name themselves that no list knows, by kind. Upper and lower case are the same.
const KINDS: [&str; 10] = [
    // Where their owner can be reached or read. An address with its scheme is looked for everywhere.
    r"\bwww\.|@[a-z0-9-]+\.[a-z]|\bcontact\b",
    r"bots?\b|crawl|spider|slurp|scrap(?:e|ing|y)|harvest|archive|indexer|fetcher|\bfetch|\brss|feed ?reader",
    // "compatible; NAME/1.0". Konqueror is the one browser of that form.
    r"\bcompatible; [a-jl-z][a-z-]*[/)]|\bgoogle-[a-z]|google ?(?:page|search|favicon|sites|adsense)|\bmeta-external|cloudflare-?[a-z]|leadgen|\bworker",
    // HTTP libraries and command-line tools.
    r"http[-_.]?(?:client|kit|request|lib)|-http\b|curl|postman|guzzle|grpc|winhttp|\blwp\b|restsharp|rest-client",
    r"python|^(?:java|php|ruby|node|deno|bun|perl|lua|dart|go)\b|request-promise|undici|webdav|apachebench|azure-logic",
    r"headless|phantomjs|selenium|webdriver|cypress",
    r"monitor|uptime|synthetic|health-?check|prob(?:e|er)\b|gomez|prometheus|observatory|diagnostics",
    // CamScanner is an app with a browser in it.
    r"check(?:er)?\b|(?:^|[^m])scan|validator|analy[sz]er|extractor|inspector|audit|\brecon\b|finder|hunter|lookup|collector|resolver|parser|survey|research|domain|sitemap|\bdcv\b",
    // Mail proxies and makers of previews.
    r"(?:image|mail) ?proxy|mail\.[a-z.]+ proxy|link ?preview|url ?preview|thumbnail|screenshot|favicon|transcoder|expander|unfurl",
    // Templates that nobody has filled in, and what attackers want to be run.
    r"\$\{|\{\{|<\?|\(\) ?\{",
];

/// Names of the list that people's apps have too: alone it is the app that fetches a preview, beside the name of a
/// browser's engine it is somebody who follows a link in the app.
const APPS: [&str; 25] = [
    "Asana/",
    "Blackboard",
    "Bluesky/",
    "Code/1.",
    "Daum/",
    "Disqus",
    "Feedly",
    "Fluid",
    "Goodreads",
    "Grammarly/",
    "Hatena",
    "Instapaper/",
    "Mastodon",
    "MetaIAB Facebook",
    "NewsBlur",
    "Notion/",
    "PayPal/",
    "Podimo",
    "Sogou",
    "Sonic",
    "Trae/",
    "Tumblr/",
    "Viber",
    "WhatsApp",
    "inoreader",
];

static MATCHER: LazyLock<Option<Matcher>> = LazyLock::new(|| {
    Matcher::new().inspect_err(|error| tracing::error!(%error, "crawlers cannot be told from people")).ok()
});

/// Gets ready for the first request, which takes some milliseconds.
pub fn prepare() {
    LazyLock::force(&MATCHER);
}

/// Whether a program sent this. Who does not say what sent it is taken for one.
pub fn is_automated(user_agent: &str) -> bool {
    user_agent.trim().is_empty()
        || user_agent.contains("http://")
        || user_agent.contains("https://")
        || MATCHER.as_ref().is_some_and(|matcher| matcher.is_match(&without_phones(user_agent)))
}

struct Matcher {
    words: AhoCorasick,
    patterns: RegexSet,
}

impl Matcher {
    fn new() -> Result<Self, Box<dyn std::error::Error>> {
        let patterns = KINDS.iter().chain(PATTERNS);
        Ok(Self {
            words: AhoCorasick::builder().ascii_case_insensitive(true).build(WORDS)?,
            patterns: RegexSetBuilder::new(patterns).case_insensitive(true).unicode(false).build()?,
        })
    }

    fn is_match(&self, agent: &str) -> bool {
        self.words.find_overlapping_iter(agent).any(|found| starts_a_word(agent, &found) && !is_app(agent, &found))
            || self.patterns.is_match(agent.as_bytes())
    }
}

/// Keeps "NING/" apart from "Lightning/".
fn starts_a_word(agent: &str, found: &Match) -> bool {
    let is_part = |at: usize| agent.as_bytes().get(at).is_some_and(u8::is_ascii_alphanumeric);
    let start = found.start();
    start == 0 || !is_part(start) || !is_part(start - 1)
}

fn is_app(agent: &str, found: &Match) -> bool {
    WORDS.get(found.pattern().as_usize()).is_some_and(|word| APPS.contains(word)) && agent.contains("AppleWebKit/")
}

/// Leaves out the groups in brackets that say which phone it is. Makers call theirs what they like: CUBOT, Spider 8.
fn without_phones(user_agent: &str) -> String {
    let mut kept = String::with_capacity(user_agent.len());
    let mut rest = user_agent;
    while let Some(start) = rest.find(['(', '[']) {
        let (before, group) = rest.split_at(start);
        let (group, after) = group.split_at(end_of_group(group));
        kept += before;
        if !names_a_phone(before, group) {
            kept += group;
        }
        rest = after;
    }
    kept + rest
}

/// Where the group ends that the text begins with: behind its last bracket, or with the text.
fn end_of_group(text: &str) -> usize {
    let mut depth = 0;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'(' | b'[' => depth += 1,
            b')' | b']' if depth == 1 => return at + 1,
            b')' | b']' => depth -= 1,
            _ => {}
        }
    }
    text.len()
}

/// Browsers: `(Linux; Android 10; CUBOT J9)`; Instagram: `Android (29/10; …; CUBOT; …)`; Facebook:
/// `[FBAN/…;FBDV/CUBOT]`. Crawlers that speak of Android write `(compatible; NAME; …)`.
fn names_a_phone(before: &str, group: &str) -> bool {
    let (before, in_group) = (before.trim_end().to_ascii_lowercase(), group.to_ascii_lowercase());
    before.ends_with("android")
        || group.starts_with("[FB")
        || in_group.contains("android") && !in_group.contains("compatible;")
}

#[cfg(test)]
mod public_lists;
#[cfg(test)]
mod tests;
