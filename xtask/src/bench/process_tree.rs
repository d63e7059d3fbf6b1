//! What a process and all that it started have used, from `/proc`.
use std::{collections::HashMap, fs, time::Duration};

use crate::process::Res;

/// Linux reports processor time in hundredths of a second, on every machine.
const TICKS_PER_SECOND: f64 = 100.0;

struct Process {
    parent: u32,
    ticks: u64,
}

/// Processor time of these processes and their descendants, also of those that have ended.
pub fn cpu_time(roots: &[u32]) -> Res<Duration> {
    let mut processes = HashMap::new();
    for entry in fs::read_dir("/proc")?.flatten() {
        let Some(pid) = entry.file_name().to_str().and_then(|name| name.parse().ok()) else {
            continue;
        };
        // A process may end while we look.
        if let Ok(stat) = fs::read_to_string(entry.path().join("stat")) {
            processes.insert(pid, parse(&stat).ok_or("unknown format of /proc/PID/stat")?);
        }
    }
    let mut ticks = 0;
    for (&pid, process) in &processes {
        if descends(pid, roots, &processes) {
            ticks += process.ticks;
        }
    }
    Ok(Duration::from_secs_f64(ticks as f64 / TICKS_PER_SECOND))
}

fn descends(mut pid: u32, roots: &[u32], processes: &HashMap<u32, Process>) -> bool {
    loop {
        if roots.contains(&pid) {
            return true;
        }
        match processes.get(&pid) {
            Some(process) if process.parent != pid => pid = process.parent,
            _ => return false,
        }
    }
}

/// Fields 4 (parent) and 14–17 (own time and that of ended children, user and system) of
/// proc_pid_stat(5). Field 2, the name, may contain spaces: it ends at the last `)`.
fn parse(stat: &str) -> Option<Process> {
    let (_, rest) = stat.rsplit_once(") ")?;
    let field = |number: usize| rest.split(' ').nth(number - 3);
    let mut ticks = 0;
    for number in 14..=17 {
        ticks += field(number)?.parse::<u64>().ok()?;
    }
    Some(Process { parent: field(4)?.parse().ok()?, ticks })
}

/// The memory a process occupies, in bytes.
pub fn resident_memory(pid: u32) -> Res<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kibibytes: u64 =
        line.and_then(|rest| rest.split_whitespace().next()).ok_or("no VmRSS in /proc/PID/status")?.parse()?;
    Ok(kibibytes * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stat_line_with_spaces_in_the_name_is_understood() {
        let line = "7 (a b) c) S 3 7 7 0 -1 4 1 2 3 4 100 20 3 1 20 0 9 0 5 6 7";
        let process = parse(line).expect("the line is whole");
        assert_eq!((process.parent, process.ticks), (3, 124));
    }
}
