//! The recorded facts that attribution decides on.

use crate::{
    domain::{
        attribution::{
            Candidate, Evidence, Facts, KnownCode, Source, Touchpoint, Touchpoints, Verdict, form_code::FormCode, named,
        },
        ids::{CodeId, UserId},
        settings::ProgramSettings,
        time::Time,
    },
    server::store::{
        codes::{self, CodeRecord},
        db::Tx,
        known_browsers,
        users::{self, UserRecord},
    },
};
use std::collections::HashMap;

/// Who joins, as far as a decision depends on it.
#[derive(Clone, Debug, Default)]
pub struct Newcomer {
    pub normalised_email: String,
    /// The workspace at the host product that they belong to.
    pub account_id: Option<String>,
    /// When they signed up.
    pub signed_up_at: Time,
    /// Whether somebody with this e-mail was here and has been erased.
    pub joined_before: bool,
}

/// Reads what is recorded of the code in the form, of the remembered clicks, and of what a host product has kept of a
/// link.
pub async fn gather(
    tx: &mut Tx,
    settings: &ProgramSettings,
    touchpoints: &Touchpoints,
    form: &FormCode,
    newcomer: &Newcomer,
    now: Time,
) -> sqlx::Result<Facts> {
    let form_record = if form.withheld { None } else { codes::by_text(tx, &form.text).await? };
    let linked_record = codes::by_text(tx, &touchpoints.linked_code).await?;
    let ids: Vec<CodeId> = all_clicks(touchpoints).map(|click| click.code).collect();
    let records = if ids.is_empty() { vec![] } else { codes::by_ids(tx, &ids).await? };

    let records: Vec<CodeRecord> =
        records.into_iter().chain(form_record.clone()).chain(linked_record.clone()).collect();
    let referrers: Vec<UserId> = records.iter().filter_map(|record| record.referrer_id).collect();
    let referrers = if referrers.is_empty() { vec![] } else { users::by_ids(tx, &referrers).await? };
    let referrers: HashMap<UserId, UserRecord> = referrers.into_iter().map(|user| (user.id, user)).collect();
    let known: HashMap<CodeId, KnownCode> =
        records.into_iter().map(|record| (record.id, describe(record, &referrers, newcomer.signed_up_at))).collect();
    let as_code = |source, text: &str, record: Option<CodeRecord>| Evidence {
        source,
        code: record.as_ref().map_or_else(|| named(text), |record| record.code.clone()),
        known: record.and_then(|record| known.get(&record.id).cloned()),
        click: None,
    };
    let clicks: Vec<Evidence> = touchpoints
        .clicks
        .iter()
        .filter_map(|touch| {
            let known = known.get(&touch.code)?;
            let click = Some((touch.click, touch.at));
            Some(Evidence { source: Source::Click, code: known.code.clone(), known: Some(known.clone()), click })
        })
        .collect();
    // A click says more than the code of its link: when it was, and by whom.
    let has_click = linked_record.as_ref().is_some_and(|record| all_clicks(touchpoints).any(|t| t.code == record.id));
    let linked = (!touchpoints.linked_code.trim().is_empty() && !has_click)
        .then(|| as_code(Source::LinkCode, &touchpoints.linked_code, linked_record));
    Ok(Facts {
        now,
        signed_up_at: newcomer.signed_up_at,
        window_days: settings.attribution_window_days,
        model: settings.attribution_model,
        newcomer_email: newcomer.normalised_email.clone(),
        newcomer_account: newcomer.account_id.clone(),
        browser_users: browser_users(tx, touchpoints).await?,
        form: form.source().map(|source| as_code(source, &form.text, form_record)),
        clicks,
        used: touchpoints.used.clone(),
        linked,
        rejected: rejected(touchpoints, &known),
        joined_before: newcomer.joined_before,
    })
}

