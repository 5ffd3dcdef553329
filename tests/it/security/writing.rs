//! Which files the program may write.
