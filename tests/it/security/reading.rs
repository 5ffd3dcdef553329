//! Which files a project may read.
