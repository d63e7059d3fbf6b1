//! Campaign codes, for admins.

use crate::{
    domain::{
        code::CodeStatus,
        ids::{CodeId, UserId},
        path::LocalPath,
        time::Time,
    },
    error::{AppError, FieldError},
    functions::dashboard::Day,
};
use leptos::{prelude::*, server_fn::codec::Json};
use serde::{Deserialize, Serialize};

/// What the table is sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SortBy {
    #[default]
    Created,
    Code,
    Status,
    Uses,
    Clicks,
    Expires,
    Beneficiary,
}

/// Which codes the table shows: all of it stands in the page's address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CodeFilter {
    /// The beginning of a code.
    pub q: String,
    /// The name of a [`CodeStatus`], or nothing for all.
    pub status: String,
    pub category: String,
    /// E-mail or username of a beneficiary, in full.
    pub beneficiary: String,
    pub sort: SortBy,
    /// From the largest to the smallest; for text from Z to A.
    pub descending: bool,
    /// Where the page begins: the `next` of the page before.
    pub after: String,
}

/// A row of the table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeRow {
    pub id: CodeId,
    pub code: String,
    pub description: String,
    pub category: String,
    pub active: bool,
    pub status: CodeStatus,
    /// The status that it has or would have when switched on.
    pub status_when_on: CodeStatus,
    pub max_uses: i64,
    pub uses: i64,
    pub clicks: i64,
    pub expires_at: Option<Time>,
    /// The beneficiary's e-mail; empty without one.
    pub beneficiary: String,
    pub created_at: Time,
}

/// A page of the table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodesPage {
    pub filter: CodeFilter,
    pub rows: Vec<CodeRow>,
    /// Where the next page begins, if there is one.
    pub next: Option<String>,
    /// How many seconds ago the order was right; nothing where it always is.
    pub order_age: Option<i64>,
    /// All categories in use, for filter and suggestions.
    pub categories: Vec<String>,
    /// The site's own address, for links: `BASE_URL/r/CODE`.
    pub base_url: String,
}

/// One sign-up with a code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    /// Empty when the account is gone.
    pub username: String,
    /// Empty when the account is gone.
    pub email: String,
    pub at: Time,
}

/// What the page of one code shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeDetail {
    pub row: CodeRow,
    pub unique_clicks: i64,
    pub link: String,
    /// The last 30 days, oldest first.
    pub days: Vec<Day>,
    /// The latest hundred.
    pub usages: Vec<Usage>,
    pub categories: Vec<String>,
}

/// A user as a choice of beneficiary.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    pub id: UserId,
    pub email: String,
    pub username: String,
}

/// Loads a page of the table.
#[server(endpoint = "load_codes", input = Json)]
pub async fn load_codes(filter: CodeFilter) -> Result<CodesPage, AppError> {
    use crate::server::{actions::show_codes, door::Door};
    let door = Door::open();
    door.admin()?;
    show_codes::run(&door.server, filter).await
}

/// Loads rows of an open table anew, 100 at most. What is deleted is left out.
#[server(endpoint = "load_code_rows", input = Json)]
pub async fn load_code_rows(ids: Vec<CodeId>) -> Result<Vec<CodeRow>, AppError> {
    use crate::server::{actions::show_codes, door::Door};
    let door = Door::open();
    door.admin()?;
    show_codes::rows(&door.server, &ids).await
}

/// Loads the page of one code.
#[server(endpoint = "load_code")]
pub async fn load_code(id: CodeId) -> Result<CodeDetail, AppError> {
    use crate::server::{actions::show_code, door::Door};
    let door = Door::open();
    door.admin()?;
    show_code::run(&door.server, id).await
}

/// What the form for a new code begins with: the categories in use, and when codes expire by default.
#[server(endpoint = "load_new_code")]
pub async fn load_new_code() -> Result<(Vec<String>, Time), AppError> {
    use crate::server::{actions::show_codes, door::Door};
    let door = Door::open();
    door.admin()?;
    show_codes::blank(&door.server).await
}

