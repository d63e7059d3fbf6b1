//! Icons: SVG strokes in the colour of the text.

use leptos::prelude::*;

/// What a small drawing shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Symbol {
    Alert,
    Chart,
    Check,
    Copy,
    Gift,
    Info,
    Linkedin,
    Mail,
    Person,
    Share,
    Telegram,
    Whatsapp,
    X,
}

impl Symbol {
    /// Path data in a box of 24 × 24.
    fn path(self) -> &'static str {
        match self {
            Self::Alert => "M12 3.5 2.5 20h19zM12 10v4.5M12 17.2v.1",
            Self::Chart => "M4 4v16h16M8.5 16v-4M13 16V8M17.5 16v-6",
            Self::Check => "m5 12.5 4.5 4.5L19 7.5",
            Self::Copy => "M9 9h10.5v11H9zM5.5 15H4.5V4H15v1.5",
            Self::Gift => {
                "M4 12v8.5h16V12M2.5 8h19v4h-19zM12 8v12.5M12 8C9 8 7 7 7 5.2 7 4 7.8 3.2 9 3.2c2 0 3 2 3 4.8 0-2.8 1-4.8 3-4.8 1.2 0 2 .8 2 2C17 7 15 8 12 8"
            }
            Self::Info => "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 11v5.5M12 7.7v.1",
            Self::Linkedin => "M5 10v9M5 5v.1M10 19v-9M10 14c0-2.5 1.8-4 4-4s4 1.5 4 4v5",
            Self::Mail => "M3 5.5h18v13H3zM3.5 6.5 12 13l8.5-6.5",
            Self::Person => "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4 20.5c.7-3.8 4-6 8-6s7.3 2.2 8 6",
            Self::Share => "M12 15V3.5M7.5 8 12 3.5 16.5 8M5 12.5v8h14v-8",
            Self::Telegram => "M21 4 3 11l5.5 2.5L18 7l-7 8 6.5 5zM8.5 13.5V19l2.8-3.5",
            Self::Whatsapp => {
                "M3.5 20.5 5 16.3A8.5 8.5 0 1 1 8 19.2zM9 8.5c-.6 3.5 3 7 6.5 6.5l.5-1.7-2.2-1.2-1.2 1c-1-.5-1.6-1.2-2-2l1-1.2L10.5 8z"
            }
            Self::X => "M8.5 4H4l11.5 16H20zM19.5 4l-6.7 7.3M4.5 20l6.7-7.3",
        }
    }
}

/// A decoration beside words; never alone.
#[component]
pub fn Icon(of: Symbol) -> impl IntoView {
    view! {
        <svg class="icon" width="18" height="18" viewBox="0 0 24 24" aria-hidden="true">
            <path d=of.path() />
        </svg>
    }
}

/// The mark of the program: one dot hands on to another.
#[component]
pub fn Logo() -> impl IntoView {
    view! {
        <svg class="logo" width="28" height="28" viewBox="0 0 32 32" aria-hidden="true">
            <path d="M9 22C9 12 15 8 23 10" />
            <circle class="from" cx="9" cy="23" r="5" />
            <circle class="to" cx="24" cy="10" r="5" />
        </svg>
    }
}
