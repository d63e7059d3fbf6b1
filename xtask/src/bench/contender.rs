//! The servers that are measured.
use std::{
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use super::{
    load::{self, Asked, Sample, Target},
    referrer,
};
use crate::{build::load_program, files::Scratch, http, process::Res, server::Server};

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
        let codes = referrer::seed(exe, scratch.path(), &database_url, 0)?;
        let links = load::write_links(scratch.path(), &codes)?;
        let server = referrer::serve(exe, scratch.path(), &database_url)?;
        let click = http::get(&server.address, &format!("/r/{}", codes[0]))?;
        if click.status != 303 {
            return Err(format!("a click was answered {}", click.status).into());
        }
        let pids = std::iter::once(server.pid()).chain(database_pid).collect();
        let target = Target { address: server.address.clone(), pids, links, dashboard: None };
        Ok(Self { server, target, exe: exe.to_path_buf(), database_url, scratch })
    }

    /// Signs the referrer in: now the dashboard can be asked for.
    pub fn sign_in(&mut self) -> Res {
        let cookies = referrer::sign_in(&self.server)?;
        referrer::time(&self.server, "/dashboard", &cookies)?;
        self.target.dashboard = Some(load::write_dashboard(self.scratch.path(), &cookies)?);
        Ok(())
    }

    /// A round of load, after which the server must have recorded every click.
    pub fn load(&self, connections: u32, asked: Asked, seconds: u64, round: u32) -> Res<Sample> {
        let recorded = self.metric("passalong_clicks_recorded_total")?;
        let sample = load::run(&self.target, connections, asked, seconds, round)?;
        if asked == Asked::Dashboard {
            return Ok(sample);
        }
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
            server = referrer::serve(&exe, scratch.path(), &database_url)?;
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

/// The sum of all series of a metric; a counter that never counted may be absent.
fn sum(metrics: &str, name: &str) -> f64 {
    metrics
        .lines()
        .filter(|line| line.strip_prefix(name).is_some_and(|rest| rest.starts_with([' ', '{'])))
        .filter_map(|line| line.rsplit(' ').next()?.parse::<f64>().ok())
        .sum()
}

/// The yardstick: `xtask/load/src/bin/bare.rs`.
pub struct Bare {
    child: Child,
    /// What the load needs to know.
    pub target: Target,
}

impl Bare {
    /// Starts it; it is asked for the same addresses as the product.
    pub fn start(links: &Path) -> Res<Self> {
        let mut child = Command::new(load_program("bare")?).stdin(Stdio::null()).stdout(Stdio::piped()).spawn()?;
        let mut address = String::new();
        if let Some(stdout) = child.stdout.take() {
            BufReader::new(stdout).read_line(&mut address)?;
        }
        let address = address.trim().to_owned();
        let target = Target { address, pids: vec![child.id()], links: links.to_path_buf(), dashboard: None };
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
