//! Results that are kept between two looks at the same project: each belongs to
//! one text and to a digest of what else it was made from, so an equal pair
//! means an equal result. What the newest look did not ask for is let go. It
//! knows nothing of what the results are.

use std::collections::HashMap;
use std::hash::{Hash, Hasher};
use std::sync::{Arc, Mutex, PoisonError};

use rayon::prelude::*;

/// 128 bits of a cryptographic hash (BLAKE3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Digest([u8; 16]);

impl Digest {
    /// The digest of everything `value` puts into a hasher.
    pub fn of<T: Hash + ?Sized>(value: &T) -> Digest {
        let mut blake = Blake::default();
        value.hash(&mut blake);
        blake.pass_on();
        let mut digest = [0; 16];
        digest.copy_from_slice(&blake.hasher.finalize().as_bytes()[..16]);
        Digest(digest)
    }

    /// The digest of many digests in their order.
    pub fn of_all(digests: impl Iterator<Item = Digest>) -> Digest {
        let mut bytes = Vec::new();
        digests.for_each(|digest| bytes.extend_from_slice(&digest.0));
        Digest::of(&bytes)
    }
}

impl std::fmt::Display for Digest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// Gathers what is hashed in large pieces: that is several times quicker than
/// one small piece after another.
#[derive(Default)]
struct Blake {
    hasher: blake3::Hasher,
    gathered: Vec<u8>,
}

/// Bytes that are passed on at once. BLAKE3 takes eight times 1 KiB side by side.
const PIECE: usize = 16 * 1024;

impl Blake {
    fn pass_on(&mut self) {
        self.hasher.update(&self.gathered);
        self.gathered.clear();
    }
}

impl Hasher for Blake {
    fn write(&mut self, bytes: &[u8]) {
        if self.gathered.len() + bytes.len() > PIECE {
            self.pass_on();
        }
        if bytes.len() > PIECE {
            self.hasher.update(bytes);
        } else {
            self.gathered.extend_from_slice(bytes);
        }
    }

    fn finish(&self) -> u64 {
        let mut all = self.hasher.clone();
        all.update(&self.gathered);
        let bytes = all.finalize();
        u64::from_le_bytes(std::array::from_fn(|i| bytes.as_bytes()[i]))
    }
}

/// Results for the things of a list, such as all categories, found by place: it
/// costs next to nothing to have those of a list in which little has changed.
/// `K` tells what a result was made from, one thing of the list from all others.
pub struct Listed<T, K = Digest> {
    kept: Mutex<Series<T, K>>,
}

struct Series<T, K> {
    made_from: Vec<K>,
    results: Arc<Vec<Arc<T>>>,
}

impl<T, K> Default for Listed<T, K> {
    fn default() -> Self {
        Listed {
            kept: Mutex::new(Series {
                made_from: Vec::new(),
                results: Arc::default(),
            }),
        }
    }
}

impl<T, K> Listed<T, K>
where
    T: Send + Sync,
    K: Copy + Eq + Hash + Send + Sync,
{
    /// The results of a whole list; `make` makes that of a place. Those of the
    /// list before that are not in this one are let go.
    pub fn all(&self, made_from: Vec<K>, make: impl Fn(usize) -> T + Sync) -> Arc<Vec<Arc<T>>> {
        // Held while results are made: who comes second wants the same ones.
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let Series {
            made_from: before,
            results,
        } = &mut *kept;
        let same = |(a, b): &(&K, &K)| a == b;
        let head = before.iter().zip(&made_from).take_while(same).count();
        let tails = before[head..].iter().rev();
        let tail = tails.zip(made_from[head..].iter().rev());
        let tail = tail.take_while(same).count();
        let old = head..before.len() - tail;
        let new = head..made_from.len() - tail;
        if !(old.is_empty() && new.is_empty()) {
            // Nearly always things change where they are: then few of the many
            // between the first and the last that did have to be touched.
            let in_place = old.len() == new.len();
            let changed = |at: &usize| !in_place || before[*at] != made_from[*at];
            let known = old.clone().filter(changed).map(|at| (before[at], at));
            let known: HashMap<K, usize> = known.collect();
            let places: Vec<usize> = new.filter(changed).collect();
            let result = |at: &usize| match known.get(&made_from[*at]) {
                Some(known) => results[*known].clone(),
                None => Arc::new(make(*at)),
            };
            let made: Vec<Arc<T>> = places.par_iter().map(result).collect();
            let results = Arc::make_mut(results);
            match in_place {
                true => places
                    .into_iter()
                    .zip(made)
                    .for_each(|(at, made)| results[at] = made),
                false => drop(results.splice(old, made)),
            }
            *before = made_from;
        }
        results.clone()
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
        let kept = Kept {
            made_from,
            result: result.clone(),
            used: true,
        };
        self.lock().insert(name.to_string(), kept);
        result
    }

    /// Lets go of what nobody asked for since the last sweep.
    pub fn sweep(&self) {
        self.lock()
            .retain(|_, kept| std::mem::replace(&mut kept.used, false));
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, Kept<T, K>>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
