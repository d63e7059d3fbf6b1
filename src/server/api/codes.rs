//! Codes: listing, making, changing, and asking about them.

use crate::{
    domain::{
        codes::{
            campaign::{CampaignFields, CampaignInput},
            code::{Code, CodeKind, CodeProblem},
        },
        cursor::Cursor,
        ids::{CodeId, JobId, UserId},
        time::Time,
    },
    error::AppError,
    server::{
        actions::{
            authorize,
            codes::{create_code, delete_code, set_code_active, update_code},
        },
        api::{
            auth::{ApiKey, OrPage, Read, Write},
            bodies::{
                Page, PageParams,
                code::{
                    CodeBody, CodeChanges, CodeToValidate, CodesQuery, NewCode, Reason, Usage, UsagesQuery, Validity,
                },
            },
            extract::{JsonBody, PathParam, QueryParams, address},
            idempotency::{Claimed, IdempotentPost},
            language::texts,
            problem::{ErrorCode, Problem},
        },
        realtime::change_set::ChangeSet,
        state::AppState,
        store::{
            code_details,
            code_list::{self, CodeQuery},
            codes,
            db::Tx,
            referrals, revenue,
        },
    },
    view_models::{codes::CodeDetails, referrals::Referral},
};
use axum::{Json, extract::State, http::StatusCode, response::Response};
use std::net::IpAddr;

/// List codes
///
/// The latest first. Campaign codes, unless `kind` asks for personal ones.
#[utoipa::path(get, operation_id = "listCodes", path = "/codes", tag = "codes", params(CodesQuery),
    security(("key" = ["read"])),
    responses((status = 200, description = "A page of codes", body = Page<CodeBody>)))]
pub async fn list(
    _: ApiKey<Read>,
    State(state): State<AppState>,
    QueryParams(wanted): QueryParams<CodesQuery>,
) -> Result<Json<Page<CodeBody>>, Problem> {
    let limit = PageParams::limit(wanted.limit)?;
    let query = CodeQuery {
        kind: Some(wanted.kind.unwrap_or(CodeKind::Campaign)),
        status: wanted.status,
        category: wanted.category.as_deref().unwrap_or_default(),
        job: wanted.bulk_id.map(JobId),
        descending: true,
        after: PageParams::after(wanted.after.as_deref())?,
        limit: limit + 1,
        now: state.clock.now(),
        ..CodeQuery::default()
    };
    let mut tx = state.db.read().await?;
    let codes = code_list::page(&mut tx, &query).await?;
    let ids: Vec<CodeId> = codes.iter().map(|code| code.id).collect();
    let mut revenue = revenue::of_codes(&mut tx, &ids).await?;
    let with_revenue = |code: CodeDetails| {
        let revenue = revenue.remove(&code.id).unwrap_or_default();
        (code, revenue)
    };
    let rows: Vec<_> = codes.into_iter().map(with_revenue).collect();
    Ok(Json(Page::of(rows, limit, |(code, _)| Cursor::of_id(code.id.0))))
}

/// Create a campaign code
///
/// Without `code`, a random one is created.
#[utoipa::path(post, operation_id = "createCode", path = "/codes", tag = "codes", request_body = NewCode,
    security(("key" = ["write"])),
    responses((status = 201, description = "The code", body = CodeBody)))]
pub async fn create(
    key: ApiKey<Write>,
    State(state): State<AppState>,
    post: IdempotentPost<NewCode>,
) -> Result<Response, Problem> {
    let now = state.clock.now();
    let mut request = match post.begin(&state, &key).await? {
        Claimed::Before(answer) => return Ok(answer),
        Claimed::Now(request) => request,
    };
    let new = &post.body;
    if new.code.as_ref().is_some_and(|code| code.trim().is_empty()) {
        return Err(Problem::invalid("code", texts().api_code_left_out()));
    }
    let input = new.input(new.code.as_deref().unwrap_or_default(), now);
    let fields = CampaignFields::of(&input, now, None).map_err(AppError::Invalid)?;
    let beneficiary = create_code::beneficiary_by_id(&mut request.tx, new.beneficiary_id.map(UserId)).await?;
    let (id, changes) =
        create_code::run_in(&mut request.tx, &state, &key.actor(), &fields, beneficiary.as_ref()).await?;
    let code = details(&mut request.tx, id, now).await?;
    let body = body(&mut request.tx, code).await?;
    request.done(&state, StatusCode::CREATED, &body, &changes).await
}

async fn details(tx: &mut Tx, id: CodeId, now: Time) -> Result<CodeDetails, Problem> {
    code_details::details_by_id(tx, id, now).await?.ok_or_else(|| Problem::plain(ErrorCode::CodeNotFound))
}

