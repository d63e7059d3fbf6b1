//! The OpenAPI document as the data of the page /api/docs.

use crate::{
    server::api::{document::document, problem::ErrorCode, samples::named},
    view_models::api_docs::{ApiDocs, ApiField, ApiObject, ApiOperation},
};
use serde_json::{Map, Value};

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// What the page shows. `base_url` stands in the example.
pub fn api_docs(base_url: &str) -> ApiDocs {
    let document = serde_json::to_value(document()).unwrap_or_default();
    let mut sections: Vec<(String, Vec<ApiOperation>)> =
        document["tags"].as_array().into_iter().flatten().map(|tag| (text(&tag["name"]), vec![])).collect();
    for (path, item) in entries(&document["paths"]) {
        for method in METHODS {
            let operation = &item[method];
            let section = sections.iter_mut().find(|(name, _)| operation["tags"][0] == name.as_str());
            if let Some((_, operations)) = section {
                operations.push(read(&document, method, path, operation));
            }
        }
    }
    sections.retain(|(_, operations)| !operations.is_empty());
    ApiDocs {
        about: text(&document["info"]["description"]).split("\n\n").map(str::to_owned).collect(),
        sections,
        objects: objects(&document),
        errors: ErrorCode::ALL.iter().map(|code| (code.name(), code.status(), code.meaning().to_owned())).collect(),
        example: format!("curl -H 'Authorization: Bearer pal_…' {base_url}/api/v1/codes"),
    }
}

fn read(document: &Value, method: &str, path: &str, operation: &Value) -> ApiOperation {
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    let sent = &operation["requestBody"]["content"]["application/json"];
    let answer = entries(&operation["responses"]).find(|(status, _)| status.starts_with('2'));
    let (status, answer) = answer.unwrap_or(("", &Value::Null));
    let content = &answer["content"]["application/json"];
    ApiOperation {
        id: text(&operation["operationId"]),
        method: method.to_ascii_uppercase(),
        path: path.to_owned(),
        summary: text(&operation["summary"]),
        about: text(&operation["description"]),
        scope: text(&operation["security"][0]["key"][0]),
        parameters: parameters
            .map(|parameter| ApiField {
                name: text(&parameter["name"]),
                kind: kind(&parameter["schema"]),
                required: parameter["required"] == true,
                about: text(&parameter["description"]),
            })
            .collect(),
        body: fields(named(document, &sent["schema"])),
        answer: (status.to_owned(), kind(&content["schema"])),
        sample_request: sample(&sent["example"]),
        sample_answer: sample(&content["example"]),
    }
}

/// JSON on several lines; nothing where there is nothing to show.
fn sample(example: &Value) -> Option<String> {
    let empty = example.is_null() || example.as_object().is_some_and(Map::is_empty);
    (!empty).then(|| serde_json::to_string_pretty(example).unwrap_or_default())
}

fn objects(document: &Value) -> Vec<ApiObject> {
    entries(&document["components"]["schemas"])
        .filter(|(_, schema)| schema["properties"].is_object() && schema["additionalProperties"].is_null())
        .map(|(name, schema)| ApiObject {
            name: name.to_owned(),
            about: text(&schema["description"]),
            fields: fields(schema),
        })
        .collect()
}

fn fields(schema: &Value) -> Vec<ApiField> {
    let required = schema["required"].as_array().cloned().unwrap_or_default();
    entries(&schema["properties"])
        .map(|(name, schema)| ApiField {
            name: name.to_owned(),
            kind: kind(schema),
            required: required.iter().any(|required| required == name),
            about: text(&schema["description"]),
        })
        .collect()
}

/// A schema in a few words.
fn kind(schema: &Value) -> String {
    if let Some(name) = schema["$ref"].as_str() {
        return name.rsplit('/').next().unwrap_or(name).to_owned();
    }
    if let Some(choices) = schema["oneOf"].as_array() {
        let words: Vec<String> = choices.iter().map(kind).filter(|word| word != "null").collect();
        return format!("{}, or null", words.join(" or "));
    }
    if let Some(values) = schema["enum"].as_array() {
        let words: Vec<String> = values.iter().filter(|value| value.is_string()).map(text).collect();
        return words.join(", ");
    }
    let types: Vec<&str> = match &schema["type"] {
        Value::String(one) => vec![one],
        Value::Array(several) => several.iter().filter_map(Value::as_str).collect(),
        _ => vec![],
    };
    let words: Vec<String> = types.iter().map(|name| word(name, schema)).collect();
    words.join(", or ")
}

fn word(name: &str, schema: &Value) -> String {
    match name {
        "integer" => "whole number".into(),
        "string" if schema["format"] == "date-time" => "time".into(),
        "string" => "text".into(),
        "boolean" => "true or false".into(),
        "array" => format!("list of {}", kind(&schema["items"])),
        other => other.to_owned(),
    }
}

fn entries(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    value.as_object().into_iter().flatten().map(|(name, value)| (name.as_str(), value))
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::api::document::required_scopes;

    #[test]
    fn every_operation_is_on_the_page_with_its_scope() {
        let docs = api_docs("https://refer.example.com");
        let shown: usize = docs.sections.iter().map(|(_, operations)| operations.len()).sum();
        assert_eq!(shown, required_scopes().len());
        for operation in docs.sections.iter().flat_map(|(_, operations)| operations) {
            assert!(!operation.summary.is_empty() && !operation.scope.is_empty(), "{operation:?}");
            assert_eq!(operation.sample_answer.is_some(), operation.answer.0 != "204", "{operation:?}");
        }
        let create = docs.sections[0].1.iter().find(|o| o.method == "POST" && o.path.ends_with("/codes"));
        let create = create.expect("an operation");
        assert_eq!(create.answer, ("201".into(), "Code".into()));
        let sample: Value = serde_json::from_str(create.sample_answer.as_deref().expect("a sample")).expect("JSON");
        assert_eq!((&sample["code"], &sample["status"]), (&Value::from("SPRING26"), &Value::from("active")));
        let description = create.body.iter().find(|field| field.name == "description").expect("a field");
        assert_eq!((description.kind.as_str(), description.required), ("text", true));
        assert!(docs.objects.iter().any(|object| object.name == "Code"));
        assert!(docs.errors.iter().any(|(code, status, _)| code == "code_not_found" && *status == 404));
    }
}
