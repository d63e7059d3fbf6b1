//! Plain views that know no server function.

pub mod alert;
pub mod badge;
pub mod button;
pub mod card;
pub mod chart;
pub mod empty;
pub mod field;
pub mod form;
pub mod frame;
pub mod header;
pub mod icon;
pub mod illustration;
pub mod layout;
pub mod progress;
pub mod scripts;
pub mod share;
pub mod stat;
pub mod table;
pub mod text;
pub mod toast;
