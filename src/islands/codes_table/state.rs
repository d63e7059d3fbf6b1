//! What the parts of the table share.

use super::address;
use crate::domain::ids::CodeId;
use crate::functions::campaigns::{CodeFilter, CodeRow, CodesPage, load_code_rows, load_codes};
use crate::islands::live;
use leptos::{prelude::*, task::spawn_local, wasm_bindgen::JsValue};
use std::time::Duration;

/// How long the table rests before it asks for news again.
const REFRESH: Duration = Duration::from_millis(300);

/// A row that stays the same element while its code does.
#[derive(Clone)]
pub struct Line {
    pub id: CodeId,
    pub row: ArcRwSignal<CodeRow>,
    /// Whether a switch of it is on its way.
    pub busy: ArcRwSignal<bool>,
}

impl Line {
    fn of(row: CodeRow) -> Self {
        Self { id: row.id, row: ArcRwSignal::new(row), busy: ArcRwSignal::new(false) }
    }

    /// Shows what the server knows, unless a switch is on its way that it may not know of.
    fn take(&self, row: CodeRow) {
        if !self.busy.get_untracked() {
            self.row.set(row);
        }
    }
}

/// The table: what it asks for and what it shows.
#[derive(Clone, Copy)]
pub struct Codes {
    pub filter: RwSignal<CodeFilter>,
    pub lines: RwSignal<Vec<Line>>,
    pub next: RwSignal<Option<String>>,
    /// How many seconds ago the order was right; nothing where it always is.
    pub order_age: RwSignal<Option<i64>>,
    /// A sentence about what did not work; empty when all did.
    pub refused: RwSignal<String>,
    pub loading: RwSignal<bool>,
    /// Counts the questions: only the answer to the newest is shown.
    turn: StoredValue<u32>,
    /// Counts the beginnings and ends of switches: an answer from before one is out of date.
    switches: StoredValue<u32>,
    /// Counts the news about codes on this page.
    news: StoredValue<u32>,
    /// Whether rows are on their way because of them.
    asking: StoredValue<bool>,
}

impl Codes {
    pub fn of(page: CodesPage, refused: String) -> Self {
        Self {
            filter: RwSignal::new(page.filter),
            lines: RwSignal::new(page.rows.into_iter().map(Line::of).collect()),
            next: RwSignal::new(page.next),
            order_age: RwSignal::new(page.order_age),
            refused: RwSignal::new(refused),
            loading: RwSignal::new(false),
            turn: StoredValue::new(0),
            switches: StoredValue::new(0),
            news: StoredValue::new(0),
            asking: StoredValue::new(false),
        }
    }

    /// Shows the first page of another filter, after it has rested for a while.
    pub fn show(self, filter: CodeFilter, rest: Duration) {
        let filter = CodeFilter { after: String::new(), ..filter };
        if self.filter.with_untracked(|now| *now == filter) {
            return;
        }
        self.filter.set(filter);
        let this = self.turn.get_value() + 1;
        self.turn.set_value(this);
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
                let shown = self.lines.with_untracked(|lines| {
                    lines.iter().any(|line| moved.as_ref().is_none_or(|moved| moved.contains(&line.id)))
                });
                if shown {
                    self.news.update_value(|news| *news += 1);
                    if !self.asking.get_value() {
                        spawn_local(self.refresh());
                    }
                }
            });
        });
    }

    /// Takes over the rows of this page where they are, until there is nothing new.
    async fn refresh(self) {
        self.asking.set_value(true);
        let (news, switches) = (self.news.get_value(), self.switches.get_value());
        let ids: Vec<CodeId> = self.lines.with_untracked(|lines| lines.iter().map(|line| line.id).collect());
        let answer = load_code_rows(ids).await;
        let outdated = self.switches.get_value() != switches;
        if let Ok(rows) = answer
            && !outdated
        {
            for row in rows {
                let line = self.lines.with_untracked(|lines| lines.iter().find(|line| line.id == row.id).cloned());
                if let Some(line) = line.filter(|line| line.row.with_untracked(|old| *old != row)) {
                    line.take(row);
                }
            }
        }
        let rest = move || {
            self.asking.set_value(false);
            if outdated || self.news.get_value() != news {
                spawn_local(self.refresh());
            }
        };
        set_timeout(rest, REFRESH);
    }

    /// Says that a switch begins or has ended.
    pub fn switching(self) {
        self.switches.update_value(|switches| *switches += 1);
    }

    fn is_newest(self, turn: u32) -> bool {
        self.turn.try_get_value() == Some(turn)
    }

    async fn load(self, this: u32) {
        let filter = self.filter.get_untracked();
        // Browsers limit how often an address may change; the old one then stays.
        if let Ok(history) = window().history() {
            let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&address::of(&filter)));
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
                Ok(page) => self.take(page),
                Err(error) => self.refused.set(error.to_string()),
            }
            self.loading.set(false);
            return;
        }
    }

    /// Puts the new rows into the old lines, so that what has the focus keeps it.
    fn take(self, page: CodesPage) {
        let old = self.lines.get_untracked();
        let lines = page.rows.into_iter().map(|row| match old.iter().find(|line| line.id == row.id) {
            Some(line) => {
                line.take(row);
                line.clone()
            }
            None => Line::of(row),
        });
        self.lines.set(lines.collect());
        self.next.set(page.next);
        self.order_age.set(page.order_age);
        self.refused.set(String::new());
    }
}
