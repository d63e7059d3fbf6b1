//! The servers that are measured.
use std::{
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use super::load::{self, Codes, Sample, Target};
use crate::{
    files::Scratch,
    http,
    process::{Res, capture},
    server::{ADMIN, Server, clean},
};

const CODES: usize = 1000;

/// The product on one database.
pub struct Product {
    server: Server,
    /// What the load needs to know.
    pub target: Target,
    exe: PathBuf,
    database_url: String,
    scratch: Scratch,
}

impl Product {
    /// Seeds a new database and serves it: that of a server, given by address and process, else a
    /// SQLite file.
    pub fn start(exe: &Path, database: Option<(String, u32)>) -> Res<Self> {
        let scratch = Scratch::on_disk("bench")?;
        let in_file = || format!("sqlite:{}", scratch.path().join("passalong.db").display());
        let (database_url, database_pid) = match database {
            Some((url, pid)) => (url, Some(pid)),
            None => (in_file(), None),
        };
        let mut seed = clean(exe);
        seed.args(["seed", "--codes", &CODES.to_string()]).current_dir(scratch.path());
        let printed = capture(seed.env("DATABASE_URL", &database_url))?;
        let codes: Vec<String> = printed.lines().map(str::to_owned).collect();
        if codes.len() != CODES {
            return Err(format!("{CODES} codes expected, {} printed", codes.len()).into());
        }
        let script = load::write_script(scratch.path(), &codes)?;
        let server = serve(exe, &scratch, &database_url)?;
        let click = http::get(&server.address, &format!("/r/{}", codes[0]))?;
        if click.status != 303 {
            return Err(format!("a click was answered {}", click.status).into());
        }
        let pids = std::iter::once(server.pid()).chain(database_pid).collect();
        let target = Target { address: server.address.clone(), pids, script };
        Ok(Self { server, target, exe: exe.to_path_buf(), database_url, scratch })
    }

    /// A round of load, after which the server must have recorded every click.
    pub fn load(&self, connections: u32, codes: Codes, seconds: u64, round: u32) -> Res<Sample> {
        let recorded = self.metric("passalong_clicks_recorded_total")?;
        let sample = load::run(&self.target, connections, codes, seconds, round)?;
        let recorded = self.metric("passalong_clicks_recorded_total")? - recorded;
        let dropped = self.metric("passalong_clicks_dropped_total")?;
        if recorded < sample.requests as f64 || dropped > 0.0 {
            let answered = sample.requests;
            let message = format!("{answered} clicks answered, {recorded} recorded, {dropped} dropped");
            self.server.print_log();
            return Err(message.into());
        }
        Ok(sample)
    }

    /// The process of the product itself.
    pub fn pid(&self) -> u32 {
        self.server.pid()
    }

    /// Stops and starts it a few times: how long each start took, in milliseconds.
    pub fn restarts(self, times: usize) -> Res<Vec<f64>> {
        let Self { mut server, exe, database_url, scratch, .. } = self;
        let mut millis = Vec::new();
        for _ in 0..times {
            server.stop()?;
            server = serve(&exe, &scratch, &database_url)?;
            millis.push(server.started_in.as_secs_f64() * 1e3);
        }
        Ok(millis)
    }

    fn metric(&self, name: &str) -> Res<f64> {
        let metrics = http::get(&self.target.address, "/metrics")?;
        if metrics.status != 200 {
            return Err(format!("GET /metrics: {}", metrics.status).into());
        }
        Ok(sum(&metrics.text, name))
    }
}

fn serve(exe: &Path, scratch: &Scratch, database_url: &str) -> Res<Server> {
    let [email, password] = ADMIN;
    let settings = [email, password, ("DATABASE_URL", database_url), ("RATE_LIMITS", "off")];
    Server::start(exe, scratch.path(), &settings)
}

/// The sum of all series of a metric; a counter that never counted may be absent.
fn sum(metrics: &str, name: &str) -> f64 {
    metrics
        .lines()
        .filter(|line| line.strip_prefix(name).is_some_and(|rest| rest.starts_with([' ', '{'])))
        .filter_map(|line| line.rsplit(' ').next()?.parse::<f64>().ok())
        .sum()
}

/// The yardstick: `examples/bare.rs`.
pub struct Bare {
    child: Child,
    /// What the load needs to know.
    pub target: Target,
}

impl Bare {
    /// Starts it; it is asked for the same addresses as the product.
    pub fn start(exe: &Path, script: &Path) -> Res<Self> {
        let mut child = Command::new(exe).stdin(Stdio::null()).stdout(Stdio::piped()).spawn()?;
        let mut address = String::new();
        if let Some(stdout) = child.stdout.take() {
            BufReader::new(stdout).read_line(&mut address)?;
        }
        let address = address.trim().to_owned();
        let target = Target { address, pids: vec![child.id()], script: script.to_path_buf() };
        Ok(Self { child, target })
    }
}

impl Drop for Bare {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_metric_is_summed_over_its_labels_and_zero_when_absent() {
        let metrics = "# TYPE a counter\na{x=\"1\"} 2\na 3\nab 5\n";
        assert_eq!(sum(metrics, "a"), 5.0);
        assert_eq!(sum(metrics, "c"), 0.0);
    }
}
