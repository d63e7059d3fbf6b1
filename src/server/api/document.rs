//! The OpenAPI document: collected from the routes, with what all of them have in common.

use crate::server::api::{
    document_parts::{self as parts, operations},
    routes::{ROOT, routes},
};
use std::{collections::BTreeMap, sync::LazyLock};
use utoipa::openapi::{Info, OpenApi, OpenApiBuilder, RefOr, Server, path::ParameterIn, tag::TagBuilder};

const ABOUT: &str = "Everything a host product needs to run its referral program: codes, users, clicks, payments, events, settings and numbers.

Send a key as `Authorization: Bearer pal_…`; an admin makes keys on the page *API keys*. A key has one of the scopes \
`read`, `write` (which contains `read`) and `admin` (which contains both). A *publishable* key (`pub_…`) may stand in a web page: \
it opens `POST /codes/validate` and `POST /clicks` to browsers on the origins that it lists, and nothing else. A secret key may \
send 6,000 requests a minute; with publishable keys a network address may send 60.

Times are RFC 3339 in UTC, money is in the smallest units of its currency. Lists have `data` and `next`; send `next` as \
`after` for the next page. A query parameter that an operation does not know is refused (`unknown_parameter`).

In a PATCH, what is left out stays as it is, and `null` clears it; what cannot be empty refuses `null`. Objects and lists inside \
the body are replaced as a whole.

Errors are `application/problem+json` with a stable `code`, and with a \
`detail` in the language of `Accept-Language`, if it is spoken here.

Every answer has an `X-Request-Id`, also in `request_id` of an error: yours, if you send one of up to 128 letters, digits and \
`-_.:/+=@`, else a new one. The server's log knows a failed request by it. `RateLimit-Limit`, `RateLimit-Remaining` and \
`RateLimit-Reset` say how many requests the caller has in a minute, how many are left, and in how many seconds all are back.

Every POST takes an `Idempotency-Key`: for 24 hours the same key with the same request gives the same answer and does \
nothing again. Requests are the same when their JSON says the same, in whatever order and layout. What was refused was not \
done, and can be tried again with the same key.";

/// What the operations are about, in the order in which they are read.
const TAGS: [(&str, &str); 10] = [
    ("codes", "Personal and campaign codes"),
    ("users", "People of the host product, and whom they brought"),
    ("clicks", "Visits that the host product has seen"),
    ("conversions", "Payments and refunds"),
    ("rewards", "Rewards and balances"),
    ("rules", "What rewards are given for"),
    ("events", "What happened"),
    ("webhooks", "Where events are sent to, and what was delivered"),
    ("program", "Settings and numbers of the whole program"),
    ("keys", "Keys of this API"),
];

/// The document before the routes are in it.
fn head() -> OpenApi {
    let tag = |(name, about): (&str, &str)| TagBuilder::new().name(name).description(Some(about)).build();
    OpenApiBuilder::new().info(Info::new("Passalong", env!("CARGO_PKG_VERSION"))).tags(Some(TAGS.map(tag))).build()
}

/// The whole document, without the server's address.
pub fn document() -> &'static OpenApi {
    static DOCUMENT: LazyLock<OpenApi> = LazyLock::new(build);
    &DOCUMENT
}

/// The document of the server at this address, as JSON.
pub fn text(base_url: &str) -> String {
    let mut document = document().clone();
    document.servers = Some(vec![Server::new(base_url)]);
    document.to_pretty_json().unwrap_or_default()
}

fn build() -> OpenApi {
    let (_, routes) = routes().split_for_parts();
    let mut document = head().nest(ROOT, routes);
    document.info.description = Some(ABOUT.into());
    parts::add_components(&mut document);
    parts::name_pages(&mut document);
    parts::require_what_is_answered(&mut document);
    for (path, item) in &mut document.paths.paths {
        for (method, operation) in operations(item) {
            parts::complete(path, method, operation);
        }
    }
    parts::add_examples(&mut document);
    document
}

