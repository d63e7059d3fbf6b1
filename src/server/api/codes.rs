//! Codes: listing, making, changing, and asking about them.

use super::{
    bodies::{
        Page, Part,
        code::{
            CodeBody, CodeChanges, CodeToValidate, CodesWanted, Kind, NewCode, Reason, Status, Usage, UsagesWanted,
            Validity,
        },
    },
    input::{At, Body, Params},
    key::{ApiKey, Read, Write},
    once::{Posted, Turn},
    problem::{Code as Problems, Problem},
};
use crate::{
    domain::{
        campaign::{Draft, LIFE, MAX_USES, Wish},
        code::{Code, CodeProblem},
        ids::{CodeId, JobId, UserId},
        time::Time,
    },
    error::AppError,
    server::{
        actions::{create_code, delete_code, edit_code, switch_code},
        relay::{self, Change},
        state::Server,
        store::{Tx, campaigns, catalogue, codes, histories},
    },
};
use axum::{Json, extract::State, http::StatusCode, response::Response};

/// List codes
///
/// The latest first. Campaign codes, unless `kind` asks for personal ones.
#[utoipa::path(get, path = "/codes", tag = "codes", params(CodesWanted), security(("key" = ["read"])),
    responses((status = 200, description = "A page of codes", body = Page<CodeBody>)))]
pub async fn list(
    _: ApiKey<Read>,
    State(server): State<Server>,
    Params(wanted): Params<CodesWanted>,
) -> Result<Json<Page<CodeBody>>, Problem> {
    let limit = Part::limit(wanted.limit)?;
    let now = server.clock.now();
    let asked = catalogue::Wanted {
        kind: if wanted.kind == Some(Kind::Personal) { "personal" } else { "campaign" },
        status: wanted.status.map(Status::as_str).unwrap_or_default(),
        category: wanted.category.as_deref().unwrap_or_default(),
        job: wanted.bulk_id.map(JobId),
        before: Part::place(wanted.after.as_deref(), CodeId(i64::MAX), |after| after.parse().ok().map(CodeId))?,
        limit: limit + 1,
        now,
    };
    let rows = catalogue::page(&mut server.db.read().await?, &asked).await?;
    Ok(Json(Page::of(rows, limit, |code| code.id.to_string(), |code| CodeBody::of(code, now))))
}

/// Make a campaign code
///
/// Without `code` a random one is made.
#[utoipa::path(post, path = "/codes", tag = "codes", request_body = NewCode, security(("key" = ["write"])),
    responses((status = 201, description = "The code", body = CodeBody)))]
pub async fn create(
    key: ApiKey<Write>,
    State(server): State<Server>,
    post: Posted<NewCode>,
) -> Result<Response, Problem> {
    let now = server.clock.now();
    let mut work = match post.begin(&server, &key).await? {
        Turn::Before(answer) => return Ok(answer),
        Turn::Now(work) => work,
    };
    let new = &post.body;
    if new.code.as_ref().is_some_and(|code| code.trim().is_empty()) {
        return Err(Problem::invalid("code", "Please leave the code out for a random one."));
    }
    let wish = Wish {
        code: new.code.as_deref().unwrap_or_default(),
        description: &new.description,
        category: new.category.as_deref().unwrap_or_default(),
        max_uses: Some(new.max_uses.unwrap_or(MAX_USES)),
        expires_at: new.expires_at.map_or(Some(now.plus(LIFE)), |given| given.map(|at| at.0)),
        active: new.active.unwrap_or(true),
    };
    let draft = Draft::of(&wish, now, None).map_err(AppError::Invalid)?;
    let beneficiary = create_code::beneficiary_by_id(&mut work.tx, new.beneficiary_id.map(UserId)).await?;
    let (id, change) = create_code::within(&mut work.tx, &server, &key.actor(), &draft, beneficiary.as_ref()).await?;
    let body = shown(&mut work.tx, id, now).await?;
    work.done(&server, StatusCode::CREATED, &body, &change).await
}

async fn shown(tx: &mut Tx, id: CodeId, now: Time) -> Result<CodeBody, Problem> {
    let code = catalogue::by_id(tx, id).await?.ok_or_else(|| Problem::plain(Problems::CodeNotFound))?;
    Ok(CodeBody::of(code, now))
}

