//! Sending the codes of a batch by mail, and who was sent which.

use crate::{
    components::{
        alert::{Notice, Tone},
        button::Submit,
        card::Card,
        form::{PostForm, Submitted},
        pager::Pager,
        select::Select,
        table::Table,
        text_area::TextArea,
        when::When,
    },
    domain::{accounts::email::readable, ids::JobId},
    pages::query,
    text::{language::Language, texts},
    view_models::bulk_codes::{CodeMails, CodeRecipient},
};
use leptos::prelude::*;

/// The part of a batch's page about mail. `after` in the address is where the list of recipients begins.
#[component]
pub fn MailCodes(id: JobId, mails: CodeMails) -> impl IntoView {
    let texts = texts();
    let CodeMails { left, server, recipients, next } = mails;
    let refused = !Submitted::by("mail_codes").errors.is_empty();
    let form = (left > 0 || refused).then(|| view! { <List id=id server=server /> });
    let count = texts.code_mails_left(left, texts.number(left));
    let page = format!("/admin/codes/bulk/{id}");
    let next = next.map(|next| format!("{page}?after={next}"));
    let first = (!query("after").is_empty()).then_some(page);
    let recipients = (!recipients.is_empty()).then(|| view! { <Recipients recipients=recipients /> });
    view! {
        <Card id="mail-codes" title=texts.code_mails_title() note=texts.code_mails_note()>
            <p data-testid="codes-left">{count}</p>
            {form}
            {recipients}
            <Pager first=first next=next />
        </Card>
    }
}

/// The form for a list of addresses.
#[component]
fn List(id: JobId, server: bool) -> impl IntoView {
    let texts = texts();
    let (title, waits, submit) = (texts.code_mails_no_server(), texts.code_mails_waits(), texts.code_mails_submit());
    let waits = (!server).then(|| {
        view! {
            <Notice tone=Tone::Warn title=title>
                {waits}
            </Notice>
        }
    });
    let languages: Vec<_> = Language::offered().map(|language| (language.tag(), language.name())).collect();
    view! {
        <PostForm name="mail_codes" once=true>
            <input type="hidden" name="id" value=id.to_string() />
            <TextArea
                name="addresses"
                label=texts.code_mails_addresses()
                hint=texts.code_mails_addresses_hint()
                value=""
                list=true
            />
            <Select
                name="language"
                label=texts.code_mails_language()
                choices=languages
                value=texts.language.tag()
            />
            {waits}
            <Submit>{submit}</Submit>
        </PostForm>
    }
}

#[component]
fn Recipients(recipients: Vec<CodeRecipient>) -> impl IntoView {
    let texts = texts();
    let columns =
        vec![(texts.code_mails_code(), false), (texts.code_mails_recipient(), false), (texts.code_mails_date(), false)];
    let rows = recipients.into_iter().map(|row| view! { <Recipient row=row /> }).collect_view();
    view! {
        <h3>{texts.code_mails_recipients()}</h3>
        <Table caption=texts.code_mails_recipients() columns=columns blocks=true>
            {rows}
        </Table>
    }
}

#[component]
fn Recipient(row: CodeRecipient) -> impl IntoView {
    let texts = texts();
    let email = row.email.map_or_else(|| texts.code_mails_erased(), |email| readable(&email).into_owned());
    view! {
        <tr data-testid="code-recipient">
            <th scope="row">
                <a href=format!("/admin/codes/{}", row.code_id)>{row.code}</a>
            </th>
            <td data-label=texts.code_mails_recipient()>{email}</td>
            <td data-label=texts.code_mails_date()>
                <When at=row.mailed_at />
            </td>
        </tr>
    }
}
