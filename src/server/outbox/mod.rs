//! What goes out: rendered, sent, and tried again.

pub mod webhooks;
