//! A row of the table: one code and its switch.

use crate::{
    components::{
        badge::Badge,
        format::{grouped, or_dash},
        status::StatusBadge,
        switch::CodeSwitch,
    },
    domain::codes::code::CodeStatus,
    functions::codes::set_code_active,
    islands::codes_table::{
        query_string,
        state::{RowState, TableState},
    },
    view_models::codes::CodeDetails,
};
use leptos::{prelude::*, task::spawn_local};

/// Shows a code as switched on or off.
fn set_active(code: &mut CodeDetails, on: bool) {
    code.active = on;
    code.status = if on { code.status_if_active } else { CodeStatus::Inactive };
}

/// Switches at once, and back when it is refused. Of presses in between, the last one counts.
fn toggle(codes: TableState, row: RowState) {
    let was = row.code.with_untracked(|code| code.active);
    row.code.update(|code| set_active(code, !was));
    codes.note_switch();
    if row.busy.get_untracked() {
        return;
    }
    row.busy.set(true);
    codes.refused.set(String::new());
    spawn_local(async move {
        let mut known = was;
        loop {
            let wanted = row.code.with_untracked(|code| code.active);
            if wanted == known {
                break;
            }
            match set_code_active(row.id, wanted, String::new()).await {
                Ok(_) => known = wanted,
                Err(error) => {
                    row.code.update(|code| set_active(code, known));
                    let name = row.code.with_untracked(|code| code.code.clone());
                    codes.refused.set(format!("{name} could not be switched. {}", codes.why(error)));
                    break;
                }
            }
        }
        row.busy.set(false);
        codes.note_switch();
    });
}

/// A row of the table.
#[component]
pub fn Row(codes: TableState, row: RowState) -> impl IntoView {
    let details = RwSignal::from(row.code.clone());
    let (id, code) = details.with_untracked(|code| (code.id, code.code.clone()));
    let back = Signal::derive(move || codes.filter.with(query_string::page_address));
    let expires = move || match details.read().expires_at {
        Some(at) => at.date(),
        None => "Never".into(),
    };
    view! {
        <tr
            data-testid="code-row"
            data-code=code.clone()
            data-status=move || details.read().status.name()
        >
            <th scope="row">
                <a href=format!("/admin/codes/{id}")>{code.clone()}</a>
                <span class="note">{move || details.read().description.clone()}</span>
                {move || details.read().category.clone().map(|category| view! { <Badge text=category /> })}
            </th>
            <td data-label="Status">{move || view! { <StatusBadge status=details.read().status /> }}</td>
            <td data-label="Uses" class="number">
                {move || uses(&details.read())}
            </td>
            <td data-label="Clicks" class="number">
                {move || grouped(details.read().clicks)}
            </td>
            <td data-label="Created">{move || details.read().created_at.date()}</td>
            <td data-label="Expires">{expires}</td>
            <td data-label="Beneficiary">{move || or_dash(details.read().beneficiary_email.clone().unwrap_or_default())}</td>
            <td class="control">
                <form
                    method="post"
                    action=back
                    on:submit=move |event| {
                        event.prevent_default();
                        toggle(codes, row.clone());
                    }
                >
                    <CodeSwitch
                        id=id
                        label=format!("{code} is on")
                        on=Signal::derive(move || details.read().active)
                        back=back
                    />
                </form>
            </td>
        </tr>
    }
}

/// How often a code was used, of how many times: `3 / 100`.
fn uses(details: &CodeDetails) -> String {
    let uses = grouped(details.uses);
    match details.max_uses {
        Some(most) => format!("{uses} / {}", grouped(most)),
        None => format!("{uses} · No limit"),
    }
}
