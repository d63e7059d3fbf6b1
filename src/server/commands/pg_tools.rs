//! PostgreSQL's own programs, which do there what `backup` and `restore` do on SQLite.

use crate::server::{errors::BoxError, store::pg_connect::tool_arguments};
use std::path::Path;

/// How a database in PostgreSQL is backed up.
pub fn backup_hint(url: &str, file: &Path) -> Result<String, BoxError> {
    let (server, database) = tool_arguments(url).map_err(|error| format!("DATABASE_URL: {error}"))?;
    let call = call("pg_dump", &server, &["--format=custom", &format!("--file={}", file.display()), &database]);
    Ok(format!("PostgreSQL backs up by itself; call: {call}"))
}

/// How a database in PostgreSQL is restored.
pub fn restore_hint(url: &str, file: &Path) -> Result<String, BoxError> {
    let (server, database) = tool_arguments(url).map_err(|error| format!("DATABASE_URL: {error}"))?;
    let options = ["--single-transaction", &format!("--dbname={database}"), &file.display().to_string()];
    let call = call("pg_restore", &server, &options);
    Ok(format!("PostgreSQL restores by itself, into an empty database; stop all servers and call: {call}"))
}

fn call(program: &str, server: &[String], more: &[&str]) -> String {
    let arguments = server.iter().map(String::as_str).chain(more.iter().copied());
    std::iter::once(program.to_owned()).chain(arguments.map(quoted)).collect::<Vec<_>>().join(" ")
}

/// An argument as a shell reads it.
fn quoted(argument: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:@=,+%".contains(c);
    if argument.chars().all(plain) { argument.to_owned() } else { format!("'{}'", argument.replace('\'', r"'\''")) }
}
