//! Makes one function per text of `locales/`, takes in the names of crawlers, and compiles the library anew when there
//! is another migration: they are inside it.

use fluent_syntax::{
    ast::{Entry, Expression, Pattern, PatternElement, Resource},
    parser::parse,
    serializer::serialize,
};
use fluent_typed::{BuildOptions, FtlOutputOptions, LintLevel, build_from_locales_folder};
use regex_syntax::hir::HirKind;
use std::{error::Error, fs, path::Path, process::ExitCode};

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
    let locales = format!("{out}/locales");
    if let Err(error) = copy_locales(Path::new("locales"), Path::new(&locales)) {
        println!("cargo::error=locales: {error}");
        return ExitCode::FAILURE;
    }
    let options = BuildOptions::default()
        .with_locales_folder(&locales)
        .with_prefix("")
        .with_lint_level(LintLevel::Strict)
        .without_bidi_isolation()
        .without_format()
        .with_output_file_path(&format!("{out}/l10n.rs"))
        .with_ftl_output(FtlOutputOptions::single_file(&format!("{out}/texts.ftl")));
    build_from_locales_folder(options)
}

/// Two constants: the list's plain names, and what is a regular expression in more than name.
fn crawlers() -> Result<String, Box<dyn Error>> {
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

/// A language for tests: English with accents, brackets and more letters, so that what is not translated, or has too
/// little room, is seen. No real language has this tag.
const PSEUDO: &str = "qps";

/// How numbers and times are written is as in English there.
const FORMATS: &str = "formats.ftl";

/// Copies the texts of all languages, and adds the one for tests.
fn copy_locales(from: &Path, to: &Path) -> Result<(), Box<dyn Error>> {
    if to.exists() {
        fs::remove_dir_all(to)?;
    }
    for language in fs::read_dir(from)? {
        let language = language?;
        copy(&language.path(), &to.join(language.file_name()), |_, text| Ok(text))?;
    }
    copy(&from.join("en"), &to.join(PSEUDO), |file, text| changed(text, file != FORMATS))
}

fn copy(
    from: &Path,
    to: &Path,
    change: impl Fn(&str, String) -> Result<String, Box<dyn Error>>,
) -> Result<(), Box<dyn Error>> {
    fs::create_dir_all(to)?;
    for file in fs::read_dir(from)? {
        let (path, name) = file.map(|file| (file.path(), file.file_name()))?;
        let text = change(&name.to_string_lossy(), fs::read_to_string(&path)?)?;
        fs::write(to.join(name), text)?;
    }
    Ok(())
}

/// The texts without what their variables are, which only the first language says.
fn changed(text: String, accents: bool) -> Result<String, Box<dyn Error>> {
    let mut resource: Resource<String> = parse(text).map_err(|(_, errors)| format!("{errors:?}"))?;
    for entry in &mut resource.body {
        let Entry::Message(message) = entry else { continue };
        message.comment = None;
        if let (true, Some(value)) = (accents, &mut message.value) {
            change(value);
            value.elements.insert(0, PatternElement::TextElement { value: "⟦".into() });
            value.elements.push(PatternElement::TextElement { value: "⟧".into() });
        }
    }
    Ok(serialize(&resource))
}

fn change(pattern: &mut Pattern<String>) {
    for element in &mut pattern.elements {
        match element {
            PatternElement::TextElement { value } => *value = value.chars().flat_map(letters).collect(),
            PatternElement::Placeable { expression: Expression::Select { variants, .. } } => {
                variants.iter_mut().for_each(|variant| change(&mut variant.value));
            }
            PatternElement::Placeable { .. } => {}
        }
    }
}

/// A letter with an accent, and vowels twice.
fn letters(letter: char) -> impl Iterator<Item = char> {
    let accented = match letter {
        'a' => 'á',
        'e' => 'é',
        'i' => 'í',
        'o' => 'ó',
        'u' => 'ú',
        'A' => 'Á',
        'E' => 'É',
        'I' => 'Í',
        'O' => 'Ó',
        'U' => 'Ú',
        'c' => 'ç',
        'n' => 'ñ',
        'y' => 'ý',
        other => other,
    };
    let twice = matches!(letter, 'a' | 'e' | 'i' | 'o' | 'u');
    std::iter::repeat_n(accented, if twice { 2 } else { 1 })
}
