//! Links that share a link by mail, messengers and social networks.

use crate::{
    components::icon::{Icon, Symbol},
    domain::query_string::encode,
};
use leptos::prelude::*;

/// One way to pass a link on.
struct ShareTarget {
    symbol: Symbol,
    name: &'static str,
    href: String,
}

/// Every way, with the link marked so that its visits are told apart.
fn share_targets(link: &str, text: &str) -> [ShareTarget; 5] {
    let via = |channel: &str| format!("{link}?via={channel}");
    let text_and = |channel| encode(&format!("{text} {}", via(channel)));
    let (said, link_via) = (encode(text), |channel| encode(&via(channel)));
    [
        ShareTarget {
            symbol: Symbol::Mail,
            name: "E-mail",
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

/// The ways to share `link`, with `text` said beside it.
#[component]
pub fn ShareLinks(#[prop(into)] link: String, #[prop(into)] text: String) -> impl IntoView {
    share_targets(&link, &text)
        .into_iter()
        .map(|way| {
            view! {
                <li>
                    <a class="button" href=way.href target="_blank" rel="noopener">
                        <Icon of=way.symbol />
                        {way.name}
                    </a>
                </li>
            }
        })
        .collect_view()
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
