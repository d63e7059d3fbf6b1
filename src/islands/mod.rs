//! Islands: the interactive parts of pages. An island gets its first data as props; the page works without it.

pub mod bulk_progress;
pub mod code_field;
pub mod code_switch;
pub mod codes_table;
pub mod live;
pub mod live_goal;
pub mod live_number;
pub mod reward_list;
pub mod rule_sentence;
pub mod user_field;
