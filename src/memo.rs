//! Results that are kept between two looks at the same project: each belongs to
//! one text and to a digest of what else it was made from, so an equal pair
//! means an equal result. What the newest look did not ask for is let go. It
//! knows nothing of what the results are.

use std::collections::HashMap;
use std::hash::{Hash, Hasher};
use std::sync::{Arc, Mutex};

/// 128 bits of a cryptographic hash (BLAKE3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Digest([u8; 16]);

impl Digest {
    /// The digest of everything `value` puts into a hasher.
    pub fn of<T: Hash + ?Sized>(value: &T) -> Digest {
        let mut hasher = Blake(blake3::Hasher::new());
        value.hash(&mut hasher);
        let mut digest = [0; 16];
        digest.copy_from_slice(&hasher.0.finalize().as_bytes()[..16]);
        Digest(digest)
    }
}

impl std::fmt::Display for Digest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

struct Blake(blake3::Hasher);

impl Hasher for Blake {
    fn write(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    fn finish(&self) -> u64 {
        let bytes = self.0.finalize();
        u64::from_le_bytes(std::array::from_fn(|i| bytes.as_bytes()[i]))
    }
}

/// Results of one kind, by a name such as a path; one result a name. `K` tells
/// what a result was made from: a digest, or several side by side.
pub struct Memo<T, K = Digest> {
    kept: Mutex<HashMap<String, Kept<T, K>>>,
}

struct Kept<T, K> {
    made_from: K,
    result: Arc<T>,
    /// Whether it was asked for since the last sweep.
    used: bool,
}

impl<T, K> Default for Memo<T, K> {
    fn default() -> Self {
        Memo {
            kept: Mutex::default(),
        }
    }
}

impl<T, K: Copy + PartialEq> Memo<T, K> {
    /// The result of that name made from the same things, or a new one.
    pub fn get(&self, name: &str, made_from: K, make: impl FnOnce() -> T) -> Arc<T> {
        if let Some(kept) = self.lock().get_mut(name)
            && kept.made_from == made_from
        {
            kept.used = true;
            return kept.result.clone();
        }
        // Not under the lock: others make theirs meanwhile.
        let result = Arc::new(make());
        self.put(name, made_from, result.clone());
        result
    }

    /// Whether there is a result of that name made from the same things.
    pub fn has(&self, name: &str, made_from: K) -> bool {
        let kept = self.lock();
        kept.get(name).is_some_and(|k| k.made_from == made_from)
    }

    /// The newest result of that name, and what it was made from.
    pub fn last(&self, name: &str) -> Option<(K, Arc<T>)> {
        let mut kept = self.lock();
        let kept = kept.get_mut(name)?;
        kept.used = true;
        Some((kept.made_from, kept.result.clone()))
    }

    /// Lets a result stand for other things than those it was made from,
    /// because they come to the same.
    pub fn put(&self, name: &str, made_from: K, result: Arc<T>) {
        let kept = Kept {
            made_from,
            result,
            used: true,
        };
        self.lock().insert(name.to_string(), kept);
    }

    /// Lets go of what nobody asked for since the last sweep.
    pub fn sweep(&self) {
        self.lock()
            .retain(|_, kept| std::mem::replace(&mut kept.used, false));
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, Kept<T, K>>> {
        self.kept.lock().unwrap_or_else(|e| e.into_inner())
    }
}
