//! Randomness as something that is handed in.

use rand::{Rng, SeedableRng, rngs::StdRng};
use std::sync::{Arc, Mutex, PoisonError};

/// Draws cryptographically strong bytes: from the thread's own source, which the system seeds, or in tests from one that
/// a number does. Visits on different threads do not wait for each other.
#[derive(Clone)]
pub struct Chance(Option<Arc<Mutex<StdRng>>>);

impl Chance {
    /// Seeded by the operating system.
    pub fn real() -> Self {
        Self(None)
    }

    /// The same draws every time, for tests and demonstrations.
    pub fn seeded(seed: u64) -> Self {
        Self(Some(Arc::new(Mutex::new(StdRng::seed_from_u64(seed)))))
    }

    /// `N` random bytes.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.fill(&mut bytes);
        bytes
    }

    /// As many random bytes as asked for.
    pub fn some(&self, count: usize) -> Vec<u8> {
        let mut bytes = vec![0; count];
        self.fill(&mut bytes);
        bytes
    }

    /// A random number below `most`, good enough for sampling.
    pub fn below(&self, most: u64) -> u64 {
        u64::from_le_bytes(self.bytes()) % most.max(1)
    }

    fn fill(&self, bytes: &mut [u8]) {
        match &self.0 {
            Some(seeded) => seeded.lock().unwrap_or_else(PoisonError::into_inner).fill_bytes(bytes),
            None => real(bytes),
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place where real chance comes in")]
fn real(bytes: &mut [u8]) {
    rand::rng().fill_bytes(bytes);
}
