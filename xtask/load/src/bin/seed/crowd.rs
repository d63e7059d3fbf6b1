//! A crowd of users: as many of them as campaign codes, sign-ups and audit entries, made by the database itself.
//! Its click counters have no clicks behind them.

use passalong::{
    domain::time::{DAY, Time},
    server::store::db::Tx,
};

/// Runs `$body` on whichever connection `$tx` holds, as the store does.
macro_rules! with_conn {
    ($tx:expr, $conn:ident => $body:expr) => {
        match $tx {
            passalong::server::store::db::Tx::Sqlite(tx) => {
                let $conn = &mut **tx;
                $body
            }
            passalong::server::store::db::Tx::Postgres(tx) => {
                let $conn = &mut **tx;
                $body
            }
        }
    };
}

/// Numbers from 0 to below `$1`.
const NUMBERS: &str = "WITH RECURSIVE numbers (n) AS (
    SELECT CAST(0 AS BIGINT)
    UNION ALL
    SELECT n + 1 FROM numbers WHERE n + 1 < $1
) ";

/// The statements, in order. `$1` is how many, `$2` now and `$3` a day, both in milliseconds. User and code `n` have
/// the ids `n + 1` above what was there before, `$4` and `$5`. One sign-up in seven is credited.
const STATEMENTS: [&str; 8] = [
    "INSERT INTO users (id, email, email_normalised, username, username_key, role, referral_goal, created_at)
     SELECT $4 + 1 + n, 'crowd' || n || '@example.com', 'crowd' || n || '@example.com', 'Crowd-' || n, 'crowd-' || n,
            'user', 10, $2 - ($1 - n)
     FROM numbers",
    "INSERT INTO codes (id, code, kind, owner_id, created_by, created_at, rolled_up_clicks,
                        rolled_up_unique_clicks, rolled_up_until)
     SELECT $5 + 1 + n, 'P' || (1000000000 + n), 'personal', $4 + 1 + n, $4 + 1 + n, $2 - ($1 - n), n % 31, n % 17,
            $2 / $3 + 1
     FROM numbers",
    "INSERT INTO codes (id, code, kind, beneficiary_id, description, category, active, max_uses, uses, signups,
                        rolled_up_clicks, rolled_up_unique_clicks, rolled_up_until, expires_at, created_at)
     SELECT $5 + 1 + $1 + n, 'C' || (1000000000 + 7919 * n % 1000000007), 'campaign',
            CASE WHEN n % 3 = 0 THEN $4 + 1 + n % 20000 % $1 END, 'Made for load tests', 'Category ' || (n % 40),
            n % 10 <> 0, 1 + n % 5 * 100, CASE WHEN n % 7 = 0 THEN 1 ELSE 0 END, CASE WHEN n % 7 = 0 THEN 1 ELSE 0 END,
            n * 31 % 9973, n * 31 % 4999, $2 / $3 + 1, CASE WHEN n % 4 > 0 THEN $2 + (n - $1 / 2) * ($3 / 1000) END, $2 - ($1 - n)
     FROM numbers",
    "INSERT INTO referrals (referee_id, referee_name, code_id, referrer_id, referrer_name, signed_up_at, converted_at)
     SELECT $4 + 1 + n, 'Crowd-' || n, $5 + 1 + $1 + n, $4 + 1 + n % 20000 % $1, 'Crowd-' || n % 20000 % $1,
            $2 - ($1 - n), CASE WHEN n % 5 = 0 THEN $2 END
     FROM numbers
     WHERE n % 7 = 0",
    "INSERT INTO attributions (user_id, code_id, referrer_id, rule, receipt, signed_up_at)
     SELECT $4 + 1 + n, CASE WHEN n % 7 = 0 THEN $5 + 1 + $1 + n END,
            CASE WHEN n % 7 = 0 THEN $4 + 1 + n % 20000 % $1 END,
            CASE WHEN n % 7 = 0 THEN 'code_in_form' ELSE 'none' END,
            CASE WHEN n % 7 = 0
                 THEN '{\"rule\":\"code_in_form\",\"decided_at\":0,\"signed_up_at\":0,\"corrections\":[],\"window_days\":30,\"candidates\":[{\"source\":\"typed\",\"code\":\"C'
                      || (1000000000 + 7919 * n % 1000000007) || '\",\"code_id\":' || ($5 + 1 + $1 + n)
                      || ',\"referrer\":' || ($4 + 1 + n % 20000 % $1)
                      || ',\"click\":null,\"at\":null,\"verdict\":\"chosen\"}]}'
                 ELSE '{\"rule\":\"none\",\"decided_at\":0,\"signed_up_at\":0,\"corrections\":[],\"window_days\":30,\"candidates\":[]}' END,
            $2 - ($1 - n)
     FROM numbers",
    "INSERT INTO code_days (code_id, day, clicks, unique_clicks, signups)
     SELECT $5 + 1 + $1 + n, $2 / $3 - n % 60, n % 97, n % 41, CASE WHEN n % 7 = 0 THEN 1 ELSE 0 END
     FROM numbers",
    "INSERT INTO code_channel_days (code_id, day, channel, clicks)
     SELECT $5 + 1 + $1 + n, $2 / $3 - n % 60, CASE WHEN n % 3 = 0 THEN 'copy' ELSE 'direct' END, n % 97
     FROM numbers
     WHERE n % 97 > 0",
    "INSERT INTO audit (at, actor, action, target_kind, target_id, target, before, after)
     SELECT $2 - ($1 - n), 'admin', CASE WHEN n % 3 = 0 THEN 'code.edit' ELSE 'code.create' END, 'code',
            $5 + 1 + $1 + n, 'C' || (1000000000 + 7919 * n % 1000000007), '{}', '{\"max_uses\":100}'
     FROM numbers",
];

/// Creates them.
pub async fn make(tx: &mut Tx, size: i64, now: Time) -> sqlx::Result<()> {
    with_conn!(tx, conn => {
        let (users, codes): (i64, i64) = sqlx::query_as(
            "SELECT (SELECT COALESCE(MAX(id), 0) FROM users), (SELECT COALESCE(MAX(id), 0) FROM codes)")
            .fetch_one(&mut *conn).await?;
        for statement in STATEMENTS {
            // Made of literals alone.
            sqlx::query(sqlx::AssertSqlSafe(format!("{NUMBERS}{statement}")))
                .bind(size)
                .bind(now)
                .bind(DAY)
                .bind(users)
                .bind(codes)
                .execute(&mut *conn).await?;
        }
        Ok(())
    })
}
