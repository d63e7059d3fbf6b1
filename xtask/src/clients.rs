//! Clients that others would use: made of the API's document by two generators, and called against the server. What
//! they need comes from npm and PyPI, each in a folder of its own.
use std::{fs, path::Path, process::Command};

use crate::{
    NAME,
    build::Purpose,
    dist,
    files::Scratch,
    http,
    postgres::{Durability, Postgres},
    process::{Res, run},
    server::{self, ADMIN, Server},
    tools,
};

const TYPESCRIPT: &str = "end2end/clients/typescript";
const PYTHON: &str = "end2end/clients/python";

/// The ids of requests that the clients send and the server refuses.
const REFUSED: [&str; 2] = ["ts-missing", "py-missing"];

/// `cargo xtask clients`
pub fn clients(purpose: Purpose) -> Res {
    tools::debian(&[tools::POSTGRES, tools::PYTHON])?;
    tools::clients()?;
    check(&dist::for_tests_of(purpose)?)
}

/// Makes both clients and calls the server on both databases.
pub fn check(exe: &Path) -> Res {
    let postgres = Postgres::start(Durability::None, &[NAME])?;
    let url = postgres.url(NAME);
    let made = Scratch::new("clients")?;
    for database in [None, Some(("DATABASE_URL", url.as_str()))] {
        let folder = Scratch::new("clients")?;
        let settings: Vec<_> = ADMIN.into_iter().chain(database).collect();
        let server = Server::start(exe, folder.path(), &settings)?;
        if database.is_none() {
            make(&server, made.path())?;
        }
        let key = server::api_key(exe, folder.path(), &settings)?;
        let outcome = call(&server, made.path(), &key).and_then(|()| check_log(&server.log(), &key));
        if outcome.is_err() {
            server.print_log();
        }
        outcome?;
    }
    Ok(())
}

/// Types for TypeScript beside the calls, checked with them; a package for Python in `folder`.
fn make(server: &Server, folder: &Path) -> Res {
    let document = folder.join("openapi.json");
    fs::write(&document, http::get(&server.address, "/api/v1/openapi.json")?.text)?;
    run(typescript("openapi-typescript").arg(&document).args(["--output", "schema.d.ts"]))?;
    run(typescript("tsc").args(["--project", "."]))?;
    // Its code is not for people: nobody formats it.
    let settings = folder.join("settings.yml");
    fs::write(&settings, "post_hooks: []\n")?;
    let mut generate = Command::new(tools::in_clients("openapi-python-client")?);
    generate.args(["generate", "--meta", "none", "--fail-on-warning", "--path"]).arg(&document);
    run(generate.arg("--config").arg(&settings).arg("--output-path").arg(folder.join("passalong_client")))
}

fn typescript(program: &str) -> Command {
    let mut command = Command::new(format!("./node_modules/.bin/{program}"));
    command.current_dir(TYPESCRIPT);
    command
}

fn call(server: &Server, folder: &Path, key: &str) -> Res {
    let settings = [("BASE_URL", server.url()), ("API_KEY", key.to_owned())];
    run(Command::new("node").arg("built/calls.js").current_dir(TYPESCRIPT).envs(settings.clone()))?;
    let mut python = Command::new(tools::in_clients("python")?);
    python.arg(Path::new(PYTHON).join("calls.py")).env("PYTHONDONTWRITEBYTECODE", "1");
    run(python.env("PYTHONPATH", folder).envs(settings))
}

/// What was refused is in the log by its id, and nothing secret is.
fn check_log(log: &str, key: &str) -> Res {
    for id in REFUSED {
        if !log.contains(id) {
            return Err(format!("the log does not know the request {id}").into());
        }
    }
    let secret = [key, "py@example.com", "ts@example.com"].into_iter().find(|secret| log.contains(secret));
    secret.map_or(Ok(()), |secret| Err(format!("the log tells {secret}").into()))
}
