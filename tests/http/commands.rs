use std::{
    io::Write,
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

#[test]
fn a_broken_setting_stops_the_start_with_one_line_that_names_it() {
    let folder = Folder::new("settings");
    for (name, value) in [
        ("LISTEN_ADDR", "nowhere"),
        ("PORT", "99999"),
        ("DATABASE_URL", "mysql://x"),
        ("BASE_URL", "example.com"),
        ("APP_SECRET", "short"),
        ("TRUSTED_PROXIES", "10.0.0.0/99"),
        ("RATE_LIMITS", "maybe"),
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
