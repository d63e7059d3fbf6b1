//! Changing the settings of the program: live on all pages and instances from the commit on.

use super::{
    super::{
        program::stored,
        relay::{self, Change},
        state::Server,
        store::settings,
    },
    internal,
    record::{self, Actor, Target},
};
use crate::{
    domain::program::{Form, Program},
    error::AppError,
};
use serde_json::Value;

pub async fn run(server: &Server, actor: &Actor, form: Form) -> Result<(), AppError> {
    edit(server, actor, |_| Ok(form)).await.map(drop)
}

/// Changes what `form` says of the settings as they stand; the settings afterwards.
pub async fn edit(
    server: &Server,
    actor: &Actor,
    form: impl FnOnce(&Program) -> Result<Form, AppError> + Send,
) -> Result<Program, AppError> {
    let mut tx = server.db.begin().await?;
    let before = stored(&mut tx).await?;
    let program = form(&before)?.parse(&before).map_err(AppError::Invalid)?;
    let (before, after) = (object(&before)?, object(&program)?);
    let now = server.clock.now();
    if let (Value::Object(before), Value::Object(after)) = (&before, &after) {
        for (name, value) in after.iter().filter(|(name, value)| before.get(*name) != Some(*value)) {
            settings::put(&mut tx, name, &value.to_string(), now).await?;
        }
    }
    let target = Target { kind: "settings", id: None, name: "settings" };
    record::run(&mut tx, actor, "settings.change", target, before, after, now).await?;
    let change = Change { program: true, ..Change::default() };
    relay::announce(&mut tx, server.instance, &change).await?;
    tx.commit().await?;
    relay::apply(server, &change).await;
    Ok(program)
}

fn object(program: &Program) -> Result<Value, AppError> {
    serde_json::to_value(program).map_err(|error| internal(error.into()))
}
