//! The built styles, scripts and pictures, served from what the program hands in.

use crate::{
    domain::theme::{self, Color},
    server::{auth::header_text::header_text, config::site::Site},
    view_models::page::Assets,
};
use axum::{
    extract::{Path, Request},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use std::borrow::Cow;

/// The addresses of the built files, whose names carry the hash of their content.
pub fn names(site: Site) -> Assets {
    let paths = (site.paths)();
    let find = |stem: &str, extension: &str| {
        let (start, end) = (format!("pkg/{stem}."), format!(".{extension}"));
        let name = paths.iter().find(|name| name.starts_with(&start) && name.ends_with(&end));
        name.map(|name| format!("/{name}")).unwrap_or_default()
    };
    let css = find("style", "css");
    let css_text = (site.file)(css.trim_start_matches('/')).unwrap_or_default();
    Assets {
        css_text: String::from_utf8_lossy(&css_text).into_owned(),
        css,
        js: find("passalong", "js"),
        wasm: find("passalong", "wasm"),
        early: find("early", "js"),
        hydrate: find("hydrate", "js"),
        live: find("live", "js"),
        partial_refresh: find("partial-refresh", "js"),
        idiomorph: find("idiomorph", "js"),
        form_checks: find("form-checks", "js"),
        chart: find("chart", "js"),
        settings_form: find("settings-form", "js"),
    }
}

/// `GET /theme/RRGGBB.css`: the style's tokens for a colour.
pub async fn theme(Path(name): Path<String>) -> Response {
    let color = name.strip_suffix(".css").and_then(|digits| Color::parse(&format!("#{digits}")));
    let Some(color) = color else { return StatusCode::NOT_FOUND.into_response() };
    let headers = [(header::CONTENT_TYPE, "text/css"), (header::CACHE_CONTROL, "public, max-age=31536000, immutable")];
    (headers, theme::css(color)).into_response()
}

/// The file of a request's path, compressed when the browser takes it so; `None` when there is no such file.
pub fn file(site: Site, request: &Request) -> Option<Response> {
    let path = request.uri().path().trim_start_matches('/');
    let accepts = header_text(request.headers(), header::ACCEPT_ENCODING);
    let takes =
        |encoding: &str| accepts.split(',').any(|offer| offer.split(';').next().map(str::trim) == Some(encoding));
    let plain = (site.file)(path).filter(|_| !path.ends_with(".br") && !path.ends_with(".gz"))?;
    let compressed = [("br", "br"), ("gzip", "gz")]
        .into_iter()
        .filter(|(encoding, _)| takes(encoding))
        .find_map(|(encoding, extension)| Some((encoding, (site.file)(&format!("{path}.{extension}"))?)));
    let (encoding, content) = match compressed {
        Some((encoding, content)) => (Some(encoding), content),
        None => (None, plain),
    };
    Some(answer(path, encoding, content))
}

fn answer(path: &str, encoding: Option<&'static str>, content: Cow<'static, [u8]>) -> Response {
    let mut response = (StatusCode::OK, content).into_response();
    let headers = response.headers_mut();
    let mime = mime_guess::from_path(path).first_or_octet_stream().to_string();
    headers
        .insert(header::CONTENT_TYPE, HeaderValue::from_str(&mime).unwrap_or(HeaderValue::from_static("text/plain")));
    headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    let cache = if path.starts_with("pkg/") { "public, max-age=31536000, immutable" } else { "public, max-age=3600" };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    if let Some(encoding) = encoding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    response
}
