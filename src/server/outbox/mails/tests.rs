use super::{
    content::{Content, Details, GivenCode, Program},
    letter::{self, Envelope},
};
use crate::{
    domain::{
        ids::{AccountLinkId, CodeId},
        mails::Mail,
        time::Time,
    },
    text::{Texts, english, spanish},
};
use lettre::message::Mailbox;

/// 14 November 2026, 11:33:20 UTC.
const AT: Time = Time(1_794_656_000_000);

fn program(name: &str) -> Program {
    Program { name: name.into(), base_url: "https://refer.example.com".into(), accent_color: Some("#d6336c".into()) }
}

fn every_mail() -> [Mail; 8] {
    let link = AccountLinkId(7);
    [
        Mail::ResetPassword { link },
        Mail::VerifyEmail { link },
        Mail::EmailChangeRequested { link },
        Mail::EmailChanged { new_address: "ann+new@xn--bcher-kva.example".into() },
        Mail::SignInLink { link },
        Mail::PasswordChanged,
        Mail::YourCode { code_id: CodeId(7) },
        Mail::Test,
    ]
}

fn content(mail: &Mail, program: &Program, texts: &Texts) -> Content {
    let code = GivenCode { code: "FAIR-7K3MQ2".into(), expires_at: Some(AT) };
    let details = Details { secret: Some("s3cret-_s3cret".into()), code: Some(code) };
    Content::of(mail, program, &details, AT, texts)
}

fn envelope(from: Mailbox, to: &str) -> Envelope<'_> {
    Envelope { from, to, id: "7.1794656000000".into(), at: AT }
}

#[test]
fn every_mail_says_what_it_is_about_in_both_languages() {
    let program = program("Acme Friends");
    let mut all = String::new();
    for texts in [english(), spanish()] {
        for mail in every_mail() {
            let content = content(&mail, &program, &texts);
            let plain = letter::plain(&content, &program);
            all += &format!("=== {}\nSubject: {}\n\n{plain}\n", mail.kind(), content.subject);
        }
    }
    insta::assert_snapshot!(all);
}

#[test]
fn a_mail_looks_like_this() {
    let program = program("Acme Friends");
    let content = content(&Mail::ResetPassword { link: AccountLinkId(7) }, &program, &english());
    insta::assert_snapshot!(letter::html(&content, &program, &english()).expect("HTML"));
}

#[test]
fn a_name_is_text_in_html_whatever_it_is() {
    let program = program("<img src=x onerror=alert(1)> & \"Friends\"");
    for mail in every_mail() {
        let html = letter::html(&content(&mail, &program, &english()), &program, &english()).expect("HTML");
        assert!(!html.contains("<img") && html.contains("&#60;img src=x"), "{html}");
        assert!(!html.contains("\"Friends\""), "{html}");
    }
}

#[test]
fn a_name_with_line_breaks_makes_no_header_of_its_own() {
    let evil = program("Acme\r\nBcc: eve@example.com\r\n\r\nHello");
    let content = content(&Mail::Test, &evil, &english());
    let from = letter::sender(None, &evil);
    let letter = letter::letter(envelope(from, "ann@example.com"), &content, &evil, &english()).expect("a mail");
    assert_eq!(letter.envelope().to().len(), 1);
    let text = String::from_utf8(letter.formatted()).expect("ASCII");
    let (head, _) = text.split_once("\r\n\r\n").expect("a head");
    assert!(!head.lines().any(|line| line.to_ascii_lowercase().starts_with("bcc:")), "{head}");
    assert!(head.contains("Content-Type: multipart/alternative"), "{head}");
    for to in ["ann@example.com\r\nBcc: eve@example.com", "ann@example.com, eve@example.com", ""] {
        let from = letter::sender(None, &evil);
        assert!(letter::letter(envelope(from, to), &content, &evil, &english()).is_err(), "{to}");
    }
}

#[test]
fn the_head_of_a_mail_is_the_same_at_every_try() {
    let program = program("Café de l’amitié");
    let content = content(&Mail::Test, &program, &spanish());
    let head = || {
        let from = letter::sender(None, &program);
        let to = "ann+tag@xn--bcher-kva.example";
        let letter = letter::letter(envelope(from, to), &content, &program, &spanish()).expect("a mail");
        let text = String::from_utf8(letter.formatted()).expect("ASCII");
        let (head, _) = text.split_once("\r\nContent-Type").expect("a head");
        head.to_owned()
    };
    assert_eq!(head(), head());
    for line in [
        "Message-ID: <7.1794656000000@refer.example.com>",
        "Date: Sat, 14 Nov 2026 11:33:20 +0000",
        "To: ann+tag@xn--bcher-kva.example",
        "Auto-Submitted: auto-generated",
        "Content-Language: es",
    ] {
        assert!(head().lines().any(|written| written == line), "{line} in {}", head());
    }
    assert!(head().contains("<no-reply@refer.example.com>"), "{}", head());
}

#[test]
fn without_a_setting_mails_are_from_the_program_at_its_own_host() {
    for (base_url, address) in [
        ("https://refer.example.com", "no-reply@refer.example.com"),
        ("http://xn--bcher-kva.example:8080", "no-reply@xn--bcher-kva.example"),
        ("http://localhost:3000", "no-reply@localhost"),
        ("http://127.0.0.1:3000", "no-reply@localhost"),
        ("http://[2001:db8::1]:3000", "no-reply@localhost"),
        ("http://[2001:db8::1]", "no-reply@localhost"),
    ] {
        let program = Program { base_url: base_url.into(), ..program("Acme") };
        let from = letter::sender(None, &program);
        assert_eq!((from.name.as_deref(), from.email.as_ref()), (Some("Acme"), address), "{base_url}");
    }
    let set = |name: Option<&str>| Mailbox::new(name.map(Into::into), "hi@example.com".parse().expect("an address"));
    let named = |set: &Mailbox| letter::sender(Some(set), &program("Acme")).name;
    assert_eq!(named(&set(None)).as_deref(), Some("Acme"));
    assert_eq!(named(&set(Some("Ann"))).as_deref(), Some("Ann"));
}
