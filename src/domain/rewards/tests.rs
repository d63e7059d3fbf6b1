//! What is earned and what stands, case by case.

use crate::domain::{
    ids::{PaymentId, RuleId, UserId},
    money::Currency,
    rewards::{
        earning::{Earned, Occasion, PaidFacts, ReferralFacts, by_milestone, by_payments, by_sign_up},
        kind,
        ledger::{Movement, Place},
        reward::{EndReason, NewReward, Reward, RewardProblem, RewardState},
        rule::{Caps, Conditions, Milestone, MilestoneOf, Recipient, RuleTerms, RuleVersion, Trigger},
        standing::{at_milestone, standing},
        steps::CHOICE_OPEN,
    },
    time::{DAY, Time},
};
use proptest::prelude::*;

const ANN: UserId = UserId(1);
const BOB: UserId = UserId(2);

fn usd() -> Option<Currency> {
    Currency::parse("USD")
}

fn terms(trigger: Trigger) -> RuleTerms {
    RuleTerms {
        trigger,
        kind: kind::ACCOUNT_CREDIT.into(),
        amount: Some(1_000),
        currency: Some("USD".into()),
        ..RuleTerms::default()
    }
}

fn percent(basis_points: i64) -> RuleTerms {
    RuleTerms { amount: None, basis_points: Some(basis_points), currency: None, ..terms(Trigger::EveryConversion) }
}

fn rule(id: i64, terms: RuleTerms) -> RuleVersion {
    RuleVersion { rule: RuleId(id), version: 1, terms, since: Time(0), until: None }
}

fn referral() -> ReferralFacts {
    ReferralFacts {
        id: 7,
        referee: BOB,
        referrer: Some(ANN),
        signed_up_at: Time(10),
        corrected_at: None,
        email_verified: false,
        in_review: false,
    }
}

fn paid(id: i64, amount: i64) -> PaidFacts {
    PaidFacts {
        id: PaymentId(id),
        recorded_at: Time(20 + id),
        occurred_at: Time(20 + id),
        amount,
        net_amount: amount,
        currency: usd(),
        refunded: 0,
        disputed: false,
        counts: true,
        duplicate: false,
        earns: true,
        product: None,
        period_start: None,
    }
}

fn amounts(earned: &[Earned]) -> Vec<i64> {
    earned.iter().map(|earned| earned.rules[0].amount).collect()
}

/// A reward as it was just granted.
fn granted(terms: &RuleTerms, occasion: Occasion, amount: i64) -> Reward {
    Reward::granted(NewReward {
        rule_id: RuleId(1),
        rule_version: 1,
        granted_by: "rule:1".into(),
        user_id: ANN,
        recipient: terms.recipient,
        occasion: occasion.to_string(),
        referee_id: BOB,
        referral_id: Some(7),
        referrer_id: Some(ANN),
        payment_id: None,
        choice_id: None,
        options: "[]".into(),
        kind: terms.kind.clone(),
        unit: None,
        currency: None,
        description: String::new(),
        granted: amount,
        hold_until: Time(100),
        needs_approval: false,
        valid_days: Some(1),
        happened_at: Time(20),
        created_at: Time(20),
    })
}

/// What stands of a reward of `terms` for a payment after each of these sums was given back.
fn stands_after(terms: &RuleTerms, payment: &PaidFacts, refunds: &[i64]) -> Vec<i64> {
    let earned = by_payments(&[rule(1, terms.clone())], &referral(), std::slice::from_ref(payment));
    let reward = granted(terms, Occasion::Payment(payment.id), earned[0].rules[0].amount);
    let stands = |refunded: &i64| {
        let payment = PaidFacts { refunded: *refunded, ..payment.clone() };
        standing(&reward, terms, Some(&referral()), &[payment]).amount
    };
    refunds.iter().map(stands).collect()
}

#[test]
fn a_percentage_is_rounded_half_up_and_nothing_is_no_reward() {
    let earned = |basis_points, amount| {
        amounts(&by_payments(&[rule(1, percent(basis_points))], &referral(), &[paid(1, amount)]))
    };
    assert_eq!(earned(115, 3_000), [35]);
    assert_eq!(earned(3_000, 1), [0; 0]);
    assert_eq!(earned(5_000, 1), [1]);
    assert_eq!(earned(1_150, 10_000), [1_150]);
}

