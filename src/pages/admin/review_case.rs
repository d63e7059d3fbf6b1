//! One case in full: what looks wrong, both people side by side, and what can be decided.

use crate::{
    components::{
        alert::Tone,
        badge::Badge,
        button::{Submit, Weight},
        card::Card,
        field::{Field, Kind},
        form::{PostForm, Submitted},
        format::or_dash,
    },
    domain::{ids::UserId, reviews::Decision},
    pages::admin::reward_parts::{Earned, Moment, Person},
    text::texts,
    view_models::reviews::{ReviewCase, ReviewEvidence, ReviewedPerson, SeenFrom},
};
use leptos::{either::Either, prelude::*};

/// The evidence about a case; `names` are those of whom its signs speak.
#[component]
pub fn Evidence(evidence: ReviewEvidence, names: Vec<(UserId, String)>) -> impl IntoView {
    let texts = texts();
    let ReviewEvidence { case, referee_seen, referrer_seen, waiting_of_referrer, rewards } = evidence;
    let why = if case.closed_at.is_some() { texts.reviews_why_closed() } else { texts.reviews_why() };
    let signs: Vec<_> =
        case.signs.iter().map(|sign| view! { <li data-testid="sign">{texts.review_sign(sign, &names)}</li> }).collect();
    let referrer = match case.referrer.clone() {
        Some(referrer) => Either::Left(view! { <Facts person=referrer seen=referrer_seen /> }),
        None => Either::Right(view! { <p>{texts.reviews_nobody()}</p> }),
    };
    let none = texts.reviews_no_rewards();
    let (title, receipt) = (texts.review_case(&case), texts.reviews_receipt());
    let (referee, link) = (case.referee.clone(), format!("/admin/referrals/{}", case.referee.id));
    view! {
        <div class="stack">
            <h2>{title}</h2>
            <Outcome case=case.clone() />
            <Card id="signs" title=why>
                <ul class="rows">{signs}</ul>
                <p class="note">
                    <a href=link>{receipt}</a>
                </p>
            </Card>
            <div class="sides">
                <Card id="referrer" title=texts.reviews_referrer()>
                    {referrer}
                </Card>
                <Card id="friend" title=texts.reviews_friend()>
                    <Facts person=referee seen=referee_seen />
                </Card>
            </div>
            <Card id="rewards" title=texts.reviews_rewards()>
                <Earned rows=rewards none=none />
            </Card>
            <Decide case=case waiting=waiting_of_referrer />
        </div>
    }
}

/// What was decided, by whom and why.
#[component]
fn Outcome(case: ReviewCase) -> impl IntoView {
    let texts = texts();
    let (decision, at) = case.decision.zip(case.closed_at.and(case.decided_at))?;
    let by = match case.decider.is_empty() {
        true => texts.reviews_decided_on(texts.moment(at)),
        false => texts.reviews_decided_by(&case.decider, texts.moment(at)),
    };
    Some(view! {
        <div>
            <p>
                <Decided decision=decision />
                " "
                {by}
            </p>
            {case.reason.map(|reason| view! { <p class="note">{reason}</p> })}
        </div>
    })
}

#[component]
fn Facts(person: ReviewedPerson, seen: Vec<SeenFrom>) -> impl IntoView {
    let texts = texts();
    let joined = person.joined_at.map(|at| view! { <Moment at=at /> });
    let unknown = seen.is_empty().then(|| texts.reviews_seen_unknown());
    let place = |place: SeenFrom| {
        let texts = crate::text::texts();
        let text = texts.reviews_seen_from(&place.network, &place.browser, texts.date(place.at));
        let alike =
            [(place.same_network, texts.reviews_same_network()), (place.same_browser, texts.reviews_same_browser())];
        let badges = alike.into_iter().filter(|(alike, _)| *alike).map(|(_, text)| {
            view! {
                " "
                <Badge tone=Tone::Warn text=text />
            }
        });
        view! { <li>{text} {badges.collect_view()}</li> }
    };
    view! {
        <dl class="facts">
            <dt>{texts.reviews_name()}</dt>
            <dd>
                <Person id=person.id name=person.name />
            </dd>
            <dt>{texts.reviews_email()}</dt>
            <dd>{or_dash(person.email)}</dd>
            <dt>{texts.reviews_joined()}</dt>
            <dd>{joined}</dd>
            <dt>{texts.reviews_seen()}</dt>
            <dd>
                {unknown}
                <ul class="places">{seen.into_iter().map(place).collect_view()}</ul>
            </dd>
        </dl>
    }
}