/// Get a code
#[utoipa::path(get, path = "/codes/{id}", tag = "codes", params(("id" = i64, Path)), security(("key" = ["read"])),
    responses((status = 200, description = "The code", body = CodeBody)))]
pub async fn get(_: ApiKey<Read>, State(server): State<Server>, At(id): At<i64>) -> Result<Json<CodeBody>, Problem> {
    shown(&mut server.db.read().await?, CodeId(id), server.clock.now()).await.map(Json)
}

/// Get a code by its text
///
/// In any case of letters; personal codes are found, too.
#[utoipa::path(get, path = "/codes/by-code/{code}", tag = "codes", params(("code" = String, Path)),
    security(("key" = ["read"])), responses((status = 200, description = "The code", body = CodeBody)))]
pub async fn get_by_code(
    _: ApiKey<Read>,
    State(server): State<Server>,
    At(code): At<String>,
) -> Result<Json<CodeBody>, Problem> {
    let unknown = || Problem::plain(Problems::CodeNotFound);
    let code = Code::parse(&code).ok_or_else(unknown)?;
    let found = catalogue::by_code(&mut server.db.read().await?, &code).await?.ok_or_else(unknown)?;
    Ok(Json(CodeBody::of(found, server.clock.now())))
}

/// Change a code
///
/// The code itself stays as it is. Of a personal code only `active` can be changed.
#[utoipa::path(patch, path = "/codes/{id}", tag = "codes", params(("id" = i64, Path)), request_body = CodeChanges,
    security(("key" = ["write"])), responses((status = 200, description = "The changed code", body = CodeBody)))]
pub async fn change(
    key: ApiKey<Write>,
    State(server): State<Server>,
    At(id): At<i64>,
    Body(changes): Body<CodeChanges>,
) -> Result<Json<CodeBody>, Problem> {
    let now = server.clock.now();
    let mut tx = server.db.begin().await?;
    let change = match campaigns::by_id(&mut tx, CodeId(id)).await? {
        Some(before) => {
            let beneficiary = changes.beneficiary_id.unwrap_or(before.beneficiary_id.map(|id| id.0));
            let beneficiary = create_code::beneficiary_by_id(&mut tx, beneficiary.map(UserId)).await?;
            let category = match &changes.category {
                Some(category) => category.as_deref(),
                None => before.category.as_deref(),
            };
            let wish = Wish {
                code: "",
                description: changes.description.as_deref().unwrap_or(&before.description),
                category: category.unwrap_or_default(),
                max_uses: changes.max_uses.or(before.max_uses),
                expires_at: changes.expires_at.map_or(before.expires_at, |given| given.map(|at| at.0)),
                active: changes.active.unwrap_or(before.active),
            };
            let draft = Draft::of(&wish, now, before.expires_at).map_err(AppError::Invalid)?;
            edit_code::within(&mut tx, &server, &key.actor(), &before, &draft, beneficiary.as_ref()).await?
        }
        None => change_personal(&mut tx, &server, &key, CodeId(id), &changes).await?,
    };
    let body = shown(&mut tx, CodeId(id), now).await?;
    relay::announce(&mut tx, server.instance, &change).await?;
    tx.commit().await?;
    relay::apply(&server, &change).await;
    Ok(Json(body))
}

async fn change_personal(
    tx: &mut Tx,
    server: &Server,
    key: &ApiKey<Write>,
    id: CodeId,
    changes: &CodeChanges,
) -> Result<Change, Problem> {
    let code = catalogue::by_id(tx, id).await?.ok_or_else(|| Problem::plain(Problems::CodeNotFound))?;
    let fields = [
        ("description", changes.description.is_some()),
        ("category", changes.category.is_some()),
        ("max_uses", changes.max_uses.is_some()),
        ("expires_at", changes.expires_at.is_some()),
        ("beneficiary_id", changes.beneficiary_id.is_some()),
    ];
    if let Some((field, _)) = fields.into_iter().find(|(_, changed)| *changed) {
        return Err(Problem::invalid(field, "Of a personal code only `active` can be changed."));
    }
    match changes.active {
        Some(active) => Ok(switch_code::within(tx, server, &key.actor(), id, &code.code, code.active, active).await?),
        None => Ok(Change::default()),
    }
}

