//! Payments on the pages of admins.

use crate::{
    api::Api,
    on_both,
    referrals::rows,
    site::{Browser, Page, START, Site},
    stripe::{self, event, invoice},
    twice::{filled, send},
};
use passalong::{domain::time::DAY, server::store::payment_check};
use reqwest::StatusCode;
use scraper::{Html, Selector};
use serde_json::{Value, json};

const LIST: &str = "/admin/conversions";

/// The texts of all that a selector finds, each in one line.
pub fn texts(page: &Page, selector: &str) -> Vec<String> {
    let html = Html::parse_document(&page.body);
    let line = |text: String| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let selector = Selector::parse(selector).expect("a selector");
    html.select(&selector).map(|found| line(found.text().collect())).collect()
}

/// What happened, without the times.
fn events(page: &Page) -> Vec<String> {
    texts(page, "[data-testid='event'] p > span:last-child")
}

fn usd(amount: i64) -> Value {
    json!([{"amount": amount, "currency": "USD"}])
}

/// Ann's conversions and revenue; every counter is right.
async fn stats(site: &Site, api: &Api) -> (Value, Value) {
    let mut tx = site.state.db.read().await.expect("a transaction");
    assert_eq!(payment_check::find_mismatches(&mut tx).await.expect("counted"), []);
    let stats = api.get("/users/ext:ann/stats").await.with(200);
    (stats["conversions"].clone(), stats["revenue"].clone())
}

/// The page of a payment that the host product tells of.
async fn told(api: &Api, change: Value) -> String {
    let mut body = json!({"source_id": "order-1", "amount": 5000, "currency": "USD"});
    body.as_object_mut().expect("an object").extend(change.as_object().expect("an object").clone());
    format!("{LIST}/{}", api.post("/conversions", body).await.with(201)["id"])
}

/// Sends one of the forms of a payment.
async fn act(admin: &Browser, page: &str, form: &str, fields: &[(&str, &str)]) -> Page {
    let id = page.rsplit('/').next().expect("an id");
    let fields: Vec<_> = [("form", form), ("id", id)].into_iter().chain(fields.iter().copied()).collect();
    admin.post(page, &fields).await
}

/// A form that was refused for these fields and comes back with what was typed.
fn refused(page: &Page, status: u16, typed: &[(&str, &str)], messages: &[&str]) {
    assert_eq!(page.status.as_u16(), status, "{}", page.text());
    assert_eq!(page.alerts(), messages);
    for (field, value) in typed {
        assert_eq!(
            page.find(&format!("form:has([aria-invalid]) [name='{field}']")).as_deref(),
            Some(*value),
            "{field}"
        );
    }
}

