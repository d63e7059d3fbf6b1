//! The progress bar of the goal, updated live.

use crate::{
    components::progress::Progress,
    islands::live,
    view_models::stats::{GoalWords, UserStats},
};
use leptos::prelude::*;

/// Sign-ups and goal, as a pair.
fn pair(stats: &UserStats) -> (i64, i64) {
    (stats.signups, stats.goal)
}

/// What the numbers mean.
fn sentence(signups: i64, goal: i64, words: &GoalWords) -> String {
    match goal - signups {
        left if left > 0 => words.left.say(left),
        0 => words.reached.clone(),
        over => words.over.say(-over),
    }
}

/// `3 / 10`, a bar, and what is left in words; once the goal is reached, what to do next.
#[island]
pub fn LiveGoal(initial: UserStats, words: GoalWords) -> impl IntoView {
    let shown = live::follow(pair(&initial), pair);
    let signups = Signal::derive(move || shown.get().0.0);
    let goal = Signal::derive(move || shown.get().0.1);
    let reached = Memo::new(move |_| signups.get() >= goal.get());
    let bar = words.bar.clone();
    let words = StoredValue::new(words);
    let next = move || {
        reached.get().then(|| {
            let GoalWords { share, rewards, .. } = words.get_value();
            let rewards = (!rewards.is_empty()).then(|| view! { <a href="#rewards">{rewards}</a> });
            view! {
                <p class="actions">
                    <a href="#link">{share}</a>
                    {rewards}
                </p>
            }
        })
    };
    view! {
        <p class="goal">
            <span data-testid="goal" class=move || live::changed(shown.get().1)>
                {move || format!("{} / {}", signups.get(), goal.get())}
            </span>
            <span class="note">
                {move || words.with_value(|words| sentence(signups.get(), goal.get(), words))}
            </span>
        </p>
        <Progress label=bar value=signups max=goal />
        {next}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view_models::stats::CountText;

    #[test]
    fn the_words_count_down_and_go_on_after_the_goal() {
        let words = GoalWords {
            left: CountText::new(",".into(), |_, digits| format!("{digits} to go")),
            reached: "Goal reached".into(),
            over: CountText::new(",".into(), |_, digits| format!("{digits} more")),
            ..GoalWords::default()
        };
        let said = [3, 10, 12].map(|signups| sentence(signups, 10, &words));
        assert_eq!(said, ["7 to go", "Goal reached", "2 more"]);
    }
}