#[test]
fn three_partial_refunds_take_what_is_due_and_no_more() {
    assert_eq!(stands_after(&percent(1_000), &paid(1, 1_000), &[0, 333, 666, 1_000]), [100, 67, 33, 0]);
    let hundred = RuleTerms { amount: Some(100), ..terms(Trigger::EveryConversion) };
    let thirds = stands_after(&hundred, &paid(1, 999), &[333, 666, 999]);
    assert_eq!(thirds, [67, 33, 0]);
}

#[test]
fn a_percentage_is_of_what_was_paid_without_tax() {
    let payment = PaidFacts { net_amount: 10_000, ..paid(1, 12_000) };
    assert_eq!(stands_after(&percent(1_000), &payment, &[0, 6_000, 12_000]), [1_000, 500, 0]);
}

#[test]
fn a_credit_of_dollars_for_a_payment_in_euros_is_dollars() {
    let euros = PaidFacts { currency: Currency::parse("EUR"), ..paid(1, 5_000) };
    let of = |terms| by_payments(&[rule(1, terms)], &referral(), std::slice::from_ref(&euros))[0].rules[0].currency;
    assert_eq!(of(terms(Trigger::EveryConversion)), usd());
    assert_eq!(of(percent(1_000)), Currency::parse("EUR"));
}

#[test]
fn what_is_no_money_stands_until_all_is_refunded_or_too_little_is_left() {
    let messages = RuleTerms {
        kind: kind::EXTRA_MESSAGES.into(),
        amount: Some(50),
        currency: None,
        ..terms(Trigger::EveryConversion)
    };
    assert_eq!(stands_after(&messages, &paid(1, 1_000), &[999, 1_000]), [50, 0]);
    let least = Conditions { min_amount: Some(500), ..Conditions::default() };
    let conditional = RuleTerms { conditions: least, currency: Some("USD".into()), ..messages };
    assert_eq!(stands_after(&conditional, &paid(1, 1_000), &[500, 501]), [50, 0]);
}

#[test]
fn three_payments_of_four_reach_a_threshold_of_ten() {
    let total = Conditions { min_total: Some(10), ..Conditions::default() };
    let payments = [paid(1, 4), paid(2, 4), paid(3, 4), paid(4, 4)];
    for (trigger, expected) in [
        (Trigger::FirstConversion, vec![Some(PaymentId(3))]),
        (Trigger::EveryConversion, vec![Some(PaymentId(3)), Some(PaymentId(4))]),
    ] {
        let terms = RuleTerms { conditions: total.clone(), ..terms(trigger) };
        let earned = by_payments(&[rule(1, terms)], &referral(), &payments);
        assert_eq!(earned.iter().map(|earned| earned.payment).collect::<Vec<_>>(), expected, "{trigger:?}");
    }
}

#[test]
fn twelve_months_count_from_the_first_period_whenever_somebody_pays() {
    let months = Conditions { months: Some(12), ..Conditions::default() };
    let terms = RuleTerms { conditions: months, ..percent(1_000) };
    let month = |n: i64| Time::parse_minute("2026-01-05T00:00").map(|first| crate::domain::time::month_later(first, n));
    let period = |id, n, days_late: i64| PaidFacts {
        period_start: month(n),
        occurred_at: month(n).unwrap_or_default().plus(days_late * DAY),
        ..paid(id, 1_000)
    };
    // The twelfth is paid two months late, the thirteenth on time.
    let payments = [period(1, 0, 3), period(2, 11, 60), period(3, 12, 0)];
    let earned = by_payments(&[rule(1, terms)], &referral(), &payments);
    assert_eq!(
        earned.iter().map(|earned| earned.payment).collect::<Vec<_>>(),
        [Some(PaymentId(1)), Some(PaymentId(2))]
    );
}

#[test]
fn the_version_of_when_a_payment_was_first_told_of_decides() {
    let old = RuleVersion { until: Some(Time(30)), ..rule(1, percent(1_000)) };
    let new = RuleVersion { version: 2, since: Time(30), ..rule(1, percent(2_000)) };
    let payments = [
        PaidFacts { recorded_at: Time(29), ..paid(1, 100) },
        PaidFacts { recorded_at: Time(30), occurred_at: Time(5), ..paid(2, 100) },
    ];
    let earned = by_payments(&[old.clone(), new.clone()], &referral(), &payments);
    assert_eq!(amounts(&earned), [10, 20]);
    // A referral that is credited to somebody since then has the rules of then.
    let moved = ReferralFacts { corrected_at: Some(Time(40)), ..referral() };
    assert_eq!(amounts(&by_payments(&[old, new], &moved, &payments)), [20, 20]);
}

