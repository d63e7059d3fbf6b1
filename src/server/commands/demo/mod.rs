//! `passalong demo`: fills an empty database with a believable program.

mod payments;
mod rewards;
mod webhooks;

use self::payments::Payer;
use crate::{
    domain::{
        accounts::new_account::NewAccount,
        attribution::{Candidate, Receipt, Rule, Source, Verdict},
        clicks::channel::CHANNELS,
        codes::code::Code,
        ids::{ClickId, CodeId, UserId},
        reviews::origin::Origin,
        settings::ProgramSettings,
        time::{DAY, HOUR, Time},
    },
    server::{
        actions::{
            accounts::create_admin,
            api_keys::create_api_key::{self, KeyFields, Wanted},
            codes::generate_personal_code,
            reviews::open_review::{self, CreditedSignUp},
            rewards::settle_rewards,
        },
        auth::{caller::Actor, passwords::Passwords},
        commands::console::{open_database, progress, say},
        config::{Config, clock::Clock, rng::Rng},
        errors::BoxError,
        realtime::change_set::ChangeSet,
        store::{attributions, clicks, codes, counters, db::Tx, events, referrals, settings, sign_up_origins, users},
    },
};
use std::process::ExitCode;

const USERS: u64 = 200;
const DAYS: i64 = 90;
const PASSWORD: &str = "try-passalong-2026";
const ADMIN: &str = "admin@demo.example";
const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0";

const NAMES: [&str; 40] = [
    "alex", "maria", "sam", "lucia", "noah", "emma", "mateo", "sofia", "liam", "olivia", "diego", "ana", "jonas",
    "mia", "omar", "leila", "ivan", "nina", "kofi", "amara", "yuki", "hana", "pablo", "carmen", "felix", "clara",
    "theo", "ines", "raj", "priya", "tom", "eva", "luca", "giulia", "max", "lena", "hugo", "alba", "finn", "zoe",
];

/// A user who shares.
struct Sharer {
    id: UserId,
    code: CodeId,
    joined_at: Time,
    /// How many friends tend to follow; few have many.
    reach: u64,
}

struct Demo {
    settings: ProgramSettings,
    rng: Rng,
    now: Time,
    hash: String,
    sharers: Vec<Sharer>,
    used: u64,
    ids: i64,
    changes: ChangeSet,
}

/// Fills the database; refuses one that holds users.
pub async fn run(config: &Config, quiet: bool) -> Result<ExitCode, BoxError> {
    let db = open_database(config).await?;
    let (clock, rng) = (Clock::default(), Rng::seeded(7));
    let now = clock.now();
    let mut tx = db.begin().await?;
    if users::any(&mut tx).await? {
        return Err("this database holds users; a demonstration needs an empty one".into());
    }
    let hash = Passwords::new().hash(PASSWORD.into(), rng.bytes()).await?;
    let bar = progress(DAYS.unsigned_abs(), "Days", quiet);
    let admin = NewAccount::parse(ADMIN, "admin", PASSWORD).map_err(|_| "the demonstration's admin is malformed")?;
    let begin = now.plus(-DAYS * DAY);
    create_admin::insert(&mut tx, &rng, &admin, &hash, true, begin).await?;
    rewards::add_milestone(&mut tx, begin).await?;
    settings::put(&mut tx, "program_name", "\"Acme Friends\"", now).await?;
    let settings = settings::load(&mut tx).await?;
    let mut demo = Demo { settings, rng, now, hash, sharers: vec![], used: 0, ids: 0, changes: ChangeSet::default() };
    let campaigns = demo.campaigns(&mut tx).await?;
    for day in 0..DAYS {
        demo.day(&mut tx, begin.plus(day * DAY), day, &campaigns).await?;
        bar.inc(1);
    }
    let people: Vec<Payer> =
        demo.sharers.iter().map(|sharer| Payer { id: sharer.id, joined_at: sharer.joined_at }).collect();
    payments::record(&mut tx, &demo.settings, &people, now, &mut demo.changes).await?;
    rewards::live_through(&mut tx, begin, now, &mut demo.changes).await?;
    let mut events = std::mem::take(&mut demo.changes.events);
    events.retain(|event| event.at > now.plus(-events::RETENTION));
    events.sort_by_key(|event| event.at);
    events::insert(&mut tx, &events).await?;
    // Seeded secrets would be known to everybody.
    let (rng, actor) = (Rng::from_system(), Actor::command_line());
    webhooks::add(&mut tx, &rng, now).await?;
    let pages = KeyFields::parse("Shop pages", Wanted::Origins("https://shop.demo.example http://localhost:*"))
        .map_err(|_| "the demonstration's key is malformed")?;
    create_api_key::run_in(&mut tx, &rng, &actor, &pages, now).await.map_err(|_| "the key was not created")?;
    tx.commit().await?;
    db.close().await;
    bar.finish_and_clear();
    Ok(say(&format!(
        "A demonstration is ready. Sign in with the password {PASSWORD}\n  as admin:    {ADMIN}\n  as referrer: {}\n\
         Then run `passalong serve` and open /signin.",
        demo.best()
    )))
}

