//! The project's own tasks, as `cargo xtask TASK`. Everything it needs beyond Rust it looks for,
//! installs where it may, or names.
mod architecture;
mod assets;
mod bench;
mod build;
mod clients;
mod dist;
mod files;
mod free_port;
mod http;
mod postgres;
mod process;
mod schemathesis;
mod server;
mod source_rules;
mod test;
mod tools;
mod wasm;

use std::{
    env,
    os::unix::process::CommandExt,
    path::Path,
    process::{Command, ExitCode},
};

use build::{
    Purpose::{self, Development, Release, Test},
    build,
};
use process::Res;
use schemathesis::Effort;

/// The product's package, library and program.
pub const NAME: &str = "passalong";

const USAGE: &str = "\
usage: cargo xtask TASK

build [--release]            both halves; in a release build with the site inside
serve [--release] [ARGS]     build, then `passalong serve ARGS`
dist                         the release in target/dist, checked for size and completeness
test                         every check
architecture                 who uses whom below `src`, and that nobody does in a circle
browser [--dev] [-- ARGS]    the browser tests only; --dev runs them on the development build, soon built; the rest
                             goes to Playwright, for example `accessible`
pictures                     every page in every language, width and colour scheme, on sheets in target/sheets; and
                             the README's pictures
clients [--dev]              clients in TypeScript and Python, made of the API's document and called
schemathesis [--dev]         the API against its document, many made-up requests; --dev makes few
bench [--quick | --admin]    measures the release against its targets (see docs/performance.md); --admin
                             the admin's pages with a million codes and users, one by one";

fn main() -> ExitCode {
    match dispatch() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch() -> Res {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent();
    env::set_current_dir(root.ok_or("the workspace has no folder")?)?;
    let args: Vec<String> = env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match args[..] {
        ["build"] => build(Development).map(drop),
        ["build", "--release"] => build(Release).map(drop),
        ["serve", "--release", ref rest @ ..] => serve(Release, rest),
        ["serve", ref rest @ ..] => serve(Development, rest),
        ["dist"] => dist::dist().map(drop),
        ["test"] => test::test(),
        ["architecture"] => architecture::check(),
        ["browser", "--dev", ref rest @ ..] => test::browser(Development, without_dashes(rest)),
        ["browser", ref rest @ ..] => test::browser(Test, without_dashes(rest)),
        ["pictures"] => test::pictures(Path::new("target/sheets")),
        ["clients", "--dev"] => clients::clients(Development),
        ["clients"] => clients::clients(Test),
        ["schemathesis", "--dev"] => schemathesis::schemathesis(Development, Effort::Short),
        ["schemathesis"] => schemathesis::schemathesis(Test, Effort::Long),
        ["bench"] => bench::bench(false),
        ["bench", "--quick"] => bench::bench(true),
        ["bench", "--admin"] => bench::admin(),
        _ => Err(USAGE.into()),
    }
}

/// Becomes the server, so that Ctrl-C and other signals reach it and nothing else.
fn serve(purpose: Purpose, args: &[&str]) -> Res {
    let built = build(purpose)?;
    let args = without_dashes(args);
    Err(Command::new(built.exe).arg("serve").args(args).exec().into())
}

/// What follows the `--` that parts our own arguments from those to pass on.
fn without_dashes<'a, 'b>(args: &'a [&'b str]) -> &'a [&'b str] {
    args.strip_prefix(&["--"]).unwrap_or(args)
}
