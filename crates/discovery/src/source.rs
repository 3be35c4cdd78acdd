//! Sources of endpoints.

use crate::Publisher;

/// A source of the endpoints of a service, such as DNS or a registry.
///
/// **Invariant:** a source that fails calls [`Publisher::doubt`], and never publishes an empty set
/// because of a failure: the set that was published last stays.
pub trait Source: Send + 'static {
    /// Publishes the current endpoints, and each change. Runs until the last subscriber is dropped,
    /// or returns if there will be no further change.
    fn watch(self, publisher: Publisher) -> impl Future<Output = ()> + Send;
}