/// What can be done: decide, or undo what was decided a moment ago.
#[component]
fn Decide(case: ReviewCase, waiting: usize) -> impl IntoView {
    let texts = texts();
    if case.closed_at.is_some() {
        return Either::Left(());
    }
    let id = case.referee.id.to_string();
    let content = match case.decision {
        Some(decision) => {
            let said = match decision {
                Decision::Rejected => texts.reviews_rejected_soon(),
                Decision::Approved | Decision::Corrected => texts.reviews_approved_soon(),
            };
            let undo = texts.reviews_undo();
            Either::Left(view! {
                <PostForm name="undo_review">
                    <input type="hidden" name="id" value=id />
                    <p>{said}</p>
                    <div class="actions">
                        <Submit weight=Weight::Plain>{undo}</Submit>
                    </div>
                </PostForm>
            })
        }
        None => Either::Right(view! { <Choices case=case waiting=waiting /> }),
    };
    Either::Right(view! {
        <Card id="decide" title=texts.reviews_decide()>
            {content}
        </Card>
    })
}

#[component]
fn Choices(case: ReviewCase, waiting: usize) -> impl IntoView {
    let texts = texts();
    let id = case.referee.id.to_string();
    let all = case.referrer.filter(|_| waiting > 1).map(|referrer| {
        let name = if referrer.name.is_empty() { texts.reviews_an_account_gone() } else { referrer.name };
        let text = texts.reviews_approve_all(texts.number(waiting as i64), name);
        view! {
            <PostForm name="approve_reviews_of">
                <input type="hidden" name="id" value=referrer.id.to_string() />
                <div class="actions">
                    <Submit weight=Weight::Plain>{text}</Submit>
                </div>
            </PostForm>
        }
    });
    let (note, approve, approved) = (texts.reviews_approve_note(), texts.reviews_approve(), id.clone());
    view! {
        <PostForm name="approve_review">
            <input type="hidden" name="id" value=approved />
            <p class="note">{note}</p>
            <div class="actions">
                <Submit>{approve}</Submit>
            </div>
        </PostForm>
        {all}
        <Reject id=id />
    }
}

#[component]
fn Reject(id: String) -> impl IntoView {
    let texts = texts();
    let open = !Submitted::by("reject_review").values.is_empty();
    view! {
        <details open=open>
            <summary>{texts.reviews_reject_open()}</summary>
            <PostForm name="reject_review">
                <input type="hidden" name="id" value=id />
                <p class="note">{texts.reviews_reject_note()}</p>
                <Field
                    name="reason"
                    label=texts.reviews_reason()
                    kind=Kind::Prose
                    hint=texts.reviews_reason_hint()
                />
                <div class="actions">
                    <Submit weight=Weight::Danger>{texts.reviews_reject()}</Submit>
                </div>
            </PostForm>
        </details>
    }
}

/// What was decided, in a word.
#[component]
pub fn Decided(decision: Decision) -> impl IntoView {
    let tone = match decision {
        Decision::Approved => Tone::Good,
        Decision::Rejected => Tone::Bad,
        Decision::Corrected => Tone::Neutral,
    };
    view! { <Badge tone=tone text=texts().review_decision(decision) /> }
}
