use super::Api;
use crate::{on_both, site::Site};
use serde_json::{Value, json};

on_both!(settings_are_read_and_changed_one_by_one, |db| {
    let site = Site::start(db).await;
    let api = Api::new(&site, "admin").await;
    let before = api.get("/settings").await.with(200);
    assert_eq!((&before["referral_codes_enabled"], &before["referral_codes_required"]), (&json!(true), &json!(false)));
    let changes =
        json!({"referral_codes_required": true, "link_destination": "https://host.example/join", "default_goal": 3});
    let after = api.patch("/settings", changes).await.with(200);
    assert_eq!(after, api.get("/settings").await.with(200));
    let mut expected = before.clone();
    expected["referral_codes_required"] = json!(true);
    expected["link_destination"] = json!("https://host.example/join");
    expected["default_goal"] = json!(3);
    assert_eq!(after, expected);
    assert!(site.settings().referral_codes_required);
    let cleared = api.patch("/settings", json!({"link_destination": null})).await.with(200);
    assert_eq!(cleared["link_destination"], Value::Null);
    for (field, value) in [
        ("attribution_window_days", json!(401)),
        ("default_goal", json!(0)),
        ("clicks_per_network_hour", json!(-1)),
        ("random_code_length", json!(4)),
        ("random_code_length", json!(13)),
        ("currency", json!("dollars")),
        ("program_name", json!("")),
        ("policy_url", json!("javascript:alert(1)")),
        ("attribution_model", json!("none")),
        ("referral_codes_enabled", json!("yes")),
    ] {
        let refused = api.patch("/settings", json!({ field: value })).await;
        assert_eq!((refused.status, refused.code(), refused.fields()), (422, "validation", vec![field]));
    }
    assert_eq!(api.patch("/settings", json!({"no_such_setting": 1})).await.code(), "validation");
    let log = site.admin().await.get("/admin/audit").await.text();
    assert!(log.contains("Settings changed") && log.contains("API key “admin”"), "{log}");
});

on_both!(the_whole_system_is_counted, |db| {
    let site = Site::start(db).await;
    let api = Api::new(&site, "write").await;
    api.post("/codes", json!({"code": "SPRING", "description": "d", "max_uses": 1})).await.with(201);
    api.post("/codes", json!({"code": "OFF", "description": "d", "active": false})).await.with(201);
    api.post("/users", json!({"email": "ann@example.com", "code": "SPRING"})).await.with(201);
    let stats = api.get("/stats?days=1").await.with(200);
    // Two personal codes, one that is used up, one that is off.
    let expected = json!({
        "total_codes": 4, "active_codes": 2, "total_usage": 1, "codes_with_usage": 1, "total_users": 2,
        "period": {
            "days": 1, "from": "2026-11-14T00:00:00Z", "new_codes": 4, "new_users": 2, "usage": 1,
            "codes_with_usage": 1, "clicks": 0, "unique_clicks": 0, "conversions": 0,
            "revenue": [],
        },
    });
    assert_eq!(stats, expected);
    site.clock.set(site.clock.now().plus(3 * passalong::domain::time::DAY));
    let later = api.get("/stats?days=2").await.with(200);
    assert_eq!((&later["total_usage"], &later["period"]["usage"]), (&json!(1), &json!(0)));
    assert_eq!(api.get("/stats").await.with(200)["period"]["days"], 30);
    assert_eq!(api.get("/stats?days=0").await.fields(), ["days"]);
});
