//! Looking at a project whenever something may have changed, until that is all.
//! Not for what one look does.

use std::sync::atomic::Ordering;
use std::sync::{Arc, mpsc};
use std::time::Duration;

use crate::site::engine::{Live, Look, Rest};
use crate::source::{Hint, SeenPaths};

/// The hint that anything may be new.
pub fn everything() -> Hint {
    Hint {
        listing: true,
        ..Hint::default()
    }
}

/// Quiet time after which large pages are made that nobody asked for yet.
const PAUSE: Duration = Duration::from_millis(400);

/// How often that is put off while saves follow each other.
const MOST_PUT_OFF: usize = 10;

/// Looks at a project whenever `wait` says that something may have changed,
/// until it says that this is all. The first look is at once. `tell` hears of
/// every look, from two threads.
pub fn follow(
    mut live: Live,
    mut wait: impl FnMut(&Arc<SeenPaths>) -> Option<Hint>,
    tell: impl Fn(&Look) + Sync,
) {
    let (rests, waiting) = mpsc::channel::<Rest>();
    let tell = &tell;
    std::thread::scope(|scope| {
        scope.spawn(move || {
            // Threads of its own, so that a large page here does not keep the
            // first half of the next look waiting.
            let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().ok();
            while let Ok(mut rest) = waiting.recv() {
                // While saves follow each other, only the last one's is worth
                // the work; but not for ever.
                for _ in 0..MOST_PUT_OFF {
                    if rest.is_urgent() {
                        break;
                    }
                    match waiting.recv_timeout(PAUSE) {
                        Ok(newer) => rest = newer,
                        Err(_) => break,
                    }
                }
                let look = match &pool {
                    Some(pool) => pool.install(|| rest.finish()),
                    None => rest.finish(),
                };
                look.iter().for_each(tell);
            }
        });
        let mut hint = everything();
        loop {
            let (look, rest) = live.look(&hint);
            tell(&look);
            rest.into_iter().for_each(|rest| drop(rests.send(rest)));
            match wait(&live.seen) {
                Some(next) => hint = next,
                None => break,
            }
        }
        live.superseded.store(true, Ordering::Relaxed);
        drop(rests);
    });
}
