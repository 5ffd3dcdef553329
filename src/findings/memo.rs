//! Results that are kept between two runs over the same project. Each is stored under a
//! name and a digest of what it was made from, so an equal pair means an equal result.
//! Results that the newest run did not ask for are dropped. What the results are is not
//! known here.

use std::collections::HashMap;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use rayon::prelude::*;
use twox_hash::XxHash3_128;

/// 128 bits of a hash (XXH3). Different inputs have different digests unless an
/// attacker chooses them. Such an attacker could only fool a build of their own files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Digest(u128);

impl Digest {
    /// The digest of everything `value` puts into a hasher.
    pub fn of<T: Hash + ?Sized>(value: &T) -> Digest {
        let mut digester = Digester::default();
        value.hash(&mut digester);
        digester.digest()
    }

    /// The digest of the bytes alone.
    pub fn of_bytes(bytes: &[u8]) -> Digest {
        Digest(XxHash3_128::oneshot(bytes))
    }

    /// The digest of many digests in their order.
    pub fn of_all(digests: impl Iterator<Item = Digest>) -> Digest {
        let mut digester = Digester::default();
        digests.for_each(|digest| digester.write(&digest.0.to_le_bytes()));
        digester.digest()
    }

    /// The same as [`Digest::of_bytes`], for data that may be too large to read at
    /// once.
    ///
    /// # Errors
    /// The error of the reader.
    pub fn of_reader(mut reader: impl io::Read) -> io::Result<Digest> {
        let mut hasher = XxHash3_128::new();
        let mut part = vec![0; 64 * 1024];
        loop {
            match reader.read(&mut part) {
                Ok(0) => return Ok(Digest(hasher.finish_128())),
                Ok(len) => hasher.write(&part[..len]),
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => return Err(e),
            }
        }
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

/// Collects small writes into large pieces, because hashing those is several times
/// faster.
#[derive(Default)]
struct Digester {
    /// Only where there is more than one piece.
    hasher: Option<XxHash3_128>,
    gathered: Vec<u8>,
}

/// Bytes that are hashed at once.
const PIECE: usize = 16 * 1024;

impl Digester {
    fn digest(&self) -> Digest {
        match &self.hasher {
            None => Digest::of_bytes(&self.gathered),
            Some(hasher) => {
                let mut hasher = hasher.clone();
                hasher.write(&self.gathered);
                Digest(hasher.finish_128())
            }
        }
    }
}

impl Hasher for Digester {
    fn write(&mut self, bytes: &[u8]) {
        if self.gathered.len() + bytes.len() <= PIECE {
            self.gathered.extend_from_slice(bytes);
            return;
        }
        let hasher = self.hasher.get_or_insert_with(XxHash3_128::new);
        hasher.write(&self.gathered);
        hasher.write(bytes);
        self.gathered.clear();
    }

    fn finish(&self) -> u64 {
        self.digest().0 as u64
    }
}

/// Results for the items of a list, such as all categories, found by position, so that
/// a list in which little has changed costs almost nothing. `K` identifies what a
/// result was made from and must differ between the items of the list.
pub struct ListMemo<T, K = Digest> {
    kept: Mutex<Series<T, K>>,
}

struct Series<T, K> {
    made_from: Vec<K>,
    results: Arc<Vec<Arc<T>>>,
}

impl<T, K> Default for ListMemo<T, K> {
    fn default() -> Self {
        ListMemo {
            kept: Mutex::new(Series {
                made_from: Vec::new(),
                results: Arc::default(),
            }),
        }
    }
}

impl<T, K> ListMemo<T, K>
where
    T: Send + Sync,
    K: Copy + Eq + Hash + Send + Sync,
{
    /// Returns the results of a whole list; `make` computes the one at an index.
    /// Results of the previous list that are not in this one are dropped.
    pub fn all(&self, made_from: Vec<K>, make: impl Fn(usize) -> T + Sync) -> Arc<Vec<Arc<T>>> {
        // Locked while results are made: a second caller wants the same ones.
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
            // Items nearly always change in place. Then only those between the first
            // and the last change have to be touched.
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

/// Results of one kind, one for each name, such as a path. `K` identifies what a result
/// was made from: a digest, or several.
pub struct Memo<T, K = Digest> {
    kept: Mutex<HashMap<String, KeptResult<T, K>>>,
}

struct KeptResult<T, K> {
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
    /// Returns the kept result of that name if it was made from the same things, or
    /// else a new one.
    pub fn get(&self, name: &str, made_from: K, make: impl FnOnce() -> T) -> Arc<T> {
        if let Some(kept) = self.lock().get_mut(name)
            && kept.made_from == made_from
        {
            kept.used = true;
            return kept.result.clone();
        }
        // Made outside the lock, so that other threads can make theirs.
        let result = Arc::new(make());
        let kept = KeptResult {
            made_from,
            result: result.clone(),
            used: true,
        };
        self.lock().insert(name.to_string(), kept);
        result
    }

    /// Drops the results that were not asked for since the last sweep.
    pub fn sweep(&self) {
        self.lock()
            .retain(|_, kept| std::mem::replace(&mut kept.used, false));
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, KeptResult<T, K>>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