impl Demo {
    /// A number below `most`.
    fn roll(&self, most: u64) -> u64 {
        self.rng.below(most)
    }

    /// One campaign code in every status.
    async fn campaigns(&self, tx: &mut Tx) -> Result<Vec<CodeId>, BoxError> {
        let now = self.now;
        let week = Some(now.plus(7 * DAY));
        let rows = [
            ("WELCOME26", "Newsletter welcome", "Newsletter", true, Some(500), week),
            ("PODCAST", "Podcast sponsorship", "Media", true, Some(100), week),
            ("SUMMER", "Summer campaign", "Season", true, Some(100), Some(now.plus(-10 * DAY))),
            ("EARLYBIRD", "First friends", "Launch", true, Some(5), None),
            ("PARTNER-X", "Paused partner", "Partners", false, Some(100), week),
        ];
        let mut ids = vec![];
        for (text, description, category, active, max_uses, expires_at) in rows {
            let code = Code::parse(text).ok_or("a demonstration code is malformed")?;
            let new = codes::NewCampaign {
                code: &code,
                description,
                category: Some(category),
                active,
                max_uses,
                expires_at,
                beneficiary: None,
                created_by: None,
                created_at: now.plus(-DAYS * DAY),
            };
            ids.push(codes::insert_campaign(tx, &new).await?.ok_or("a demonstration code is taken")?);
        }
        Ok(ids)
    }

    /// One day of clicks, then sign-ups. The program grows slowly.
    async fn day(&mut self, tx: &mut Tx, start: Time, day: i64, campaigns: &[CodeId]) -> Result<(), BoxError> {
        let mut batch = vec![];
        for index in 0..self.sharers.len() {
            let sharer = &self.sharers[index];
            let (code, friends) = (sharer.code, self.roll(sharer.reach));
            for _ in 0..friends {
                batch.push(self.click(code, start));
            }
        }
        for code in &campaigns[..2] {
            for _ in 0..self.roll(6) {
                batch.push(self.click(*code, start));
            }
        }
        batch.sort_by_key(|click| click.id);
        clicks::insert(tx, &batch).await?;
        let people =
            batch.iter().filter(|click| click.counts).map(|c| (c.code_id, Some((c.id, c.at)))).collect::<Vec<_>>();
        let goal = USERS * (day.unsigned_abs() + 1) / DAYS.unsigned_abs();
        while self.used < goal {
            let at = start.plus(i64::try_from(self.roll((22 * HOUR).unsigned_abs()))?);
            let brought = match self.roll(10) {
                0..7 if !people.is_empty() => Some(people[usize::try_from(self.roll(people.len() as u64))?]),
                7 => Some((campaigns[if day < 30 { 3 } else { 0 }], None)),
                _ => None,
            };
            // Whoever comes by a link joins soon after the visit.
            let visit = brought.and_then(|(_, click)| click).map(|(_, visit)| visit);
            let at = match visit {
                Some(visit) => visit.plus(i64::try_from(self.roll(HOUR.unsigned_abs()))?).min(self.now),
                None => at,
            };
            self.join(tx, at, brought).await?;
        }
        Ok(())
    }

    fn click(&mut self, code_id: CodeId, start: Time) -> clicks::NewClick {
        // People are awake from seven to eleven.
        let at = start.plus((7 * HOUR) + i64::try_from(self.roll((16 * HOUR).unsigned_abs())).unwrap_or_default());
        let at = if at > self.now { start } else { at };
        self.ids = (self.ids + 1) % (1 << 20);
        let bot = self.roll(14) == 0;
        let channel = CHANNELS[usize::try_from(self.roll(8)).unwrap_or_default()];
        clicks::NewClick {
            id: ClickId(ClickId::first_at(at).0 | self.ids),
            code_id,
            at,
            visitor: i64::from_le_bytes(self.rng.bytes()),
            network: format!("203.0.{}.0/24", self.roll(200)),
            user_agent: if bot { "ExampleBot/1.0" } else { FIREFOX }.into(),
            referring_host: None,
            channel: Some(channel),
            first: self.roll(5) > 0,
            suspicion: bot.then_some("bot"),
            earlier: None,
            counts: !bot,
            referrer: None,
        }
    }

