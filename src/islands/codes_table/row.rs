//! A row of the table: one code and its switch.

use crate::{
    components::{badge::Badge, status::StatusBadge, switch::CodeSwitch},
    domain::codes::code::CodeStatus,
    functions::codes::set_code_active,
    islands::codes_table::{
        query_string,
        state::{RowState, TableState},
    },
    view_models::codes::{CodeRow, ShortDate},
};
use leptos::{either::Either, prelude::*, task::spawn_local};

/// Shows a code as switched on or off.
fn set_active(code: &mut CodeRow, on: bool) {
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
                    let not_switched = codes.words.with_value(|words| words.not_switched.replace("{code}", &name));
                    codes.refused.set(format!("{not_switched} {}", codes.why(error)));
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
    let words = codes.words.get_value();
    let switch_label = words.switch_label.replace("{code}", &code);
    let status = move || {
        let status = details.read().status;
        view! { <StatusBadge status=status text=codes.words.with_value(|words| words.of_status(status)) /> }
    };
    let expires = move || match details.read().expires.clone() {
        Some(date) => Either::Left(day(date)),
        None => Either::Right(codes.words.with_value(|words| words.never.clone())),
    };
    let beneficiary = move || {
        let CodeRow { beneficiary, beneficiary_id, .. } = details.get();
        match beneficiary_id.filter(|_| !beneficiary.is_empty()) {
            Some(id) => Either::Left(view! { <a href=format!("/admin/users/{id}")>{beneficiary}</a> }),
            None => Either::Right("–"),
        }
    };
    view! {
        <tr
            data-testid="code-row"
            data-code=code.clone()
            data-status=move || details.read().status.name()
        >
            <th scope="row">
                <a href=format!("/admin/codes/{id}")>{code.clone()}</a>
                {move || details.read().category.clone().map(|category| view! { <Badge text=category /> })}
                <span class="note">{move || details.read().description.clone()}</span>
            </th>
            <td data-label=words.status>{status}</td>
            <td data-label=words.sign_ups class="number">
                {move || details.read().sign_ups.clone()}
            </td>
            <td data-label=words.clicks class="number">
                {move || details.read().clicks.clone()}
            </td>
            <td data-label=words.created>{move || day(details.read().created.clone())}</td>
            <td data-label=words.expires>{expires}</td>
            <td data-label=words.beneficiary class="person">
                {beneficiary}
            </td>
            <td class="control">
                <form
                    method="post"
                    action=back
                    on:submit=move |event| {
                        event.prevent_default();
                        toggle(codes, row.clone());
                    }
                >
                    <CodeSwitch id=id label=switch_label on=Signal::derive(move || details.read().active) back=back />
                </form>
            </td>
        </tr>
    }
}

fn day(date: ShortDate) -> impl IntoView {
    view! {
        <time datetime=date.datetime title=date.moment>
            {date.day}
        </time>
    }
}
