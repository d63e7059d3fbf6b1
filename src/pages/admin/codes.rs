//! All campaign codes.

use super::{super::load, query};
use crate::{
    components::{admin_layout::AdminLayout, button::LinkButton, form::Submitted, scripts::Scripts},
    functions::campaigns::{self, load_codes},
    islands::codes_table::{CodesTable, address},
};
use leptos::prelude::*;

/// The table of codes. What it shows stands in its address.
#[component]
pub fn CodesPage() -> impl IntoView {
    let filter = address::read(|name| Some(query(name)).filter(|value| !value.is_empty()));
    load(load_codes(filter), |page| view! { <CodesView page=page /> })
}

#[component]
fn CodesView(page: campaigns::CodesPage) -> impl IntoView {
    let refused = Submitted::by("switch_code").errors.into_iter().next().map(|error| error.message);
    view! {
        <AdminLayout title="Codes">
            <div class="heading">
                <h1>"Codes"</h1>
                <LinkButton href="/admin/codes/new">"New code"</LinkButton>
            </div>
            <CodesTable page=page refused=refused.unwrap_or_default() />
            <Scripts live=true />
        </AdminLayout>
    }
}
