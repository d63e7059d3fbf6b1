use crate::{
    conversions::texts,
    on_both,
    site::{Browser, Page, Site},
};
use passalong::{
    domain::{
        ids::{CodeId, UserId},
        time::{DAY, MINUTE},
    },
    server::store::{
        counter_check,
        reviews::{self, NewReview},
    },
};
use reqwest::StatusCode;

const CODE: [(&str, &str); 5] =
    [("form", "create_code"), ("code", "SPRING"), ("description", "Spring"), ("max_uses", "100"), ("active", "true")];

/// Sends the form for a new code, some fields changed.
async fn create(admin: &Browser, changed: &[(&str, &str)]) -> Page {
    let mut fields: Vec<(&str, &str)> =
        CODE.into_iter().filter(|(name, _)| !changed.iter().any(|c| c.0 == *name)).collect();
    fields.extend(changed);
    admin.post("/admin/codes/new", &fields).await
}

/// The id of a code that was just made.
fn id(page: &Page) -> String {
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{:?}", page.alerts());
    let path = page.location().strip_prefix("/admin/codes/").expect("a code's page");
    path.split('?').next().expect("an id").to_owned()
}

/// Code and status of every row of the table.
async fn rows(admin: &Browser, query: &str) -> Vec<(String, String)> {
    let page = admin.get(&format!("/admin/codes{query}")).await;
    assert_eq!(page.status, StatusCode::OK);
    let html = scraper::Html::parse_document(&page.body);
    let row = scraper::Selector::parse("[data-testid='code-row']").expect("a selector");
    let text = |element: &scraper::ElementRef<'_>, name| element.value().attr(name).expect("an attribute").to_owned();
    html.select(&row).map(|row| (text(&row, "data-code"), text(&row, "data-status"))).collect()
}

fn of(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect()
}

on_both!(each_rule_of_a_code_is_told_by_its_field, |db| {
    let site = Site::start(db).await;
    let admin = site.admin().await;
    let long = "x".repeat(256);
    for (field, value) in [
        ("code", "ab"),
        ("code", "with space"),
        ("description", ""),
        ("description", long.as_str()),
        ("max_uses", "0"),
        ("max_uses", "-3"),
        ("max_uses", "many"),
        ("expires_at", "2020-01-01T00:00"),
        ("expires_at", "soon"),
        ("beneficiary", "nobody@example.com"),
    ] {
        let page = create(&admin, &[(field, value)]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}={value}");
        assert_eq!(page.alerts().len(), 1, "{field}={value}: {:?}", page.alerts());
        assert_eq!(page.find(&format!("main [name={field}]")).as_deref(), Some(value), "the input is kept");
    }
    id(&create(&admin, &[]).await);
    assert_eq!(create(&admin, &[("code", "spring")]).await.status, StatusCode::CONFLICT);
});

on_both!(a_nul_is_never_an_error_of_ours, |db| {
    let site = Site::start(db).await;
    let admin = site.admin().await;
    let kept = create(&admin, &[("description", "a\0b")]).await.status;
    assert!(kept == StatusCode::SEE_OTHER || kept == StatusCode::UNPROCESSABLE_ENTITY, "{kept}");
    for path in ["/admin/codes?q=%00", "/admin/users?q=%00", "/admin/referrals?q=%00", "/signup?ref=%00", "/r/%00"] {
        let status = admin.get(path).await.status;
        assert!(!status.is_server_error(), "{path}: {status}");
    }
    let person =
        [("form", "sign_up"), ("email", "a\0@example.com"), ("username", "a\0b"), ("password", "\0\0\0\0\0\0\0\0")];
    assert!(!site.browser().post("/signup", &person).await.status.is_server_error());
});

on_both!(all_that_is_wrong_with_a_code_is_told_at_once, |db| {
    let site = Site::start(db).await;
    let admin = site.admin().await;
    let wrong = [("max_uses", "0"), ("expires_at", "2020-01-01T00:00"), ("beneficiary", "nobody@example.com")];
    assert_eq!(create(&admin, &wrong).await.alerts().len(), 3);
    let code = id(&create(&admin, &[]).await);
    // That the code is taken, too.
    assert_eq!(create(&admin, &wrong).await.alerts().len(), 4);
    let path = format!("/admin/codes/{code}");
    let fields = [("form", "update_code"), ("id", code.as_str()), ("description", ""), ("max_uses", "5")];
    let fields: Vec<_> = fields.into_iter().chain([("beneficiary", "nobody@example.com")]).collect();
    assert_eq!(admin.post(&path, &fields).await.alerts().len(), 2);
});

