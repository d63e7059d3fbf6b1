//! The description of the REST API, for whoever writes a client.

use crate::error::AppError;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// A parameter or a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    pub name: String,
    /// As `whole number` or `text, may be null`.
    pub kind: String,
    pub required: bool,
    pub about: String,
}

/// One thing that the API can do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Operation {
    pub method: String,
    pub path: String,
    pub summary: String,
    pub about: String,
    /// The scope that it needs.
    pub scope: String,
    pub parameters: Vec<Field>,
    pub body: Vec<Field>,
    /// The status of success, and the name of the object that comes back; empty for none.
    pub answer: (String, String),
}

/// An object that comes back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Object {
    pub name: String,
    pub about: String,
    pub fields: Vec<Field>,
}

/// What the page shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiDocs {
    /// Paragraphs.
    pub about: Vec<String>,
    /// By noun, as `codes`.
    pub sections: Vec<(String, Vec<Operation>)>,
    pub objects: Vec<Object>,
    /// Code, usual status, meaning.
    pub errors: Vec<(String, u16, String)>,
    /// An example of a call.
    pub example: String,
}

/// Loads the description. It holds nothing that is not public.
#[server(endpoint = "load_api_docs")]
pub async fn load_api_docs() -> Result<ApiDocs, AppError> {
    use crate::server::{api::reading, door::Door};
    Ok(reading::docs(&Door::open().server.base_url))
}
