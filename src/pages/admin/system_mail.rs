//! How sending mail goes, and the mails that failed.

use crate::{
    components::{
        button::{Submit, Weight},
        card::Card,
        empty::Empty,
        icon::Symbol,
        table::Table,
        when::WhenExactly,
    },
    text::texts,
    view_models::system::{MailRow, MailStatus},
};
use leptos::{either::Either, prelude::*};

/// The part of the system page about mail.
#[component]
pub fn Mail(mail: MailStatus) -> impl IntoView {
    let texts = texts();
    let sends = mail.server.is_some();
    let server = mail.server.unwrap_or_else(|| texts.mail_page_not_set());
    let last_sent = match mail.last_sent {
        Some(at) => Either::Left(view! { <WhenExactly at=at /> }),
        None => Either::Right(texts.mail_page_never_sent()),
    };
    let problem = (!mail.problem.is_empty()).then(|| {
        view! {
            <dt>{texts.mail_page_last_problem()}</dt>
            <dd data-testid="mail-problem">{mail.problem}</dd>
        }
    });
    let send_test = texts.mail_page_send_test();
    let test = sends.then(|| {
        view! {
            <form method="post">
                <input type="hidden" name="form" value="send_test_mail" />
                <Submit weight=Weight::Plain>{send_test}</Submit>
            </form>
        }
    });
    let more = mail.failed_count - mail.failed.len() as i64;
    view! {
        <Card id="mail" title=texts.mail_page_title() note=texts.mail_page_note()>
            <dl class="facts">
                <dt>{texts.mail_page_server()}</dt>
                <dd data-testid="mail-server">{server}</dd>
                <dt>{texts.mail_page_waiting()}</dt>
                <dd data-testid="mails-waiting">{texts.number(mail.waiting)}</dd>
                <dt>{texts.mail_page_last_sent()}</dt>
                <dd data-testid="mail-last-sent">{last_sent}</dd>
                {problem}
            </dl>
            {test}
            <h3>{texts.mail_page_failed()}</h3>
            <Failed mails=mail.failed />
            {(more > 0).then(|| view! { <p class="note">{texts.mail_page_more_failed(texts.number(more))}</p> })}
        </Card>
    }
}

#[component]
fn Failed(mails: Vec<MailRow>) -> impl IntoView {
    let texts = texts();
    if mails.is_empty() {
        return Either::Left(view! {
            <Empty symbol=Symbol::Check title=texts.mail_page_none_failed()>
                {texts.mail_page_none_failed_note()}
            </Empty>
        });
    }
    let columns = vec![
        (texts.mail_page_mail(), false),
        (texts.mail_page_recipient(), false),
        (texts.system_job_failed_at(), false),
        (texts.system_job_attempts(), true),
        (texts.system_job_problem(), false),
        (texts.mail_page_again(), false),
    ];
    Either::Right(view! {
        <Table caption=texts.mail_page_failed() columns=columns blocks=true>
            {mails.into_iter().map(|mail| view! { <FailedRow mail=mail /> }).collect_view()}
        </Table>
    })
}

#[component]
fn FailedRow(mail: MailRow) -> impl IntoView {
    let texts = texts();
    let (again, delete) = (texts.mail_page_again(), texts.mail_page_delete());
    view! {
        <tr data-testid="failed-mail">
            <th scope="row">{mail.what}</th>
            <td data-label=texts.mail_page_recipient()>{mail.to.clone()}</td>
            <td data-label=texts.system_job_failed_at()>
                <WhenExactly at=mail.at />
            </td>
            <td data-label=texts.system_job_attempts() class="number">{texts.number(mail.attempts)}</td>
            <td data-label=texts.system_job_problem()>{mail.problem}</td>
            <td>
                <form method="post" class="actions">
                    <input type="hidden" name="id" value=mail.id.to_string() />
                    <Submit weight=Weight::Plain form="resend_mail" label=texts.mail_page_again_to(&mail.to)>
                        {again}
                    </Submit>
                    <Submit weight=Weight::Danger form="delete_mail" label=texts.mail_page_delete_to(&mail.to)>
                        {delete}
                    </Submit>
                </form>
            </td>
        </tr>
    }
}
