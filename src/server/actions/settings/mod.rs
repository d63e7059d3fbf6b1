//! The settings of the program.

pub mod update_settings;
