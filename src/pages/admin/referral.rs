//! One attribution decision with all its evidence.

use crate::{
    components::{
        admin_layout::AdminLayout,
        button::{LinkButton, Submit, Weight},
        card::Card,
        empty::Empty,
        field::{Checkbox, Field, Kind},
        form::PostForm,
        format::{counted, moment, or_dash},
        icon::Symbol,
        table::Table,
    },
    domain::{
        accounts::email::readable,
        attribution::{Candidate, Correction, Credit, Source},
        ids::UserId,
        query_string::address,
    },
    error::AppError,
    functions::referrals::load_attribution,
    pages::{
        admin::{
            id,
            referrals::{Referrer, State, name, words},
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
    let title = format!("Sign-up of {}", name(&found.row));
    let correct = (!found.row.username.is_empty()).then(|| view! { <Correct row=found.row.clone() /> });
    let corrections = found.receipt.corrections.clone();
    let (rewards, refusals) = (found.rewards.clone(), found.refusals.clone());
    let account = (!found.row.username.is_empty()).then(|| {
        view! {
            <LinkButton weight=Weight::Plain href=format!("/admin/users/{}", found.row.user_id)>
                "Account"
            </LinkButton>
        }
    });
    let review = found.in_review.then(|| {
        let text = texts().reviews_badge();
        view! {
            <LinkButton href=reviews_address(false, Some(found.row.user_id), "")>
                {text}
            </LinkButton>
        }
    });
    view! {
        <AdminLayout title=title.clone()>
            <div class="heading">
                <div>
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
            <Card id="rewards" title=texts().admin_earned_title()>
                <Earned rows=rewards none=texts().admin_earned_none_sign_up() />
            </Card>
            <Refusals refusals=refusals />
            <Evidence found=found />
            {correct}
        </AdminLayout>
    }
}

#[component]
fn Outcome(row: AttributionRow, window: i64) -> impl IntoView {
    let code = (!row.code.is_empty()).then(|| {
        let others = address("/admin/referrals", &[("q", &row.code)]);
        view! { <a href=others>{row.code.clone()}</a> }
    });
    let converted = row.converted_at.map_or_else(|| "Not yet".to_owned(), moment);
    view! {
        <Card id="outcome" title="What was decided">
            <dl class="facts">
                <dt>"Signed up"</dt>
                <dd>{moment(row.signed_up_at)}</dd>
                <dt>"Decided by"</dt>
                <dd>{words(row.rule)}</dd>
                <dt>"Code"</dt>
                <dd>{code.map_or_else(|| Either::Right("None"), Either::Left)}</dd>
                <dt>"Referrer"</dt>
                <dd>
                    <Referrer id=row.referrer_id name=row.referrer />
                </dd>
                <dt>"Visits counted for"</dt>
                <dd>{counted(window, "day", "days")}</dd>
                <dt>"Converted"</dt>
                <dd>{converted}</dd>
            </dl>
        </Card>
    }
}

/// What admins have changed since the sign-up, the latest last.
#[component]
fn Corrections(corrections: Vec<Correction>) -> impl IntoView {
    let code = |credit: Option<Credit>| credit.map_or_else(|| texts().credit_nobody(), |credit| credit.code);
    let row = move |correction: Correction| {
        view! {
            <tr data-testid="correction">
                <th scope="row">{moment(correction.at)}</th>
                <td>{code(correction.from)}</td>
                <td>{code(correction.to)}</td>
                <td>{correction.reason}</td>
            </tr>
        }
    };
    (!corrections.is_empty()).then(|| {
        let columns = vec![("When", false), ("Before", false), ("Since", false), ("Why", false)];
        view! {
            <Card id="corrections" title="Corrections">
                <Table caption="What admins have changed since the sign-up" columns=columns>
                    {corrections.into_iter().map(row).collect_view()}
                </Table>
            </Card>
        }
    })
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
                <td data-label=texts.admin_refused_when()>{moment(refusal.refused_at)}</td>
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
    view! {
        <Card id="correct" title="Correct">
            <p>{texts().correct_note()}</p>
            <PostForm name="correct_attribution">
                <input type="hidden" name="id" value=row.user_id.to_string() />
                <Field name="code" label="Code to credit" hint="Empty: nobody is credited." value=row.code />
                <Field name="reason" label="Reason" kind=Kind::Prose hint="Shown in the receipt and in the audit log." />
                <Checkbox name="keep_rewards">{texts().correct_keep_rewards()}</Checkbox>
                <p class="note">{texts().correct_keep_rewards_hint()}</p>
                <Submit>"Save correction"</Submit>
            </PostForm>
        </Card>
    }
}

#[component]
fn Evidence(found: AttributionPageData) -> impl IntoView {
    let AttributionPageData { receipt, referrers, campaigns, clicks, .. } = found;
    let content = if receipt.candidates.is_empty() {
        Either::Left(view! {
            <Empty symbol=Symbol::Info title="There was none">
                "No code stood in the form, and the browser remembered no visit by a link."
            </Empty>
        })
    } else {
        let columns =
            vec![("What", false), ("When", false), ("Code", false), ("Credits", false), ("What became of it", false)];
        let rows = receipt.candidates.into_iter().map(move |candidate| {
            let referrer = candidate.referrer.map(|id| {
                let known = referrers.iter().find(|(known, _)| *known == id);
                known.map_or_else(|| "Account deleted".to_owned(), |(_, name)| name.clone())
            });
            let page = candidate.code_id.filter(|code| campaigns.contains(code));
            let click = clicks.iter().find(|click| Some(click.id) == candidate.click).cloned();
            let page = page.map(|code| format!("/admin/codes/{code}"));
            view! { <Piece candidate=candidate referrer=referrer.unwrap_or_default() page=page click=click /> }
        });
        Either::Right(view! {
            <div class="whole">
                <Table caption="All evidence, in the order in which it was looked at" columns=columns>
                    {rows.collect_view()}
                </Table>
            </div>
        })
    };
    view! {
        <Card id="evidence" title="Evidence" note="In the order in which it was looked at: the first that counted was credited.">
            {content}
        </Card>
    }
}

#[component]
fn Piece(candidate: Candidate, referrer: String, page: Option<String>, click: Option<ClickFacts>) -> impl IntoView {
    let what = match candidate.source {
        Source::Typed => "Code, typed by hand",
        Source::Link | Source::LinkCode => "Code, from a link",
        Source::Click => "Visit by a link",
    };
    let facts = click.map(|click| {
        let mut facts = vec![];
        facts.extend(click.channel.map(|channel| format!("shared by {channel}")));
        facts.extend(click.referring_host.map(|host| format!("from {host}")));
        facts.extend((!click.counted).then(|| "not counted again".to_owned()));
        view! { <span class="note">{facts.join(", ")}</span> }
    });
    let code = match page {
        Some(page) => Either::Left(view! { <a href=page>{candidate.code.clone()}</a> }),
        None => Either::Right(or_dash(candidate.code.clone())),
    };
    view! {
        <tr data-testid="evidence">
            <th scope="row">{what} {facts}</th>
            <td>{candidate.at.map_or_else(|| "With the form".to_owned(), moment)}</td>
            <td>{code}</td>
            <td>{or_dash(referrer)}</td>
            <td>{texts().candidate(&candidate)}</td>
        </tr>
    }
}
