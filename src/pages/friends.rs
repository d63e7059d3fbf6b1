//! The people whom somebody brought.

use crate::{
    components::{
        alert::Tone,
        badge::Badge,
        empty::Empty,
        format::moment,
        icon::{Icon, Symbol},
        layout::Layout,
        pager::Pager,
    },
    domain::query_string::address,
    functions::friends::load_friends,
    pages::{load, query},
    text::texts,
    view_models::friends::{self, Friend},
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
            <ul class="rows">{page.rows.into_iter().map(|friend| view! { <FriendRow friend=friend /> }).collect_view()}</ul>
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
fn FriendRow(friend: Friend) -> impl IntoView {
    let texts = texts();
    let name = if friend.name.is_empty() { texts.friends_erased() } else { friend.name };
    let state = match friend.customer {
        true => view! { <Badge tone=Tone::Good text=texts.friends_customer() /> },
        false => view! { <Badge text=texts.friends_joined() /> },
    };
    let sentences = match friend.receipt.is_empty() {
        true => vec![texts.friends_undecided()],
        false => friend.receipt,
    };
    let rewards = friend.rewards.into_iter().map(|reward| view! { <p>{reward}</p> }).collect_view();
    let rewards = (!rewards.is_empty()).then(|| view! { <div class="friend-rewards note">{rewards}</div> });
    view! {
        <li data-testid="friend">
            <Icon of=Symbol::Person />
            <p>
                <strong>{name}</strong>
                <time class="note" datetime=friend.joined_at.rfc_3339() title=moment(friend.joined_at)>
                    {texts.friends_joined_on(friend.joined_at.date())}
                </time>
            </p>
            {state}
            {rewards}
            <details>
                <summary>{texts.friends_why()}</summary>
                {sentences.into_iter().map(|sentence| view! { <p>{sentence}</p> }).collect_view()}
            </details>
        </li>
    }
}
