//! The checksum at the end of a backup. SQLite looks at the structure of a file and not at what its rows say, and
//! passes over what stands behind the last page.

use sha2::{Digest, Sha256};
use std::{
    fs::{File, OpenOptions},
    io::{self, Read, Seek, SeekFrom, Write},
    path::Path,
};

/// Where SQLite counts, in the first page, the transactions that have changed the file.
const CHANGE_COUNTER: u64 = 24;

const CHUNK: usize = 1 << 20;

/// Appends the checksum to a copy that is whole.
pub fn append(copy: &Path) -> io::Result<()> {
    let mut file = OpenOptions::new().read(true).append(true).open(copy)?;
    let size = file.metadata()?.len();
    let line = line(change_counter(&mut file)?, &digest(&mut file, size)?);
    file.write_all(line.as_bytes())
}

/// Whether a backup is what was written. Nothing is known of a file without a checksum, nor of one that SQLite has
/// changed since: they pass.
pub fn is_right(backup: &Path) -> io::Result<bool> {
    let mut file = File::open(backup)?;
    let Some(size) = file.metadata()?.len().checked_sub(line(0, &[0; 32]).len() as u64) else { return Ok(true) };
    let mut end = vec![];
    file.seek(SeekFrom::Start(size))?;
    file.read_to_end(&mut end)?;
    let counter = change_counter(&mut file)?;
    if !end.starts_with(mark(counter).as_bytes()) {
        return Ok(true);
    }
    Ok(end == line(counter, &digest(&mut file, size)?).as_bytes())
}

fn mark(counter: u32) -> String {
    format!("\nPassalong backup {counter:08x}, SHA-256 ")
}

fn line(counter: u32, digest: &[u8]) -> String {
    let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{}{digest}\n", mark(counter))
}

fn change_counter(file: &mut File) -> io::Result<u32> {
    let mut bytes = [0; 4];
    file.seek(SeekFrom::Start(CHANGE_COUNTER))?;
    file.read_exact(&mut bytes)?;
    Ok(u32::from_be_bytes(bytes))
}

/// The SHA-256 of the first `size` bytes.
fn digest(file: &mut File, size: u64) -> io::Result<Vec<u8>> {
    let mut digest = Sha256::new();
    let mut chunk = vec![0; CHUNK];
    file.seek(SeekFrom::Start(0))?;
    let mut rest = file.take(size);
    loop {
        match rest.read(&mut chunk)? {
            0 => return Ok(digest.finalize().to_vec()),
            n => digest.update(&chunk[..n]),
        }
    }
}
