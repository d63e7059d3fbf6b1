//! Links in mails by which people prove that an address is theirs.

use crate::{
    domain::{ids::AccountLinkId, time::Time},
    server::store::db::{Tx, with_conn},
};

/// Gives a link the hash of its secret, just before the mail with the secret is sent; `false` when nobody needs the link
/// any more: it was used, has expired, or its user is disabled.
pub async fn arm(tx: &mut Tx, link: AccountLinkId, token_hash: &[u8], now: Time) -> sqlx::Result<bool> {
    with_conn!(tx, conn => sqlx::query(
        "UPDATE account_links
         SET token_hash = $2
         WHERE id = $1
           AND used_at IS NULL
           AND expires_at > $3
           AND EXISTS (SELECT 1 FROM users u WHERE u.id = account_links.user_id AND u.disabled_at IS NULL)")
        .bind(link)
        .bind(token_hash)
        .bind(now)
        .execute(conn).await.map(|done| done.rows_affected() == 1))
}
