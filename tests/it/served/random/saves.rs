//! Ways in which editors and other programs save a file.

use std::fs::{self, File};
use std::io::{self, Seek, SeekFrom, Write};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::operations::{World, pause};

type Save = fn(&mut World, &Path, &[u8]) -> io::Result<()>;

/// A name beside a file, made from its own.
fn beside(path: &Path, before: &str, after: &str) -> PathBuf {
    let name = path.file_name().unwrap().to_string_lossy();
    // A name may be as long as one can be.
    let name: String = name.chars().take(60).collect();
    path.with_file_name(format!("{before}{name}{after}"))
}

pub const SAVES: &[Save] = &[
    // In place, at once and in two halves.
    |_, path, bytes| fs::write(path, bytes),
    |world, path, bytes| {
        let (first, second) = bytes.split_at(bytes.len() / 2);
        let mut file = File::create(path)?;
        file.write_all(first)?;
        pause(world, 200);
        file.write_all(second)?;
        Ok(())
    },
    // Renamed over.
    |_, path, bytes| {
        let new = beside(path, ".", ".tmp");
        fs::write(&new, bytes)?;
        fs::rename(new, path)?;
        Ok(())
    },
    // Vim.
    |world, path, bytes| {
        let (probe, old) = (path.with_file_name("4913"), beside(path, "", "~"));
        let swap = beside(path, ".", ".swp");
        fs::write(&swap, "swap")?;
        fs::write(&probe, "")?;
        fs::remove_file(probe)?;
        let _ = fs::rename(path, &old);
        pause(world, 5);
        fs::write(path, bytes)?;
        let _ = fs::remove_file(old);
        fs::remove_file(swap)?;
        Ok(())
    },
    // Emacs, with its lock and the file it keeps meanwhile.
    |world, path, bytes| {
        let (lock, kept) = (beside(path, ".#", ""), beside(path, "#", "#"));
        let _ = symlink("me@host.123:456", &lock);
        fs::write(&kept, bytes)?;
        pause(world, 50);
        fs::write(path, bytes)?;
        fs::remove_file(kept)?;
        let _ = fs::remove_file(lock);
        Ok(())
    },
    // JetBrains.
    |_, path, bytes| {
        let (new, old) = (
            beside(path, "", "___jb_tmp___"),
            beside(path, "", "___jb_old___"),
        );
        fs::write(&new, bytes)?;
        let _ = fs::rename(path, &old);
        fs::rename(new, path)?;
        let _ = fs::remove_file(old);
        Ok(())
    },
    // VS Code: emptied, and written at once.
    |_, path, bytes| {
        let mut file = File::options()
            .write(true)
            .create(true)
            .truncate(true)
            .open(path)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        Ok(())
    },
    // sed -i.
    |_, path, bytes| {
        let new = path.with_file_name("sedAb12Cd");
        fs::write(&new, bytes)?;
        fs::rename(new, path)?;
        Ok(())
    },
    // rsync, with a time of long ago.
    |_, path, bytes| {
        let new = beside(path, ".", ".Xy34Zw");
        fs::write(&new, bytes)?;
        let old = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
        File::options().write(true).open(&new)?.set_modified(old)?;
        fs::rename(new, path)?;
        Ok(())
    },
    // In place, with the time that the file had.
    |_, path, bytes| {
        let time = fs::metadata(path).and_then(|meta| meta.modified()).ok();
        fs::write(path, bytes)?;
        if let Some(time) = time {
            File::options().write(true).open(path)?.set_modified(time)?;
        }
        Ok(())
    },
    // Through another name of the same file. Events are about names, so it has to be in a
    // folder that is watched.
    |_, path, bytes| {
        let other = beside(path, "hard-link-", "");
        fs::hard_link(path, &other)?;
        fs::write(&other, bytes)?;
        fs::remove_file(other)
    },
    // Deleted and created.
    |world, path, bytes| {
        let _ = fs::remove_file(path);
        pause(world, 100);
        fs::write(path, bytes)?;
        Ok(())
    },
    // Over the old bytes, without emptying it first.
    |_, path, bytes| {
        let mut file = File::options()
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)?;
        file.seek(SeekFrom::Start(0))?;
        file.write_all(bytes)?;
        file.set_len(bytes.len() as u64)?;
        Ok(())
    },
];
