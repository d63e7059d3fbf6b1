//! Folders: listing them, and temporary ones that clean up after themselves.
use std::{
    env, fs, io,
    path::{Path, PathBuf},
    process,
    sync::atomic::{AtomicU32, Ordering},
};

/// Every file below `folder`, sorted; none when there is no such folder.
pub fn below(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    if !folder.is_dir() {
        return Ok(found);
    }
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(below(&path)?);
        } else {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// A temporary folder of our own, removed at the end, also after a failure.
pub struct Scratch(PathBuf);

impl Scratch {
    /// In the usual place for temporary files.
    pub fn new(purpose: &str) -> io::Result<Self> {
        Self::inside(&env::temp_dir(), purpose)
    }

    /// On a disk: the usual place may be memory, where writing through to the disk costs nothing.
    pub fn on_disk(purpose: &str) -> io::Result<Self> {
        let disk = Path::new("/var/tmp");
        if env::var_os("TMPDIR").is_none() && disk.is_dir() { Self::inside(disk, purpose) } else { Self::new(purpose) }
    }

    fn inside(parent: &Path, purpose: &str) -> io::Result<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("passalong-{purpose}-{}-{count}", process::id());
        let path = parent.join(name);
        fs::create_dir_all(&path)?;
        Ok(Self(path))
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
