use crate::{
    on_both,
    site::{Browser, PASSWORD, Site},
};
use passalong::{
    domain::{
        accounts::email::Email,
        attribution::{Rule, Verdict},
        codes::code::Code,
        time::{DAY, HOUR},
    },
    server::realtime::change_set::ChangeSet,
    server::store::{attributions, codes, counter_check, referrals, user_names, users},
};
use reqwest::StatusCode;

/// Who brought `name`, by username.
async fn referrer(site: &Site, name: &str) -> Option<String> {
    let mut tx = site.state.db.read().await.expect("a transaction");
    let email = Email::parse(&format!("{name}@example.com")).expect("an address");
    let user = users::by_email(&mut tx, &email).await.expect("read").expect("an account");
    referrals::referrer_of(&mut tx, user.id).await.expect("read").and_then(|(_, name)| name)
}

/// The receipt of `name`'s sign-up: the rule, and what became of each piece of evidence.
async fn receipt(site: &Site, name: &str) -> (Rule, Vec<Verdict>) {
    let mut tx = site.state.db.read().await.expect("a transaction");
    let email = Email::parse(&format!("{name}@example.com")).expect("an address");
    let user = users::by_email(&mut tx, &email).await.expect("read").expect("an account");
    let receipt = attributions::of_user(&mut tx, user.id).await.expect("read").expect("a receipt");
    (receipt.rule, receipt.candidates.iter().map(|c| c.verdict.clone()).collect())
}

async fn campaign(site: &Site, code: &str, max_uses: Option<i64>) {
    let code = Code::parse(code).expect("a code");
    let new = codes::NewCampaign {
        code: &code,
        description: "A campaign",
        category: None,
        active: true,
        max_uses,
        expires_at: Some(site.clock.now().plus(7 * DAY)),
        beneficiary: None,
        created_by: None,
        created_at: site.clock.now(),
    };
    let mut tx = site.state.db.begin().await.expect("a transaction");
    let id = codes::insert_campaign(&mut tx, &new).await.expect("written").expect("a free code");
    tx.commit().await.expect("stored");
    site.state.publisher.apply_locally(&ChangeSet::of_codes(vec![id])).await;
}

async fn joins(browser: &Browser, name: &str, more: &[(&str, &str)]) {
    let page = browser.sign_up(name, more).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{:?}", page.alerts());
}

on_both!(a_friend_who_follows_a_link_and_joins_is_counted_for_the_right_person, |db| {
    let site = Site::start(db).await;
    let (ann, _bob) = (site.user("ann").await, site.user("bob").await);
    let friend = site.browser();
    let page = friend.follow(&ann.link().await).await;
    let code = page.find("input[name=code]").expect("a code field");
    let linked = page.find("input[name=linked]").expect("where it came from");
    assert_eq!(code, linked);
    joins(&friend, "carl", &[("code", &code), ("linked", &linked)]).await;
    assert_eq!(ann.numbers().await, [1, 1, 0]);
    assert_eq!(ann.get("/dashboard").await.of("goal"), "1 / 10");
    assert_eq!(referrer(&site, "carl").await.as_deref(), Some("ann"));
    assert_eq!(receipt(&site, "carl").await.0, Rule::CodeInForm);
    let mut tx = site.state.db.read().await.expect("a transaction");
    assert_eq!(counter_check::find_mismatches(&mut tx).await.expect("recounted"), []);
});

on_both!(the_code_survives_leaving_the_page_and_signing_up_later, |db| {
    let site = Site::start(db).await;
    let ann = site.user("ann").await;
    let friend = site.browser();
    friend.follow(&ann.link().await).await;
    site.clock.set(site.clock.now().plus(29 * DAY));
    let page = friend.get("/signup").await;
    assert!(!page.find("input[name=code]").expect("a code field").is_empty());
    // Signs up without the field, as a form from elsewhere might.
    joins(&friend, "carl", &[]).await;
    assert_eq!(receipt(&site, "carl").await.0, Rule::LastClick);
    assert_eq!(referrer(&site, "carl").await.as_deref(), Some("ann"));
});

on_both!(a_click_outside_the_window_is_kept_on_the_receipt_only, |db| {
    let site = Site::start(db).await;
    let ann = site.user("ann").await;
    let friend = site.browser();
    friend.follow(&ann.link().await).await;
    site.clock.set(site.clock.now().plus(41 * DAY));
    joins(&friend, "carl", &[]).await;
    assert_eq!(referrer(&site, "carl").await, None);
    let (rule, verdicts) = receipt(&site, "carl").await;
    assert_eq!(rule, Rule::None);
    assert_eq!(verdicts, [Verdict::OutsideWindow { days: 41, window: 30 }]);
});

