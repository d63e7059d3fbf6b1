//! The command line: which command, with which settings.

use crate::server::config::Config;
use clap::{
    Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum,
    error::{ContextKind, ContextValue, ErrorKind},
};
use std::{ffi::OsString, path::PathBuf};

/// The referral program you host yourself.
#[derive(Debug, Parser)]
#[command(name = "passalong", version, about, max_term_width = 100)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Option<Command>,
    #[command(flatten)]
    pub config: Config,
}

#[derive(Clone, Debug, Subcommand)]
pub enum Command {
    /// Serve the program (the default)
    Serve,
    /// Bring the database up to date and give every user without one a personal code
    Migrate {
        /// Say nothing
        #[arg(long)]
        quiet: bool,
    },
    /// Make an admin or set a password anew
    #[command(subcommand)]
    Admin(Admin),
    /// Make, list and revoke keys for the REST API
    #[command(subcommand)]
    ApiKey(ApiKey),
    /// Fill an empty database with a believable program
    Demo {
        /// Say only how to sign in
        #[arg(long)]
        quiet: bool,
    },
    /// Recount every counter and print what differs
    Verify {
        /// Say only what differs
        #[arg(long)]
        quiet: bool,
    },
    /// Read users, codes or payments from a CSV file, or everything from a file of `export`: all of it, or nothing
    Import(ImportArgs),
    /// Write everything of the program as JSON lines, passwords apart
    Export {
        /// A file that is not there yet
        file: PathBuf,
        /// Say nothing
        #[arg(long)]
        quiet: bool,
    },
    /// Copy the database to a file while the program serves (SQLite)
    ///
    /// The copy holds everything that was done before the command began, secrets included: only its owner can read it.
    /// Databases in PostgreSQL are backed up by pg_dump; the command says how.
    Backup {
        /// A file that is not there yet
        file: PathBuf,
        /// Say nothing
        #[arg(long)]
        quiet: bool,
    },
    /// Put a backup in the place of the database and keep the old one (SQLite)
    ///
    /// Stop the server first. The old database stays beside the new one, under a name with the time in it. Databases in
    /// PostgreSQL are restored by pg_restore; the command says how.
    Restore {
        /// A file that `backup` has made
        file: PathBuf,
        /// Say nothing
        #[arg(long)]
        quiet: bool,
    },
    /// Print the OpenAPI document of the REST API
    Openapi,
    /// Ask the server at LISTEN_ADDR whether it serves
    Healthcheck,
}

/// Everything from a file of `export`, or one table.
#[derive(Args, Clone, Debug)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct ImportArgs {
    #[command(subcommand)]
    pub what: Option<Import>,
    /// A file that `export` has made, for an empty database. People set their passwords anew
    #[arg(required = true)]
    pub file: Option<PathBuf>,
    /// Say nothing
    #[arg(long)]
    pub quiet: bool,
}

/// A table to read.
#[derive(Args, Clone, Debug)]
pub struct CsvFile {
    /// A CSV file in UTF-8, separated by commas, semicolons or tabs
    pub file: PathBuf,
    /// Pass over columns that are not known
    #[arg(long)]
    pub ignore_unknown: bool,
    /// Say nothing
    #[arg(long)]
    pub quiet: bool,
}

/// Who has exported a list of people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Vendor {
    /// Contacts of an audience
    Mailchimp,
    /// Customers
    Shopify,
    /// Customers
    Stripe,
    /// The customers report of Analytics
    Woocommerce,
    /// Members
    Ghost,
}

#[derive(Clone, Debug, Subcommand)]
pub enum Import {
    /// Read people who have accounts elsewhere; everybody gets a personal code
    ///
    /// The first line names the columns, in any order. `email` is needed; `username`, `full_name`, `phone`,
    /// `external_id`, `account_id`, `locale`, `referral_goal`, `disabled`, `code` (a personal code that they have
    /// already), `referred_by` (who brought them: the username, e-mail or personal code of somebody who has an account
    /// or is in the file) and `created_at` may be there. `id`, `role`, `signups`, `clicks` and `conversions` are passed
    /// over, so that the table of the admin pages can be read again. Who has an account already is passed over. People
    /// have no password before they set one, and sign-ups of a file give no rewards.
    ///
    /// Times are written like 2026-12-31T18:00:00Z, 2026-12-31 18:00 or 2026-12-31, and are UTC unless they name an
    /// offset.
    Users {
        #[command(flatten)]
        csv: CsvFile,
        /// Read an export as it comes from there: e-mail, name, id and date are taken
        #[arg(long, value_enum)]
        from: Option<Vendor>,
    },
    /// Read campaign codes; a code that is there already is passed over
    ///
    /// The first line names the columns, in any order. `code` and `description` are needed; `category`, `active`,
    /// `max_uses` (no limit when empty, 100 when there is no such column), `expires_at` (2026-12-31T18:00:00Z; never
    /// when empty, in 7 days when there is no such column), `beneficiary` (the e-mail of a user) and `created_at` may
    /// be there. `id`, `link`, `status`, `uses`, `clicks`, `unique_clicks` and `conversions` are passed over, so that
    /// the table of the admin pages can be read again.
    Codes {
        #[command(flatten)]
        csv: CsvFile,
    },
    /// Read payments; a payment that is known already is passed over
    ///
    /// The first line names the columns, in any order, as the API names the fields. `source_id`, `amount` (a whole
    /// number of the smallest unit of the currency: 1999 for 19.99 USD, 500 for 500 JPY) and `currency` are needed, and
    /// of `user_id`, `external_id` and `email` one in every line. `net_amount`, `refunded` (what was given back of the
    /// amount), `occurred_at` (2026-12-31T18:00:00Z; now when empty), `provider_refs` (Stripe's ids, parted by spaces),
    /// `period_start` and `product` may be there. `id` and `state` are passed over, so that the table of the admin
    /// pages can be read again. Payments by people who are not known are kept and count when they join; payments of a
    /// file give no rewards. On PostgreSQL nobody else joins or pays meanwhile.
    Conversions {
        #[command(flatten)]
        csv: CsvFile,
    },
}

