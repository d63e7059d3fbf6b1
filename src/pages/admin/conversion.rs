//! One payment: what happened, what it counts for, and what can be done about it.

use crate::{
    components::{admin_layout::AdminLayout, breadcrumbs::Breadcrumbs, card::Card, format::or_dash},
    domain::{
        conversions::{
            facts::{Fact, FactKind},
            standing::{ParkedReason, PaymentState, chosen},
        },
        ids::PaymentId,
        money::{Currency, Money},
    },
    error::AppError,
    functions::conversions::load_conversion,
    pages::{
        admin::{
            conversion_forms::Forms,
            conversions::{PATH, Payer, State, or_nothing},
            id,
            referrals::Referrer,
            reward_parts::{Earned, Moment},
        },
        error::Problem,
        load,
    },
    text::texts,
    view_models::conversions::{ConversionCredit, ConversionPageData, ConversionRow, ProviderMessage},
};
use leptos::{either::Either, prelude::*};

/// The payment whose id stands in its address.
#[component]
pub fn ConversionPage() -> impl IntoView {
    match id() {
        Some(id) => {
            Either::Left(load(load_conversion(PaymentId(id)), |found| view! { <ConversionView found=found /> }))
        }
        None => Either::Right(view! { <Problem error=AppError::NotFound.into() /> }),
    }
}

#[component]
fn ConversionView(found: ConversionPageData) -> impl IntoView {
    let ConversionPageData { row, credit, facts, messages, rewards } = found;
    let texts = texts();
    let title = texts.conversion_title(texts.money(&row.payment.paid()));
    let currency = row.payment.currency;
    let same = row.payment.duplicate_of.map(|same| {
        view! {
            <p>
                {texts.conversion_same_as()}
                " "
                <a href=format!("{PATH}/{same}")>{texts.conversion_show_same()}</a>
            </p>
        }
    });
    let forms = (row.payment.state != PaymentState::Duplicate && row.payment.amount > 0).then(|| {
        view! {
            <div class="stack">
                <Forms row=row.clone() />
            </div>
        }
    });
    view! {
        <AdminLayout title=title.clone()>
            <div class="heading">
                <div>
                    <Breadcrumbs trail=vec![(PATH, texts.conversions_title())] />
                    <h1>{title}</h1>
                </div>
                <div class="actions">
                    <State payment=row.payment.clone() />
                </div>
            </div>
            {same}
            <div class="pair">
                <div class="stack">
                    <Timeline facts=facts currency=currency />
                    <Card id="rewards" title=texts.admin_earned_title()>
                        <Earned rows=rewards none=texts.admin_earned_none_payment() />
                    </Card>
                    <Messages messages=messages currency=currency />
                </div>
                <div class="stack beside">
                    <Facts row=row credit=credit />
                </div>
                {forms}
            </div>
        </AdminLayout>
    }
}

#[component]
fn Timeline(facts: Vec<Fact>, currency: Currency) -> impl IntoView {
    let texts = texts();
    let best = chosen(&facts).cloned();
    let event = |fact: Fact| {
        let again = best.as_ref().is_some_and(|best| !best.is_same(&fact));
        view! {
            <li data-testid="event">
                <p>
                    <span class="note">
                        <Moment at=fact.at />
                    </span>
                    " "
                    <span>{texts.fact(&fact, currency, again)}</span>
                </p>
            </li>
        }
    };
    // Several messages say that one charge went through, and all are shown with what they said.
    let events = facts.iter().filter(|fact| fact.kind != FactKind::Charge).cloned().map(event).collect_view();
    view! {
        <Card id="timeline" title=texts.conversion_timeline()>
            <ul class="rows">{events}</ul>
        </Card>
    }
}

#[component]
fn Facts(row: ConversionRow, credit: ConversionCredit) -> impl IntoView {
    let ConversionRow { payment, payer } = row;
    let texts = texts();
    let currency = payment.currency;
    let money = move |amount| Money { amount, currency };
    let code = match credit.campaign {
        Some(id) => Either::Left(view! { <a href=format!("/admin/codes/{id}")>{credit.code.clone()}</a> }),
        None => Either::Right(or_dash(credit.code.clone())),
    };
    let decision = match payment.parked_because {
        _ if payment.referral_id.is_some() => Some(texts.conversion_sign_up()),
        Some(ParkedReason::NoReferral) => Some(texts.conversion_credit()),
        _ => None,
    };
    let decision = payment.user_id.zip(decision).map(|(user, text)| {
        view! { <p><a href=format!("/admin/referrals/{user}")>{text}</a></p> }
    });
    let references = payment.refs.0.join(", ");
    let product = payment.product.clone().unwrap_or_default();
    view! {
        <Card id="facts" title=texts.conversion_facts()>
            <dl class="facts">
                <dt>{texts.conversions_payer()}</dt>
                <dd>
                    <Payer payment=payment.clone() name=payer />
                </dd>
                <dt>{texts.conversions_amount()}</dt>
                <dd>{texts.money(&payment.paid())}</dd>
                <dt>{texts.conversion_net()}</dt>
                <dd>{texts.money(&money(payment.net_amount))}</dd>
                <dt>{texts.conversions_refunded()}</dt>
                <dd>{or_nothing(payment.refund())}</dd>
                <dt>{texts.conversion_revenue()}</dt>
                <dd data-testid="revenue">{or_nothing(money(credit.revenue))}</dd>
                <dt>{texts.conversion_code()}</dt>
                <dd>{code}</dd>
                <dt>{texts.conversion_referrer()}</dt>
                <dd>
                    <Referrer id=credit.referrer_id name=credit.referrer.clone() />
                </dd>
                <dt>{texts.conversion_paid_at()}</dt>
                <dd>
                    <Moment at=payment.occurred_at />
                </dd>
                <dt>{texts.conversions_source()}</dt>
                <dd>{texts.payment_source(payment.source)}</dd>
                <dt>{texts.conversion_reference()}</dt>
                <dd translate="no">{or_dash(payment.source_id.clone().unwrap_or_default())}</dd>
                <dt>{texts.conversion_stripe_references()}</dt>
                <dd translate="no">{or_dash(references)}</dd>
                <dt>{texts.conversion_product()}</dt>
                <dd translate="no">{or_dash(product)}</dd>
            </dl>
            {decision}
        </Card>
    }
}

/// What each message of the provider said and did, folded away.
#[component]
fn Messages(messages: Vec<ProviderMessage>, currency: Currency) -> impl IntoView {
    let texts = texts();
    let count = messages.len() as i64;
    (count > 0).then(|| {
        let summary = texts.conversion_messages(count);
        let rows = messages.into_iter().map(move |message| view! { <Message message=message currency=currency /> });
        view! {
            <details class="card">
                <summary>{summary}</summary>
                <ul class="rows">{rows.collect_view()}</ul>
            </details>
        }
    })
}

#[component]
fn Message(message: ProviderMessage, currency: Currency) -> impl IntoView {
    let texts = texts();
    let facts =
        message.facts.iter().map(|fact| view! { <span>{texts.fact(fact, currency, false)}</span> }).collect_view();
    let names = (!message.references.is_empty()).then(|| {
        let names = texts.conversion_message_names(message.references.join(", "));
        view! { <span class="note">{names}</span> }
    });
    view! {
        <li data-testid="message">
            <p>
                <span class="note">
                    <Moment at=message.received_at />
                    " · "
                    <span translate="no">{message.kind.clone()} " · " {message.id.clone()}</span>
                </span>
                <span>{texts.message_outcome(&message.outcome)}</span>
                {facts}
                {names}
            </p>
        </li>
    }
}