#[test]
fn the_first_conversion_is_the_next_one_when_the_first_is_refunded() {
    let terms = terms(Trigger::FirstConversion);
    let first = PaidFacts { refunded: 100, ..paid(1, 100) };
    let earned = |payments: &[PaidFacts]| by_payments(&[rule(1, terms.clone())], &referral(), payments)[0].payment;
    assert_eq!(earned(&[paid(1, 100), paid(2, 100)]), Some(PaymentId(1)));
    assert_eq!(earned(&[first.clone(), paid(2, 100)]), Some(PaymentId(2)));
    assert_eq!(earned(std::slice::from_ref(&first)), Some(PaymentId(1)));
    let reward = Reward { payment_id: Some(PaymentId(1)), ..granted(&terms, Occasion::First(BOB), 1_000) };
    let of = |payments: &[PaidFacts]| {
        let found = standing(&reward, &terms, Some(&referral()), payments);
        (found.payment, found.amount)
    };
    assert_eq!(of(std::slice::from_ref(&first)), (Some(PaymentId(1)), 0));
    assert_eq!(of(&[first, paid(2, 100)]), (Some(PaymentId(2)), 1_000));
}

#[test]
fn both_sides_earn_by_a_sign_up_and_a_code_without_a_referrer_earns_for_the_friend() {
    let of = |recipient| RuleTerms { recipient, ..terms(Trigger::Signup) };
    let rules = [rule(1, of(Recipient::Referrer)), rule(2, of(Recipient::Referee))];
    let users = |referral: &ReferralFacts| {
        by_sign_up(&rules, referral, Time(10)).iter().map(|earned| earned.user).collect::<Vec<_>>()
    };
    assert_eq!(users(&referral()), [ANN, BOB]);
    assert_eq!(users(&ReferralFacts { referrer: None, ..referral() }), [BOB]);
}

/// A rule for so many friends who paid.
fn milestone(count: Option<i64>) -> RuleTerms {
    let milestone = Some(Milestone { of: MilestoneOf::Converted, count });
    RuleTerms { conditions: Conditions { milestone, ..Conditions::default() }, ..terms(Trigger::Milestone) }
}

#[test]
fn a_milestone_earns_by_the_version_of_now_within_its_dates() {
    let five = Milestone { of: MilestoneOf::Converted, count: Some(5) };
    let goal = Milestone { count: None, ..five };
    let ends = RuleTerms { ends_at: Some(Time(25)), ..milestone(Some(5)) };
    let rules = [
        RuleVersion { until: Some(Time(30)), ..rule(1, milestone(Some(5))) },
        RuleVersion { version: 2, since: Time(30), ..rule(1, milestone(Some(6))) },
        rule(2, ends),
        rule(3, milestone(None)),
        rule(4, terms(Trigger::FirstConversion)),
    ];
    let earned = |milestone, at, now| {
        let earned = by_milestone(&rules, &referral(), milestone, 5, Time(at), Time(now));
        earned.iter().map(|earned| (earned.rules[0].rule.0, earned.user, earned.occasion)).collect::<Vec<_>>()
    };
    let reached = |rule| (rule, ANN, Occasion::Milestone(5));
    assert_eq!(earned(five, 20, 29), [reached(1), reached(2)]);
    assert_eq!(earned(five, 25, 29), [reached(1)]);
    assert_eq!(earned(five, 20, 30), [reached(2)]);
    assert_eq!(earned(goal, 20, 30), [reached(3)]);
    assert_eq!("milestone:5".parse(), Ok(Occasion::Milestone(5)));
    assert_eq!(Occasion::Milestone(5).to_string(), "milestone:5");
}

