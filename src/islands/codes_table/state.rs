//! The state of the table, which its parts share.

use crate::{
    domain::ids::CodeId,
    error::Refusal,
    functions::codes::{load_code_rows, load_codes},
    islands::{codes_table::query_string, live},
    view_models::codes::{CodeFilter, CodeRow, CodesPage, CodesWords},
};
use leptos::{prelude::*, task::spawn_local, wasm_bindgen::JsValue};
use std::time::Duration;

/// How long the table waits before it reloads rows again.
const REFRESH_DELAY: Duration = Duration::from_millis(300);

/// A row that stays the same element while its code does.
#[derive(Clone)]
pub struct RowState {
    pub id: CodeId,
    pub code: ArcRwSignal<CodeRow>,
    /// Whether a switch of it is on its way.
    pub busy: ArcRwSignal<bool>,
}

impl RowState {
    fn of(code: CodeRow) -> Self {
        Self { id: code.id, code: ArcRwSignal::new(code), busy: ArcRwSignal::new(false) }
    }

    /// Shows what the server knows, unless a switch is on its way that it may not know of.
    fn update(&self, code: CodeRow) {
        if !self.busy.get_untracked() {
            self.code.set(code);
        }
    }
}

/// The table: what it asks for and what it shows.
#[derive(Clone, Copy)]
pub struct TableState {
    pub filter: RwSignal<CodeFilter>,
    pub rows: RwSignal<Vec<RowState>>,
    pub next: RwSignal<Option<String>>,
    /// How many rows there are, in words.
    pub found: RwSignal<String>,
    pub words: StoredValue<CodesWords>,
    /// A sentence about what did not work; empty when all did.
    pub refused: RwSignal<String>,
    pub loading: RwSignal<bool>,
    /// Counts the requests: only the answer to the newest is shown.
    request_id: StoredValue<u32>,
    /// Counts the beginnings and ends of switches: an answer from before one is out of date.
    switches: StoredValue<u32>,
    /// Counts the changes to codes on this page.
    changes: StoredValue<u32>,
    /// Whether rows are on their way because of them.
    refreshing: StoredValue<bool>,
}

impl TableState {
    pub fn of(page: CodesPage, words: CodesWords, refused: String) -> Self {
        Self {
            filter: RwSignal::new(page.filter),
            rows: RwSignal::new(page.rows.into_iter().map(RowState::of).collect()),
            next: RwSignal::new(page.next),
            found: RwSignal::new(page.found),
            words: StoredValue::new(words),
            refused: RwSignal::new(refused),
            loading: RwSignal::new(false),
            request_id: StoredValue::new(0),
            switches: StoredValue::new(0),
            changes: StoredValue::new(0),
            refreshing: StoredValue::new(false),
        }
    }

    /// Shows the first page of another filter, after it has rested for a while.
    pub fn show(self, filter: CodeFilter, rest: Duration) {
        let filter = CodeFilter { after: String::new(), ..filter };
        if self.filter.with_untracked(|now| *now == filter) {
            return;
        }
        self.filter.set(filter);
        let this = self.request_id.get_value() + 1;
        self.request_id.set_value(this);
        let ask = move || {
            if self.is_newest(this) {
                spawn_local(self.load(this));
            }
        };
        set_timeout(ask, rest);
    }

    /// Follows the numbers of the codes on this page.
    pub fn watch(self) {
        Effect::new(move |_| {
            live::on_codes(move |moved| {
                let shown = self.rows.with_untracked(|rows| {
                    rows.iter().any(|row| moved.as_ref().is_none_or(|moved| moved.contains(&row.id)))
                });
                if shown {
                    self.changes.update_value(|changes| *changes += 1);
                    if !self.refreshing.get_value() {
                        spawn_local(self.refresh());
                    }
                }
            });
        });
    }

    /// Takes over the rows of this page where they are, until there is nothing new.
    async fn refresh(self) {
        self.refreshing.set_value(true);
        let (changes, switches) = (self.changes.get_value(), self.switches.get_value());
        let ids: Vec<CodeId> = self.rows.with_untracked(|rows| rows.iter().map(|row| row.id).collect());
        let answer = load_code_rows(ids).await;
        let outdated = self.switches.get_value() != switches;
        if let Ok(rows) = answer
            && !outdated
        {
            for code in rows {
                let row = self.rows.with_untracked(|rows| rows.iter().find(|row| row.id == code.id).cloned());
                if let Some(row) = row.filter(|row| row.code.with_untracked(|old| *old != code)) {
                    row.update(code);
                }
            }
        }
        let rest = move || {
            self.refreshing.set_value(false);
            if outdated || self.changes.get_value() != changes {
                spawn_local(self.refresh());
            }
        };
        set_timeout(rest, REFRESH_DELAY);
    }

    /// What went wrong, in a sentence.
    pub fn why(self, refusal: Refusal) -> String {
        if refusal.message.is_empty() {
            self.words.with_value(|words| words.unreachable.clone())
        } else {
            refusal.message
        }
    }

    /// Says that a switch begins or has ended.
    pub fn note_switch(self) {
        self.switches.update_value(|switches| *switches += 1);
    }

    fn is_newest(self, request_id: u32) -> bool {
        self.request_id.try_get_value() == Some(request_id)
    }

    async fn load(self, this: u32) {
        let filter = self.filter.get_untracked();
        // Browsers limit how often an address may change; the old one then stays.
        if let Ok(history) = window().history() {
            let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&query_string::page_address(&filter)));
        }
        self.loading.set(true);
        loop {
            let switches = self.switches.get_value();
            let answer = load_codes(filter.clone()).await;
            if !self.is_newest(this) {
                return;
            }
            match answer {
                Ok(_) if self.switches.get_value() != switches => continue,
                Ok(page) => self.show_page(page),
                Err(error) => self.refused.set(self.why(error)),
            }
            self.loading.set(false);
            return;
        }
    }

    /// Puts the new codes into the old rows, so that what has the focus keeps it.
    fn show_page(self, page: CodesPage) {
        let old = self.rows.get_untracked();
        let rows = page.rows.into_iter().map(|code| match old.iter().find(|row| row.id == code.id) {
            Some(row) => {
                row.update(code);
                row.clone()
            }
            None => RowState::of(code),
        });
        self.rows.set(rows.collect());
        self.next.set(page.next);
        self.found.set(page.found);
        self.refused.set(String::new());
    }
}
