//! A referrer who is signed in: owner of the first of the codes that `xtask/load/src/bin/seed` makes.
use std::{
    io::Write,
    path::Path,
    process::{Child, Stdio},
    time::Instant,
};

use crate::{
    build::load_program,
    http,
    process::{Res, capture},
    server::{ADMIN, Server, clean},
};

/// Codes in a seeded database.
pub const CODES: usize = 1_000;

const EMAIL: &str = "load0@example.com";
const PASSWORD: &str = "correct-horse-staple";

/// Makes codes with so many clicks and gives them back; the owner of the first can sign in.
pub fn seed(exe: &Path, folder: &Path, database_url: &str, clicks: u32) -> Res<Vec<String>> {
    let mut seed = clean(&load_program("seed")?);
    seed.args(["--codes", &CODES.to_string(), "--clicks", &clicks.to_string()]).current_dir(folder);
    let printed = capture(seed.env("DATABASE_URL", database_url))?;
    let codes: Vec<String> = printed.lines().map(str::to_owned).collect();
    if codes.len() != CODES {
        return Err(format!("{CODES} codes expected, {} printed", codes.len()).into());
    }
    let mut reset = clean(exe);
    reset.args(["admin", "reset-password", "--password-stdin", "--email", EMAIL]).current_dir(folder);
    reset.env("DATABASE_URL", database_url).stdin(Stdio::piped()).stdout(Stdio::null());
    let mut child = reset.spawn()?;
    say(&mut child, PASSWORD)?;
    if child.wait()?.success() { Ok(codes) } else { Err(format!("{EMAIL} has got no password").into()) }
}

fn say(child: &mut Child, text: &str) -> Res {
    let mut input = child.stdin.take().ok_or("no standard input")?;
    Ok(writeln!(input, "{text}")?)
}

/// Serves a database, with an admin and without limits.
pub fn serve(exe: &Path, folder: &Path, database_url: &str) -> Res<Server> {
    let [email, password] = ADMIN;
    Server::start(exe, folder, &[email, password, ("DATABASE_URL", database_url), ("RATE_LIMITS", "off")])
}

/// Signs the referrer in and gives back the cookies.
pub fn sign_in(server: &Server) -> Res<String> {
    sign_in_as(server, EMAIL, PASSWORD)
}

/// Signs the admin in and gives back the cookies.
pub fn sign_in_admin(server: &Server) -> Res<String> {
    sign_in_as(server, ADMIN[0].1, ADMIN[1].1)
}

fn sign_in_as(server: &Server, email: &str, password: &str) -> Res<String> {
    let form = format!("email={}&password={password}", email.replace('@', "%40"));
    let signed_in = http::post(&server.address, "/signin", &form)?;
    match signed_in.status {
        303 => Ok(signed_in.cookies),
        status => Err(format!("signing in was answered {status}").into()),
    }
}

/// How many milliseconds a page took.
pub fn time(server: &Server, page: &str, cookies: &str) -> Res<f64> {
    let begun = Instant::now();
    let answer = http::get_as(&server.address, page, cookies)?;
    let millis = begun.elapsed().as_secs_f64() * 1e3;
    if answer.status != 200 {
        server.print_log();
        return Err(format!("{page} was answered {}", answer.status).into());
    }
    Ok(millis)
}