/// A code with its revenue.
async fn body(tx: &mut Tx, code: CodeDetails) -> sqlx::Result<CodeBody> {
    let revenue = revenue::of_codes(tx, &[code.id]).await?.remove(&code.id).unwrap_or_default();
    Ok((code, revenue).into())
}

/// Get a code
#[utoipa::path(get, operation_id = "getCode", path = "/codes/{id}", tag = "codes", params(("id" = i64, Path)),
    security(("key" = ["read"])),
    responses((status = 200, description = "The code", body = CodeBody)))]
pub async fn get(
    _: ApiKey<Read>,
    State(state): State<AppState>,
    PathParam(id): PathParam<i64>,
) -> Result<Json<CodeBody>, Problem> {
    let mut tx = state.db.read().await?;
    let code = details(&mut tx, CodeId(id), state.clock.now()).await?;
    Ok(Json(body(&mut tx, code).await?))
}

/// Get a code by its text
///
/// In any case of letters; personal codes are found, too.
#[utoipa::path(get, operation_id = "getCodeByText", path = "/codes/by-code/{code}", tag = "codes",
    params(("code" = String, Path)),
    security(("key" = ["read"])), responses((status = 200, description = "The code", body = CodeBody)))]
pub async fn get_by_code(
    _: ApiKey<Read>,
    State(state): State<AppState>,
    PathParam(code): PathParam<String>,
) -> Result<Json<CodeBody>, Problem> {
    let unknown = || Problem::plain(ErrorCode::CodeNotFound);
    let code = Code::parse(&code).ok_or_else(unknown)?;
    let now = state.clock.now();
    let mut tx = state.db.read().await?;
    let found = code_details::details_by_code(&mut tx, &code, now).await?.ok_or_else(unknown)?;
    Ok(Json(body(&mut tx, found).await?))
}

/// Update a code
///
/// The code itself stays as it is. Of a personal code only `active` can be changed.
#[utoipa::path(patch, operation_id = "updateCode", path = "/codes/{id}", tag = "codes", params(("id" = i64, Path)),
    request_body = CodeChanges,
    security(("key" = ["write"])), responses((status = 200, description = "The changed code", body = CodeBody)))]
pub async fn change(
    key: ApiKey<Write>,
    State(state): State<AppState>,
    PathParam(id): PathParam<i64>,
    JsonBody(changes): JsonBody<CodeChanges>,
) -> Result<Json<CodeBody>, Problem> {
    let now = state.clock.now();
    let mut tx = authorize::begin(&state.db, &key.actor()).await?;
    let before = details(&mut tx, CodeId(id), now).await?;
    let published = match before.kind {
        CodeKind::Campaign => {
            let beneficiary = changes.beneficiary_id.unwrap_or(before.beneficiary_id.map(|id| id.0));
            let beneficiary = create_code::beneficiary_by_id(&mut tx, beneficiary.map(UserId)).await?;
            let category = match &changes.category {
                Some(category) => category.as_deref(),
                None => before.category.as_deref(),
            };
            let input = CampaignInput {
                code: "",
                description: changes.description.as_deref().unwrap_or(&before.description),
                category: category.unwrap_or_default(),
                max_uses: changes.max_uses.unwrap_or(before.max_uses),
                expires_at: changes.expires_at.map_or(before.expires_at, |given| given.map(|at| at.0)),
                active: changes.active.unwrap_or(before.active),
            };
            let fields = CampaignFields::of(&input, now, before.expires_at).map_err(AppError::Invalid)?;
            update_code::run_in(&mut tx, &state, &key.actor(), &before, &fields, beneficiary.as_ref()).await?
        }
        CodeKind::Personal => change_personal(&mut tx, &state, &key, &before, &changes).await?,
    };
    let after = details(&mut tx, CodeId(id), now).await?;
    let after = body(&mut tx, after).await?;
    state.publisher.commit_and_publish(tx, &published).await?;
    Ok(Json(after))
}

async fn change_personal(
    tx: &mut Tx,
    state: &AppState,
    key: &ApiKey<Write>,
    before: &CodeDetails,
    changes: &CodeChanges,
) -> Result<ChangeSet, Problem> {
    let fields = [
        ("description", changes.description.is_some()),
        ("category", changes.category.is_some()),
        ("max_uses", changes.max_uses.is_some()),
        ("expires_at", changes.expires_at.is_some()),
        ("beneficiary_id", changes.beneficiary_id.is_some()),
    ];
    if let Some((field, _)) = fields.into_iter().find(|(_, changed)| *changed) {
        return Err(Problem::invalid(field, texts().api_personal_code_fields()));
    }
    match changes.active {
        Some(active) => Ok(set_code_active::run_in(tx, state, &key.actor(), before, active).await?),
        None => Ok(ChangeSet::default()),
    }
}

