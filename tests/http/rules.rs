//! Reward rules on the pages of admins.

use crate::{
    api::Api,
    conversions::texts,
    on_both,
    site::{Browser, Page, START, Site},
    stripe,
    twice::{filled, send},
};
use passalong::{
    domain::time::{DAY, HOUR, SECOND},
    server::store::db::Db,
};
use reqwest::StatusCode;
use serde_json::{Value, json};

const LIST: &str = "/admin/rules";

/// A site with Ann, who has brought Bob, and without the rules that a program begins with.
async fn site(db: Db) -> (Site, Api, Browser) {
    let (site, api) = stripe::site(db).await;
    for rule in api.get("/rules").await.with(200)["data"].as_array().expect("rules") {
        assert_eq!(api.delete(&format!("/rules/{}", rule["id"])).await.status, 204);
    }
    let admin = site.admin().await;
    (site, api, admin)
}

/// The form for $10 for the referrer at the first payment, as it is filled in; some fields otherwise.
fn credit<'a>(changed: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields = vec![
        ("trigger", "first_conversion"),
        ("recipient", "referrer"),
        ("kind", "account_credit"),
        ("amount", "10.00"),
        ("hold_days", "0"),
        ("approval", "automatic"),
        ("caps.period", "ever"),
        ("active", "true"),
    ];
    fields.retain(|(name, _)| !changed.iter().any(|(other, _)| name == other));
    fields.extend(changed.iter().filter(|(_, value)| *value != "(none)"));
    fields
}

/// Sends the form for a new rule.
async fn create(admin: &Browser, changed: &[(&str, &str)]) -> Page {
    let mut fields = credit(changed);
    fields.push(("form", "create_rule"));
    admin.post("/admin/rules/new", &fields).await
}

/// The page of a rule that was just made, without what was done.
fn page_of(made: &Page) -> String {
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{:?}", made.alerts());
    made.location().strip_suffix("?done=rule-created").expect("a rule's page").to_owned()
}

/// Sends one of the forms of a rule.
async fn act(admin: &Browser, page: &str, form: &str, fields: &[(&str, &str)]) -> Page {
    let id = page.rsplit('/').next().expect("an id");
    let fields: Vec<_> = [("form", form), ("id", id)].into_iter().chain(fields.iter().copied()).collect();
    admin.post(page, &fields).await
}

/// What the rows of the list say, and whether each rule is on.
async fn listed(admin: &Browser) -> Vec<(String, String, String)> {
    let page = admin.get(LIST).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    let sentences = texts(&page, "[data-testid='rule-row'] p > a");
    let notes = texts(&page, "[data-testid='rule-row'] p > .note");
    let on = scraper::Html::parse_document(&page.body);
    let switch = scraper::Selector::parse("[data-testid='rule-row'] form [role='switch']").expect("a selector");
    let on = on.select(&switch).map(|switch| switch.value().attr("aria-checked").unwrap_or_default().to_owned());
    let rows: Vec<_> = sentences.into_iter().zip(notes).zip(on).collect();
    rows.into_iter().map(|((sentence, note), on)| (sentence, note, on)).collect()
}

fn row(sentence: &str, note: &str, on: bool) -> (String, String, String) {
    (sentence.to_owned(), note.to_owned(), on.to_string())
}

/// Bob pays, `n` of his payments.
async fn pays(api: &Api, n: i64, amount: i64, currency: &str) {
    let body = json!({"source_id": format!("o-{n}"), "external_id": "bob", "amount": amount, "currency": currency});
    api.post("/conversions", body).await.with(201);
}

/// Version, amount and currency of all rewards that are money, the first one first.
async fn rewards(api: &Api) -> Vec<Value> {
    let mut rewards =
        api.get("/rewards?kind=account_credit&limit=100").await.with(200)["data"].as_array().expect("rewards").clone();
    rewards.sort_by_key(|reward| reward["id"].as_i64());
    let part = |reward: &Value| json!([reward["rule_version"], reward["granted"], reward["currency"]]);
    rewards.iter().map(part).collect()
}

