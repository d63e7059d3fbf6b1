//! Looking at a sign-up that has just been credited: what looks wrong about it puts its referral in review.

use crate::{
    domain::{
        ids::{ClickId, CodeId, UserId},
        reviews::{
            origin::Origin,
            sign::{SignUpFacts, find_signs},
        },
        settings::ProgramSettings,
        time::Time,
    },
    server::store::{
        db::Tx,
        reviews::{self, NewReview},
        sign_up_origins,
    },
};

/// A sign-up that is credited to a code.
pub struct CreditedSignUp<'a> {
    pub referee: UserId,
    pub email: &'a str,
    pub code: CodeId,
    pub referrer: Option<UserId>,
    pub click: Option<ClickId>,
    pub origin: Option<&'a Origin>,
    pub at: Time,
}

/// Within the transaction of the sign-up, whose referral and origin are written already.
pub async fn run_in(tx: &mut Tx, settings: &ProgramSettings, sign_up: &CreditedSignUp<'_>) -> sqlx::Result<()> {
    let CreditedSignUp { referee, email, code, referrer, click, origin, at } = *sign_up;
    let around = sign_up_origins::surroundings(tx, code, origin, click, at).await?;
    let neighbours = match (referrer, origin) {
        (Some(referrer), Some(origin)) => sign_up_origins::neighbours(tx, referrer, origin).await?,
        _ => vec![],
    };
    let facts = SignUpFacts {
        email: email.to_owned(),
        has_referrer: referrer.is_some(),
        neighbours,
        by_code: around.by_code,
        by_browser: around.by_browser,
        by_paid_ad: around.by_paid_ad,
    };
    let signs = find_signs(&facts, settings);
    if signs.is_empty() {
        return Ok(());
    }
    reviews::insert(tx, &NewReview { referee, referrer, code, signs: &signs, origin, at }).await
}