on_both!(the_model_decides_between_two_links, |db| {
    let site = Site::start(db).await;
    let (ann, bob) = (site.user("ann").await, site.user("bob").await);
    let (links, friends) = ([ann.link().await, bob.link().await], [site.browser(), site.browser_named("Friend/2")]);
    for friend in &friends {
        friend.follow(&links[0]).await;
        site.clock.set(site.clock.now().plus(HOUR));
        friend.follow(&links[1]).await;
    }
    joins(&friends[0], "last", &[]).await;
    site.set("attribution_model", "\"first_click\"").await;
    joins(&friends[1], "first", &[]).await;
    assert_eq!(referrer(&site, "last").await.as_deref(), Some("bob"));
    assert_eq!(referrer(&site, "first").await.as_deref(), Some("ann"));
    assert_eq!(receipt(&site, "first").await.0, Rule::FirstClick);
});

on_both!(ones_own_link_is_not_credited, |db| {
    let site = Site::start(db).await;
    let ann = site.user("ann").await;
    let link = ann.link().await;
    // The same person by e-mail, in another browser.
    let twin = site.browser_named("Twin/1");
    twin.follow(&link).await;
    let fields = [("email", "ann+second@example.com"), ("username", "ann-2"), ("password", PASSWORD)];
    assert_eq!(twin.post("/signup", &fields).await.status, StatusCode::SEE_OTHER);
    // The same browser, after signing out.
    ann.get(&link).await;
    ann.post("/signout", &[]).await;
    joins(&ann, "ann-3", &[("code", link.trim_start_matches("/r/"))]).await;
    assert_eq!(referrer(&site, "ann-3").await, None);
    let page = site.browser();
    page.post("/signin", &[("email", "ann@example.com"), ("password", PASSWORD)]).await;
    assert_eq!(page.numbers().await[1], 0);
});

on_both!(a_bad_code_from_a_link_never_blocks, |db| {
    let site = Site::start(db).await;
    campaign(&site, "SPRING", Some(1)).await;
    let first = site.browser();
    let late = site.browser_named("Late/1");
    let page = late.follow("/r/spring").await;
    assert_eq!(page.find("input[name=code]").as_deref(), Some("SPRING"));
    joins(&first, "first", &[("code", "spring")]).await;
    // It went bad between opening the form and sending it.
    joins(&late, "late", &[("code", "SPRING"), ("linked", "SPRING")]).await;
    assert_eq!(receipt(&site, "late").await.0, Rule::None);
    let page = site.browser().get("/signup?ref=SPRING").await;
    assert_eq!(page.find("input[name=code]").as_deref(), Some(""));
    assert!(page.alerts().is_empty());
});

