//! Parses the command line and runs the command.

use passalong::server::{commands, config::cli};
use std::process::ExitCode;

/// Many small pieces live as long as a request; this allocator takes half the time of the system's for them.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = match cli::parse(std::env::args_os()) {
        Ok(cli) => cli,
        Err((text, 0)) => return commands::say(&text),
        Err((line, _)) => return commands::fail(&line),
    };
    match commands::run(cli) {
        Ok(code) => code,
        Err(error) => commands::fail(&error.to_string()),
    }
}