/// Delete a campaign code
///
/// One that was used or clicked is hidden, and its history stays.
#[utoipa::path(delete, path = "/codes/{id}", tag = "codes", params(("id" = i64, Path)), security(("key" = ["write"])),
    responses((status = 204, description = "The code is gone")))]
pub async fn delete(key: ApiKey<Write>, State(server): State<Server>, At(id): At<i64>) -> Result<StatusCode, Problem> {
    match delete_code::run(&server, &key.actor(), CodeId(id)).await {
        Ok(()) => Ok(StatusCode::NO_CONTENT),
        Err(AppError::NotFound) => {
            let personal = catalogue::by_id(&mut server.db.read().await?, CodeId(id)).await?.is_some();
            Err(match personal {
                true => {
                    AppError::conflict("", "A personal code lives as long as its owner. Switch it off instead.").into()
                }
                false => Problem::plain(Problems::CodeNotFound),
            })
        }
        Err(error) => Err(error.into()),
    }
}

/// Check a code
///
/// Whether it can be used now, and by a user if one is named. Uses nothing up.
#[utoipa::path(post, path = "/codes/validate", tag = "codes", request_body = CodeToValidate,
    security(("key" = ["read"])), responses((status = 200, description = "Whether it can be used", body = Validity)))]
pub async fn validate(
    key: ApiKey<Read>,
    State(server): State<Server>,
    post: Posted<CodeToValidate>,
) -> Result<Response, Problem> {
    let mut work = match post.begin_reading(&server, &key).await? {
        Turn::Before(answer) => return Ok(answer),
        Turn::Now(work) => work,
    };
    let reason = reason_against(&mut work.tx, &server, &post.body).await?;
    let body = Validity { valid: reason.is_none(), reason };
    work.done(&server, StatusCode::OK, &body, &Change::default()).await
}

async fn reason_against(tx: &mut Tx, server: &Server, asked: &CodeToValidate) -> sqlx::Result<Option<Reason>> {
    if !server.program.get().referral_codes_enabled {
        return Ok(Some(Reason::ProgramDisabled));
    }
    let found = match Code::parse(&asked.code) {
        Some(code) => codes::by_code(tx, &code).await?,
        None => None,
    };
    let Some(code) = found else { return Ok(Some(Reason::CodeNotFound)) };
    if let Some(user) = asked.user_id
        && !histories::of_code(tx, code.id, Some(UserId(user)), histories::FIRST, 1).await?.is_empty()
    {
        return Ok(Some(Reason::AlreadyUsed));
    }
    Ok(CodeProblem::of(code.limits().status(server.clock.now())).map(|problem| match problem {
        CodeProblem::CodeNotFound => Reason::CodeNotFound,
        CodeProblem::CodeInactive => Reason::CodeInactive,
        CodeProblem::CodeExpired => Reason::CodeExpired,
        CodeProblem::UsageLimitReached => Reason::UsageLimitReached,
    }))
}

/// List who used a code
///
/// The latest first. With `user_id` it answers whether that user has used it.
#[utoipa::path(get, path = "/codes/{id}/usages", tag = "codes", params(("id" = i64, Path), UsagesWanted),
    security(("key" = ["read"])), responses((status = 200, description = "A page of usages", body = Page<Usage>)))]
pub async fn usages(
    _: ApiKey<Read>,
    State(server): State<Server>,
    At(id): At<i64>,
    Params(wanted): Params<UsagesWanted>,
) -> Result<Json<Page<Usage>>, Problem> {
    let limit = Part::limit(wanted.limit)?;
    let after = Part::place(wanted.after.as_deref(), histories::FIRST, read_place)?;
    let mut tx = server.db.read().await?;
    catalogue::by_id(&mut tx, CodeId(id)).await?.ok_or_else(|| Problem::plain(Problems::CodeNotFound))?;
    let rows = histories::of_code(&mut tx, CodeId(id), wanted.user_id.map(UserId), after, limit + 1).await?;
    Ok(Json(Page::of(rows, limit, |row| write_place(row.place()), Usage::from)))
}

/// A place in a list of referrals as text.
pub fn write_place((at, id): histories::Place) -> String {
    format!("{}-{id}", at.0)
}

/// The place that a text names.
pub fn read_place(text: &str) -> Option<histories::Place> {
    let (at, id) = text.split_once('-')?;
    Some((Time(at.parse().ok()?), id.parse().ok()?))
}
