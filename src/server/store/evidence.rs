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

    let mut known = HashMap::new();
    for record in records.into_iter().chain(form_record.clone()) {
        known.insert(record.id, describe(tx, record, now).await?);
    }
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

async fn describe(tx: &mut Tx, record: CodeRecord, now: Time) -> sqlx::Result<KnownCode> {
    let referrer = match record.referrer_id {
        Some(id) => users::by_id(tx, id).await?,
        None => None,
    };
    Ok(KnownCode {
        id: record.id,
        status: record.limits().status(now),
        referrer: record.referrer_id,
        referrer_email: referrer.map(|user| user.email_normalised),
        code: record.code,
    })
}

/// Everybody who is known to have used this browser, whoever is signed in right now included.
async fn browser_users(tx: &mut Tx, touchpoints: &Touchpoints) -> sqlx::Result<Vec<UserId>> {
    let mut users: Vec<UserId> = touchpoints.signed_in.into_iter().collect();
    if let Some(visitor) = touchpoints.visitor {
        users.extend(known_browsers::users_of(tx, visitor).await?);
    }
    Ok(users)
}
