//! What an admin can do about a payment.

use crate::{
    components::{
        button::{Submit, Weight},
        card::Card,
        field::{Field, Kind},
        form::PostForm,
    },
    domain::{conversions::facts::PaymentSource, message::Message, money::Money},
    text::texts,
    view_models::conversions::{Conversion, ConversionRow},
};
use leptos::{either::Either, prelude::*};

/// The forms of a payment that is not the same as another one.
#[component]
pub fn Forms(row: ConversionRow) -> impl IntoView {
    let ConversionRow { payment, payer } = row;
    let left = payment.refunded < payment.amount;
    let gone = payment.user_id.is_some() && payer.is_empty();
    // What is missing comes first.
    let (first, last) = if payment.user_id.is_none() { (true, false) } else { (false, true) };
    let link = |shown: bool| shown.then(|| view! { <Link payment=payment.clone() gone=gone /> });
    view! {
        {link(first)}
        {left.then(|| view! { <Refund payment=payment.clone() /> })}
        <Correct payment=payment.clone() />
        {link(last)}
    }
}

#[component]
fn Refund(payment: Conversion) -> impl IntoView {
    let texts = texts();
    let by_stripe = payment.source == PaymentSource::Stripe;
    let note = if by_stripe { texts.conversion_refund_stripe_note() } else { texts.conversion_refund_note() };
    let left = payment.amount - payment.refunded;
    let most = texts.conversion_refund_left(texts.money(&Money { amount: left, currency: payment.currency }));
    view! {
        <Card id="refund" title=texts.conversion_refund() note=note>
            <PostForm name="refund_payment" once=true>
                <input type="hidden" name="id" value=payment.id.to_string() />
                <Field
                    name="amount"
                    id="refund-amount"
                    kind=Kind::Decimal
                    label=texts.conversion_refund_amount()
                    hint=most
                    value=texts.money_field(left, payment.currency)
                />
                <Field
                    name="source_id"
                    label=texts.conversion_reference()
                    hint=texts.conversion_reference_hint()
                    optional=true
                />
                <Submit weight=Weight::Danger>{texts.conversion_refund_submit()}</Submit>
            </PostForm>
        </Card>
    }
}

#[component]
fn Correct(payment: Conversion) -> impl IntoView {
    let texts = texts();
    let title = texts.conversion_correct();
    let content = if payment.source == PaymentSource::Stripe {
        Either::Left(view! { <p>{texts.message(&Message::AmountFromStripe)}</p> })
    } else {
        Either::Right(view! {
            <PostForm name="correct_amount">
                <input type="hidden" name="id" value=payment.id.to_string() />
                <Field
                    name="amount"
                    id="correct-amount"
                    kind=Kind::Decimal
                    label=texts.conversion_correct_amount()
                    hint=texts.conversion_amount_hint(payment.currency.to_string())
                    value=texts.money_field(payment.amount, payment.currency)
                />
                <Field
                    name="reason"
                    label=texts.conversion_reason()
                    kind=Kind::Prose
                    hint=texts.conversion_reason_hint()
                />
                <Submit weight=Weight::Plain>{texts.conversion_correct_submit()}</Submit>
            </PostForm>
        })
    };
    view! {
        <Card id="correct" title=title>
            {content}
        </Card>
    }
}

/// `gone` when the account of who has paid is deleted.
#[component]
fn Link(payment: Conversion, gone: bool) -> impl IntoView {
    let texts = texts();
    let title = texts.conversion_link();
    let content = if gone {
        Either::Left(view! { <p>{texts.message(&Message::PayerErased)}</p> })
    } else {
        Either::Right(view! {
            <p>{texts.conversion_link_note()}</p>
            <PostForm name="link_payer">
                <input type="hidden" name="id" value=payment.id.to_string() />
                <Field name="person" label=texts.conversion_person() />
                <Submit weight=Weight::Plain>{texts.conversion_link_submit()}</Submit>
            </PostForm>
        })
    };
    view! {
        <Card id="link" title=title>
            {content}
        </Card>
    }
}
