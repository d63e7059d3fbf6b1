//! Whoever leaves or is erased leaves no name behind.

use crate::{
    api::Api,
    on_both,
    site::{PASSWORD, Site},
    stripe,
};
use passalong::{
    domain::ids::UserId,
    server::{
        actions::users::forget_user,
        auth::caller::Actor,
        store::{db::Db, rights, users},
    },
};
use serde_json::json;
use sqlx::{AssertSqlSafe, Row};

/// Every row of the database as text, after the name of its table.
async fn rows(db: &Db) -> Vec<String> {
    let mut rows = vec![];
    match db {
        Db::Postgres { pool, .. } => {
            let tables = "SELECT table_name::text FROM information_schema.tables
                          WHERE table_schema = 'public' AND table_type = 'BASE TABLE'";
            let tables: Vec<String> = sqlx::query_scalar(tables).fetch_all(pool).await.expect("tables");
            for table in tables {
                let sql = AssertSqlSafe(format!("SELECT t::text FROM \"{table}\" t"));
                let found: Vec<String> = sqlx::query_scalar(sql).fetch_all(pool).await.expect("rows");
                rows.extend(found.into_iter().map(|row| format!("{table}: {row}")));
            }
        }
        Db::Sqlite { read, .. } => {
            let tables = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'";
            let tables: Vec<String> = sqlx::query_scalar(tables).fetch_all(read).await.expect("tables");
            for table in tables {
                let sql = AssertSqlSafe(format!("SELECT name FROM pragma_table_info('{table}')"));
                let columns: Vec<String> = sqlx::query_scalar(sql).fetch_all(read).await.expect("columns");
                let columns: Vec<_> =
                    columns.iter().map(|name| format!("COALESCE(CAST(\"{name}\" AS TEXT), '')")).collect();
                let sql =
                    AssertSqlSafe(format!("SELECT CAST({} AS BLOB) FROM \"{table}\"", columns.join(" || ',' || ")));
                let found = sqlx::query(sql).fetch_all(read).await.expect("rows");
                let text = |row: &sqlx::sqlite::SqliteRow| String::from_utf8_lossy(row.get::<&[u8], _>(0)).into_owned();
                rows.extend(found.iter().map(|row| format!("{table}: {}", text(row))));
            }
        }
    }
    rows
}

/// The rows that have a name in them, in any case.
pub async fn found(site: &Site, name: &str) -> Vec<String> {
    rows(&site.state.db).await.into_iter().filter(|row| row.to_lowercase().contains(&name.to_lowercase())).collect()
}

const NAMES: [&str; 5] = ["annabel", "first-address", "second-address", "Full Name", "555-0199"];

/// Payments by somebody with the host product's id `annabel-17`, in every way that names them.
async fn pay(site: &Site, api: &Api) {
    let order = json!({"email": "first-address@example.com", "source_id": "o-1", "amount": 500, "currency": "USD"});
    api.post("/conversions", order).await.with(201);
    let order = json!({"external_id": "annabel-17", "source_id": "o-2", "amount": 500, "currency": "USD"});
    api.post("/conversions", order).await.with(201);
    let named = json!({"metadata": {"passalong_user": "annabel-17"}, "customer_email": "first-address@example.com"});
    assert_eq!(stripe::send(site, &stripe::invoice(1, named)).await, 200);
    let session = json!({
        "id": "cs_9", "object": "checkout.session", "mode": "payment", "payment_status": "paid", "amount_total": 700,
        "currency": "usd", "client_reference_id": "annabel-17", "customer": "cus_1",
    });
    assert_eq!(stripe::send(site, &stripe::event("evt_cs", "checkout.session.completed", session)).await, 200);
}

