//! The cases that decide what a payment is worth, and that the order of messages does not matter.

use super::{
    clues::{Clue, ClueKind},
    facts::{Fact, PaymentSource},
    references::Reference,
    standing::{Circumstances, ParkedReason, Payer, PaymentState, Standing, standing},
    stripe::{NoEvent, read_event},
};
use crate::domain::{
    money::Currency,
    time::{DAY, Time},
};
use serde_json::{Value, json};
use std::collections::BTreeSet;

const NOW: i64 = 1_794_656_000;

/// An event around an object.
fn event(kind: &str, object: Value) -> Value {
    json!({
        "id": format!("evt_{kind}"), "object": "event", "type": kind, "created": NOW, "livemode": true,
        "data": {"object": object},
    })
}

/// Facts of many messages, joined in their order.
fn joined(events: &[Value]) -> (Vec<Fact>, BTreeSet<Reference>) {
    let (mut facts, mut references): (Vec<Fact>, _) = (vec![], BTreeSet::new());
    for event in events {
        let message = read_event(event.to_string().as_bytes()).expect("an event").message.expect("of a payment");
        references.extend(message.references);
        for told in message.facts {
            match facts.iter_mut().find(|known| known.is_same(&told)) {
                Some(known) => *known = known.then(&told),
                None => facts.push(told),
            }
        }
    }
    (facts, references)
}

fn brought() -> Circumstances {
    let signed_up_at = Some(Time(NOW * 1_000 - DAY));
    Circumstances {
        payer: Payer { known: true, signed_up_at },
        gross: false,
        taken_up: false,
        recorded_at: Time(NOW * 1_000),
        now: Time(NOW * 1_000),
    }
}

fn stands(events: &[Value]) -> Standing {
    standing(&joined(events).0, &brought())
}

fn numbers(events: &[Value]) -> (PaymentState, i64, i64, i64, i64) {
    let found = stands(events);
    (found.state, found.amount, found.net_amount, found.refunded, found.revenue)
}

fn session() -> Value {
    event(
        "checkout.session.completed",
        json!({
            "id": "cs_1", "object": "checkout.session", "mode": "subscription", "invoice": "in_1", "payment_intent": null,
            "payment_status": "paid", "amount_total": 4900, "currency": "usd", "customer": "cus_1", "client_reference_id": "bob",
            "customer_details": {"email": "Bob@Example.com"},
        }),
    )
}

fn invoice(more: Value) -> Value {
    let mut object = json!({
        "id": "in_1", "object": "invoice", "amount_paid": 4900, "currency": "usd", "total": 4900,
        "total_excluding_tax": 4000, "customer": "cus_1", "customer_email": "bob@example.com", "attempt_count": 1,
        "billing_reason": "subscription_create", "status_transitions": {"paid_at": NOW - 5},
    });
    object.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    event("invoice.paid", object)
}

/// The shape before 2025-03-31, and the one from then on.
fn invoice_before() -> Value {
    invoice(json!({"payment_intent": "pi_1", "charge": "ch_1", "lines": {"data": [
        {"type": "subscription", "period": {"start": NOW}, "price": {"product": "prod_1"}}]}}))
}

fn invoice_after() -> Value {
    invoice(json!({"lines": {"data": [
        {"parent": {"type": "subscription_item_details"}, "period": {"start": NOW},
         "pricing": {"price_details": {"product": "prod_1"}}}]}}))
}

fn invoice_payment() -> Value {
    event(
        "invoice_payment.paid",
        json!({
            "id": "inpay_1", "object": "invoice_payment", "invoice": "in_1", "status": "paid",
            "payment": {"type": "payment_intent", "payment_intent": "pi_1"},
        }),
    )
}

fn intent() -> Value {
    event(
        "payment_intent.succeeded",
        json!({
            "id": "pi_1", "object": "payment_intent", "invoice": "in_1", "latest_charge": "ch_1", "customer": "cus_1",
            "amount": 4900, "currency": "usd",
        }),
    )
}

fn charge(kind: &str, refunded: i64, more: Value) -> Value {
    let mut object = json!({
        "id": "ch_1", "object": "charge", "payment_intent": "pi_1", "amount": 4900, "amount_refunded": refunded,
        "currency": "usd", "customer": "cus_1",
    });
    object.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    event(kind, object)
}

fn refund(kind: &str, status: &str, amount: i64) -> Value {
    event(
        kind,
        json!({
            "id": "re_1", "object": "refund", "charge": "ch_1", "payment_intent": "pi_1", "amount": amount,
            "currency": "usd", "status": status,
        }),
    )
}

