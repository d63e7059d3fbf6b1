//! What tests need to be there.

use crate::{
    domain::{
        accounts::new_account::NewAccount,
        codes::code::Code,
        ids::{CodeId, RuleId, UserId},
        rewards::{
            reward::{NewReward, Reward},
            rule::{Recipient, RuleTerms},
        },
        time::Time,
    },
    server::store::{codes, db::Tx, reward_rules, rewards, users},
};

/// A user with this name and the e-mail `NAME@example.com`, who joined at 0 and aims at 10.
pub async fn user(tx: &mut Tx, name: &str) -> sqlx::Result<UserId> {
    let account = NewAccount::parse(&format!("{name}@example.com"), name, "tr4m-line-7").expect("an account");
    let new = users::NewUser {
        email: &account.email,
        username: &account.username,
        password_hash: None,
        admin: false,
        goal: 10,
        consent_at: None,
        created_at: Time(0),
    };
    Ok(users::insert(tx, &new).await?.expect("a free name"))
}

/// The personal code of a user.
pub async fn personal(tx: &mut Tx, owner: UserId, code: &str) -> sqlx::Result<CodeId> {
    Ok(codes::insert_personal(tx, owner, &parsed(code), Time(0)).await?.expect("a free code"))
}

/// A campaign code; active and without limits unless said otherwise.
#[derive(Clone, Debug)]
pub struct Campaign {
    pub category: Option<&'static str>,
    pub active: bool,
    pub max_uses: Option<i64>,
    pub expires_at: Option<Time>,
    pub beneficiary: Option<UserId>,
}

impl Default for Campaign {
    fn default() -> Self {
        Self { category: None, active: true, max_uses: None, expires_at: None, beneficiary: None }
    }
}

impl Campaign {
    /// The same for a beneficiary.
    pub fn credits(self, user: UserId) -> Self {
        Self { beneficiary: Some(user), ..self }
    }

    /// Makes it.
    pub async fn insert(&self, tx: &mut Tx, code: &str) -> sqlx::Result<CodeId> {
        let code = parsed(code);
        let new = codes::NewCampaign {
            code: &code,
            description: "Spring",
            category: self.category,
            active: self.active,
            max_uses: self.max_uses,
            expires_at: self.expires_at,
            beneficiary: self.beneficiary,
            created_by: None,
            created_at: Time(0),
        };
        Ok(codes::insert_campaign(tx, &new).await?.expect("a free code"))
    }
}

/// A code that is one.
pub fn parsed(code: &str) -> Code {
    Code::parse(code).expect("a code")
}

/// A rule that gives ten messages for a sign-up, made at 0.
pub async fn rule(tx: &mut Tx) -> sqlx::Result<RuleId> {
    let terms = RuleTerms { kind: "extra_messages".into(), amount: Some(10), ..RuleTerms::default() };
    reward_rules::insert(tx, &terms.validated("USD").expect("terms"), Time(0)).await
}

/// Ten messages of a rule for a user, because this referee joined; they wait until 5 and can be used for a day.
pub async fn reward(tx: &mut Tx, rule: RuleId, user: UserId, referee: UserId) -> sqlx::Result<Reward> {
    give(tx, rule, user, referee, |_| ()).await
}

/// The same by a rule of its own, with something else about it.
pub async fn changed_reward(
    tx: &mut Tx,
    user: UserId,
    referee: UserId,
    change: impl FnOnce(&mut Reward),
) -> sqlx::Result<Reward> {
    let rule = rule(tx).await?;
    give(tx, rule, user, referee, change).await
}

async fn give(
    tx: &mut Tx,
    rule: RuleId,
    user: UserId,
    referee: UserId,
    change: impl FnOnce(&mut Reward),
) -> sqlx::Result<Reward> {
    let mut reward = Reward::granted(NewReward {
        rule_id: rule,
        rule_version: 1,
        granted_by: format!("rule:{rule}"),
        user_id: user,
        recipient: Recipient::Referrer,
        occasion: format!("signup:{referee}"),
        referee_id: referee,
        referral_id: Some(1),
        referrer_id: Some(user),
        payment_id: None,
        choice_id: None,
        options: "[]".into(),
        kind: "extra_messages".into(),
        unit: Some("messages".into()),
        currency: None,
        description: "10 messages".into(),
        granted: 10,
        hold_until: Time(5),
        needs_approval: false,
        valid_days: Some(1),
        happened_at: Time(1),
        created_at: Time(1),
    });
    change(&mut reward);
    Ok(rewards::insert(tx, vec![reward], Time(1)).await?.pop().expect("a reward"))
}
