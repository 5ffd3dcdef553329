//! Folders that move, go and come, and files that are not there yet.

use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use srm_site::watch::Mode;

use super::{ONE, Scene};

ways! {
    fn renamed_folder(s) {
        s.rename("site/content/data", "site/content/tables");
        s.follow_and_on();
    }

    fn renamed_folder_and_another_in_its_place(s) {
        for n in 0..5 {
            s.write("other/one.yaml", &format!("other {n}"));
            s.rename("site/content/data", &format!("old-{n}"));
            s.rename("other", "site/content/data");
            s.follow();
            s.write(ONE, &format!("edited {n}"));
            s.follow();
        }
        s.follow_and_on();
    }

    fn swapped_folders(s) {
        s.write("site/content/more/three.yaml", "three");
        s.follow();
        s.settle();
        s.rename("site/content/data", "swap");
        s.rename("site/content/more", "site/content/data");
        s.rename("swap", "site/content/more");
        s.follow_and_on();
    }

    fn new_folders_with_a_file_at_once(s) {
        for n in 0..8 {
            s.write(&format!("site/content/n{n}/a/b/c/page.md"), "deep");
            s.follow();
        }
        s.follow_and_on();
    }

    fn tree_moved_in(s) {
        for n in 0..5 {
            s.write("made/a/b/c/page.md", "deep");
            s.write("made/a/b/page.md", "less deep");
            s.rename("made", &format!("site/content/tree{n}"));
            s.follow();
            s.write(&format!("site/content/tree{n}/a/b/c/page.md"), "edited");
            s.follow();
        }
        s.follow_and_on();
    }

    fn deleted_folder_made_again(s) {
        for n in 0..3 {
            fs::remove_dir_all(s.path("site/content/data")).unwrap();
            s.follow();
            s.write(ONE, &format!("again {n}"));
            s.follow();
            // And at once, before the watcher could look.
            fs::remove_dir_all(s.path("site/content/data")).unwrap();
            s.write(ONE, &format!("and again {n}"));
            s.follow();
        }
        s.follow_and_on();
    }

    fn deleted_root_made_again(s) {
        for n in 0..3 {
            fs::remove_dir_all(s.path("site")).unwrap();
            s.follow();
            s.write(ONE, &format!("again {n}"));
            s.follow();
            s.write("site/book.toml", "again");
            s.follow();
            fs::remove_dir_all(s.path("site")).unwrap();
            s.write(ONE, &format!("and again {n}"));
            s.follow();
        }
        s.follow_and_on();
    }

    fn moved_root_and_another_in_its_place(s) {
        s.write("site-2/book.toml", "second");
        s.write("site-2/content/index.md", "second");
        s.rename("site", "site-1");
        s.rename("site-2", "site");
        s.follow();
        s.rename("site", "site-2");
        s.follow();
        s.rename("site-1", "site");
        s.follow_and_on();
    }

    fn moved_folder_between_watched_ones(s) {
        s.read_too("site/themes/mine/deep/style.css");
        s.write("site/themes/mine/deep/style.css", "first");
        s.follow();
        s.settle();
        s.write("mine-2/deep/style.css", "second");
        s.rename("site/themes/mine", "mine-1");
        s.follow();
        s.rename("mine-2", "site/themes/mine");
        s.follow();
        s.settle();
        s.write("themes-2/mine/deep/style.css", "third");
        s.rename("site/themes", "themes-1");
        s.rename("themes-2", "site/themes");
        s.follow_and_on();
    }

    fn missing_file_comes(s) {
        s.read_too("site/theme.toml");
        s.write("site/theme.toml", "api = 1");
        s.follow();
        s.remove("site/theme.toml");
        s.follow();
        s.write("elsewhere/theme.toml", "api = 2");
        s.rename("elsewhere/theme.toml", "site/theme.toml");
        s.follow_and_on();
    }

    fn missing_file_in_missing_folders_comes(s) {
        s.read_too("site/a/b/c/d/file.toml");
        for n in 0..10 {
            s.write("site/a/b/c/d/file.toml", &format!("at once {n}"));
            s.follow();
            fs::remove_dir_all(s.path("site/a")).unwrap();
            s.follow();
        }
        for path in ["site/a", "site/a/b", "site/a/b/c", "site/a/b/c/d"] {
            fs::create_dir(s.path(path)).unwrap();
            s.settle();
        }
        s.write("site/a/b/c/d/file.toml", "step by step");
        s.follow();
        s.write("made/b/c/d/file.toml", "moved in");
        s.rename("site/a", "a");
        s.rename("made", "site/a");
        s.follow_and_on();
    }

    fn missing_folders_come_while_they_are_followed(s) {
        // The second comes when the first is about to be watched, at one moment
        // after the other.
        s.read_too("site/a/b/c/file.toml");
        let (first, file) = (s.path("site/a"), s.path("site/a/b/c/file.toml"));
        for n in 0..40 {
            fs::create_dir(&first).unwrap();
            let begin = Instant::now();
            let (first, rest) = (first.clone(), file.clone());
            let thread = thread::spawn(move || {
                while begin.elapsed() < Duration::from_micros(10_000 + n * 20) {}
                fs::create_dir(first.join("b")).unwrap();
                thread::sleep(Duration::from_millis(3));
                fs::create_dir(first.join("b/c")).unwrap();
                fs::write(rest, "there").unwrap();
            });
            while !s.known.contains_key(&file) {
                s.wait();
                s.look();
            }
            thread.join().unwrap();
            fs::remove_dir_all(s.path("site/a")).unwrap();
            s.follow();
        }
        s.follow_and_on();
    }

    fn missing_file_where_a_file_is_no_folder(s) {
        s.write("site/a", "a file");
        s.read_too("site/a/b/file.toml");
        s.remove("site/a");
        s.write("site/a/b/file.toml", "now");
        s.follow_and_on();
    }

    fn file_in_a_hidden_folder(s) {
        s.read_too("site/.config/.theme.toml");
        s.write("site/.config/.theme.toml", "api = 1");
        s.follow();
        s.remove("site/.config/.theme.toml");
        s.follow();
        s.write("site/.config/.theme.toml", "api = 2");
        s.follow_and_on();
    }
}
