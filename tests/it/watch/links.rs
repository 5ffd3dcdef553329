//! Links to files and folders, to nothing, and in a ring.

use std::fs;
use std::thread;

use srm_site::watch::Mode;

use super::Scene;

ways! {
    #[cfg(unix)]
    fn linked_file_written_at_its_place(s) {
        s.write("shared/real.yaml", "real");
        s.link("../../../shared/real.yaml", "site/content/data/link.yaml");
        s.follow();
        s.settle();
        s.write("shared/real.yaml", "really");
        // By the name it is known by.
        let link = s.path("site/content/data/link.yaml");
        while !s.wait().paths.contains(&link) {}
        s.look();
        s.follow();
        s.write("shared/real.tmp", "saved");
        s.rename("shared/real.tmp", "shared/real.yaml");
        s.follow();
        s.write("shared/real.yaml", "and edited");
        s.follow_and_on();
    }

    #[cfg(unix)]
    fn link_leads_elsewhere(s) {
        s.write("shared/a/real.yaml", "a");
        s.write("shared/b/real.yaml", "b");
        s.link("../../../shared/a/real.yaml", "site/content/data/link.yaml");
        s.follow();
        s.settle();
        s.relink("../../../shared/b/real.yaml", "site/content/data/link.yaml");
        s.follow();
        s.settle();
        s.write("shared/b/real.yaml", "b, edited");
        s.follow();
        s.remove("site/content/data/link.yaml");
        s.write("site/content/data/link.yaml", "no link at all");
        s.follow_and_on();
    }

    #[cfg(unix)]
    fn link_to_nothing_gets_its_file(s) {
        s.link("../../../shared/a/real.yaml", "site/content/data/link.yaml");
        s.settle();
        s.write("shared/a/real.yaml", "there");
        s.follow();
        fs::remove_dir_all(s.path("shared")).unwrap();
        s.follow();
        s.write("shared/a/real.yaml", "there again");
        s.follow_and_on();
    }

    #[cfg(unix)]
    fn linked_folder_changes(s) {
        s.write("shared/pages/one.md", "one");
        s.link("../../shared/pages", "site/content/pages");
        s.follow();
        s.settle();
        s.write("shared/pages/one.md", "one, edited");
        s.follow();
        s.write("shared/pages/two.md", "two");
        s.follow();
        s.write("shared/pages/a/b/three.md", "three");
        s.follow();
        s.rename("shared/pages", "shared/old");
        s.follow();
        s.write("shared/pages/one.md", "another one");
        s.follow_and_on();
    }

    #[cfg(unix)]
    fn linked_folder_leads_elsewhere(s) {
        s.write("shared/v1/page.md", "v1");
        s.write("shared/v2/page.md", "v2");
        s.link("../../shared/v1", "site/content/pages");
        s.follow();
        s.settle();
        s.relink("../../shared/v2", "site/content/pages");
        s.follow();
        s.settle();
        s.write("shared/v2/page.md", "v2, edited");
        s.follow_and_on();
    }

    #[cfg(unix)]
    fn folder_replaced_by_a_link(s) {
        s.write("shared/data/one.yaml", "shared one");
        s.rename("site/content/data", "old");
        s.link("../../shared/data", "site/content/data");
        s.follow();
        s.settle();
        s.write("shared/data/one.yaml", "shared one, edited");
        s.follow();
        s.remove("site/content/data");
        s.rename("old", "site/content/data");
        s.follow_and_on();
    }

    #[cfg(unix)]
    fn chain_of_links(s) {
        // The way configuration is mounted into containers.
        s.write("mount/..v1/file.toml", "v1");
        s.write("mount/..v2/file.toml", "v2");
        s.link("..v1", "mount/..data");
        s.link("..data/file.toml", "mount/file.toml");
        s.link("../mount/file.toml", "site/link.toml");
        s.read_too("site/link.toml");
        s.write("mount/..v1/file.toml", "v1, edited");
        s.follow();
        s.relink("..v2", "mount/..data");
        s.follow();
        s.settle();
        fs::remove_dir_all(s.path("mount/..v1")).unwrap();
        s.write("mount/..v2/file.toml", "v2, edited");
        s.follow();
        s.relink("..data/other.toml", "mount/file.toml");
        s.follow();
        s.settle();
        s.write("mount/..v2/other.toml", "other");
        s.follow_and_on();
    }

    #[cfg(unix)]
    fn ring_of_links(s) {
        s.link("ring-b", "site/ring-a");
        s.link("ring-a/x", "site/ring-b");
        s.read_too("site/ring-a");
        s.relink("book.toml", "site/ring-b");
        s.follow_and_on();
    }
}