fn dispute(kind: &str, status: &str) -> Value {
    event(
        kind,
        json!({
            "id": "dp_1", "object": "dispute", "charge": "ch_1", "payment_intent": "pi_1", "amount": 4900,
            "currency": "usd", "status": status,
        }),
    )
}

/// Every order of the messages.
fn orders(messages: &[Value]) -> Vec<Vec<Value>> {
    if messages.len() < 2 {
        return vec![messages.to_vec()];
    }
    let mut all = vec![];
    for (n, first) in messages.iter().enumerate() {
        let rest: Vec<Value> = messages.iter().enumerate().filter(|(i, _)| *i != n).map(|(_, m)| m.clone()).collect();
        all.extend(orders(&rest).into_iter().map(|order| [vec![first.clone()], order].concat()));
    }
    all
}

#[test]
fn all_orders_of_messages_in_both_shapes_and_mixed_end_the_same() {
    let refunded = refund("refund.created", "succeeded", 1_000);
    let old_charge = json!({"invoice": "in_1"});
    let before = [
        session(),
        invoice_before(),
        intent(),
        charge("charge.succeeded", 0, old_charge.clone()),
        charge("charge.refunded", 1_000, old_charge),
        refunded.clone(),
    ];
    let after = [
        session(),
        invoice_after(),
        invoice_payment(),
        charge("charge.succeeded", 0, json!({})),
        charge("charge.refunded", 1_000, json!({})),
        refunded,
    ];
    let mixed =
        [before[0].clone(), after[1].clone(), after[2].clone(), before[3].clone(), after[4].clone(), before[5].clone()];
    let expected = (PaymentState::Counted, 4_900, 4_000, 1_000, 3_184);
    let names = ["ch_1", "cs_1", "in_1", "pi_1"].map(Reference::stripe);
    for (shape, messages) in [("before", before), ("after", after), ("mixed", mixed)] {
        let all = orders(&messages);
        assert_eq!(all.len(), 720);
        for order in all {
            assert_eq!(numbers(&order), expected, "{shape}");
            // Told twice, it is the same.
            assert_eq!(numbers(&[order.clone(), order.clone()].concat()), expected, "{shape}");
            assert!(joined(&order).1.iter().eq(&names), "{shape}");
            let found = stands(&order);
            assert_eq!((found.product.as_deref(), found.period_start), (Some("prod_1"), Some(Time(NOW * 1_000))));
        }
    }
}

#[test]
fn a_trial_is_no_payment_and_the_first_real_one_is() {
    let trial = invoice(json!({"amount_paid": 0, "total": 0, "total_excluding_tax": 0}));
    assert_eq!(stands(&[trial]).state, PaymentState::Incomplete);
    let free = event(
        "checkout.session.completed",
        json!({
            "id": "cs_1", "object": "checkout.session", "mode": "payment", "payment_status": "no_payment_required",
            "amount_total": 0, "currency": "usd",
        }),
    );
    assert_eq!(stands(&[free]).state, PaymentState::Incomplete);
    assert_eq!(numbers(&[invoice_after()]), (PaymentState::Counted, 4_900, 4_000, 0, 4_000));
}

#[test]
fn a_checkout_without_an_invoice_is_money_once_it_is_paid() {
    let checkout = |kind: &str, status: &str| {
        event(
            kind,
            json!({
                "id": "cs_1", "object": "checkout.session", "mode": "payment", "payment_intent": "pi_1", "invoice": null,
                "payment_status": status, "amount_total": 1_190, "currency": "eur", "total_details": {"amount_tax": 190},
            }),
        )
    };
    let (unpaid, paid) = (
        checkout("checkout.session.completed", "unpaid"),
        checkout("checkout.session.async_payment_succeeded", "paid"),
    );
    assert_eq!(stands(std::slice::from_ref(&unpaid)).state, PaymentState::Incomplete);
    for order in [[unpaid.clone(), paid.clone()], [paid, unpaid]] {
        assert_eq!(numbers(&order), (PaymentState::Counted, 1_190, 1_000, 0, 1_000));
    }
}

#[test]
fn a_refund_that_fails_gives_back_what_it_took() {
    let paid = invoice_before();
    let total = charge("charge.refunded", 4_900, json!({}));
    let (begun, failed) = (refund("refund.created", "pending", 4_900), refund("refund.failed", "failed", 4_900));
    assert_eq!(stands(&[paid.clone(), total.clone(), begun.clone()]).state, PaymentState::Refunded);
    for order in orders(&[paid.clone(), total, begun, failed]) {
        assert_eq!(numbers(&order), (PaymentState::Counted, 4_900, 4_000, 0, 4_000));
    }
    // What was cancelled never happened either, under its older name.
    let cancelled = refund("charge.refund.updated", "canceled", 4_900);
    assert_eq!(stands(&[paid, cancelled]).refunded, 0);
}

