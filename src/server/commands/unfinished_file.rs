//! A file that has its name only when it is whole.

use crate::server::config::rng::Rng;
use std::{
    fs::{self, File, OpenOptions},
    io,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

/// A new file beside the one that it will be. Dropped before that, it is gone.
pub struct UnfinishedFile {
    path: PathBuf,
}

impl UnfinishedFile {
    /// Makes an empty file that only its owner can read. Its name is another one each time, so that two commands that
    /// write the same file do not meet.
    pub fn beside(file: &Path, rng: &Rng) -> io::Result<Self> {
        let path = file.with_added_extension(format!("{:08x}.unfinished", u32::from_le_bytes(rng.bytes())));
        OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?;
        Ok(Self { path })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Makes what was written durable, then gives it its name, in place of any file that has it.
    pub fn put_in_place(self, file: &Path) -> io::Result<()> {
        File::open(&self.path)?.sync_all()?;
        fs::rename(&self.path, file)?;
        sync_folder(file)
    }
}

impl Drop for UnfinishedFile {
    fn drop(&mut self) {
        for file in [self.path.clone(), beside(&self.path, "-journal")] {
            let _ = fs::remove_file(file);
        }
    }
}

/// The file beside a database whose name has so much more.
pub fn beside(file: &Path, more: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(more);
    name.into()
}

/// Makes durable which files are beside `file`, itself included.
pub fn sync_folder(file: &Path) -> io::Result<()> {
    let folder = file.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
}
