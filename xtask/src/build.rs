//! Both halves, in the order they need each other.
use std::{
    fs::{self, File},
    path::PathBuf,
};

use crate::{
    NAME,
    assets::Site,
    process::{Res, cargo, run, target_dir},
    tools, wasm,
};

/// What a build leaves behind.
pub struct Built {
    /// The server.
    pub exe: PathBuf,
    /// The files it hands out.
    pub site: Site,
    release: bool,
}

/// Builds the wasm half, the site, and the server with the site inside.
pub fn build(release: bool) -> Res<Built> {
    tools::wasm_target()?;
    let _lock = wait_for_other_builds()?;
    tools::node_modules()?;
    let browser = wasm::build(release)?;
    let mut site = Site::plain(release)?;
    site.add_browser(browser);
    if release {
        site.compress()?;
    }
    site.write()?;
    let folder = target_dir().join(if release { "release" } else { "debug" });
    let built = Built { exe: folder.join(NAME), site, release };
    built.cargo_build("--bin", NAME)?;
    Ok(built)
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

/// Builds what the benchmark loads the product with.
pub fn load_programs() -> Res {
    run(cargo("build").args(["--package", "load", "--release"]))
}

/// One of these programs, as an absolute path.
pub fn load_program(name: &str) -> Res<PathBuf> {
    Ok(target_dir().join("release").join(name).canonicalize()?)
}

impl Built {
    fn cargo_build(&self, kind: &str, name: &str) -> Res {
        let mut command = cargo("build");
        command.args(["--package", NAME, kind, name]);
        if self.release {
            // The source reads this where it embeds the site, so a new file compiles it again.
            // In a dev build the server reads the site from the disk.
            command.arg("--release").env("PASSALONG_SITE_HASH", self.site.hash());
        }
        run(&mut command)
    }
}
