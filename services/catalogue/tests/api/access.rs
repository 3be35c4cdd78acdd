//! Keys, and what callers without one see.

use super::support::*;
