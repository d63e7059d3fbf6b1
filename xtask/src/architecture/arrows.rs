//! Reads the arrows out of sources: every `use`, and every path that begins with `crate`, `super`, `self`, a module
//! below, or a module that a `use` has brought into scope. Code that only tests compile has none.
use std::collections::{BTreeMap, BTreeSet};

use super::Sources;
use crate::{NAME, source_rules::code_only};

/// A file uses another one.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Arrow {
    pub from: String,
    pub line: usize,
    pub to: String,
    /// Whether it stands in the body of a function, or in other braces.
    pub in_body: bool,
}

/// Files that not only tests compile, and their arrows.
pub struct Arrows {
    pub files: BTreeSet<String>,
    pub arrows: BTreeSet<Arrow>,
}

/// The names of modules from the crate's root down.
type Module = Vec<String>;

/// All arrows from one file to another.
pub fn of(sources: &Sources) -> Arrows {
    let modules: BTreeMap<Module, &str> = sources.keys().map(|path| (module_of(path), path.as_str())).collect();
    let mut found = Arrows { files: BTreeSet::new(), arrows: BTreeSet::new() };
    let mut only_for_tests = Vec::new();
    for (path, source) in sources {
        let code = code_only(source);
        let mut reader = Reader {
            modules: &modules,
            file: path,
            module: module_of(path),
            tokens: tokens(&code),
            at: 0,
            scopes: vec![Scope::default()],
            arrows: Vec::new(),
            only_for_tests: Vec::new(),
        };
        reader.read();
        found.arrows.extend(reader.arrows);
        only_for_tests.extend(reader.only_for_tests);
    }
    let counts = |path: &str| !only_for_tests.iter().any(|module| module_of(path).starts_with(module));
    found.files = sources.keys().filter(|path| counts(path)).cloned().collect();
    found.arrows.retain(|arrow| counts(&arrow.from) && arrow.from != arrow.to);
    found
}

/// The module that a file is: the crate's root for `main.rs` too.
fn module_of(path: &str) -> Module {
    let path = path.strip_prefix("src/").unwrap_or(path);
    let path = path.strip_suffix(".rs").unwrap_or(path);
    match path {
        "lib" => Vec::new(),
        _ => path.strip_suffix("/mod").unwrap_or(path).split('/').map(str::to_owned).collect(),
    }
}

struct Token<'a> {
    text: &'a str,
    line: usize,
}

/// Words, `::`, and every other character that is no space.
fn tokens(code: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let (mut rest, mut line) = (code, 1);
    while let Some(first) = rest.chars().next() {
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        let length = match first {
            _ if is_word(first) => rest.find(|c| !is_word(c)).unwrap_or(rest.len()),
            ':' if rest.starts_with("::") => 2,
            _ => first.len_utf8(),
        };
        if first == '\n' {
            line += 1;
        } else if !first.is_whitespace() {
            tokens.push(Token { text: &rest[..length], line });
        }
        rest = &rest[length..];
    }
    tokens
}

/// What is between two braces.
#[derive(Default)]
struct Scope {
    /// Modules by the names that they are imported under.
    imported: BTreeMap<String, Module>,
    /// Whether it is the inside of a `mod`.
    is_module: bool,
}

struct Reader<'a> {
    modules: &'a BTreeMap<Module, &'a str>,
    file: &'a str,
    /// Where the reader is; deeper than the file inside a `mod { … }`.
    module: Module,
    tokens: Vec<Token<'a>>,
    at: usize,
    scopes: Vec<Scope>,
    arrows: Vec<Arrow>,
    only_for_tests: Vec<Module>,
}

impl<'a> Reader<'a> {
    fn read(&mut self) {
        while self.at < self.tokens.len() {
            match self.text(0) {
                "#" if self.is_test_attribute() => self.skip_item(),
                "use" => self.use_item(),
                "mod" if self.text(2) == "{" => {
                    self.module.push(self.text(1).to_owned());
                    self.scopes.push(Scope { is_module: true, ..Scope::default() });
                    self.at += 3;
                }
                "{" => {
                    self.scopes.push(Scope::default());
                    self.at += 1;
                }
                "}" => {
                    if self.scopes.len() > 1 && self.scopes.pop().is_some_and(|scope| scope.is_module) {
                        self.module.pop();
                    }
                    self.at += 1;
                }
                _ => self.path(),
            }
        }
    }

