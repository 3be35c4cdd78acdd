//! Limits on the rate of calls, of each client address and of each holder of a credential, by class of method.
//!
//! A subject has a bucket for each class (GCRA, by governor). Subjects are kept in a table of bounded size, in which
//! the ones that call least give way to new ones: a flood from forged addresses costs its own quota, not memory.
//!
//! **Invariant:** a caller is counted as its address or as its credential, never by an unproven claim.

mod args;
mod metrics;
mod rate;
mod standing;
mod table;

pub use args::LimitArgs;
pub use rate::ClassRate;
pub use standing::{Exceeded, POLICY, REMAINING, Standing};
pub(crate) use table::Buckets;

use std::{net::IpAddr, sync::Arc};

use contract::Class;

use rate::Rate;
use table::Table;

/// The calls that a limit counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counted {
    /// Calls of methods of a class.
    Calls(Class),
    /// Credentials that are refused, and tokens that are seen for the first time: signatures cost time.
    Credentials,
}

/// The caller that a limit counts calls for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Subject {
    /// An IPv4 address or a /64 network of IPv6.
    Address,
    /// A key, a token's subject or a certificate.
    Holder,
}

/// The limits of a service.
pub(crate) struct Limits {
    table: Table,
}

impl Counted {
    pub(crate) const ALL: [Self; 6] = [
        Self::Calls(Class::Read),
        Self::Calls(Class::Search),
        Self::Calls(Class::Write),
        Self::Calls(Class::Bulk),
        Self::Calls(Class::Stream),
        Self::Credentials,
    ];

    /// Its name in settings, metrics and headers.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Calls(class) => class.name(),
            Self::Credentials => "credentials",
        }
    }

    fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|of| of.name() == name)
    }

    fn words(self) -> &'static str {
        match self {
            Self::Calls(Class::Read) => "reads",
            Self::Calls(Class::Search) => "searches",
            Self::Calls(Class::Write) => "writes",
            Self::Calls(Class::Bulk) => "bulk calls",
            Self::Calls(Class::Stream) => "new streams",
            Self::Credentials => "unknown and refused credentials",
        }
    }

    fn index(self) -> usize {
        match self {
            Self::Calls(class) => class as usize,
            Self::Credentials => Class::ALL.len(),
        }
    }
}

impl Subject {
    fn words(self) -> &'static str {
        match self {
            Self::Address => "from this address",
            Self::Holder => "with this credential",
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Address => "address",
            Self::Holder => "key",
        }
    }
}

/// The limits of each class that the settings leave.
type Rates = [Option<Rate>; Counted::ALL.len()];

fn rates(defaults: [u32; Counted::ALL.len()], settings: &[ClassRate]) -> Rates {
    let mut rates = defaults.map(|calls| (calls > 0).then(|| Rate::per_second(calls)));
    for ClassRate { of, rate } in settings {
        rates[of.index()] = *rate;
    }
    rates
}

impl Limits {
    pub(crate) fn new(args: &LimitArgs) -> Arc<Self> {
        let of_address = rates([1_000, 200, 50, 5, 20, 20], &args.limit_address);
        let of_holder = rates([2_000, 500, 500, 10, 50, 0], &args.limit_key);
        let table = Table::new(of_address, of_holder, args.limit_entries);
        let limits = Arc::new(Self { table });
        metrics::watch(Arc::downgrade(&limits));
        limits
    }

    /// The number of addresses and holders that are remembered.
    pub(crate) fn subjects(&self) -> usize {
        self.table.len()
    }

    /// The limits: subject, class, calls a second.
    pub(crate) fn rates(&self) -> impl Iterator<Item = (&'static str, &'static str, f64)> {
        let of = |(subject, rates): (Subject, Rates)| {
            let limited = Counted::ALL.into_iter().zip(rates);
            limited
                .filter_map(move |(of, rate)| Some((subject.name(), of.name(), rate?.a_second())))
        };
        self.table.rates().into_iter().flat_map(of)
    }

    /// The buckets of an address.
    pub(crate) fn of_address(&self, address: IpAddr) -> Arc<Buckets> {
        self.table.of_address(address)
    }

    /// The buckets of the holder of a credential, by its kind and id.
    pub(crate) fn of_holder(&self, kind: &'static str, id: &str) -> Arc<Buckets> {
        self.table.of_holder(kind, id)
    }
}

#[cfg(test)]
mod tests;
