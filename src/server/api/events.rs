//! What happened.

use crate::{
    domain::{cursor::Cursor, events::EventKind, ids::EventId},
    server::{
        api::{
            auth::{ApiKey, Read},
            bodies::{
                Page, PageParams,
                event::{EventBody, EventsQuery},
            },
            extract::QueryParams,
            problem::Problem,
        },
        state::AppState,
        store::events,
    },
};
use axum::{Json, extract::State};

/// List events
///
/// The oldest first; kept for 30 days. Their ids grow, and none comes up before one that is smaller: whoever keeps the
/// id of the last event that they have seen and sends it as `after` misses nothing.
#[utoipa::path(get, operation_id = "listEvents", path = "/events", tag = "events", params(EventsQuery),
    security(("key" = ["read"])),
    responses((status = 200, description = "A page of events", body = Page<EventBody>)))]
pub async fn list(
    _: ApiKey<Read>,
    State(state): State<AppState>,
    QueryParams(wanted): QueryParams<EventsQuery>,
) -> Result<Json<Page<EventBody>>, Problem> {
    let limit = PageParams::limit(wanted.limit)?;
    let after = EventId(PageParams::after(wanted.after.as_deref())?.map_or(0, |after| after.id));
    let kind = wanted.r#type.map(EventKind::as_str);
    let rows = events::page(&mut state.db.read().await?, kind, after, limit + 1).await?;
    Ok(Json(Page::of(rows, limit, |event| Cursor::of_id(event.id.0))))
}
