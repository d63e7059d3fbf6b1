//! The built styles, scripts and pictures as something that is handed in.

use std::borrow::Cow;

/// The built files. The library does not contain them, so that it need not be compiled again when one changes.
#[derive(Clone, Copy)]
pub struct Site {
    /// All paths.
    pub paths: fn() -> Vec<Cow<'static, str>>,
    /// The content at a path.
    pub file: fn(&str) -> Option<Cow<'static, [u8]>>,
}

impl Site {
    /// No files, for tests.
    pub const EMPTY: Self = Self { paths: Vec::new, file: |_| None };
}
