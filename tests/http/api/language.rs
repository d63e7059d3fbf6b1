//! What errors are written in: `detail` and the messages of fields follow `Accept-Language`, codes and titles never
//! change.

use super::{Answer, Api};
use crate::{on_both, site::Site};
use serde_json::{Value, json};

/// A request by a program that accepts these languages.
async fn told(api: &Api, accepted: &str, method: &str, path: &str, body: Option<Value>) -> Answer {
    api.send(method, path, &[("accept-language", accepted)], body).await
}

/// The detail and the first message about a field.
fn said(answer: &Answer) -> (&str, &str) {
    let text = |value: &'static str| answer.body[value].as_str().unwrap_or_default();
    (text("detail"), answer.body["errors"][0]["message"].as_str().unwrap_or_default())
}

on_both!(errors_are_in_the_language_that_is_accepted, |db| {
    let site = Site::start(db).await;
    let api = Api::new(&site, "read").await;
    let english = "There is nothing at this address.";
    for (accepted, language, detail) in [
        ("en", "en", english),
        ("es", "es", "No hay nada en esta dirección."),
        ("es-MX,es;q=0.9,en;q=0.8", "es", "No hay nada en esta dirección."),
        ("fr, es;q=0.4, en;q=0.2", "es", "No hay nada en esta dirección."),
        ("xx", "en", english),
        ("", "en", english),
        (";;q=,,\"*", "en", english),
    ] {
        for path in ["/no-such-thing", "/"] {
            let answer = told(&api, accepted, "GET", path, None).await;
            assert_eq!((answer.status, answer.code()), (404, "not_found"), "{accepted}");
            assert_eq!(said(&answer).0, detail, "{accepted}");
            assert_eq!(answer.header("content-language"), language, "{accepted}");
            let vary: Vec<_> =
                answer.headers.get_all("vary").iter().map(|value| value.to_str().expect("text")).collect();
            assert!(vary.join(", ").to_lowercase().contains("accept-language"), "{vary:?}");
            assert_eq!(answer.body["title"], "There is nothing at this address, or no longer.");
        }
    }
    // Without the header, too.
    assert_eq!(said(&api.get("/no-such-thing").await).0, english);
});

on_both!(the_messages_of_fields_follow_as_well, |db| {
    let site = Site::start(db).await;
    let (api, reader) = (Api::new(&site, "admin").await, Api::new(&site, "read").await);
    let new = || Some(json!({"description": "d", "surprise": 1}));
    for (accepted, missing, unknown, kind) in [
        ("en", "This field is required.", "There is no such field. Expected ", "Expected i64, got string \"x\"."),
        (
            "es",
            "Este campo es obligatorio.",
            "Ese campo no existe. Se esperaba ",
            "Se esperaba i64, pero llegó string \"x\".",
        ),
    ] {
        let answer = told(&api, accepted, "POST", "/codes", Some(json!({}))).await;
        assert_eq!((answer.code(), answer.fields()), ("validation", vec!["description"]));
        assert_eq!(said(&answer), (missing, missing));
        let answer = told(&api, accepted, "POST", "/codes", new()).await;
        assert_eq!((answer.code(), answer.fields()), ("validation", vec!["surprise"]));
        assert!(said(&answer).1.starts_with(unknown) && said(&answer).1.contains("max_uses"), "{answer:?}");
        let answer = told(&api, accepted, "PATCH", "/settings", Some(json!({"default_goal": "x"}))).await;
        assert_eq!((answer.code(), answer.fields(), said(&answer).1), ("validation", vec!["default_goal"], kind));
    }
    for (accepted, rows, scope) in [
        ("en", "Please ask for 1 to 100 rows.", "This needs an API key with the scope “admin”."),
        ("es", "Pide de 1 a 100 filas.", "Se necesita una clave de API con el permiso «admin»."),
    ] {
        let answer = told(&api, accepted, "GET", "/codes?limit=0", None).await;
        assert_eq!((answer.fields(), said(&answer).1), (vec!["limit"], rows));
        let answer = told(&reader, accepted, "PATCH", "/settings", Some(json!({}))).await;
        assert_eq!((answer.code(), said(&answer).0), ("forbidden", scope));
    }
});