/// The names of the query's parameters of every operation: method and path, as in the document.
pub fn query_parameters() -> BTreeMap<(String, String), Vec<String>> {
    let mut document = document().clone();
    let mut known = BTreeMap::new();
    for (path, item) in &mut document.paths.paths {
        for (method, operation) in operations(item) {
            let parameters = operation.parameters.iter().flatten();
            let names = parameters.filter_map(|parameter| match parameter {
                RefOr::T(parameter) if parameter.parameter_in == ParameterIn::Query => Some(parameter.name.clone()),
                _ => None,
            });
            known.insert((method.to_ascii_uppercase(), path.clone()), names.collect());
        }
    }
    known
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
    use regex::Regex;
    use serde_json::Value;
    use std::collections::BTreeSet;

    fn all() -> Vec<(String, Value)> {
        let mut document = document().clone();
        let mut found = vec![];
        for (path, item) in &mut document.paths.paths {
            for (method, operation) in operations(item) {
                found.push((format!("{method} {path}"), serde_json::to_value(&*operation).expect("JSON")));
            }
        }
        found
    }

    #[test]
    fn every_operation_has_a_name_of_its_own_and_a_known_tag() {
        let name = Regex::new("^[a-z]+([A-Z][a-z]+)+$").expect("a pattern");
        let mut names = BTreeSet::new();
        for (operation, what) in all() {
            let id = what["operationId"].as_str().expect("a name").to_owned();
            assert!(name.is_match(&id), "{operation} is named {id}: say what it does to what, as createCode");
            assert!(names.insert(id), "{operation}");
            assert!(TAGS.iter().any(|(tag, _)| what["tags"] == serde_json::json!([tag])), "{operation}");
        }
    }

    #[test]
    fn every_body_has_a_name_and_an_example() {
        let document = serde_json::to_value(document()).expect("JSON");
        for (operation, what) in all() {
            let answers = what["responses"].as_object().expect("answers");
            let good = answers.iter().filter(|(status, _)| status.starts_with('2'));
            let bodies = good.map(|(_, answer)| answer).chain(what.get("requestBody"));
            for content in bodies.map(|body| &body["content"]["application/json"]).filter(|content| !content.is_null())
            {
                let schema = &content["schema"];
                assert!(schema["$ref"].is_string(), "{operation}: {schema}");
                let wrong = faults(&document, schema, content.get("example").unwrap_or(&Value::Null), "");
                assert!(wrong.is_empty(), "{operation}: {wrong:?} in {:#}", content["example"]);
            }
            for status in ["400", "401", "403", "429", "500", "503"] {
                assert!(answers.contains_key(status), "{operation}: {status}");
            }
            for (status, answer) in answers.iter().filter(|(status, _)| !status.starts_with('2')) {
                let answer = document.pointer(answer["$ref"].as_str().expect("a name").trim_start_matches('#'));
                let content = &answer.expect("an answer")["content"]["application/problem+json"];
                let wrong = faults(&document, &content["schema"], &content["example"], "");
                assert!(wrong.is_empty(), "{operation} {status}: {wrong:?}");
            }
        }
    }

    #[test]
    fn everything_that_is_named_is_there() {
        let document = serde_json::to_value(document()).expect("JSON");
        fn refs<'a>(value: &'a Value, found: &mut BTreeSet<&'a str>) {
            match value {
                Value::Object(fields) => {
                    found.extend(fields.get("$ref").and_then(Value::as_str));
                    fields.values().for_each(|value| refs(value, found));
                }
                Value::Array(list) => list.iter().for_each(|value| refs(value, found)),
                _ => {}
            }
        }
        let mut found = BTreeSet::new();
        refs(&document, &mut found);
        for name in &found {
            assert!(document.pointer(name.trim_start_matches('#')).is_some(), "{name}");
        }
        for name in document["components"]["schemas"].as_object().expect("schemas").keys() {
            assert!(!name.contains('_'), "{name} has the name of no type");
            assert!(found.contains(&*format!("#/components/schemas/{name}")), "{name} is used nowhere");
        }
    }

    /// What is wrong with a value, as far as the document's schemas say.
    fn faults(document: &Value, schema: &Value, value: &Value, at: &str) -> Vec<String> {
        if let Some(name) = schema["$ref"].as_str() {
            let named = document.pointer(name.trim_start_matches('#')).expect("a schema");
            return faults(document, named, value, at);
        }
        if let Some(all) = schema["allOf"].as_array() {
            return all.iter().flat_map(|one| faults(document, one, value, at)).collect();
        }
        if let Some(some) = schema["oneOf"].as_array() {
            let fits = some.iter().filter(|one| faults(document, one, value, at).is_empty()).count();
            return if fits == 1 { vec![] } else { vec![format!("{at}: {value} fits {fits} of {}", some.len())] };
        }
        let kind = match value {
            Value::Null => "null",
            Value::Bool(_) => "boolean",
            Value::Number(_) => "integer",
            Value::String(_) => "string",
            Value::Array(_) => "array",
            Value::Object(_) => "object",
        };
        let kinds = schema["type"].as_array().cloned().unwrap_or_else(|| vec![schema["type"].clone()]);
        if !schema["type"].is_null() && !kinds.iter().any(|known| known == kind) {
            return vec![format!("{at}: {value} is no {}", schema["type"])];
        }
        let mut wrong = vec![];
        let mut require = |fits: bool, rule: &str| {
            if !fits {
                wrong.push(format!("{at}: {value} breaks {rule} {}", schema[rule]));
            }
        };
        if let Some(known) = schema["enum"].as_array() {
            require(known.contains(value), "enum");
        }
        if let Some(number) = value.as_i64() {
            require(schema["minimum"].as_i64().is_none_or(|least| number >= least), "minimum");
            require(schema["maximum"].as_i64().is_none_or(|most| number <= most), "maximum");
        }
        if let Some(text) = value.as_str() {
            let length = u64::try_from(text.chars().count()).expect("a length");
            require(schema["minLength"].as_u64().is_none_or(|least| length >= least), "minLength");
            require(schema["maxLength"].as_u64().is_none_or(|most| length <= most), "maxLength");
            let pattern = schema["pattern"].as_str().map(|pattern| Regex::new(pattern).expect("a pattern"));
            require(pattern.is_none_or(|pattern| pattern.is_match(text)), "pattern");
        }
        if let Some(fields) = value.as_object() {
            let needed = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
            wrong.extend(
                needed.filter(|name| !fields.contains_key(*name)).map(|name| format!("{at}.{name} is missing")),
            );
            for (name, value) in fields {
                match schema["properties"].get(name) {
                    Some(schema) => wrong.extend(faults(document, schema, value, &format!("{at}.{name}"))),
                    None if schema["additionalProperties"] == false => wrong.push(format!("{at}.{name} is unknown")),
                    None => {}
                }
            }
        }
        for item in value.as_array().into_iter().flatten() {
            wrong.extend(faults(document, &schema["items"], item, &format!("{at}[]")));
        }
        wrong
    }
}
