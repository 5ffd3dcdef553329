//! What a folder says about itself: manifests that nobody can vouch for.