#[test]
fn a_milestone_falls_with_its_number_and_comes_back_as_it_was() {
    let mut reward = granted(&milestone(Some(5)), Occasion::Milestone(5), 10);
    reward.advance(Time(100), None);
    assert_eq!(reward.redeem(None, Time(101)), Ok(true));
    let follow = |reward: &mut Reward, reached_at: Option<i64>| {
        let found = at_milestone(reward, reached_at.map(Time));
        reward.is_for(found.payment, found.happened_at);
        reward.stand_at(found.amount, found.reason);
    };
    follow(&mut reward, None);
    assert_eq!(
        (reward.state, reward.owed(), reward.reason),
        (RewardState::Reversed, 10, Some(EndReason::BelowMilestone))
    );
    follow(&mut reward, Some(70));
    assert_eq!((reward.state, reward.owed(), reward.reason), (RewardState::Redeemed, 0, None));
    // On hold, it waits from when the number was reached again.
    let mut waiting = granted(&milestone(Some(5)), Occasion::Milestone(5), 10);
    follow(&mut waiting, None);
    assert_eq!(waiting.state, RewardState::Voided);
    follow(&mut waiting, Some(70));
    assert_eq!((waiting.state, waiting.hold_until), (RewardState::Pending, Time(150)));
}

#[test]
fn a_milestone_is_for_the_referrer_and_about_all_friends() {
    let wrong = |terms: RuleTerms| {
        let errors = terms.validated("USD").err().unwrap_or_default();
        errors.into_iter().map(|error| error.field).collect::<Vec<_>>()
    };
    let with = |conditions: Conditions| RuleTerms { conditions, ..milestone(Some(5)) };
    let own = milestone(Some(5)).conditions;
    assert_eq!(wrong(milestone(Some(5))), [""; 0]);
    assert_eq!(wrong(milestone(None)), [""; 0]);
    assert_eq!(wrong(milestone(Some(0))), ["conditions.milestone.count"]);
    assert_eq!(wrong(terms(Trigger::Milestone)), ["conditions.milestone"]);
    assert_eq!(wrong(RuleTerms { trigger: Trigger::Signup, ..milestone(Some(5)) }), ["conditions.milestone"]);
    assert_eq!(wrong(RuleTerms { recipient: Recipient::Referee, ..milestone(Some(5)) }), ["recipient"]);
    assert_eq!(wrong(RuleTerms { amount: None, basis_points: Some(1), ..milestone(Some(5)) }), ["basis_points"]);
    assert_eq!(wrong(with(Conditions { min_amount: Some(1), ..own.clone() })), ["conditions.min_amount"]);
    assert_eq!(wrong(with(Conditions { product: Some("p".into()), ..own.clone() })), ["conditions.product"]);
    assert_eq!(wrong(with(Conditions { verified_email: true, ..own })), ["conditions.verified_email"]);
    let caps = Caps { per_referral: Some(1), ..Caps::default() };
    assert_eq!(wrong(RuleTerms { caps, ..milestone(Some(5)) }), ["caps.per_referral"]);
}

#[test]
fn a_reward_waits_is_used_once_and_says_why_not_again() {
    let mut reward = granted(&terms(Trigger::Signup), Occasion::Signup(BOB), 10);
    assert_eq!(reward.redeem(None, Time(99)), Err(RewardProblem::OnHold));
    reward.advance(Time(99), None);
    assert_eq!(reward.state, RewardState::Pending);
    reward.advance(Time(100), None);
    assert_eq!((reward.state, reward.valid_until), (RewardState::Active, Some(Time(100).plus(DAY))));
    assert_eq!(reward.redeem(Some("order-1"), Time(101)), Ok(true));
    assert_eq!(reward.redeem(Some("order-1"), Time(102)), Ok(false));
    assert_eq!(reward.redeem(Some("order-2"), Time(102)), Err(RewardProblem::AlreadyRedeemed));
    assert_eq!(reward.redeem(None, Time(102)), Err(RewardProblem::AlreadyRedeemed));
}

#[test]
fn what_is_over_cannot_be_used_before_anybody_has_noticed() {
    let mut reward = granted(&terms(Trigger::Signup), Occasion::Signup(BOB), 10);
    reward.advance(Time(100), None);
    let over = Time(100).plus(DAY);
    assert_eq!((reward.usable_at(over.plus(-1)), reward.usable_at(over)), (10, 0));
    assert_eq!(reward.state_at(over), RewardState::Expired);
    assert_eq!(reward.redeem(None, over), Err(RewardProblem::Expired));
    reward.advance(over, None);
    assert_eq!((reward.state, reward.expired), (RewardState::Expired, 10));
}

