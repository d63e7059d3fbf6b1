//! Tables as programs really write them, and files that are none.

use crate::import_export::Place;
use passalong::server::store::{
    db::Db,
    user_list::{self, UserExportRow},
};

/// Everybody who is there, by e-mail.
async fn people(place: &Place) -> Vec<UserExportRow> {
    let db = Db::connect(&place.url).await.expect("opens");
    let mut tx = db.read().await.expect("a transaction");
    let mut people = user_list::export_page(&mut tx, None, i64::MAX, 99).await.expect("read");
    drop(tx);
    db.close().await;
    people.sort_by(|a, b| a.email.cmp(&b.email));
    people
}

#[tokio::test]
async fn every_way_to_write_a_table_is_read() {
    for place in Place::both().await {
        for (what, options, content, said) in [
            (
                "users",
                &[][..],
                "\u{feff}E-Mail;Full name;created_at\r\nann@example.com;\"Lee; Ann\";2020-05-03 18:00\r\n",
                "in.csv is separated by semicolons.\nImported users: 1.\n",
            ),
            (
                "users",
                &[],
                "email\tcreated_at\rbob@example.com\t2020-05-03T20:00:09.250+02:00\r",
                "in.csv is separated by tabs.\nImported users: 1.\n",
            ),
            (
                "users",
                &["--ignore-unknown"],
                "note,email,created_at\n\"two\nlines\",cat@example.com,2020-05-03\n",
                "Imported users: 1.\n",
            ),
            (
                "codes",
                &[],
                "sep=;\r\ncode;description;expires_at;beneficiary\r\nSPRING;Fair;2030-01-01 12:00;ann@example.com\r\n",
                "in.csv is separated by semicolons.\nImported codes: 1.\n",
            ),
            (
                "conversions",
                &["--ignore-unknown"],
                "shop;email;source_id;amount;currency;occurred_at\r\nx;ann@example.com;o-1;1999;USD;2021-06-01 08:00:00\r\n",
                "in.csv is separated by semicolons.\nImported payments: 1 new, 0 already known.\n\
                 Parked, counting for nobody: 1. Nobody referred this customer: 1.\n",
            ),
        ] {
            assert_eq!(place.import_with(what, options, content.as_bytes()), Ok(said.into()), "{content}");
        }
        let people = people(&place).await;
        let created: Vec<String> = people.iter().map(|one| one.created_at.rfc_3339()).collect();
        assert_eq!(created, ["2020-05-03T18:00:00Z", "2020-05-03T18:00:09.250Z", "2020-05-03T00:00:00Z"]);
        assert_eq!(people[0].full_name.as_deref(), Some("Lee; Ann"));
        let codes = "code,description\nSPRING,Fair\n";
        let again = place.import("codes", codes.as_bytes());
        assert_eq!(again, Ok("Imported codes: 0. Skipped: 1 already exist.\n".into()));
        let taken = place.import("codes", format!("code,description\n{},x\n", people[0].code).as_bytes());
        assert!(taken.expect_err("a personal code").contains(&format!("line 2: code: {} is taken.", people[0].code)));
    }
}

