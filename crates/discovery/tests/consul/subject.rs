//! The agent under test, real or fake.

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use discovery::{
    Advertised, Check, Consul, Endpoints, Instance, Query, Registry, Resolver, Target,
};
use testkit::FakeConsul;

/// A check that never fails during a test.
pub(crate) const TTL: Check = Check::Ttl { ttl: Duration::from_secs(60) };

/// An agent under test.
pub(crate) enum Subject {
    Real(&'static testkit::Consul),
    Fake(FakeConsul),
}

impl Subject {
    /// The fake agent, and the real one if it is installed.
    pub(crate) async fn all() -> Vec<Self> {
        let real = testkit::Consul::shared().await.map(Self::Real);
        let fake = Self::Fake(FakeConsul::start().await);
        real.into_iter().chain([fake]).collect()
    }

    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Real(_) => "the real agent",
            Self::Fake(_) => "the fake",
        }
    }

    pub(crate) fn addr(&self) -> String {
        match self {
            Self::Real(consul) => consul.addr(),
            Self::Fake(fake) => fake.addr(),
        }
    }

    pub(crate) fn registry(&self) -> Arc<dyn Registry> {
        registry(&self.addr(), None)
    }

    /// Waits until exactly these instances are listed, whether they pass or not. Registrations appear
    /// in the agent's catalogue with a delay.
    pub(crate) async fn lists(&self, service: &str, ids: &[&str]) {
        testkit::until(&format!("{} lists {ids:?}", self.name()), async || {
            let listed = match self {
                Self::Real(consul) => consul.listed(service).await.unwrap(),
                Self::Fake(fake) => fake.listed(service),
            };
            (listed == ids).then_some(())
        })
        .await;
    }
}

pub(crate) fn registry(addr: &str, token_file: Option<PathBuf>) -> Arc<dyn Registry> {
    Arc::new(Consul::new(addr, token_file).unwrap())
}

/// A service name that no other test uses, because the real agent is shared.
pub(crate) fn unique(name: &str) -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("{name}-{}", NEXT.fetch_add(1, Ordering::Relaxed))
}

pub(crate) fn instance(service: &str, port: u16) -> Instance {
    Instance::new(service, &Advertised { host: "127.0.0.1".to_owned(), port }, TTL)
}

pub(crate) fn query(service: &str) -> Query {
    Query { service: service.to_owned(), tags: Vec::new(), datacenter: None }
}

pub(crate) fn watch(registry: &Arc<dyn Registry>, service: &str) -> Endpoints {
    let target: Target = format!("consul://{service}").parse().unwrap();
    Resolver::new(Some(registry.clone())).watch(&target).unwrap()
}

/// Waits until the set has exactly these addresses.
pub(crate) async fn becomes(endpoints: &mut Endpoints, wanted: &[&str]) {
    let mut set = endpoints.current();
    let limit = Duration::from_secs(60);
    let reached = tokio::time::timeout(limit, async {
        while !(set.resolved
            && set.endpoints.iter().map(|it| it.address.as_str()).eq(wanted.iter().copied()))
        {
            set = endpoints.changed().await;
        }
    });
    assert!(reached.await.is_ok(), "the set never became {wanted:?}: {:?}", endpoints.current());
}
