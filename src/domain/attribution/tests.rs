use super::*;

const NOW: Time = Time(100 * DAY);

fn code(id: i64) -> KnownCode {
    KnownCode {
        id: CodeId(id),
        code: format!("CODE{id}"),
        status: CodeStatus::Active,
        referrer: Some(UserId(id)),
        referrer_email: Some(format!("r{id}@example.com")),
        referrer_account: None,
    }
}

fn click(id: i64, days_ago: i64) -> Evidence {
    let at = NOW.plus(-days_ago * DAY);
    Evidence { source: Source::Click, code: format!("CODE{id}"), known: Some(code(id)), click: Some((ClickId(id), at)) }
}

fn in_form(source: Source, known: Option<KnownCode>) -> Evidence {
    Evidence { source, code: "FORM".into(), known, click: None }
}

fn facts() -> Facts {
    Facts {
        now: NOW,
        signed_up_at: NOW,
        window_days: 30,
        model: AttributionModel::LastClick,
        newcomer_email: "new@example.com".into(),
        newcomer_account: None,
        browser_users: vec![],
        form: None,
        clicks: vec![],
        used: vec![],
        linked: None,
        rejected: vec![],
        joined_before: false,
    }
}

fn linked(id: i64) -> Option<Evidence> {
    Some(Evidence { source: Source::LinkCode, code: format!("CODE{id}"), known: Some(code(id)), click: None })
}

fn chosen(facts: Facts) -> (Rule, Option<i64>) {
    let receipt = decide(facts).receipt();
    let code = receipt.candidates.iter().find(|c| c.verdict == Verdict::Chosen).and_then(|c| c.code_id);
    (receipt.rule, code.map(|id| id.0))
}

#[test]
fn without_evidence_nobody_is_credited() {
    assert_eq!(chosen(facts()), (Rule::None, None));
}

#[test]
fn the_code_in_the_form_comes_before_every_click() {
    let form = Some(in_form(Source::Typed, Some(code(7))));
    assert_eq!(chosen(Facts { form, clicks: vec![click(1, 0)], ..facts() }), (Rule::CodeInForm, Some(7)));
}

#[test]
fn a_bad_code_in_the_form_leaves_it_to_the_clicks() {
    let form = Some(in_form(Source::Link, None));
    let facts = Facts { form, clicks: vec![click(1, 2)], ..facts() };
    assert_eq!(decide(facts.clone()).form_problem(), Some(CodeProblem::CodeNotFound));
    assert_eq!(chosen(facts), (Rule::LastClick, Some(1)));
}

#[test]
fn the_model_says_whether_the_last_or_the_first_click_wins() {
    let clicks = vec![click(2, 5), click(3, 1), click(1, 20)];
    assert_eq!(chosen(Facts { clicks: clicks.clone(), ..facts() }), (Rule::LastClick, Some(3)));
    let model = AttributionModel::FirstClick;
    assert_eq!(chosen(Facts { clicks, model, ..facts() }), (Rule::FirstClick, Some(1)));
}

#[test]
fn a_click_counts_to_the_last_moment_of_the_window() {
    assert_eq!(chosen(Facts { clicks: vec![click(1, 30)], ..facts() }).1, Some(1));
    let mut late = click(1, 30);
    late.click = Some((ClickId(1), NOW.plus(-30 * DAY - 1)));
    let receipt = decide(Facts { clicks: vec![late], ..facts() }).receipt();
    assert_eq!(receipt.candidates[0].verdict, Verdict::OutsideWindow { days: 30, window: 30 });
}

#[test]
fn the_first_click_model_skips_what_is_outside_the_window() {
    let facts = Facts { clicks: vec![click(1, 41), click(2, 3)], model: AttributionModel::FirstClick, ..facts() };
    let receipt = decide(facts).receipt();
    assert_eq!(receipt.candidates[0].verdict, Verdict::OutsideWindow { days: 41, window: 30 });
    assert_eq!(receipt.candidates[1].verdict, Verdict::Chosen);
}

#[test]
fn own_links_are_not_credited() {
    let twin = Facts { newcomer_email: "r1@example.com".into(), clicks: vec![click(1, 0), click(2, 1)], ..facts() };
    assert_eq!(chosen(twin), (Rule::LastClick, Some(2)));
    let browser =
        Facts { browser_users: vec![UserId(1)], form: Some(in_form(Source::Typed, Some(code(1)))), ..facts() };
    assert_eq!(chosen(browser.clone()), (Rule::None, None));
    assert_eq!(decide(browser).receipt().candidates[0].verdict, Verdict::OwnBrowser);
}

#[test]
fn colleagues_are_not_each_others_referrals() {
    let team = || Some("team".to_owned());
    let of = |account: Option<String>, mut evidence: Evidence| {
        if let Some(known) = &mut evidence.known {
            known.referrer_account = account;
        }
        evidence
    };
    let typed = of(team(), in_form(Source::Typed, Some(code(1))));
    let clicks = vec![of(team(), click(2, 0)), of(Some("other team".into()), click(3, 1)), of(None, click(4, 2))];
    let facts = Facts { newcomer_account: team(), form: Some(typed.clone()), clicks, ..facts() };
    let verdicts: Vec<_> = decide(facts.clone()).receipt().candidates.into_iter().map(|c| c.verdict).collect();
    assert_eq!(verdicts, [Verdict::SameAccount, Verdict::SameAccount, Verdict::Chosen, Verdict::Outranked]);
    // Whoever belongs to no workspace has no colleagues.
    let alone = Facts { newcomer_account: None, clicks: vec![of(None, click(4, 0))], form: None, ..facts.clone() };
    assert_eq!(chosen(alone), (Rule::LastClick, Some(4)));
    // A colleague's code works, and earns nobody anything.
    let decision = decide(Facts { clicks: vec![], ..facts });
    assert!(decision.choice().is_none() && decision.has_valid_code() && decision.form_problem().is_none());
}

