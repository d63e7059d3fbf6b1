//! One attribution decision with all its evidence.

use crate::{
    components::{
        admin_layout::AdminLayout,
        breadcrumbs::Breadcrumbs,
        button::{LinkButton, Submit, Weight},
        card::Card,
        empty::Empty,
        field::{Checkbox, Field, Kind},
        form::PostForm,
        format::or_dash,
        icon::Symbol,
        table::Table,
        when::When,
    },
    domain::{
        accounts::email::readable,
        attribution::{Candidate, Correction, Credit, Source},
        ids::UserId,
    },
    error::AppError,
    functions::referrals::load_attribution,
    pages::{
        admin::{
            id,
            referrals::{CreditedCode, Referrer, State, name, words},
            reward_parts::{Earned, Person, RuleLink},
        },
        error::Problem,
        load,
    },
    text::texts,
    view_models::{
        referrals::{AttributionPageData, AttributionRow, ClickFacts},
        reviews::reviews_address,
        reward_pages::RefusalRow,
    },
};
use leptos::{either::Either, prelude::*};

/// The decision about the user whose id stands in its address.
#[component]
pub fn ReferralPage() -> impl IntoView {
    match id() {
        Some(id) => Either::Left(load(load_attribution(UserId(id)), |found| view! { <ReferralView found=found /> })),
        None => Either::Right(view! { <Problem error=AppError::NotFound.into() /> }),
    }
}

#[component]
fn ReferralView(found: AttributionPageData) -> impl IntoView {
    let texts = texts();
    let title = texts.referral_title(name(&found.row));
    let correct = (!found.row.username.is_empty()).then(|| view! { <Correct row=found.row.clone() /> });
    let corrections = found.receipt.corrections.clone();
    let (rewards, refusals) = (found.rewards.clone(), found.refusals.clone());
    let account = (!found.row.username.is_empty()).then(|| {
        let text = texts.referral_account();
        view! {
            <LinkButton weight=Weight::Plain href=format!("/admin/users/{}", found.row.user_id)>
                {text}
            </LinkButton>
        }
    });
    let review = found.in_review.then(|| {
        let text = texts.reviews_badge();
        view! {
            <LinkButton href=reviews_address(false, Some(found.row.user_id), "")>
                {text}
            </LinkButton>
        }
    });
    let none_earned = texts.admin_earned_none_sign_up();
    view! {
        <AdminLayout title=title.clone()>
            <div class="heading">
                <div>
                    <Breadcrumbs trail=vec![("/admin/referrals", texts.admin_referrals())] />
                    <h1>{title}</h1>
                    <p class="note">{readable(&found.row.email).into_owned()}</p>
                </div>
                <div class="actions">
                    <State row=found.row.clone() />
                    {review}
                    {account}
                </div>
            </div>
            <Outcome row=found.row.clone() window=found.receipt.window_days />
            <Corrections corrections=corrections />
            <Card id="rewards" title=texts.admin_earned_title()>
                <Earned rows=rewards none=none_earned />
            </Card>
            <Refusals refusals=refusals />
            <Evidence found=found />
            {correct}
        </AdminLayout>
    }
}

#[component]
fn Outcome(row: AttributionRow, window: i64) -> impl IntoView {
    let texts = texts();
    let converted = row.converted_at.map_or_else(|| texts.referral_not_yet(), |at| texts.moment(at));
    view! {
        <Card id="outcome" title=texts.referral_decision()>
            <dl class="facts">
                <dt>{texts.referrals_signed_up()}</dt>
                <dd>{texts.moment(row.signed_up_at)}</dd>
                <dt>{texts.referrals_rule()}</dt>
                <dd>{words(row.rule)}</dd>
                <dt>{texts.referrals_code()}</dt>
                <dd>
                    <CreditedCode row=row.clone() none=texts.referral_no_code() />
                </dd>
                <dt>{texts.referrals_referrer()}</dt>
                <dd>
                    <Referrer id=row.referrer_id name=row.referrer />
                </dd>
                <dt>{texts.referral_window()}</dt>
                <dd>{texts.referral_days(window)}</dd>
                <dt>{texts.referral_converted_at()}</dt>
                <dd>{converted}</dd>
            </dl>
        </Card>
    }
}

