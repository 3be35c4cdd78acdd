//! The values of the variables of a path.

use axum::extract::RawPathParams;

/// The values, in the order of the path.
#[derive(Clone)]
pub(super) struct PathValues<'a> {
    params: &'a RawPathParams,
    /// Bytes of a custom verb and its colon, at the end of the last value.
    verb: usize,
}

impl<'a> PathValues<'a> {
    pub(super) fn of(params: &'a RawPathParams) -> Self {
        Self { params, verb: 0 }
    }

    /// The values without the verb that follows the last one, and the verb.
    pub(super) fn split_verb(&self) -> Option<(Self, &'a str)> {
        let (_, last) = self.params.iter().last()?;
        let (_, verb) = last.rsplit_once(':')?;
        Some((Self { params: self.params, verb: verb.len() + 1 }, verb))
    }

    /// Each value.
    pub(super) fn iter(&self) -> impl Iterator<Item = &'a str> {
        let last = self.params.iter().count();
        self.params.iter().enumerate().map(move |(at, (_, value))| match at + 1 == last {
            true => &value[..value.len() - self.verb],
            false => value,
        })
    }
}