on_both!(codes_of_one_beneficiary_are_shown_alone, |db| {
    let site = Site::start(db).await;
    let admin = site.admin().await;
    site.user("ann").await;
    site.user("bob").await;
    create(&admin, &[("code", "ANNS"), ("beneficiary", "ann@example.com")]).await;
    create(&admin, &[("code", "BOBS"), ("beneficiary", "bob@example.com")]).await;
    create(&admin, &[("code", "NOBODYS")]).await;
    assert_eq!(rows(&admin, "?beneficiary=ANN@example.com").await, of(&[("ANNS", "active")]));
    assert_eq!(rows(&admin, "?beneficiary=bob&sort=clicks").await, of(&[("BOBS", "active")]));
    // A part of a name or of a code is enough, in any case.
    assert_eq!(rows(&admin, "?beneficiary=NN%40ex").await, of(&[("ANNS", "active")]));
    assert_eq!(rows(&admin, "?beneficiary=example.com&q=ob").await, of(&[("BOBS", "active")]));
    assert_eq!(rows(&admin, "?q=body").await, of(&[("NOBODYS", "active")]));
    assert!(rows(&admin, "?q=_O").await.is_empty() && rows(&admin, "?q=%25").await.is_empty());
    assert!(rows(&admin, "?beneficiary=ann&q=BOB").await.is_empty());
    let csv = admin.get("/admin/codes.csv?beneficiary=nn%40ex").await.body;
    assert!(csv.contains("ANNS") && !csv.contains("BOBS"), "{csv}");
    let page = admin.get("/admin/codes?beneficiary=ann%40example.com").await;
    assert!(page.body.contains("href=\"/admin/codes.csv?beneficiary=ann%40example.com\""));
    assert!(rows(&admin, "?beneficiary=nobody").await.is_empty());
    let page = admin.get("/admin/codes?beneficiary=ann%40example.com&status=active").await;
    assert_eq!(page.find("input[name=beneficiary]").as_deref(), Some("ann@example.com"));
    assert!(page.find("a.chip").is_some_and(|chip| chip.contains("ann@example.com")));
    assert!(page.body.contains("href=\"/admin/codes?status=active\""), "the way back to all");
    let sorted: Vec<String> = rows(&admin, "?sort=beneficiary").await.into_iter().map(|(code, _)| code).collect();
    assert_eq!(sorted, ["ANNS", "BOBS", "NOBODYS"]);
});

on_both!(a_beneficiary_is_named_by_e_mail_or_username, |db| {
    let site = Site::start(db).await;
    let admin = site.admin().await;
    site.user("ann").await;
    for (code, name) in [("BY-NAME", "ANN"), ("BY-MAIL", "Ann@example.com")] {
        id(&create(&admin, &[("code", code), ("beneficiary", name)]).await);
    }
    assert_eq!(create(&admin, &[("code", "PART"), ("beneficiary", "an")]).await.alerts().len(), 1);
    assert_eq!(rows(&admin, "?beneficiary=ann").await.len(), 2);
});

on_both!(a_tick_outweighs_a_limit_and_an_end, |db| {
    let site = Site::start(db).await;
    let admin = site.admin().await;
    let end = site.clock.now().plus(DAY).minute();
    let ticked = [("max_uses", "nonsense"), ("no_limit", "true"), ("expires_at", &*end), ("never_expires", "true")];
    let code = id(&create(&admin, &ticked).await);
    let page = admin.get(&format!("/admin/codes/{code}")).await;
    assert_eq!(page.find("[name=max_uses]").as_deref(), Some(""));
    assert_eq!(page.find("[name=expires_at]").as_deref(), Some(""));
    assert!(page.find("[name=no_limit][checked]").is_some() && page.find("[name=never_expires][checked]").is_some());
    // Saving the form leaves the code switched on or off as it is.
    admin.post("/admin/codes", &[("form", "set_code_active"), ("id", &code), ("active", "false")]).await;
    let fields = [("form", "update_code"), ("id", &*code), ("description", "Again"), ("max_uses", "9")];
    assert_eq!(admin.post(&format!("/admin/codes/{code}"), &fields).await.status, StatusCode::SEE_OTHER);
    assert_eq!(rows(&admin, "").await, of(&[("SPRING", "inactive")]));
});

on_both!(who_brought_whom_is_one_link_away, |db| {
    let site = Site::start(db).await;
    let admin = site.admin().await;
    let link = site.user("ann").await.link().await;
    let friend = site.browser_named("Friend/1");
    friend.follow(&link).await;
    friend.sign_up("bob", &[]).await;
    let referrer = |page: &Page| {
        let html = scraper::Html::parse_document(&page.body);
        let cell = scraper::Selector::parse("td[data-label='Referred by'] a").expect("a selector");
        html.select(&cell).next().and_then(|a| a.value().attr("href")).map(str::to_owned)
    };
    let of_ann = referrer(&admin.get("/admin/users?q=bob%40").await).expect("a link to Ann");
    let page = admin.get(&of_ann).await;
    assert_eq!(page.find("h1").as_deref(), Some("ann"));
    let of_bob = page.find("[data-testid='brought'] th a");
    assert_eq!(of_bob.as_deref(), Some("bob"));
    // People are found by their codes, too.
    let code = link.trim_start_matches("/r/");
    assert_eq!(admin.get(&format!("/admin/users?q={code}")).await.find("tbody th a").as_deref(), Some("ann"));
});

