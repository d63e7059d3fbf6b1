//! What the operations of the OpenAPI document have in common: how they fail, what their answers carry, and examples.

use crate::server::api::{
    idempotency,
    problem::{ErrorCode, MEDIA_TYPE, Problem},
    samples,
};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        Content, ContentBuilder, Header, HeaderBuilder, OpenApi, PathItem, Ref, RefOr, Required, Response,
        ResponseBuilder, Schema,
        path::{Operation, Parameter, ParameterBuilder, ParameterIn},
        schema::{ArrayBuilder, ObjectBuilder, Type},
        security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};

const SCHEMAS: &str = "#/components/schemas/";

const REQUEST_ID: &str = "X-Request-Id";
const REQUEST_ID_EXAMPLE: &str = "b7ad6b7169203331a2f4ae5d6e2f0c91";
const RETRY_AFTER: &str = "Retry-After";
const PUBLISHABLE: &str = "A publishable key, sent by the browser from a page of one of its origins";
const REPLAYED: &str = "Idempotency-Replayed";

/// What every answer carries.
const ALWAYS: [&str; 4] = [REQUEST_ID, "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"];

/// Fields of answers that are at times absent.
const SOMETIMES_ABSENT: [(&str, &str); 1] = [("Validity", "reason")];

/// The operations of a path, by method.
pub fn operations(item: &mut PathItem) -> impl Iterator<Item = (&'static str, &mut Operation)> {
    let all = [
        ("get", &mut item.get),
        ("post", &mut item.post),
        ("put", &mut item.put),
        ("patch", &mut item.patch),
        ("delete", &mut item.delete),
    ];
    all.into_iter().filter_map(|(method, operation)| Some((method, operation.as_mut()?)))
}

/// Adds how a caller shows who they are, errors, and headers of answers.
pub fn add_components(document: &mut OpenApi) {
    let components = document.components.get_or_insert_default();
    let key = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("pal_…");
    let key = key.description(Some("A key that an admin has made, with one of the scopes `read`, `write` and `admin`"));
    components.add_security_scheme("key", SecurityScheme::Http(key.build()));
    let page = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("pub_…").description(Some(PUBLISHABLE));
    components.add_security_scheme("publishable", SecurityScheme::Http(page.build()));
    let mut schemas = vec![(Problem::name().into(), Problem::schema())];
    Problem::schemas(&mut schemas);
    components.schemas.extend(schemas);
    components.headers.extend(headers());
    components.responses.extend(errors());
}

fn headers() -> impl Iterator<Item = (String, RefOr<Header>)> {
    let of = |name: &str, kind: Type, about: &str, example: Value| {
        let schema = ObjectBuilder::new().schema_type(kind);
        let header = HeaderBuilder::new().schema(Some(schema)).description(Some(about)).example(Some(example)).build();
        (name.to_owned(), RefOr::T(header))
    };
    [
        of(REQUEST_ID, Type::String, "The id of the request", json!(REQUEST_ID_EXAMPLE)),
        of(ALWAYS[1], Type::Integer, "Requests in a minute", json!(6000)),
        of(ALWAYS[2], Type::Integer, "Requests that are left", json!(5999)),
        of(ALWAYS[3], Type::Integer, "Seconds until all of them are there again", json!(1)),
        of(RETRY_AFTER, Type::Integer, "Seconds to wait", json!(5)),
        of(REPLAYED, Type::String, "`true` where the answer was given before", json!("true")),
    ]
    .into_iter()
}

fn header_refs<'a>(names: impl IntoIterator<Item = &'a str>) -> impl Iterator<Item = (String, RefOr<Header>)> {
    names.into_iter().map(|name| (name.to_owned(), RefOr::Ref(Ref::new(format!("#/components/headers/{name}")))))
}

/// The name of what all errors with this status have in common.
fn response_name(status: u16) -> String {
    format!("Error{status}")
}

/// Every error there is, by status: a problem with one of these codes.
fn errors() -> BTreeMap<String, RefOr<Response>> {
    let mut codes = BTreeMap::<u16, Vec<ErrorCode>>::new();
    for code in ErrorCode::ALL {
        codes.entry(code.status()).or_default().push(*code);
    }
    let describe = |(status, codes): (u16, Vec<ErrorCode>)| {
        let names: Vec<String> = codes.iter().map(|code| format!("`{}`", code.name())).collect();
        let schema = Ref::from_schema_name(Problem::name());
        let content = ContentBuilder::new().schema(Some(schema)).example(codes.first().copied().map(problem)).build();
        let mut response = ResponseBuilder::new().description(names.join(", ")).content(MEDIA_TYPE, content).build();
        let waits = matches!(status, 429 | 503).then_some(RETRY_AFTER);
        response.headers.extend(header_refs(ALWAYS.into_iter().chain(waits)));
        (response_name(status), RefOr::T(response))
    };
    codes.into_iter().map(describe).collect()
}

/// An example of an error.
fn problem(code: ErrorCode) -> Value {
    let errors = match code {
        ErrorCode::Validation => json!([{"field": "email", "message": "This field is required."}]),
        ErrorCode::Conflict => json!([{"field": "email", "message": "Another user has this already."}]),
        _ => json!([]),
    };
    json!({
        "type": format!("/api/docs#{}", code.name()), "title": code.meaning(), "status": code.status(),
        "code": code.name(), "detail": code.meaning(), "errors": errors, "request_id": REQUEST_ID_EXAMPLE,
    })
}

