//! One's own rewards, updated live: what they are, how they stand, and what can be done with them.

use crate::{
    components::{alert::Tone, empty::Empty, icon::Symbol},
    domain::rewards::reward::RewardState,
    functions::own_rewards::{choose_option, redeem_reward},
    islands::live,
    view_models::rewards::{RefusedReward, RewardCard, RewardCards, RewardWords},
};
use leptos::{
    either::{Either, EitherOf3},
    ev::SubmitEvent,
    prelude::*,
    task::spawn_local,
    wasm_bindgen::JsCast,
    web_sys::{FormData, HtmlFormElement},
};

/// Ended rewards that are shown at once.
const ENDED: usize = 3;

/// The balances and the cards. Each form works without this island too.
#[island]
pub fn RewardList(initial: RewardCards, words: RewardWords, refused: Option<RefusedReward>) -> impl IntoView {
    let shown = RwSignal::new(initial);
    let refused = RwSignal::new(refused);
    Effect::new(move |_| {
        live::on_rewards(move |news| {
            if shown.with_untracked(|old| *old != news) {
                shown.set(news);
            }
        });
    });
    let words = StoredValue::new(words);
    view! {
        <div class="reward-list" aria-live="polite">
            {move || {
                let RewardCards { cards, balances, more } = shown.get();
                let balances = balances.into_iter().map(|balance| {
                    let rest: Vec<String> = [balance.pending, balance.frozen, balance.owed]
                        .into_iter()
                        .filter(|text| !text.is_empty())
                        .collect();
                    view! {
                        <li data-testid="balance" data-kind=balance.kind>
                            <strong>{balance.available}</strong>
                            <span class="note">{rest.join(" · ")}</span>
                        </li>
                    }
                });
                let balances = balances.collect_view();
                if cards.is_empty() {
                    let words = words.get_value();
                    return Either::Left(view! {
                        <Empty symbol=Symbol::Gift title=words.none>
                            {words.none_note}
                            " "
                            <a href="#link">{words.share}</a>
                        </Empty>
                    });
                }
                let more = more.then(|| view! { <p class="note">{words.get_value().more}</p> });
                let list = move |cards: Vec<RewardCard>| {
                    let cards = cards.into_iter().map(|card| view! { <Card card=card words=words refused=refused /> });
                    view! { <ul class="reward-cards">{cards.collect_view()}</ul> }
                };
                let (now, earlier) = parted(cards);
                let earlier = (!earlier.is_empty()).then(|| {
                    view! {
                        <details>
                            <summary>{words.get_value().earlier}</summary>
                            {list(earlier)}
                            {more}
                        </details>
                    }
                });
                Either::Right(view! {
                    <ul class="balances">{balances}</ul>
                    {list(now)}
                    {earlier}
                })
            }}
        </div>
    }
}

#[component]
fn Card(card: RewardCard, words: StoredValue<RewardWords>, refused: RwSignal<Option<RefusedReward>>) -> impl IntoView {
    let RewardCard { id, state, kind, usable, title, amount, was, because, status, frozen, options } = card;
    let sent = StoredValue::new(false);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if sent.get_value() {
            return;
        }
        let Some(form) = event.target().and_then(|target| target.dyn_into::<HtmlFormElement>().ok()) else { return };
        let option = FormData::new_with_form(&form).ok().and_then(|fields| fields.get("option").as_string());
        let choice = form.has_attribute("data-choice");
        refused.set(None);
        sent.set_value(true);
        spawn_local(async move {
            let answer = match choice {
                true => choose_option(id, option.unwrap_or_default()).await,
                false => redeem_reward(id).await,
            };
            // The card may be another one by now.
            sent.try_set_value(false);
            if let Err(refusal) = answer {
                let message = match refusal.message.as_str() {
                    "" => words.get_value().offline,
                    message => message.to_owned(),
                };
                refused.set(Some(RefusedReward { id: id.to_string(), message }));
            }
        });
    };
    let message = move || {
        let refused = refused.get().filter(|refused| refused.id == id.to_string())?;
        Some(view! { <p class="message" role="alert">{refused.message}</p> })
    };
    let action = if !options.is_empty() {
        let choose = words.get_value().choose;
        let options = options.into_iter().enumerate().map(|(place, (name, text))| {
            view! {
                <label class="tick">
                    <input type="radio" name="option" value=name checked=place == 0 />
                    <span>{text}</span>
                </label>
            }
        });
        EitherOf3::A(view! {
            <form method="post" class="choice" data-choice="" on:submit=submit>
                <input type="hidden" name="form" value="choose_option" />
                <input type="hidden" name="id" value=id.to_string() />
                <fieldset>
                    <legend class="unseen">{title.clone()}</legend>
                    {options.collect_view()}
                </fieldset>
                <button type="submit" class="button">{choose}</button>
            </form>
        })
    } else if usable {
        EitherOf3::B(view! {
            <form method="post" on:submit=submit>
                <input type="hidden" name="form" value="redeem_reward" />
                <input type="hidden" name="id" value=id.to_string() />
                <button type="submit" class="button plain">
                    {words.get_value().redeem} <span class="unseen">" " {title.clone()}</span>
                </button>
            </form>
        })
    } else {
        EitherOf3::C(())
    };
    let tone = tone(state, frozen);
    // The title says it already.
    let bare = title == amount || was.is_empty();
    view! {
        <li data-testid="reward" data-state=state.as_str() data-kind=kind>
            <div>
                <p>
                    <strong>{title}</strong>
                    <span class:unseen=bare>" " <span class="note" data-testid="reward-amount">{amount}</span></span>
                    {(!was.is_empty()).then(|| view! { <span class="note">" " {was}</span> })}
                </p>
                <p class="note">{because}</p>
                <p class=format!("reward-status {}", tone.class())>{status}</p>
            </div>
            {action}
            {message}
        </li>
    }
}

/// What something can still become of, with the latest of the others, and the rest.
fn parted(cards: Vec<RewardCard>) -> (Vec<RewardCard>, Vec<RewardCard>) {
    let open = |card: &RewardCard| matches!(card.state, RewardState::Pending | RewardState::Active);
    let (mut now, mut ended): (Vec<_>, Vec<_>) = cards.into_iter().partition(open);
    let earlier = ended.split_off(ended.len().min(ENDED));
    now.extend(ended);
    (now, earlier)
}

/// The colour of a state.
fn tone(state: RewardState, frozen: bool) -> Tone {
    match state {
        _ if frozen => Tone::Warn,
        RewardState::Active => Tone::Good,
        RewardState::Pending => Tone::Warn,
        RewardState::Voided | RewardState::Reversed => Tone::Bad,
        RewardState::Redeemed | RewardState::Expired => Tone::Neutral,
    }
}