#[test]
fn a_code_that_is_lost_while_claiming_leaves_it_to_the_next() {
    let form = Some(in_form(Source::Link, Some(code(7))));
    let mut decision = decide(Facts { form, clicks: vec![click(7, 0), click(2, 1)], ..facts() });
    decision.mark_unusable(CodeId(7), CodeProblem::UsageLimitReached);
    assert_eq!(decision.choice().and_then(|c| c.code_id), Some(CodeId(2)));
    assert_eq!(decision.form_problem(), Some(CodeProblem::UsageLimitReached));
    let receipt = decision.receipt();
    assert_eq!(receipt.rule, Rule::LastClick);
    let used_up = Verdict::CannotBeUsed { problem: CodeProblem::UsageLimitReached };
    assert_eq!(receipt.candidates[1].verdict, used_up);
}

#[test]
fn receipts_survive_storing() {
    let form = Some(in_form(Source::Typed, None));
    let receipt = decide(Facts { form, clicks: vec![click(1, 41), click(2, 3)], ..facts() }).receipt();
    let stored = serde_json::to_string(&receipt).expect("a receipt is JSON");
    assert_eq!(serde_json::from_str::<Receipt>(&stored).expect("and back"), receipt);
}

#[test]
fn the_code_of_a_link_without_a_click_comes_last_and_refuses_nobody() {
    assert_eq!(chosen(Facts { linked: linked(7), ..facts() }), (Rule::LinkCode, Some(7)));
    let with_click = Facts { linked: linked(7), clicks: vec![click(1, 3)], ..facts() };
    assert_eq!(chosen(with_click), (Rule::LastClick, Some(1)));
    let with_old_click = Facts { linked: linked(7), clicks: vec![click(1, 60)], ..facts() };
    assert_eq!(chosen(with_old_click), (Rule::LinkCode, Some(7)));
    let unknown = Evidence { known: None, ..linked(7).expect("a code") };
    let decision = decide(Facts { linked: Some(unknown), ..facts() });
    assert_eq!((decision.form_problem(), decision.has_valid_code()), (None, false));
}

#[test]
fn the_sign_up_is_the_moment_that_counts() {
    let signed_up_at = NOW.plus(-20 * DAY);
    let facts = Facts { signed_up_at, clicks: vec![click(1, 45), click(2, 10), click(3, 60)], ..facts() };
    let receipt = decide(facts).receipt();
    let verdicts: Vec<_> = receipt.candidates.iter().map(|c| c.verdict.clone()).collect();
    assert_eq!(verdicts, [Verdict::AfterSignUp, Verdict::Chosen, Verdict::OutsideWindow { days: 40, window: 30 }]);
    assert_eq!((receipt.decided_at, receipt.signed_up_at), (NOW, signed_up_at));
    let mut late = click(1, 0);
    late.click = Some((ClickId(1), NOW.plus(CLOCK_TOLERANCE)));
    assert_eq!(chosen(Facts { clicks: vec![late], ..self::facts() }).1, Some(1));
}

#[test]
fn a_click_that_is_used_up_leaves_it_to_the_next() {
    let facts =
        Facts { used: vec![ClickId(1), ClickId(3)], clicks: vec![click(1, 0), click(2, 1), click(3, 45)], ..facts() };
    let verdicts: Vec<_> = decide(facts).receipt().candidates.into_iter().map(|c| c.verdict).collect();
    let outside = Verdict::OutsideWindow { days: 45, window: 30 };
    assert_eq!(verdicts, [Verdict::ClickUsed, Verdict::Chosen, outside]);
}

#[test]
fn whoever_was_here_before_is_nobody_new() {
    let decision = decide(Facts { joined_before: true, clicks: vec![click(1, 0)], ..facts() });
    assert!(decision.choice().is_none() && decision.has_valid_code());
    assert_eq!(decision.receipt().candidates[0].verdict, Verdict::JoinedBefore);
}

#[test]
fn a_correction_says_what_is_credited_now() {
    let mut receipt = decide(Facts { clicks: vec![click(1, 0)], ..facts() }).receipt();
    let first = receipt.credit().expect("a credit");
    assert_eq!(
        (first.code.as_str(), first.referrer, receipt.current_rule()),
        ("CODE1", Some(UserId(1)), Rule::LastClick)
    );
    let other = Credit { code: "OTHER".into(), code_id: CodeId(9), referrer: None, click: None };
    let correction = |from, to| Correction { at: NOW, reason: "asked".into(), from, to };
    receipt.corrections.push(correction(Some(first), Some(other.clone())));
    assert_eq!((receipt.credit(), receipt.current_rule()), (Some(other.clone()), Rule::Corrected));
    receipt.corrections.push(correction(Some(other), None));
    assert_eq!((receipt.credit(), receipt.current_rule()), (None, Rule::None));
}

#[test]
fn what_is_named_is_short_and_printable() {
    assert_eq!(named(&format!(" a\0b{}", "x".repeat(99))), format!("ab{}", "x".repeat(48)));
}