on_both!(payments_are_listed_and_found, |db| {
    let (site, api) = stripe::site(db).await;
    let admin = site.admin().await;
    let empty = admin.get(LIST).await;
    assert!(empty.text().contains("No payments yet"));
    assert_eq!(texts(&empty, "main a[href='/admin/conversions/new']"), ["Add payment", "Add one by hand"]);
    assert_eq!(stripe::send(&site, &invoice(1, json!({}))).await, 200);
    let parked = told(&api, json!({"email": "carl@example.com", "amount": 700, "currency": "EUR"})).await;
    let refund = json!({"source_id": "r-1", "amount": 200});
    api.post(&format!("/conversions/{}/refunds", parked.rsplit('/').next().expect("an id")), refund).await.with(201);
    api.patch("/settings", json!({"stripe_test_events": true})).await.with(200);
    let mut test = invoice(2, json!({"amount_paid": 100, "total": 100, "total_excluding_tax": 100}));
    test["livemode"] = json!(false);
    assert_eq!(stripe::send(&site, &test).await, 200);
    let list = admin.get(LIST).await;
    let listed: Vec<String> =
        rows(&list, "payment-row").iter().map(|row| row.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    let at = "14 Nov";
    assert_eq!(
        listed,
        [
            format!("{at}|bob|$1.00|–|Stripe|Counted Test mode"),
            format!("{at}|Unknown|€7.00|€2.00|API|Not counted We don’t know who paid"),
            format!("{at}|bob|$49.00|–|Stripe|Counted"),
        ]
    );
    assert!(list.find(&format!("main a[href='{parked}']")).is_some());
    assert_eq!(texts(&list, "main td a[href^='/admin/users/']"), ["bob", "bob"]);
    for (query, found) in [
        ("state=parked", 1),
        ("state=counted", 2),
        ("state=refunded", 0),
        ("person=BOB%40example.com", 2),
        ("person=bob", 2),
        ("person=ann&state=counted", 0),
        ("person=nobody", 0),
    ] {
        let page = admin.get(&format!("{LIST}?{query}")).await;
        assert_eq!(rows(&page, "payment-row").len(), found, "{query}");
        assert_eq!(page.text().contains("No matching payments"), found == 0, "{query}");
    }
});

on_both!(many_payments_are_paged, |db| {
    let site = Site::start(db).await;
    let (api, admin) = (Api::new(&site, "write").await, site.admin().await);
    for n in 0..52 {
        told(&api, json!({"email": "carl@example.com", "source_id": format!("o-{n}")})).await;
    }
    let first = admin.get(&format!("{LIST}?state=parked")).await;
    let next = Html::parse_document(&first.body);
    let link = Selector::parse("nav[aria-label='Pages'] a").expect("a selector");
    let next = next.select(&link).next().and_then(|a| a.value().attr("href")).expect("more").to_owned();
    let second = admin.get(&next).await;
    let links = |page: &Page| texts(page, "[data-testid='payment-row'] th a").len();
    assert_eq!((links(&first), links(&second)), (50, 2));
    assert!(next.contains("state=parked"), "{next}");
});

on_both!(a_payment_shows_what_happened, |db| {
    let (site, api) = stripe::site(db).await;
    let admin = site.admin().await;
    assert_eq!(stripe::send(&site, &invoice(1, json!({"payment_intent": "pi_1"}))).await, 200);
    let refund = json!({"id": "re_1", "object": "refund", "amount": 2000, "currency": "usd", "payment_intent": "pi_1", "status": "succeeded"});
    assert_eq!(stripe::send(&site, &event("evt_r", "refund.created", refund)).await, 200);
    let id = api.get("/conversions").await.with(200)["data"][0]["id"].clone();
    let path = format!("{LIST}/{id}");
    let page = admin.get(&path).await;
    assert_eq!(events(&page), ["Payment of $49.00 · Stripe", "Refund of $20.00"]);
    assert!(texts(&page, "[data-testid='event']")[0].starts_with("14 November 2026, 11:33 UTC"));
    assert_eq!(page.of("revenue"), "$23.67");
    let facts = texts(&page, ".facts dd");
    for fact in ["bob", "$49.00", "$40.00", "$20.00", "ann", "Stripe", "in_1, pi_1"] {
        assert!(facts.iter().any(|known| known == fact), "{fact} in {facts:?}");
    }
    let messages = texts(&page, "details:not([open]) [data-testid='message']");
    assert_eq!(messages.len(), 2, "{messages:?}");
    for part in ["invoice.paid", "evt_in_1", "Recorded", "Payment of $49.00 · Stripe", "in_1"] {
        assert!(messages[0].contains(part), "{part} in {}", messages[0]);
    }
    // Stripe says what was paid.
    assert!(page.find("[name='reason']").is_none());
    let corrected = act(&admin, &path, "correct_amount", &[("amount", "1"), ("reason", "no")]).await;
    assert_eq!(corrected.status, StatusCode::CONFLICT);
    assert!(corrected.text().contains("This amount comes from Stripe"));
    // What turns out to be the same leads to it, and has no forms.
    told(&api, json!({"external_id": "bob", "source_id": "o-2", "provider_refs": ["pi_2"]})).await;
    assert_eq!(stripe::send(&site, &invoice(2, json!({}))).await, 200);
    let joined =
        json!({"id": "inpay_1", "object": "invoice_payment", "invoice": "in_2", "payment": {"payment_intent": "pi_2"}});
    assert_eq!(stripe::send(&site, &event("evt_j", "invoice_payment.paid", joined)).await, 200);
    let twin = api.get("/conversions?state=duplicate").await.with(200)["data"][0].clone();
    let page = admin.get(&format!("{LIST}/{}", twin["id"])).await;
    assert!(page.find(&format!("main a[href='{LIST}/{}']", twin["duplicate_of"])).is_some());
    assert!(page.find("main form").is_none());
    let kept = admin.get(&format!("{LIST}/{}", twin["duplicate_of"])).await;
    let told_again = "Same payment, reported again: $50.00 · API".to_owned();
    assert!(events(&kept).contains(&told_again), "{:?}", events(&kept));
    assert_eq!(admin.get(&format!("{LIST}/999999")).await.status, StatusCode::NOT_FOUND);
});

on_both!(a_payment_is_added_by_hand, |db| {
    let (site, api) = stripe::site(db).await;
    let admin = site.admin().await;
    let new = format!("{LIST}/new");
    let add = async |fields: &[(&str, &str)]| admin.post(&new, fields).await;
    let wrong = [("person", "nobody"), ("amount", "1,500"), ("occurred_at", "soon"), ("product", "<b>x</b>")];
    let page = add(&wrong).await;
    refused(
        &page,
        422,
        &wrong,
        &[
            "No account has this e-mail address, username or external ID.",
            "Enter an amount like 49.90. USD has up to 2 digits after the point.",
            "Enter a date and time like 2026-12-31T18:00.",
        ],
    );
    assert!(!page.body.contains("<b>x"));
    let good = [("person", "bob"), ("amount", "12.5")];
    let future = START.plus(DAY).minute();
    for (field, value) in [("amount", "0"), ("currency", "dollars"), ("occurred_at", &future), ("source_id", "a\u{0}b")]
    {
        let mut fields: Vec<_> = good.into_iter().filter(|(name, _)| *name != field).collect();
        fields.push((field, value));
        let page = add(&fields).await;
        assert_eq!((page.status.as_u16(), page.alerts().len()), (422, 1), "{field}: {}", page.text());
    }
    assert_eq!(stats(&site, &api).await, (json!(0), json!([])));
    let added = add(&[("person", "bob"), ("amount", "12.5"), ("product", "<b>x</b>"), ("source_id", "o-1")]).await;
    assert!(added.location().ends_with("?done=payment-added"), "{}: {}", added.status, added.text());
    let page = admin.get(added.location()).await;
    assert_eq!(events(&page), ["Payment of $12.50 · By hand"]);
    assert!(page.text().contains("<b>x</b>") && !page.body.contains("<b>x"));
    assert_eq!(page.of("revenue"), "$12.50");
    // Told again it is the same; with another amount it is refused.
    let again = add(&[("person", "bob@example.com"), ("amount", "12,50"), ("source_id", "o-1")]).await;
    assert_eq!(again.location(), added.location().replace("added", "known"));
    let other = [("person", "bob"), ("amount", "13"), ("source_id", "o-1")];
    refused(&add(&other).await, 409, &other, &["This payment was already recorded with another amount: $12.50."]);
    let day = START.plus(-DAY / 2).minute();
    let yen = add(&[("person", "bob"), ("amount", "500"), ("currency", "jpy"), ("occurred_at", &day)]).await;
    assert_eq!(events(&admin.get(yen.location()).await), ["Payment of ¥500 · By hand"]);
    let revenue = json!([{"amount": 500, "currency": "JPY"}, {"amount": 1250, "currency": "USD"}]);
    assert_eq!(stats(&site, &api).await, (json!(1), revenue));
    // Pressed twice it is one.
    let fields = filled(&admin, &new, "add_payment", &[("person", "bob"), ("amount", "1")]).await;
    let (first, second) = tokio::join!(send(&admin, &new, &fields), send(&admin, &new, &fields));
    assert!(first.location().ends_with("?done=payment-added"), "{}", first.text());
    assert_eq!(second.location(), first.location());
    assert_eq!(rows(&admin.get(LIST).await, "payment-row").len(), 3);
    assert!(admin.get("/admin/audit").await.text().contains("Payment added"));
});

on_both!(a_refund_is_recorded_by_hand, |db| {
    let (site, api) = stripe::site(db).await;
    let admin = site.admin().await;
    let path = told(&api, json!({"external_id": "bob"})).await;
    let refund = async |fields: &[(&str, &str)]| act(&admin, &path, "refund_payment", fields).await;
    let wrong = [("amount", "1.234"), ("source_id", "<b>r</b>")];
    let page = refund(&wrong).await;
    refused(&page, 422, &wrong, &["Enter an amount like 49.90. USD has up to 2 digits after the point."]);
    assert!(!page.body.contains("<b>r"));
    refused(&refund(&[("amount", "0")]).await, 422, &[("amount", "0")], &["Enter an amount above zero."]);
    let most = [("amount", "50.01")];
    refused(&refund(&most).await, 409, &most, &["This is more than what’s left to refund: $50.00."]);
    let done = refund(&[("amount", "20"), ("source_id", "r-1")]).await;
    assert_eq!(done.location(), format!("{path}?done=payment-refunded"), "{}", done.text());
    assert_eq!(refund(&[("amount", "20"), ("source_id", "r-1")]).await.location(), done.location());
    assert_eq!(stats(&site, &api).await, (json!(1), usd(3000)));
    let fields = filled(&admin, &path, "refund_payment", &[("amount", "15")]).await;
    let (first, second) = tokio::join!(send(&admin, &path, &fields), send(&admin, &path, &fields));
    assert_eq!([first.location(), second.location()], [done.location(); 2], "{}", first.text());
    assert_eq!(stats(&site, &api).await, (json!(1), usd(1500)));
    let page = admin.get(&path).await;
    assert_eq!(events(&page), ["Payment of $50.00 · API", "Refund of $20.00", "Refund of $15.00"]);
    assert_eq!(page.find("#refund-amount").as_deref(), Some("15.00"));
    admin.post("/language", &[("language", "es"), ("next", &path)]).await;
    let page = admin.get(&path).await;
    assert_eq!(events(&page), ["Pago de 50,00 US$ · API", "Reembolso de 20,00 US$", "Reembolso de 15,00 US$"]);
    let page = refund(&most).await;
    assert_eq!(page.alerts().join(" ").replace('\u{a0}', " "), "Es más de lo que queda por reembolsar: 15,00 US$.");
    assert_eq!(page.find("#refund-amount").as_deref(), Some("50.01"), "as it was typed");
    assert_eq!(admin.get(&path).await.find("#refund-amount").as_deref(), Some("15,00"));
    refund(&[("amount", "15,00")]).await;
    assert_eq!(stats(&site, &api).await, (json!(0), json!([])));
    assert!(admin.get(&path).await.find("#refund-amount").is_none());
});

on_both!(an_amount_is_corrected, |db| {
    let (site, api) = stripe::site(db).await;
    let admin = site.admin().await;
    let path = told(&api, json!({"external_id": "bob", "net_amount": 4000})).await;
    let correct = async |fields: &[(&str, &str)]| act(&admin, &path, "correct_amount", fields).await;
    let wrong = [("amount", "much"), ("reason", " ")];
    refused(
        &correct(&wrong).await,
        422,
        &[("amount", "much")],
        &[
            "Enter an amount like 49.90. USD has up to 2 digits after the point.",
            "Enter a reason of 1 to 500 characters.",
        ],
    );
    let done = correct(&[("amount", "40"), ("reason", "<i>typo</i>")]).await;
    assert_eq!(done.location(), format!("{path}?done=payment-corrected"), "{}", done.text());
    assert_eq!(stats(&site, &api).await, (json!(1), usd(3200)));
    // Of two at one moment the later one counts; what is known already changes nothing.
    for _ in 0..2 {
        assert_eq!(correct(&[("amount", "30"), ("reason", "again")]).await.location(), done.location());
    }
    assert_eq!(stats(&site, &api).await, (json!(1), usd(2400)));
    let page = admin.get(&path).await;
    let told =
        ["Payment of $50.00 · API", "Amount corrected to $40.00: <i>typo</i>", "Amount corrected to $30.00: again"];
    assert_eq!(events(&page), told);
    assert!(!page.body.contains("<i>typo"));
    let audit = admin.get("/admin/audit").await;
    assert!(audit.text().contains("Payment corrected") && !audit.body.contains("<i>typo"));
});

on_both!(a_payment_is_linked_to_a_person, |db| {
    let (site, api) = stripe::site(db).await;
    let admin = site.admin().await;
    api.post("/users", json!({"email": "carl@example.com", "external_id": "c-1"})).await.with(201);
    assert_eq!(stripe::send(&site, &invoice(1, json!({"metadata": {}}))).await, 200);
    let id = api.get("/conversions").await.with(200)["data"][0]["id"].clone();
    let path = format!("{LIST}/{id}");
    let link = async |person: &str| act(&admin, &path, "link_payer", &[("person", person)]).await;
    let unknown = "No account has this e-mail address, username or external ID.";
    for nobody in ["\"><b>", ""] {
        let page = link(nobody).await;
        refused(&page, 422, &[("person", nobody)], &[unknown]);
        assert!(!page.body.contains("\"><b>"));
    }
    let done = link("bob@example.com").await;
    assert_eq!(done.location(), format!("{path}?done=payment-linked"), "{}", done.text());
    assert_eq!(stats(&site, &api).await, (json!(1), usd(4000)));
    // Nobody has brought Carl, whose renewals are his from now on.
    assert_eq!(link("c-1").await.location(), done.location());
    assert_eq!(stats(&site, &api).await, (json!(0), json!([])));
    assert_eq!(stripe::send(&site, &invoice(2, json!({"metadata": {}}))).await, 200);
    assert_eq!(rows(&admin.get(&format!("{LIST}?person=c-1")).await, "payment-row").len(), 2);
    link("bob").await;
    assert_eq!(stats(&site, &api).await, (json!(1), usd(4000)));
    assert!(admin.get("/admin/audit").await.text().contains("Payment linked to a customer"));
    // Whoever is erased stays the one who has paid.
    api.delete("/users/ext:bob").await.with(204);
    let page = link("c-1").await;
    assert_eq!(page.status, StatusCode::CONFLICT);
    assert!(
        page.text().contains("account was deleted, so you can’t link this payment")
            && page.text().contains("Deleted account")
    );
    assert_eq!(stats(&site, &api).await, (json!(1), usd(4000)));
});

on_both!(payments_are_for_admins, |db| {
    let (site, api) = stripe::site(db).await;
    let path = told(&api, json!({"external_id": "bob"})).await;
    let dora = site.user("dora").await;
    for page in [LIST, "/admin/conversions/new", &path] {
        assert_eq!(dora.get(page).await.status, StatusCode::FORBIDDEN, "{page}");
    }
    let added = dora.post("/admin/conversions/new", &[("person", "bob"), ("amount", "1")]).await;
    assert_eq!(added.status, StatusCode::FORBIDDEN);
    for (form, fields) in [
        ("refund_payment", vec![("amount", "1")]),
        ("correct_amount", vec![("amount", "1"), ("reason", "r")]),
        ("link_payer", vec![("person", "dora")]),
    ] {
        assert_eq!(act(&dora, &path, form, &fields).await.status, StatusCode::FORBIDDEN, "{form}");
    }
    assert_eq!(stats(&site, &api).await, (json!(1), usd(5000)));
});