on_both!(what_stands_in_an_address_is_decoded_once, |db| {
    let site = Site::start(db).await;
    let admin = site.admin().await;
    for path in ["/admin/codes?q=%2541%2B", "/admin/users?q=%2541%2B", "/admin/referrals?q=%2541%2B"] {
        assert_eq!(admin.get(path).await.find("input[name=q]").as_deref(), Some("%41+"), "{path}");
    }
    assert!(!admin.get("/admin/codes?done=%2563reated").await.body.contains("Code created"));
    assert!(admin.get("/admin/codes?done=creat%65d").await.body.contains("Code created"));
});

on_both!(a_code_goes_through_every_status_in_order, |db| {
    let site = Site::start(db).await;
    let admin = site.admin().await;
    let end = site.clock.now().plus(7 * DAY).minute();
    let code = id(&create(&admin, &[("max_uses", "1"), ("expires_at", &end)]).await);
    assert_eq!(rows(&admin, "").await, of(&[("SPRING", "active")]));
    assert_eq!(site.browser().sign_up("bob", &[("code", "spring")]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(rows(&admin, "").await, of(&[("SPRING", "limit-reached")]));
    site.clock.set(site.clock.now().plus(8 * DAY));
    let admin = site.admin().await;
    assert_eq!(rows(&admin, "").await, of(&[("SPRING", "expired")]));
    let switch = |active: &'static str| {
        [("form", "set_code_active"), ("id", code.as_str()), ("active", active), ("back", "/admin/codes?q=S")]
    };
    let page = admin.post("/admin/codes", &switch("false")).await;
    assert_eq!((page.status, page.location()), (StatusCode::SEE_OTHER, "/admin/codes?q=S"));
    assert_eq!(rows(&admin, "").await, of(&[("SPRING", "inactive")]));
    admin.post("/admin/codes", &switch("true")).await;
    // An untouched end in the past is no error; a higher limit helps only together with a new end.
    let edit = |expires_at: String| {
        let path = format!("/admin/codes/{code}");
        let admin = admin.clone();
        let code = code.clone();
        async move {
            let fields = [
                ("form", "update_code"),
                ("id", code.as_str()),
                ("description", "Spring again"),
                ("max_uses", "5"),
                ("expires_at", &expires_at),
                ("active", "true"),
            ];
            admin.post(&path, &fields).await.status
        }
    };
    assert_eq!(edit(end).await, StatusCode::SEE_OTHER);
    assert_eq!(rows(&admin, "").await, of(&[("SPRING", "expired")]));
    assert_eq!(edit("2020-01-01T00:00".into()).await, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(edit(site.clock.now().plus(DAY).minute()).await, StatusCode::SEE_OTHER);
    assert_eq!(rows(&admin, "").await, of(&[("SPRING", "active")]));
});

on_both!(a_limit_is_not_set_below_what_was_used, |db| {
    let site = Site::start(db).await;
    let admin = site.admin().await;
    let code = id(&create(&admin, &[]).await);
    for name in ["bob", "carl"] {
        site.browser().sign_up(name, &[("code", "SPRING")]).await;
    }
    let fields = [
        ("form", "update_code"),
        ("id", code.as_str()),
        ("description", "Spring"),
        ("max_uses", "1"),
        ("active", "true"),
    ];
    let page = admin.post(&format!("/admin/codes/{code}"), &fields).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.alerts()[0].contains("2 sign-ups"), "{:?}", page.alerts());
});

on_both!(a_code_that_is_switched_off_credits_nobody_from_then_on, |db| {
    let site = Site::start(db.clone()).await;
    let other = Site::at(db, &["--base-url", &site.state.base_url], site.clock.clone()).await;
    let admin = site.admin().await;
    let code = id(&create(&admin, &[]).await);
    let there = format!("http://127.0.0.1:{}/r/SPRING", other.port);
    let shared = matches!(site.state.db, passalong::server::store::db::Db::Postgres { .. });
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    assert_eq!(site.browser().get("/r/SPRING").await.location(), "/signup?ref=SPRING");
    if shared {
        assert_eq!(site.browser().get(&there).await.location(), "/signup?ref=SPRING");
    }
    admin.post("/admin/codes", &[("form", "set_code_active"), ("id", &code), ("active", "false")]).await;
    assert_eq!(site.browser().get("/r/SPRING").await.location(), "/signup?invitation=invalid");
    if shared {
        tokio::time::sleep(std::time::Duration::from_millis(900)).await;
        assert_eq!(site.browser().get(&there).await.location(), "/signup?invitation=invalid");
    }
    let page = site.browser().sign_up("bob", &[("code", "SPRING")]).await;
    assert_eq!(page.alerts(), ["This code is no longer active."]);
});

on_both!(the_beneficiary_of_a_campaign_is_credited, |db| {
    let site = Site::start(db).await;
    let admin = site.admin().await;
    let ann = site.user("ann").await;
    id(&create(&admin, &[("beneficiary", "ann@example.com")]).await);
    let friend = site.browser_named("Friend/1");
    friend.follow("/r/SPRING").await;
    friend.sign_up("bob", &[("code", "SPRING"), ("linked", "SPRING")]).await;
    assert_eq!(ann.numbers().await, [1, 1, 0]);
    let mut tx = site.state.db.read().await.expect("a transaction");
    assert_eq!(counter_check::find_mismatches(&mut tx).await.expect("recounted"), []);
});

on_both!(a_used_code_is_hidden_and_an_unused_one_is_gone, |db| {
    let site = Site::start(db).await;
    let admin = site.admin().await;
    let used = id(&create(&admin, &[]).await);
    let unused = id(&create(&admin, &[("code", "UNUSED")]).await);
    site.browser().sign_up("bob", &[("code", "SPRING")]).await;
    for code in [&used, &unused] {
        let page = admin.post(&format!("/admin/codes/{code}"), &[("form", "delete_code"), ("id", code)]).await;
        assert_eq!(page.location(), "/admin/codes?done=deleted-code");
        assert_eq!(admin.get(&format!("/admin/codes/{code}")).await.status, StatusCode::NOT_FOUND);
    }
    assert!(rows(&admin, "").await.is_empty());
    // What is gone is free again; what is hidden is not.
    assert_eq!(create(&admin, &[("code", "UNUSED")]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(create(&admin, &[("code", "SPRING")]).await.status, StatusCode::CONFLICT);
    assert_eq!(site.browser().get("/r/SPRING").await.location(), "/signup?invitation=invalid");
});

on_both!(the_table_is_filtered_sorted_and_paged_by_its_address, |db| {
    let site = Site::start(db).await;
    let admin = site.admin().await;
    for n in 0..60 {
        let (code, category) = (format!("BULK-{n:02}"), if n % 2 == 0 { "Even" } else { "Odd" });
        id(&create(&admin, &[("code", &code), ("category", category)]).await);
    }
    let first = rows(&admin, "?sort=code").await;
    assert_eq!((first.len(), first[0].0.as_str(), first[49].0.as_str()), (50, "BULK-00", "BULK-49"));
    let page = admin.get("/admin/codes?sort=code").await;
    let html = scraper::Html::parse_document(&page.body);
    let links = scraper::Selector::parse("a[href*='after=']").expect("a selector");
    let next = html.select(&links).next().and_then(|a| a.value().attr("href")).expect("a next page").to_owned();
    let rest = rows(&admin, next.trim_start_matches("/admin/codes")).await;
    assert_eq!((rest.len(), rest[0].0.as_str()), (10, "BULK-50"));
    assert_eq!(rows(&admin, "?q=bulk-1").await.len(), 10);
    assert_eq!(rows(&admin, "?category=Odd").await.len(), 30);
    assert_eq!(rows(&admin, "?status=expired").await.len(), 0);
    assert_eq!(rows(&admin, "?sort=code&descending=true").await[0].0, "BULK-59");
    assert_eq!(rows(&admin, "?after=nonsense&sort=code").await.len(), 50);
    assert_eq!(rows(&admin, "?after=[%22x%22,1]&sort=clicks").await.len(), 50);
    assert_eq!(rows(&admin, "?after=[1,1]&sort=code").await.len(), 50);
});

on_both!(settings_change_at_once_and_every_change_is_written_down, |db| {
    let site = Site::start(db).await;
    let admin = site.admin().await;
    let fields = |window: &'static str| {
        [
            ("form", "update_settings"),
            ("referral_codes_enabled", "true"),
            ("personal_code_style", "named"),
            ("personal_code_prefix", "devo"),
            ("attribution_window_days", window),
            ("attribution_model", "first_click"),
            ("clicks_per_network_hour", "300"),
            ("random_code_length", "5"),
            ("signup_hold_days", "7"),
            ("conversion_hold_days", "30"),
            ("default_goal", "12"),
            ("currency", "eur"),
            ("program_name", "Acme <Friends>"),
            ("welcome_text", "Hello"),
        ]
    };
    let page = admin.post("/admin/settings", &fields("401")).await;
    assert_eq!((page.status, page.alerts().len()), (StatusCode::UNPROCESSABLE_ENTITY, 1));
    assert_eq!(page.find("[name=attribution_window_days]").as_deref(), Some("401"));
    let problem = page.find(".problems a[href='#attribution_window_days']").expect("a link to the field");
    assert!(problem.starts_with("Attribution window (days): "), "{problem}");
    assert_eq!(site.settings().default_goal, 10);
    let page = admin.post("/admin/settings", &fields("60")).await;
    assert_eq!(page.location(), "/admin/settings?done=saved");
    let program = site.settings();
    assert_eq!((program.attribution_window_days, program.currency.as_str(), program.default_goal), (60, "EUR", 12));
    assert!(site.user("alex").await.link().await.starts_with("/r/DEVO-ALEX"));
    let longer =
        fields("60").map(|(name, value)| if name == "random_code_length" { (name, "9") } else { (name, value) });
    assert_eq!(admin.post("/admin/settings", &longer).await.location(), "/admin/settings?done=saved");
    let made = create(&admin, &[("code", "")]).await;
    let code = admin.get(made.location()).await.find("h1").expect("a heading");
    assert_eq!(code.len(), 9, "{code}");
    assert_eq!(admin.get("/admin/codes/bulk").await.find("[name=length]").as_deref(), Some("9"));
    let audit = admin.get("/admin/audit").await;
    let text = audit.text();
    for part in ["admin", "Attribution window (days)", "30", "60"] {
        assert!(text.contains(part), "{part} in {text}");
    }
    assert!(!audit.body.contains("<Friends>"));
});

on_both!(the_settings_come_in_sections_that_an_index_leads_to, |db| {
    let site = Site::start(db).await;
    let page = site.admin().await.get("/admin/settings").await;
    let html = scraper::Html::parse_document(&page.body);
    let found = |selector: &str, name: &str| -> Vec<String> {
        let selector = scraper::Selector::parse(selector).expect("a selector");
        html.select(&selector).filter_map(|one| one.value().attr(name).map(str::to_owned)).collect()
    };
    let sections: Vec<_> =
        found("#settings-form > [id]:has(fieldset)", "id").iter().map(|id| format!("#{id}")).collect();
    assert_eq!((sections.len(), sections.contains(&"#review".to_owned())), (11, true), "{sections:?}");
    // Beside the form, and folded above it.
    assert_eq!((found("nav.index a", "href"), found("details nav a", "href")), (sections.clone(), sections));
    // What is stored is known to the script that counts what is not saved.
    let saved: serde_json::Value = serde_json::from_str(&found("#settings-form", "data-saved")[0]).expect("JSON");
    let fields = found("#settings-form [name]:not([type=hidden])", "name");
    // The checklist of the overview is put away there.
    assert_eq!(fields.len() + 1, saved.as_object().expect("an object").len());
    assert!(fields.iter().all(|name| saved[name].is_string()), "{saved}");
});

on_both!(the_audit_log_leads_to_what_was_changed, |db| {
    let site = Site::start(db).await;
    let admin = site.admin().await;
    let made = create(&admin, &[("code", "SPRING")]).await;
    let code = made.location().split('?').next().expect("a path").to_owned();
    site.user("bob").await;
    let rights = [("form", "update_user"), ("id", "2"), ("goal", "12")];
    assert!(admin.post("/admin/users/2", &rights).await.location().ends_with("?done=saved"));
    let log = admin.get("/admin/audit").await;
    assert_eq!(log.find(&format!(".entries a[href='{code}']")).as_deref(), Some("SPRING"));
    assert_eq!(log.find(".entries a[href='/admin/users/2']").as_deref(), Some("bob"));
    assert_eq!(log.find(".entries .note a[href='/admin/users/1']").as_deref(), Some("by admin"));
    assert_eq!(log.find("section.stack > h2").as_deref(), Some("14 November 2026"));
    assert_eq!(log.find(".entries time[title='14 November 2026, 11:33 UTC']").as_deref(), Some("11:33"));
    // What is gone is named and leads nowhere.
    let id = code.rsplit('/').next().expect("an id");
    admin.post(&code, &[("form", "delete_code"), ("id", id)]).await;
    let log = admin.get("/admin/audit").await;
    assert!(log.text().contains("Code deleted") && log.find(&format!("a[href='{code}']")).is_none(), "{}", log.text());
});

on_both!(pages_say_in_their_head_what_the_program_is, |db| {
    let site = Site::start(db).await;
    for path in ["/", "/signup"] {
        let page = site.browser().get(path).await;
        assert!(page.body.contains("<meta name=\"description\" content=\"Share your link with friends."), "{path}");
    }
});

on_both!(pages_have_the_colour_and_the_logo_of_the_program, |db| {
    let site = Site::start(db).await;
    let admin = site.admin().await;
    let post = async |color: &str, logo: &str| {
        let fields =
            [("form", "update_settings"), ("program_name", "Acme"), ("accent_color", color), ("logo_url", logo)];
        admin.post("/admin/settings", &fields).await
    };
    let refused = post("red;}body{display:none", "javascript:alert(1)").await;
    assert_eq!((refused.status, refused.alerts().len()), (StatusCode::UNPROCESSABLE_ENTITY, 2));
    assert_eq!(refused.find("[name=accent_color]").as_deref(), Some("red;}body{display:none"));
    let plain = site.browser().get("/").await;
    assert!(!plain.body.contains("/theme/") && !plain.header("content-security-policy").contains("cdn.example"));
    assert_eq!(post("#8A0038", "https://cdn.example/logo.svg?v=1").await.location(), "/admin/settings?done=saved");
    let page = site.browser().get("/").await;
    let policy = page.header("content-security-policy");
    assert!(policy.contains("img-src 'self' data: https://cdn.example;"), "{policy}");
    assert!(page.body.contains("<link rel=\"stylesheet\" href=\"/theme/8a0038.css\">"), "{}", page.body);
    let theme = site.browser().get("/theme/8a0038.css").await;
    assert_eq!((theme.status, theme.header("content-type")), (StatusCode::OK, "text/css"));
    assert!(theme.body.starts_with(":root{--accent:light-dark(#8a0038,"), "{}", theme.body);
    for path in ["/theme/red.css", "/theme/8a0038", "/theme/8a00388a0038.css", "/theme/%7d.css"] {
        assert_eq!(site.browser().get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert!(page.body.contains("src=\"https://cdn.example/logo.svg?v=1\""));
});

on_both!(users_are_found_changed_and_shut_out, |db| {
    let site = Site::start(db).await;
    let admin = site.admin().await;
    let ann = site.user("ann").await;
    let link = ann.link().await;
    let friend = site.browser_named("Friend/1");
    friend.follow(&link).await;
    friend.sign_up("bob", &[]).await;
    let list = admin.get("/admin/users?q=NN%40ex").await;
    assert!(list.body.contains("ann@example.com") && !list.body.contains("bob@example.com"));
    let html = scraper::Html::parse_document(&list.body);
    let links = scraper::Selector::parse("a[href^='/admin/users/']").expect("a selector");
    let page = html.select(&links).next().and_then(|a| a.value().attr("href")).expect("Ann's page").to_owned();
    let id = page.rsplit('/').next().expect("an id").to_owned();
    let shown = admin.get(&page).await;
    assert!(shown.body.contains(link.trim_start_matches("/r/")) && shown.body.contains("bob"));
    let change = |goal: &'static str, disabled: &'static str| {
        [("form", "update_user"), ("id", id.as_str()), ("goal", goal), ("disabled", disabled)]
    };
    assert_eq!(admin.post(&page, &change("0", "false")).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(admin.post(&page, &change("3", "false")).await.status, StatusCode::SEE_OTHER);
    assert_eq!(ann.get("/dashboard").await.of("goal"), "1 / 3");
    assert_eq!(admin.post(&page, &change("3", "true")).await.status, StatusCode::SEE_OTHER);
    assert_eq!(ann.get("/dashboard").await.status, StatusCode::SEE_OTHER);
    assert!(admin.get("/admin/audit?action=user.change").await.text().to_lowercase().contains("disabled"));
});

on_both!(users_are_suggested_by_e_mail_whatever_name_was_typed, |db| {
    let site = Site::start(db).await;
    let admin = site.admin().await;
    for name in ["zoe", "ann-2", "ann-1"] {
        site.user(name).await;
    }
    let fields = [("email", "aaa@example.com"), ("username", "Annika"), ("password", crate::site::PASSWORD)];
    site.browser().post("/signup", &fields).await;
    let found = admin.client.post(admin.url("/fn/find_users")).form(&[("q", "AnN")]).send().await.expect("an answer");
    let found: Vec<serde_json::Value> =
        serde_json::from_str(&found.text().await.expect("a body")).expect("a list of choices");
    let emails: Vec<&str> = found.iter().filter_map(|choice| choice["email"].as_str()).collect();
    assert_eq!(emails, ["aaa@example.com", "ann-1@example.com", "ann-2@example.com"]);
});

on_both!(no_admin_takes_away_their_own_rights, |db| {
    let site = Site::start(db).await;
    let admin = site.admin().await;
    let fields = [("form", "update_user"), ("id", "1"), ("goal", "10")];
    assert_eq!(admin.post("/admin/users/1", &fields).await.status, StatusCode::CONFLICT);
    assert_eq!(admin.get("/admin").await.status, StatusCode::OK);
});

/// The texts of two parts of each element.
fn pairs(page: &Page, each: &str, parts: [&str; 2]) -> Vec<(String, String)> {
    let html = scraper::Html::parse_document(&page.body);
    let selector = |text: &str| scraper::Selector::parse(text).expect("a selector");
    let parts = parts.map(selector);
    let text = |element: scraper::ElementRef<'_>, part| element.select(part).next().expect("a part").text().collect();
    html.select(&selector(each)).map(|element| (text(element, &parts[0]), text(element, &parts[1]))).collect()
}

/// The numbers of the period.
fn tiles(page: &Page) -> Vec<(String, String)> {
    pairs(page, ".metric-tiles .tile", [".label", ".value"])
}

/// The codes in numbers.
fn totals(page: &Page) -> Vec<(String, String)> {
    pairs(page, "#all-codes ~ .sums div", ["dt", "dd"])
}

on_both!(the_overview_is_of_all_codes_and_of_a_period, |db| {
    let site = Site::start(db).await;
    let admin = site.admin().await;
    let end = site.clock.now().plus(5 * DAY).minute();
    let id = id(&create(&admin, &[("expires_at", &end)]).await);
    let friend = site.browser_named("Friend/1");
    friend.get("/r/SPRING").await;
    friend.sign_up("ann", &[("code", "SPRING")]).await;
    site.clock.set(site.clock.now().plus(10 * DAY));
    site.browser_named("Friend/2").get(&site.admin().await.link().await).await;
    site.user("bob").await;
    let admin = site.admin().await;
    let (week, month) = (admin.get("/admin?period=7").await, admin.get("/admin?period=30").await);
    let names = ["Clicks", "Sign-ups", "Sign-up rate", "Customers", "Revenue", "Rewards given", "New users"];
    let quiet = ["1", "0", "0.0%", "0", "–", "–", "1"];
    let busy = ["2", "1", "50.0%", "0", "–", "–", "3"];
    for (page, numbers) in [(&week, quiet), (&month, busy)] {
        let expected: Vec<_> = names.into_iter().zip(numbers).collect();
        assert_eq!(tiles(page), of(&expected));
        let codes = [("Total", "4"), ("Active", "3"), ("Sign-ups", "1"), ("Codes that converted", "1")];
        assert_eq!(totals(page), of(&codes));
    }
    let changes = pairs(&week, ".metric-tiles .tile", [".label", ".change [aria-hidden]"]);
    let changes: Vec<&str> = changes.iter().map(|(_, change)| change.as_str()).collect();
    assert_eq!(changes, ["±0", "▼ 1", "▼ 100%", "–", "–", "–", "▼ 1"]);
    let top = month.find(&format!("#top ~ .table a[href='/admin/codes/{id}']"));
    assert_eq!(top.as_deref(), Some("SPRING"));
    let latest = month.find("#latest ~ .lines li").expect("a referral");
    assert!(latest.contains("ann through SPRING") && latest.contains("10 days ago"), "{latest}");
    // A period that there is not is a month, and all time is compared with nothing.
    assert_eq!(tiles(&admin.get("/admin?period=x").await), tiles(&month));
    let all = admin.get("/admin?period=all").await;
    assert_eq!((tiles(&all), all.find(".change")), (tiles(&month), None));
});

on_both!(a_tile_chooses_what_the_chart_shows, |db| {
    let site = Site::start(db).await;
    let link = site.user("ann").await.link().await;
    site.browser_named("Friend/1").get(&link).await;
    let admin = site.admin().await;
    for (metric, name, total) in [
        ("", "Clicks", "1"),
        ("clicks", "Clicks", "1"),
        ("users", "New users", "2"),
        ("rate", "Sign-up rate", "0.0%"),
        ("nothing", "Clicks", "1"),
    ] {
        let page = admin.get(&format!("/admin?period=7&metric={metric}")).await;
        assert_eq!(page.find(".tile[aria-current] .label").as_deref(), Some(name));
        let href = if metric == "rate" || metric == "users" { metric } else { "clicks" };
        let link = format!(".tile[aria-current][href='/admin?period=7&metric={href}']");
        assert!(page.find(&link).is_some(), "{metric}");
        if metric != "rate" {
            let caption = page.find(".chart + details caption").expect("a table");
            assert_eq!(caption, format!("{name}, 7 days: {total}"));
            assert!(page.find(".points .shown .tip").expect("a value").contains(&format!("{name}: {total}")));
        }
    }
    let quiet = admin.get("/admin?metric=revenue").await;
    assert!(quiet.find(".chart").is_none() && quiet.text().contains("once payments are connected"));
});

on_both!(those_who_brought_most_are_named, |db| {
    let site = Site::start(db).await;
    let admin = site.admin().await;
    let ann = site.user("ann").await;
    let link = ann.link().await;
    let code = link.rsplit('/').next().expect("a code");
    for name in ["bob", "eve"] {
        site.browser().sign_up(name, &[("code", code)]).await;
    }
    let page = admin.get("/admin").await;
    let best = page.find("#referrers ~ .table tbody tr").expect("a referrer");
    assert_eq!(best, "ann20");
    let latest = page.find("#latest ~ .lines li").expect("a referral");
    assert!(latest.contains("eve through ann"), "{latest}");
});

on_both!(codes_that_run_out_are_listed, |db| {
    let site = Site::start(db).await;
    let admin = site.admin().await;
    let end = site.clock.now().plus(2 * DAY).minute();
    let id = id(&create(&admin, &[("expires_at", &end)]).await);
    let page = admin.get("/admin").await;
    let row = page.find("#ending ~ .lines li").expect("a code");
    assert!(row.starts_with("SPRING0 of 100 used") && row.contains("Expires"), "{row}");
    assert!(page.find(&format!("#ending ~ .lines a[href='/admin/codes/{id}']")).is_some());
});

on_both!(clicks_are_counted_live_and_the_rest_once_a_minute, |db| {
    let site = Site::start(db).await;
    let admin = site.admin().await;
    let link = admin.link().await;
    let shown = async |numbers: fn(&Page) -> Vec<(String, String)>, name: &str| {
        let found = numbers(&admin.get("/admin").await).into_iter().find(|(known, _)| known == name);
        found.map(|(_, number)| number).unwrap_or_default()
    };
    assert_eq!(shown(totals, "Total").await, "1");
    site.browser_named("Friend/1").get(&link).await;
    site.user("ann").await;
    assert_eq!(shown(tiles, "Clicks").await, "1");
    assert_eq!(shown(totals, "Total").await, "1");
    site.clock.set(site.clock.now().plus(MINUTE));
    assert_eq!(shown(totals, "Total").await, "2");
    assert_eq!(shown(tiles, "New users").await, "2");
});

on_both!(the_checklist_ticks_itself_and_can_be_put_away, |db| {
    let site = Site::start(db).await;
    let admin = site.admin().await;
    let done = async || texts(&admin.get("/admin").await, "[data-testid='step'].done a");
    assert_eq!(done().await, Vec::<String>::new());
    create(&admin, &[]).await;
    site.browser().sign_up("ann", &[("code", "SPRING")]).await;
    site.set("link_destination", "\"https://host.example/join\"").await;
    site.set("program_name", "\"Acme\"").await;
    site.set("accent_color", "\"#8a0038\"").await;
    let ticked =
        ["Add your name and colour", "Choose the link destination", "Create your first code", "Invite a friend"];
    assert_eq!(done().await, ticked);
    let page = admin.get("/admin").await;
    assert!(page.text().contains("4 of 6 done"), "{}", page.text());
    let hidden = admin.post("/admin", &[("form", "hide_checklist")]).await;
    assert_eq!((hidden.status, hidden.location()), (StatusCode::SEE_OTHER, "/admin"));
    assert!(admin.get("/admin").await.find("#checklist").is_none());
    // Other settings are changed without bringing it back.
    site.set("default_goal", "12").await;
    assert!(admin.get("/admin").await.find("#checklist").is_none());
});

on_both!(admins_are_told_what_waits_and_that_the_program_is_paused, |db| {
    let site = Site::start(db).await;
    let admin = site.admin().await;
    let page = admin.get("/admin").await;
    assert!(page.find("[data-testid='needs-you']").is_none() && page.find(".side .count").is_none());
    assert!(page.find("[data-testid='paused']").is_none());
    assert_eq!(texts(&page, ".side a[aria-current='page']"), ["Overview"]);
    let code = CodeId(id(&create(&admin, &[]).await).parse().expect("a number"));
    let mut tx = site.state.db.begin().await.expect("a transaction");
    for referee in [901, 902].map(UserId) {
        let new = NewReview { referee, referrer: None, code, signs: &[], origin: None, at: site.clock.now() };
        reviews::insert(&mut tx, &new).await.expect("stored");
    }
    tx.commit().await.expect("stored");
    site.set("referral_codes_enabled", "false").await;
    let page = admin.get("/admin").await;
    assert_eq!(
        page.find("[data-testid='needs-you'] a[href='/admin/review']").as_deref(),
        Some("2 referrals to review")
    );
    let codes = admin.get("/admin/codes").await;
    assert_eq!(codes.find(".side a[href='/admin/review'] .count").as_deref(), Some("2"));
    assert_eq!(
        codes.find("[data-testid='paused'] a[href='/admin/settings#program']").as_deref(),
        Some("Turn it on in Settings")
    );
});

on_both!(a_form_is_checked_while_it_is_filled_in, |db| {
    let site = Site::start(db).await;
    let admin = site.admin().await;
    let end = site.clock.now().plus(DAY).minute();
    let id = id(&create(&admin, &[("expires_at", &end)]).await);
    for name in ["ann", "bob"] {
        site.browser().sign_up(name, &[("code", "SPRING")]).await;
    }
    site.clock.set(site.clock.now().plus(2 * DAY));
    let admin = site.admin().await;
    // Field and message of all that is wrong.
    let wrong = async |more: &[(&str, &str)]| -> Vec<(String, String)> {
        let fine = [("description", "Spring"), ("max_uses", "100"), ("active", "true"), ("form", "create_code")];
        let fields: Vec<_> =
            fine.into_iter().filter(|f| !more.iter().any(|m| m.0 == f.0)).chain(more.to_vec()).collect();
        let answer = admin.post("/fn/validate_code", &fields).await;
        let answer: serde_json::Value = serde_json::from_str(&answer.body).expect("a list");
        let text = |value: &serde_json::Value| value.as_str().expect("text").to_owned();
        let errors = answer.as_array().expect("a list").iter();
        errors.map(|error| (text(&error["field"]), text(&error["message"]))).collect()
    };
    for (field, typed) in [
        ("code", "ab"),
        ("code", "spring"),
        ("description", " "),
        ("max_uses", "0"),
        ("max_uses", "many"),
        ("expires_at", end.as_str()),
        ("beneficiary", "nobody@example.com"),
    ] {
        let said = wrong(&[(field, typed)]).await;
        assert!(matches!(&said[..], [(name, _)] if name == field), "{field} {typed}: {said:?}");
        let other = [("code", "OTHER")].into_iter().filter(|_| field != "code");
        let sent = create(&admin, &other.chain([(field, typed)]).collect::<Vec<_>>()).await;
        assert_eq!(sent.alerts(), [said[0].1.as_str()]);
    }
    assert_eq!(wrong(&[("code", "OTHER"), ("beneficiary", "Ann@example.com")]).await, []);
    // Of a code that exists: an end in the past that nobody touched is fine, a limit below what was used is not.
    let edited = wrong(&[("id", &id), ("max_uses", "1"), ("expires_at", &end)]).await;
    assert!(matches!(&edited[..], [(name, said)] if name == "max_uses" && said.contains("2 sign-ups")), "{edited:?}");
});
