//! The REST API, as a host product calls it.

mod access_control;
mod attribution;
mod clicks;
mod codes;
mod document;
mod events;
mod headers;
mod keys;
mod language;
mod once;
mod program;
mod publishable;
mod users;
mod webhooks;

use crate::site::Site;
use passalong::server::actions::api_keys::create_api_key::{self, KeyFields, Wanted};
use passalong::server::auth::caller::{Actor, Authority};
use reqwest::{Client, Method, header::HeaderMap};
use serde_json::Value;

/// A program that calls the API with a key.
#[derive(Clone)]
pub struct Api {
    client: Client,
    base: String,
    pub key: String,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Value,
}

impl Api {
    /// A program with a new key of these scopes.
    pub async fn new(site: &Site, scopes: &str) -> Self {
        Self::create(site, scopes, Wanted::Scopes(scopes)).await
    }

    /// A page with a new publishable key for these origins. Which page it is, says each request.
    pub async fn publishable(site: &Site, origins: &str) -> Self {
        Self::create(site, "page", Wanted::Origins(origins)).await
    }

    async fn create(site: &Site, name: &str, wanted: Wanted<'_>) -> Self {
        let actor = Actor { id: None, name: "test".into(), authority: Authority::Server };
        let (state, fields) = (&site.state, KeyFields::parse(name, wanted).expect("a key"));
        let created = create_api_key::run(&state.db, &state.rng, &actor, &fields, None, state.clock.now()).await;
        Self::with(site, &created.expect("a key").1.0)
    }

    /// A program with this key; without one when it is empty.
    pub fn with(site: &Site, key: &str) -> Self {
        Self { client: crate::clients::client(), base: format!("http://127.0.0.1:{}", site.port), key: key.to_owned() }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[], None).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.send("POST", path, &[], Some(body)).await
    }

    pub async fn patch(&self, path: &str, body: Value) -> Answer {
        self.send("PATCH", path, &[], Some(body)).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Answer {
        self.send("PUT", path, &[], Some(body)).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.send("DELETE", path, &[], None).await
    }

    pub async fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Option<Value>) -> Answer {
        let text = body.map(|body| body.to_string());
        self.send_text(method, path, headers, text.as_deref()).await
    }

    /// Sends a body as it is. Paths are below `/api/v1`.
    pub async fn send_text(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Option<&str>) -> Answer {
        let method = Method::from_bytes(method.as_bytes()).expect("a method");
        let mut request = self.client.request(method, format!("{}/api/v1{path}", self.base));
        if !self.key.is_empty() {
            request = request.header("authorization", format!("Bearer {}", self.key));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(body) = body {
            if !headers.iter().any(|(name, _)| *name == "content-type") {
                request = request.header("content-type", "application/json");
            }
            request = request.body(body.to_owned());
        }
        let response = request.send().await.expect("an answer");
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await.expect("a body");
        Answer { status, headers, body: serde_json::from_str(&text).unwrap_or(Value::String(text)) }
    }
}

impl Answer {
    /// The stable code of a problem; fails for an answer that is no problem.
    pub fn code(&self) -> &str {
        assert_eq!(self.header("content-type"), "application/problem+json", "{self:?}");
        assert_eq!(self.body["status"], self.status, "{self:?}");
        self.body["code"].as_str().expect("a code")
    }

    /// The fields that a problem is about.
    pub fn fields(&self) -> Vec<&str> {
        self.body["errors"].as_array().into_iter().flatten().filter_map(|error| error["field"].as_str()).collect()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| value.to_str().expect("text")).unwrap_or_default()
    }

    /// All that is said in headers of this name, each part by itself.
    pub fn header_values(&self, name: &str) -> impl Iterator<Item = &str> {
        let all = self.headers.get_all(name).iter();
        all.flat_map(|value| value.to_str().expect("text").split(',').map(str::trim))
    }

    /// What was asked for, with the status that it should come with.
    pub fn with(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{:?}", self.body);
        self.body
    }
}