on_both!(rules_are_listed_as_sentences, |db| {
    let (site, api, admin) = site(db).await;
    let empty = admin.get(LIST).await;
    assert!(empty.text().contains("No rules yet"), "{}", empty.text());
    assert_eq!(texts(&empty, "main a[href='/admin/rules/new']"), ["Create rule", "Create your first rule"]);
    assert_eq!(texts(&empty, "nav[aria-label='Admin'] a[aria-current='page']"), ["Rules"]);

    create(&admin, &[("trigger", "every_conversion"), ("amount", ""), ("percent", "10"), ("name", "<b>Ten</b>")]).await;
    let both = [("kind", "extra_messages"), ("amount", "50"), ("group", "first"), ("option", "usage")];
    create(&admin, &both).await;
    create(&admin, &[("kind", "extra_messages"), ("trigger", "signup"), ("amount", "5"), ("valid_days", "30")]).await;
    create(&admin, &[("group", "first"), ("option", "credit"), ("active", "(none)")]).await;
    let first = "When a friend pays for the first time, the referrer can choose";
    let none = "No rewards this month";
    let percent = "When a friend pays, the referrer gets 10% of the payment.";
    let joined = "When a friend signs up, the referrer gets 5\u{a0}messages, valid for 30 days.";
    let fifty = format!("{first} 50\u{a0}messages.");
    let all = [
        row(percent, &format!("<b>Ten</b> · {none}"), true),
        row(&fifty, none, true),
        row(&format!("{first} $10.00."), &format!("Off · {none}"), false),
        row(joined, none, true),
    ];
    // A non-breaking space is a space for `texts`.
    assert_eq!(listed(&admin).await, all.map(|(sentence, note, on)| (sentence.replace('\u{a0}', " "), note, on)));
    let list = admin.get(LIST).await;
    assert!(!list.body.contains("<b>Ten"));
    // What is off cannot be chosen.
    let group = "When a friend pays for the first time, the referrer can choose:";
    assert_eq!(texts(&list, "[data-testid='rule-group'] > p"), [format!("{group} 50 messages")]);
    assert_eq!(texts(&list, "[data-testid='rule-group'] [data-testid='rule-row']").len(), 2);
    let rules = api.get("/rules").await.with(200);
    let off = &rules["data"][3];
    api.patch(&format!("/rules/{}", off["id"]), json!({"active": true})).await.with(200);
    let list = admin.get(LIST).await;
    assert_eq!(texts(&list, "[data-testid='rule-group'] > p strong"), ["50 messages · $10.00"]);
    let link = format!("[data-testid='rule-row'][data-rule='{}'] a[href='{LIST}/{}']", off["id"], off["id"]);
    assert!(list.find(&link).is_some());

    // What they gave this month, in each currency of its own.
    pays(&api, 1, 5_000, "USD").await;
    pays(&api, 2, 3_000, "USD").await;
    pays(&api, 3, 2_000, "EUR").await;
    assert_eq!(listed(&admin).await[0].1, "<b>Ten</b> · 3 rewards this month · €2.00 · $8.00");
    // The choice gave nothing so far.
    assert_eq!(listed(&admin).await[1].1, none);
    site.clock.set(START.plus(16 * DAY + 14 * HOUR));
    assert_eq!(listed(&admin).await[0].1, format!("<b>Ten</b> · {none}"));
    // In Los Angeles that is still November.
    site.set("time_zone", "\"America/Los_Angeles\"").await;
    assert_eq!(listed(&admin).await[0].1, "<b>Ten</b> · 3 rewards this month · €2.00 · $8.00");
});