/// Calls a page of codes `CodePage`, and its rows by their name.
pub fn name_pages(document: &mut OpenApi) {
    let row = |name: &str| name.strip_prefix("Page_").map(str::to_owned);
    let page = |row: &str| format!("{row}Page");
    let schemas = &mut document.components.get_or_insert_default().schemas;
    for (name, mut schema) in std::mem::take(schemas) {
        let Some(row) = row(&name) else {
            schemas.insert(name, schema);
            continue;
        };
        if let RefOr::T(Schema::Object(object)) = &mut schema {
            let rows = ArrayBuilder::new().items(Ref::from_schema_name(&row)).build();
            object.properties.insert("data".into(), RefOr::T(Schema::Array(rows)));
        }
        schemas.insert(page(&row), schema);
    }
    for content in contents(document) {
        if let Some(RefOr::Ref(named)) = &mut content.schema
            && let Some(row) = named.ref_location.strip_prefix(SCHEMAS).and_then(row)
        {
            named.ref_location = format!("{SCHEMAS}{}", page(&row));
        }
    }
}

/// The bodies of all answers that are good.
fn contents(document: &mut OpenApi) -> impl Iterator<Item = &mut Content> {
    let operations = document.paths.paths.values_mut().flat_map(operations);
    let answers = operations.flat_map(|(_, operation)| operation.responses.responses.values_mut());
    let contents = answers.filter_map(whole).flat_map(|answer| answer.content.values_mut());
    contents.filter_map(whole)
}

fn whole<T>(part: &mut RefOr<T>) -> Option<&mut T> {
    match part {
        RefOr::T(part) => Some(part),
        RefOr::Ref(_) => None,
    }
}

/// What is answered has all its fields, null or not; only what is sent may leave some out.
pub fn require_what_is_answered(document: &mut OpenApi) {
    let value = serde_json::to_value(&*document).unwrap_or_default();
    let mut sent = BTreeSet::new();
    let items = value["paths"].as_object().into_iter().flat_map(Map::values);
    for operation in items.filter_map(Value::as_object).flat_map(Map::values) {
        collect_names(&value, &operation["requestBody"], &mut sent);
    }
    for (name, schema) in &mut document.components.get_or_insert_default().schemas {
        if !sent.contains(name) {
            require_all(name, schema);
        }
    }
}

/// The names of all schemas that a part of the document leads to.
fn collect_names(document: &Value, part: &Value, found: &mut BTreeSet<String>) {
    match part {
        Value::Object(fields) => {
            if let Some(name) = fields.get("$ref").and_then(Value::as_str).and_then(|name| name.strip_prefix(SCHEMAS))
                && found.insert(name.to_owned())
            {
                collect_names(document, &document["components"]["schemas"][name], found);
            }
            fields.values().for_each(|field| collect_names(document, field, found));
        }
        Value::Array(list) => list.iter().for_each(|item| collect_names(document, item, found)),
        _ => {}
    }
}

fn require_all(name: &str, schema: &mut RefOr<Schema>) {
    match schema {
        RefOr::T(Schema::Object(object)) => {
            let always = |field: &&String| !SOMETIMES_ABSENT.contains(&(name, field));
            object.required = object.properties.keys().filter(always).cloned().collect();
        }
        RefOr::T(Schema::AllOf(all)) => all.items.iter_mut().for_each(|item| require_all(name, item)),
        _ => {}
    }
}

/// Adds what every operation of its kind has: how it can fail, what its answers carry, and how it names itself.
pub fn complete(path: &str, method: &str, operation: &mut Operation) {
    let mut statuses = vec![400, 401, 403, 429, 500, 503];
    if operation.request_body.is_some() {
        statuses.extend([408, 409, 413, 415, 422]);
    } else if operation.parameters.iter().flatten().any(is_query) {
        statuses.push(422);
    }
    if path.contains('{') || path.ends_with("/clicks") {
        statuses.push(404);
    }
    if method == "delete" {
        statuses.push(409);
    }
    let replayed = (method == "post").then_some(REPLAYED);
    for answer in operation.responses.responses.values_mut().filter_map(whole) {
        answer.headers.extend(header_refs(ALWAYS.into_iter().chain(replayed)));
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

/// Adds an example to every body that has none.
pub fn add_examples(document: &mut OpenApi) {
    let value = serde_json::to_value(&*document).unwrap_or_default();
    let schema = |content: &Content| serde_json::to_value(&content.schema).unwrap_or_default();
    for content in contents(document) {
        let sample = samples::answer(&value, &schema(content));
        content.example.get_or_insert(sample);
    }
    for (_, operation) in document.paths.paths.values_mut().flat_map(operations) {
        let body = operation.request_body.as_mut().and_then(whole);
        for content in body.into_iter().flat_map(|body| body.content.values_mut()).filter_map(whole) {
            let sample = samples::request(&value, &schema(content));
            content.example.get_or_insert(sample);
        }
    }
}
