//! Navigation links that mark the current page.

use crate::view_models::page::PageContext;
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
pub fn NavLink(href: &'static str, #[prop(into)] text: String, #[prop(optional)] section: bool) -> impl IntoView {
    let here = expect_context::<PageContext>().here;
    let path = here.split('?').next().unwrap_or_default();
    view! {
        <li>
            <a href=href aria-current=current(path, href, section)>
                {text}
            </a>
        </li>
    }
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
}