on_both!(a_rule_is_made_of_what_is_typed, |db| {
    let (_site, api, admin) = site(db).await;
    let new = admin.get("/admin/rules/new").await;
    assert!(new.text().contains("7 for sign-ups, 30 for payments"), "the program's holds");
    let open = "When a friend signs up, the referrer gets … after 7 days.";
    assert_eq!(new.of("rule-sentence"), open);
    let typed = [
        ("amount", "12.5"),
        ("currency", "eur"),
        ("description", "credit"),
        ("hold_days", ""),
        ("valid_days", "90"),
        ("approval", "manual"),
        ("conditions.min_amount", "20"),
        ("conditions.verified_email", "true"),
        ("caps.per_referrer", "5"),
        ("caps.period", "month"),
        ("caps.budget", "500"),
        ("starts_at", "2026-12-01T00:00"),
        ("name", "Winter"),
    ];
    let made = create(&admin, &typed).await;
    let page = admin.get(made.location()).await;
    assert_eq!(texts(&page, ".toast"), ["Rule created"]);
    assert_eq!(texts(&page, "h1"), ["Winter"]);
    assert_eq!(texts(&page, ".crumbs a[href='/admin/rules']"), ["Rules"]);
    assert_eq!(
        page.of("rule-sentence"),
        "When a friend with a verified e-mail address pays at least €20.00 for the first time, the referrer gets €12.50 \
         after 30 days and once you approve it, valid for 90 days, 5 times a month at most, until €500.00 is spent, \
         from 1 December 2026."
    );
    assert!(page.text().contains("Version 1") && page.text().contains("No rewards given yet."));
    let rule = api.get("/rules").await.with(200)["data"][0].clone();
    let parts = ["amount", "currency", "hold_days", "valid_days", "approval", "starts_at", "active", "name"];
    let expected = json!([1250, "EUR", null, 90, "manual", "2026-12-01T00:00:00Z", true, "Winter"]);
    assert_eq!(Value::from_iter(parts.map(|name| rule[name].clone())), expected);
    assert_eq!(
        rule["caps"],
        json!({"per_referrer": {"count": 5, "period": "month"}, "per_referral": null, "budget": 50_000})
    );
    // Its form says what was typed.
    for (field, value) in [
        ("amount", "12.50"),
        ("currency", "EUR"),
        ("conditions.min_amount", "20.00"),
        ("caps.per_referrer", "5"),
        ("caps.budget", "500.00"),
        ("starts_at", "2026-12-01T00:00"),
        ("hold_days", ""),
    ] {
        assert_eq!(page.find(&format!("form [name='{field}']")).as_deref(), Some(value), "{field}");
    }
    for (field, chosen) in [("trigger", "first_conversion"), ("approval", "manual"), ("caps.period", "month")] {
        let option = page.find(&format!("form [name='{field}'] option[selected]"));
        assert_eq!(option.as_deref(), Some(chosen), "{field}");
    }
    assert!(page.find("[name='conditions.verified_email'][checked]").is_some());
    // Saved as it is, it stays that version.
    let id = rule["id"].to_string();
    let path = format!("{LIST}/{id}");
    let saved = act(&admin, &path, "update_rule", &credit(&typed)).await;
    assert_eq!(saved.location(), format!("{path}?done=rule-saved"), "{:?}", saved.alerts());
    assert_eq!(api.get(&format!("/rules/{id}")).await.with(200)["version"], 1);
    // Seconds that the form does not show stay.
    api.patch(&format!("/rules/{id}"), json!({"starts_at": "2026-12-01T00:00:09Z"})).await.with(200);
    act(&admin, &path, "update_rule", &credit(&typed)).await;
    let rule = api.get(&format!("/rules/{id}")).await.with(200);
    assert_eq!((&rule["version"], &rule["starts_at"]), (&json!(2), &json!("2026-12-01T00:00:09Z")));
    // Pressed twice it is one.
    let fields = filled(&admin, "/admin/rules/new", "create_rule", &credit(&[])).await;
    let (first, second) =
        tokio::join!(send(&admin, "/admin/rules/new", &fields), send(&admin, "/admin/rules/new", &fields));
    assert_eq!(page_of(&first), page_of(&second));
    assert_eq!(listed(&admin).await.len(), 2);
    let audit = admin.get("/admin/audit").await;
    assert!(audit.text().contains("Rule created") && audit.text().contains("Budget"), "{}", audit.text());
});

