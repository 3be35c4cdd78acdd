//! The query log: how often each normalised query is searched, without any client's identity.
//!
//! **Invariant:** bounded in memory and on disk; when it is full, the rarest and oldest queries
//! are dropped. Queries that look like an e-mail address or a long number are never recorded.

mod personal;

use std::{
    collections::BTreeMap,
    fs, io,
    ops::Bound,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use chassis::CancellationToken;
use serde::{Deserialize, Serialize};
use tokio::task::spawn_blocking;

use crate::atomic_file;

const FILE: &str = "queries.json";

/// Maximum number of distinct queries.
const MAX_QUERIES: usize = 10_000;
/// Number of queries kept when the maximum is exceeded; lower, so that not every new query sorts all.
const KEPT_QUERIES: usize = 9_000;
/// Maximum size of a recorded query, in bytes. Longer ones are pasted texts.
const MAX_QUERY_BYTES: usize = 100;
/// Interval of saving; a crash loses at most this much.
const SAVE_INTERVAL: Duration = Duration::from_secs(30);
/// Half-life of a query's count when choosing queries to drop, in days.
const HALF_LIFE_DAYS: f64 = 30.0;
/// Minimum count of a suggested query. A rarer one might identify the searching person.
const MIN_COUNT_FOR_SUGGESTION: u64 = 3;
/// Maximum number of queries read for completions.
const MAX_SCANNED: usize = 2_000;

/// Statistics of one query.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct QueryStats {
    /// Number of searches.
    pub(crate) count: u64,
    /// Number of results of the last search.
    pub(crate) results: u64,
    /// Time of the last search, in seconds since 1970.
    pub(crate) last: u64,
}

/// The log. Cheap to clone; clones share the state.
#[derive(Clone, Debug)]
pub(crate) struct QueryLog {
    file: PathBuf,
    stats: Arc<Mutex<BTreeMap<String, QueryStats>>>,
    /// Whether there are unsaved entries.
    is_dirty: Arc<AtomicBool>,
}

impl QueryLog {
    /// Reads the log saved in a folder. An unreadable file is logged and replaced by an empty log,
    /// because search does not depend on it.
    pub(crate) fn open(folder: &Path) -> Self {
        let file = folder.join(FILE);
        let read = || -> io::Result<_> { Ok(serde_json::from_slice(&fs::read(&file)?)?) };
        let mut stats: BTreeMap<String, QueryStats> = match read() {
            Ok(stats) => stats,
            Err(error) if error.kind() == io::ErrorKind::NotFound => BTreeMap::new(),
            Err(error) => {
                tracing::warn!(%error, file = %file.display(), "query log unreadable, starting empty");
                BTreeMap::new()
            }
        };
        shrink(&mut stats);
        Self { file, stats: Arc::new(Mutex::new(stats)), is_dirty: Arc::default() }
    }

    /// Records a search. `typed` is the client's text, `query` its normal form.
    pub(crate) fn record(&self, typed: &str, query: &str, results: usize) {
        if query.is_empty() || query.len() > MAX_QUERY_BYTES || personal::is_personal(typed) {
            return;
        }
        let results = results.try_into().unwrap_or(u64::MAX);
        let mut stats = self.lock();
        let one =
            stats.entry(query.to_owned()).or_insert(QueryStats { count: 0, results, last: 0 });
        *one = QueryStats { count: one.count.saturating_add(1), results, last: now() };
        shrink(&mut stats);
        self.is_dirty.store(true, Ordering::Relaxed);
    }

    /// Returns the most frequent queries, optionally only those without results.
    pub(crate) fn most_frequent(
        &self,
        without_results: bool,
        limit: usize,
    ) -> Vec<(String, QueryStats)> {
        let mut found: Vec<_> = {
            let stats = self.lock();
            let wanted = |(_, one): &(&String, &QueryStats)| !without_results || one.results == 0;
            let wanted = stats.iter().filter(wanted);
            wanted.map(|(query, one)| (query.clone(), *one)).collect()
        };
        found.sort_by(|(a, one), (b, other)| {
            let order = (other.count, other.last).cmp(&(one.count, one.last));
            order.then_with(|| a.cmp(b))
        });
        found.truncate(limit);
        found
    }

    /// Returns frequent queries with results that start with `prefix`, most frequent first.
    pub(crate) fn completions(&self, prefix: &str, limit: usize) -> Vec<(String, u64)> {
        let mut found: Vec<_> = {
            let stats = self.lock();
            let from = (Bound::Included(prefix), Bound::Unbounded);
            let with_prefix = stats.range::<str, _>(from).take_while(|it| it.0.starts_with(prefix));
            let shown = |it: &(&String, &QueryStats)| {
                it.1.results > 0 && it.1.count >= MIN_COUNT_FOR_SUGGESTION
            };
            let shown = with_prefix.take(MAX_SCANNED).filter(shown);
            shown.map(|(query, one)| (query.clone(), one.count)).collect()
        };
        found.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        found.truncate(limit);
        found
    }

