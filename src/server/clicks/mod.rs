//! Clicks: who follows a link, whether that counts, and writing it down before the answer goes out.

pub mod attribution_cookie;
pub mod automation;
pub mod click_ids;
pub mod code_cache;
pub mod dedup;
pub mod find_code;
pub mod network_cap;
pub mod recorder;
pub mod request;
pub mod visitor_hash;
pub mod work_time;
pub mod writer;