on_both!(a_change_leaves_rewards_as_they_are, |db| {
    let (site, api, admin) = site(db).await;
    let made = create(&admin, &[("trigger", "every_conversion")]).await;
    let path = page_of(&made);
    pays(&api, 1, 5_000, "USD").await;
    assert!(admin.get(&path).await.text().contains("1 reward already given stays as it is."));
    site.clock.advance(SECOND);
    let changed = credit(&[("trigger", "every_conversion"), ("amount", "7")]);
    let saved = act(&admin, &path, "update_rule", &changed).await;
    assert_eq!(saved.location(), format!("{path}?done=rule-saved"), "{:?}", saved.alerts());
    pays(&api, 2, 5_000, "USD").await;
    assert_eq!(rewards(&api).await, [json!([1, 1_000, "USD"]), json!([2, 700, "USD"])]);
    let page = admin.get(saved.location()).await;
    assert!(page.text().contains("Version 2") && page.text().contains("2 rewards already given stay as they are."));
    assert_eq!(texts(&page, ".toast"), ["Rule saved. It applies to what happens from now on."]);
    assert!(admin.get("/admin/audit").await.text().contains("Rule changed"));

    // Off it gives nothing, and on again it does.
    let switch = async |active: &str| {
        // Payments are of the version that was current when they were recorded.
        site.clock.advance(SECOND);
        let id = path.rsplit('/').next().expect("an id");
        admin.post(LIST, &[("form", "set_rule_active"), ("id", id), ("active", active)]).await
    };
    assert_eq!(switch("false").await.location(), LIST);
    assert_eq!(listed(&admin).await[0].2, "false");
    pays(&api, 3, 5_000, "USD").await;
    assert_eq!(rewards(&api).await.len(), 2);
    switch("true").await;
    pays(&api, 4, 5_000, "USD").await;
    assert_eq!(rewards(&api).await.last(), Some(&json!([4, 700, "USD"])));
    assert_eq!(listed(&admin).await[0].1, "3 rewards this month · $24.00");

    // Deleted it is gone from the list, and what it gave stays.
    assert!(admin.get(&path).await.text().contains("can’t be restored"));
    let deleted = act(&admin, &path, "delete_rule", &[]).await;
    assert_eq!(deleted.location(), "/admin/rules?done=rule-deleted");
    assert_eq!(texts(&admin.get(deleted.location()).await, ".toast"), ["Rule deleted"]);
    assert_eq!(listed(&admin).await, []);
    pays(&api, 5, 5_000, "USD").await;
    assert_eq!(rewards(&api).await.len(), 3);
    assert!(admin.get("/admin/audit").await.text().contains("Rule deleted"));
    assert_eq!(admin.get(&path).await.status, StatusCode::NOT_FOUND);
    let gone = switch("true").await;
    assert_eq!(
        (gone.status, gone.alerts()),
        (StatusCode::NOT_FOUND, vec!["We couldn’t find what you’re looking for.".into()])
    );
});

