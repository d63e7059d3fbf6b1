//! The release: one file that needs nothing beside it.
use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::{
    NAME,
    assets::Site,
    build::{Purpose, build},
    files::Scratch,
    http,
    process::Res,
    server::{ADMIN, Server},
};

/// The largest binary with which a release is made, in bytes: a little above what it has, so that growth is noticed.
/// The target is lower (docs/performance.md).
const MAX_BINARY: u64 = 44_000_000;
/// The largest wasm a release may have, in bytes after brotli.
pub const MAX_WASM: u64 = 220_000;

/// A finished release.
pub struct Release {
    /// The binary, as an absolute path.
    pub exe: PathBuf,
    /// Bytes of wasm after brotli.
    pub wasm_size: u64,
}

/// Builds what tests of this purpose run. Gives back the binary.
pub fn for_tests_of(purpose: Purpose) -> Res<PathBuf> {
    match purpose {
        Purpose::Development => Ok(build(purpose)?.exe.canonicalize()?),
        _ => for_tests(),
    }
}

/// Builds what tests run, and fails when it is incomplete or what browsers load is too large. Gives back the binary.
pub fn for_tests() -> Res<PathBuf> {
    let built = build(Purpose::Test)?;
    check_wasm(&built.site)?;
    let exe = built.exe.canonicalize()?;
    check_alone(&exe, &built.site)?;
    Ok(exe)
}

/// Builds the release, puts it into `target/dist`, and fails when it is too large or incomplete.
pub fn dist() -> Res<Release> {
    let built = build(Purpose::Release)?;
    let folder = Path::new("target/dist");
    fs::create_dir_all(folder)?;
    let exe = folder.join(NAME);
    // A program that runs cannot be written to, but its name can be given away.
    let _ = fs::remove_file(&exe);
    fs::copy(&built.exe, &exe)?;
    let exe = exe.canonicalize()?;
    println!("{}", exe.display());
    within("binary", fs::metadata(&exe)?.len(), MAX_BINARY)?;
    let wasm_size = check_wasm(&built.site)?;
    check_alone(&exe, &built.site)?;
    Ok(Release { exe, wasm_size })
}

fn check_wasm(site: &Site) -> Res<u64> {
    let size = site.compressed_wasm_size().ok_or("the site has no compressed wasm")? as u64;
    within("wasm, brotli", size, MAX_WASM)?;
    Ok(size)
}

fn within(what: &str, size: u64, limit: u64) -> Res {
    let kilobytes = |bytes: u64| bytes as f64 / 1000.0;
    println!("{what}: {:.1} KB of {:.0} KB", kilobytes(size), kilobytes(limit));
    if size <= limit { Ok(()) } else { Err(format!("{what} is too large").into()) }
}

/// Runs the binary in an empty folder: the start page and all it needs must come out of it.
fn check_alone(exe: &Path, site: &Site) -> Res {
    let scratch = Scratch::new("dist")?;
    let server = Server::start(exe, scratch.path(), &ADMIN)?;
    let checked = check_assets(&server.address, site);
    if checked.is_err() {
        server.print_log();
    }
    println!("alone in an empty folder: {} files served", checked?);
    Ok(())
}

fn check_assets(address: &str, site: &Site) -> Res<usize> {
    let page = http::get(address, "/")?;
    if page.status != 200 {
        return Err(format!("GET /: {}", page.status).into());
    }
    let mut wanted = assets_named_in(&page.text);
    if !site.style().is_some_and(|style| page.text.contains(style)) {
        return Err("the start page comes without its style".into());
    }
    wanted.extend(site.pkg_paths().map(|path| format!("/{path}")));
    wanted.sort();
    wanted.dedup();
    for path in &wanted {
        let answer = http::get(address, path)?;
        if answer.status != 200 || answer.bytes == 0 {
            return Err(format!("GET {path}: {}, {} bytes", answer.status, answer.bytes).into());
        }
    }
    Ok(wanted.len())
}

/// Every `/pkg/…` in the page's text.
fn assets_named_in(html: &str) -> Vec<String> {
    html.match_indices("/pkg/")
        .map(|(at, _)| {
            let rest = &html[at..];
            let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && !"/._-".contains(c));
            rest[..end.unwrap_or(rest.len())].to_owned()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn assets_are_found_in_attributes_and_scripts() {
        let html = "<link href=\"/pkg/a.1.css\"><script>import('/pkg/b_c.2.js')</script>";
        assert_eq!(assets_named_in(html), ["/pkg/a.1.css", "/pkg/b_c.2.js"]);
    }
}
