//! What a file can be: a folder, a pipe, a device, a link, or out of reach.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::Command;

use super::{CATEGORY, PATIENCE, failure, finish, limited};
use crate::harness::projects::{ONE_MODEL, project};

#[test]
fn folders_where_files_are_expected() {
    for path in [
        "book.toml",
        "content/srm.yaml",
        CATEGORY,
        "content/models/byoc.md",
    ] {
        let folder = project(ONE_MODEL).on_disk();
        let _ = fs::remove_file(folder.join(path));
        folder.write(&format!("{path}/inner.txt"), "x");
        // What has to be there is missed; what may be there is a folder that
        // is not used, which is a warning.
        let run = limited(&folder, &["build", "-D", "warnings"]);
        assert_eq!(run.code, Some(failure(path)), "{path}: {}", run.stderr);
        let name = path.rsplit('/').next().unwrap();
        assert!(run.stderr.contains(name), "{path}: {}", run.stderr);
        assert!(!folder.join("book").exists(), "{path}");
    }
    let folder = project(ONE_MODEL).on_disk();
    folder.write("themes/default/theme.toml", "api = 1\n");
    folder.write("themes/default/templates/base.html/inner.html", "{{ 1 }}");
    limited(&folder, &["build"]);
    let folder = project(ONE_MODEL).on_disk();
    folder.write("themes/default/theme.toml/x", "");
    limited(&folder, &["build"]).code(1);
    // And files where folders are expected.
    for path in ["content", "themes/default", "themes"] {
        let folder = project(ONE_MODEL).on_disk();
        let _ = fs::remove_dir_all(folder.join(path));
        folder.write(path, "a file");
        limited(&folder, &["check"]);
    }
}

fn fifo(path: &Path) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let _ = fs::remove_file(path);
    let status = Command::new("mkfifo").arg(path).status().unwrap();
    assert!(status.success());
}

#[test]
fn pipes_and_devices_are_not_waited_for() {
    for path in [
        "content/pipe",
        "content/pipe.md",
        CATEGORY,
        "content/srm.yaml",
        "content/models/pipe.md",
        "book.toml",
    ] {
        let folder = project(ONE_MODEL).on_disk();
        fifo(&folder.join(path));
        let run = limited(&folder, &["build"]);
        assert_eq!(run.code, Some(failure(path)), "{path}: {}", run.stderr);
        assert!(run.stderr.contains("not a regular file"), "{}", run.stderr);
        assert!(!folder.join("book").exists());
    }
    for (path, device) in [
        ("content/endless.md", "/dev/zero"),
        ("content/endless.bin", "/dev/zero"),
        ("content/silent.yaml", "/dev/tty"),
        ("themes/default/static/x.css", "/dev/zero"),
    ] {
        let folder = project(ONE_MODEL).on_disk();
        folder.write("themes/default/theme.toml", "api = 1\n");
        fs::create_dir_all(folder.join(path).parent().unwrap()).unwrap();
        symlink(device, folder.join(path)).unwrap();
        let run = limited(&folder, &["build"]);
        if !path.contains("silent") {
            assert_eq!(run.code, Some(1), "{path}: {}", run.stderr);
        }
    }
    // A pipe in the output folder does not belong to the tool.
    let folder = project(ONE_MODEL).on_disk();
    fifo(&folder.join("book/index.html"));
    limited(&folder, &["build"]).code(2);
    let folder = project(ONE_MODEL).on_disk();
    fifo(&folder.join("book/.srm-site-manifest.json"));
    limited(&folder, &["build"]).code(2);
    limited(&folder, &["clean"]).code(2);
}

