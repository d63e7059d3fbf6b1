//! Samples of what is sent and comes back, made from the schemas of the OpenAPI document: an example where a schema has
//! one, else what is likely for a field of this name.

use serde_json::{Value, json};

/// Schemas inside of schemas that are followed.
const MAX_DEPTH: usize = 16;

/// Lists that a sample has an element of; others of objects are empty.
const FILLED_LISTS: [&str; 2] = ["data", "revenue"];

/// Values that are chosen before others.
const LIKELY: [&str; 4] = ["active", "api", "campaign", "counted"];

/// What is null where all is well.
const ABSENT: [&str; 13] = [
    "converted_at",
    "ends_at",
    "failing_since",
    "last_problem",
    "milestone",
    "next_at",
    "old_secret_until",
    "option",
    "parked_because",
    "problem",
    "reason",
    "redeemed_at",
    "starts_at",
];

/// What is false where all is well.
const OFF: [&str; 5] = ["disabled", "frozen", "in_review", "needs_approval", "referral_codes_required"];

/// What a request has in its sample besides the fields that it must have.
const USEFUL: [&str; 14] = [
    "amount",
    "code",
    "count",
    "currency",
    "default_goal",
    "description",
    "events",
    "external_id",
    "kind",
    "max_uses",
    "recipient",
    "scopes",
    "since",
    "trigger",
];

/// What comes back.
pub fn answer(document: &Value, schema: &Value) -> Value {
    Samples { document, request: false }.of("", schema, 0)
}

/// What is sent.
pub fn request(document: &Value, schema: &Value) -> Value {
    Samples { document, request: true }.of("", schema, 0)
}

/// The schema that a reference names, or the schema itself.
pub fn named<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    let pointer = schema["$ref"].as_str().and_then(|name| name.strip_prefix('#'));
    pointer.and_then(|pointer| document.pointer(pointer)).unwrap_or(schema)
}

struct Samples<'a> {
    document: &'a Value,
    /// Whether only what is needed is in it.
    request: bool,
}

impl Samples<'_> {
    /// A sample of the field `name`.
    fn of(&self, name: &str, schema: &Value, depth: usize) -> Value {
        if depth > MAX_DEPTH {
            return Value::Null;
        }
        if let Some(given) = schema.get("example").or_else(|| schema["examples"].get(0)) {
            return given.clone();
        }
        if schema["default"].is_object() {
            return schema["default"].clone();
        }
        if schema["$ref"].is_string() {
            return self.of(name, named(self.document, schema), depth + 1);
        }
        if let Some(values) = schema["enum"].as_array() {
            let likely = values.iter().find(|value| value.as_str().is_some_and(|value| LIKELY.contains(&value)));
            return likely.or(values.first()).cloned().unwrap_or_default();
        }
        // An empty one shows nothing.
        if let Some(value) = schema.get("default").filter(|value| !value.is_null() && *value != "") {
            return value.clone();
        }
        if ABSENT.contains(&name) && may_be_null(schema) {
            return Value::Null;
        }
        if let Some(parts) = schema["allOf"].as_array() {
            let parts = parts.iter().map(|part| self.of(name, part, depth + 1));
            return Value::Object(parts.filter_map(|part| part.as_object().cloned()).flatten().collect());
        }
        if let Some(choices) = schema["oneOf"].as_array() {
            let choice = choices.iter().find(|choice| choice["type"] != "null");
            return choice.map_or(Value::Null, |choice| self.of(name, choice, depth + 1));
        }
        let nullable = may_be_null(schema);
        match kind(schema) {
            "object" => self.object(schema, depth),
            "array" => self.list(name, &schema["items"], depth),
            "boolean" => json!(!OFF.contains(&name)),
            "integer" | "number" => integer(name, schema),
            "string" => string(name, schema, nullable),
            _ => Value::Null,
        }
    }

    fn object(&self, schema: &Value, depth: usize) -> Value {
        let properties = schema["properties"].as_object().into_iter().flatten();
        let required = |name: &str| schema["required"].as_array().map(|all| all.iter().any(|one| one == name));
        let shown = |name: &str| match self.request {
            true => required(name) == Some(true) || USEFUL.contains(&name),
            false => required(name) != Some(false),
        };
        let fields = properties
            .filter(|(name, _)| shown(name))
            .map(|(name, schema)| (name.clone(), self.of(name, schema, depth + 1)));
        Value::Object(fields.collect())
    }

    fn list(&self, name: &str, items: &Value, depth: usize) -> Value {
        let item = self.of(name, items, depth + 1);
        let left_out = item.is_null() || item.is_object() && !FILLED_LISTS.contains(&name);
        if left_out { json!([]) } else { json!([item]) }
    }
}

