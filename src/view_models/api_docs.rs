//! The REST API as the page /api/docs shows it.

use serde::{Deserialize, Serialize};

/// A parameter or a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiField {
    pub name: String,
    /// As `whole number` or `text, may be null`.
    pub kind: String,
    pub required: bool,
    pub about: String,
}

/// One thing that the API can do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiOperation {
    /// Its name in the document, unlike that of any other operation.
    pub id: String,
    pub method: String,
    pub path: String,
    pub summary: String,
    pub about: String,
    /// The scope that it needs.
    pub scope: String,
    pub parameters: Vec<ApiField>,
    pub body: Vec<ApiField>,
    /// The status of success, and the name of the object that comes back; empty for none.
    pub answer: (String, String),
    /// JSON that could be sent; nothing where nothing is sent.
    pub sample_request: Option<String>,
    /// JSON that could come back; nothing where nothing comes back.
    pub sample_answer: Option<String>,
}

/// An object that comes back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiObject {
    pub name: String,
    pub about: String,
    pub fields: Vec<ApiField>,
}

/// What the page shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiDocs {
    /// Paragraphs.
    pub about: Vec<String>,
    /// By noun, as `codes`.
    pub sections: Vec<(String, Vec<ApiOperation>)>,
    pub objects: Vec<ApiObject>,
    /// Code, usual status, meaning.
    pub errors: Vec<(String, u16, String)>,
    /// An example of a call.
    pub example: String,
}
