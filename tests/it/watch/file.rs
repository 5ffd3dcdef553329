//! One file, changed in every way in which programs change files.

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::thread;
use std::time::{Duration, SystemTime};

use srm_site::watch::Mode;

use super::{ONE, Scene};

ways! {
    fn written_in_place(s) {
        let mut file = OpenOptions::new().write(true).open(s.path(ONE)).unwrap();
        file.write_all(b"eins").unwrap();
        drop(file);
        s.follow_and_on();
    }

    fn truncated_and_written(s) {
        let mut file = File::create(s.path(ONE)).unwrap();
        s.follow();
        file.write_all(b"ei").unwrap();
        s.follow();
        file.write_all(b"ns").unwrap();
        s.follow_and_on();
    }

    fn appended(s) {
        for _ in 0..5 {
            let mut file = OpenOptions::new().append(true).open(s.path(ONE)).unwrap();
            file.write_all(b" more").unwrap();
            drop(file);
            s.follow();
        }
        s.follow_and_on();
    }

    fn written_twice_with_one_size(s) {
        for n in 10..30 {
            s.write(ONE, &format!("{n}a"));
            s.write(ONE, &format!("{n}b"));
            s.follow();
            s.write(ONE, &format!("{n}c"));
            s.follow();
        }
        s.follow_and_on();
    }

    fn replaced_by_one_of_the_same_size_and_time(s) {
        let past = SystemTime::UNIX_EPOCH + Duration::from_millis(1_700_000_000_123);
        for n in 10..20 {
            s.write("elsewhere/one", &format!("saved {n}"));
            let file = OpenOptions::new().append(true).open(s.path("elsewhere/one")).unwrap();
            file.set_modified(past).unwrap();
            s.rename("elsewhere/one", ONE);
            s.follow();
        }
        s.follow_and_on();
    }

    fn replaced_by_renaming(s) {
        for n in 0..5 {
            s.write("site/content/data/one.tmp", &format!("saved {n}"));
            s.rename("site/content/data/one.tmp", ONE);
            s.follow();
        }
        s.follow_and_on();
    }

    fn replaced_from_another_folder(s) {
        for n in 0..5 {
            s.write("elsewhere/one", &format!("saved {n}"));
            s.rename("elsewhere/one", ONE);
            s.follow();
        }
        s.follow_and_on();
    }

    fn saved_by_vim(s) {
        for n in 0..3 {
            s.write("site/content/data/4913", "");
            s.remove("site/content/data/4913");
            s.rename(ONE, "site/content/data/one.yaml~");
            s.write(ONE, &format!("saved {n}"));
            s.remove("site/content/data/one.yaml~");
            s.follow();
        }
        s.follow_and_on();
    }

    fn saved_by_an_editor_that_renames(s) {
        for n in 0..3 {
            s.write("site/content/data/.one.yaml.x7Fq", &format!("saved {n}"));
            s.rename("site/content/data/.one.yaml.x7Fq", ONE);
            s.follow();
        }
        s.follow_and_on();
    }

    #[cfg(unix)]
    fn saved_by_emacs(s) {
        for n in 0..3 {
            s.link("me@host.4242:17", "site/content/data/.#one.yaml");
            s.write("site/content/data/#one.yaml#", "unsaved");
            s.rename(ONE, "site/content/data/one.yaml~");
            s.write(ONE, &format!("saved {n}"));
            s.remove("site/content/data/#one.yaml#");
            s.remove("site/content/data/.#one.yaml");
            s.follow();
        }
        s.follow_and_on();
    }

    fn deleted(s) {
        s.remove(ONE);
        s.follow_and_on();
    }

    fn deleted_and_made_again(s) {
        for n in 0..5 {
            s.remove(ONE);
            if n % 2 == 0 {
                s.follow();
            }
            s.write(ONE, &format!("again {n}"));
            s.follow();
        }
        s.follow_and_on();
    }

    #[cfg(unix)]
    fn out_of_reach_and_back(s) {
        for path in [ONE, "site/content/data", "site/content"] {
            s.rights(path, 0);
        }
        s.follow();
        for (path, mode) in [("site/content", 0o755), ("site/content/data", 0o755), (ONE, 0o644)] {
            s.rights(path, mode);
            s.follow();
        }
        // One that could never be watched.
        s.write("deep/er/file.toml", "there");
        s.rights("deep/er", 0);
        s.read_too("deep/er/file.toml");
        s.rights("deep/er", 0o755);
        s.follow_and_on();
    }

    fn touched(s) {
        let file = OpenOptions::new().append(true).open(s.path(ONE)).unwrap();
        file.set_modified(SystemTime::UNIX_EPOCH).unwrap();
        drop(file);
        s.follow_and_on();
    }

    fn renamed_within_its_folder(s) {
        s.rename(ONE, "site/content/data/first.yaml");
        s.follow_and_on();
    }

    fn renamed_in_capitals_only(s) {
        s.rename(ONE, "site/content/data/One.YAML");
        s.follow_and_on();
    }

    fn moved_away_and_back(s) {
        s.rename(ONE, "one-for-now");
        s.follow();
        s.rename("one-for-now", ONE);
        s.follow_and_on();
    }

    fn swapped_with_another(s) {
        s.rename(ONE, "swap");
        s.rename("site/content/data/two.yaml", ONE);
        s.rename("swap", "site/content/data/two.yaml");
        s.follow_and_on();
    }

    fn replaced_by_a_folder_and_back(s) {
        s.remove(ONE);
        s.write("site/content/data/one.yaml/page.md", "below");
        s.follow();
        s.write("site/content/data/one.yaml/page.md", "below, edited");
        s.follow();
        fs::remove_dir_all(s.path(ONE)).unwrap();
        s.write(ONE, "a file");
        s.follow_and_on();
    }

    fn named_in_any_script(s) {
        for name in ["größe.md", "責任.md", "e\u{301}.md", "a b\tc.md", "🦀.md"] {
            s.write(&format!("site/content/日本/{name}"), "made");
            s.follow();
            s.write(&format!("site/content/日本/{name}"), "edited");
            s.follow();
        }
        s.follow_and_on();
    }
}
