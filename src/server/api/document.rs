//! The OpenAPI document: collected from the routes, with what all of them have in common.

use crate::server::api::{
    idempotency,
    problem::{ErrorCode, MEDIA_TYPE, Problem},
    routes::{ROOT, routes},
};
use std::{collections::BTreeMap, sync::LazyLock};
use utoipa::{
    ToSchema,
    openapi::{
        ContentBuilder, Info, OpenApi, OpenApiBuilder, PathItem, Ref, RefOr, Required, Response, ResponseBuilder,
        path::{Operation, Parameter, ParameterBuilder, ParameterIn},
        schema::{ObjectBuilder, Type},
        security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};

const ABOUT: &str = "Everything a host product needs to run its referral program: codes, users, clicks, payments, events, settings and numbers.

Send a key as `Authorization: Bearer pal_…`; an admin makes keys on the page *API keys*. A key has one of the scopes \
`read`, `write` (which contains `read`) and `admin` (which contains both). A *publishable* key (`pub_…`) may stand in a web page: \
it opens `POST /codes/validate` and `POST /clicks` to browsers on the origins that it lists, and nothing else. A secret key may \
send 6,000 requests a minute; with publishable keys a network address may send 60.

Times are RFC 3339 in UTC, money is in the smallest units of its currency. Lists have `data` and `next`; send `next` as \
`after` for the next page. Errors are `application/problem+json` with a stable `code`, and with a \
`detail` in the language of `Accept-Language`, if it is spoken here.

Every POST takes an `Idempotency-Key`: for 24 hours the same key with the same request gives the same answer and does \
nothing again. What was refused was not done, and can be tried again with the same key.";

const PUBLISHABLE: &str = "A publishable key, sent by the browser from a page of one of its origins.";

/// The document before the routes are in it.
fn head() -> OpenApi {
    OpenApiBuilder::new().info(Info::new("Passalong", env!("CARGO_PKG_VERSION"))).build()
}

/// The whole document.
pub fn document() -> &'static OpenApi {
    static DOCUMENT: LazyLock<OpenApi> = LazyLock::new(build);
    &DOCUMENT
}

/// The document as JSON.
pub fn text() -> String {
    document().to_pretty_json().unwrap_or_default()
}

fn build() -> OpenApi {
    let (_, routes) = routes().split_for_parts();
    let mut document = head().nest(ROOT, routes);
    document.info.description = Some(ABOUT.into());
    let components = document.components.get_or_insert_default();
    let key = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("pal_…").build();
    components.add_security_scheme("key", SecurityScheme::Http(key));
    let page = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("pub_…").description(Some(PUBLISHABLE));
    components.add_security_scheme("publishable", SecurityScheme::Http(page.build()));
    let mut schemas = vec![];
    Problem::schemas(&mut schemas);
    schemas.push((Problem::name().into(), <Problem as utoipa::PartialSchema>::schema()));
    components.schemas.extend(schemas);
    components.responses.extend(errors());
    for (path, item) in &mut document.paths.paths {
        for (method, operation) in operations(item) {
            complete(path, method, operation);
        }
    }
    document
}

/// The name of what all errors with this status have in common.
fn response_name(status: u16) -> String {
    format!("Error{status}")
}

/// Every error there is, by status: a problem with one of these codes.
fn errors() -> BTreeMap<String, RefOr<Response>> {
    let mut codes = BTreeMap::<u16, Vec<String>>::new();
    for code in ErrorCode::ALL {
        codes.entry(code.status()).or_default().push(format!("`{}`", code.name()));
    }
    let describe = |(status, codes): (u16, Vec<String>)| {
        let content = ContentBuilder::new().schema(Some(Ref::from_schema_name(Problem::name()))).build();
        let response = ResponseBuilder::new().description(codes.join(", ")).content(MEDIA_TYPE, content).build();
        (response_name(status), RefOr::T(response))
    };
    codes.into_iter().map(describe).collect()
}

/// The operations of a path, by method.
fn operations(item: &mut PathItem) -> impl Iterator<Item = (&'static str, &mut Operation)> {
    let all = [
        ("get", &mut item.get),
        ("post", &mut item.post),
        ("put", &mut item.put),
        ("patch", &mut item.patch),
        ("delete", &mut item.delete),
    ];
    all.into_iter().filter_map(|(method, operation)| Some((method, operation.as_mut()?)))
}

/// Adds what every operation of its kind has: how it can fail, and how it names itself.
fn complete(path: &str, method: &str, operation: &mut Operation) {
    let name = operation.operation_id.take().unwrap_or_default();
    let tag = operation.tags.iter().flatten().next().cloned().unwrap_or_default();
    operation.operation_id = Some(format!("{tag}_{name}"));
    let body = operation.request_body.is_some();
    let mut statuses = vec![401, 403, 429, 500, 503];
    if body {
        statuses.extend([400, 409, 413, 415, 422]);
    } else if operation.parameters.iter().flatten().any(is_query) {
        statuses.push(422);
    }
    if path.contains('{') || path.ends_with("/clicks") {
        statuses.push(404);
    }
    if method == "delete" {
        statuses.push(409);
    }
    for status in statuses {
        let named = Ref::from_response_name(response_name(status));
        operation.responses.responses.insert(status.to_string(), RefOr::Ref(named));
    }
    if method == "post" {
        let named = ParameterBuilder::new()
            .name(idempotency::HEADER_NAME)
            .parameter_in(ParameterIn::Header)
            .required(Required::False)
            .description(Some("Sent again with the same request, it gives the same answer and does nothing again."))
            .schema(Some(ObjectBuilder::new().schema_type(Type::String).min_length(Some(1)).max_length(Some(255))))
            .build();
        operation.parameters.get_or_insert_default().push(RefOr::T(named));
    }
}

fn is_query(parameter: &RefOr<Parameter>) -> bool {
    matches!(parameter, RefOr::T(parameter) if parameter.parameter_in == ParameterIn::Query)
}

/// Which scope every route needs: method and path, as in the document.
pub fn required_scopes() -> BTreeMap<(String, String), String> {
    let mut doors = BTreeMap::new();
    let mut document = document().clone();
    for (path, item) in &mut document.paths.paths {
        for (method, operation) in operations(item) {
            let needs = serde_json::to_value(&operation.security).unwrap_or_default();
            let scope = needs[0]["key"][0].as_str().unwrap_or_default().to_owned();
            doors.insert((method.to_ascii_uppercase(), path.clone()), scope);
        }
    }
    doors
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_operations_have_one_name() {
        let mut document = document().clone();
        let mut names = vec![];
        for item in document.paths.paths.values_mut() {
            names.extend(operations(item).filter_map(|(_, operation)| operation.operation_id.clone()));
        }
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all);
    }
}
