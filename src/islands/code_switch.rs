//! The button on a code's page that switches the code on and off, and leaves what is being typed beside it alone.

use crate::{
    components::alert::Alert,
    domain::ids::CodeId,
    functions::codes::{load_code_rows, set_code_active},
    islands::live,
    view_models::codes::SwitchWords,
};
use leptos::{prelude::*, task::spawn_local};

/// A form with the button. `refused` is what the server said about it without a script, `back` where it leads then.
#[island]
pub fn CodeSwitchButton(id: CodeId, active: bool, back: String, refused: String, words: SwitchWords) -> impl IntoView {
    let active = RwSignal::new(active);
    let busy = RwSignal::new(false);
    let refused = RwSignal::new(refused);
    Effect::new(move |_| {
        live::on_codes(move |moved| {
            if moved.is_some_and(|moved| !moved.contains(&id)) {
                return;
            }
            spawn_local(async move {
                let row = load_code_rows(vec![id]).await.ok().and_then(|mut rows| rows.pop());
                if let Some(row) = row.filter(|_| !busy.get_untracked()) {
                    active.set(row.active);
                }
            });
        });
    });
    let unreachable = StoredValue::new(words.unreachable);
    let switch = move || {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        refused.set(String::new());
        let wanted = !active.get_untracked();
        spawn_local(async move {
            match set_code_active(id, wanted, String::new()).await {
                Ok(_) => active.set(wanted),
                Err(error) if error.message.is_empty() => refused.set(unreachable.get_value()),
                Err(error) => refused.set(error.message),
            }
            busy.set(false);
        });
    };
    let (on, off) = (words.switch_on, words.switch_off);
    let alert = move || {
        let message = refused.get();
        (!message.is_empty()).then(|| view! { <Alert>{message}</Alert> })
    };
    view! {
        <form
            method="post"
            on:submit=move |event| {
                event.prevent_default();
                switch();
            }
        >
            <input type="hidden" name="form" value="set_code_active" />
            <input type="hidden" name="id" value=id.to_string() />
            <input type="hidden" name="active" value=move || (!active.get()).to_string() />
            <input type="hidden" name="back" value=back />
            <button type="submit" class="button">
                {move || if active.get() { off.clone() } else { on.clone() }}
            </button>
            {alert}
        </form>
    }
}
