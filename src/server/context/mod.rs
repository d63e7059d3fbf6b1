//! Who calls, and what a page may show.

pub mod new_key_cookie;
pub mod page_context;
pub mod request_body;
pub mod request_context;
