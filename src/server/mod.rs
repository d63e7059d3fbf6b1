//! Everything with a socket, a disk or a clock.

pub mod actions;
pub mod api;
pub mod auth;
pub mod clicks;
pub mod commands;
pub mod config;
pub mod context;
pub mod errors;
pub mod exports;
pub mod http;
pub mod jobs;
pub mod outbox;
pub mod queries;
pub mod realtime;
pub mod run;
pub mod state;
pub mod store;
pub mod webhooks;
