use passalong::{
    domain::accounts::email::Email,
    server::{
        auth::passwords::Passwords,
        store::{db::Db, users},
    },
};
use std::{
    io::{BufRead, BufReader, Write},
    path::PathBuf,
    process::{Command, Output, Stdio},
};

/// A folder for one test; removed with it.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("passalong-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).expect("a folder");
        Self(path)
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_passalong"));
        command.args(args).current_dir(&self.0).env_clear();
        command
    }

    fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().expect("the binary runs")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn the_demonstration_is_believable_and_counts_right() {
    let folder = Folder::new("demo");
    let demo = folder.run(&["demo"]);
    assert!(demo.status.success(), "{}", err(&demo));
    assert!(out(&demo).contains("admin@demo.example"), "{}", out(&demo));
    assert!(folder.0.join("data/passalong.db").exists());
    let verify = folder.run(&["verify"]);
    assert!(verify.status.success() && out(&verify).contains("Drift: 0"), "{}{}", out(&verify), err(&verify));
    let again = folder.run(&["demo"]);
    assert!(!again.status.success());
    assert_eq!(err(&again), "passalong: this database holds users; a demonstration needs an empty one\n");
}

#[test]
fn migrate_gives_codes_and_says_so() {
    let folder = Folder::new("migrate");
    let first = folder.run(&["migrate"]);
    assert_eq!(out(&first), "The database is up to date. New personal codes: 0.\n", "{}", err(&first));
    assert_eq!(out(&folder.run(&["migrate", "--quiet"])), "");
}

