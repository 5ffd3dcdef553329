//! Help, completions and the manual page.

use std::process::Command;

use crate::harness::Folder;

#[test]
fn help_and_version_are_data() {
    let folder = Folder::new();
    let help = folder.run(&["--help"]);
    help.code(0);
    for word in [
        "init",
        "build",
        "check",
        "clean",
        "schema",
        "completions",
        "man",
    ] {
        assert!(help.stdout.contains(word), "{word}");
        let own = folder.run(&[word, "--help"]);
        assert!(own.code(0).stdout.contains("Usage:"), "{word}");
        assert_eq!(own.stderr, "");
        assert_eq!(
            folder.run(&["help", word]).code(0).stdout.lines().next(),
            own.stdout.lines().next()
        );
    }
    assert_eq!(help.stderr, "");
    let version = folder.run(&["--version"]);
    assert_eq!(
        version.code(0).stdout.trim(),
        concat!("srm-site ", env!("CARGO_PKG_VERSION"))
    );
}

#[test]
fn completions_for_every_shell() {
    let folder = Folder::new();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let run = folder.run(&["completions", shell]);
        assert_eq!(run.code(0).stderr, "");
        for word in ["srm-site", "build", "dest-dir", "strict"] {
            assert!(run.stdout.contains(word), "{shell}: {word}");
        }
        assert_eq!(run.stdout, folder.run(&["completion", shell]).stdout);
    }
    // The one shell every test machine has reads its script.
    folder.write("complete.sh", folder.run(&["completions", "bash"]).stdout);
    let status = Command::new("bash")
        .args(["-n", "complete.sh"])
        .current_dir(folder.path())
        .status();
    assert!(status.unwrap().success());
}

#[test]
fn the_manual_page_names_every_command() {
    let folder = Folder::new();
    let run = folder.run(&["man"]);
    assert_eq!(run.code(0).stderr, "");
    assert!(run.stdout.contains(".TH srm-site 1"), "{}", run.stdout);
    let plain = run.stdout.replace('\\', "");
    for word in [
        "init",
        "build",
        "check",
        "clean",
        "schema",
        "completions",
        "man",
    ] {
        assert!(plain.contains(&format!("srm-site-{word}")), "{word}");
    }
}
