//! Random sequences of all that happens to sign-ups and payments, at the real site and in a small model of it. At the end
//! both look the same, and `verify` finds nothing. A sequence follows from its number: it is the same on both databases, and
//! can be repeated.

mod action;
mod host;
mod payment;
mod picture;
mod program;

use crate::{api::Api, on_both, site::Site, stripe};
use action::Action;
use host::Host;
use program::Program;
use proptest::{
    strategy::Strategy,
    test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner},
};
use reqwest::Client;
use std::{cell::Cell, ops::Range, process::Command};

/// Sequences after which the whole database is recounted.
const RECOUNTED: u64 = 100;

/// The numbers of the sequences: `PASSALONG_SEQUENCES` for more of them, `PASSALONG_SEQUENCE` for one alone.
fn sequences() -> Range<u64> {
    let number = |name| std::env::var(name).ok().map(|text| text.parse::<u64>().expect("a number"));
    match number("PASSALONG_SEQUENCE") {
        Some(one) => one..one + 1,
        None => 0..number("PASSALONG_SEQUENCES").unwrap_or(1_000),
    }
}

on_both!(whatever_happens_to_payments_looks_as_in_the_model, |db| {
    let address = crate::address(&db);
    let site = Site::start_with(db, &["--stripe-webhook-secret", stripe::SECRET]).await.with_admin().await;
    let site = site.without_tasks().await;
    let (api, client) = (Api::new(&site, "admin").await, Client::new());
    let made = Cell::new(0);
    for number in sequences() {
        let recount = (number + 1) % RECOUNTED == 0 || number + 1 == sequences().end;
        let run = async |actions: &[Action]| {
            made.set(made.get() + 1);
            run(Host::start(&site, &api, &client, made.get()).await, actions).await
        };
        if let Err(report) = tried(number, &run) {
            panic!("sequence {number} (PASSALONG_SEQUENCE={number} repeats it): {report}");
        }
        if recount {
            assert_eq!(verified(&address), "", "after sequence {number}, or up to {RECOUNTED} before it");
        }
    }
});

/// Runs the sequence of a number. One that fails is made as short as it can be.
fn tried(number: u64, run: &impl AsyncFn(&[Action]) -> Result<(), String>) -> Result<(), String> {
    let mut seed = [0; 32];
    seed[..8].copy_from_slice(&number.to_le_bytes());
    let config = Config { failure_persistence: None, max_shrink_iters: 500, cases: 1, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &seed));
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
        let status = host.perform(action, &before).await;
        if status != expected {
            return Err(format!("step {step}, {action:?}, was answered with {status}, not {expected}"));
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