/// What admins have changed since the sign-up, the latest last.
#[component]
fn Corrections(corrections: Vec<Correction>) -> impl IntoView {
    let texts = texts();
    let columns =
        [texts.referral_corrected_at(), texts.referral_before(), texts.referral_since(), texts.referral_why()];
    let columns = columns.map(|name| (name, false)).to_vec();
    (!corrections.is_empty()).then(|| {
        let rows = corrections.into_iter().map(|correction| view! { <CorrectionRow correction=correction /> });
        let rows = rows.collect_view();
        view! {
            <Card id="corrections" title=texts.referral_corrections()>
                <Table caption=texts.referral_corrections_caption() columns=columns blocks=true>
                    {rows}
                </Table>
            </Card>
        }
    })
}

#[component]
fn CorrectionRow(correction: Correction) -> impl IntoView {
    let texts = texts();
    let code = |credit: Option<Credit>| credit.map_or_else(|| texts.credit_nobody(), |credit| credit.code);
    view! {
        <tr data-testid="correction">
            <th scope="row">
                <When at=correction.at />
            </th>
            <td data-label=texts.referral_before()>{code(correction.from)}</td>
            <td data-label=texts.referral_since()>{code(correction.to)}</td>
            <td data-label=texts.referral_why()>{correction.reason}</td>
        </tr>
    }
}

/// Rewards that were not given, and why.
#[component]
fn Refusals(refusals: Vec<RefusalRow>) -> impl IntoView {
    let texts = texts();
    let row = |refusal: RefusalRow| {
        let texts = crate::text::texts();
        let rule = match refusal.rule {
            Some(rule) => Either::Left(view! { <RuleLink id=rule deleted=false /> }),
            None => Either::Right(texts.admin_refused_choice()),
        };
        let payment = refusal.payment.map(|payment| {
            let text = texts.admin_refused_for_payment();
            view! {
                " · "
                <a href=format!("/admin/conversions/{payment}")>{text}</a>
            }
        });
        view! {
            <tr data-testid="refusal">
                <th scope="row">{rule} {payment}</th>
                <td data-label=texts.admin_rewards_recipient()>
                    <Person id=refusal.user_id name=refusal.recipient />
                </td>
                <td data-label=texts.admin_refused_reason()>{texts.refusal_reason(refusal.reason)}</td>
                <td data-label=texts.admin_refused_when()>
                    <When at=refusal.refused_at />
                </td>
            </tr>
        }
    };
    (!refusals.is_empty()).then(|| {
        let columns = vec![
            (texts.admin_rewards_rule(), false),
            (texts.admin_rewards_recipient(), false),
            (texts.admin_refused_reason(), false),
            (texts.admin_refused_when(), false),
        ];
        view! {
            <Card id="refused" title=texts.admin_refused_title()>
                <Table caption=texts.admin_refused_caption() columns=columns blocks=true>
                    {refusals.into_iter().map(row).collect_view()}
                </Table>
            </Card>
        }
    })
}

#[component]
fn Correct(row: AttributionRow) -> impl IntoView {
    let texts = texts();
    let (note, keep) = (texts.correct_note(), texts.correct_keep_rewards());
    let (keep_hint, submit) = (texts.correct_keep_rewards_hint(), texts.referral_correct_submit());
    view! {
        <Card id="correct" title=texts.referral_correct()>
            <p>{note}</p>
            <PostForm name="correct_attribution">
                <input type="hidden" name="id" value=row.user_id.to_string() />
                <Field
                    name="code"
                    label=texts.referral_correct_code()
                    optional=true
                    hint=texts.referral_correct_code_hint()
                    value=row.code
                />
                <Field
                    name="reason"
                    label=texts.referral_correct_reason()
                    kind=Kind::Prose
                    hint=texts.referral_correct_reason_hint()
                />
                <Checkbox name="keep_rewards">{keep}</Checkbox>
                <p class="note">{keep_hint}</p>
                <Submit>{submit}</Submit>
            </PostForm>
        </Card>
    }
}

