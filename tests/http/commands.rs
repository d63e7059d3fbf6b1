use crate::{free_port::free_port, import_export::Place, site::PASSWORD};
use passalong::{
    domain::accounts::email::Email,
    server::{
        auth::passwords::Passwords,
        store::{db::Db, users},
    },
};
use sqlx::{ConnectOptions, sqlite::SqliteConnectOptions};
use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    path::PathBuf,
    process::{Child, Command, Output, Stdio},
    time::Duration,
};
use tokio::time::Instant;

/// A folder for one test; removed with it.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("passalong-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).expect("a folder");
        Self(path)
    }

    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_passalong"));
        command.args(args).current_dir(&self.0).env_clear();
        command
    }

    pub fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().expect("the binary runs")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

pub fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

pub fn err(output: &Output) -> String {
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
    assert_eq!(err(&weak), "passalong: Passwords need at least 8 characters.\n");
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
    assert_eq!(err(&hidden), "passalong: This contains an invisible character. Type it again.\n");
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
    assert_eq!(err(&key), "passalong: This contains an invisible character. Type it again.\n");
}

#[test]
fn a_broken_setting_stops_the_start_with_one_line_that_names_it() {
    let folder = Folder::new("settings");
    for (name, value) in [
        ("LISTEN_ADDR", "nowhere"),
        ("PORT", "99999"),
        ("DATABASE_URL", "mysql://x"),
        ("DATABASE_URL", "sqlite::memory:"),
        ("DATABASE_URL", "sqlite:"),
        ("DATABASE_URL", "sqlite:passalong.db?mode=memory"),
        ("DATABASE_CONNECTIONS", "2"),
        ("BASE_URL", "example.com"),
        ("BASE_URL", "https://example.com#top"),
        ("BASE_URL", "https://example.com?a=b"),
        ("BASE_URL", "https://a..example.com"),
        ("BASE_URL", "https://example.com:99999"),
        ("BASE_URL", "https://exa mple.com"),
        ("APP_SECRET", "short"),
        ("TRUSTED_PROXIES", "10.0.0.0/99"),
        ("RATE_LIMITS", "maybe"),
        ("TEST_CLOCK", "maybe"),
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

/// A server that a test has started; it ends with the test.
pub struct Server {
    child: Child,
    pub port: u16,
}

impl Server {
    /// Starts on the database of a folder, and waits until it serves.
    pub fn start(folder: &Folder) -> Self {
        let mut server = Self::spawn(&mut folder.command(&["serve"]));
        server.wait();
        server
    }

    /// Starts with the settings of a command, without waiting.
    fn spawn(command: &mut Command) -> Self {
        let port = free_port();
        command.env("LISTEN_ADDR", format!("127.0.0.1:{port}")).stderr(Stdio::null());
        Self { child: command.spawn().expect("the binary runs"), port }
    }

    /// Waits until it serves.
    fn wait(&mut self) {
        for _ in 0..500 {
            if let Ok(mut stream) = TcpStream::connect(("127.0.0.1", self.port)) {
                // It listens before it serves.
                stream.write_all(b"GET /healthz HTTP/1.0\r\n\r\n").expect("sent");
                stream.read_exact(&mut [0; 12]).expect("an answer");
                return;
            }
            assert_eq!(self.child.try_wait().expect("a child"), None);
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("the server does not start");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A command that should end by itself, stopped when it does not.
fn run_for_seconds(command: &mut Command) -> (Output, Duration) {
    let asked = Instant::now();
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the binary runs");
    while child.try_wait().expect("a child").is_none() && asked.elapsed() < Duration::from_secs(15) {
        std::thread::sleep(Duration::from_millis(20));
    }
    let took = asked.elapsed();
    let _ = child.kill();
    (child.wait_with_output().expect("ended"), took)
}

#[test]
fn a_second_server_on_one_file_is_refused_and_commands_go_on() {
    let folder = Folder::new("second");
    let server = Server::start(&folder);
    std::os::unix::fs::symlink(folder.0.join("data/passalong.db"), folder.0.join("data/other.db")).expect("a link");
    for url in ["sqlite:./data/passalong.db", "sqlite:data/other.db"] {
        let args = ["serve", "--listen-addr", "127.0.0.1:0", "--database-url", url];
        let (refused, _) = run_for_seconds(&mut folder.command(&args));
        assert_eq!(refused.status.code(), Some(1), "{}", err(&refused));
        let text = err(&refused);
        assert!(text.starts_with("passalong: DATABASE_URL: another server uses "), "{text}");
        assert_eq!(text.lines().count(), 1, "{text}");
    }
    let made = folder.run(&["api-key", "create", "--name", "Shop", "--scopes", "read"]);
    assert!(made.status.success(), "{}", err(&made));
    assert!(folder.run(&["verify"]).status.success());
    drop(server);
    drop(Server::start(&folder));
}

#[test]
fn programs_that_start_together_on_a_new_file_take_turns() {
    for _ in 0..10 {
        let folder = Folder::new("together");
        let all: Vec<Child> = (0..4)
            .map(|_| folder.command(&["migrate"]).stderr(Stdio::piped()).stdout(Stdio::null()).spawn().expect("runs"))
            .collect();
        for one in all {
            let output = one.wait_with_output().expect("ends");
            assert!(output.status.success(), "{}", err(&output));
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn instances_that_start_together_on_a_new_database_all_serve() {
    let folder = Folder::new("instances");
    let [_, postgres] = Place::both().await;
    let command = |args: &[&str]| {
        let mut command = folder.command(args);
        command
            .env("DATABASE_URL", &postgres.url)
            .env("ADMIN_EMAIL", "root@example.com")
            .env("ADMIN_PASSWORD", PASSWORD);
        command
    };
    let mut servers: Vec<Server> = (0..3).map(|_| Server::spawn(&mut command(&["serve"]))).collect();
    let migrated = command(&["migrate"]).output().expect("the binary runs");
    assert!(migrated.status.success(), "{}", err(&migrated));
    for server in &mut servers {
        server.wait();
    }
    let db = Db::connect(&postgres.url).await.expect("opens");
    assert_eq!(users::count_admins(&mut db.read().await.expect("a transaction")).await.expect("read"), 1);
    let verified = command(&["verify"]).output().expect("the binary runs");
    assert!(verified.status.success(), "{}{}", out(&verified), err(&verified));
}

#[test]
fn a_postgres_that_is_not_there_is_said_at_once() {
    let folder = Folder::new("absent");
    let closed = free_port();
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
    let silent = silent.local_addr().map(|address| (address.port(), silent)).expect("an address");
    for (port, cause) in [(closed, "Connection refused"), (silent.0, "no answer")] {
        let url = format!("postgres://app@127.0.0.1:{port}/app");
        let args = ["serve", "--listen-addr", "127.0.0.1:0", "--database-url", &url];
        let (refused, took) = run_for_seconds(&mut folder.command(&args));
        let text = err(&refused);
        assert_eq!(refused.status.code(), Some(1), "{text}");
        let begin = format!("passalong: DATABASE_URL: cannot use PostgreSQL at 127.0.0.1:{port}: {cause}");
        assert!(text.starts_with(&begin) && text.lines().count() == 1, "{text}");
        assert!(took < Duration::from_secs(5), "{took:?}");
    }
}

#[test]
fn verify_says_what_is_corrupt() {
    let folder = Folder::new("corrupt");
    assert!(folder.run(&["demo", "--quiet"]).status.success());
    let file = folder.0.join("data/passalong.db");
    let mut bytes = std::fs::read(&file).expect("read");
    // Not the first page, which says what the file is.
    let middle = bytes.len() / 2;
    bytes[middle..middle + 20_000].fill(0xa5);
    std::fs::write(&file, bytes).expect("written");
    let verify = folder.run(&["verify"]);
    let text = err(&verify);
    assert_eq!(verify.status.code(), Some(1), "{text}");
    assert!(text.starts_with("passalong: DATABASE_URL: the database is corrupt: "), "{text}");
    assert_eq!(text.lines().count(), 1, "{text}");
}

#[tokio::test]
async fn a_database_that_is_newer_than_the_program_is_said_in_one_line() {
    let folder = Folder::new("newer");
    assert!(folder.run(&["migrate"]).status.success());
    let options = SqliteConnectOptions::new().filename(folder.0.join("data/passalong.db"));
    let mut conn = options.connect().await.expect("opened");
    let newer = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
                 VALUES (9000, 'of tomorrow', TRUE, X'00', 0)";
    sqlx::query(newer).execute(&mut conn).await.expect("written");
    sqlx::Connection::close(conn).await.expect("closed");
    for args in [&["serve", "--listen-addr", "127.0.0.1:0"][..], &["verify"]] {
        let (refused, _) = run_for_seconds(&mut folder.command(args));
        assert_eq!(refused.status.code(), Some(1));
        let line =
            "passalong: DATABASE_URL: the database is newer than this program (schema 9000); use a newer program\n";
        assert_eq!(err(&refused), line);
    }
}

/// What a server with these settings logs of one of them before it serves.
fn logged_at_start(folder: &Folder, settings: &[(&str, &str)], name: &str) -> Vec<String> {
    let mut command = folder.command(&[]);
    let mut server = command.envs(settings.iter().copied()).stderr(Stdio::piped()).spawn().expect("the binary runs");
    let lines = BufReader::new(server.stderr.take().expect("a pipe")).lines();
    let mut lines: Vec<String> = lines.map_while(Result::ok).take_while(|line| !line.contains("serving")).collect();
    server.kill().expect("killed");
    server.wait().expect("ended");
    lines.retain(|line| line.contains(name));
    lines
}

#[test]
fn a_clock_that_can_be_moved_is_warned_of() {
    let folder = Folder::new("test-clock");
    let log = |value| {
        let settings = [("LISTEN_ADDR", "127.0.0.1:0"), ("TEST_CLOCK", value)];
        logged_at_start(&folder, &settings, "TEST_CLOCK")
    };
    let lines = log("on");
    assert!(lines.len() == 1 && lines[0].contains("WARN"), "{lines:?}");
    assert!(log("off").is_empty());
}

#[test]
fn links_to_nowhere_are_warned_of() {
    let folder = Folder::new("nowhere");
    let log = |settings: &[(&str, &str)]| logged_at_start(&folder, settings, "BASE_URL");
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
fn the_help_of_imports_is_as_described() {
    let folder = Folder::new("import-help");
    for what in ["users", "codes", "conversions"] {
        let help = out(&folder.run(&["import", what, "--help"]));
        let (own, _) = help.split_once("      --database-url").expect("settings");
        insta::assert_snapshot!(format!("the_help_of_importing_{what}"), own);
    }
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
    assert_eq!(err(&wrong), "passalong: Choose from read, write and admin.\n");
    let neither = folder.run(&["api-key", "create", "--name", "Shop"]);
    assert!(!neither.status.success() && err(&neither).contains("--scopes"), "{}", err(&neither));
}

#[test]
fn keys_are_listed_and_revoked_from_the_command_line() {
    let folder = Folder::new("api-keys");
    let run = |args: &[&str]| folder.run(&[&["api-key"], args].concat());
    let secret = out(&run(&["create", "--name", "Shop", "--scopes", "read,write"]));
    let origins = "https://Bücher.example:443/, http://localhost:*";
    let page = out(&run(&["create", "--name", "Our pages", "--publishable", "--origins", origins]));
    assert!(page.starts_with("pub_") && page.trim_end().len() == 47 && page.lines().count() == 1, "{page}");
    let listed = out(&run(&["list"]));
    let lines: Vec<Vec<&str>> = listed.lines().map(|line| line.split("  ").collect()).collect();
    let cells: Vec<Vec<&str>> = lines
        .iter()
        .map(|line| line.iter().map(|cell| cell.trim()).filter(|cell| !cell.is_empty()).collect())
        .collect();
    let shown = format!("pal_…{}", &secret.trim_end()[43..]);
    assert_eq!(cells[0], ["ID", "NAME", "KEY", "OPENS", "LAST USED", "STATE"]);
    let allowed = "https://xn--bcher-kva.example http://localhost:*";
    assert_eq!(cells[1], ["2", "Our pages", page.trim_end(), allowed, "never", "works"]);
    assert_eq!(cells[2], ["1", "Shop", &shown, "read, write", "never", "works"]);
    assert!(!listed.contains(secret.trim_end()));
    let revoked = run(&["revoke", "1"]);
    assert_eq!((revoked.status.success(), out(&revoked)), (true, "Revoked Shop.\n".to_owned()));
    let keys: serde_json::Value = serde_json::from_str(&out(&run(&["list", "--json"]))).expect("JSON");
    assert_eq!((&keys[0]["key"], &keys[0]["kind"]), (&page.trim_end().into(), &"publishable".into()));
    assert_eq!((&keys[0]["works"], &keys[0]["origins"][1]), (&true.into(), &"http://localhost:*".into()));
    assert_eq!((&keys[1]["works"], &keys[1]["key"]), (&false.into(), &serde_json::Value::Null));
    assert_eq!(keys[1]["scopes"], serde_json::json!(["read", "write"]));
    for (args, told) in [
        (&["revoke", "9"][..], "passalong: there is no such key; `passalong api-key list` shows them\n"),
        (
            &["create", "--name", "Page", "--publishable", "--origins", "shop.example"],
            "passalong: “shop.example” isn’t an origin. Enter scheme and host, e.g. https://shop.example\n",
        ),
    ] {
        let wrong = run(args);
        assert_eq!((wrong.status.success(), err(&wrong)), (false, told.to_owned()));
    }
    for (wrong, missing) in [
        (&["--publishable"][..], "required arguments were not provided: --origins"),
        (&["--origins", "https://a.example"], "required arguments were not provided"),
        (&["--scopes", "read", "--origins", "https://a.example"], "cannot be used with"),
        (&["--publishable", "--origins", "https://a.example", "--scopes", "read"], "cannot be used with"),
    ] {
        let refused = run(&[&["create", "--name", "Page"], wrong].concat());
        assert!(!refused.status.success() && err(&refused).contains(missing), "{}", err(&refused));
    }
}

#[test]
fn the_document_is_printed() {
    let folder = Folder::new("openapi");
    let printed = folder.run(&["openapi"]);
    assert!(printed.status.success(), "{}", err(&printed));
    let document: serde_json::Value = serde_json::from_str(&out(&printed)).expect("JSON");
    assert_eq!(document["info"]["title"], "Passalong");
    assert_eq!(document["servers"][0]["url"], "https://refer.example.com");
}
