//! A link with a button that copies it.

use crate::components::copy_button::CopyButton;
use leptos::prelude::*;

/// What the button copies; a page has one such link.
const ID: &str = "copy-link";

/// A link to read, select or copy; `label` says whose it is. `public/js/early.js` copies.
#[component]
pub fn CopyLink(#[prop(into)] link: String, #[prop(into)] label: String) -> impl IntoView {
    let (scheme, rest) = link.find("://").map_or(("", link.as_str()), |end| link.split_at(end + "://".len()));
    let (place, code) = rest.rfind('/').map_or(("", rest), |end| rest.split_at(end + 1));
    view! {
        <div class="copy">
            <data class="link-text" id=ID data-testid="referral-link" value=link.clone()>
                <span class="scheme">{scheme.to_owned()}</span>
                {place.to_owned()}
                <span class="code">{code.to_owned()}</span>
            </data>
            <input class="by-hand" type="text" readonly=true value=link.clone() aria-label=label />
            <CopyButton of=ID primary=true />
            <p class="unseen" role="status"></p>
        </div>
    }
}
