//! Random sequences of all that happens to sign-ups, payments and rewards, at the real site and in a small model of it.
//! At the end both look the same, and `verify` finds nothing. A sequence follows from its number: it is the same on
//! both databases, and can be repeated. Sequences at one site share its clock, which only goes on, and its rules, which
//! are as they were made when a sequence begins.

mod action;
mod host;
mod payment;
mod picture;
mod program;
mod reach;
mod reward;
mod reward_rules;

use crate::{api::Api, on_both, site::Site, stripe, testing};
use action::Action;
use host::Host;
use passalong::server::store::db::Db;
use program::Program;
use proptest::{
    strategy::{Strategy, ValueTree},
    test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner},
};
use std::{cell::Cell, ops::Range, process::Command};

/// Sequences that share a database, which is recounted after them.
const RECOUNTED: usize = 100;

/// The numbers of the sequences: `PASSALONG_SEQUENCES` for more of them, `PASSALONG_SEQUENCE` for one alone.
fn sequences() -> Range<u64> {
    let number = |name| std::env::var(name).ok().map(|text| text.parse::<u64>().expect("a number"));
    match number("PASSALONG_SEQUENCE") {
        Some(one) => one..one + 1,
        None => 0..number("PASSALONG_SEQUENCES").unwrap_or(1_000),
    }
}

on_both!(whatever_happens_looks_as_in_the_model, |db| {
    let all: Vec<u64> = sequences().collect();
    for (n, numbers) in all.chunks(RECOUNTED).enumerate() {
        let db = match (n, &db) {
            (0, db) => db.clone(),
            (_, Db::Sqlite { .. }) => testing::sqlite().await,
            (_, Db::Postgres { .. }) => testing::postgres().await,
        };
        run_all(db, numbers).await;
    }
});

/// Runs sequences at one site, and recounts its whole database afterwards.
async fn run_all(db: Db, numbers: &[u64]) {
    let address = crate::address(&db);
    let site = Site::start_with(db, &["--stripe-webhook-secret", stripe::SECRET]).await.with_admin().await;
    let site = site.without_tasks().await.without_rules().await;
    let (api, client) = (Api::new(&site, "admin").await, crate::clients::client());
    let rules = host::make_rules(&api).await;
    let made = Cell::new(0);
    let run = async |actions: &[Action]| {
        made.set(made.get() + 1);
        run(Host::start(&site, &api, &client, &rules, made.get()).await, actions).await
    };
    for number in numbers.iter().copied() {
        if let Err(report) = tried(number, &run) {
            panic!("sequence {number} (PASSALONG_SEQUENCE={number} repeats it): {report}");
        }
    }
    assert_eq!(verified(&address), "", "after a sequence from {:?} to {:?}", numbers.first(), numbers.last());
}

/// What makes the sequence of a number.
fn runner(number: u64) -> TestRunner {
    let mut seed = [0; 32];
    seed[..8].copy_from_slice(&number.to_le_bytes());
    let config = Config { failure_persistence: None, max_shrink_iters: 500, cases: 1, ..Config::default() };
    TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &seed))
}

fn actions(number: u64) -> Vec<Action> {
    action::sequences().new_tree(&mut runner(number)).expect("a sequence").current()
}

/// Runs the sequence of a number. One that fails is made as short as it can be.
fn tried(number: u64, run: &impl AsyncFn(&[Action]) -> Result<(), String>) -> Result<(), String> {
    let mut runner = runner(number);
    let tree = action::sequences().new_tree(&mut runner).expect("a sequence");
    let runtime = tokio::runtime::Handle::current();
    let once = |actions: Vec<Action>| {
        tokio::task::block_in_place(|| runtime.block_on(run(&actions))).map_err(TestCaseError::fail)
    };
    match runner.run_one(tree, once) {
        Ok(_) => Ok(()),
        Err(TestError::Fail(reason, actions)) => {
            let listed: Vec<String> = actions.iter().map(|action| format!("  {action:?}")).collect();
            Err(format!("{reason}\nThe shortest sequence that does so:\n{}", listed.join("\n")))
        }
        Err(TestError::Abort(reason)) => Err(reason.to_string()),
    }
}

/// One sequence, with people, codes and payments of its own.
async fn run(mut host: Host<'_>, actions: &[Action]) -> Result<(), String> {
    let mut program = Program::default();
    for (step, action) in actions.iter().enumerate() {
        let before = program.clone();
        let Some(expected) = program.apply(action) else { continue };
        let (status, code) = host.perform(action, &before).await;
        if (status, code.as_str()) != expected {
            return Err(format!("step {step}, {action:?}, was answered with {status} {code}, not {expected:?}"));
        }
    }
    let (expected, found) = (picture::expected(&program), host.picture().await);
    let differences = expected.difference(&found).map(|line| format!("- {line}"));
    let differences: Vec<String> =
        differences.chain(found.difference(&expected).map(|line| format!("+ {line}"))).collect();
    match differences[..] {
        [] => Ok(()),
        _ => Err(format!("the site (+) is not like the model (-):\n{}", differences.join("\n"))),
    }
}

/// What `verify` has to say of a database that is not right.
fn verified(address: &str) -> String {
    let verify = Command::new(env!("CARGO_BIN_EXE_passalong")).args(["verify", "--database-url", address]).output();
    let verify = verify.expect("the binary runs");
    let said = [verify.stdout, verify.stderr].concat();
    if verify.status.success() { String::new() } else { String::from_utf8_lossy(&said).into_owned() }
}
