//! The site: every file the server hands out as it is, in `target/site`.
use std::{
    collections::BTreeMap,
    ffi::OsStr,
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    io::Write,
    path::{Path, PathBuf},
};

use crate::{NAME, files, process::Res, tools, wasm::Browser};

/// Where the program looks for the site when it is compiled.
pub const SITE: &str = "target/site";

/// Path below the site's folder → contents.
#[derive(Default)]
pub struct Site(BTreeMap<PathBuf, Vec<u8>>);

impl Site {
    /// What needs no compiler: `style/`, `public/` and idiomorph.
    pub fn plain(release: bool) -> Res<Self> {
        let mut site = Self::default();
        let mut css = String::new();
        for part in files::below(Path::new("style"))? {
            if part.extension() == Some(OsStr::new("css")) {
                css += &fs::read_to_string(part)?;
            }
        }
        let css = if release { without_comments(&css) } else { css };
        site.add_hashed("style", "css", css.into_bytes());
        for path in files::below(Path::new("public"))? {
            let contents = fs::read(&path)?;
            match path.strip_prefix("public/js") {
                Ok(script) => {
                    let name = script.with_extension("");
                    site.add_hashed(&name.to_string_lossy(), "js", contents);
                }
                Err(_) => {
                    let path = path.strip_prefix("public")?.to_path_buf();
                    site.0.insert(path, contents);
                }
            }
        }
        site.add_hashed("idiomorph", "js", as_module(fs::read(tools::IDIOMORPH)?));
        Ok(site)
    }

    /// Adds the wasm half.
    pub fn add_browser(&mut self, browser: Browser) {
        self.add_hashed(NAME, "js", browser.js);
        self.add_hashed(NAME, "wasm", browser.wasm);
        for (name, contents) in browser.snippets {
            self.0.insert(Path::new("pkg").join(name), contents);
        }
    }

    /// A name with its contents' hash in it can be kept by browsers for ever.
    fn add_hashed(&mut self, name: &str, extension: &str, contents: Vec<u8>) {
        let file = format!("pkg/{name}.{}.{extension}", short_hash(&contents));
        self.0.insert(file.into(), contents);
    }

    /// Adds a brotli and a gzip version of each file that gains by it.
    pub fn compress(&mut self) -> Res {
        let mut compressed = Vec::new();
        for (path, contents) in &self.0 {
            if !gains_by_compression(path) {
                continue;
            }
            for (suffix, compress) in [("br", brotli as fn(&[u8]) -> Res<Vec<u8>>), ("gz", gzip)] {
                let mut name = path.clone().into_os_string();
                name.push(".");
                name.push(suffix);
                let old = Path::new(SITE).join(&name);
                let same = fs::read(Path::new(SITE).join(path)).is_ok_and(|old| old == *contents);
                let bytes = match fs::read(old) {
                    Ok(bytes) if same => bytes,
                    _ => compress(contents)?,
                };
                compressed.push((PathBuf::from(name), bytes));
            }
        }
        self.0.extend(compressed);
        Ok(())
    }

    /// Makes `target/site` equal to this, touching only what differs.
    pub fn write(&self) -> Res {
        let folder = Path::new(SITE);
        fs::create_dir_all(folder)?;
        for path in files::below(folder)? {
            if !self.0.contains_key(path.strip_prefix(folder)?) {
                fs::remove_file(path)?;
            }
        }
        // Backwards, so that `x.css` comes after `x.css.br`: interrupted in between, the next run
        // finds the old `x.css` and makes both again.
        for (path, contents) in self.0.iter().rev() {
            let path = folder.join(path);
            if fs::read(&path).is_ok_and(|old| old == *contents) {
                continue;
            }
            if let Some(parent) = path.parent() {
                fs::create_dir_all(parent)?;
            }
            fs::write(path, contents)?;
        }
        Ok(())
    }

    /// The style of all pages.
    pub fn style(&self) -> Option<&str> {
        let named = |path: &Path| {
            path.to_string_lossy().starts_with("pkg/style.") && path.extension() == Some(OsStr::new("css"))
        };
        self.0.iter().find(|(path, _)| named(path)).and_then(|(_, contents)| str::from_utf8(contents).ok())
    }

    /// The paths below `pkg/`, without the compressed versions.
    pub fn pkg_paths(&self) -> impl Iterator<Item = String> {
        let paths = self.0.keys().map(|path| path.to_string_lossy().into_owned());
        paths.filter(|path| path.starts_with("pkg/") && !path.ends_with(".br") && !path.ends_with(".gz"))
    }

    /// Size in bytes of the wasm as browsers load it.
    pub fn compressed_wasm_size(&self) -> Option<usize> {
        let wasm = self.0.iter().find(|(path, _)| path.to_string_lossy().ends_with(".wasm.br"));
        wasm.map(|(_, contents)| contents.len())
    }

    /// Changes when any name or any contents do.
    pub fn hash(&self) -> String {
        short_hash(&self.0)
    }
}

/// Sixteen hexadecimal digits that stand for the value; not for secrets.
pub fn short_hash(value: &(impl Hash + ?Sized)) -> String {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

/// The package has a module too, but only with all its comments: 13 KB instead of 4, compressed.
fn as_module(mut script: Vec<u8>) -> Vec<u8> {
    script.extend(b"\nexport { Idiomorph };\n");
    script
}

fn gains_by_compression(path: &Path) -> bool {
    let extension = path.extension().and_then(OsStr::to_str).unwrap_or_default();
    ["css", "html", "ico", "js", "json", "map", "svg", "txt", "wasm", "webmanifest", "xml"].contains(&extension)
}

fn brotli(contents: &[u8]) -> Res<Vec<u8>> {
    let params =
        brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 24, size_hint: contents.len(), ..Default::default() };
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut &contents[..], &mut compressed, &params)?;
    Ok(compressed)
}

fn gzip(contents: &[u8]) -> Res<Vec<u8>> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(contents)?;
    Ok(encoder.finish()?)
}

/// Drops comments, indentation and empty lines.
fn without_comments(css: &str) -> String {
    let mut kept = String::with_capacity(css.len());
    let mut rest = css;
    while let Some((before, comment)) = rest.split_once("/*") {
        kept += before;
        rest = comment.split_once("*/").map_or("", |(_, after)| after);
    }
    kept += rest;
    let lines = kept.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn css_loses_comments_indentation_and_empty_lines() {
        let css = "a {\n  color: red; /* why\n not */\n}\n\n/* end */\nb { margin: 0 }\n";
        assert_eq!(without_comments(css), "a {\ncolor: red;\n}\nb { margin: 0 }");
    }

    #[test]
    fn a_name_changes_with_the_contents_only() {
        assert_eq!(short_hash(b"a".as_slice()), short_hash(b"a".as_slice()));
        assert_ne!(short_hash(b"a".as_slice()), short_hash(b"b".as_slice()));
    }
}
