//! HTTP: the route table, share links, pages, forms, live streams, and what every answer carries.

pub mod assets;
pub mod connections;
pub mod forms;
pub mod headers;
pub mod health;
pub mod pages;
pub mod router;
pub mod share_link;
pub mod sse;
pub mod test_clock;
