//! Makes one function per text of `locales/`, takes in the names of crawlers, and compiles the library anew when there is
//! another migration: they are inside it.

use fluent_typed::{BuildOptions, FtlOutputOptions, LintLevel, build_from_locales_folder};
use regex_syntax::hir::HirKind;
use std::{fs, process::ExitCode};

/// A list of the names of crawlers, as an array of objects with a regular expression `pattern` each.
const CRAWLERS: &str = "end2end/node_modules/crawler-user-agents/crawler-user-agents.json";

fn main() -> ExitCode {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=migrations");
    println!("cargo:rerun-if-changed=locales");
    // npm gives the files of a package the time of 1985, and this one that of the installation.
    println!("cargo:rerun-if-changed=end2end/node_modules/.package-lock.json");
    let (Ok(out), Ok(target)) = (std::env::var("OUT_DIR"), std::env::var("TARGET")) else { return ExitCode::FAILURE };
    println!("cargo:rustc-env=BUILD_TARGET={target}");
    if let Err(error) = crawlers().and_then(|code| Ok(fs::write(format!("{out}/crawlers.rs"), code)?)) {
        println!("cargo::error={CRAWLERS}: {error}. It comes by `npm ci --prefix end2end`, which `cargo xtask` runs.");
        return ExitCode::FAILURE;
    }
    let options = BuildOptions::default()
        .with_prefix("")
        .with_lint_level(LintLevel::Strict)
        .without_bidi_isolation()
        .without_format()
        .with_output_file_path(&format!("{out}/l10n.rs"))
        .with_ftl_output(FtlOutputOptions::single_file(&format!("{out}/texts.ftl")));
    build_from_locales_folder(options)
}

/// Two constants: the list's plain names, and what is a regular expression in more than name.
fn crawlers() -> Result<String, Box<dyn std::error::Error>> {
    let list: serde_json::Value = serde_json::from_str(&fs::read_to_string(CRAWLERS)?)?;
    let (mut words, mut patterns) = (Vec::new(), Vec::new());
    for crawler in list.as_array().ok_or("not a list")? {
        let pattern = crawler["pattern"].as_str().ok_or("a crawler without a pattern")?;
        match regex_syntax::parse(pattern)?.kind() {
            HirKind::Literal(word) => words.push(String::from_utf8(word.0.to_vec())?),
            _ => patterns.push(pattern),
        }
    }
    Ok(format!("const WORDS: &[&str] = &{words:?};\nconst PATTERNS: &[&str] = &{patterns:?};\n"))
}