#[test]
fn loops_of_links_are_named() {
    let loops: [(&str, &str); 5] = [
        ("content/loop", "."),
        ("content/deep/loop", ".."),
        ("content/self.md", "self.md"),
        ("content/self", "self"),
        ("content/categories/more.yaml", "more.yaml"),
    ];
    for (path, target) in loops {
        let folder = project(ONE_MODEL).on_disk();
        fs::create_dir_all(folder.join(path).parent().unwrap()).unwrap();
        symlink(target, folder.join(path)).unwrap();
        let run = limited(&folder, &["build"]);
        assert!(
            run.code(1).stderr.contains("links form a loop"),
            "{path}: {}",
            run.stderr
        );
        assert!(!folder.join("book").exists());
    }
    let folder = project(ONE_MODEL).on_disk();
    fs::create_dir(folder.join("content/a")).unwrap();
    fs::create_dir(folder.join("content/b")).unwrap();
    symlink("../b", folder.join("content/a/b")).unwrap();
    symlink("../a", folder.join("content/b/a")).unwrap();
    limited(&folder, &["build"]).code(1);
    // Many links to one folder multiply; the depth has an end.
    let folder = project(ONE_MODEL).on_disk();
    fs::create_dir_all(folder.join("content/x/y")).unwrap();
    for n in 0..12 {
        symlink("../..", folder.join(&format!("content/x/y/{n}"))).unwrap();
    }
    limited(&folder, &["build"]).code(1);
    for (path, target) in [
        ("book.toml", "book.toml"),
        ("themes", "themes"),
        ("content", "content"),
    ] {
        let folder = project(ONE_MODEL).on_disk();
        let _ = fs::remove_dir_all(folder.join(path));
        let _ = fs::remove_file(folder.join(path));
        symlink(target, folder.join(path)).unwrap();
        limited(&folder, &["build"]);
    }
    // A link that leads nowhere names itself.
    let folder = project(ONE_MODEL).on_disk();
    symlink("nowhere.md", folder.join("content/dangling.md")).unwrap();
    let run = limited(&folder, &["build"]);
    assert!(
        run.code(1).stderr.contains("content/dangling.md"),
        "{}",
        run.stderr
    );
}

#[test]
fn folders_nested_without_end() {
    let folder = project(ONE_MODEL).on_disk();
    let deep = vec!["d"; 300].join("/");
    folder.write(&format!("content/{deep}/page.md"), "# Page\n");
    limited(&folder, &["build"]).code(1);
    // A link that doubles at every level.
    let folder = project(ONE_MODEL).on_disk();
    fs::create_dir(folder.join("content/l0")).unwrap();
    folder.write("content/l0/f.txt", "x");
    for n in 1..24 {
        let dir = folder.join(&format!("content/l{n}"));
        fs::create_dir(&dir).unwrap();
        for side in ["a", "b"] {
            symlink(format!("../l{}", n - 1), dir.join(side)).unwrap();
        }
    }
    limited(&folder, &["check", "-q"]);
}

#[test]
fn unreadable_files_are_named() {
    let folder = project(ONE_MODEL).on_disk();
    folder.write("content/secret.md", "# Secret\n");
    folder.write("content/closed/page.md", "# Page\n");
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    for (path, mode) in [("content/secret.md", 0o000), ("content/closed", 0o000)] {
        fs::set_permissions(folder.join(path), fs::Permissions::from_mode(mode)).unwrap();
    }
    let args = ["check"];
    let run = if fs::read(folder.join("content/secret.md")).is_err() {
        folder.run(&args)
    } else {
        // Root may read everything, so another user has to try.
        let program = folder.program_for_nobody();
        let mut command = Command::new("setpriv");
        command
            .args(["--reuid=65534", "--regid=65534", "--clear-groups"])
            .arg(program)
            .args(args)
            .current_dir(folder.path());
        finish(command, &args, PATIENCE)
    };
    fs::set_permissions(
        folder.join("content/closed"),
        fs::Permissions::from_mode(0o755),
    )
    .unwrap();
    assert_eq!(
        run.code(1).stderr.matches("permission denied").count(),
        2,
        "{}",
        run.stderr
    );
    assert!(
        run.stderr.contains("content/secret.md") && run.stderr.contains("content/closed"),
        "{}",
        run.stderr
    );
}