    /// The text of the token so far ahead; nothing behind the end.
    fn text(&self, ahead: usize) -> &'a str {
        self.tokens.get(self.at + ahead).map_or("", |token| token.text)
    }

    /// `#[cfg(…test…)]` without `not`.
    fn is_test_attribute(&self) -> bool {
        if [1, 2, 3].map(|ahead| self.text(ahead)) != ["[", "cfg", "("] {
            return false;
        }
        let inside = self.tokens[self.at..].iter().map(|token| token.text).take_while(|text| *text != "]");
        let inside: Vec<&str> = inside.collect();
        inside.contains(&"test") && !inside.contains(&"not")
    }

    /// Goes behind the item that the attribute here belongs to, and remembers a module that is a file of its own.
    fn skip_item(&mut self) {
        let (mut depth, mut is_use) = (0, false);
        while self.at < self.tokens.len() {
            match self.text(0) {
                "mod" if self.text(2) == ";" => {
                    self.only_for_tests.push([&self.module[..], &[self.text(1).to_owned()]].concat());
                }
                "use" if depth == 0 => is_use = true,
                "(" | "[" | "{" => depth += 1,
                ")" | "]" => depth -= 1,
                "}" => {
                    depth -= 1;
                    if depth == 0 && !is_use {
                        self.at += 1;
                        return;
                    }
                }
                ";" if depth == 0 => {
                    self.at += 1;
                    return;
                }
                _ => {}
            }
            self.at += 1;
        }
    }

    /// `use TREE;`
    fn use_item(&mut self) {
        self.at += 1;
        if self.text(0) == "<" {
            // `impl Trait + use<'a>`
            return;
        }
        self.use_tree(&[]);
    }

    /// A part of a `use`, behind what stands before its braces.
    fn use_tree(&mut self, before: &[&'a str]) {
        let mut path = before.to_vec();
        let line = self.tokens.get(self.at).map_or(0, |token| token.line);
        loop {
            match self.text(0) {
                "{" => {
                    self.at += 1;
                    while !["}", ""].contains(&self.text(0)) {
                        self.use_tree(&path);
                        if self.text(0) == "," {
                            self.at += 1;
                        }
                    }
                    self.at += 1;
                    return;
                }
                // Another crate's path.
                "::" if path.is_empty() => path.push("::"),
                "::" => {}
                "self" if !path.is_empty() => {}
                "*" => {
                    self.at += 1;
                    self.arrow(&path, line);
                    return;
                }
                word => path.push(word),
            }
            self.at += 1;
            if ["as", ",", "}", ";", ""].contains(&self.text(0)) {
                break;
            }
        }
        let mut name = path[path.len() - 1];
        if self.text(0) == "as" {
            name = self.text(1);
            self.at += 2;
        }
        if let Some(target) = self.arrow(&path, line)
            && self.modules.contains_key(&target)
            && let Some(scope) = self.scopes.last_mut()
        {
            scope.imported.insert(name.to_owned(), target);
        }
    }

    /// A path inside code, or any other token.
    fn path(&mut self) {
        let line = self.tokens[self.at].line;
        let visibility = self.at > 1 && self.tokens[self.at - 2].text == "(" && self.tokens[self.at - 1].text == "in";
        let mut path = vec![self.text(0)];
        self.at += 1;
        while self.text(0) == "::" && self.text(1).starts_with(|c: char| c.is_alphabetic() || c == '_') {
            path.push(self.text(1));
            self.at += 2;
        }
        if path.len() > 1 && !visibility {
            self.arrow(&path, line);
        }
    }

    /// Notes an arrow to the file that a path leads to, if it is one of ours; gives back the whole path.
    fn arrow(&mut self, path: &[&str], line: usize) -> Option<Module> {
        let target = self.absolute(path)?;
        let file = (0..=target.len()).rev().find_map(|length| self.modules.get(&target[..length]))?;
        let in_body = self.scopes.iter().skip(1).any(|scope| !scope.is_module);
        self.arrows.push(Arrow { from: self.file.to_owned(), line, to: (*file).to_owned(), in_body });
        Some(target)
    }

    fn absolute(&self, path: &[&str]) -> Option<Module> {
        let (first, mut rest) = path.split_first()?;
        let child = [&self.module[..], &[(*first).to_owned()]].concat();
        let mut target = match *first {
            "crate" | NAME => Vec::new(),
            "self" => self.module.clone(),
            "super" => {
                let mut target = self.module.clone();
                target.pop();
                while let Some((&"super", behind)) = rest.split_first() {
                    target.pop();
                    rest = behind;
                }
                target
            }
            _ if self.modules.contains_key(&child) => child,
            name => self.scopes.iter().rev().find_map(|scope| scope.imported.get(name))?.clone(),
        };
        target.extend(rest.iter().map(|name| (*name).to_owned()));
        Some(target)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The arrows of a file among others, as `line target`.
    fn arrows(path: &str, source: &str) -> Vec<String> {
        let others = ["lib.rs", "a/mod.rs", "a/b.rs", "a/b/c.rs", "d.rs", "main.rs"];
        let mut sources: Sources = others.iter().map(|path| (format!("src/{path}"), String::new())).collect();
        sources.insert(format!("src/{path}"), source.to_owned());
        let shown = |arrow: &Arrow| format!("{} {}", arrow.line, &arrow.to["src/".len()..]);
        of(&sources).arrows.iter().map(shown).collect()
    }

    const NONE: [&str; 0] = [];

    #[test]
    fn a_use_leads_to_the_file_of_its_longest_part_that_is_a_module() {
        assert_eq!(arrows("d.rs", "use crate::a::b::c::X;"), ["1 a/b/c.rs"]);
        assert_eq!(arrows("d.rs", "pub(crate) use crate::a::f;"), ["1 a/mod.rs"]);
        assert_eq!(
            arrows("d.rs", "use crate::{\na::{self, b::{Y as Z, c}},\n};"),
            ["2 a/b.rs", "2 a/b/c.rs", "2 a/mod.rs"]
        );
        assert_eq!(arrows("a/b/c.rs", "use super::*;\nuse super::super::super::d::{*};"), ["1 a/b.rs", "2 d.rs"]);
        assert_eq!(arrows("main.rs", "use passalong::d;"), ["1 d.rs"]);
    }

    #[test]
    fn paths_in_code_and_in_macros_are_arrows_too() {
        assert_eq!(arrows("d.rs", "fn f(x: crate::a::X) {\n super::a::b::g::<crate::a::b::c::T>() }").len(), 3);
        assert_eq!(arrows("d.rs", "macro_rules! m { () => {\n$crate::a::b::X } }"), ["2 a/b.rs"]);
        assert_eq!(arrows("d.rs", "pub(in crate::a) fn f() {}\npub(super) fn g() {}"), NONE);
    }

    #[test]
    fn modules_below_and_imported_ones_begin_paths() {
        assert_eq!(arrows("a/mod.rs", "pub mod b;\npub use b::X;\nfn f() { b::c::g() }"), ["2 a/b.rs", "3 a/b/c.rs"]);
        assert_eq!(arrows("d.rs", "use crate::a as z;\nfn f() { z::b::g() }"), ["1 a/mod.rs", "2 a/b.rs"]);
        assert_eq!(arrows("d.rs", "fn f() { use crate::a; }\nfn g() { a::b::h() }"), ["1 a/mod.rs"]);
        assert_eq!(arrows("d.rs", "use std::fmt; use ::a::b; fn f() { leptos::a::b() }"), NONE);
    }

    #[test]
    fn a_module_inside_a_file_is_the_file() {
        assert_eq!(arrows("d.rs", "struct X;\nmod inner { use super::X; use super::super::a::b; }"), ["2 a/b.rs"]);
    }

    #[test]
    fn what_only_tests_compile_has_no_arrows() {
        let skipped = "#[cfg(test)]\nuse crate::{a, a::b};\n#[cfg(test)]\nmod tests { use crate::a; fn f() {} }\n";
        assert_eq!(arrows("d.rs", skipped), NONE);
        assert_eq!(arrows("d.rs", &format!("{skipped}use crate::a::b::c;")), ["5 a/b/c.rs"]);
        assert_eq!(arrows("d.rs", "#[cfg(not(test))]\nuse crate::a;"), ["2 a/mod.rs"]);
    }

    #[test]
    fn files_that_only_tests_compile_do_not_count() {
        let sources =
            [("lib.rs", ""), ("a/mod.rs", "#[cfg(test)]\nmod tests;"), ("a/tests.rs", "use crate::d;"), ("d.rs", "")];
        let sources = sources.map(|(path, source)| (format!("src/{path}"), source.to_owned())).into();
        let found = of(&sources);
        assert_eq!(found.arrows, BTreeSet::new());
        assert!(!found.files.contains("src/a/tests.rs"));
    }

    #[test]
    fn comments_and_literals_have_no_arrows() {
        assert_eq!(arrows("d.rs", "//! use crate::a;\n/// [`crate::a::b`]\nconst X: &str = \"crate::a::b\";"), NONE);
    }
}
