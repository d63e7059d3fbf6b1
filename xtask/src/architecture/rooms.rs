//! Who may use whom.

/// Room → rooms that it may use, and with them all that these may use.
const ROOMS: [(&str, &[&str]); 30] = [
    // What a browser compiles too.
    ("app", &["pages", "components"]),
    ("pages", &["functions", "islands", "components"]),
    ("islands", &["functions", "components"]),
    ("functions", &["view_models", "domain", "error", "text"]),
    ("components", &["view_models", "domain", "error", "text"]),
    ("text", &["domain", "view_models"]),
    ("view_models", &["domain", "error"]),
    ("error", &["domain"]),
    ("domain", &[]),
    // The server.
    ("server", &[]),
    ("http", &["app", "pages", "functions", "api", "webhooks", "exports", "context", "clicks", "realtime"]),
    ("commands", &["actions", "queries", "jobs", "exports", "api"]),
    ("jobs", &["actions", "queries"]),
    ("api", &["context", "actions", "queries"]),
    ("webhooks", &["context", "actions", "queries"]),
    ("exports", &["context", "actions", "queries"]),
    ("context", &["state", "auth", "view_models", "text"]),
    ("actions", &["state", "domain", "store", "realtime", "outbox", "auth"]),
    ("queries", &["state", "domain", "store", "realtime", "outbox", "auth"]),
    ("state", &["config", "auth", "clicks", "realtime", "outbox", "store"]),
    ("outbox", &["realtime", "auth", "config", "store", "domain", "text"]),
    ("clicks", &["realtime", "auth", "config", "store", "domain"]),
    ("realtime", &["config", "store", "domain"]),
    ("auth", &["config", "store", "domain"]),
    ("store", &["domain", "view_models", "errors"]),
    ("config", &["domain", "errors"]),
    ("errors", &["error"]),
    // See everything; nobody sees more by using them.
    ("lib", &[]),
    ("main", &[]),
    ("run", &[]),
];

const SEE_ALL: [&str; 3] = ["lib", "main", "run"];

/// Room → rooms of the server that it may use inside bodies, which a browser does not compile. Those who use the room
/// may not use these.
const IN_BODIES: [(&str, &[&str]); 1] = [("functions", &["context", "actions", "queries"])];

/// File or room → a room that it may use and that nobody else may use through it.
const ALONE: [(&str, &str); 2] = [("commands", "run"), ("src/pages/error.rs", "context")];

/// The room that a file is in.
pub fn of(file: &str) -> &str {
    let path = file.strip_prefix("src/").unwrap_or(file);
    let inside = path.strip_prefix("server/").filter(|inside| *inside != "mod.rs").unwrap_or(path);
    let name = inside.split('/').next().unwrap_or(inside);
    name.strip_suffix(".rs").unwrap_or(name)
}

/// Whether the table has the room.
pub fn is_known(room: &str) -> bool {
    ROOMS.iter().any(|(name, _)| *name == room)
}

/// Whether a file may use another one, and why not.
pub fn judge(from: &str, to: &str, in_body: bool) -> Result<(), String> {
    let (room, other) = (of(from), of(to));
    let listed = |table: &[(&str, &[&str])]| {
        let row = table.iter().find(|(name, _)| *name == room);
        row.is_some_and(|(_, rooms)| rooms.iter().any(|next| reaches(next, other)))
    };
    if listed(&IN_BODIES) && to.starts_with("src/server/") {
        return if in_body { Ok(()) } else { Err(format!("{room} may use the server inside bodies only")) };
    }
    let alone = ALONE.iter().any(|(who, whom)| (*who == room || *who == from) && *whom == other);
    if room == other || SEE_ALL.contains(&room) || alone || listed(&ROOMS) {
        return Ok(());
    }
    Err(format!("{room} may not use {other}"))
}

/// Whether `to` is `from` or a room that it may use.
fn reaches(from: &str, to: &str) -> bool {
    from == to || ROOMS.iter().any(|(name, rooms)| *name == from && rooms.iter().any(|next| reaches(next, to)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_in_the_room_of_its_folder_or_its_own_name() {
        let files = ["src/app.rs", "src/pages/admin/codes.rs", "src/server/state.rs", "src/server/store/mod.rs"];
        assert_eq!(files.map(of), ["app", "pages", "state", "store"]);
        assert_eq!(["src/lib.rs", "src/server/mod.rs", "src/server/text/en.rs"].map(of), ["lib", "server", "text"]);
    }

    #[test]
    fn the_table_names_only_rooms_that_it_has_and_sends_no_arrow_back() {
        for (name, rooms) in ROOMS.iter().chain(&IN_BODIES) {
            for room in *rooms {
                assert!(is_known(room), "{name} → {room}");
                assert!(!reaches(room, name), "{name} → {room} → {name}");
            }
        }
    }

    #[test]
    fn nobody_sees_more_by_using_what_sees_all() {
        assert!(judge("src/server/run.rs", "src/server/jobs/mod.rs", false).is_ok());
        assert!(judge("src/server/commands/serve.rs", "src/server/run.rs", false).is_ok());
        assert!(judge("src/server/commands/serve.rs", "src/server/http/mod.rs", false).is_err());
    }
}
