//! The moments at which prices of products change without a change of the product: beginnings and ends of sales.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::{Duration, SystemTime},
};

use proto::{
    catalogue::v1::{Product, SalePeriod},
    time::system_time,
};

/// The next boundary of each product's sales.
#[derive(Debug, Default)]
pub(super) struct SaleBoundaries {
    by_id: BTreeMap<String, Boundary>,
    by_time: BTreeSet<(SystemTime, String)>,
}

/// The next boundary of a product.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Boundary {
    time: SystemTime,
    /// The revision of the product that says so.
    revision: i64,
}

impl SaleBoundaries {
    /// Follows a product as it is pushed at `now`.
    pub(super) fn follow(&mut self, product: &Product, now: SystemTime) {
        self.forget(&product.id);
        if let Some(time) = next_boundary(product, now) {
            let boundary = Boundary { time, revision: product.revision };
            self.by_id.insert(product.id.clone(), boundary);
            self.by_time.insert((time, product.id.clone()));
        }
    }

    /// Forgets a product, such as one that is gone.
    pub(super) fn forget(&mut self, id: &str) {
        if let Some(Boundary { time, .. }) = self.by_id.remove(id) {
            self.by_time.remove(&(time, id.to_owned()));
        }
    }

    /// Forgets all products.
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    /// The time from `now` to the next boundary; zero if it has passed.
    pub(super) fn next_in(&self, now: SystemTime) -> Option<Duration> {
        let (time, _) = self.by_time.first()?;
        Some(time.duration_since(now).unwrap_or_default())
    }

    /// The ids of products whose boundary has passed, `max` at most. They stay due until they are followed again.
    pub(super) fn due(&self, now: SystemTime, max: usize) -> Vec<String> {
        let due = self.by_time.iter().take_while(|(time, _)| *time <= now);
        due.take(max).map(|(_, id)| id.clone()).collect()
    }

    /// Whether a product that was read is older than the one that was followed, as from a replica that lags.
    pub(super) fn is_outdated(&self, product: &Product) -> bool {
        self.by_id.get(&product.id).is_some_and(|it| product.revision < it.revision)
    }
}

/// Whether the product, or a variant, has a sale that begins or ends.
pub(super) fn has_sale(product: &Product) -> bool {
    periods(product).next().is_some()
}

fn periods(product: &Product) -> impl Iterator<Item = &SalePeriod> {
    let variants = product.variants.iter().filter_map(|variant| variant.sale_period.as_ref());
    product.sale_period.iter().chain(variants)
}

/// The first beginning or end of a sale of the product, or of a variant, after `now`.
fn next_boundary(product: &Product, now: SystemTime) -> Option<SystemTime> {
    let ends =
        periods(product).flat_map(|SalePeriod { start_time, end_time }| [start_time, end_time]);
    ends.flatten().filter_map(system_time).filter(|time| *time > now).min()
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use proto::{catalogue::v1::Variant, time::timestamp};

    use super::*;

    fn at(seconds: u64) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(seconds)
    }

    fn period(start: u64, end: u64) -> Option<SalePeriod> {
        let [start_time, end_time] = [start, end].map(|seconds| Some(timestamp(at(seconds))));
        Some(SalePeriod { start_time, end_time })
    }

    fn product(id: &str, sale_period: Option<SalePeriod>) -> Product {
        Product { id: id.to_owned(), sale_period, revision: 3, ..Product::default() }
    }

    #[test]
    fn products_are_due_when_a_sale_begins_or_ends() {
        let mut sales = SaleBoundaries::default();
        let mug = product("mug", period(100, 200));
        let bowl = Product {
            variants: vec![Variant { sale_period: period(50, 150), ..Variant::default() }],
            ..product("bowl", period(120, 130))
        };
        for product in [&mug, &bowl, &product("plain", None)] {
            sales.follow(product, at(60));
        }
        assert_eq!(sales.next_in(at(60)), Some(Duration::from_secs(40)));
        assert_eq!(sales.due(at(99), 10), Vec::<String>::new());
        assert_eq!(sales.due(at(100), 10), ["mug"]);
        assert_eq!(sales.due(at(120), 10), ["mug", "bowl"]);
        assert_eq!(sales.due(at(120), 1), ["mug"]);
        // Due until it is followed again.
        assert_eq!(sales.next_in(at(120)), Some(Duration::ZERO));
        sales.follow(&mug, at(120));
        sales.follow(&bowl, at(120));
        assert_eq!(sales.next_in(at(120)), Some(Duration::from_secs(10)));
        sales.follow(&mug, at(200));
        sales.forget("bowl");
        assert_eq!(sales.next_in(at(200)), None);
    }

    #[test]
    fn an_older_revision_is_not_pushed() {
        let mut sales = SaleBoundaries::default();
        let mug = product("mug", period(100, 200));
        sales.follow(&mug, at(60));
        assert!(!sales.is_outdated(&mug));
        assert!(sales.is_outdated(&Product { revision: 2, ..mug.clone() }));
        assert!(!sales.is_outdated(&product("other", None)));
    }
}
