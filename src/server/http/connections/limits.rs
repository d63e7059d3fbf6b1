//! How many connections may be open, altogether and from one address.

use crate::server::{auth::rate_limiter::network_key, http::connections::progress::Progress};
use ipnet::IpNet;
use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// The connections that are open.
pub struct Connections {
    most: usize,
    most_per_address: usize,
    /// They speak for many people: their connections are not counted by address.
    proxies: Vec<IpNet>,
    open: Mutex<Open>,
}

#[derive(Default)]
struct Open {
    last_id: u64,
    connections: HashMap<u64, (Option<Address>, Arc<Progress>)>,
    by_address: HashMap<Address, usize>,
}

/// One IPv4 address or a network of IPv6.
type Address = [u8; 16];

/// The place of one connection, free again when it is dropped.
pub struct Place {
    id: u64,
    connections: Arc<Connections>,
}

impl Connections {
    pub fn new(most: usize, most_per_address: usize, proxies: Vec<IpNet>) -> Self {
        Self { most, most_per_address, proxies, open: Mutex::default() }
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A place for one more connection. When all are taken, those make room that have waited longest; there
    /// is none while all others are at work.
    pub fn admit(self: &Arc<Self>, peer: IpAddr, progress: &Arc<Progress>) -> Option<Place> {
        let peer = peer.to_canonical();
        let address = (!self.proxies.iter().any(|proxies| proxies.contains(&peer))).then(|| network_key(peer));
        let mut open = self.open();
        if let Some(address) = &address
            && open.by_address.get(address).is_some_and(|count| *count >= self.most_per_address)
            && !open.make_room(Some(address))
        {
            return None;
        }
        if open.connections.len() >= self.most && !open.make_room(None) {
            return None;
        }
        open.last_id += 1;
        let id = open.last_id;
        if let Some(address) = address {
            *open.by_address.entry(address).or_default() += 1;
        }
        open.connections.insert(id, (address, progress.clone()));
        metrics::gauge!("passalong_connections").increment(1);
        Some(Place { id, connections: self.clone() })
    }

    /// Makes room because the system has none for further connections; whether there is some now.
    pub fn make_room(&self) -> bool {
        self.open().make_room(None)
    }
}

impl Open {
    /// Ends the older half of the connections that wait for their client, of one address or of all; whether there was
    /// one.
    fn make_room(&mut self, of: Option<&Address>) -> bool {
        let mut waiting: Vec<_> = self
            .connections
            .iter()
            .filter(|(_, (address, _))| of.is_none() || address.as_ref() == of)
            .filter_map(|(id, (_, progress))| Some((progress.waiting_since()?, *id)))
            .collect();
        waiting.sort_unstable();
        // Half of them at once: else there would be a search for each that comes.
        waiting.truncate(waiting.len().div_ceil(2));
        for (_, id) in &waiting {
            if let Some(progress) = self.remove(*id) {
                progress.close();
            }
        }
        !waiting.is_empty()
    }

    fn remove(&mut self, id: u64) -> Option<Arc<Progress>> {
        let (address, progress) = self.connections.remove(&id)?;
        if let Some(address) = address
            && let Some(count) = self.by_address.get_mut(&address)
        {
            *count -= 1;
            if *count == 0 {
                self.by_address.remove(&address);
            }
        }
        Some(progress)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        metrics::gauge!("passalong_connections").decrement(1);
        self.connections.open().remove(self.id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::http::connections::progress::Timeouts;

    fn connections(most: usize, most_per_address: usize) -> Arc<Connections> {
        Arc::new(Connections::new(most, most_per_address, vec!["10.0.0.0/8".parse().expect("a network")]))
    }

    /// A connection from an address, at work or waiting for a request.
    fn connect(to: &Arc<Connections>, ip: &str, busy: bool) -> Option<(Place, Arc<Progress>)> {
        let progress = Arc::new(Progress::new(Timeouts::default()));
        if busy {
            progress.begin_request();
        }
        Some((to.admit(ip.parse().expect("an address"), &progress)?, progress))
    }

    impl Connections {
        fn is_empty(&self) -> (bool, bool) {
            let open = self.open();
            (open.connections.is_empty(), open.by_address.is_empty())
        }
    }

    #[test]
    fn one_address_has_only_so_many_and_a_proxy_all() {
        let all = connections(10, 3);
        let mut held: Vec<_> = (0..3).map(|_| connect(&all, "192.0.2.1", true).expect("a place")).collect();
        assert!(connect(&all, "192.0.2.1", true).is_none());
        assert!(connect(&all, "::ffff:192.0.2.1", true).is_none());
        held.extend((0..7).map(|_| connect(&all, "10.1.2.3", true).expect("a place")));
        assert!(connect(&all, "192.0.2.2", true).is_none());
        assert!(connect(&all, "10.1.2.3", true).is_none());
        held.pop();
        assert!(connect(&all, "192.0.2.2", true).is_some());
        held.clear();
        assert_eq!(all.is_empty(), (true, true));
    }

    #[test]
    fn a_64_is_one_address() {
        let all = connections(10, 3);
        let held: Vec<_> = (1..=3).map(|n| connect(&all, &format!("2001:db8::{n}"), true).expect("a place")).collect();
        assert!(connect(&all, "2001:db8::9", true).is_none());
        assert!(connect(&all, "2001:db8:0:1::9", true).is_some());
        drop(held);
    }

    #[test]
    fn who_waits_longest_makes_room() {
        let all = connections(10, 4);
        let busy = connect(&all, "192.0.2.1", true).expect("a place");
        let other = connect(&all, "192.0.2.2", false).expect("a place");
        let waiting: Vec<_> = (0..3).map(|_| connect(&all, "192.0.2.1", false).expect("a place")).collect();
        let new = connect(&all, "192.0.2.1", false);
        assert!(new.is_some());
        // Two of three went, and those places are not given back twice.
        assert_eq!(all.open().connections.len(), 4);
        drop(waiting);
        assert_eq!(all.open().connections.len(), 3);
        drop((busy, other, new));
        assert_eq!(all.is_empty(), (true, true));
    }
}
