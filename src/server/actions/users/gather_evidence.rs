//! Gathering the recorded facts that attribution decides on.

use crate::{
    domain::{
        attribution::{Decision, Evidence, Facts, KnownCode, Source, Touchpoint, decide},
        codes::code::Code,
        ids::{CodeId, UserId},
        settings::ProgramSettings,
        time::Time,
    },
    server::{
        auth::caller::Caller,
        clicks::attribution_cookie::AttributionCookie,
        store::{
            codes::{self, CodeRecord},
            db::Tx,
            known_browsers, users,
        },
    },
};
use std::collections::HashMap;

/// The code of a sign-up form.
#[derive(Clone, Debug, Default)]
pub struct FormCode {
    pub text: String,
    /// What the form was filled with from a link; the same text then was not typed.
    pub linked: String,
}

impl FormCode {
    /// Whether a person wrote it, so that they should hear what is wrong with it.
    pub fn typed(&self) -> bool {
        !self.text.trim().is_empty() && Code::parse(&self.text) != Code::parse(&self.linked)
            || (!self.text.trim().is_empty() && Code::parse(&self.text).is_none())
    }

    fn source(&self) -> Option<Source> {
        if self.text.trim().is_empty() {
            None
        } else if self.typed() {
            Some(Source::Typed)
        } else {
            Some(Source::Link)
        }
    }
}

/// The way somebody came: the clicks that are remembered, and what tells whose browser it was.
#[derive(Clone, Debug, Default)]
pub struct Touchpoints {
    pub clicks: Vec<Touchpoint>,
    /// The browser's random id.
    pub visitor: Option<i64>,
    pub signed_in: Option<UserId>,
}

impl Touchpoints {
    /// What the caller's browser tells.
    pub fn of(caller: &Caller, cookie: Option<&AttributionCookie>) -> Self {
        Self {
            clicks: cookie.map(|cookie| cookie.touchpoints.clone()).unwrap_or_default(),
            visitor: cookie.map(|cookie| cookie.visitor),
            signed_in: caller.signed_in.as_ref().map(|signed_in| signed_in.user),
        }
    }
}

/// Judges the code in the form and the remembered clicks, for a newcomer with this (normalised) e-mail.
pub async fn run(
    tx: &mut Tx,
    settings: &ProgramSettings,
    touchpoints: &Touchpoints,
    form: &FormCode,
    newcomer_email: &str,
    now: Time,
) -> sqlx::Result<Decision> {
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
    Ok(decide(Facts {
        now,
        window_days: settings.attribution_window_days,
        model: settings.attribution_model,
        newcomer_email: newcomer_email.to_owned(),
        browser_users: browser_users(tx, touchpoints).await?,
        form,
        clicks,
    }))
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

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(text: &str, linked: &str) -> Option<Source> {
        FormCode { text: text.into(), linked: linked.into() }.source()
    }

    #[test]
    fn only_what_differs_from_the_link_was_typed() {
        assert_eq!(typed("", "ABC"), None);
        assert_eq!(typed(" abc ", "ABC"), Some(Source::Link));
        assert_eq!(typed("ABD", "ABC"), Some(Source::Typed));
        assert_eq!(typed("ABC", ""), Some(Source::Typed));
        assert_eq!(typed("?!", ""), Some(Source::Typed));
        assert_eq!(typed("?!", "!?"), Some(Source::Typed));
    }
}
