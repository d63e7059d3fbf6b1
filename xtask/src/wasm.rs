//! The wasm half: compiled, bound to JavaScript, shrunk.
use std::{fs, path::Path, process::Command};

use wasm_bindgen_cli_support::Bindgen;

use crate::{
    NAME, assets,
    build::Purpose,
    files,
    process::{Res, cargo, run, target_dir},
    tools,
};

/// What the browser half consists of.
pub struct Browser {
    /// The JavaScript that loads the wasm and serves it.
    pub js: Vec<u8>,
    /// The islands.
    pub wasm: Vec<u8>,
    /// Scripts that the JavaScript imports by name: path below its own folder, contents.
    pub snippets: Vec<(String, Vec<u8>)>,
}

/// Builds the wasm half. Tests weigh it, so theirs is that of a release.
pub fn build(purpose: Purpose) -> Res<Browser> {
    let release = purpose != Purpose::Development;
    let (profile, built) = if release { ("wasm-release", "wasm-release") } else { ("dev", "debug") };
    run(cargo("rustc")
        .args(["--package", NAME, "--lib", "--crate-type", "cdylib", "--target", "wasm32-unknown-unknown"])
        .args(["--no-default-features", "--features", "hydrate"])
        .args(["--profile", profile]))?;
    let compiled = target_dir().join(format!("wasm32-unknown-unknown/{built}/{NAME}.wasm"));
    let folder = target_dir().join("bindgen").join(profile);
    let _ = fs::remove_dir_all(&folder);
    Bindgen::new()
        .input_path(&compiled)
        .web(true)?
        .typescript(false)
        // The page names the wasm file, so the name that bindgen would guess is dead weight.
        .omit_default_module_path(true)
        .remove_name_section(release)
        .remove_producers_section(release)
        .out_name(NAME)
        .generate(&folder)?;

    let wasm_path = folder.join(format!("{NAME}_bg.wasm"));
    let js_path = folder.join(format!("{NAME}.js"));
    let wasm = if release { optimised(&wasm_path)? } else { fs::read(&wasm_path)? };
    let mut snippets = Vec::new();
    for path in files::below(&folder.join("snippets"))? {
        let name = path.strip_prefix(&folder)?.to_string_lossy().into_owned();
        snippets.push((name, fs::read(&path)?));
    }
    Ok(Browser { js: fs::read(js_path)?, wasm, snippets })
}

/// Runs `wasm-opt`, or takes the last result when the input is the same.
fn optimised(wasm: &Path) -> Res<Vec<u8>> {
    let input = fs::read(wasm)?;
    let results = target_dir().join("bindgen/optimised");
    let result = results.join(format!("{}.wasm", assets::short_hash(&input)));
    if !result.exists() {
        let _ = fs::remove_dir_all(&results);
        fs::create_dir_all(&results)?;
        let unfinished = results.join("unfinished.wasm");
        run(Command::new(tools::WASM_OPT)
            .args(["-Oz", "--enable-bulk-memory", "--enable-nontrapping-float-to-int"])
            .arg(wasm)
            .arg("-o")
            .arg(&unfinished))?;
        fs::rename(unfinished, &result)?;
    }
    Ok(fs::read(result)?)
}
