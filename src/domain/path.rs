//! Addresses that this installation may send a browser to.

use serde::{Deserialize, Serialize};

/// A path on this site: starts with one `/`, has no scheme, no host and no control character.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LocalPath(String);

impl LocalPath {
    /// Reads a path from outside; what could lead elsewhere is refused.
    pub fn parse(input: &str) -> Option<Self> {
        let leads_home = input.starts_with('/')
            && !input.starts_with("//")
            && !input.contains('\\')
            && !input.chars().any(|c| c.is_control() || c.is_whitespace() || !c.is_ascii())
            && input.len() <= 2_000;
        leads_home.then(|| Self(input.to_owned()))
    }

    /// A path written in this program.
    pub fn of(path: &'static str) -> Self {
        Self(path.to_owned())
    }

    /// The path, for a `Location` or an `href`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Where somebody goes who has just signed in: an admin to the overview, everybody else to their dashboard.
pub fn start_page(admin: bool) -> &'static str {
    if admin { "/admin" } else { "/dashboard" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_own_paths_pass() {
        assert!(LocalPath::parse("/dashboard?a=b").is_some());
        for away in [
            "",
            "dashboard",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "/a\r\nSet-Cookie:x",
            "/a b",
            "javascript:alert(1)",
            "/\t/evil.example",
        ] {
            assert!(LocalPath::parse(away).is_none(), "{away}");
        }
    }
}
