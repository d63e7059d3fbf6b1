//! Live numbers: how long it takes until all who watch have seen a click, and the memory that the streams need.
use std::{
    fs,
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

use super::{
    less,
    process_tree::resident_memory,
    referrer,
    table::{Row, median},
};
use crate::{build::load_program, files::Scratch, postgres::Postgres, process::Res, server::Server};

/// The database for [`measure`].
pub const DATABASE: &str = "watchers";

const SOME: usize = 1_000;
const MANY: usize = 5_000;

/// Files that a process has open beside its streams.
const OTHER_FILES: usize = 200;

/// What one database showed.
struct Seen {
    some: f64,
    many: f64,
    megabytes: f64,
}

/// Fails when the server or its watchers could not open as many streams as are measured.
pub fn check_limit() -> Res {
    let needed = MANY + OTHER_FILES;
    match open_files(&fs::read_to_string("/proc/self/limits")?) {
        Some(limit) if limit < needed => Err(format!(
            "{MANY} watchers need {needed} open files, {limit} are allowed: run `ulimit -n {needed}` first"
        )
        .into()),
        _ => Ok(()),
    }
}

/// The soft limit of open files; nothing when there is none.
fn open_files(limits: &str) -> Option<usize> {
    limits.lines().find_map(|line| line.strip_prefix("Max open files"))?.split_whitespace().next()?.parse().ok()
}

/// Measures on both databases, with so many clicks for each row.
pub fn measure(exe: &Path, postgres: &Postgres, clicks: usize) -> Res<Vec<Row>> {
    let scratch = Scratch::on_disk("watchers")?;
    let file = format!("sqlite:{}", scratch.path().join("passalong.db").display());
    let sqlite = watched("SQLite", exe, scratch.path(), &file, clicks)?;
    let postgres = watched("PostgreSQL", exe, scratch.path(), &postgres.url(DATABASE), clicks)?;
    Ok(vec![
        less("SSE: last of 1,000 watchers after the commit, median, SQLite", 25.0, 50.0, " ms", sqlite.some),
        less("SSE: last of 1,000 watchers after the commit, median, PostgreSQL", 25.0, 50.0, " ms", postgres.some),
        less("SSE: last of 5,000 watchers after the commit, median, SQLite", 100.0, 200.0, " ms", sqlite.many),
        less("SSE: last of 5,000 watchers after the commit, median, PostgreSQL", 100.0, 200.0, " ms", postgres.many),
        less("memory with 1,000 watchers, SQLite", 60.0, 120.0, " MB", sqlite.megabytes),
        less("memory with 1,000 watchers, PostgreSQL", 60.0, 120.0, " MB", postgres.megabytes),
    ])
}

fn watched(name: &str, exe: &Path, folder: &Path, url: &str, clicks: usize) -> Res<Seen> {
    let codes = referrer::seed(exe, folder, url, 0)?;
    let server = referrer::serve(exe, folder, url)?;
    let cookies = referrer::sign_in(&server)?;
    let watch = |count| Streams::open(&server, &cookies, &codes[0], count, clicks);
    let (some, streams) = watch(SOME)?;
    let megabytes = resident_memory(server.pid())? as f64 / 1e6;
    drop(streams);
    let (many, _) = watch(MANY)?;
    println!("{name}: {some:.1} ms with {SOME} watchers, {megabytes:.1} MB; {many:.1} ms with {MANY}");
    Ok(Seen { some, many, megabytes })
}

/// `xtask/load/src/bin/watchers.rs` with its streams open; dropping it closes them.
struct Streams(Child);

impl Streams {
    /// Opens so many, and clicks: the median of how long each click took to the last of them, in milliseconds.
    fn open(server: &Server, cookies: &str, code: &str, count: usize, clicks: usize) -> Res<(f64, Self)> {
        let mut command = Command::new(load_program("watchers")?);
        command.args([&server.address, cookies, code, &count.to_string(), &clicks.to_string()]);
        let mut streams = Self(command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?);
        let mut line = String::new();
        if let Some(stdout) = streams.0.stdout.take() {
            BufReader::new(stdout).read_line(&mut line)?;
        }
        let millis: Vec<f64> = line.split_whitespace().map(str::parse).collect::<Result<_, _>>()?;
        if millis.len() != clicks {
            server.print_log();
            return Err(format!("{clicks} clicks were to be watched, {} were", millis.len()).into());
        }
        Ok((median(millis.into_iter()), streams))
    }
}

impl Drop for Streams {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_of_open_files_is_the_soft_one() {
        let limits = "Max processes             94000                94000                processes\n\
                      Max open files            1024                 524288               files\n";
        assert_eq!(open_files(limits), Some(1024));
        assert_eq!(open_files("Max open files            unlimited            unlimited            files\n"), None);
    }
}
