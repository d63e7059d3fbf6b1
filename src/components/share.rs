//! Buttons that share a link: the device's own way, mail, messengers and social networks.

use crate::{
    components::icon::{Icon, Symbol},
    domain::query_string::encode,
    text::texts,
};
use leptos::prelude::*;

/// One way to pass a link on.
struct ShareTarget {
    symbol: Symbol,
    /// A name of its own; empty for mail.
    name: &'static str,
    href: String,
}

/// The link, marked so that its visits are told apart.
fn via(link: &str, channel: &str) -> String {
    format!("{link}?via={channel}")
}

/// Every way but the device's own.
fn share_targets(link: &str, text: &str) -> [ShareTarget; 5] {
    let text_and = |channel| encode(&format!("{text} {}", via(link, channel)));
    let (said, link_via) = (encode(text), |channel| encode(&via(link, channel)));
    [
        ShareTarget {
            symbol: Symbol::Mail,
            name: "",
            href: format!("mailto:?subject={said}&body={}", text_and("mail")),
        },
        ShareTarget {
            symbol: Symbol::Whatsapp,
            name: "WhatsApp",
            href: format!("https://wa.me/?text={}", text_and("whatsapp")),
        },
        ShareTarget {
            symbol: Symbol::Telegram,
            name: "Telegram",
            href: format!("https://t.me/share/url?url={}&text={said}", link_via("telegram")),
        },
        ShareTarget {
            symbol: Symbol::X,
            name: "X",
            href: format!("https://x.com/intent/post?url={}&text={said}", link_via("x")),
        },
        ShareTarget {
            symbol: Symbol::Linkedin,
            name: "LinkedIn",
            href: format!("https://www.linkedin.com/sharing/share-offsite/?url={}", link_via("linkedin")),
        },
    ]
}

/// The ways to share `link`, with `text` said beside it. `public/js/early.js` opens the device's own.
#[component]
pub fn ShareButtons(#[prop(into)] link: String, #[prop(into)] text: String) -> impl IntoView {
    let texts = texts();
    let ways = share_targets(&link, &text).into_iter().map(|way| {
        let name = if way.name.is_empty() { texts.share_email() } else { way.name.to_owned() };
        view! {
            <li>
                <a class="button" href=way.href target="_blank" rel="noopener">
                    <Icon of=way.symbol />
                    {name}
                </a>
            </li>
        }
    });
    view! {
        <ul class="share" aria-label=texts.share_list()>
            <li class="device">
                <button type="button" class="button" data-share=via(&link, "share") data-text=text>
                    <Icon of=Symbol::Share />
                    {texts.share_device()}
                </button>
            </li>
            {ways.collect_view()}
        </ul>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_way_carries_the_link_with_its_channel() {
        for (way, channel) in share_targets("https://p.example/r/ABC", "Join me")
            .iter()
            .zip(["mail", "whatsapp", "telegram", "x", "linkedin"])
        {
            let link = format!("https%3A%2F%2Fp.example%2Fr%2FABC%3Fvia%3D{channel}");
            assert!(way.href.contains(&link), "{}", way.href);
        }
    }
}