#[test]
fn other_files_are_named_with_what_to_do() {
    let folder = std::env::temp_dir().join(format!("passalong-files-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let place = Place { url: "sqlite:files.db".into(), folder };
    let utf_16: Vec<u8> = "email\nann@example.com\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (content, said) in [
        (&b"PK\x03\x04\x14\0\x06\0\x08\0[Content_Types].xml"[..], "is an Excel workbook (.xlsx), not CSV"),
        (b"PK\x03\x04\x14\0members.csv", "is a zip archive: unpack it"),
        (b"\x1f\x8b\x08\0", "is compressed with gzip"),
        (b"%PDF-1.7", "is a PDF"),
        (b"<!doctype html>", "is a web page"),
        (&utf_16, "is in UTF-16"),
        (b"email\r\nann@example.com\r\nJos\xe9@example.com\r\n", "line 3: it is not UTF-8 (perhaps Windows-1252"),
        (b"email\rann@example.com\rwrong\r", "line 3: email: "),
        (b"sep=,\nemail\nwrong\n", "line 3: email: "),
        (
            b"email,usrname,shoe size\n",
            "line 1: there are no columns \"usrname\" (did you mean username?), \"shoe size\"; there are id, email, ",
        ),
        (b"mail;usrname\n", "(read as separated by semicolons)"),
        (
            b"email,created_at\nann@example.com,03/05/2020\n",
            "line 2: created_at: Please write a time like 2026-12-31T18",
        ),
        (b"email,created_at\nann@example.com,9999-01-01\n", "line 2: created_at: Please write a time in the past."),
    ] {
        let refused = place.import("users", content).expect_err(said);
        assert!(refused.contains(said), "{said} in {refused}");
    }
    let refused = place.import_with("conversions", &[], &utf_16).expect_err("UTF-16");
    assert_eq!(refused, "passalong: in.csv is in UTF-16 (Excel’s “Unicode Text”): save it as “CSV UTF-8”\n");
}

#[tokio::test]
async fn exports_of_vendors_are_read_as_they_come() {
    macro_rules! fixture {
        ($name:literal) => {
            include_bytes!(concat!("../fixtures/vendors/", $name, ".csv")).as_slice()
        };
    }
    type Expected = [Option<&'static str>; 5];
    let ada: Expected =
        [Some("ada.byron@example.com"), Some("Ada Byron"), None, Some("5c1d2e3f4a"), Some("2021-04-07T09:31:40Z")];
    let linus = [Some("linus@example.com"), Some("Linus"), None, Some("9b8a7c6d5e"), Some("2022-11-19T18:02:05Z")];
    let teo = [Some("teo@example.com"), Some("Teo Villaseñor"), Some("+34600111222"), Some("7210448301122"), None];
    let grace = [
        Some("grace@example.com"),
        Some("Grace Hopper"),
        None,
        Some("cus_Pq1aZ8LmX3vN2b"),
        Some("2023-08-14T11:20:00Z"),
    ];
    let guest = [Some("guest@example.com"), Some("Guest Buyer"), None, None, None];
    let katherine =
        [Some("katherine@example.com"), Some("Katherine Johnson"), None, None, Some("2023-03-01T12:00:00Z")];
    let reader =
        [Some("reader@example.com"), None, None, Some("65a4f0c2e1b3d40001a2b3c5"), Some("2024-02-01T12:30:00.500Z")];
    let sam = [
        Some("sam@example.com"),
        Some("Sam Memberino"),
        None,
        Some("65a4f0c2e1b3d40001a2b3c4"),
        Some("2024-01-15T10:00:00Z"),
    ];
    for place in Place::both().await {
        for (vendor, name, file, said) in [
            ("mailchimp", "Mailchimp", fixture!("mailchimp"), "Imported users: 2.\n"),
            (
                "shopify",
                "Shopify",
                fixture!("shopify"),
                "Imported users: 1. Skipped: 1 without an e-mail, 1 with a repeated e-mail.\n",
            ),
            ("stripe", "Stripe", fixture!("stripe"), "Imported users: 1. Skipped: 1 without an e-mail.\n"),
            ("woocommerce", "WooCommerce", fixture!("woocommerce"), "Imported users: 2.\n"),
            ("ghost", "Ghost", fixture!("ghost"), "Imported users: 2.\n"),
        ] {
            let hint = format!("passalong: line 1: this looks like a {name} export: use --from {vendor}\n");
            assert_eq!(place.import("users", file), Err(hint));
            assert_eq!(place.import_with("users", &["--from", vendor], file), Ok(said.into()));
        }
        let now = passalong::server::config::clock::Clock::real_now();
        let found: Vec<_> = people(&place).await;
        for (one, expected) in found.iter().zip([ada, grace, guest, katherine, linus, reader, sam, teo]) {
            let created = one.created_at.rfc_3339();
            // Who came without a date came just now.
            let created = Some(created.as_str()).filter(|_| now.since(one.created_at) > 600_000);
            let email = Some(one.email.as_str());
            let told = [email, one.full_name.as_deref(), one.phone.as_deref(), one.external_id.as_deref(), created];
            assert_eq!(told, expected);
        }
        assert_eq!(found.len(), 8);
        let again = place.import_with("users", &["--from", "ghost"], fixture!("ghost"));
        assert_eq!(again, Ok("Imported users: 0. Skipped: 2 already have an account.\n".into()));
        let wrong = place.import_with("users", &["--from", "mailchimp"], fixture!("stripe")).expect_err("another");
        assert!(wrong.contains("line 1: this is no export from Mailchimp: the column \"Email Address\""), "{wrong}");
    }
}
