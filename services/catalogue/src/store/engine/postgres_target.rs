//! The PostgreSQL server to connect to: the one of a connection string, or that of several which accepts what it
//! is for.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use futures::future::join_all;
use sea_orm::{
    DatabaseConnection,
    sqlx::{self, ConnectOptions as _, Connection as _, PgConnection, postgres::PgConnectOptions},
};
use tokio::time::{sleep, timeout};

/// Interval of looking after the server, if there are several.
const CHECK_INTERVAL: Duration = Duration::from_millis(500);
/// The time in which a server must say what it is.
const CHECK_TIMEOUT: Duration = Duration::from_secs(1);

/// What a server must be (`target_session_attrs` of libpq).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store) enum Wanted {
    Any,
    /// A primary.
    Writable,
    Standby,
    PreferStandby,
}

/// The servers of a connection string, and which of them is in use. Cheap to clone; clones share it.
#[derive(Clone)]
pub(in crate::store) struct Target(Arc<Inner>);

struct Inner {
    /// At least one.
    hosts: Vec<PgConnectOptions>,
    wanted: Wanted,
    current: AtomicUsize,
}

impl Target {
    /// The servers in the order in which they are preferred; one that is alone is not checked.
    pub(in crate::store) fn new(hosts: Vec<PgConnectOptions>, wanted: Wanted) -> Self {
        let silent = |options: PgConnectOptions| {
            // Poolers accept no other parameters at the start than these and the standard ones.
            options
                .application_name("catalogue")
                .extra_float_digits(None)
                .disable_statement_logging()
        };
        let hosts = hosts.into_iter().map(silent).collect();
        Self(Arc::new(Inner { hosts, wanted, current: AtomicUsize::new(0) }))
    }

    /// The options of a connection to the server in use.
    pub(in crate::store) fn options(&self) -> PgConnectOptions {
        self.0.hosts[self.0.current.load(Ordering::Relaxed)].clone()
    }

    fn is_one_of_several(&self) -> bool {
        self.0.hosts.len() > 1
    }

    /// Checks that a new connection leads to a server of the wanted kind, where there are several.
    ///
    /// # Errors
    /// It does not, which the pool takes for a reason to connect again.
    pub(in crate::store) async fn check(
        &self,
        connection: &mut PgConnection,
    ) -> Result<(), sqlx::Error> {
        if self.is_one_of_several() && !self.accepts(is_standby(connection).await?) {
            return Err(sqlx::Error::Protocol("the server is no longer the wanted one".to_owned()));
        }
        Ok(())
    }

    /// Looks for a server of the wanted kind among several, all at the same time. Returns whether another one
    /// than before is in use.
    ///
    /// # Errors
    /// There is none; the error is that of the first server, or of its kind.
    pub(in crate::store) async fn locate(&self) -> Result<bool, sqlx::Error> {
        if !self.is_one_of_several() {
            return Ok(false);
        }
        let kinds = join_all(self.0.hosts.iter().map(kind)).await;
        let matches = |wanted: &dyn Fn(bool) -> bool| {
            kinds.iter().position(|kind| matches!(kind, Ok(standby) if wanted(*standby)))
        };
        let preferred = match self.0.wanted {
            Wanted::PreferStandby => matches(&|standby| standby),
            Wanted::Any | Wanted::Writable | Wanted::Standby => None,
        };
        match preferred.or_else(|| matches(&|standby| self.accepts(standby))) {
            Some(found) => Ok(self.0.current.swap(found, Ordering::Relaxed) != found),
            None => Err(kinds.into_iter().find_map(Result::err).unwrap_or_else(|| {
                let error = "none of the servers is of the kind that target_session_attrs names";
                sqlx::Error::Io(std::io::Error::new(std::io::ErrorKind::ConnectionRefused, error))
            })),
        }
    }

    /// Looks after the server in use, for ever, and moves `pools` to another one when it has gone or become
    /// another kind. Returns at once if there is only one.
    pub(in crate::store) async fn follow(self, pools: Vec<DatabaseConnection>) {
        if !self.is_one_of_several() {
            return;
        }
        let mut connection = None;
        loop {
            sleep(CHECK_INTERVAL).await;
            if self.is_well(&mut connection).await {
                continue;
            }
            connection = None;
            match self.locate().await {
                Ok(true) => {
                    let options = self.options();
                    tracing::warn!(
                        host = options.get_host(),
                        port = options.get_port(),
                        "another PostgreSQL server is in use from now on"
                    );
                    for pool in &pools {
                        pool.get_postgres_connection_pool().set_connect_options(options.clone());
                    }
                }
                Ok(false) => {}
                Err(error) => tracing::debug!(%error, "no PostgreSQL server of the wanted kind"),
            }
        }
    }

    async fn is_well(&self, connection: &mut Option<PgConnection>) -> bool {
        let checked = timeout(CHECK_TIMEOUT, async {
            let open = match connection.take() {
                Some(open) => connection.insert(open),
                None => connection.insert(PgConnection::connect_with(&self.options()).await?),
            };
            is_standby(open).await
        });
        matches!(checked.await, Ok(Ok(standby)) if self.accepts(standby))
    }

    fn accepts(&self, is_standby: bool) -> bool {
        match self.0.wanted {
            Wanted::Any | Wanted::PreferStandby => true,
            Wanted::Writable => !is_standby,
            Wanted::Standby => is_standby,
        }
    }
}

/// Omits the options, which contain passwords.
impl std::fmt::Debug for Target {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Target").field("wanted", &self.0.wanted).finish_non_exhaustive()
    }
}

/// Whether a server is a standby.
async fn kind(options: &PgConnectOptions) -> Result<bool, sqlx::Error> {
    let asked = timeout(CHECK_TIMEOUT, async {
        let mut connection = PgConnection::connect_with(options).await?;
        let standby = is_standby(&mut connection).await?;
        connection.close().await.ok();
        Ok(standby)
    });
    asked.await.unwrap_or_else(|elapsed| {
        Err(sqlx::Error::Io(std::io::Error::new(std::io::ErrorKind::TimedOut, elapsed)))
    })
}

async fn is_standby(connection: &mut PgConnection) -> Result<bool, sqlx::Error> {
    use sqlx::{Executor as _, Row as _};
    // Not prepared: what a pooler makes of that is not known here.
    let row = connection.fetch_one(sqlx::raw_sql("SELECT pg_is_in_recovery()")).await?;
    row.try_get_unchecked::<bool, _>(0)
}