/// Makes a campaign code. An empty `code` asks for a random one; `expires_at` is `2026-12-31T18:00` in UTC or empty;
/// `beneficiary` an e-mail or empty. Leads to the code's page.
#[server(endpoint = "create_code")]
pub async fn create_code(
    #[server(default)] code: String,
    #[server(default)] description: String,
    #[server(default)] category: String,
    #[server(default)] max_uses: String,
    #[server(default)] expires_at: String,
    #[server(default)] beneficiary: String,
    #[server(default)] active: bool,
) -> Result<LocalPath, AppError> {
    use crate::{
        domain::campaign::Form,
        server::{actions::create_code, door::Door},
    };
    let door = Door::open();
    let form = Form { code, description, category, max_uses, expires_at, beneficiary, active };
    let id = create_code::run(&door.server, &door.actor()?, &form).await?;
    Ok(LocalPath::parse(&format!("/admin/codes/{id}?done=created")).unwrap_or(LocalPath::of("/admin/codes")))
}

/// Changes a campaign code; the code itself stays. Leads to the code's page.
#[server(endpoint = "edit_code")]
pub async fn edit_code(
    id: CodeId,
    #[server(default)] description: String,
    #[server(default)] category: String,
    #[server(default)] max_uses: String,
    #[server(default)] expires_at: String,
    #[server(default)] beneficiary: String,
    #[server(default)] active: bool,
) -> Result<LocalPath, AppError> {
    use crate::{
        domain::campaign::Form,
        server::{actions::edit_code, door::Door},
    };
    let door = Door::open();
    let form = Form { code: String::new(), description, category, max_uses, expires_at, beneficiary, active };
    edit_code::run(&door.server, &door.actor()?, id, &form).await?;
    Ok(LocalPath::parse(&format!("/admin/codes/{id}?done=saved")).unwrap_or(LocalPath::of("/admin/codes")))
}

/// All that a form for a code would be refused for, for while it is filled in; `id` is the code that is edited.
#[server(endpoint = "check_form")]
pub async fn check_form(
    #[server(default)] id: Option<CodeId>,
    #[server(default)] code: String,
    #[server(default)] description: String,
    #[server(default)] category: String,
    #[server(default)] max_uses: String,
    #[server(default)] expires_at: String,
    #[server(default)] beneficiary: String,
) -> Result<Vec<FieldError>, AppError> {
    use crate::{
        domain::campaign::Form,
        server::{actions::check_form, door::Door},
    };
    let door = Door::open();
    door.admin()?;
    let form = Form { code, description, category, max_uses, expires_at, beneficiary, active: true };
    check_form::run(&door.server, id, &form).await
}

/// Switches a code on or off. `back` is the address to return to.
#[server(endpoint = "switch_code")]
pub async fn switch_code(
    id: CodeId,
    #[server(default)] active: bool,
    #[server(default)] back: String,
) -> Result<LocalPath, AppError> {
    use crate::server::{actions::switch_code, door::Door};
    let door = Door::open();
    switch_code::run(&door.server, &door.actor()?, id, active).await?;
    Ok(LocalPath::parse(&back).unwrap_or(LocalPath::of("/admin/codes")))
}

/// Deletes a code without uses; one with uses is hidden and keeps its history.
#[server(endpoint = "delete_code")]
pub async fn delete_code(id: CodeId) -> Result<LocalPath, AppError> {
    use crate::server::{actions::delete_code, door::Door};
    let door = Door::open();
    delete_code::run(&door.server, &door.actor()?, id).await?;
    Ok(LocalPath::of("/admin/codes?done=deleted-code"))
}

/// Up to ten users whose e-mail or username begins like this, for choosing a beneficiary.
#[server(endpoint = "find_users")]
pub async fn find_users(q: String) -> Result<Vec<Choice>, AppError> {
    use crate::server::{actions::find_users, door::Door};
    let door = Door::open();
    door.admin()?;
    find_users::run(&door.server, &q).await
}
