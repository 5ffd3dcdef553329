//! Rebuilds a project whenever something may have changed. What a rebuild does is in
//! `engine`.

use std::sync::atomic::Ordering;
use std::sync::{Arc, mpsc};
use std::time::Duration;

use crate::site::engine::{Live, Look, Rest};
use crate::source::{Hint, SeenPaths};

/// The hint that anything may have changed.
pub fn everything() -> Hint {
    Hint {
        listing: true,
        ..Hint::default()
    }
}

/// Quiet time after which large pages are made, even if they were not requested yet.
const PAUSE: Duration = Duration::from_millis(400);

/// How often that is delayed while one save follows another.
const MOST_PUT_OFF: usize = 10;

/// Rebuilds a project at once, and then whenever `wait` returns a hint, until it
/// returns `None`. `tell` is called for every rebuild, from two threads.
pub fn follow(
    mut live: Live,
    mut wait: impl FnMut(&Arc<SeenPaths>) -> Option<Hint>,
    tell: impl Fn(&Look) + Sync,
) {
    let (rests, waiting) = mpsc::channel::<Rest>();
    let tell = &tell;
    std::thread::scope(|scope| {
        scope.spawn(move || {
            // A separate thread, so that a large page here does not delay the first
            // half of the next rebuild.
            let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().ok();
            while let Ok(mut rest) = waiting.recv() {
                // While one save follows another, only the last is worth the work;
                // but do not wait forever.
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
