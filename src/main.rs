//! Parses the command line and runs the command.

use passalong::server::{
    commands::{self, console},
    config::{cli, site::Site},
};
use rust_embed::RustEmbed;
use std::process::ExitCode;

/// The built files, inside the binary.
#[derive(RustEmbed)]
#[folder = "target/site"]
#[allow_missing = true]
struct Files;

/// Changes with the built files, so that the binary is linked again when a file changes.
const _: Option<&str> = option_env!("PASSALONG_SITE_HASH");

const SITE: Site = Site { paths: || Files::iter().collect(), file: |path| Some(Files::get(path)?.data) };

#[cfg(not(erase_components))]
compile_error!("the flags in .cargo/config.toml are missing (RUSTFLAGS replaces them): islands would not wake");

/// Many small pieces live as long as a request; this allocator takes half the time of the system's for them.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = match cli::parse(std::env::args_os()) {
        Ok(cli) => cli,
        Err((text, 0)) => return console::say(&text),
        Err((line, _)) => return console::fail(&line),
    };
    match commands::run(cli, SITE) {
        Ok(code) => code,
        Err(error) => console::fail(&error.to_string()),
    }
}
