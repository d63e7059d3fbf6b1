//! Measures the release in turn with a server that remembers nothing, and compares with the
//! targets.
mod admin;
mod contender;
mod load;
mod process_tree;
mod reading;
mod referrer;
mod table;
mod watchers;

use std::{fs, thread::sleep, time::Duration};

use self::{
    contender::{Bare, Product},
    load::{Asked, Sample},
    process_tree::resident_memory,
    table::{Better, Row, median},
};
use crate::{
    NAME, build,
    dist::{MAX_WASM, dist},
    postgres::{Durability, Postgres},
    process::Res,
    tools,
};

/// The database with the crowd.
const CROWD: &str = "crowd";
/// Many short rounds: a neighbour on the machine slows some of them, and hardly the median.
const ROUNDS: usize = 11;
const SECONDS_PER_ROUND: u64 = 3;
const STARTS: usize = 5;

/// `cargo xtask bench`. The quick one has fewer rounds and leaves docs/performance.md alone.
pub fn bench(quick: bool) -> Res {
    tools::debian(&[tools::POSTGRES, tools::WRK])?;
    watchers::check_limit()?;
    let release = dist()?;
    build::load_programs()?;

    let databases = [&[NAME, CROWD, watchers::DATABASE][..], &reading::DATABASES].concat();
    let postgres = Postgres::start(Durability::Default, &databases)?;
    let on_sqlite = Product::start(&release.exe, None)?;
    let on_postgres = Product::start(&release.exe, Some((postgres.url(NAME), postgres.pid())))?;
    let bare = Bare::start(&on_sqlite.target.links)?;
    let mut servers = Servers { bare, on_sqlite, on_postgres, rounds_so_far: 0 };

    sleep(Duration::from_secs(3));
    let memory = [resident_memory(servers.on_sqlite.pid())?, resident_memory(servers.on_postgres.pid())?];
    servers.on_sqlite.sign_in()?;
    servers.on_postgres.sign_in()?;
    let clicks = Clicks::measure(&mut servers, if quick { 2 } else { ROUNDS })?;
    let starts = [servers.on_sqlite.restarts(STARTS)?, servers.on_postgres.restarts(STARTS)?];

    let mut rows = clicks.rows();
    rows.extend([
        less("start to `/healthz`, SQLite", 100.0, 300.0, " ms", median(starts[0].iter().copied())),
        less("start to `/healthz`, PostgreSQL", 100.0, 300.0, " ms", median(starts[1].iter().copied())),
        less("memory idle, SQLite", 30.0, 60.0, " MB", memory[0] as f64 / 1e6),
        less("memory idle, PostgreSQL", 30.0, 60.0, " MB", memory[1] as f64 / 1e6),
        less("WASM, brotli", 160.0, MAX_WASM as f64 / 1e3, " KB", release.wasm_size as f64 / 1e3),
        less("release binary", 25.0, 40.0, " MB", fs::metadata(&release.exe)?.len() as f64 / 1e6),
    ]);
    rows.extend(watchers::measure(&release.exe, &postgres, if quick { 5 } else { 11 })?);
    if !quick {
        rows.extend(reading::measure(&release.exe, &postgres)?);
        rows.extend(admin::measure(&release.exe, &postgres, CROWD)?);
    }
    let text = format!(
        "Measured by `cargo xtask bench` on {}.\n\n{}\n{}",
        table::machine(),
        table::targets(&rows),
        table::details(&clicks.0),
    );
    println!("\n{text}");
    if !quick {
        table::write(&text)?;
    }
    all_pass(&rows)
}

/// `cargo xtask bench --admin`: the admin's pages alone, each with its time.
pub fn admin() -> Res {
    tools::debian(&[tools::POSTGRES])?;
    let release = dist()?;
    build::load_programs()?;
    let postgres = Postgres::start(Durability::Default, &[CROWD])?;
    let rows = admin::measure(&release.exe, &postgres, CROWD)?;
    println!("\n{}", table::targets(&rows));
    all_pass(&rows)
}

fn all_pass(rows: &[Row]) -> Res {
    match rows.iter().find(|row| !row.passes()) {
        Some(row) => Err(format!("a target that must be met is missed: {}", row.what).into()),
        None => Ok(()),
    }
}

struct Servers {
    bare: Bare,
    on_sqlite: Product,
    on_postgres: Product,
    rounds_so_far: u32,
}

#[derive(Clone, Copy)]
enum Who {
    Bare,
    Sqlite,
    Postgres,
}

