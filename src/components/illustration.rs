//! The illustration of the home page.

use leptos::prelude::*;

/// A head and shoulders inside a disc of `r` at `x`, `y`.
#[component]
fn Person(class: &'static str, x: i32, y: i32, r: i32) -> impl IntoView {
    let shoulders = format!(
        "M{} {}a{r} {r} 0 0 0 {} 0c-{} -{} -{} -{} -{} 0z",
        x - r * 7 / 10,
        y + r * 7 / 10,
        r * 14 / 10,
        r * 3 / 10,
        r * 9 / 10,
        r * 11 / 10,
        r * 9 / 10,
        r * 14 / 10,
    );
    view! {
        <g class=class>
            <circle class="disc" cx=x cy=y r=r />
            <circle class="face" cx=x cy=y - r / 4 r=r * 3 / 10 />
            <path class="face" d=shoulders />
        </g>
    }
}

/// A small `+1` that appears beside a friend.
#[component]
fn PlusOne(class: &'static str, x: i32, y: i32) -> impl IntoView {
    view! {
        <g class=class>
            <rect x=x y=y width="40" height="24" rx="12" />
            <text x=x + 20 y=y + 17>
                "+1"
            </text>
        </g>
    }
}

/// A link on its way. A decoration: the text beside it says the same.
#[component]
pub fn Illustration() -> impl IntoView {
    view! {
        <svg class="illustration" viewBox="0 0 420 320" aria-hidden="true">
            <path class="way" d="M110 160C190 150 220 70 330 60" />
            <path class="way" d="M112 168C200 172 240 158 350 160" />
            <path class="way" d="M108 178C180 200 220 262 330 262" />
            <path class="travels one" d="M110 160C190 150 220 70 330 60" pathLength="100" />
            <path class="travels two" d="M112 168C200 172 240 158 350 160" pathLength="100" />
            <path class="travels three" d="M108 178C180 200 220 262 330 262" pathLength="100" />
            <Person class="sender" x=76 y=166 r=44 />
            <Person class="friend" x=346 y=56 r=30 />
            <Person class="friend" x=368 y=160 r=30 />
            <Person class="friend" x=346 y=266 r=30 />
            <PlusOne class="plus one" x=362 y=14 />
            <PlusOne class="plus two" x=376 y=112 />
            <PlusOne class="plus three" x=362 y=218 />
        </svg>
    }
}
