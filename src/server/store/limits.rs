//! What a process takes of its database, and how long it waits for it.

use std::time::Duration;

/// How long a caller waits for a connection, or for its turn to write, while nobody gets an answer from the database.
pub const STALL_TIMEOUT: Duration = Duration::from_secs(5);

/// How long a caller waits in a queue that moves.
pub const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(30);

/// Why a database cannot be opened, in one line for whoever runs the program.
pub type ConnectError = Box<dyn std::error::Error + Send + Sync>;

/// What a process takes of its database.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Connections to PostgreSQL at most, all together.
    pub connections: u32,
    /// How long PostgreSQL may take for one statement.
    pub statement: Option<Duration>,
}

impl Limits {
    /// For commands: a statement may take as long as it needs.
    pub const COMMAND: Self = Self { connections: 10, statement: None };

    /// For a server: whoever waits for a statement has a limit.
    pub fn serving(connections: u32) -> Self {
        Self { connections, statement: Some(Duration::from_secs(10)) }
    }
}
