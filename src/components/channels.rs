//! Where clicks come from: a bar for each channel.

use crate::{text::texts, view_models::statistics::ChannelClicks};
use leptos::prelude::*;

/// Bars with the clicks of each channel and their part of all.
#[component]
pub fn ChannelBars(channels: Vec<ChannelClicks>) -> impl IntoView {
    let texts = texts();
    let all: i64 = channels.iter().map(|channel| channel.clicks).sum();
    let bar = |ChannelClicks { channel, clicks }: ChannelClicks| {
        let part = texts.number_percent(texts.number((clicks * 200 + all) / (2 * all.max(1))));
        let numbers = format!("{} · {part}", texts.number(clicks));
        view! {
            <li data-testid="channel" data-channel=channel.clone()>
                <span>{texts.channel(&channel)}</span>
                <strong>{numbers}</strong>
                <progress aria-hidden="true" max=all value=clicks></progress>
            </li>
        }
    };
    view! { <ul class="channels">{channels.into_iter().map(bar).collect_view()}</ul> }
}