    /// Saves new entries periodically, and at shutdown.
    pub(crate) async fn save_until(self, shutdown: CancellationToken) {
        loop {
            let ends = tokio::select! {
                () = shutdown.cancelled() => true,
                () = tokio::time::sleep(SAVE_INTERVAL) => false,
            };
            let log = self.clone();
            match spawn_blocking(move || log.save()).await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => tracing::warn!(%error, "saving the query log failed"),
                Err(error) => tracing::error!(%error, "saving the query log panicked"),
            }
            if ends {
                return;
            }
        }
    }

    fn save(&self) -> io::Result<()> {
        if !self.is_dirty.swap(false, Ordering::Relaxed) {
            return Ok(());
        }
        let bytes = serde_json::to_vec(&*self.lock())?;
        atomic_file::replace(&self.file, &bytes).inspect_err(|_| {
            self.is_dirty.store(true, Ordering::Relaxed);
        })
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, QueryStats>> {
        self.stats.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Drops the rarest and oldest queries if there are too many.
fn shrink(stats: &mut BTreeMap<String, QueryStats>) {
    if stats.len() <= MAX_QUERIES {
        return;
    }
    let now = now();
    let mut all: Vec<(f64, String)> =
        stats.iter().map(|(query, one)| (worth(one, now), query.clone())).collect();
    all.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    for (_, query) in all.drain(..stats.len() - KEPT_QUERIES) {
        stats.remove(&query);
    }
}

fn worth(one: &QueryStats, now: u64) -> f64 {
    let days = now.saturating_sub(one.last) as f64 / 86_400.0;
    one.count as f64 * 0.5_f64.powf(days / HALF_LIFE_DAYS)
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log() -> (QueryLog, tempfile::TempDir) {
        let folder = tempfile::tempdir().unwrap();
        (QueryLog::open(folder.path()), folder)
    }

    fn names(found: &[(String, QueryStats)]) -> Vec<(&str, u64, u64)> {
        found.iter().map(|(query, it)| (query.as_str(), it.count, it.results)).collect()
    }

    #[test]
    fn searches_are_counted_by_normalised_query() {
        let (log, _folder) = log();
        log.record("Red Mugs", "red mug", 3);
        log.record("red mug", "red mug", 5);
        log.record("unicorn", "unicorn", 0);
        log.record("", "", 100);
        log.record("anna@example.com", "anna example com", 0);
        log.record("x", &"x".repeat(101), 0);
        let all = log.most_frequent(false, 10);
        assert_eq!(names(&all), [("red mug", 2, 5), ("unicorn", 1, 0)]);
        assert_eq!(names(&log.most_frequent(true, 10)), [("unicorn", 1, 0)]);
        assert_eq!(log.most_frequent(false, 1).len(), 1);
    }

    #[test]
    fn completions_are_frequent_queries_with_results() {
        let (log, _folder) = log();
        for (query, times, results) in
            [("red mug", 3, 1), ("red lamp", 5, 2), ("red herring", 9, 0), ("red rose", 2, 1)]
        {
            (0..times).for_each(|_| log.record(query, query, results));
        }
        let found = log.completions("red", 10);
        assert_eq!(found, [("red lamp".to_owned(), 5), ("red mug".to_owned(), 3)]);
        assert_eq!(log.completions("red m", 10).len(), 1);
        assert!(log.completions("blue", 10).is_empty());
    }

    #[test]
    fn it_stays_within_its_bounds_and_keeps_frequent_queries() {
        let (log, _folder) = log();
        (0..5).for_each(|_| log.record("kettle", "kettle", 1));
        for number in 0..(MAX_QUERIES + 500) {
            let query = format!("rare {number}");
            log.record(&query, &query, 0);
        }
        let all = log.most_frequent(false, usize::MAX);
        assert!((KEPT_QUERIES..=MAX_QUERIES).contains(&all.len()), "{}", all.len());
        assert_eq!(all[0].0, "kettle");
        let worth = |last| worth(&QueryStats { count: 8, results: 0, last }, 60 * 86_400);
        assert!((worth(0) - 2.0).abs() < 1e-9 && (worth(60 * 86_400) - 8.0).abs() < 1e-9);
    }

    #[tokio::test]
    async fn it_is_there_after_a_restart() {
        let (log, folder) = log();
        log.record("kettle", "kettle", 7);
        let shutdown = CancellationToken::new();
        shutdown.cancel();
        log.clone().save_until(shutdown).await;
        let again = QueryLog::open(folder.path());
        assert_eq!(again.most_frequent(false, 9), log.most_frequent(false, 9));
        fs::write(folder.path().join("queries.json"), "{").unwrap();
        assert!(QueryLog::open(folder.path()).most_frequent(false, 9).is_empty());
    }
}
