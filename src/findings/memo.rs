//! Results that are kept between two looks at the same project: each belongs to
//! one text and to a digest of what else it was made from, so an equal pair
//! means an equal result. What the newest look did not ask for is let go. It
//! knows nothing of what the results are.

use std::collections::HashMap;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use rayon::prelude::*;
use twox_hash::XxHash3_128;

/// 128 bits of a hash (XXH3). Two things that differ by chance have different
/// ones. Somebody who means to can make equal ones, and would fool nobody but
/// whoever builds from his own files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Digest(u128);

impl Digest {
    /// The digest of everything `value` puts into a hasher.
    pub fn of<T: Hash + ?Sized>(value: &T) -> Digest {
        let mut digester = Digester::default();
        value.hash(&mut digester);
        digester.digest()
    }

    /// The digest of bytes as they are, and nothing else.
    pub fn of_bytes(bytes: &[u8]) -> Digest {
        Digest(XxHash3_128::oneshot(bytes))
    }

    /// The digest of many digests in their order.
    pub fn of_all(digests: impl Iterator<Item = Digest>) -> Digest {
        let mut digester = Digester::default();
        digests.for_each(|digest| digester.write(&digest.0.to_le_bytes()));
        digester.digest()
    }

    /// [`Digest::of_bytes`] of what is read in parts, since all of it may be too
    /// much.
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

/// Gathers what is hashed in large pieces: that is several times quicker than
/// one small piece after another.
#[derive(Default)]
struct Digester {
    /// Only where there is more than one piece.
    hasher: Option<XxHash3_128>,
    gathered: Vec<u8>,
}

/// Bytes that are passed on at once.
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

/// Results for the things of a list, such as all categories, found by place: it
/// costs next to nothing to have those of a list in which little has changed.
/// `K` tells what a result was made from, one thing of the list from all others.
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
        let kept = KeptResult {
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

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, KeptResult<T, K>>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
