//! Where endpoints come from.

use crate::Publisher;

/// Something that knows the endpoints of a service: a list, DNS, a registry.
///
/// **Invariant:** what was published stays until something better is known. A source that cannot find
/// out says so by [`Publisher::doubt`]; it never publishes an empty set for want of an answer.
pub trait Source: Send + 'static {
    /// Tells of the endpoints, at once and at each change. Is dropped when nobody watches any more;
    /// returns when there will be no other change.
    fn watch(self, publisher: Publisher) -> impl Future<Output = ()> + Send;
}
