//! Arrows between the files of `src/`: which rooms may use which, and that no files use each other in a circle.
//!
//! A room is a file or folder in `src/`, or in `src/server/`. Whoever uses a module's path has an arrow to its file.
mod arrows;
mod circles;
mod rooms;

use std::{collections::BTreeMap, fmt::Write, fs, path::Path};

use self::arrows::Arrow;
use crate::{files, process::Res};

/// Fails after a list of all forbidden arrows and circles.
pub fn check() -> Res {
    let mut sources = BTreeMap::new();
    for path in files::below(Path::new("src"))? {
        if path.extension().is_some_and(|extension| extension == "rs") {
            sources.insert(path.to_string_lossy().into_owned(), fs::read_to_string(path)?);
        }
    }
    let found = findings(&sources);
    println!("{}", found.text);
    if found.count == 0 { Ok(()) } else { Err("arrows between files run where they must not".into()) }
}

struct Findings {
    count: usize,
    /// A line for each, and a last one with all numbers.
    text: String,
}

/// Path below the workspace → source.
type Sources = BTreeMap<String, String>;

fn findings(sources: &Sources) -> Findings {
    let arrows = arrows::of(sources);
    let mut text = String::new();
    let mut forbidden = 0;
    for file in &arrows.files {
        if !rooms::is_known(rooms::of(file)) {
            forbidden += 1;
            let _ = writeln!(text, "{file}: the room `{}` is not in xtask/src/architecture/rooms.rs", rooms::of(file));
        }
    }
    for Arrow { from, line, to, in_body } in &arrows.arrows {
        if rooms::is_known(rooms::of(from))
            && let Err(why) = rooms::judge(from, to, *in_body)
        {
            forbidden += 1;
            let _ = writeln!(text, "{from}:{line} → {to}: {why}");
        }
    }
    let mut lines = BTreeMap::new();
    for Arrow { from, line, to, .. } in &arrows.arrows {
        lines.entry((from.as_str(), to.as_str())).or_insert(*line);
    }
    let circles = circles::of(lines.keys().copied());
    for circle in &circles {
        let _ = writeln!(text, "a circle of {} files: {}", circle.files.len(), circle.files.join(", "));
        let _ = writeln!(text, "  its shortest way round:");
        for step in &circle.shortest {
            let _ = writeln!(text, "  {}:{} → {}", step.0, lines[step], step.1);
        }
    }
    let (files, arrows, circles) = (arrows.files.len(), lines.len(), circles.len());
    let _ = write!(text, "architecture: {files} files, {arrows} arrows, {forbidden} forbidden, {circles} circles");
    Findings { count: forbidden + circles, text }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(tree: &[(&str, &str)]) -> String {
        let sources = tree.iter().map(|(path, source)| (format!("src/{path}"), (*source).to_owned())).collect();
        findings(&sources).text
    }

    #[test]
    fn arrows_that_the_table_has_pass_and_so_do_arrows_beyond_them() {
        let tree = [
            ("lib.rs", "pub mod domain; pub mod error; pub mod pages; pub mod server; pub mod view_models;"),
            ("domain/mod.rs", "pub mod money;"),
            ("domain/money.rs", "pub struct Money;"),
            ("view_models.rs", "use crate::domain::money::Money;"),
            ("server/mod.rs", "pub mod actions; pub mod store;"),
            ("server/store/mod.rs", "use crate::view_models::Reward;"),
            ("server/actions/mod.rs", "use super::store; use crate::domain::money::Money;"),
            ("server/jobs/mod.rs", "use crate::{server::store, domain::money::{self, Money}};"),
        ];
        assert_eq!(text(&tree), "architecture: 8 files, 6 arrows, 0 forbidden, 0 circles");
    }

    #[test]
    fn an_arrow_back_is_found_where_it_stands() {
        let tree = [
            ("domain.rs", "\nfn f() { crate::server::store::codes::all() }"),
            ("server/store/mod.rs", ""),
            ("server/store/codes.rs", "use super::super::actions::give as take;"),
            ("server/actions/mod.rs", ""),
        ];
        assert_eq!(
            text(&tree),
            "src/domain.rs:2 → src/server/store/codes.rs: domain may not use store\n\
             src/server/store/codes.rs:1 → src/server/actions/mod.rs: store may not use actions\n\
             architecture: 4 files, 2 arrows, 2 forbidden, 0 circles"
        );
    }

    #[test]
    fn functions_reach_the_server_in_bodies_only_and_their_callers_not_at_all() {
        let tree = [
            ("functions.rs", "use crate::server::actions;\nfn f() { use crate::server::{actions, store}; }"),
            ("pages/home.rs", "use crate::functions;\nfn f() { use crate::server::actions; }"),
            ("pages/error.rs", "fn gate() { use crate::server::context; }"),
            ("server/actions.rs", ""),
            ("server/context.rs", ""),
            ("server/store.rs", ""),
        ];
        assert_eq!(
            text(&tree),
            "src/functions.rs:1 → src/server/actions.rs: functions may use the server inside bodies only\n\
             src/pages/home.rs:2 → src/server/actions.rs: pages may not use actions\n\
             architecture: 6 files, 5 arrows, 2 forbidden, 0 circles"
        );
    }

    #[test]
    fn a_room_that_nobody_has_heard_of_is_found() {
        let tree = [("server/misc/mod.rs", ""), ("helpers.rs", "")];
        assert_eq!(
            text(&tree),
            "src/helpers.rs: the room `helpers` is not in xtask/src/architecture/rooms.rs\n\
             src/server/misc/mod.rs: the room `misc` is not in xtask/src/architecture/rooms.rs\n\
             architecture: 2 files, 0 arrows, 2 forbidden, 0 circles"
        );
    }

    #[test]
    fn a_circle_inside_a_room_is_found_with_its_shortest_way_round() {
        let tree = [
            ("domain/mod.rs", ""),
            ("domain/a.rs", "use super::b::B;"),
            ("domain/b.rs", "use super::{c::C,\nd::D};"),
            ("domain/c.rs", "use super::a::A;"),
            ("domain/d.rs", "use super::b::B;"),
        ];
        assert_eq!(
            text(&tree),
            "a circle of 4 files: src/domain/a.rs, src/domain/b.rs, src/domain/c.rs, src/domain/d.rs\n  \
             its shortest way round:\n  \
             src/domain/b.rs:2 → src/domain/d.rs\n  \
             src/domain/d.rs:1 → src/domain/b.rs\n\
             architecture: 5 files, 5 arrows, 0 forbidden, 1 circles"
        );
    }
}
