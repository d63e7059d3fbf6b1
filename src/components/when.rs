//! Instants in tables.

use crate::{domain::time::Time, text::texts};
use leptos::prelude::*;

/// The day of an instant; pointed at, all of it.
#[component]
pub fn When(at: Time) -> impl IntoView {
    let texts = texts();
    view! {
        <time datetime=at.rfc_3339() title=texts.moment(at)>
            {texts.day(at)}
        </time>
    }
}

/// The day and time of day of an instant; pointed at, all of it.
#[component]
pub fn WhenExactly(at: Time) -> impl IntoView {
    let texts = texts();
    view! {
        <time datetime=at.rfc_3339() title=texts.moment(at)>
            {texts.day(at)}
            " "
            {texts.clock(at)}
        </time>
    }
}
