//! Randomness as something that is handed in.

use rand::{Rng as _, SeedableRng, rngs::StdRng};
use std::sync::{Arc, Mutex, PoisonError};

/// Draws cryptographically strong bytes: from the thread's own source, which the system seeds, or in tests from one
/// that a number does. Clicks on different threads do not wait for each other.
#[derive(Clone)]
pub struct Rng(Option<Arc<Mutex<StdRng>>>);

impl Rng {
    /// Seeded by the operating system.
    pub fn from_system() -> Self {
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
    pub fn byte_vec(&self, count: usize) -> Vec<u8> {
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
            None => fill_from_system(bytes),
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place where the system's randomness comes in")]
fn fill_from_system(bytes: &mut [u8]) {
    rand::rng().fill_bytes(bytes);
}