/// What was sent as a click and is none of a person.
fn rejected(touchpoints: &Touchpoints, known: &HashMap<CodeId, KnownCode>) -> Vec<Candidate> {
    let unknown = touchpoints.unknown_click.as_deref().map(|text| Candidate {
        source: Source::Click,
        code: String::new(),
        code_id: None,
        referrer: None,
        click: None,
        at: None,
        verdict: Verdict::UnknownClick { named: named(text) },
    });
    let clicks = touchpoints.suspected.iter().map(|touch| {
        let code = known.get(&touch.code);
        Candidate {
            source: Source::Click,
            code: code.map(|code| code.code.clone()).unwrap_or_default(),
            code_id: Some(touch.code),
            referrer: code.and_then(|code| code.referrer),
            click: Some(touch.click),
            at: Some(touch.at),
            verdict: Verdict::SuspectedVisit,
        }
    });
    unknown.into_iter().chain(clicks).collect()
}

fn all_clicks(touchpoints: &Touchpoints) -> impl Iterator<Item = &Touchpoint> {
    touchpoints.clicks.iter().chain(&touchpoints.suspected)
}

fn describe(record: CodeRecord, referrers: &HashMap<UserId, UserRecord>, now: Time) -> KnownCode {
    let referrer = record.referrer_id.and_then(|id| referrers.get(&id));
    KnownCode {
        id: record.id,
        status: record.limits().status(now),
        referrer: record.referrer_id,
        referrer_email: referrer.map(|user| user.email_normalised.clone()),
        referrer_account: referrer.and_then(|user| user.account_id.clone()),
        code: record.code,
    }
}

/// Everybody who is known to have used this browser, whoever is signed in right now included.
async fn browser_users(tx: &mut Tx, touchpoints: &Touchpoints) -> sqlx::Result<Vec<UserId>> {
    let mut users: Vec<UserId> = touchpoints.signed_in.into_iter().collect();
    if let Some(visitor) = touchpoints.visitor {
        users.extend(known_browsers::users_of(tx, visitor).await?);
    }
    Ok(users)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::ids::ClickId,
        server::store::{
            db::with_conn,
            db_test,
            fixtures::{self, Campaign, user},
        },
    };

    db_test!(each_code_is_known_with_email_and_account_of_its_referrer, |db| {
        let mut tx = db.begin().await?;
        let (ann, bob) = (user(&mut tx, "ann").await?, user(&mut tx, "bob").await?);
        with_conn!(&mut tx, conn => sqlx::query("UPDATE users SET account_id = 'team' WHERE id = $1")
            .bind(bob)
            .execute(conn).await.map(|_| ()))?;
        let codes = [
            fixtures::personal(&mut tx, ann, "AAAA").await?,
            Campaign::default().credits(bob).insert(&mut tx, "BBBB").await?,
            Campaign::default().insert(&mut tx, "CCCC").await?,
            CodeId(999),
        ];
        let clicks = codes.map(|code| Touchpoint { code, click: ClickId(1), at: Time(1) }).to_vec();
        let touchpoints = Touchpoints { clicks, ..Touchpoints::default() };
        let settings = ProgramSettings::default();
        let newcomer = Newcomer { account_id: Some("their team".into()), ..Newcomer::default() };
        let facts = gather(&mut tx, &settings, &touchpoints, &FormCode::default(), &newcomer, Time(2)).await?;
        assert_eq!(facts.newcomer_account.as_deref(), Some("their team"));
        let known: Vec<_> = facts
            .clicks
            .into_iter()
            .filter_map(|click| click.known)
            .map(|code| (code.code, code.referrer_email, code.referrer_account))
            .collect();
        let expected = [
            ("AAAA", Some("ann@example.com"), None),
            ("BBBB", Some("bob@example.com"), Some("team")),
            ("CCCC", None, None),
        ];
        let owned = |text: Option<&str>| text.map(str::to_owned);
        assert_eq!(known, expected.map(|(code, email, account)| (code.to_owned(), owned(email), owned(account))));
        tx.commit().await
    });
}
