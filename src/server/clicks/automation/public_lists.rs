//! How many are told rightly of public lists of crawlers and of people's browsers, by the packages that bring them.

#![expect(clippy::print_stderr, reason = "the figures are what the tests are for")]

use super::is_automated;
use serde_json::Value;
use std::{collections::BTreeSet, fs, path::Path, process::Command};

/// The texts of a package of npm, all those below `field` if there is one.
fn npm(path: &str, field: &str) -> BTreeSet<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("end2end/node_modules").join(path);
    let list: Value = serde_json::from_str(&fs::read_to_string(path).expect("npm's packages")).expect("JSON");
    let entries = list.as_array().expect("a list").iter();
    let texts = entries.flat_map(|entry| match entry.get(field).unwrap_or(entry) {
        Value::Array(texts) => texts.clone(),
        text => vec![text.clone()],
    });
    texts.map(|text| text.as_str().expect("a text").to_owned()).collect()
}

/// The lines of a file in the package of the crate `isbot`.
fn isbot(file: &str) -> BTreeSet<String> {
    let mut metadata = Command::new(env!("CARGO"));
    // What other systems need may never have been downloaded.
    metadata.args([
        "metadata",
        "--offline",
        "--locked",
        "--format-version",
        "1",
        "--filter-platform",
        env!("BUILD_TARGET"),
    ]);
    let output = metadata.current_dir(env!("CARGO_MANIFEST_DIR")).output().expect("cargo").stdout;
    let metadata: Value = serde_json::from_slice(&output).expect("JSON");
    let mut packages = metadata["packages"].as_array().expect("packages").iter();
    let manifest =
        packages.find(|package| package["name"] == "isbot").and_then(|found| found["manifest_path"].as_str());
    let path = Path::new(manifest.expect("isbot")).with_file_name("fixtures").join(file);
    let text = fs::read_to_string(path).expect("the list");
    text.lines().map(|line| line.trim_matches('"').to_owned()).filter(|line| !line.is_empty()).collect()
}

/// Percent of them that are taken for programs; prints it, and who was judged otherwise.
fn percent_automated(name: &str, agents: &BTreeSet<String>, expected: bool) -> f64 {
    let wrong: Vec<_> = agents.iter().filter(|agent| is_automated(agent) != expected).collect();
    let automated = if expected { agents.len() - wrong.len() } else { wrong.len() };
    let percent = 100.0 * automated as f64 / agents.len() as f64;
    eprintln!("{name}: {automated} of {} are automated, {percent:.2} %; wrong:", agents.len());
    wrong.iter().take(10).for_each(|agent| eprintln!("    {agent}"));
    percent
}

#[test]
fn crawlers_of_public_lists_are_found() {
    let known = npm("crawler-user-agents/crawler-user-agents.json", "instances");
    assert!(known.len() > 2_000);
    assert!(percent_automated("crawlers of crawler-user-agents", &known, true) >= 95.0);
    let others = isbot("bots.txt");
    assert!(others.len() > 4_000);
    assert!(percent_automated("crawlers of isbot", &others, true) >= 90.0);
}

#[test]
fn people_of_public_lists_are_not() {
    let lists = [
        ("people of user-agents", npm("user-agents/dist/user-agents.json", "userAgent"), 900),
        ("people of top-user-agents", npm("top-user-agents/src/index.json", ""), 90),
        // Its lines are many: every tenth.
        ("people of isbot", isbot("browsers.txt").into_iter().step_by(10).collect(), 16_000),
    ];
    for (name, people, at_least) in lists {
        assert!(people.len() > at_least, "{name}: {}", people.len());
        assert!(percent_automated(name, &people, false) <= 0.1, "{name}");
    }
}
