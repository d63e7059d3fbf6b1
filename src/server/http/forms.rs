//! Forms without a script: a form posts to its page's own address, the same server function that an island would call
//! is called, and the browser is sent on; or the page comes back with what was typed and what is wrong with it.

use crate::{
    components::form::Submitted,
    domain::{message::Message, path::LocalPath},
    error::{AppError, Refusal},
    server::{
        context::{
            request_body::{MAX_BODY, read_body_of},
            request_context::{provide_sent_form, respond_with_error, texts_of},
        },
        exports::plain_error,
        http::pages::render_page,
        state::AppState,
    },
};
use axum::{
    extract::{Request, State},
    http::{HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use futures::future::BoxFuture;
use leptos::reactive::computed::ScopedFuture;
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_axum::ResponseOptions;
use serde::de::DeserializeOwned;
use std::sync::PoisonError;

/// Bytes of a form that a list of addresses is pasted into.
const MAX_LIST: usize = 256 * 1_024;

/// Calls one server function with the fields of a form; where it leads.
type Call = fn(&str) -> BoxFuture<'static, Result<LocalPath, Refusal>>;

/// The forms of a page: the value of their hidden field `form`, and what they call.
pub type Forms = &'static [(&'static str, Call)];

/// The call of a server function that leads somewhere.
pub fn call<F>(fields: &str) -> BoxFuture<'static, Result<LocalPath, Refusal>>
where
    F: ServerFn<Output = LocalPath, Error = Refusal> + DeserializeOwned + Send + 'static,
{
    match serde_urlencoded::from_str::<F>(fields) {
        Ok(function) => Box::pin(function.run_body()),
        Err(_) => Box::pin(async { Err(Refusal::from(AppError::invalid("", Message::Malformed))) }),
    }
}

/// Answers a form: leads on with 303, or shows the page again.
pub async fn submit(State(state): State<AppState>, request: Request, forms: Forms) -> Response {
    let (parts, body) = request.into_parts();
    let takes_list = forms.iter().any(|(name, _)| *name == "mail_codes");
    let bytes = match read_body_of(body, if takes_list { MAX_LIST } else { MAX_BODY }).await {
        Ok(bytes) => bytes,
        Err(error) => return plain_error(&error.into()),
    };
    let fields = with_chosen_together(String::from_utf8_lossy(&bytes).into_owned());
    let values: Vec<(String, String)> = serde_urlencoded::from_str(&fields).unwrap_or_default();
    let form = values.iter().find(|(name, _)| name == "form").map(|(_, value)| value.as_str());
    let Some((name, call)) = forms.iter().find(|(name, _)| form.is_none_or(|form| form == *name)) else {
        let text = texts_of(&state, &parts).problem_form_unknown();
        return (StatusCode::UNPROCESSABLE_ENTITY, text).into_response();
    };
    let number = values.iter().find(|(name, _)| name == "form_number").map(|(_, value)| value.as_str());
    let (result, options) = run(&state, &parts, *call, &fields, number).await;
    match result {
        Ok(path) => redirect_to(&path, &options),
        Err(error) => {
            let submitted = Submitted {
                form: (*name).to_owned(),
                values: values.into_iter().filter(|(name, _)| !is_secret(name)).collect(),
                errors: error.fields.clone(),
            };
            let again = move || {
                provide_context(submitted.clone());
                provide_context(error.clone());
                respond_with_error(&error);
            };
            render_page(state, parts, again).await
        }
    }
}

/// Fields that a form may send several of, one for each box that is ticked.
const TOGETHER: [&str; 2] = ["ids", "events"];

/// The fields of a form with the values of all boxes that are ticked in a list, each a field of its own, as one field
/// that has them parted by commas: a function has one value for each argument.
fn with_chosen_together(fields: String) -> String {
    let values: Vec<(String, String)> = serde_urlencoded::from_str(&fields).unwrap_or_default();
    let (chosen, mut rest): (Vec<_>, Vec<_>) =
        values.into_iter().partition(|(name, _)| TOGETHER.contains(&name.as_str()));
    if chosen.is_empty() {
        return fields;
    }
    for name in TOGETHER {
        let of_name = chosen.iter().filter(|(chosen, _)| chosen == name);
        let values: Vec<&str> = of_name.map(|(_, value)| value.as_str()).collect();
        if !values.is_empty() {
            rest.push((name.into(), values.join(",")));
        }
    }
    serde_urlencoded::to_string(&rest).unwrap_or(fields)
}

fn is_secret(field: &str) -> bool {
    matches!(field, "password" | "current")
}

/// Runs the server function as if the browser had called it.
async fn run(
    state: &AppState,
    parts: &Parts,
    call: Call,
    fields: &str,
    number: Option<&str>,
) -> (Result<LocalPath, Refusal>, ResponseOptions) {
    let owner = Owner::new();
    let options = ResponseOptions::default();
    let running = owner.with(|| {
        provide_context(state.clone());
        provide_context(parts.clone());
        provide_context(options.clone());
        provide_context(texts_of(state, parts));
        provide_sent_form(fields, number);
        ScopedFuture::new(call(fields))
    });
    (running.await, options)
}

fn redirect_to(next: &LocalPath, options: &ResponseOptions) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    let headers = std::mem::take(&mut options.0.write().unwrap_or_else(PoisonError::into_inner).headers);
    response.headers_mut().extend(headers);
    if let Ok(location) = HeaderValue::from_str(next.as_str()) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_chosen_in_a_list_is_one_field() {
        let together = |fields: &str| with_chosen_together(fields.into());
        assert_eq!(together("ids=1&form=x&ids=22&reason=a+b"), "form=x&reason=a+b&ids=1%2C22");
        assert_eq!(together("events=a.b&events=c.d&ids=7"), "ids=7&events=a.b%2Cc.d");
        assert_eq!(together("form=x&form=y&a=%20b"), "form=x&form=y&a=%20b");
    }
}
