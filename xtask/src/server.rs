//! A running server, for tests and measurements: on a free port, stopped at the end come what may.
use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use crate::{
    free_port::free_port,
    http,
    process::{Res, capture, succeeds},
};

/// Settings that make the first admin, and thereby turn the program on.
pub const ADMIN: [(&str, &str); 2] =
    [("ADMIN_EMAIL", "admin@example.com"), ("ADMIN_PASSWORD", "correct-horse-battery")];

/// A server that answers.
pub struct Server {
    child: Child,
    /// `127.0.0.1:PORT`
    pub address: String,
    /// How long it took from the start to the first answer.
    pub started_in: Duration,
    log: PathBuf,
}

impl Server {
    /// Starts `passalong serve` in `folder` with these settings only, and waits for `/healthz`.
    pub fn start(exe: &Path, folder: &Path, settings: &[(&str, &str)]) -> Res<Self> {
        let port = free_port();
        let address = format!("127.0.0.1:{port}");
        let log = folder.join(format!("server-{port}.log"));
        let output = fs::File::create(&log)?;
        let mut command = clean(exe);
        command
            .arg("serve")
            .current_dir(folder)
            .env("LISTEN_ADDR", &address)
            .env("BASE_URL", format!("http://{address}"))
            .envs(settings.iter().copied())
            .stdin(Stdio::null())
            .stdout(output.try_clone()?)
            .stderr(output);
        let start = Instant::now();
        let child = command.spawn()?;
        let mut server = Self { child, address, started_in: Duration::ZERO, log };
        let answered = server.wait_for_answer(start + Duration::from_secs(60));
        server.started_in = start.elapsed();
        if answered.is_err() {
            server.print_log();
        }
        answered.map(|()| server)
    }

    fn wait_for_answer(&mut self, until: Instant) -> Res {
        loop {
            if http::get(&self.address, "/healthz").is_ok_and(|answer| answer.status == 200) {
                return Ok(());
            }
            if let Some(status) = self.child.try_wait()? {
                return Err(format!("the server ended before it answered: {status}").into());
            }
            if Instant::now() > until {
                return Err("the server did not answer /healthz within a minute".into());
            }
            sleep(Duration::from_millis(1));
        }
    }

    /// `http://127.0.0.1:PORT`
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The process, for those who measure it.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// What the server wrote.
    pub fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// Shows what the server wrote.
    pub fn print_log(&self) {
        let log = self.log();
        let lines: Vec<&str> = log.lines().collect();
        let last = &lines[lines.len().saturating_sub(200)..];
        println!("--- the server at {} wrote (last {} lines):", self.address, last.len());
        println!("{}\n---", last.join("\n"));
    }

    /// Asks the server to stop and waits until it has.
    pub fn stop(mut self) -> Res {
        if succeeds(Command::new("kill").arg(self.pid().to_string())) {
            let until = Instant::now() + Duration::from_secs(10);
            while Instant::now() < until {
                if self.child.try_wait()?.is_some() {
                    return Ok(());
                }
                sleep(Duration::from_millis(10));
            }
        }
        Err("the server did not stop within ten seconds".into())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A key of the API with every scope.
pub fn api_key(exe: &Path, folder: &Path, settings: &[(&str, &str)]) -> Res<String> {
    let mut command = clean(exe);
    command.args(["api-key", "create", "--name", "tests", "--scopes", "read,write,admin"]);
    let key = capture(command.current_dir(folder).envs(settings.iter().copied()))?;
    Ok(key.trim().to_owned())
}

/// A command that sees none of the caller's settings.
pub fn clean(exe: &Path) -> Command {
    let mut command = Command::new(exe);
    command.env_clear();
    for name in ["PATH", "HOME", "TMPDIR", "RUST_BACKTRACE"] {
        if let Some(value) = env::var_os(name) {
            command.env(name, value);
        }
    }
    command
}
