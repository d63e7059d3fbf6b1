//! Making a personal code: unique by the database's constraint, and tried again when taken.

use crate::{
    domain::{
        codes::code::{Code, PERSONAL_LENGTH, TAIL_LENGTH, TRIES},
        ids::{CodeId, UserId},
        settings::{CodeStyle, ProgramSettings},
        time::Time,
    },
    server::{
        config::rng::Rng,
        errors::BoxError,
        store::{codes, db::Tx},
    },
};

/// A candidate in the program's style, `longer` characters longer than usual.
pub fn candidate(settings: &ProgramSettings, username: &str, rng: &Rng, longer: usize) -> Code {
    match settings.personal_code_style {
        CodeStyle::Random => Code::random(&rng.byte_vec(PERSONAL_LENGTH + longer)),
        CodeStyle::Named => Code::named(&settings.personal_code_prefix, username, &rng.byte_vec(TAIL_LENGTH + longer)),
    }
}

/// Gives a user a personal code. After too many taken ones it grows by a character; then it is an error.
pub async fn run(
    tx: &mut Tx,
    settings: &ProgramSettings,
    rng: &Rng,
    owner: UserId,
    username: &str,
    now: Time,
) -> Result<CodeId, BoxError> {
    for longer in 0..=1 {
        for _ in 0..TRIES {
            let code = candidate(settings, username, rng, longer);
            if let Some(id) = codes::insert_personal(tx, owner, &code, now).await? {
                return Ok(id);
            }
        }
    }
    Err(format!("no free personal code was found in {} tries", 2 * TRIES).into())
}
