//! The QR code of one's own link, for posters and screens: as SVG and as PNG.

use crate::{
    error::AppError,
    server::{
        auth::sessions::SignedIn,
        context::request_context::{Identity, sign_in_address},
        errors::internal,
        exports::plain_error,
        state::AppState,
        store::codes,
    },
};
use axum::{
    Extension,
    extract::State,
    http::{StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use fast_qr::{ECL, QRBuilder, QRCode};
use std::{fmt::Write, sync::Arc};

/// Light modules around the code, which readers need (ISO/IEC 18004).
const QUIET: usize = 4;

/// Pixels of a module in a PNG.
const SCALE: usize = 16;

/// `GET /dashboard/qr.svg`.
pub async fn svg(State(state): State<AppState>, Extension(identity): Extension<Arc<Identity>>, uri: Uri) -> Response {
    answer(&state, &identity, &uri, "image/svg+xml", |code| Ok(to_svg(code).into_bytes())).await
}

/// `GET /dashboard/qr.png`.
pub async fn png(State(state): State<AppState>, Extension(identity): Extension<Arc<Identity>>, uri: Uri) -> Response {
    answer(&state, &identity, &uri, "image/png", to_png).await
}

async fn answer(
    state: &AppState,
    identity: &Identity,
    uri: &Uri,
    kind: &'static str,
    draw: impl Fn(&QRCode) -> Result<Vec<u8>, png::EncodingError>,
) -> Response {
    let user = match identity.caller.signed_in() {
        Ok(Some(user)) => user,
        Ok(None) => return (StatusCode::SEE_OTHER, [(header::LOCATION, sign_in_address(uri))]).into_response(),
        Err(error) => return plain_error(&error),
    };
    let drawn = match qr_code(state, user).await {
        Ok(code) => draw(&code).map_err(|error| internal(error.into())),
        Err(error) => Err(error),
    };
    match drawn {
        Ok(picture) => ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "no-store")], picture).into_response(),
        Err(error) => plain_error(&error),
    }
}

/// The user's link, with the channel by which visits through its QR code are told apart.
async fn qr_code(state: &AppState, user: &SignedIn) -> Result<QRCode, AppError> {
    let code = codes::personal(&mut state.db.read().await?, user.user).await?;
    let (code, _) = code.ok_or(AppError::NotFound)?;
    QRBuilder::new(format!("{}/r/{code}?via=qr", state.base_url))
        .ecl(ECL::M)
        .build()
        .map_err(|error| internal(error.to_string().into()))
}

/// Whether each module of a line is dark.
fn line(code: &QRCode, y: usize) -> impl Iterator<Item = bool> {
    code[y].iter().take(code.size).map(|module| module.value())
}

fn to_svg(code: &QRCode) -> String {
    let mut path = String::new();
    for y in 0..code.size {
        for (x, _) in line(code, y).enumerate().filter(|(_, dark)| *dark) {
            // Writing to a string cannot fail.
            let _ = write!(path, "M{} {}h1v1h-1z", x + QUIET, y + QUIET);
        }
    }
    let size = code.size + 2 * QUIET;
    format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{size}v{size}H0z"/><path d="{path}"/></svg>"##
    )
}

fn to_png(code: &QRCode) -> Result<Vec<u8>, png::EncodingError> {
    let size = (code.size + 2 * QUIET) * SCALE;
    let mut pixels = vec![u8::MAX; size * size];
    for y in 0..code.size {
        for (x, _) in line(code, y).enumerate().filter(|(_, dark)| *dark) {
            for row in 0..SCALE {
                let start = ((y + QUIET) * SCALE + row) * size + (x + QUIET) * SCALE;
                pixels[start..start + SCALE].fill(0);
            }
        }
    }
    let mut file = vec![];
    let side = u32::try_from(size).unwrap_or(u32::MAX);
    let mut encoder = png::Encoder::new(&mut file, side, side);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.write_header()?.write_image_data(&pixels)?;
    Ok(file)
}
