//! The recorded facts that attribution decides on.

use crate::{
    domain::{
        attribution::{Evidence, Facts, KnownCode, Source, Touchpoints, form_code::FormCode},
        codes::code::Code,
        ids::{CodeId, UserId},
        settings::ProgramSettings,
        time::Time,
    },
    server::store::{
        codes::{self, CodeRecord},
        db::Tx,
        known_browsers, users,
    },
};
use std::collections::HashMap;

/// Reads what is recorded of the code in the form and of the remembered clicks, for a newcomer with this (normalised)
/// e-mail.
pub async fn gather(
    tx: &mut Tx,
    settings: &ProgramSettings,
    touchpoints: &Touchpoints,
    form: &FormCode,
    newcomer_email: &str,
    now: Time,
) -> sqlx::Result<Facts> {
    let form_record = match Code::parse(&form.text) {
        Some(code) => codes::by_code(tx, &code).await?,
        None => None,
    };
    let ids: Vec<CodeId> = touchpoints.clicks.iter().map(|click| click.code).collect();
    let records = if ids.is_empty() { vec![] } else { codes::by_ids(tx, &ids).await? };

    let records: Vec<CodeRecord> = records.into_iter().chain(form_record.clone()).collect();
    let referrers: Vec<UserId> = records.iter().filter_map(|record| record.referrer_id).collect();
    let referrers = if referrers.is_empty() { vec![] } else { users::by_ids(tx, &referrers).await? };
    let emails: HashMap<UserId, String> = referrers.into_iter().map(|user| (user.id, user.email_normalised)).collect();
    let known: HashMap<CodeId, KnownCode> =
        records.into_iter().map(|record| (record.id, describe(record, &emails, now))).collect();
    let form = form.source().map(|source| Evidence {
        source,
        code: form.text.trim().chars().take(50).collect(),
        known: form_record.and_then(|record| known.get(&record.id).cloned()),
        click: None,
    });
    let clicks = touchpoints
        .clicks
        .iter()
        .filter_map(|touch| {
            let known = known.get(&touch.code)?;
            let click = Some((touch.click, touch.at));
            Some(Evidence { source: Source::Click, code: known.code.clone(), known: Some(known.clone()), click })
        })
        .collect();
    Ok(Facts {
        now,
        window_days: settings.attribution_window_days,
        model: settings.attribution_model,
        newcomer_email: newcomer_email.to_owned(),
        browser_users: browser_users(tx, touchpoints).await?,
        form,
        clicks,
    })
}

fn describe(record: CodeRecord, emails: &HashMap<UserId, String>, now: Time) -> KnownCode {
    KnownCode {
        id: record.id,
        status: record.limits().status(now),
        referrer: record.referrer_id,
        referrer_email: record.referrer_id.and_then(|id| emails.get(&id).cloned()),
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
        domain::{attribution::Touchpoint, ids::ClickId},
        server::store::{
            db_test,
            fixtures::{self, Campaign, user},
        },
    };

    db_test!(each_code_is_known_with_the_email_of_its_referrer, |db| {
        let mut tx = db.begin().await?;
        let (ann, bob) = (user(&mut tx, "ann").await?, user(&mut tx, "bob").await?);
        let codes = [
            fixtures::personal(&mut tx, ann, "AAAA").await?,
            Campaign::default().credits(bob).insert(&mut tx, "BBBB").await?,
            Campaign::default().insert(&mut tx, "CCCC").await?,
            CodeId(999),
        ];
        let clicks = codes.map(|code| Touchpoint { code, click: ClickId(1), at: Time(1) }).to_vec();
        let touchpoints = Touchpoints { clicks, ..Touchpoints::default() };
        let settings = ProgramSettings::default();
        let facts = gather(&mut tx, &settings, &touchpoints, &FormCode::default(), "", Time(2)).await?;
        let known: Vec<_> = facts
            .clicks
            .into_iter()
            .filter_map(|click| click.known)
            .map(|code| (code.code, code.referrer_email))
            .collect();
        let expected = [("AAAA", Some("ann@example.com")), ("BBBB", Some("bob@example.com")), ("CCCC", None)];
        assert_eq!(known, expected.map(|(code, email)| (code.to_owned(), email.map(str::to_owned))));
        tx.commit().await
    });
}
