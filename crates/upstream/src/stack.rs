//! The client stack, in one place.

use std::sync::Arc;

use super::{
    answer::{Answer, Failure},
    balance::{Balance, Pool},
    call::Call,
    deadline::Deadline,
    guard::Guard,
    hedge::Hedge,
    retry::Retry,
};

/// Something that answers calls: the layers, and what is below them.
pub(super) trait Calls: Send + Sync + 'static {
    fn call(&self, call: &mut Call) -> impl Future<Output = Result<Answer, Failure>> + Send;
}

/// The layers, as a type.
pub(super) type Stack = Deadline<Retry<Hedge<Guard<Balance>>>>;

/// What every call passes, from the outside in.
pub(super) fn stack(pool: &Arc<Pool>) -> Stack {
    // It ends in time, and is not begun when time is up.
    Deadline::over(
        // What failed is asked again, if that does no harm and the budget lets it.
        Retry::over(
            pool.upstream(),
            // What is late is asked elsewhere as well, if the settings name its method.
            Hedge::over(
                pool.upstream(),
                // Nobody is asked while every endpoint is bad.
                Guard::over(
                    pool,
                    // The better of two endpoints that are connected, with each one's own breaker as
                    // the gate, and at its end the channel: HTTP/2, connected ahead, kept alive.
                    Balance::over(Arc::clone(pool)),
                ),
            ),
        ),
    )
}
