//! The program's own colour, with a picker and a preview where there is a script.

use crate::{components::field::Field, text::texts};
use leptos::prelude::*;

/// The standard colour, which the picker begins with.
const STANDARD: &str = "#3550c4";

/// The field, the picker beside it and what buttons and links would look like: see `public/js/settings-form.js`.
#[component]
pub(super) fn BrandColor(value: String) -> impl IntoView {
    let texts = texts();
    let pick = if value.is_empty() { STANDARD.to_owned() } else { value.clone() };
    view! {
        <Field
            name="accent_color"
            label=texts.settings_accent_color()
            optional=true
            hint=texts.settings_accent_color_hint()
            value=value
        />
        <div class="color needs-script">
            <input
                type="color"
                aria-label=texts.settings_pick_color()
                value=pick
                data-color-of="accent_color"
                data-standard=STANDARD
            />
            <span class="color" role="img" aria-label=texts.settings_preview() data-preview-of="accent_color">
                <span class="button primary">{texts.settings_preview_button()}</span>
                <span class="link">{texts.settings_preview_link()}</span>
            </span>
        </div>
    }
}
