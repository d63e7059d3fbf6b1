use super::*;

const NOW: Time = Time(100 * DAY);

fn code(id: i64) -> KnownCode {
    KnownCode {
        id: CodeId(id),
        code: format!("CODE{id}"),
        status: CodeStatus::Active,
        referrer: Some(UserId(id)),
        referrer_email: Some(format!("r{id}@example.com")),
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
        window_days: 30,
        model: AttributionModel::LastClick,
        newcomer_email: "new@example.com".into(),
        browser_users: vec![],
        form: None,
        clicks: vec![],
    }
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
