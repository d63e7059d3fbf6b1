//! One code.

use super::{
    address,
    state::{Codes, Line},
};
use crate::{
    components::{
        badge::Badge,
        status::{self, StatusBadge},
        switch::CodeSwitch,
        text::{grouped, or_dash},
    },
    domain::code::CodeStatus,
    functions::campaigns::{CodeRow, switch_code},
};
use leptos::{prelude::*, task::spawn_local};

/// Shows a code as switched on or off.
fn put(row: &mut CodeRow, on: bool) {
    row.active = on;
    row.status = if on { row.status_when_on } else { CodeStatus::Inactive };
}

/// Switches at once, and back when it is refused. Of presses in between, the last one counts.
fn press(codes: Codes, line: Line) {
    let was = line.row.with_untracked(|row| row.active);
    line.row.update(|row| put(row, !was));
    codes.switching();
    if line.busy.get_untracked() {
        return;
    }
    line.busy.set(true);
    codes.refused.set(String::new());
    spawn_local(async move {
        let mut known = was;
        loop {
            let wanted = line.row.with_untracked(|row| row.active);
            if wanted == known {
                break;
            }
            match switch_code(line.id, wanted, String::new()).await {
                Ok(_) => known = wanted,
                Err(error) => {
                    line.row.update(|row| put(row, known));
                    let code = line.row.with_untracked(|row| row.code.clone());
                    codes.refused.set(format!("{code} could not be switched. {error}"));
                    break;
                }
            }
        }
        line.busy.set(false);
        codes.switching();
    });
}

/// A row of the table.
#[component]
pub fn Row(codes: Codes, line: Line) -> impl IntoView {
    let row = RwSignal::from(line.row.clone());
    let (id, code) = row.with_untracked(|row| (row.id, row.code.clone()));
    let back = Signal::derive(move || codes.filter.with(address::of));
    let expires = move || match row.read().expires_at {
        Some(at) => at.date(),
        None => "Never".into(),
    };
    view! {
        <tr
            data-testid="code-row"
            data-code=code.clone()
            data-status=move || status::name(row.read().status)
        >
            <th scope="row">
                <a href=format!("/admin/codes/{id}")>{code.clone()}</a>
                <span class="note">{move || row.read().description.clone()}</span>
                {move || {
                    let category = row.read().category.clone();
                    (!category.is_empty()).then(|| view! { <Badge text=category /> })
                }}
            </th>
            <td data-label="Status">{move || view! { <StatusBadge status=row.read().status /> }}</td>
            <td data-label="Uses" class="number">
                {move || format!("{} / {}", grouped(row.read().uses), grouped(row.read().max_uses))}
            </td>
            <td data-label="Clicks" class="number">
                {move || grouped(row.read().clicks)}
            </td>
            <td data-label="Created">{move || row.read().created_at.date()}</td>
            <td data-label="Expires">{expires}</td>
            <td data-label="Beneficiary">{move || or_dash(row.read().beneficiary.clone())}</td>
            <td class="control">
                <form
                    method="post"
                    action=back
                    on:submit=move |event| {
                        event.prevent_default();
                        press(codes, line.clone());
                    }
                >
                    <CodeSwitch
                        id=id
                        label=format!("{code} is on")
                        on=Signal::derive(move || row.read().active)
                        back=back
                    />
                </form>
            </td>
        </tr>
    }
}
