//! A running site and the browsers that visit it.

use passalong::{
    domain::{accounts::new_account::NewAccount, settings::ProgramSettings, time::Time},
    server::{
        actions::accounts::create_admin,
        config::{cli, clock::Clock, rng::Rng, site},
        http::connections::{self, Timeouts},
        realtime::change_set::ChangeSet,
        run::{self, BackgroundTasks},
        state::AppState,
        store::{db::Db, reward_rules, settings},
    },
};
use reqwest::{Client, Response, StatusCode, header, redirect::Policy};
use scraper::{Html, Selector};
use tokio::net::TcpListener;

pub const PASSWORD: &str = "tr4m-line-7";

/// The time at which sites start: 14 November 2026, 11:33:20 UTC.
pub const START: Time = Time(1_794_656_000_000);

/// A site on a port of its own. It stops with the test.
pub struct Site {
    pub state: AppState,
    pub clock: Clock,
    pub port: u16,
    tasks: BackgroundTasks,
}

impl Site {
    /// A site whose program is on, with the admin `admin@example.com`.
    pub async fn start(db: Db) -> Self {
        Self::start_with(db, &[]).await.with_admin().await
    }

    /// The same site with its program on and the admin `admin@example.com`.
    pub async fn with_admin(self) -> Self {
        let site = self;
        let account = NewAccount::parse("admin@example.com", "admin", PASSWORD).expect("an account");
        let hash = site.state.passwords.hash(PASSWORD.into(), [3; 16]).await.expect("a hash");
        let (clock, rng) = (&site.clock, Rng::seeded(3));
        create_admin::run_offline(&site.state.db, clock, &rng, &account, &hash, true).await.expect("an admin");
        site.state.publisher.apply_locally(&ChangeSet::everything()).await;
        site
    }

    /// The same site without the rules that a program begins with: nobody gets anything.
    pub async fn without_rules(self) -> Self {
        let mut tx = self.state.db.begin().await.expect("a transaction");
        for rule in reward_rules::current(&mut tx).await.expect("rules") {
            reward_rules::delete(&mut tx, rule.rule, Time(0)).await.expect("deleted");
        }
        tx.commit().await.expect("stored");
        self
    }

    /// A site without an admin, with more settings.
    pub async fn start_with(db: Db, more: &[&str]) -> Self {
        Self::at(db, more, Clock::standing(START)).await
    }

    /// A site with a clock of its own.
    pub async fn at(db: Db, more: &[&str], clock: Clock) -> Self {
        Self::waiting(db, more, clock, Timeouts::default()).await
    }

    /// A site that waits for its clients so long.
    pub async fn waiting(db: Db, more: &[&str], clock: Clock, timeouts: Timeouts) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let bound = listener.local_addr().expect("an address");
        let limits = if more.contains(&"--rate-limits") { &[][..] } else { &["--rate-limits", "off"] };
        let args = ["passalong"].iter().chain(limits).chain(more).map(Into::into);
        let config = cli::parse(args).map_err(|(line, _)| line).expect("settings").config;
        let (state, tasks) = run::start(config, site::Site::EMPTY, bound, db, clock.clone(), Rng::from_system())
            .await
            .expect("a server");
        tokio::spawn(connections::serve(state.clone(), listener, timeouts));
        Self { state, clock, port: bound.port(), tasks }
    }

    /// Ends all that goes on in the background, for tests that do it themselves.
    pub async fn without_tasks(mut self) -> Self {
        self.tasks.shutdown().await;
        self
    }

    /// Stores a setting of the program and takes it over.
    pub async fn set(&self, name: &str, value: &str) {
        let mut tx = self.state.db.begin().await.expect("a transaction");
        settings::put(&mut tx, name, value, self.clock.now()).await.expect("a setting");
        tx.commit().await.expect("stored");
        self.state.settings.reload().await.expect("taken over");
    }

    pub fn settings(&self) -> ProgramSettings {
        (*self.state.settings.get()).clone()
    }

    /// A browser without cookies.
    pub fn browser(&self) -> Browser {
        self.browser_named("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
    }

    /// A browser that names itself.
    pub fn browser_named(&self, user_agent: &str) -> Browser {
        let client = crate::clients::builder().cookie_store(true).redirect(Policy::none()).user_agent(user_agent);
        Browser { client: client.build().expect("a client"), base: self.state.base_url.clone() }
    }

    /// Somebody who has just signed up by themselves.
    pub async fn user(&self, name: &str) -> Browser {
        let browser = self.browser();
        let page = browser.sign_up(name, &[]).await;
        assert_eq!((page.status, page.location()), (StatusCode::SEE_OTHER, "/dashboard"), "{}", page.text());
        browser
    }

    /// The admin of [`Site::start`], signed in.
    pub async fn admin(&self) -> Browser {
        let browser = self.browser();
        let page = browser.post("/signin", &[("email", "admin@example.com"), ("password", PASSWORD)]).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text());
        browser
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.state.shutdown.cancel();
    }
}