impl Servers {
    fn load(&mut self, who: Who, connections: u32, asked: Asked, seconds: u64) -> Res<Sample> {
        self.rounds_so_far += 1;
        let round = self.rounds_so_far;
        match who {
            Who::Bare => load::run(&self.bare.target, connections, asked, seconds, round),
            Who::Sqlite => self.on_sqlite.load(connections, asked, seconds, round),
            Who::Postgres => self.on_postgres.load(connections, asked, seconds, round),
        }
    }
}

/// The loads of a round, in this order: name, server, connections, what is asked for.
const CASES: [(&str, Who, u32, Asked); 10] = [
    ("bare", Who::Bare, 64, Asked::Links),
    ("SQLite", Who::Sqlite, 64, Asked::Links),
    ("PostgreSQL", Who::Postgres, 64, Asked::Links),
    ("SQLite, one code", Who::Sqlite, 64, Asked::OneLink),
    ("PostgreSQL, one code", Who::Postgres, 64, Asked::OneLink),
    ("SQLite, dashboard", Who::Sqlite, 64, Asked::Dashboard),
    ("PostgreSQL, dashboard", Who::Postgres, 64, Asked::Dashboard),
    ("bare", Who::Bare, 256, Asked::Links),
    ("SQLite", Who::Sqlite, 256, Asked::Links),
    ("PostgreSQL", Who::Postgres, 256, Asked::Links),
];

/// For each case its name, its connections and a sample for each round.
struct Clicks(Vec<(&'static str, u32, Vec<Sample>)>);

impl Clicks {
    fn measure(servers: &mut Servers, rounds: usize) -> Res<Self> {
        for who in [Who::Bare, Who::Sqlite, Who::Postgres] {
            servers.load(who, 64, Asked::Links, 1)?;
        }
        let mut samples = CASES.map(|(name, _, connections, _)| (name, connections, Vec::new()));
        for round in 1..=rounds {
            for (case, (name, who, connections, asked)) in CASES.into_iter().enumerate() {
                let sample = servers.load(who, connections, asked, SECONDS_PER_ROUND)?;
                println!(
                    "round {round}/{rounds}: {name}, {connections} connections: {:.0} requests/s, {:.1} µs",
                    sample.per_second, sample.cpu_micros,
                );
                samples[case].2.push(sample);
            }
        }
        Ok(Self(samples.into()))
    }

    /// The median over all rounds of one case's value divided by another's in the same round: what
    /// slows the machine down for a while slows both.
    fn ratio(&self, name: &str, to: &str, connections: u32, value: fn(&Sample) -> f64) -> f64 {
        let samples = |wanted: &str| {
            let of_case = |case: &&(&str, u32, Vec<Sample>)| case.0 == wanted && case.1 == connections;
            self.0.iter().find(of_case).map_or(&[][..], |case| &case.2)
        };
        median(samples(name).iter().zip(samples(to)).map(|(a, b)| value(a) / value(b)))
    }

    fn rows(&self) -> Vec<Row> {
        let speed = |name, connections| self.ratio(name, "bare", connections, |s| s.per_second);
        let cpu = |name, to, connections| self.ratio(name, to, connections, |s| s.cpu_micros);
        vec![
            more("durable clicks / bare, SQLite, 64 connections", 0.45, 0.35, speed("SQLite", 64)),
            more("durable clicks / bare, SQLite, 256 connections", 0.60, 0.45, speed("SQLite", 256)),
            more("durable clicks / bare, PostgreSQL, 256 connections", 0.50, 0.38, speed("PostgreSQL", 256)),
            less("CPU per click / bare, SQLite, 256 connections", 2.0, 2.6, "", cpu("SQLite", "bare", 256)),
            less("CPU per click / bare, PostgreSQL, 256 connections", 2.5, 3.2, "", cpu("PostgreSQL", "bare", 256)),
            less("CPU per click, one code / spread codes, SQLite", 1.1, 1.3, "", cpu("SQLite, one code", "SQLite", 64)),
            less(
                "CPU per click, one code / spread codes, PostgreSQL",
                1.1,
                1.3,
                "",
                cpu("PostgreSQL, one code", "PostgreSQL", 64),
            ),
            more(
                "`/dashboard` HTML: requests/s of one signed-in user / bare axum, SQLite",
                0.05,
                0.02,
                speed("SQLite, dashboard", 64),
            ),
            more(
                "`/dashboard` HTML: requests/s of one signed-in user / bare axum, PostgreSQL",
                0.05,
                0.02,
                speed("PostgreSQL, dashboard", 64),
            ),
        ]
    }
}

fn more(what: &'static str, aim: f64, must: f64, measured: f64) -> Row {
    Row { what, better: Better::More, aim, must, measured, unit: "" }
}

fn less(what: &'static str, aim: f64, must: f64, unit: &'static str, measured: f64) -> Row {
    Row { what, better: Better::Less, aim, must, measured, unit }
}
