//! The open streams of live updates: none outlives its session, and nobody holds too many.

use crate::{
    domain::ids::{SessionId, UserId},
    server::{
        config::clock::Clock,
        store::{db::Db, sessions},
    },
};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::sync::oneshot;

/// How often it is looked whether the sessions of all open streams are still live: in one query, whichever instance,
/// command or browser has ended them.
const INTERVAL: Duration = Duration::from_secs(5);

/// Whose stream it is.
#[derive(Clone, Copy, Debug)]
pub struct StreamOwner {
    pub session: SessionId,
    pub user: UserId,
    pub admin: bool,
    /// The key of the address that it goes to.
    pub address: [u8; 16],
}

/// Why a stream ends before its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// The user has opened more streams than one may have.
    Displaced,
    /// The session is over, or allows something else now.
    SessionOver,
}

/// The address has as many streams as one may have.
#[derive(Debug, PartialEq, Eq)]
pub struct TooMany;

/// The open streams of this instance.
pub struct LiveStreams {
    per_user: usize,
    per_address: usize,
    open: Mutex<Open>,
}

#[derive(Default)]
struct Open {
    last_id: u64,
    streams: BTreeMap<u64, (StreamOwner, oneshot::Sender<Ended>)>,
    by_user: HashMap<UserId, BTreeSet<u64>>,
    by_address: HashMap<[u8; 16], usize>,
}

/// One open stream. Dropped, it is open no more.
pub struct LiveStream {
    id: u64,
    streams: Arc<LiveStreams>,
    ended: oneshot::Receiver<Ended>,
}

impl LiveStreams {
    /// No streams yet; so many may be open at once.
    pub fn new(per_user: usize, per_address: usize) -> Self {
        Self { per_user, per_address, open: Mutex::default() }
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Opens a stream. The oldest of a user with too many ends: it may well be one that nobody hears any more. Streams
    /// that others hold from the same address do not.
    pub fn begin(self: &Arc<Self>, owner: StreamOwner) -> Result<LiveStream, TooMany> {
        let mut open = self.open();
        let oldest = open.by_user.get(&owner.user).filter(|ids| ids.len() >= self.per_user).and_then(BTreeSet::first);
        if let Some(oldest) = oldest.copied() {
            open.end(oldest, Ended::Displaced);
        }
        if open.by_address.get(&owner.address).is_some_and(|count| *count >= self.per_address) {
            return Err(TooMany);
        }
        open.last_id += 1;
        let id = open.last_id;
        let (end, ended) = oneshot::channel();
        open.streams.insert(id, (owner, end));
        open.by_user.entry(owner.user).or_default().insert(id);
        *open.by_address.entry(owner.address).or_default() += 1;
        Ok(LiveStream { id, streams: self.clone(), ended })
    }

    /// How many are open.
    pub fn count(&self) -> usize {
        self.open().streams.len()
    }

    /// The sessions of all open streams.
    fn sessions(&self) -> Vec<SessionId> {
        let sessions: BTreeSet<_> = self.open().streams.values().map(|(owner, _)| owner.session).collect();
        sessions.into_iter().collect()
    }

    /// Ends the streams of these sessions that are not live, or whose user is an admin now and was not, or the reverse.
    fn end_over(&self, asked: &[SessionId], live: &[(SessionId, bool)]) {
        let (asked, live): (BTreeSet<_>, BTreeMap<_, _>) = (asked.iter().collect(), live.iter().copied().collect());
        let is_over =
            |owner: &StreamOwner| asked.contains(&owner.session) && live.get(&owner.session) != Some(&owner.admin);
        let mut open = self.open();
        let over: Vec<u64> = open.streams.iter().filter(|(_, (owner, _))| is_over(owner)).map(|(id, _)| *id).collect();
        over.into_iter().for_each(|id| open.end(id, Ended::SessionOver));
    }
}

impl Open {
    fn end(&mut self, id: u64, why: Ended) {
        let Some((owner, end)) = self.streams.remove(&id) else { return };
        if let Some(ids) = self.by_user.get_mut(&owner.user) {
            ids.remove(&id);
            if ids.is_empty() {
                self.by_user.remove(&owner.user);
            }
        }
        if let Some(count) = self.by_address.get_mut(&owner.address) {
            *count -= 1;
            if *count == 0 {
                self.by_address.remove(&owner.address);
            }
        }
        let _ = end.send(why);
    }
}

impl LiveStream {
    /// Resolves when the stream has to end.
    pub async fn ended(&mut self) -> Ended {
        (&mut self.ended).await.unwrap_or(Ended::SessionOver)
    }
}

impl Drop for LiveStream {
    fn drop(&mut self) {
        self.streams.open().end(self.id, Ended::SessionOver);
    }
}

/// Ends streams whose session is over, until the server stops. While the database cannot be asked, streams stay.
pub async fn end_with_sessions(db: Db, clock: Clock, streams: Arc<LiveStreams>) {
    loop {
        tokio::time::sleep(INTERVAL).await;
        let asked = streams.sessions();
        if asked.is_empty() {
            continue;
        }
        let live = async { sessions::still_live(&mut db.read().await?, &asked, clock.now()).await };
        match live.await {
            Ok(live) => streams.end_over(&asked, &live),
            Err(error) => tracing::warn!(%error, "the sessions of open streams could not be looked up"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owner(user: i64, session: i64, address: u8) -> StreamOwner {
        StreamOwner { session: SessionId(session), user: UserId(user), admin: false, address: [address; 16] }
    }

    #[tokio::test]
    async fn the_latest_streams_of_a_user_are_kept() {
        let streams = Arc::new(LiveStreams::new(2, 10));
        let mut first = streams.begin(owner(1, 1, 1)).expect("a stream");
        let second = streams.begin(owner(1, 2, 2)).expect("a stream");
        let other = streams.begin(owner(2, 3, 1)).expect("a stream");
        let third = streams.begin(owner(1, 1, 1)).expect("a stream");
        assert_eq!((first.ended().await, streams.count()), (Ended::Displaced, 3));
        drop((first, second, other, third));
        let open = streams.open();
        assert_eq!((open.streams.len(), open.by_user.len(), open.by_address.len()), (0, 0, 0));
    }

    #[tokio::test]
    async fn an_address_has_only_so_many() {
        let streams = Arc::new(LiveStreams::new(5, 2));
        let held: Vec<_> = (1..=2).map(|user| streams.begin(owner(user, user, 1)).expect("a stream")).collect();
        assert_eq!(streams.begin(owner(3, 3, 1)).err(), Some(TooMany));
        assert!(streams.begin(owner(3, 3, 2)).is_ok());
        drop(held);
        assert!(streams.begin(owner(3, 3, 1)).is_ok());
    }

    #[tokio::test]
    async fn a_stream_ends_with_what_its_session_allows() {
        let streams = Arc::new(LiveStreams::new(9, 9));
        let [mut over, mut promoted, _live, _new] =
            [1, 2, 3, 4].map(|session| streams.begin(owner(1, session, 1)).expect("a stream"));
        let asked = [1, 2, 3].map(SessionId);
        streams.end_over(&asked, &[(SessionId(2), true), (SessionId(3), false)]);
        assert_eq!(over.ended().await, Ended::SessionOver);
        assert_eq!(promoted.ended().await, Ended::SessionOver);
        assert_eq!(streams.sessions(), [3, 4].map(SessionId));
    }
}
