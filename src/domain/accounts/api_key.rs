//! Keys of the API: what they open and how they are named.

use crate::domain::{accounts::origins::Origins, message::Message, plain_text::one_line};
use serde::{Deserialize, Serialize};

/// What a secret key may do. Each scope contains the ones before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::Type, utoipa::ToSchema), sqlx(type_name = "TEXT", rename_all = "snake_case"))]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Look at everything.
    Read,
    /// Make and change codes, users and clicks.
    Write,
    /// Change settings, admins' accounts, and erase people.
    Admin,
}

impl Scope {
    /// All scopes, the weakest first.
    pub const ALL: [Self; 3] = [Self::Read, Self::Write, Self::Admin];

    /// The name that is stored and sent.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Admin => "admin",
        }
    }

    /// The strongest of the scopes in a list like `read,write`; `None` when one is unknown or there is none.
    pub fn parse(list: &str) -> Option<Self> {
        let known = |name: &str| Self::ALL.into_iter().find(|scope| scope.as_str().eq_ignore_ascii_case(name.trim()));
        list.split(',').map(known).collect::<Option<Vec<_>>>()?.into_iter().max()
    }

    /// This scope and what it contains, as `read, write`.
    pub fn contained(self) -> String {
        Self::ALL.into_iter().filter(|scope| *scope <= self).map(Self::as_str).collect::<Vec<_>>().join(", ")
    }
}

/// What a key opens, and to whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Access {
    /// A secret key, to the programs that hold it.
    Scope(Scope),
    /// A publishable key, to web pages of these origins: checking codes and recording clicks.
    Origins(Origins),
}

impl Access {
    /// How every key of this kind begins, so that people and scanners know what they have found.
    pub fn prefix(&self) -> &'static str {
        match self {
            Self::Scope(_) => ApiKeySecret::PREFIX,
            Self::Origins(_) => PUBLISHABLE_PREFIX,
        }
    }
}

/// How every publishable key begins.
pub const PUBLISHABLE_PREFIX: &str = "pub_";

/// Characters of a name at most.
const MAX_NAME: usize = 60;

/// A whole key. A secret one is shown once and kept nowhere.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ApiKeySecret(pub String);

impl ApiKeySecret {
    /// How every secret key begins.
    pub const PREFIX: &'static str = "pal_";

    /// The end of the key, by which a list tells it apart.
    pub fn last_four(&self) -> &str {
        &self.0[self.0.len().saturating_sub(4)..]
    }
}

impl std::fmt::Debug for ApiKeySecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

/// Reads the name of a key, or says what is wrong with it.
pub fn parse_name(input: &str) -> Result<String, Message> {
    let name = one_line(input)?;
    if (1..=MAX_NAME).contains(&name.chars().count()) {
        Ok(name.to_owned())
    } else {
        Err(Message::NameLength { min: 1, max: MAX_NAME })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_strongest_scope_of_a_list_counts() {
        assert_eq!(Scope::parse("read,write,admin"), Some(Scope::Admin));
        assert_eq!(Scope::parse(" Write "), Some(Scope::Write));
        for wrong in ["", "read,", "root", "read;write"] {
            assert_eq!(Scope::parse(wrong), None, "{wrong}");
        }
        assert!(Scope::Read < Scope::Write && Scope::Write < Scope::Admin);
        assert_eq!(Scope::Write.contained(), "read, write");
    }

    #[test]
    fn a_secret_is_not_printed() {
        let secret = ApiKeySecret("pal_abcdefgh".into());
        assert_eq!((format!("{secret:?}").as_str(), secret.last_four()), ("Secret", "efgh"));
    }

    #[test]
    fn a_name_is_short_and_printable() {
        assert_eq!(parse_name(" Shop "), Ok("Shop".into()));
        for wrong in ["", " ", &"x".repeat(61)] {
            assert_eq!(parse_name(wrong), Err(Message::NameLength { min: 1, max: 60 }), "{wrong}");
        }
        for hidden in ["a\nb", "a\u{202e}b"] {
            assert_eq!(parse_name(hidden), Err(Message::InvisibleCharacters), "{hidden:?}");
        }
    }
}
