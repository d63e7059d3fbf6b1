//! A PostgreSQL server of our own: in a temporary folder, on a free port, gone afterwards.
use std::{
    fs,
    io::Write,
    os::unix::{fs::chown, process::CommandExt},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use crate::{
    files::Scratch,
    free_port::free_port,
    process::{Res, succeeds},
    tools,
};

/// How careful the server is with the disk.
#[derive(Clone, Copy, PartialEq)]
pub enum Durability {
    /// As PostgreSQL comes: for measurements.
    Default,
    /// Fast, and lost with the power: for tests.
    None,
}

/// A running server; dropping it stops it and removes its data.
pub struct Postgres {
    child: Child,
    programs: Programs,
    port: u16,
    scratch: Scratch,
}

impl Postgres {
    /// Starts a server with these databases besides `postgres`.
    pub fn start(durability: Durability, databases: &[&str]) -> Res<Self> {
        let programs = Programs::find()?;
        let scratch = match durability {
            Durability::Default => Scratch::on_disk("postgres")?,
            Durability::None => Scratch::new("postgres")?,
        };
        if let Some((uid, gid)) = programs.user {
            chown(scratch.path(), Some(uid), Some(gid))?;
        }
        let data = scratch.path().join("data");
        programs.create(&data, databases, durability)?;

        let port = free_port();
        let log = fs::File::create(scratch.path().join("log"))?;
        let mut command = programs.command("postgres");
        command.arg("-D").arg(&data).arg("-k").arg(scratch.path());
        command.args(["-h", "127.0.0.1", "-p", &port.to_string()]);
        command.args(["-c", "max_connections=300"]);
        if durability == Durability::None {
            command.args(["-c", "fsync=off"]);
        }
        let child = command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log).spawn()?;
        let mut server = Self { child, programs, port, scratch };
        server.wait_until_ready()?;
        Ok(server)
    }

    /// The address of one of its databases.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{database}", self.port)
    }

    /// The first of its processes, for those who measure them.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    fn wait_until_ready(&mut self) -> Res {
        let until = Instant::now() + Duration::from_secs(60);
        while Instant::now() < until {
            // The server keeps this file, and its last line says how far it is.
            let state = fs::read_to_string(self.scratch.path().join("data/postmaster.pid"));
            if state.is_ok_and(|text| text.lines().any(|line| line.trim() == "ready")) {
                return Ok(());
            }
            if self.child.try_wait()?.is_some() {
                break;
            }
            sleep(Duration::from_millis(20));
        }
        let log = fs::read_to_string(self.scratch.path().join("log")).unwrap_or_default();
        Err(format!("PostgreSQL did not start:\n{log}").into())
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let data = self.scratch.path().join("data");
        let mut stop = self.programs.command("pg_ctl");
        if !succeeds(stop.args(["stop", "-m", "immediate", "-D"]).arg(data)) {
            let _ = self.child.kill();
        }
        let _ = self.child.wait();
    }
}

/// PostgreSQL's programs, and who may run them.
struct Programs {
    folder: PathBuf,
    /// They refuse to run as root: then as this user and group.
    user: Option<(u32, u32)>,
}

impl Programs {
    fn find() -> Res<Self> {
        let folder = tools::postgres_bin().ok_or("PostgreSQL is not installed")?;
        let user = if tools::is_root() { Some(unprivileged()?) } else { None };
        Ok(Self { folder, user })
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(self.folder.join(program));
        // The folder we are in may be closed to that user.
        command.current_dir("/");
        if let Some((uid, gid)) = self.user {
            command.uid(uid).gid(gid);
        }
        command
    }

    fn create(&self, data: &Path, databases: &[&str], durability: Durability) -> Res {
        let mut initdb = self.command("initdb");
        initdb.args(["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C"]);
        if durability == Durability::None {
            initdb.arg("--no-sync");
        }
        quietly(initdb.arg("-D").arg(data), "")?;
        // Single-user mode, because the client programs come in another package.
        let sql: String = databases.iter().map(|name| format!("CREATE DATABASE {name}\n")).collect();
        quietly(self.command("postgres").args(["--single", "-D"]).arg(data).arg("postgres"), &sql)
    }
}

/// The user `postgres`, else `nobody`: (uid, gid).
fn unprivileged() -> Res<(u32, u32)> {
    let users = fs::read_to_string("/etc/passwd")?;
    for wanted in ["postgres", "nobody"] {
        for line in users.lines() {
            let fields: Vec<&str> = line.split(':').collect();
            if let [name, _, uid, gid, ..] = fields[..]
                && name == wanted
            {
                return Ok((uid.parse()?, gid.parse()?));
            }
        }
    }
    Err("PostgreSQL refuses to run as root, and there is no user `postgres` or `nobody`".into())
}

/// Runs a command with this input; its output is shown only when it fails.
fn quietly(command: &mut Command, input: &str) -> Res {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(input.as_bytes())?;
    }
    let output = child.wait_with_output()?;
    if output.status.success() {
        return Ok(());
    }
    let said = [output.stdout, output.stderr].concat();
    Err(format!("{:?}: {}", command.get_program(), String::from_utf8_lossy(&said)).into())
}
