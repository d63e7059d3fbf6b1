//! Randomness as something that is handed in.

use rand::{Rng, SeedableRng, rngs::StdRng};
use std::sync::{Arc, Mutex, PoisonError};

/// Draws cryptographically strong bytes: seeded by the system, or in tests by a number.
#[derive(Clone)]
pub struct Chance(Arc<Mutex<StdRng>>);

impl Chance {
    /// Seeded by the operating system.
    #[expect(clippy::disallowed_methods, reason = "the one place where real chance comes in")]
    pub fn real() -> Self {
        Self(Arc::new(Mutex::new(rand::make_rng())))
    }

    /// The same draws every time, for tests and demonstrations.
    pub fn seeded(seed: u64) -> Self {
        Self(Arc::new(Mutex::new(StdRng::seed_from_u64(seed))))
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
        self.0.lock().unwrap_or_else(PoisonError::into_inner).fill_bytes(bytes);
    }
}
