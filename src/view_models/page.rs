//! What every page knows about the request it answers.

/// Who is looking at the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Viewer {
    pub username: String,
    pub admin: bool,
}

/// What waits for an admin, each counted up to [`Waiting::MOST`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow))]
pub struct Waiting {
    /// Referrals to decide about.
    pub reviews: i64,
    /// Rewards that need an approval.
    pub approvals: i64,
    /// Rewards that could not be delivered.
    pub failed_deliveries: i64,
    /// Endpoints of webhooks that fail or are gone.
    pub webhooks: i64,
    /// Payments of nobody who is known, among the latest that wait.
    pub unmatched_payments: i64,
}

impl Waiting {
    /// Further than this nothing is counted: it is shown as `99+`.
    pub const MOST: i64 = 100;

    /// Whether nothing waits.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Addresses of the built assets, with the hash of their content in the name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Assets {
    pub css: String,
    /// What is in that file.
    pub css_text: String,
    pub js: String,
    pub wasm: String,
    /// Copies, shares and sends forms once, before everything else.
    pub early: String,
    /// Wakes the islands.
    pub hydrate: String,
    /// Keeps the one connection for live updates.
    pub live: String,
    /// Keeps plain parts of a page up to date.
    pub partial_refresh: String,
    /// Changes them in place.
    pub idiomorph: String,
    /// Checks forms while they are filled in.
    pub form_checks: String,
    /// Shows the values of charts by keyboard.
    pub chart: String,
    /// Says what of the settings is not saved, and shows the program's colour while it is chosen.
    pub settings_form: String,
}

/// A style sheet of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StyleSheet {
    /// At an address: it is in the cache of whoever has seen a page before.
    Linked(String),
    /// In the page itself, so that a first visit waits for nothing else.
    Inline(String),
}

/// Provided as context by the router for every page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageContext {
    pub program_name: String,
    /// What the program is, in a sentence or two.
    pub welcome_text: String,
    /// The version of the program's settings; nothing for the answer to a form, which must not be loaded again.
    pub settings_version: Option<std::sync::Arc<str>>,
    /// The program's own picture, else that of this software.
    pub logo_url: Option<String>,
    /// How the page looks: the style of all pages, then the program's own colour.
    pub styles: Vec<StyleSheet>,
    pub viewer: Option<Viewer>,
    /// Whether links count and codes work at all.
    pub program_enabled: bool,
    /// What waits, on pages of admins; nothing also while the database does not answer.
    pub waiting: Option<Waiting>,
    /// The name of whoever has brought the viewer, on the page that says so.
    pub joined_through: Option<String>,
    /// The number of the forms of this very page, by which one that is sent twice is known again.
    pub form_number: String,
    /// Path and query of the page, for `next`.
    pub here: String,
    /// The parameters of that query.
    pub query: Vec<(String, String)>,
    /// The site's own address, without a slash at the end.
    pub base_url: String,
    pub assets: std::sync::Arc<Assets>,
}

impl PageContext {
    /// A parameter of the page's address. (The router's own map decodes its values twice.)
    pub fn query(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}
