//! The people whom somebody brought.

use crate::{
    components::{
        alert::Tone,
        badge::Badge,
        empty::Empty,
        icon::{Icon, Symbol},
        layout::Layout,
        pager::Pager,
    },
    domain::query_string::address,
    functions::friends::load_friends,
    pages::{load, query},
    text::texts,
    view_models::friends::{self, FriendDetails},
};
use leptos::{either::Either, prelude::*};

/// The list of friends. `after` in its address is where it begins.
#[component]
pub fn FriendsPage() -> impl IntoView {
    let after = query("after");
    let inside = !after.is_empty();
    load(load_friends(after), move |page| view! { <FriendsView page=page inside=inside /> })
}

#[component]
fn FriendsView(page: friends::FriendsPage, inside: bool) -> impl IntoView {
    let content = if page.rows.is_empty() {
        Either::Left(view! {
            <Empty symbol=Symbol::Person title=texts().friends_empty_title()>
                {texts().friends_empty()} " " <a href="/dashboard#link">{texts().friends_empty_link()}</a>
            </Empty>
        })
    } else {
        Either::Right(view! {
            <ul class="rows">{page.rows.into_iter().map(|row| view! { <FriendRow row=row /> }).collect_view()}</ul>
        })
    };
    let first = inside.then(|| "/referrals".to_owned());
    let next = page.next.map(|next| address("/referrals", &[("after", &next)]));
    view! {
        <Layout title=texts().friends_title()>
            <h1>{texts().friends_title()}</h1>
            <section class="card" aria-label=texts().friends_title()>
                <p class="note">{texts().friends_note()}</p>
                {content}
            </section>
            <Pager first=first next=next />
        </Layout>
    }
}

#[component]
fn FriendRow(row: FriendDetails) -> impl IntoView {
    let texts = texts();
    let FriendDetails { friend, rewards, receipt } = row;
    let sentences = match receipt.is_empty() {
        true => vec![texts.friends_undecided()],
        false => receipt,
    };
    let rewards = rewards.into_iter().map(|reward| view! { <p>{reward}</p> }).collect_view();
    let rewards = (!rewards.is_empty()).then(|| view! { <div class="friend-rewards note">{rewards}</div> });
    view! {
        <li data-testid="friend">
            <Icon of=Symbol::Person />
            <p>
                <FriendName name=friend.name />
                <time class="note" datetime=friend.joined_at.rfc_3339() title=texts.moment(friend.joined_at)>
                    {texts.friends_joined_on(texts.date(friend.joined_at))}
                </time>
            </p>
            <FriendState customer=friend.customer />
            {rewards}
            <details>
                <summary>{texts.friends_why()}</summary>
                {sentences.into_iter().map(|sentence| view! { <p>{sentence}</p> }).collect_view()}
            </details>
        </li>
    }
}

/// The beginning of a friend's name, or that the account is gone.
#[component]
pub(super) fn FriendName(name: String) -> impl IntoView {
    let name = if name.is_empty() { texts().friends_erased() } else { name };
    view! { <strong>{name}</strong> }
}

/// How far a friend has come, in a word.
#[component]
pub(super) fn FriendState(customer: bool) -> impl IntoView {
    match customer {
        true => view! { <Badge tone=Tone::Good text=texts().friends_customer() /> },
        false => view! { <Badge text=texts().friends_joined() /> },
    }
}
