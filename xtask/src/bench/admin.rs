//! The admin's pages with a crowd in the database: how long the server takes for each, asked by one client.
use std::{
    path::Path,
    time::{Duration, Instant},
};

use super::{
    less, referrer,
    table::{Row, median},
};
use crate::{
    NAME,
    build::load_program,
    files::Scratch,
    postgres::Postgres,
    process::{Res, capture},
    server::clean,
};

/// Users, and campaign codes, sign-ups and audit entries each.
const CROWD: u32 = 1_000_000;

/// How often each page is asked for, after a first time that fills caches.
const TIMES: usize = 11;

/// The pages. User `n` of the crowd has the id `n + 1`, its campaign code the id `CROWD + n + 1`.
const PAGES: [&str; 64] = [
    "/admin",
    "/admin?period=7",
    "/admin?period=90",
    "/admin/codes",
    "/admin/codes?after=1500000",
    "/admin/codes?sort=created",
    "/admin/codes?sort=code",
    "/admin/codes?sort=code&descending=true",
    "/admin/codes?sort=status",
    "/admin/codes?sort=status&descending=true",
    "/admin/codes?sort=uses",
    "/admin/codes?sort=uses&descending=true",
    "/admin/codes?sort=uses&descending=true&after=1500000.n0",
    "/admin/codes?sort=status&after=1500000.tactive",
    "/admin/codes?sort=clicks",
    "/admin/codes?sort=clicks&descending=true",
    "/admin/codes?sort=clicks&descending=true&after=1500000.n5000",
    "/admin/codes?sort=expires",
    "/admin/codes?sort=expires&descending=true",
    "/admin/codes?sort=beneficiary",
    "/admin/codes?sort=beneficiary&descending=true",
    "/admin/codes?q=C",
    "/admin/codes?q=C15",
    "/admin/codes?q=C15&sort=code",
    "/admin/codes?q=C15&sort=clicks&descending=true",
    "/admin/codes?q=C15123&sort=clicks&descending=true",
    "/admin/codes?q=NOTHING",
    "/admin/codes?status=active",
    "/admin/codes?status=inactive",
    "/admin/codes?status=expired",
    "/admin/codes?status=limit-reached",
    "/admin/codes?status=limit-reached&sort=clicks&descending=true",
    "/admin/codes?status=active&sort=expires",
    "/admin/codes?status=expired&sort=uses&descending=true",
    "/admin/codes?category=Category%207",
    "/admin/codes?category=Category%207&sort=clicks",
    "/admin/codes?category=Category%207&sort=code",
    "/admin/codes?category=Category%207&status=inactive&sort=uses",
    "/admin/codes?category=None&sort=clicks",
    "/admin/codes?beneficiary=crowd-99",
    "/admin/codes?beneficiary=crowd99%40example.com&sort=clicks&descending=true",
    "/admin/codes/new",
    "/admin/codes/1500001",
    "/admin/users",
    "/admin/users?after=500000",
    "/admin/users?sort=email",
    "/admin/users?sort=email&after=500000.tcrowd500000%40example.com",
    "/admin/users?q=crowd",
    "/admin/users?q=crowd-5",
    "/admin/users?q=crowd123456%40",
    "/admin/users?q=nobody",
    "/admin/users/100",
    "/admin/users/900001",
    "/admin/referrals",
    "/admin/referrals?before=500000",
    "/admin/referrals?state=credited",
    "/admin/referrals?state=converted",
    "/admin/referrals?state=not-credited",
    "/admin/referrals?state=signed-up&rule=code_in_form",
    "/admin/referrals?rule=first_click",
    "/admin/referrals?q=crowd99%40example.com",
    "/admin/referrals/8",
    "/admin/audit",
    "/admin/audit?action=code.edit&before=500000",
];

/// Measures on both databases, and prints every page.
pub fn measure(exe: &Path, postgres: &Postgres, database: &str) -> Res<Vec<Row>> {
    let url = postgres.url(database);
    let scratch = Scratch::on_disk("crowd")?;
    let file = format!("sqlite:{}", scratch.path().join("passalong.db").display());
    let sqlite = slowest("SQLite", exe, &scratch, &file)?;
    let postgres = slowest("PostgreSQL", exe, &scratch, &url)?;
    Ok(vec![
        less("slowest admin page, a million codes and users, SQLite", 25.0, 50.0, " ms", sqlite),
        less("slowest admin page, a million codes and users, PostgreSQL", 25.0, 50.0, " ms", postgres),
    ])
}

/// The largest of all pages' medians, in milliseconds.
fn slowest(name: &str, exe: &Path, scratch: &Scratch, url: &str) -> Res<f64> {
    let mut seed = clean(&load_program("seed")?);
    seed.args(["--codes", "1", "--crowd", &CROWD.to_string()]).current_dir(scratch.path());
    let begun = Instant::now();
    capture(seed.env("DATABASE_URL", url))?;
    println!("{name}: a crowd of {CROWD} made in {:.0} s", begun.elapsed().as_secs_f64());
    let server = referrer::serve(exe, scratch.path(), url)?;
    let cookies = referrer::sign_in_admin(&server)?;
    // What the server does at its start is no part of a page.
    std::thread::sleep(Duration::from_secs(20));
    let mut pages = vec![];
    for page in PAGES {
        let mut millis = vec![];
        for _ in 0..=TIMES {
            millis.push(referrer::time(&server, page, &cookies)?);
        }
        pages.push((median(millis.into_iter().skip(1)), page));
    }
    pages.sort_by(|one, other| other.0.total_cmp(&one.0));
    println!("| {name}: page of {NAME} | median, ms |\n| --- | --- |");
    for (millis, page) in &pages {
        println!("| `{page}` | {millis:.1} |");
    }
    Ok(pages.first().map_or(0.0, |(millis, _)| *millis))
}