/// Somebody's browser: keeps cookies, follows nothing by itself.
#[derive(Clone)]
pub struct Browser {
    pub client: Client,
    pub base: String,
}

/// What came back.
pub struct Page {
    pub status: StatusCode,
    pub headers: header::HeaderMap,
    pub body: String,
}

impl Browser {
    pub async fn get(&self, path: &str) -> Page {
        Page::read(self.client.get(self.url(path)).send().await.expect("an answer")).await
    }

    /// Sends a form.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        Page::read(self.client.post(self.url(path)).form(fields).send().await.expect("an answer")).await
    }

    /// Follows a link and the redirect behind it.
    pub async fn follow(&self, link: &str) -> Page {
        let page = self.get(link).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER);
        self.get(page.location()).await
    }

    /// Signs up as `name`, with more fields.
    pub async fn sign_up(&self, name: &str, more: &[(&str, &str)]) -> Page {
        let email = format!("{name}@example.com");
        let fields = [("email", email.as_str()), ("username", name), ("password", PASSWORD)];
        let fields: Vec<_> = fields.into_iter().chain(more.iter().copied()).collect();
        self.post("/signup", &fields).await
    }

    /// The path of the signed-in user's link.
    pub async fn link(&self) -> String {
        let link = self.get("/dashboard").await.of("referral-link");
        link.strip_prefix(&self.base).expect("a link of this site").to_owned()
    }

    /// Clicks, sign-ups and conversions on the signed-in user's dashboard.
    pub async fn numbers(&self) -> [i64; 3] {
        let page = self.get("/dashboard").await;
        ["clicks", "signups", "conversions"].map(|name| page.of(name).parse().expect("a bare number"))
    }

    pub fn url(&self, path: &str) -> String {
        if path.starts_with("http") { path.to_owned() } else { format!("{}{path}", self.base) }
    }
}

impl Page {
    pub async fn read(response: Response) -> Self {
        let (status, headers) = (response.status(), response.headers().clone());
        Self { status, headers, body: response.text().await.expect("a body") }
    }

    pub fn location(&self) -> &str {
        self.headers.get(header::LOCATION).map(|value| value.to_str().expect("text")).unwrap_or_default()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| value.to_str().expect("text")).unwrap_or_default()
    }

    /// The cookies that are set, attributes and all.
    pub fn cookies(&self) -> Vec<String> {
        self.headers.get_all(header::SET_COOKIE).iter().map(|v| v.to_str().expect("text").to_owned()).collect()
    }

    /// The value or text of what a test id names.
    pub fn of(&self, test_id: &str) -> String {
        self.find(&format!("[data-testid='{test_id}']")).unwrap_or_else(|| panic!("no {test_id} in {}", self.body))
    }

    /// The value or text of the first element that a selector finds.
    pub fn find(&self, selector: &str) -> Option<String> {
        let html = Html::parse_document(&self.body);
        let element = html.select(&Selector::parse(selector).expect("a selector")).next()?;
        Some(
            element
                .value()
                .attr("value")
                .map_or_else(|| element.text().collect::<String>(), str::to_owned)
                .trim()
                .to_owned(),
        )
    }

    /// All messages with `role="alert"`.
    pub fn alerts(&self) -> Vec<String> {
        let html = Html::parse_document(&self.body);
        let alerts = Selector::parse("[role='alert']").expect("a selector");
        html.select(&alerts)
            .map(|alert| alert.text().collect::<String>().trim().to_owned())
            .filter(|t| !t.is_empty())
            .collect()
    }

    /// The text of the page, for messages of tests.
    pub fn text(&self) -> String {
        Html::parse_document(&self.body).root_element().text().collect::<Vec<_>>().join(" ")
    }
}
