//! The load: `wrk`, with a script that makes every click a different visitor's, or one that asks for a page.
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use super::process_tree::cpu_time;
use crate::process::{Res, capture};

/// What is asked for.
#[derive(Clone, Copy, PartialEq)]
pub enum Asked {
    /// The links of all codes, in turn.
    Links,
    /// The link of the first code.
    OneLink,
    /// The dashboard of somebody who is signed in.
    Dashboard,
}

/// Whom to load and whose processor time to count.
pub struct Target {
    /// `127.0.0.1:PORT`
    pub address: String,
    /// The first process of each process tree that takes part.
    pub pids: Vec<u32>,
    /// The script for `wrk` that follows links.
    pub links: PathBuf,
    /// The script for `wrk` that asks for the dashboard, where somebody is signed in.
    pub dashboard: Option<PathBuf>,
}

/// What a round showed.
#[derive(Clone, Copy)]
pub struct Sample {
    /// Answers that `wrk` got.
    pub requests: u64,
    /// Answers in a second.
    pub per_second: f64,
    /// Processor time of an answer, in microseconds.
    pub cpu_micros: f64,
    /// Half of all answers came within so many milliseconds.
    pub p50_millis: f64,
    /// 99 of 100 answers came within so many milliseconds.
    pub p99_millis: f64,
}

/// Writes the script that clicks these codes into `folder`.
pub fn write_links(folder: &Path, codes: &[String]) -> Res<PathBuf> {
    let path = folder.join("links.lua");
    let quoted: Vec<String> = codes.iter().map(|code| format!("\"{code}\"")).collect();
    fs::write(&path, LINKS.replace("CODES", &quoted.join(",")) + RESULT)?;
    Ok(path)
}

/// Writes the script that asks for the dashboard with these cookies into `folder`.
pub fn write_dashboard(folder: &Path, cookies: &str) -> Res<PathBuf> {
    let path = folder.join("dashboard.lua");
    fs::write(&path, format!("wrk.path = \"/dashboard\"\nwrk.headers[\"Cookie\"] = \"{cookies}\"\n{RESULT}"))?;
    Ok(path)
}

/// Asks for so many seconds over so many connections. No two rounds may have the same number.
pub fn run(target: &Target, connections: u32, asked: Asked, seconds: u64, round: u32) -> Res<Sample> {
    let script = match asked {
        Asked::Dashboard => target.dashboard.as_ref().ok_or("nobody is signed in")?,
        Asked::Links | Asked::OneLink => &target.links,
    };
    let before = cpu_time(&target.pids)?;
    let output = capture(
        Command::new("wrk")
            .args(["-t1", &format!("-c{connections}"), &format!("-d{seconds}s"), "-s"])
            .arg(script)
            .arg(format!("http://{}", target.address))
            .arg("--")
            .arg(round.to_string())
            .arg(if asked == Asked::OneLink { "1" } else { "0" }),
    )?;
    let cpu = cpu_time(&target.pids)? - before;
    let line = output.lines().find_map(|line| line.strip_prefix("RESULT "));
    let numbers: Vec<u64> = line
        .ok_or_else(|| format!("wrk gave no result:\n{output}"))?
        .split(' ')
        .map(str::parse)
        .collect::<Result<_, _>>()?;
    let [requests, micros, errors, p50, p99] = numbers[..] else {
        return Err("unexpected result of the script".into());
    };
    if errors > 0 || requests == 0 {
        return Err(format!("not every request was answered well:\n{output}").into());
    }
    Ok(Sample {
        requests,
        per_second: requests as f64 / (micros as f64 / 1e6),
        cpu_micros: cpu.as_secs_f64() * 1e6 / requests as f64,
        p50_millis: p50 as f64 / 1e3,
        p99_millis: p99 as f64 / 1e3,
    })
}

/// A visitor counts once in an hour, by address and browser: hence a new browser each time.
const LINKS: &str = r#"
local codes = {CODES}
local head, tail, round, count, used = {}, "", "", 0, #codes

function init(args)
  round = args[1]
  if args[2] == "1" then used = 1 end
  for i = 1, used do
    head[i] = "GET /r/" .. codes[i] .. " HTTP/1.1\r\nHost: " .. wrk.headers["Host"]
      .. "\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:" .. round .. ".0) Gecko/"
  end
  tail = " Firefox/140.0\r\n\r\n"
end

function request()
  count = count + 1
  return head[count % used + 1] .. count .. tail
end
"#;

const RESULT: &str = r#"
function done(summary, latency, requests)
  local e = summary.errors
  io.write(string.format("RESULT %d %d %d %d %d\n", summary.requests, summary.duration,
    e.connect + e.read + e.write + e.status + e.timeout,
    latency:percentile(50), latency:percentile(99)))
end
"#;