on_both!(a_bad_code_typed_by_hand_is_told_plainly, |db| {
    let site = Site::start(db).await;
    campaign(&site, "SPRING", Some(1)).await;
    joins(&site.browser(), "first", &[("code", "spring")]).await;
    for (code, message) in [
        ("SPRING", "This code has been used up."),
        ("NO-SUCH", "We don’t know this code. Please check it for typing mistakes."),
        ("?!", "We don’t know this code. Please check it for typing mistakes."),
    ] {
        let page = site.browser().sign_up("second", &[("code", code)]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(page.alerts(), [message]);
        assert_eq!(page.find("input[name=code]").as_deref(), Some(code));
    }
    site.clock.set(site.clock.now().plus(8 * DAY));
    let page = site.browser().sign_up("second", &[("code", "SPRING")]).await;
    assert_eq!(page.alerts(), ["This code has expired."]);
});

on_both!(a_wrong_code_is_told_together_with_all_else, |db| {
    let site = Site::start(db).await;
    site.user("ann").await;
    let fields = [("email", "no address"), ("username", "x"), ("password", "short"), ("code", "NO-SUCH")];
    let page = site.browser().post("/signup", &fields).await;
    assert_eq!((page.status, page.alerts().len()), (StatusCode::UNPROCESSABLE_ENTITY, 4), "{:?}", page.alerts());
    assert!(page.alerts().iter().any(|alert| alert.contains("We don’t know this code.")));
    let page = site.browser().sign_up("ann", &[("code", "NO-SUCH")]).await;
    assert_eq!((page.status, page.alerts().len()), (StatusCode::CONFLICT, 3), "{:?}", page.alerts());
    site.set("referral_codes_required", "true").await;
    let page = site.browser().post("/signup", &fields[..3]).await;
    assert!(page.alerts().iter().any(|alert| alert.contains("Enter a valid referral code")), "{:?}", page.alerts());
});

on_both!(with_required_nobody_joins_without_a_valid_code, |db| {
    let site = Site::start(db).await;
    let link = site.user("ann").await.link().await;
    site.set("referral_codes_required", "true").await;
    let browser = site.browser();
    let page = browser.sign_up("bob", &[]).await;
    assert_eq!((page.status, page.alerts().len()), (StatusCode::UNPROCESSABLE_ENTITY, 1));
    assert_eq!(page.find("input[name=username]").as_deref(), Some("bob"));
    let page = browser.sign_up("bob", &[("code", "NO-SUCH"), ("linked", "NO-SUCH")]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    joins(&browser, "bob", &[("code", link.trim_start_matches("/r/"))]).await;
    let follower = site.browser_named("Follower/1");
    follower.follow(&link).await;
    joins(&follower, "carl", &[]).await;
});

on_both!(a_paused_program_takes_sign_ups_without_codes, |db| {
    let site = Site::start(db).await;
    let link = site.user("ann").await.link().await;
    site.set("referral_codes_enabled", "false").await;
    joins(&site.browser(), "bob", &[("code", link.trim_start_matches("/r/"))]).await;
    assert_eq!(referrer(&site, "bob").await, None);
    site.set("referral_codes_required", "true").await;
    joins(&site.browser(), "carl", &[]).await;
});

on_both!(checking_a_code_has_its_own_budget, |db| {
    let site = Site::start_with(db, &["--rate-limits", "on"]).await;
    site.set("referral_codes_enabled", "true").await;
    campaign(&site, "SPRING", None).await;
    let browser = site.browser();
    let check = async |code: &str| {
        let response = browser.client.post(browser.url("/fn/check_code")).form(&[("code", code)]).send().await;
        let response = response.expect("an answer");
        (response.status(), response.text().await.expect("a body"))
    };
    assert_eq!(check("spring").await, (StatusCode::OK, "null".into()));
    let unknown = "\"We don’t know this code. Please check it for typing mistakes.\"";
    assert_eq!(check("no-such").await, (StatusCode::OK, unknown.into()));
    for _ in 0..18 {
        check("spring").await;
    }
    let refused = check("spring").await;
    assert!(refused.0 == StatusCode::TOO_MANY_REQUESTS && refused.1.contains("retry_after"), "{refused:?}");
    joins(&browser, "bob", &[("code", "SPRING")]).await;
});

on_both!(named_codes_carry_prefix_and_name, |db| {
    let site = Site::start(db).await;
    site.set("personal_code_style", "\"named\"").await;
    site.set("personal_code_prefix", "\"DEVO\"").await;
    let link = site.user("alex").await.link().await;
    assert!(link.starts_with("/r/DEVO-ALEX") && link.len() == "/r/DEVO-ALEX".len() + 4, "{link}");
});

on_both!(the_link_of_a_disabled_user_leads_on_without_credit, |db| {
    let site = Site::start(db).await;
    let ann = site.user("ann").await;
    let (link, admin) = (ann.link().await, site.admin().await);
    let page = admin.get("/admin/users").await.body;
    let id = page.split("/admin/users/").filter_map(|rest| rest.split('"').next()).find(|id| id.parse::<i64>().is_ok());
    let path = format!("/admin/users/{}", id.expect("a user"));
    let change = |disabled: &'static str| {
        let (admin, path) = (admin.clone(), path.clone());
        async move {
            let id = path.rsplit('/').next().expect("an id").to_owned();
            let fields = [("form", "update_user"), ("id", &id), ("goal", "10"), ("disabled", disabled)];
            let fields: Vec<_> = fields.into_iter().filter(|(_, value)| !value.is_empty()).collect();
            assert_eq!(admin.post(&path, &fields).await.status, StatusCode::SEE_OTHER);
        }
    };
    change("true").await;
    let friend = site.browser();
    let page = friend.get(&link).await;
    let invalid = "/signup?invitation=invalid";
    assert_eq!((page.status, page.location(), page.cookies()), (StatusCode::SEE_OTHER, invalid, vec![]));
    joins(&friend, "bob", &[]).await;
    assert_eq!(referrer(&site, "bob").await, None);
    change("").await;
    let friend = site.browser();
    friend.follow(&link).await;
    joins(&friend, "carl", &[]).await;
    assert_eq!(referrer(&site, "carl").await.as_deref(), Some("ann"));
});

on_both!(whoever_leaves_and_joins_again_is_one_use, |db| {
    let site = Site::start(db).await;
    let ann = site.user("ann").await;
    for name in ["bob", "bob", "b-o-b"] {
        let friend = site.browser();
        friend.follow(&ann.link().await).await;
        // Another form of the same mailbox.
        let fields = [("email", "bo.b+x@gmail.com"), ("username", name), ("password", PASSWORD)];
        assert!(friend.post("/signup", &fields).await.location().starts_with("/dashboard"));
        let leave = [("form", "delete_account"), ("password", PASSWORD)];
        assert_eq!(friend.post("/profile", &leave).await.status, StatusCode::SEE_OTHER);
    }
    assert_eq!(ann.numbers().await[1], 1);
    let friend = site.browser();
    friend.follow(&ann.link().await).await;
    let fields = [("email", "bob@gmail.com"), ("username", "bob"), ("password", PASSWORD)];
    friend.post("/signup", &fields).await;
    let mut tx = site.state.db.read().await.expect("a transaction");
    let bob = user_names::named(&mut tx, "bob").await.expect("read").expect("an account");
    let receipt = attributions::of_user(&mut tx, bob).await.expect("read").expect("a receipt");
    assert_eq!(receipt.candidates[0].verdict, Verdict::JoinedBefore);
});

on_both!(while_links_lead_to_a_host_nobody_is_credited_here, |db| {
    let site = Site::start(db).await;
    let ann = site.user("ann").await;
    let link = ann.link().await;
    let code = link.trim_start_matches("/r/").to_owned();
    site.set("link_destination", "\"https://host.example/join\"").await;
    let friend = site.browser();
    let page = friend.get(&format!("/signup?ref={code}")).await;
    assert!(page.find(&format!("a[href='/r/{code}']")).is_some(), "{}", page.text());
    assert_eq!(page.find("input[name=code]"), None);
    joins(&friend, "bob", &[("code", &code)]).await;
    assert_eq!((referrer(&site, "bob").await, ann.numbers().await[1]), (None, 0));
    assert!(site.browser().get("/signup").await.find("a[href='https://host.example/join']").is_some());
    // Where a code is required, there is nothing to fill in here.
    site.set("referral_codes_required", "true").await;
    let page = site.browser().get("/signup").await;
    assert_eq!(page.find("input[name=email]"), None);
    assert_eq!(site.browser().sign_up("carl", &[("code", &code)]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
});

on_both!(the_form_shows_what_the_model_would_credit, |db| {
    let site = Site::start(db).await;
    let (ann, bob) = (site.user("ann").await, site.user("bob").await);
    let friend = site.browser();
    friend.follow(&ann.link().await).await;
    let page = friend.follow(&bob.link().await).await;
    assert_eq!(page.find("input[name=code]").map(|code| format!("/r/{code}")), Some(bob.link().await));
    site.set("attribution_model", "\"first_click\"").await;
    let page = friend.follow(&bob.link().await).await;
    assert_eq!(page.find("input[name=code]").map(|code| format!("/r/{code}")), Some(ann.link().await));
});

on_both!(an_admin_corrects_who_is_credited, |db| {
    let site = Site::start(db).await;
    let (ann, bob) = (site.user("ann").await, site.user("bob").await);
    let friend = site.browser();
    friend.follow(&ann.link().await).await;
    joins(&friend, "carl", &[]).await;
    let id = {
        let mut tx = site.state.db.read().await.expect("a transaction");
        user_names::named(&mut tx, "carl").await.expect("read").expect("an account").to_string()
    };
    let (admin, path) = (site.admin().await, format!("/admin/referrals/{id}"));
    let correct = |code: &str, reason: &str| {
        let fields = [("form", "correct_attribution"), ("id", &id), ("code", code), ("reason", reason)];
        let fields = fields.map(|(name, value)| (name, value.to_owned()));
        let (admin, path) = (admin.clone(), path.clone());
        async move {
            let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            admin.post(&path, &fields).await
        }
    };
    let bobs = bob.link().await.trim_start_matches("/r/").to_owned();
    let refused = correct(&bobs, " ").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(refused.find("#code").as_deref(), Some(bobs.as_str()));
    assert_eq!(correct("NO-SUCH", "asked").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(correct(&bobs.to_lowercase(), "Bob told me").await.status, StatusCode::SEE_OTHER);
    assert_eq!((ann.numbers().await[1], bob.numbers().await[1]), (0, 1));
    assert_eq!(referrer(&site, "carl").await.as_deref(), Some("bob"));
    let page = admin.get(&path).await;
    assert!(page.find("[data-testid=correction]").is_some_and(|text| text.contains("Bob told me")));
    assert!(page.text().contains("Corrected by an admin"));
    assert_eq!(correct("", "it was nobody").await.status, StatusCode::SEE_OTHER);
    assert_eq!((bob.numbers().await[1], referrer(&site, "carl").await), (0, None));
    assert!(admin.get("/admin/audit").await.body.contains("referral.correct"));
    let mut tx = site.state.db.read().await.expect("a transaction");
    assert_eq!(counter_check::find_mismatches(&mut tx).await.expect("recounted"), []);
});
