//! The API against its own document: schemathesis makes up requests, good ones and bad ones, and holds every answer
//! against the document. It comes from PyPI, in an environment of its own below the target folder.
use std::{path::Path, process::Command};

use crate::{
    NAME,
    build::Purpose,
    dist,
    files::Scratch,
    postgres::{Durability, Postgres},
    process::{Res, run},
    server::{self, ADMIN, Server},
    tools,
};

/// How much is tried.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Effort {
    /// The same few requests every time: for every test run.
    Short,
    /// Other requests every time, many of them.
    Long,
}

/// The checks that are left out. What good data is cannot be said by a schema alone (a time in the future, a user who
/// exists), so that a refusal of it is no error. And a POST that is repeated under its `Idempotency-Key` is answered as
/// before, even when what it made has been deleted since.
const EXCEPT: &str = "positive_data_acceptance,ensure_resource_availability";

/// What is not tried: it would take away the key that everything is tried with.
const NOT_TRIED: &str = "revokeApiKey";

/// `cargo xtask schemathesis`
pub fn schemathesis(purpose: Purpose, effort: Effort) -> Res {
    tools::debian(&[tools::POSTGRES, tools::PYTHON])?;
    tools::schemathesis()?;
    check(&dist::for_tests_of(purpose)?, effort)
}

/// Checks the server on both databases.
pub fn check(exe: &Path, effort: Effort) -> Res {
    let postgres = Postgres::start(Durability::None, &[NAME])?;
    let url = postgres.url(NAME);
    for database in [None, Some(("DATABASE_URL", url.as_str()))] {
        let folder = Scratch::new("schemathesis")?;
        let settings: Vec<_> = ADMIN.into_iter().chain([("RATE_LIMITS", "off")]).chain(database).collect();
        let server = Server::start(exe, folder.path(), &settings)?;
        let outcome =
            server::api_key(exe, folder.path(), &settings).and_then(|key| ask(&server, folder.path(), &key, effort));
        if outcome.is_err() {
            server.print_log();
        }
        outcome?;
    }
    Ok(())
}

fn ask(server: &Server, folder: &Path, key: &str, effort: Effort) -> Res {
    let mut command = Command::new(tools::schemathesis_bin()?);
    command
        .arg("run")
        .arg(format!("{}/api/v1/openapi.json", server.url()))
        .args(["--url", &server.url(), "--checks", "all", "--exclude-checks", EXCEPT])
        .args(["--header", &format!("Authorization: Bearer {key}")])
        .args(["--exclude-operation-id", NOT_TRIED])
        .args(["--suppress-health-check", "all", "--request-timeout", "30"])
        .args(["--warnings", "off", "--no-color"]);
    match effort {
        Effort::Short => command.args(["--max-examples", "30", "--generation-deterministic"]),
        Effort::Long => command.args(["--max-examples", "300", "--generation-database", "none"]),
    };
    run(command.current_dir(folder))
}