on_both!(a_rule_for_a_milestone_is_made_and_its_reward_says_so, |db| {
    let (_site, api, admin) = site(db).await;
    let two = [("trigger", "milestone"), ("conditions.milestone.count", "2"), ("conditions.milestone.of", "signed_up")];
    let page = admin.get(&page_of(&create(&admin, &two).await)).await;
    assert_eq!(page.of("rule-sentence"), "When 2 friends of a referrer have signed up, the referrer gets $10.00.");
    for (field, chosen) in [("trigger", "milestone"), ("conditions.milestone.of", "signed_up")] {
        let option = page.find(&format!("form [name='{field}'] option[selected]"));
        assert_eq!(option.as_deref(), Some(chosen), "{field}");
    }
    assert_eq!(page.find("form [name='conditions.milestone.count']").as_deref(), Some("2"));
    let wrong = create(&admin, &[&two[..], &[("recipient", "referee")]].concat()).await;
    assert_eq!(wrong.alerts(), ["Only the referrer can reach a milestone."]);
    let ann = api.get("/users/ext:ann").await.with(200);
    let carl = json!({"email": "carl@example.com", "external_id": "carl", "code": ann["code"], "code_source": "link"});
    api.post("/users", carl).await.with(201);
    let reward = api.get("/rewards").await.with(200)["data"][0]["id"].to_string();
    let page = admin.get(&format!("/admin/rewards/{reward}")).await;
    assert!(page.text().contains("for the milestone of 2"), "{}", page.text());
});

on_both!(a_refused_rule_comes_back_as_it_was_typed, |db| {
    let (_site, api, admin) = site(db).await;
    let wrong = [
        ("kind", "own"),
        ("own_kind", "<b>My Kind"),
        ("amount", "1.5"),
        ("currency", "dollars"),
        ("hold_days", "soon"),
        ("group", "first"),
        ("conditions.min_amount", "1,500"),
        ("caps.per_referrer", "0"),
        ("caps.period", "week"),
        ("ends_at", "tomorrow"),
        ("active", "(none)"),
    ];
    let amount = "Enter an amount like 49.90. USD has up to 2 digits after the point.";
    let messages = [
        "Choose a kind, or name your own with lowercase letters, digits and _ (up to 40).",
        "Enter a whole number from 1 to 1,000,000,000,000.",
        "Enter the three letters of a currency, e.g. USD or EUR.",
        "Enter a whole number from 0 to 365.",
        "A group and an option go together. Fill in both or neither.",
        amount,
        "Enter a whole number from 1 to 1,000,000.",
        "Enter a date and time like 2026-12-31T18:00.",
    ];
    let path = page_of(&create(&admin, &[]).await);
    let again = [create(&admin, &wrong).await, act(&admin, &path, "update_rule", &credit(&wrong)).await];
    for page in again {
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(page.alerts(), messages);
        assert!(!page.body.contains("<b>My"));
        let beside = ["own_kind", "amount", "currency", "min-amount", "per-referrer"];
        assert!(beside.iter().all(|id| page.find(&format!("#{id}[aria-invalid] ~ #{id}-error")).is_some()));
        for (field, value) in wrong.iter().filter(|(field, _)| !matches!(*field, "kind" | "caps.period" | "active")) {
            let found = page.find(&format!("form [name='{field}'][aria-invalid], form [name='{field}'][value]"));
            assert_eq!(found.as_deref(), Some(*value), "{field}");
        }
        assert_eq!(page.find("[name='kind'] option[selected]").as_deref(), Some("own"));
        assert_eq!(page.find("[name='caps.period'] option[selected]").as_deref(), Some("week"));
        assert!(page.find("[name='active'][checked]").is_none());
    }
    let percent = |percent: &'static str| [("amount", ""), ("percent", percent)];
    for (fields, message) in [
        (&[("amount", "")][..], amount),
        (&percent("101"), "Enter a percentage from 0.01 to 100, e.g. 11.5."),
        (&[("percent", "5")], "Enter an amount or a percentage, not both."),
        (
            &[("trigger", "signup"), ("conditions.months", "3")],
            "This condition is about payments, but the rule is about sign-ups.",
        ),
    ] {
        let page = create(&admin, fields).await;
        assert_eq!((page.status.as_u16(), page.alerts()), (422, vec![message.to_owned()]), "{fields:?}");
    }
    // Alternatives are for the same person on the same occasion.
    create(&admin, &[("group", "first"), ("option", "a")]).await;
    let other = create(&admin, &[("group", "first"), ("option", "b"), ("recipient", "referee")]).await;
    assert_eq!(other.alerts(), ["All rules of a group need the same trigger and the same recipient."]);
    assert_eq!(api.get("/rules").await.with(200)["data"].as_array().map(Vec::len), Some(2));
});

