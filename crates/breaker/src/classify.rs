//! Which answers are failures.

use crate::{outcome::Outcome, permit::Permit};

/// Judges answers.
///
/// It stands apart from the response, unlike in many libraries, because it mostly judges types of
/// other crates, for which nobody but those crates could implement a trait of ours. A closure
/// will do: `|answer: Result<&Response, &Error>| Outcome::from(answer.is_ok())`.
pub trait Classify<Response, Error> {
    /// Says what an answer means.
    fn classify(&self, answer: Result<&Response, &Error>) -> Outcome;

    /// Records what an answer means and hands it on. For a stream that can only be judged when it
    /// ends, override this: call [`Permit::answered`] and move the permit into the body.
    fn settle(&self, answer: Result<Response, Error>, permit: Permit) -> Result<Response, Error> {
        permit.record(self.classify(answer.as_ref()));
        answer
    }
}

impl<F, Response, Error> Classify<Response, Error> for F
where
    F: Fn(Result<&Response, &Error>) -> Outcome,
{
    fn classify(&self, answer: Result<&Response, &Error>) -> Outcome {
        self(answer)
    }
}

/// Takes every error for a failure and every response for a success.
#[derive(Debug, Clone, Copy, Default)]
pub struct ByResult;

impl<Response, Error> Classify<Response, Error> for ByResult {
    fn classify(&self, answer: Result<&Response, &Error>) -> Outcome {
        answer.is_ok().into()
    }
}
