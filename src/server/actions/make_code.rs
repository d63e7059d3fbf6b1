//! Making a personal code: unique by the database's constraint, and tried again when taken.

use super::super::{
    Failure,
    chance::Chance,
    store::{Tx, codes},
};
use crate::domain::{
    code::{Code, PERSONAL_LENGTH, TAIL_LENGTH, TRIES},
    ids::{CodeId, UserId},
    program::{CodeStyle, Program},
    time::Time,
};

/// A candidate in the program's style, `longer` characters longer than usual.
pub fn candidate(program: &Program, username: &str, chance: &Chance, longer: usize) -> Code {
    match program.personal_code_style {
        CodeStyle::Random => Code::random(&chance.some(PERSONAL_LENGTH + longer)),
        CodeStyle::Named => Code::named(&program.personal_code_prefix, username, &chance.some(TAIL_LENGTH + longer)),
    }
}

/// Gives a user a personal code. After too many taken ones it grows by a character; then it is an error.
pub async fn personal(
    tx: &mut Tx,
    program: &Program,
    chance: &Chance,
    owner: UserId,
    username: &str,
    now: Time,
) -> Result<CodeId, Failure> {
    for longer in 0..=1 {
        for _ in 0..TRIES {
            let code = candidate(program, username, chance, longer);
            if let Some(id) = codes::insert_personal(tx, owner, &code, now).await? {
                return Ok(id);
            }
        }
    }
    Err(format!("no free personal code was found in {} tries", 2 * TRIES).into())
}