#[component]
fn Evidence(found: AttributionPageData) -> impl IntoView {
    let texts = texts();
    let AttributionPageData { receipt, referrers, campaigns, clicks, .. } = found;
    let content = if receipt.candidates.is_empty() {
        let note = texts.referral_evidence_none_note();
        Either::Left(view! {
            <Empty symbol=Symbol::Info title=texts.referral_evidence_none()>
                {note}
            </Empty>
        })
    } else {
        let columns = [
            texts.referral_evidence_what(),
            texts.referral_corrected_at(),
            texts.referrals_code(),
            texts.referral_evidence_credits(),
            texts.referral_outcome(),
        ];
        let columns = columns.map(|name| (name, false)).to_vec();
        let rows = receipt.candidates.into_iter().map(move |candidate| {
            let referrer = candidate.referrer.map(|id| {
                let known = referrers.iter().find(|(known, _)| *known == id);
                (id, known.map(|(_, name)| name.clone()).unwrap_or_default())
            });
            let page = candidate.code_id.filter(|code| campaigns.contains(code));
            let click = clicks.iter().find(|click| Some(click.id) == candidate.click).cloned();
            let page = page.map(|code| format!("/admin/codes/{code}"));
            view! { <Piece candidate=candidate referrer=referrer page=page click=click /> }
        });
        let rows = rows.collect_view();
        Either::Right(view! {
            <div class="whole">
                <Table caption=texts.referral_evidence_caption() columns=columns blocks=true>
                    {rows}
                </Table>
            </div>
        })
    };
    view! {
        <Card id="evidence" title=texts.referral_evidence() note=texts.referral_evidence_note()>
            {content}
        </Card>
    }
}

/// One piece of evidence; `referrer` is whom its code credits, without a name when that account is gone.
#[component]
fn Piece(
    candidate: Candidate,
    referrer: Option<(UserId, String)>,
    page: Option<String>,
    click: Option<ClickFacts>,
) -> impl IntoView {
    let texts = texts();
    let what = match candidate.source {
        Source::Typed => texts.referral_evidence_typed(),
        Source::Link | Source::LinkCode => texts.referral_evidence_link(),
        Source::Click => texts.referral_evidence_click(),
        Source::Import => texts.referral_evidence_import(),
    };
    let facts = click.map(|click| {
        let mut facts = vec![];
        facts.extend(click.channel.map(|channel| texts.referral_evidence_channel(channel)));
        facts.extend(click.referring_host.map(|host| texts.referral_evidence_host(host)));
        facts.extend((!click.counted).then(|| texts.referral_evidence_repeated()));
        view! { <span class="note">{facts.join(", ")}</span> }
    });
    let at = match candidate.at {
        Some(at) => Either::Left(view! { <When at=at /> }),
        None => Either::Right(texts.referral_evidence_with_form()),
    };
    let code = match page {
        Some(page) => Either::Left(view! { <a href=page>{candidate.code.clone()}</a> }),
        None => Either::Right(or_dash(candidate.code.clone())),
    };
    let credits = match referrer {
        Some((_, name)) if name.is_empty() => Either::Right(texts.referrals_account_deleted()),
        Some((id, name)) => Either::Left(view! { <a href=format!("/admin/users/{id}")>{name}</a> }),
        None => Either::Right(or_dash(String::new())),
    };
    view! {
        <tr data-testid="evidence">
            <th scope="row">{what} " " {facts}</th>
            <td data-label=texts.referral_corrected_at()>{at}</td>
            <td data-label=texts.referrals_code()>{code}</td>
            <td data-label=texts.referral_evidence_credits()>{credits}</td>
            <td data-label=texts.referral_outcome()>{texts.candidate(&candidate)}</td>
        </tr>
    }
}
