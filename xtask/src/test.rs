//! Every check there is, in the order in which they fail fastest.
use std::{
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use crate::{
    NAME, architecture,
    build::Purpose,
    clients, dist,
    files::Scratch,
    postgres::{Durability, Postgres},
    process::{Res, cargo, run},
    schemathesis::{self, Effort},
    server::{ADMIN, Server},
    source_rules, tools,
};

/// `cargo xtask test`
pub fn test() -> Res {
    let mut steps = Steps::default();
    let outcome = every_check(&mut steps);
    steps.print();
    outcome?;
    println!("all checks passed");
    Ok(())
}

fn every_check(steps: &mut Steps) -> Res {
    steps.take("set up the machine", || {
        tools::wasm_target()?;
        tools::linters()?;
        tools::debian(&[tools::POSTGRES, tools::BROWSER, tools::PYTHON])?;
        tools::node_modules()?;
        tools::schemathesis()?;
        tools::clients()
    })?;
    steps.take("format", || run(cargo("fmt").args(["--all", "--check"])))?;
    steps.take("clippy, server half", || {
        run(cargo("clippy").args(["--workspace", "--all-targets", "--", "-D", "warnings"]))
    })?;
    steps.take("clippy, browser half", || {
        run(cargo("clippy")
            .args(["--package", NAME, "--lib", "--target", "wasm32-unknown-unknown"])
            .args(["--no-default-features", "--features", "hydrate"])
            .args(["--", "-D", "warnings"]))
    })?;
    steps.take("source rules", || {
        source_rules::check()?;
        architecture::check()
    })?;
    steps.take("tests on SQLite and PostgreSQL", || {
        let postgres = Postgres::start(Durability::None, &[])?;
        // What failing tests leave behind goes with the folder.
        let scratch = Scratch::new("tests")?;
        run(cargo("test")
            .arg("--workspace")
            .env("TEST_POSTGRES_URL", postgres.url("postgres"))
            .env("TMPDIR", scratch.path()))
    })?;
    let exe = steps.take("build for the tests that follow", dist::for_tests)?;
    steps.take("the API against its document", || schemathesis::check(&exe, Effort::Short))?;
    steps.take("clients of the API", || clients::check(&exe))?;
    steps.take("browser tests", || browser_tests(&exe, Purpose::Test, &[]))
}

/// `cargo xtask browser`: builds, and runs the browser tests; the arguments go to Playwright.
pub fn browser(purpose: Purpose, playwright_args: &[&str]) -> Res {
    tools::debian(&[tools::POSTGRES, tools::BROWSER])?;
    browser_tests(&dist::for_tests_of(purpose)?, purpose, playwright_args)
}

/// `cargo xtask pictures`: contact sheets of every page in every language, width and colour, and the README's pictures.
pub fn pictures(sheets: &Path) -> Res {
    tools::debian(&[tools::POSTGRES, tools::BROWSER])?;
    let exe = dist::for_tests_of(Purpose::Development)?;
    let mut playwright = playwright(&exe, &["pictures"])?;
    playwright.env("SHEETS", std::path::absolute(sheets)?);
    run(playwright.env("README_IMAGES", std::path::absolute("docs/images")?))
}

/// Playwright with these arguments, for tests that start `exe` themselves.
fn playwright(exe: &Path, args: &[&str]) -> Res<Command> {
    let mut playwright = Command::new(std::path::absolute("end2end/node_modules/.bin/playwright")?);
    playwright.current_dir("end2end").arg("test").args(args);
    playwright.env("PASSALONG_BIN", exe);
    playwright.envs(tools::chromium().map(|path| ("CHROMIUM", path)));
    Ok(playwright)
}

/// One server on SQLite, two that share a PostgreSQL database, and Playwright, which visits all three.
fn browser_tests(exe: &Path, purpose: Purpose, playwright_args: &[&str]) -> Res {
    let postgres = Postgres::start(Durability::None, &[NAME, "payments", "reviews", "mails", "webhooks", "hosts"])?;
    let url = postgres.url(NAME);
    let on_sqlite = [ADMIN[0], ADMIN[1], ("RATE_LIMITS", "off")];
    let mut on_postgres = on_sqlite.to_vec();
    on_postgres.push(("DATABASE_URL", &url));
    on_postgres.push(("APP_SECRET", "the-two-instances-must-share-this-secret"));

    let folders = [Scratch::new("sqlite")?, Scratch::new("pg-a")?, Scratch::new("pg-b")?];
    let servers = [
        Server::start(exe, folders[0].path(), &on_sqlite)?,
        Server::start(exe, folders[1].path(), &on_postgres)?,
        Server::start(exe, folders[2].path(), &on_postgres)?,
    ];
    let mut playwright = playwright(exe, playwright_args)?;
    if purpose != Purpose::Development {
        playwright.env("PASSALONG_AS_RELEASED", "1");
    }
    for (name, server) in ["BASE_URL", "BASE_URL_PG_A", "BASE_URL_PG_B"].iter().zip(&servers) {
        playwright.env(name, server.url());
    }
    // For servers that tests start with settings of their own.
    playwright.env("PAYMENTS_DATABASE_URL", postgres.url("payments"));
    playwright.env("REVIEWS_DATABASE_URL", postgres.url("reviews"));
    playwright.env("MAILS_DATABASE_URL", postgres.url("mails"));
    playwright.env("HOSTS_DATABASE_URL", postgres.url("hosts"));
    playwright.env("WEBHOOKS_DATABASE_URL", postgres.url("webhooks"));
    playwright.envs(ADMIN);
    let outcome = run(&mut playwright);
    if outcome.is_err() {
        servers.iter().for_each(Server::print_log);
    }
    outcome
}

/// What was done and how long it took.
#[derive(Default)]
struct Steps(Vec<(&'static str, Duration, bool)>);

impl Steps {
    fn take<T>(&mut self, name: &'static str, step: impl FnOnce() -> Res<T>) -> Res<T> {
        println!("\n== {name}");
        let start = Instant::now();
        let outcome = step();
        let took = start.elapsed();
        println!("== {name}: {:.1} s", took.as_secs_f64());
        self.0.push((name, took, outcome.is_ok()));
        outcome.map_err(|error| format!("{name}: {error}").into())
    }

    fn print(&self) {
        println!();
        for (name, took, passed) in &self.0 {
            let mark = if *passed { "ok" } else { "FAILED" };
            println!("{name:<32} {:>7.1} s  {mark}", took.as_secs_f64());
        }
        let total: Duration = self.0.iter().map(|(_, took, _)| *took).sum();
        println!("{:<32} {:>7.1} s", "total", total.as_secs_f64());
    }
}