#[test]
fn an_admin_is_made_from_the_command_line() {
    let folder = Folder::new("admin");
    let create = |password: &str| {
        let args = ["admin", "create", "--email", "root@example.com", "--username", "root-1", "--password-stdin"];
        let mut child = folder
            .command(&args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("runs");
        child.stdin.take().expect("a pipe").write_all(password.as_bytes()).expect("written");
        child.wait_with_output().expect("ends")
    };
    let weak = create("1234\n");
    assert!(!weak.status.success());
    assert_eq!(err(&weak), "passalong: A password has at least 8 characters.\n");
    let made = create("tr4m-line-7\n");
    assert!(made.status.success(), "{}", err(&made));
    assert_eq!(err(&create("tr4m-line-7\n")), "passalong: that e-mail or username already has an account\n");
}

#[tokio::test]
async fn a_password_from_the_command_line_is_that_of_every_keyboard() {
    let folder = Folder::new("keyboards");
    let run = |args: &[&str], password: &str| {
        let mut command = folder.command(args);
        let mut child = command
            .arg("--password-stdin")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("runs");
        child.stdin.take().expect("a pipe").write_all(password.as_bytes()).expect("written");
        child.wait_with_output().expect("ends")
    };
    let create = |email, name, password| run(&["admin", "create", "--email", email, "--username", name], password);
    let hidden = create("ro\u{200b}ot@example.com", "root", "tra\u{308}m-line\n");
    assert_eq!(err(&hidden), "passalong: There is a character in it that cannot be seen. Please type it again.\n");
    assert!(create("root@bücher.example", "root", "tra\u{308}m-line\n").status.success());
    let reset = ["admin", "reset-password", "--email", "root@xn--bcher-kva.example"];
    for (typed, same) in [("", "tr\u{e4}m-line"), ("zwo\u{308}lf\u{a0}Boxer\n", "zw\u{f6}lf Boxer")] {
        if !typed.is_empty() {
            let output = run(&reset, typed);
            assert!(output.status.success(), "{}", err(&output));
        }
        let db = Db::connect(&format!("sqlite:{}", folder.0.join("data/passalong.db").display())).await.expect("opens");
        let email = Email::parse("root@bücher.example").expect("an address");
        let root = users::by_email(&mut db.read().await.expect("a transaction"), &email).await.expect("read");
        let stored = root.expect("the admin").password_hash;
        assert!(Passwords::new().check(same.into(), stored).await.expect("checked"), "{same}");
        db.close().await;
    }
    let key = folder.run(&["api-key", "create", "--name", "Sh\u{200b}op", "--scopes", "read"]);
    assert_eq!(err(&key), "passalong: There is a character in it that cannot be seen. Please type it again.\n");
}

#[test]
fn a_broken_setting_stops_the_start_with_one_line_that_names_it() {
    let folder = Folder::new("settings");
    for (name, value) in [
        ("LISTEN_ADDR", "nowhere"),
        ("PORT", "99999"),
        ("DATABASE_URL", "mysql://x"),
        ("BASE_URL", "example.com"),
        ("BASE_URL", "https://example.com#top"),
        ("BASE_URL", "https://example.com?a=b"),
        ("BASE_URL", "https://a..example.com"),
        ("BASE_URL", "https://example.com:99999"),
        ("BASE_URL", "https://exa mple.com"),
        ("APP_SECRET", "short"),
        ("TRUSTED_PROXIES", "10.0.0.0/99"),
        ("RATE_LIMITS", "maybe"),
        ("MAX_CONNECTIONS", "0"),
        ("MAX_CONNECTIONS_PER_ADDRESS", "many"),
        ("MAX_STREAMS_PER_USER", "-1"),
        ("MAX_STREAMS_PER_ADDRESS", "0.5"),
        ("LOG_FORMAT", "xml"),
        ("ADMIN_EMAIL", "a@example.com"),
    ] {
        let output = folder.command(&[]).env(name, value).output().expect("the binary runs");
        let text = err(&output);
        assert!(!output.status.success(), "{name}");
        assert_eq!(text.lines().count(), 1, "{name}: {text}");
        let flag = name.to_lowercase().replace('_', "-");
        assert!(text.contains(name) || text.contains(&flag) || text.contains("admin-password"), "{name}: {text}");
    }
}

#[test]
fn links_to_nowhere_are_warned_of() {
    let folder = Folder::new("nowhere");
    let log = |settings: &[(&str, &str)]| {
        let mut command = folder.command(&[]);
        let mut server =
            command.envs(settings.iter().copied()).stderr(Stdio::piped()).spawn().expect("the binary runs");
        let lines = BufReader::new(server.stderr.take().expect("a pipe")).lines();
        let mut lines: Vec<String> = lines.map_while(Result::ok).take_while(|line| !line.contains("serving")).collect();
        server.kill().expect("killed");
        server.wait().expect("ended");
        lines.retain(|line| line.contains("BASE_URL"));
        lines
    };
    for nowhere in [("PORT", "0"), ("LISTEN_ADDR", "0.0.0.0:0"), ("LISTEN_ADDR", "[::]:0")] {
        let lines = log(&[nowhere]);
        assert!(lines.len() == 1 && lines[0].contains("WARN"), "{nowhere:?}: {lines:?}");
        assert!(lines[0].contains("http://0.0.0.0:") || lines[0].contains("http://[::]:"), "{lines:?}");
    }
    assert!(log(&[("PORT", "0"), ("BASE_URL", "https://refer.example.com")]).is_empty());
    assert!(log(&[("LISTEN_ADDR", "127.0.0.1:0")]).is_empty());
}

#[test]
fn a_setting_can_be_read_from_a_file() {
    let folder = Folder::new("file");
    std::fs::write(folder.0.join("url"), "sqlite:./elsewhere.db\n").expect("written");
    let output = folder.command(&["migrate"]).env("DATABASE_URL_FILE", "url").output().expect("the binary runs");
    assert!(output.status.success(), "{}", err(&output));
    assert!(folder.0.join("elsewhere.db").exists());
    let output = folder.command(&["migrate"]).env("DATABASE_URL_FILE", "nothing").output().expect("the binary runs");
    assert!(err(&output).starts_with("passalong: DATABASE_URL_FILE: cannot read nothing"), "{}", err(&output));
}

#[test]
fn the_help_is_as_described() {
    let folder = Folder::new("help");
    insta::assert_snapshot!(out(&folder.run(&["--help"])));
}

#[test]
fn healthcheck_fails_where_nobody_serves() {
    let folder = Folder::new("health");
    let output = folder.run(&["healthcheck", "--listen-addr", "127.0.0.1:1"]);
    assert!(!output.status.success());
    assert_eq!(err(&output).lines().count(), 1, "{}", err(&output));
}

#[test]
fn a_key_is_made_from_the_command_line_and_printed_once() {
    let folder = Folder::new("api-key");
    let made = folder.run(&["api-key", "create", "--name", "Shop", "--scopes", "read,write"]);
    assert!(made.status.success(), "{}", err(&made));
    let key = out(&made);
    assert!(key.starts_with("pal_") && key.trim_end().len() == 47 && key.lines().count() == 1, "{key}");
    let wrong = folder.run(&["api-key", "create", "--name", "Shop", "--scopes", "root"]);
    assert!(!wrong.status.success());
    assert_eq!(err(&wrong), "passalong: Please choose among read, write and admin.\n");
}

#[test]
fn the_document_is_printed() {
    let folder = Folder::new("openapi");
    let printed = folder.run(&["openapi"]);
    assert!(printed.status.success(), "{}", err(&printed));
    let document: serde_json::Value = serde_json::from_str(&out(&printed)).expect("JSON");
    assert_eq!(document["info"]["title"], "Passalong");
}