#[derive(Clone, Debug, Subcommand)]
pub enum ApiKey {
    /// Make a key and print it: a secret one is shown this once
    Create {
        /// Tells the key apart in lists and in the audit log
        #[arg(long)]
        name: String,
        /// What a secret key may do: read, write, admin, as a comma-separated list
        #[arg(long, required_unless_present = "publishable", conflicts_with = "publishable")]
        scopes: Option<String>,
        /// Make a key that may stand in web pages: it checks codes and records clicks
        #[arg(long)]
        publishable: bool,
        /// The pages that may use it, as https://shop.example or http://localhost:*, as a comma-separated list
        #[arg(long, conflicts_with = "scopes", requires = "publishable", required_if_eq("publishable", "true"))]
        origins: Option<String>,
    },
    /// List all keys, the latest first
    List {
        /// Print them as JSON, as the API does
        #[arg(long)]
        json: bool,
    },
    /// Revoke a key for good
    Revoke {
        /// Its number in the list
        id: i64,
    },
}

#[derive(Clone, Debug, Subcommand)]
pub enum Admin {
    /// Make an admin; the first one starts the program
    Create {
        #[arg(long)]
        email: String,
        #[arg(long)]
        username: String,
        /// Read the password from standard input instead of asking for it
        #[arg(long)]
        password_stdin: bool,
    },
    /// Set a user's password anew and end their sessions
    ResetPassword {
        #[arg(long)]
        email: String,
        /// Read the password from standard input instead of asking for it
        #[arg(long)]
        password_stdin: bool,
    },
}

/// Reads the command line. What is wrong is one line on standard error.
pub fn parse(args: impl IntoIterator<Item = OsString>) -> Result<Cli, (String, i32)> {
    let command = with_files(Cli::command()).map_err(|line| (line, 2))?;
    command.try_get_matches_from(args).and_then(|matches| Cli::from_arg_matches(&matches)).map_err(|error| match error
        .kind()
    {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => (error.render().to_string(), 0),
        _ => (one_line(&error), 2),
    })
}

/// Every setting can also be read from a file: `NAME_FILE` names it.
fn with_files(mut command: clap::Command) -> Result<clap::Command, String> {
    let names: Vec<_> = command
        .get_arguments()
        .filter_map(|arg| Some((arg.get_id().clone(), arg.get_env()?.to_str()?.to_owned())))
        .collect();
    for (id, name) in names {
        if std::env::var_os(&name).is_some() {
            continue;
        }
        let Some(file) = std::env::var_os(format!("{name}_FILE")) else { continue };
        let value = std::fs::read_to_string(&file)
            .map_err(|error| format!("{name}_FILE: cannot read {}: {error}", file.display()))?;
        command = command.mut_arg(id, |arg| arg.default_value(value.trim_end().to_owned()));
    }
    Ok(command)
}

fn one_line(error: &clap::Error) -> String {
    let mut text = error.render().to_string();
    // An address may have a password in it.
    if let Some(ContextValue::String(value)) = error.get(ContextKind::InvalidValue)
        && value.contains("://")
        && value.contains('@')
    {
        text = text.replace(value, "…");
    }
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let first = lines.next().unwrap_or_default().trim_start_matches("error: ").to_owned();
    // clap names the missing arguments on a line of their own.
    match error.kind() {
        ErrorKind::MissingRequiredArgument => format!("{first} {}", lines.next().unwrap_or_default()),
        ErrorKind::InvalidValue => format!("{first} {}", lines.next().unwrap_or_default()),
        _ => first,
    }
}
