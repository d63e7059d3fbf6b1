//! Both halves, in the order they need each other.
use std::{
    fs::{self, File},
    path::PathBuf,
    process::Command,
};

use crate::{
    NAME,
    assets::Site,
    process::{Res, cargo, run, target_dir},
    tools, wasm,
};

/// What a build is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To work with: soon built.
    Development,
    /// To test what people will see: the site of a release, in a server that is built in less time.
    Test,
    /// To ship and to measure.
    Release,
}

impl Purpose {
    fn profile(self) -> &'static str {
        if self == Self::Release { "release" } else { "dev" }
    }

    /// Where cargo puts the programs.
    fn folder(self) -> PathBuf {
        target_dir().join(if self == Self::Release { "release" } else { "debug" })
    }
}

/// What a build leaves behind.
pub struct Built {
    /// The server.
    pub exe: PathBuf,
    /// The files it hands out.
    pub site: Site,
}

/// Builds the wasm half, the site, and the server with the site inside.
pub fn build(purpose: Purpose) -> Res<Built> {
    tools::wasm_target()?;
    let _lock = wait_for_other_builds()?;
    tools::node_modules()?;
    let finished = purpose != Purpose::Development;
    let browser = wasm::build(purpose)?;
    let mut site = Site::plain(finished)?;
    site.add_browser(browser);
    if finished {
        site.compress()?;
    }
    site.write()?;
    // The source reads this where it embeds the site, so a new file compiles it again.
    run(for_server(purpose, &[NAME]).env("PASSALONG_SITE_HASH", site.hash()))?;
    Ok(Built { exe: purpose.folder().join(NAME), site })
}

/// Builds what the benchmark loads the product with.
pub fn load_programs() -> Res {
    run(&mut for_server(Purpose::Release, &["bare", "seed", "watchers"]))
}

/// One of these programs, as an absolute path.
pub fn load_program(name: &str) -> Res<PathBuf> {
    Ok(Purpose::Release.folder().join(name).canonicalize()?)
}

/// The whole workspace decides on features, so that all such commands, and tests, share what is compiled.
fn for_server(purpose: Purpose, programs: &[&str]) -> Command {
    let mut command = cargo("build");
    command.args(["--workspace", "--profile", purpose.profile()]);
    for program in programs {
        command.args(["--bin", program]);
    }
    command
}

/// All builds share the site's folder: nobody else may change it until the compiler has read it.
/// The lock ends when the file that is given back is closed.
fn wait_for_other_builds() -> Res<File> {
    fs::create_dir_all("target")?;
    let lock = File::create("target/xtask.lock")?;
    if lock.try_lock().is_err() {
        println!("waiting for another build to finish");
        lock.lock()?;
    }
    Ok(lock)
}
