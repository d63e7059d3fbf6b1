//! Referrals in review: the cases, and the evidence about one of them.

use crate::{
    components::{
        admin_layout::AdminLayout,
        alert::Alert,
        button::{LinkButton, Weight},
        empty::Empty,
        form::Submitted,
        icon::Symbol,
        pager::Pager,
    },
    domain::ids::UserId,
    functions::reviews::load_reviews,
    pages::{
        admin::{
            query,
            review_case::{Decided, Evidence},
            reward_parts::Day,
        },
        load,
    },
    text::texts,
    view_models::reviews::{ReviewCase, ReviewsPage as Data, reviews_address},
};
use leptos::{either::Either, prelude::*};

/// The cases that wait, or those that are decided (`state=closed`); `case` is the one that is shown in full.
#[component]
pub fn ReviewPage() -> impl IntoView {
    let after = query("after");
    let page = load_reviews(query("state"), query("case"), after.clone());
    load(page, move |page| view! { <ReviewView page=page after=after /> })
}

#[component]
fn ReviewView(page: Data, after: String) -> impl IntoView {
    let texts = texts();
    let Data { closed, cases, next, chosen, names } = page;
    let first = (!after.is_empty()).then(|| reviews_address(closed, None, ""));
    let next = next.map(|next| reviews_address(closed, None, &next));
    let shown = chosen.as_ref().map(|evidence| evidence.case.referee.id);
    let settings = texts.reviews_settings();
    let content = match (cases.is_empty(), chosen) {
        (true, None) => Either::Left(view! { <NoCases closed=closed /> }),
        (_, chosen) => Either::Right(view! {
            <div class="cases">
                <nav aria-label=texts.reviews_cases()>
                    <ul class="case-list">
                        {cases
                            .into_iter()
                            .map(|case| {
                                let here = shown == Some(case.referee.id);
                                view! { <CaseLink case=case closed=closed after=after.clone() here=here names=names.clone() /> }
                            })
                            .collect_view()}
                    </ul>
                    <Pager first=first next=next />
                </nav>
                {chosen.map(|evidence| view! { <Evidence evidence=evidence names=names /> })}
            </div>
        }),
    };
    view! {
        <AdminLayout title=texts.reviews_title()>
            <div class="heading">
                <div>
                    <h1>{texts.reviews_title()}</h1>
                    <p class="note">{texts.reviews_note()}</p>
                </div>
                <div class="actions">
                    <LinkButton weight=Weight::Plain href="/admin/settings#review">
                        {settings}
                    </LinkButton>
                </div>
            </div>
            <Refused />
            <nav class="tabs" aria-label=texts.reviews_lists()>
                <ul>
                    <li>
                        <a href=reviews_address(false, None, "") aria-current=(!closed).then_some("true")>
                            {texts.reviews_open()}
                        </a>
                    </li>
                    <li>
                        <a href=reviews_address(true, None, "") aria-current=closed.then_some("true")>
                            {texts.reviews_closed()}
                        </a>
                    </li>
                </ul>
            </nav>
            {content}
        </AdminLayout>
    }
}

/// Why a decision could not be undone: its case is not on the list any more.
#[component]
fn Refused() -> impl IntoView {
    let refused = Submitted::by("undo_review").errors.into_iter().next();
    refused.map(|error| view! { <Alert>{error.message}</Alert> })
}

#[component]
fn NoCases(closed: bool) -> impl IntoView {
    let texts = texts();
    let (title, note) = match closed {
        true => (texts.reviews_none_closed(), texts.reviews_none_closed_note()),
        false => (texts.reviews_none(), texts.reviews_none_note()),
    };
    view! {
        <Empty symbol=Symbol::Check title=title>
            {note}
        </Empty>
    }
}

#[component]
fn CaseLink(case: ReviewCase, closed: bool, after: String, here: bool, names: Vec<(UserId, String)>) -> impl IntoView {
    let texts = texts();
    let href = reviews_address(closed, Some(case.referee.id), &after);
    let signs = match &case.signs[..] {
        [one] => texts.review_sign(one, &names),
        several => texts.reviews_signs(several.len() as i64),
    };
    view! {
        <li data-testid="case" data-id=case.referee.id.to_string()>
            <a href=href aria-current=here.then_some("page")>
                <strong>{texts.review_case(&case)}</strong>
                <span class="note">
                    <Day at=case.opened_at />
                    " · "
                    {signs}
                </span>
                {case.decision.map(|decision| view! { <Decided decision=decision /> })}
            </a>
        </li>
    }
}
