//! Text of an author in other tools: it stays text there.