#[test]
fn a_dispute_freezes_and_is_a_refund_once_it_is_lost() {
    let paid = invoice_before();
    let opened = dispute("charge.dispute.created", "needs_response");
    let disputed = stands(&[paid.clone(), opened.clone()]);
    assert_eq!((disputed.state, disputed.disputed, disputed.revenue), (PaymentState::Disputed, true, 4_000));
    let (won, lost) = (dispute("charge.dispute.closed", "won"), dispute("charge.dispute.closed", "lost"));
    for order in orders(&[paid.clone(), opened.clone(), won.clone()]) {
        assert_eq!(stands(&order).state, PaymentState::Counted);
    }
    for order in orders(&[paid.clone(), opened.clone(), lost]) {
        assert_eq!(numbers(&order), (PaymentState::Refunded, 4_900, 4_000, 4_900, 0));
    }
    for order in orders(&[paid.clone(), opened.clone(), won, charge("charge.refunded", 4_900, json!({}))]) {
        assert_eq!(stands(&order).state, PaymentState::Refunded);
    }
    // An inquiry that was closed, and a state that nobody knows.
    let closed = dispute("charge.dispute.closed", "warning_closed");
    assert_eq!(stands(&[paid.clone(), opened.clone(), closed]).state, PaymentState::Counted);
    let strange = dispute("charge.dispute.updated", "someday");
    assert_eq!(stands(&[paid.clone(), strange.clone()]).state, PaymentState::Counted);
    assert_eq!(stands(&[paid, opened, strange]).state, PaymentState::Disputed);
}

#[test]
fn an_invoice_marked_as_paid_by_hand_waits_for_a_charge() {
    let by_hand = invoice(json!({"billing_reason": "manual", "attempt_count": 0}));
    let waiting = stands(std::slice::from_ref(&by_hand));
    assert_eq!((waiting.state, waiting.parked_because), (PaymentState::Parked, Some(ParkedReason::Unconfirmed)));
    for order in orders(&[by_hand, invoice_payment()]) {
        assert_eq!(stands(&order).state, PaymentState::Counted);
    }
}

#[test]
fn amounts_of_stripe_are_in_the_smallest_units_of_their_currency() {
    for (currency, told, amount) in [("jpy", 500, 500), ("kwd", 1_250, 1_250), ("isk", 199_000, 1_990), ("eur", 99, 99)]
    {
        let paid =
            invoice(json!({"amount_paid": told, "total": told, "total_excluding_tax": told, "currency": currency}));
        assert_eq!(
            (stands(std::slice::from_ref(&paid)).amount, stands(&[paid]).revenue),
            (amount, amount),
            "{currency}"
        );
    }
}

#[test]
fn net_is_without_the_tax_that_stripe_says_and_gross_with_it() {
    let paid = invoice(json!({"amount_paid": 2_450}));
    assert_eq!(
        (stands(std::slice::from_ref(&paid)).net_amount, stands(std::slice::from_ref(&paid)).revenue),
        (2_000, 2_000),
        "half of it was paid"
    );
    let gross = standing(&joined(&[paid]).0, &Circumstances { gross: true, ..brought() });
    assert_eq!((gross.net_amount, gross.revenue), (2_450, 2_450));
    let nothing = invoice(json!({"total": 0, "total_excluding_tax": 0}));
    assert_eq!(stands(&[nothing]).net_amount, 4_900, "a total of nothing");
}

#[test]
fn equal_refunds_take_back_exactly_everything() {
    let refund = |n: i64| {
        event(
            "refund.created",
            json!({
                "id": format!("re_{n}"), "object": "refund", "charge": "ch_1", "payment_intent": "pi_1", "amount": 333,
                "currency": "usd", "status": "succeeded",
            }),
        )
    };
    let paid = invoice(json!({"amount_paid": 999, "total": 999, "total_excluding_tax": 100, "payment_intent": "pi_1"}));
    let mut events = vec![paid];
    let mut left = vec![];
    for n in 0..3 {
        events.push(refund(n));
        left.push(stands(&events).revenue);
    }
    assert_eq!(left, [67, 33, 0]);
}