    /// Somebody signs up, perhaps brought by a code.
    async fn join(
        &mut self,
        tx: &mut Tx,
        at: Time,
        brought: Option<(CodeId, Option<(ClickId, Time)>)>,
    ) -> Result<(), BoxError> {
        let n = self.used;
        self.used += 1;
        let name = NAMES[usize::try_from(n)? % NAMES.len()];
        let username =
            if n < NAMES.len() as u64 { name.to_owned() } else { format!("{name}{}", n / NAMES.len() as u64 + 1) };
        let host = if n % 60 == 57 { "mailinator.com" } else { "demo.example" };
        let account = NewAccount::parse(&format!("{username}@{host}"), &username, PASSWORD)
            .map_err(|_| "a demonstration user is malformed")?;
        let new = users::NewUser {
            email: &account.email,
            username: &account.username,
            password_hash: Some(&self.hash),
            admin: false,
            goal: self.settings.default_goal,
            consent_at: None,
            created_at: at,
        };
        let id = users::insert(tx, &new).await?.ok_or("a demonstration user is taken")?;
        let code = generate_personal_code::run(tx, &self.settings, &self.rng, id, &username, at).await?;
        let origin = self.origin(n, brought.map(|(code, _)| code));
        if let Some(origin) = &origin {
            sign_up_origins::insert(tx, id, origin, at).await?;
        }
        let mut candidates = vec![];
        if let Some((by, click)) = brought
            && codes::claim(tx, by, at).await?.is_some()
        {
            let referrer = self.sharers.iter().find(|sharer| sharer.code == by).map(|sharer| sharer.id);
            candidates.push(Candidate {
                source: if click.is_some() { Source::Click } else { Source::Typed },
                code: codes::by_ids(tx, &[by]).await?.pop().map(|record| record.code).unwrap_or_default(),
                code_id: Some(by),
                referrer,
                click: click.map(|(id, _)| id),
                at: click.map(|(_, at)| at),
                verdict: Verdict::Chosen,
            });
            let referral = referrals::NewReferral {
                referee: id,
                referee_name: &username,
                code: by,
                referrer,
                click: click.map(|(id, _)| id),
                signed_up_at: at,
            };
            referrals::insert(tx, &referral).await?;
            counters::add_signups(tx, by, at, 1).await?;
            if let Some(referrer) = referrer {
                users::set_referred_by(tx, id, Some(referrer)).await?;
            }
            let sign_up = CreditedSignUp {
                referee: id,
                email: account.email.as_str(),
                code: by,
                referrer,
                click: click.map(|(id, _)| id),
                origin: origin.as_ref(),
                at,
            };
            open_review::run_in(tx, &self.settings, &sign_up).await?;
            settle_rewards::of_newcomer(tx, id, at, &mut self.changes).await?;
        }
        let rule = match candidates.first().map(|candidate: &Candidate| candidate.source) {
            Some(Source::Click) => Rule::LastClick,
            Some(_) => Rule::CodeInForm,
            None => Rule::None,
        };
        let window_days = self.settings.attribution_window_days;
        attributions::save(tx, id, &Receipt { rule, window_days, candidates, ..Receipt::undecided(at) }).await?;
        let reach = match n % 9 {
            0 => 7,
            1..4 => 3,
            _ => 2,
        };
        self.sharers.push(Sharer { id, code, joined_at: at, reach });
        Ok(())
    }

    /// Where the user of this number signs up from: few where the owner of the code does, which looks wrong.
    fn origin(&self, n: u64, code: Option<CodeId>) -> Option<Origin> {
        let owner = self.sharers.iter().position(|sharer| Some(sharer.code) == code);
        let same = owner.filter(|_| n % 30 == 4 || n % 50 == 49);
        let place = same.map_or(n, |owner| owner as u64) % 200;
        let user_agent =
            if n.is_multiple_of(2) { FIREFOX } else { "Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36" };
        Origin::new(&format!("203.0.{place}.0/24"), user_agent)
    }

    /// The e-mail of somebody with much to see.
    fn best(&self) -> String {
        format!("{}@demo.example", NAMES[0])
    }
}
