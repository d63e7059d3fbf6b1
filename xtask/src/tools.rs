//! What a fresh machine lacks. Each function looks first and does nothing when all is there.
use std::{
    env, fs,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    process::Command,
};

use crate::process::{Res, capture, cargo, run, succeeds, target_dir, which};

/// A program that Debian has.
pub struct Need {
    present: fn() -> bool,
    /// Parted by spaces.
    packages: &'static str,
}

/// The browser of the browser tests.
pub const BROWSER: Need = Need { present: || chromium().is_some(), packages: "chromium" };
/// The database server's own programs.
pub const POSTGRES: Need = Need { present: || postgres_bin().is_some(), packages: "postgresql" };
/// The load generator of the benchmark.
pub const WRK: Need = Need { present: || which("wrk").is_some(), packages: "wrk" };
/// What schemathesis and clients of the API run in.
pub const PYTHON: Need = Need {
    present: || succeeds(Command::new("python3").args(["-c", "import ensurepip, venv"])),
    packages: "python3-venv",
};
const NPM: Need = Need { present: || which("npm").is_some(), packages: "nodejs npm" };

/// Shrinks the wasm.
pub const WASM_OPT: &str = "end2end/node_modules/.bin/wasm-opt";
/// Gives a page a new state and keeps what has not changed.
pub const IDIOMORPH: &str = "end2end/node_modules/idiomorph/dist/idiomorph.min.js";

/// The compiler's second target.
pub fn wasm_target() -> Res {
    let libdir =
        capture(Command::new("rustc").args(["--print", "target-libdir", "--target", "wasm32-unknown-unknown"]))?;
    if !Path::new(libdir.trim()).exists() {
        rustup(&["target", "add", "wasm32-unknown-unknown"])?;
    }
    Ok(())
}

/// The two tools that judge the code.
pub fn linters() -> Res {
    for (subcommand, component) in [("fmt", "rustfmt"), ("clippy", "clippy")] {
        if !succeeds(cargo(subcommand).arg("--version")) {
            rustup(&["component", "add", component])?;
        }
    }
    Ok(())
}

fn rustup(args: &[&str]) -> Res {
    if which("rustup").is_none() {
        let wanted = args.join(" ");
        return Err(format!("rustup is not installed: please do what `rustup {wanted}` does").into());
    }
    run(Command::new("rustup").args(args))
}

/// The packages of the browser tests and of the build, as `end2end/package-lock.json` pins them.
pub fn node_modules() -> Res {
    install_node_modules("end2end")
}

/// What makes clients of the API and runs them.
pub fn clients() -> Res {
    install_node_modules("end2end/clients/typescript")?;
    python_environment("clients")
}

/// The packages of a folder with a lock.
fn install_node_modules(folder: &str) -> Res {
    let changed = |path: &str| fs::metadata(Path::new(folder).join(path)).and_then(|m| m.modified());
    let wanted = changed("package-lock.json")?;
    let installed = changed("node_modules/.package-lock.json");
    if installed.is_ok_and(|installed| installed >= wanted) {
        return Ok(());
    }
    debian(&[NPM])?;
    run(Command::new("npm").args(["ci", "--prefix", folder]).env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"))
}

/// What tests the API.
pub fn schemathesis() -> Res {
    python_environment("schemathesis")
}

/// The packages that `xtask/NAME.txt` pins, in an environment below the target folder.
fn python_environment(name: &str) -> Res {
    let environment = target_dir().join(name);
    let requirements = format!("xtask/{name}.txt");
    let wanted = fs::read_to_string(&requirements)?;
    let mark = environment.join("installed.txt");
    if fs::read_to_string(&mark).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&environment))?;
    let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"];
    run(Command::new(environment.join("bin/python")).args(pip).arg(requirements))?;
    Ok(fs::write(mark, wanted)?)
}

/// The program, as an absolute path.
pub fn schemathesis_bin() -> Res<PathBuf> {
    Ok(std::path::absolute(target_dir().join("schemathesis/bin/schemathesis"))?)
}

/// A program of the environment that Python clients run in, as an absolute path.
pub fn in_clients(program: &str) -> Res<PathBuf> {
    Ok(std::path::absolute(target_dir().join("clients/bin").join(program))?)
}

/// Installs the packages whose programs are missing, or says which.
pub fn debian(needs: &[Need]) -> Res {
    let missing: Vec<&str> =
        needs.iter().filter(|need| !(need.present)()).flat_map(|need| need.packages.split(' ')).collect();
    if missing.is_empty() {
        return Ok(());
    }
    if !is_root() || which("apt-get").is_none() {
        return Err(format!("please install: {} (Debian's names)", missing.join(" ")).into());
    }
    let apt = |args: &[&str]| run(Command::new("apt-get").args(args).env("DEBIAN_FRONTEND", "noninteractive"));
    apt(&["update"])?;
    apt(&[&["install", "-y", "--no-install-recommends"], &missing[..]].concat())
}

/// The browser that `CHROMIUM` names, else the machine's.
pub fn chromium() -> Option<PathBuf> {
    let named = env::var_os("CHROMIUM").map(PathBuf::from);
    named.or_else(|| which("chromium")).or_else(|| which("chromium-browser"))
}

/// The folder with `initdb`, `pg_ctl` and `postgres`: PATH's, else the newest Debian has.
pub fn postgres_bin() -> Option<PathBuf> {
    let complete =
        |folder: &Path| ["initdb", "pg_ctl", "postgres"].iter().all(|program| folder.join(program).is_file());
    let in_path = which("initdb").and_then(|initdb| Some(initdb.parent()?.to_path_buf()));
    if let Some(folder) = in_path.filter(|folder| complete(folder)) {
        return Some(folder);
    }
    fs::read_dir("/usr/lib/postgresql")
        .ok()?
        .flatten()
        .map(|version| version.path().join("bin"))
        .filter(|folder| complete(folder))
        .max_by_key(|folder| {
            let version = folder.parent()?.file_name()?.to_str()?;
            version.parse::<u32>().ok()
        })
}

/// Whether this program runs as root.
pub fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0)
}