#[test]
fn a_payment_is_of_whoever_was_brought_before_it() {
    let (facts, _) = joined(&[invoice_after()]);
    let reason = |signed_up_at: Option<i64>, known: bool| {
        let payer = Payer { known, signed_up_at: signed_up_at.map(Time) };
        standing(&facts, &Circumstances { payer, ..brought() }).parked_because
    };
    let paid_at = (NOW - 5) * 1_000;
    assert_eq!(reason(None, false), Some(ParkedReason::UnknownPerson));
    assert_eq!(reason(None, true), Some(ParkedReason::NoReferral));
    assert_eq!(reason(Some(paid_at + DAY), true), None);
    assert_eq!(reason(Some(paid_at + DAY + 1), true), Some(ParkedReason::BeforeSignUp));
    let late = Circumstances { now: Time(NOW * 1_000 + 90 * DAY + 1), ..brought() };
    assert_eq!(standing(&facts, &late).parked_because, Some(ParkedReason::TooLate));
    assert_eq!(standing(&facts, &Circumstances { taken_up: true, ..late }).parked_because, None);
}

#[test]
fn a_refund_before_its_payment_waits_for_it() {
    let early = refund("refund.created", "succeeded", 900);
    let found = stands(std::slice::from_ref(&early));
    assert_eq!((found.state, found.parked_because), (PaymentState::Parked, Some(ParkedReason::PaymentMissing)));
    assert_eq!(
        (found.refunded, found.currency, found.source),
        (900, Currency::parse("USD"), Some(PaymentSource::Stripe))
    );
    assert_eq!(numbers(&[early, invoice_before()]).0, PaymentState::Counted);
    let disputed = stands(&[dispute("charge.dispute.created", "needs_response")]);
    assert_eq!(disputed.parked_because, Some(ParkedReason::PaymentMissing));
    // What failed and what only says that a charge went through has nothing to wait for.
    for nothing in [refund("refund.failed", "failed", 900), charge("charge.succeeded", 0, json!({}))] {
        assert_eq!(stands(&[nothing]).state, PaymentState::Incomplete);
    }
}

#[test]
fn money_that_somebody_noted_is_no_charge() {
    let by_hand = invoice(json!({"billing_reason": "manual", "attempt_count": 0}));
    let told = |payment: Value| {
        event(
            "invoice_payment.paid",
            json!({"id": "inpay_1", "object": "invoice_payment", "invoice": "in_1", "payment": payment}),
        )
    };
    let noted = told(json!({"type": "payment_record", "payment_record": "pr_1"}));
    assert_eq!(stands(&[by_hand.clone(), noted]).parked_because, Some(ParkedReason::Unconfirmed));
    let charged = told(json!({"type": "payment_intent", "payment_intent": "pi_1"}));
    assert_eq!(stands(&[by_hand, charged]).state, PaymentState::Counted);
}

#[test]
fn an_account_that_is_a_customer_tells_who_has_paid() {
    let paid = invoice(json!({"customer": null, "customer_account": "acct_1"}));
    let message = read_event(paid.to_string().as_bytes()).expect("an event").message.expect("of a payment");
    let clue = Clue { kind: ClueKind::Customer, value: "acct_1".into() };
    assert!(message.clues.contains(&clue), "{:?}", message.clues);
}

#[test]
fn other_messages_say_nothing_and_thin_ones_are_refused() {
    let ignored = event("customer.created", json!({"id": "cus_1", "object": "customer"}));
    assert_eq!(read_event(ignored.to_string().as_bytes()).expect("an event").message, None);
    let thin = json!({"id": "evt_1", "object": "v2.core.event", "type": "v1.billing.meter.error_report_triggered"});
    assert_eq!(read_event(thin.to_string().as_bytes()), Err(NoEvent::Thin));
    for junk in ["", "{", "[]", "null", r#"{"object": "event"}"#, r#"{"id": 1, "type": 2, "object": "event"}"#] {
        assert_eq!(read_event(junk.as_bytes()), Err(NoEvent::Malformed), "{junk}");
    }
}

proptest::proptest! {
    #[test]
    fn no_event_is_too_strange_to_read(kind in "(invoice|charge|refund|checkout.session|charge.dispute)\\.(paid|succeeded|refunded|created|completed)", field in "[a-z_]{0,12}", text in "\\PC{0,12}", number: i64) {
        let values = [json!(number), json!(text), json!(null), json!({"id": text, "object": text}), json!([number])];
        for value in values {
            let mut object = json!({"id": "x_1", "object": "charge", "currency": "usd", "amount_paid": number, "amount": number, "amount_refunded": number, "total": number});
            object[&field] = value;
            if let Ok(read) = read_event(event(&kind, object).to_string().as_bytes()) {
                let facts = read.message.map(|message| message.facts).unwrap_or_default();
                let found = standing(&facts, &brought());
                proptest::prop_assert!(found.refunded <= found.amount || found.amount == 0);
                proptest::prop_assert!((0..=found.net_amount).contains(&found.revenue));
            }
        }
    }
}