#[test]
fn a_dispute_freezes_and_gives_the_time_back() {
    let mut reward = granted(&terms(Trigger::Signup), Occasion::Signup(BOB), 10);
    reward.set_frozen(true, Time(50));
    reward.advance(Time(200), None);
    assert_eq!((reward.state, reward.redeem(None, Time(200))), (RewardState::Pending, Err(RewardProblem::Frozen)));
    reward.set_frozen(false, Time(210));
    reward.advance(Time(210), None);
    let until = Time(210).plus(DAY);
    assert_eq!(reward.valid_until, Some(until));
    reward.set_frozen(true, until.plus(-5));
    assert_eq!((reward.usable_at(until.plus(-4)), reward.state_at(until.plus(9))), (0, RewardState::Active));
    reward.set_frozen(false, until.plus(95));
    assert_eq!(reward.valid_until, Some(until.plus(100)));
}

#[test]
fn what_is_taken_back_while_it_is_frozen_has_its_time_when_it_comes_back() {
    let mut reward = granted(&terms(Trigger::Signup), Occasion::Signup(BOB), 10);
    reward.advance(Time(100), None);
    reward.set_frozen(true, Time(110));
    reward.stand_at(0, Some(EndReason::Refunded));
    reward.set_frozen(true, Time(150));
    assert_eq!((reward.state, reward.is_frozen()), (RewardState::Reversed, false));
    reward.stand_at(10, None);
    assert_eq!((reward.state, reward.valid_until), (RewardState::Active, Some(Time(140).plus(DAY))));
    reward.set_frozen(true, Time(160));
    reward.end(EndReason::Cancelled, None, false, Time(170));
    assert!(!reward.is_frozen());
}

#[test]
fn what_was_used_is_owed_when_it_is_taken_back_and_given_back_with_a_failed_refund() {
    let mut reward = granted(&terms(Trigger::Signup), Occasion::Signup(BOB), 10);
    reward.advance(Time(100), None);
    reward.spend(4, Time(101));
    reward.stand_at(0, Some(EndReason::Refunded));
    assert_eq!((reward.state, reward.owed(), reward.reason), (RewardState::Reversed, 4, Some(EndReason::Refunded)));
    reward.stand_at(10, None);
    assert_eq!((reward.state, reward.available, reward.owed(), reward.reason), (RewardState::Active, 6, 0, None));
    // What has expired is not owed.
    reward.advance(Time(100).plus(DAY), None);
    reward.stand_at(0, Some(EndReason::Refunded));
    assert_eq!((reward.owed(), reward.expired), (4, 0));
    assert_eq!(reward.settle(), Ok(()));
    assert_eq!((reward.owed(), reward.settled, reward.settle()), (0, 4, Err(RewardProblem::NothingOwed)));
}

#[test]
fn a_debt_that_is_written_off_stays_so() {
    let mut reward = granted(&terms(Trigger::Signup), Occasion::Signup(BOB), 10);
    reward.advance(Time(100), None);
    assert_eq!(reward.redeem(None, Time(101)), Ok(true));
    reward.stand_at(0, Some(EndReason::Refunded));
    assert_eq!(reward.write_off(), Ok(()));
    reward.stand_at(0, Some(EndReason::Refunded));
    assert_eq!((reward.owed(), reward.state), (0, RewardState::Redeemed));
}

#[test]
fn what_a_person_has_ended_no_payment_brings_back() {
    let mut reward = granted(&terms(Trigger::Signup), Occasion::Signup(BOB), 10);
    reward.end(EndReason::Cancelled, Some("fraud".into()), false, Time(50));
    reward.stand_at(10, None);
    assert_eq!((reward.state, reward.reason), (RewardState::Voided, Some(EndReason::Cancelled)));
    let mut reward = granted(&terms(Trigger::Signup), Occasion::Signup(BOB), 10);
    reward.stand_at(0, Some(EndReason::Refunded));
    assert_eq!(reward.state, RewardState::Voided);
    reward.stand_at(10, None);
    assert_eq!((reward.state, reward.reason), (RewardState::Pending, None));
}

