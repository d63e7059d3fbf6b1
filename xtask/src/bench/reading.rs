//! Pages that show counters, over a long history and over a short one: no number may be the sum of all that happened.
use std::{
    path::Path,
    thread::sleep,
    time::{Duration, Instant},
};

use super::{
    less, referrer,
    table::{Row, median},
};
use crate::{files::Scratch, postgres::Postgres, process::Res, server::Server};

/// The databases for [`measure`].
pub const DATABASES: [&str; 2] = ["few_clicks", "many_clicks"];

/// Clicks in each of them.
const CLICKS: [u32; 2] = [10_000, 10_000_000];

/// How often each page is asked for, after a first time that fills caches.
const TIMES: usize = 21;

/// Measures on both databases.
pub fn measure(exe: &Path, postgres: &Postgres) -> Res<Vec<Row>> {
    let scratch = [Scratch::on_disk("few-clicks")?, Scratch::on_disk("many-clicks")?];
    let files = scratch.each_ref().map(|folder| format!("sqlite:{}", folder.path().join("passalong.db").display()));
    let sqlite = worst("SQLite", exe, &scratch, &files)?;
    let postgres = worst("PostgreSQL", exe, &scratch, &DATABASES.map(|name| postgres.url(name)))?;
    Ok(vec![
        less("counter reads with 10 million clicks / with 10 thousand, SQLite", 1.5, 2.0, "", sqlite),
        less("counter reads with 10 million clicks / with 10 thousand, PostgreSQL", 1.5, 2.0, "", postgres),
    ])
}

/// The larger of both pages' ratios.
fn worst(name: &str, exe: &Path, scratch: &[Scratch; 2], urls: &[String; 2]) -> Res<f64> {
    let few = History::start(name, exe, scratch[0].path(), &urls[0], CLICKS[0])?;
    let many = History::start(name, exe, scratch[1].path(), &urls[1], CLICKS[1])?;
    // What servers do at their start is no part of a page.
    sleep(Duration::from_secs(20));
    let mut worst = 0.0;
    for (page, cookies) in [("/dashboard", [&few.referrer, &many.referrer]), ("/admin", [&few.admin, &many.admin])] {
        let mut millis = [vec![], vec![]];
        for _ in 0..=TIMES {
            millis[0].push(referrer::time(&few.server, page, cookies[0])?);
            millis[1].push(referrer::time(&many.server, page, cookies[1])?);
        }
        let [few, many] = millis.map(|millis| median(millis.into_iter().skip(1)));
        println!("{name}, {page}: {few:.1} ms with {} clicks, {many:.1} ms with {}", CLICKS[0], CLICKS[1]);
        worst = f64::max(worst, many / few);
    }
    Ok(worst)
}

/// A server over so many clicks, and who is signed in.
struct History {
    server: Server,
    referrer: String,
    admin: String,
}

impl History {
    fn start(name: &str, exe: &Path, folder: &Path, database_url: &str, clicks: u32) -> Res<Self> {
        let begun = Instant::now();
        referrer::seed(exe, folder, database_url, clicks)?;
        println!("{name}: {clicks} clicks made in {:.0} s", begun.elapsed().as_secs_f64());
        let server = referrer::serve(exe, folder, database_url)?;
        let (referrer, admin) = (referrer::sign_in(&server)?, referrer::sign_in_admin(&server)?);
        Ok(Self { server, referrer, admin })
    }
}