/// Delete a campaign code
///
/// One that was used or clicked is hidden, and its history stays.
#[utoipa::path(delete, operation_id = "deleteCode", path = "/codes/{id}", tag = "codes", params(("id" = i64, Path)),
    security(("key" = ["write"])),
    responses((status = 204, description = "The code is gone")))]
pub async fn delete(
    key: ApiKey<Write>,
    State(state): State<AppState>,
    PathParam(id): PathParam<i64>,
) -> Result<StatusCode, Problem> {
    match delete_code::run(&state, &key.actor(), CodeId(id)).await {
        Ok(()) => Ok(StatusCode::NO_CONTENT),
        Err(AppError::NotFound) => {
            let personal = details(&mut state.db.read().await?, CodeId(id), state.clock.now()).await.is_ok();
            Err(match personal {
                true => Problem::conflict("", texts().api_personal_code_kept()),
                false => Problem::plain(ErrorCode::CodeNotFound),
            })
        }
        Err(error) => Err(error.into()),
    }
}

/// Validate a code
///
/// Whether it can be used now, and by a user if one is named. Uses nothing up.
///
/// A publishable key opens this to web pages. Then the address is that of the request; `ip` is passed over, and
/// `user_id` refused.
#[utoipa::path(post, operation_id = "validateCode", path = "/codes/validate", tag = "codes",
    request_body = CodeToValidate,
    security(("key" = ["read"]), ("publishable" = [])),
    responses((status = 200, description = "Whether it can be used", body = Validity)))]
pub async fn validate(
    key: ApiKey<OrPage<Read>>,
    State(state): State<AppState>,
    post: IdempotentPost<CodeToValidate>,
) -> Result<Response, Problem> {
    let ip = match &key.visitor {
        Some(_) if post.body.user_id.is_some() => return Err(Problem::invalid("user_id", texts().key_asks_no_user())),
        Some(visitor) => Some(visitor.client.0),
        None => address("ip", post.body.ip.as_deref())?,
    };
    let mut request = match post.begin_reading(&state, &key).await? {
        Claimed::Before(answer) => return Ok(answer),
        Claimed::Now(request) => request,
    };
    let reason = reason_against(&mut request.tx, &state, &post.body, ip).await?;
    let body = Validity { valid: reason.is_none(), reason };
    request.done(&state, StatusCode::OK, &body, &ChangeSet::default()).await
}

async fn reason_against(
    tx: &mut Tx,
    state: &AppState,
    asked: &CodeToValidate,
    ip: Option<IpAddr>,
) -> sqlx::Result<Option<Reason>> {
    if !state.settings.get().referral_codes_enabled {
        return Ok(Some(Reason::ProgramDisabled));
    }
    if let Some(ip) = ip
        && state.code_finder.find(ip, &asked.code, |_| false).await.is_ok_and(|found| found.is_none())
        && state.code_finder.guesses.is_blocked(ip)
    {
        return Ok(Some(Reason::CodeNotFound));
    }
    let Some(code) = codes::by_text(tx, &asked.code).await? else { return Ok(Some(Reason::CodeNotFound)) };
    if let Some(user) = asked.user_id
        && !referrals::of_code(tx, code.id, Some(UserId(user)), None, 1).await?.is_empty()
    {
        return Ok(Some(Reason::AlreadyUsed));
    }
    Ok(CodeProblem::of(code.limits().status(state.clock.now())).map(|problem| match problem {
        CodeProblem::CodeNotFound => Reason::CodeNotFound,
        CodeProblem::CodeInactive => Reason::CodeInactive,
        CodeProblem::CodeExpired => Reason::CodeExpired,
        CodeProblem::UsageLimitReached => Reason::UsageLimitReached,
    }))
}

/// List the usages of a code
///
/// The latest first. With `user_id` it answers whether that user has used it.
#[utoipa::path(get, operation_id = "listCodeUsages", path = "/codes/{id}/usages", tag = "codes", params(("id" = i64,
    Path), UsagesQuery),
    security(("key" = ["read"])), responses((status = 200, description = "A page of usages", body = Page<Usage>)))]
pub async fn usages(
    _: ApiKey<Read>,
    State(state): State<AppState>,
    PathParam(id): PathParam<i64>,
    QueryParams(wanted): QueryParams<UsagesQuery>,
) -> Result<Json<Page<Usage>>, Problem> {
    let limit = PageParams::limit(wanted.limit)?;
    let after = PageParams::after(wanted.after.as_deref())?;
    let mut tx = state.db.read().await?;
    details(&mut tx, CodeId(id), state.clock.now()).await?;
    let user = wanted.user_id.map(UserId);
    let rows = referrals::of_code(&mut tx, CodeId(id), user, after.as_ref(), limit + 1).await?;
    Ok(Json(Page::of(rows, limit, Referral::cursor)))
}
