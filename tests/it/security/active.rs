//! Files with scripts of their own: what is published and previewed of them.