on_both!(the_sentence_follows_what_is_typed, |db| {
    let (site, _api, admin) = site(db).await;
    let sentence = async |browser: &Browser, fields: Value| {
        let request = browser.client.post(browser.url("/fn/rule_sentence")).json(&json!({ "fields": fields }));
        let answer = request.send().await.expect("an answer");
        (answer.status().as_u16(), answer.json::<Value>().await.expect("JSON"))
    };
    let mut fields: Value = credit(&[]).into_iter().map(|(name, value)| (name.to_owned(), json!(value))).collect();
    let first = "When a friend pays for the first time, the referrer gets";
    assert_eq!(sentence(&admin, fields.clone()).await, (200, json!(format!("{first} $10.00."))));
    fields["amount"] = json!("10.");
    fields["hold_days"] = json!("x");
    fields["caps.per_referral"] = json!("2");
    assert_eq!(sentence(&admin, fields.clone()).await.1, json!(format!("{first} $10.00, twice per friend at most.")));
    fields["amount"] = json!("ten");
    assert_eq!(sentence(&admin, fields.clone()).await.1, json!(format!("{first} …, twice per friend at most.")));
    assert_eq!(sentence(&site.user("dora").await, fields.clone()).await.0, 403);
    assert_eq!(sentence(&site.browser(), fields).await.0, 401);
});

on_both!(rules_are_read_in_the_readers_language, |db| {
    let (_site, _api, admin) = site(db).await;
    create(&admin, &[("caps.per_referrer", "5"), ("caps.period", "month")]).await;
    create(&admin, &[("kind", "extra_messages"), ("trigger", "signup"), ("amount", "1200")]).await;
    admin.post("/language", &[("language", "es"), ("next", LIST)]).await;
    let none = "Sin recompensas este mes";
    let paid = "Cuando un amigo paga por primera vez, el referente recibe";
    let joined = "Cuando un amigo se registra, el referente recibe 1.200 mensajes.";
    let all = [row(&format!("{paid} 10,00 US$, 5 veces al mes como máximo."), none, true), row(joined, none, true)];
    assert_eq!(listed(&admin).await, all);
    let wrong = create(&admin, &[("amount", "1.500"), ("caps.per_referrer", "0")]).await;
    let messages =
        ["Ingresa un monto como 49,90. USD admite hasta 2 decimales.", "Ingresa un número entero de 1 a 1.000.000."];
    assert_eq!(
        (wrong.status, wrong.alerts()),
        (StatusCode::UNPROCESSABLE_ENTITY, messages.map(str::to_owned).to_vec())
    );
});

on_both!(rules_are_for_admins, |db| {
    let (site, api, admin) = site(db).await;
    let path = page_of(&create(&admin, &[]).await);
    let id = path.rsplit('/').next().expect("an id");
    let dora = site.user("dora").await;
    for page in [LIST, "/admin/rules/new", &path] {
        assert_eq!(dora.get(page).await.status, StatusCode::FORBIDDEN, "{page}");
    }
    let answers = [
        create(&dora, &[]).await,
        act(&dora, &path, "update_rule", &credit(&[("amount", "1")])).await,
        act(&dora, &path, "delete_rule", &[]).await,
        dora.post(LIST, &[("form", "set_rule_active"), ("id", id), ("active", "false")]).await,
    ];
    assert!(answers.iter().all(|answer| answer.status == StatusCode::FORBIDDEN));
    let rules = api.get("/rules").await.with(200);
    assert_eq!((&rules["data"][0]["version"], rules["data"].as_array().map(Vec::len)), (&json!(1), Some(1)));
});
