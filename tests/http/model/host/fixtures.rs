//! What is there before a sequence begins.

use crate::site::PASSWORD;
use passalong::{
    domain::{
        accounts::new_account::NewAccount,
        codes::code::Code,
        ids::{CodeId, UserId},
        time::Time,
    },
    server::store::{codes, db::Tx, user_profiles, users},
};

/// Somebody with a personal code, who works at a company of their own.
pub async fn make_referrer(tx: &mut Tx, sequence: &str, n: usize, now: Time) -> (UserId, (CodeId, String)) {
    let name = format!("r{n}-{sequence}");
    let account = NewAccount::parse(&format!("{name}@example.com"), &name, PASSWORD).expect("an account");
    let new = users::NewUser {
        email: &account.email,
        username: &account.username,
        password_hash: None,
        admin: false,
        goal: 10,
        consent_at: None,
        created_at: now,
    };
    let id = users::insert(tx, &new).await.expect("stored").expect("a free name");
    let company = company(sequence, ["acme", "alone"][n]);
    let update = user_profiles::UserUpdate {
        email: &account.email,
        username: &account.username,
        external_id: None,
        account_id: Some(&company),
        full_name: None,
        phone: None,
        locale: None,
        goal: 10,
        admin: false,
        disabled_at: None,
    };
    user_profiles::update(tx, id, &update).await.expect("stored");
    let code = Code::parse(&name).expect("a code");
    let made = codes::insert_personal(tx, id, &code, now).await.expect("stored").expect("a free code");
    (id, (made, name))
}

pub async fn make_campaign(
    tx: &mut Tx,
    sequence: &str,
    max_uses: Option<i64>,
    beneficiary: Option<UserId>,
    now: Time,
) -> (CodeId, String) {
    let name = format!("campaign-{}-{sequence}", max_uses.unwrap_or_default());
    let new = codes::NewCampaign {
        code: &Code::parse(&name).expect("a code"),
        description: "Made by a test",
        category: None,
        active: true,
        max_uses,
        expires_at: None,
        beneficiary,
        created_by: None,
        created_at: now,
    };
    (codes::insert_campaign(tx, &new).await.expect("stored").expect("a free code"), name)
}

/// The host product's id of a company. Friends work at that of the first referrer or elsewhere.
pub fn company(sequence: &str, name: &str) -> String {
    format!("{name}-{sequence}")
}
