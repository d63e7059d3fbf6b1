//! Navigation links that mark the current page.

use crate::{
    text::texts,
    view_models::page::{PageContext, Waiting},
};
use leptos::prelude::*;

/// What a link to `href` says about the page at `path`; a `section` also counts what lies below it.
fn current(path: &str, href: &str, section: bool) -> Option<&'static str> {
    let below = || path.strip_prefix(href).is_some_and(|rest| rest.starts_with('/'));
    if path == href {
        Some("page")
    } else if section && below() {
        Some("true")
    } else {
        None
    }
}

/// One link, marked when it leads to this page or, as a `section`, to one above it.
#[component]
pub fn NavLink(
    href: &'static str,
    #[prop(into)] text: String,
    #[prop(optional)] section: bool,
    /// How much waits behind it, counted up to [`Waiting::MOST`].
    #[prop(optional)]
    waiting: i64,
) -> impl IntoView {
    let here = expect_context::<PageContext>().here;
    let path = here.split('?').next().unwrap_or_default();
    let waiting = (waiting > 0).then(|| {
        view! {
            " "
            <span class="count">{counted(waiting)}</span>
        }
    });
    view! {
        <li>
            <a href=href aria-current=current(path, href, section)>
                {text}
                {waiting}
            </a>
        </li>
    }
}

/// How much waits, as text: `3`, or `99+`.
pub fn counted(waiting: i64) -> String {
    let texts = texts();
    if waiting < Waiting::MOST { texts.number(waiting) } else { texts.admin_or_more(texts.number(Waiting::MOST - 1)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_holds_what_lies_below_it() {
        assert_eq!(current("/admin", "/admin", false), Some("page"));
        assert_eq!(current("/admin/codes", "/admin", false), None);
        assert_eq!(current("/admin/codes/7", "/admin/codes", true), Some("true"));
        assert_eq!(current("/administration", "/admin", true), None);
    }

    #[test]
    fn more_than_was_counted_has_a_plus() {
        assert_eq!([1, 99, 100].map(counted), ["1", "99", "99+"]);
    }
}