#[test]
fn an_option_is_picked_once_and_in_time() {
    let choice = || {
        let terms = RuleTerms { kind: kind::CHOICE.into(), ..terms(Trigger::Signup) };
        granted(&terms, Occasion::Signup(BOB), 1)
    };
    let mut picked = choice();
    picked.advance(Time(100), None);
    assert_eq!(
        (picked.state, picked.redeem(None, Time(100))),
        (RewardState::Pending, Err(RewardProblem::ChoicePending))
    );
    assert_eq!(picked.choose("pro", Time(101)), Ok(true));
    assert_eq!(picked.choose("pro", Time(102)), Ok(false));
    assert_eq!(picked.choose("credit", Time(102)), Err(RewardProblem::AlreadyChosen));
    picked.stand_at(0, Some(EndReason::Refunded));
    assert_eq!((picked.state, picked.owed()), (RewardState::Redeemed, 0));
    let mut late = choice();
    late.advance(Time(20).plus(CHOICE_OPEN), None);
    assert_eq!((late.state, late.reason), (RewardState::Voided, Some(EndReason::NotChosen)));
    let mut held = choice();
    held.set_frozen(true, Time(30));
    held.advance(Time(30).plus(400 * DAY), None);
    assert_eq!((held.state, held.due_at), (RewardState::Pending, None));
    held.set_frozen(false, Time(30).plus(400 * DAY));
    assert_eq!(held.due_at, Some(Time(20).plus(CHOICE_OPEN + 400 * DAY)), "the time for it stood still");
}

#[test]
fn two_unlocks_of_seven_days_end_fourteen_days_after_the_first_began() {
    let week =
        || Reward { kind: kind::FEATURE_UNLOCK.into(), ..granted(&terms(Trigger::Signup), Occasion::Signup(BOB), 7) };
    let (mut first, mut second) = (week(), week());
    first.advance(Time(100), None);
    second.advance(Time(150), first.valid_until);
    assert_eq!(second.valid_until, Some(Time(100).plus(14 * DAY)));
    let mut third = week();
    third.advance(Time(100).plus(20 * DAY), second.valid_until);
    assert_eq!(third.valid_until, Some(Time(100).plus(27 * DAY)));
}

/// A step that anybody can take at any time.
#[derive(Clone, Debug)]
enum Step {
    Advance(i64),
    Stand(i64),
    Freeze(bool),
    Redeem,
    Spend(i64),
    End(bool),
    Settle,
    WriteOff,
    Spare,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        (0..2 * DAY).prop_map(Step::Advance),
        (0_i64..15).prop_map(Step::Stand),
        any::<bool>().prop_map(Step::Freeze),
        Just(Step::Redeem),
        (1_i64..12).prop_map(Step::Spend),
        any::<bool>().prop_map(Step::End),
        Just(Step::Settle),
        Just(Step::WriteOff),
        Just(Step::Spare),
    ]
}

proptest! {
    #[test]
    fn the_books_balance_after_any_steps(steps in prop::collection::vec(step(), 0..30)) {
        let mut reward = granted(&terms(Trigger::Signup), Occasion::Signup(BOB), 10);
        let mut now = Time(20);
        for step in steps {
            match step {
                Step::Advance(by) => {
                    now = now.plus(by);
                    reward.advance(now, None);
                }
                Step::Stand(amount) => reward.stand_at(amount, Some(EndReason::Refunded)),
                Step::Freeze(frozen) => reward.set_frozen(frozen, now),
                Step::Redeem => drop(reward.redeem(None, now)),
                Step::Spend(amount) => reward.spend(amount, now),
                Step::End(spare) => reward.end(EndReason::Cancelled, None, spare, now),
                Step::Settle => drop(reward.settle()),
                Step::WriteOff => drop(reward.write_off()),
                Step::Spare => reward.spare(),
            }
            let sum = |place: Place| {
                let part = |movement: &Movement| {
                    i64::from(movement.to == place) * movement.amount - i64::from(movement.from == place) * movement.amount
                };
                reward.moved.iter().map(part).sum::<i64>()
            };
            let places = [Place::Pending, Place::Available, Place::Redeemed, Place::Expired, Place::Void];
            let counted = [reward.pending, reward.available, reward.redeemed, reward.expired, reward.void];
            prop_assert_eq!(places.map(sum), counted);
            prop_assert_eq!((-sum(Place::Issued), -sum(Place::Settled)), (reward.issued, reward.settled));
            prop_assert!(reward.moved.iter().all(|movement| movement.amount > 0));
            // What was paid back can be used once more.
            prop_assert!(reward.stands() >= 0 && reward.redeemed <= reward.issued + reward.settled);
            prop_assert!(reward.owed() <= reward.redeemed);
        }
    }
}