fn may_be_null(schema: &Value) -> bool {
    let null = |one: &Value| one == "null" || one["type"] == "null";
    [&schema["type"], &schema["oneOf"]].into_iter().filter_map(Value::as_array).flatten().any(null)
}

/// The type of a schema that may also be null.
fn kind(schema: &Value) -> &str {
    match &schema["type"] {
        Value::String(one) => one,
        Value::Array(several) => {
            several.iter().filter_map(Value::as_str).find(|one| *one != "null").unwrap_or_default()
        }
        _ => "",
    }
}

fn integer(name: &str, schema: &Value) -> Value {
    let least = schema["minimum"].as_i64().unwrap_or_default();
    let likely = match name {
        "id" => 42,
        "amount" | "net_amount" | "granted" | "available" => 1_999,
        "attribution_window_days" | "conversion_hold_days" | "days" => 30,
        "clicks_per_network_hour" => 300,
        "max_uses" => 100,
        "default_goal" | "goal" => 10,
        "frozen" | "owed" | "expired" | "refunded" => 0,
        "basis_points" | "duplicate_of" => return Value::Null,
        name if name.ends_with("_id") => 7,
        _ => 5,
    };
    json!(likely.max(least))
}

fn string(name: &str, schema: &Value, nullable: bool) -> Value {
    if schema["format"] == "date-time" {
        return json!("2026-12-31T18:00:00Z");
    }
    let likely = match name {
        "accent_color" => "#3550c4",
        "category" => "newsletter",
        "channel" => "email",
        "click_id" => "k3Jx8uQmT0a",
        "click_id_parameter" => "click_id",
        "code" => "SPRING26",
        "currency" => "USD",
        "description" => "Spring campaign",
        "email" => "ana@example.com",
        "external_id" => "u_1001",
        "full_name" => "Ana Díaz",
        "kind" => "account_credit",
        "link" => "https://refer.example.com/r/SPRING26",
        "link_destination" => "https://example.com/welcome",
        "locale" => "en",
        "name" => "Spring",
        "option" => "credit",
        "policy_url" => "https://example.com/terms",
        "program_name" => "Acme Friends",
        "reason" => "Agreed with the customer",
        "ref_parameter" => "ref",
        "refs" | "provider_refs" => "pi_1001",
        "role" => "user",
        "rule" => "last_click",
        "source_id" => "inv_1001",
        "time_zone" => "Europe/Berlin",
        "type" => "user.created",
        "username" => "ana",
        "verdict" => "chosen",
        "welcome_text" => "Share your link with friends.",
        "personal_code_prefix" => "",
        _ if nullable => return Value::Null,
        _ => "…",
    };
    json!(likely)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_has_what_its_schema_says() {
        let document = json!({"components": {"schemas": {
            "Kind": {"type": "string", "enum": ["one", "two"]},
            "Money": {"type": "object", "properties": {"amount": {"type": "integer"}, "currency": {"type": "string"}}},
        }}});
        let schema = json!({"type": "object", "required": ["kind"], "properties": {
            "kind": {"$ref": "#/components/schemas/Kind"},
            "revenue": {"type": "array", "items": {"$ref": "#/components/schemas/Money"}},
            "taken": {"type": "array", "items": {"$ref": "#/components/schemas/Money"}},
            "code": {"type": ["string", "null"]},
            "unheard_of": {"type": ["string", "null"]},
            "count": {"type": "integer", "minimum": 9},
            "status": {"type": ["integer", "null"], "examples": [null]},
        }});
        let whole = json!({
            "kind": "one", "revenue": [{"amount": 1_999, "currency": "USD"}], "taken": [], "code": "SPRING26",
            "unheard_of": null, "count": 9, "status": null,
        });
        assert_eq!(answer(&document, &schema), json!({"kind": "one"}));
        let mut all = schema.clone();
        all["required"].take();
        assert_eq!(answer(&document, &all), whole);
        assert_eq!(request(&document, &schema), json!({"kind": "one", "code": "SPRING26", "count": 9}));
        assert_eq!(answer(&document, &Value::Null), Value::Null);
    }
}
