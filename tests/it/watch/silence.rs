//! Nothing else makes a tick.

use std::fs;
use std::sync::Arc;
use std::thread;

use srm_site::source::SeenPaths;
use srm_site::watch::Mode;

use super::{ONE, Scene};

ways! {
    fn others_are_not_told_of(s) {
        s.write("site/out/page.html", "built");
        s.write("site/content/data/.hidden", "");
        s.settle();
        s.silent(|s| {
            s.write("site/out/page.html", "built anew");
            s.write("site/out/deep/page.html", "built");
            fs::remove_dir_all(s.path("site/out")).unwrap();
            s.write("site/out/page.html", "built again");
            s.write("unrelated", "file");
            s.rename("unrelated", "still-unrelated");
            s.write("fence/other", "file");
        });
        s.silent(|s| {
            s.write("site/content/data/.one.yaml.swp", "swap");
            s.write("site/content/data/one.yaml~", "backup");
            s.write("site/content/data/#one.yaml#", "unsaved");
            s.write("site/content/data/old.swp", "swap");
            s.write("site/content/data/.hidden", "edited");
            s.remove("site/content/data/one.yaml~");
            s.rename("site/content/data/.hidden", "site/content/data/.still-hidden");
        });
    }

    fn names_that_are_only_tried_are_not_told_of(s) {
        // A look in between sees the file, and so may one by events.
        let mut silent = 0;
        for _ in 0..20 {
            s.settle();
            s.write("site/content/data/4913", "");
            s.remove("site/content/data/4913");
            s.touch_fence();
            let tick = s.wait();
            silent += usize::from(!tick.listing && tick.paths == [s.path("fence/fence")].into());
        }
        assert!(silent > 10 || s.mode == Mode::Poll, "{silent} of 20");
        // One that stays is told of.
        s.write("site/content/data/4913", "");
        s.follow_and_on();
    }

    fn reading_is_not_told_of(s) {
        s.silent(|s| {
            for _ in 0..20 {
                s.truth();
            }
        });
    }

    fn former_paths_are_not_told_of(s) {
        s.files = [s.path("fence/fence")].into();
        s.settle();
        s.watched = Arc::new(SeenPaths {
            files: s.files.clone(),
            ..SeenPaths::default()
        });
        let watched = s.watched.clone();
        s.watcher.watch(&watched);
        s.watcher.waker().look();
        s.wait();
        s.write(ONE, "nobody cares");
        s.write("site/content/data/three.yaml", "nobody cares");
        s.write("site/book.toml", "nobody cares");
        s.write("fence/fence", "x");
        assert_eq!(s.wait().paths, s.files);
    }

    fn same_set_makes_no_tick(s) {
        s.silent(|_| {});
        for _ in 0..3 {
            let again = Arc::new((*s.watched).clone());
            s.watcher.watch(&again);
            s.write("fence/fence", "y");
            assert_eq!(s.wait().paths, [s.path("fence/fence")].into());
            s.settle();
        }
    }
}
