//! Small inputs that would cost much, and output that would command a terminal or a CI runner.
