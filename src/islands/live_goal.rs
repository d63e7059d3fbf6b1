//! The progress bar of the goal, updated live.

use crate::{components::progress::Progress, islands::live, view_models::stats::UserStats};
use leptos::prelude::*;

/// Sign-ups and goal, as a pair.
fn pair(stats: &UserStats) -> (i64, i64) {
    (stats.signups, stats.goal)
}

/// What the numbers mean.
fn words(signups: i64, goal: i64) -> String {
    match goal - signups {
        left if left > 0 => format!("{left} to go"),
        0 => "Goal reached. Well done!".into(),
        over => format!("Goal reached, and {} more. Well done!", -over),
    }
}

/// `3 / 10`, a bar, and what is left in words.
#[island]
pub fn LiveGoal(initial: UserStats) -> impl IntoView {
    let shown = live::follow(pair(&initial), pair);
    let signups = Signal::derive(move || shown.get().0.0);
    let goal = Signal::derive(move || shown.get().0.1);
    view! {
        <p class="goal">
            <span data-testid="goal" class=move || live::changed(shown.get().1)>
                {move || format!("{} / {}", signups.get(), goal.get())}
            </span>
            <span class="note">{move || words(signups.get(), goal.get())}</span>
        </p>
        <Progress label="Sign-ups on the way to your goal" value=signups max=goal />
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_count_down_and_go_on_after_the_goal() {
        assert_eq!(words(3, 10), "7 to go");
        assert_eq!(words(10, 10), "Goal reached. Well done!");
        assert_eq!(words(12, 10), "Goal reached, and 2 more. Well done!");
    }
}