/// An admin with a past: changed by others, credited, referred and referring, with jobs and keys.
async fn annabel(site: &Site, api: &Api) -> (crate::site::Browser, String) {
    let admin = site.admin().await;
    let bob = site.user("bob").await;
    let annabel = site.browser();
    annabel.follow(&bob.link().await).await;
    let fields = [("email", "first-address@example.com"), ("username", "Annabel"), ("password", PASSWORD)];
    assert_eq!(annabel.post("/signup", &fields).await.location(), "/dashboard?done=joined");
    let id = site.state.db.read().await.expect("a transaction");
    let mut tx = id;
    let email = passalong::domain::accounts::email::Email::parse("first-address@example.com").expect("an address");
    let user = users::by_email(&mut tx, &email).await.expect("read").expect("Annabel").id;
    drop(tx);
    let id = user.to_string();
    // Credited by codes, also by the address that she has no more.
    let credited = |address: &'static str| {
        let admin = admin.clone();
        async move {
            let code = [("form", "create_code"), ("description", "d"), ("max_uses", "5"), ("beneficiary", address)];
            assert!(admin.post("/admin/codes/new", &code).await.location().contains("done=created"));
            let bulk = [("form", "request_bulk_codes"), ("count", "3"), ("length", "8"), ("description", "d")];
            let bulk: Vec<_> = bulk.into_iter().chain([("max_uses", "5"), ("beneficiary", address)]).collect();
            assert!(admin.post("/admin/codes/bulk", &bulk).await.location().starts_with("/admin/codes/bulk/"));
        }
    };
    credited("first-address@example.com").await;
    let changes = json!({"email": "second-address@example.com", "full_name": "Full Name", "phone": "555-0199"});
    api.patch(&format!("/users/{id}"), changes).await.with(200);
    credited("second-address@example.com").await;
    let rights = [("form", "update_user"), ("id", id.as_str()), ("goal", "10"), ("admin", "true")];
    assert!(admin.post(&format!("/admin/users/{id}"), &rights).await.location().contains("done=saved"));
    // What she does herself.
    let key = [("form", "create_api_key"), ("name", "Shop"), ("scopes", "read")];
    assert_eq!(annabel.post("/admin/api-keys", &key).await.status, 303);
    let bulk = [("form", "request_bulk_codes"), ("count", "3"), ("length", "8"), ("description", "d")];
    let bulk: Vec<_> = bulk.into_iter().chain([("max_uses", "5")]).collect();
    assert!(annabel.post("/admin/codes/bulk", &bulk).await.location().starts_with("/admin/codes/bulk/"));
    let link = annabel.link().await;
    let friend = site.browser();
    friend.follow(&link).await;
    friend.sign_up("carl", &[]).await;
    // The jobs get done.
    let done = async {
        loop {
            let mut tx = site.state.db.read().await.expect("a transaction");
            let jobs = passalong::server::store::job_list::latest(&mut tx, "bulk_codes", 9).await.expect("read");
            if jobs.iter().all(|job| job.state == "done") {
                break;
            }
            drop(tx);
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(20), done).await.expect("the jobs are done");
    for name in NAMES {
        assert!(!found(site, name).await.is_empty(), "{name} is somewhere, or the test shows nothing");
    }
    (annabel, id)
}

on_both!(whoever_leaves_is_forgotten, |db| {
    let site = Site::start(db).await;
    let api = Api::new(&site, "admin").await;
    let (annabel, _) = annabel(&site, &api).await;
    let page = annabel.post("/profile", &[("form", "delete_account"), ("password", PASSWORD)]).await;
    assert_eq!(page.location(), "/?done=deleted");
    for name in NAMES {
        assert_eq!(found(&site, name).await, Vec::<String>::new(), "{name}");
    }
    let log = site.admin().await.get("/admin/audit").await.text();
    assert!(log.contains("User erased") && log.contains("by erased user"), "{log}");
});

on_both!(whoever_is_erased_is_forgotten, |db| {
    let site = Site::start(db).await;
    let api = Api::new(&site, "admin").await;
    let (_, id) = annabel(&site, &api).await;
    api.delete(&format!("/users/{id}")).await.with(204);
    for name in NAMES {
        assert_eq!(found(&site, name).await, Vec::<String>::new(), "{name}");
    }
});

on_both!(an_answer_about_somebody_who_is_erased_is_forgotten_and_nothing_is_done_again, |db| {
    let site = Site::start_with(db, &["--stripe-webhook-secret", "whsec_first"]).await;
    let api = Api::new(&site, "admin").await;
    let join = || {
        let body = json!({
            "email": "first-address@example.com", "username": "Annabel", "full_name": "Full Name",
            "external_id": "annabel-17", "account_id": "team of annabel", "phone": "555-0199",
        });
        api.send("POST", "/users", &[("idempotency-key", "one")], Some(body))
    };
    let id = join().await.with(201)["id"].to_string();
    assert_eq!(join().await.with(201)["id"].to_string(), id);
    pay(&site, &api).await;
    let conversions = format!("/conversions?user_id={id}");
    assert_eq!(api.get(&conversions).await.with(200)["data"].as_array().expect("a list").len(), 4);
    api.delete(&format!("/users/{id}")).await.with(204);
    for name in NAMES {
        assert_eq!(found(&site, name).await, Vec::<String>::new(), "{name}");
    }
    let again = join().await;
    assert_eq!((again.status, again.code(), again.header("idempotency-replayed")), (404, "not_found", "true"));
    assert_eq!(found(&site, "annabel").await, Vec::<String>::new());
    assert_eq!(api.get(&conversions).await.with(200)["data"].as_array().expect("a list").len(), 4, "numbers stay");
});

on_both!(nothing_is_written_of_a_payment_by_somebody_who_is_being_erased, |db| {
    let (site, api) = stripe::site(db).await;
    // Nobody brought Ann, and no customer is named: there is no row of hers that the payment would wait for anyway.
    let id = api.get("/users/ext:ann").await.with(200)["id"].as_i64().map(UserId).expect("an id");
    let mut tx = site.state.db.begin().await.expect("a transaction");
    rights::lock(&mut tx).await.expect("locked");
    let ann = users::lock(&mut tx, id).await.expect("locked").expect("Ann");
    forget_user::run_in(&mut tx, &site.state, &Actor::command_line(), &ann).await.expect("forgotten");
    let invoice = stripe::invoice(1, json!({"metadata": {"passalong_user": "ann"}, "customer": null}));
    let (sent, ()) = futures::join!(stripe::send(&site, &invoice), async {
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        tx.commit().await.expect("erased");
    });
    assert_eq!(sent, 200);
    let payment = api.get("/conversions").await.with(200)["data"][0].clone();
    assert_eq!((&payment["parked_because"], &payment["user_id"]), (&json!("unknown_person"), &json!(null)));
});
