//! What is asked, and how often: grouped by the query as it was read, without who asked.
//!
//! **Invariant:** bounded in memory and on disk. When it is full, what was asked least, and longest
//! ago, goes. What looks like somebody's address or number is never in it.

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

use crate::files;

const FILE: &str = "queries.json";

/// Different queries.
const MOST: usize = 10_000;
/// When there are too many, so many stay: not every new query shall sort all of them.
const KEPT: usize = 9_000;
/// Longer queries are pasted, not asked. In bytes.
const LONGEST: usize = 100;
/// How often it is written down: so much is lost by a crash.
const EVERY: Duration = Duration::from_secs(30);
/// A query counts half as much so long after it was asked last. In days.
const HALVED_AFTER: f64 = 30.0;
/// What was asked less often is not told to others: it may say who asked it.
const TOLD_FROM: u64 = 3;
/// So many queries are looked at for completions.
const LOOKED_AT: usize = 2_000;

/// One query.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Asked {
    /// How often.
    pub(crate) count: u64,
    /// How many products were found the last time.
    pub(crate) results: u64,
    /// When it was asked last, in seconds since 1970.
    pub(crate) last: u64,
}

/// All of them. Cheap to clone; all clones are one.
#[derive(Clone, Debug)]
pub(crate) struct Queries {
    file: PathBuf,
    asked: Arc<Mutex<BTreeMap<String, Asked>>>,
    /// Whether there is something that is not written down.
    is_new: Arc<AtomicBool>,
}

impl Queries {
    /// Takes up what is kept in a folder. A file that cannot be read is begun anew, said aloud:
    /// searching does not depend on it.
    pub(crate) fn kept_in(folder: &Path) -> Self {
        let file = folder.join(FILE);
        let read = || -> io::Result<_> { Ok(serde_json::from_slice(&fs::read(&file)?)?) };
        let mut asked: BTreeMap<String, Asked> = match read() {
            Ok(asked) => asked,
            Err(error) if error.kind() == io::ErrorKind::NotFound => BTreeMap::new(),
            Err(error) => {
                tracing::warn!(%error, file = %file.display(), "what was asked is forgotten");
                BTreeMap::new()
            }
        };
        shrink(&mut asked);
        Self { file, asked: Arc::new(Mutex::new(asked)), is_new: Arc::default() }
    }

    /// Counts a query. `typed` is what was asked, `read` what it was understood as.
    pub(crate) fn note(&self, typed: &str, read: &str, results: usize) {
        if read.is_empty() || read.len() > LONGEST || personal::is_personal(typed) {
            return;
        }
        let results = results.try_into().unwrap_or(u64::MAX);
        let mut asked = self.lock();
        let one = asked.entry(read.to_owned()).or_insert(Asked { count: 0, results, last: 0 });
        *one = Asked { count: one.count.saturating_add(1), results, last: now() };
        shrink(&mut asked);
        self.is_new.store(true, Ordering::Relaxed);
    }

    /// The most frequent ones, or of those without results.
    pub(crate) fn most_frequent(&self, without_results: bool, most: usize) -> Vec<(String, Asked)> {
        let mut found: Vec<_> = {
            let asked = self.lock();
            let wanted = |(_, one): &(&String, &Asked)| !without_results || one.results == 0;
            let wanted = asked.iter().filter(wanted);
            wanted.map(|(query, one)| (query.clone(), *one)).collect()
        };
        found.sort_by(|(a, one), (b, other)| {
            let order = (other.count, other.last).cmp(&(one.count, one.last));
            order.then_with(|| a.cmp(b))
        });
        found.truncate(most);
        found
    }

    /// Queries that begin so, that others have asked, and that have results: the most frequent first.
    pub(crate) fn completions(&self, start: &str, most: usize) -> Vec<(String, u64)> {
        let mut found: Vec<_> = {
            let asked = self.lock();
            let from = (Bound::Included(start), Bound::Unbounded);
            let alike = asked.range::<str, _>(from).take_while(|it| it.0.starts_with(start));
            let told = |it: &(&String, &Asked)| it.1.results > 0 && it.1.count >= TOLD_FROM;
            let told = alike.take(LOOKED_AT).filter(told);
            told.map(|(query, one)| (query.clone(), one.count)).collect()
        };
        found.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        found.truncate(most);
        found
    }

    /// Writes down what is new from time to time, and at the end.
    pub(crate) async fn keep(self, shutdown: CancellationToken) {
        loop {
            let ends = tokio::select! {
                () = shutdown.cancelled() => true,
                () = tokio::time::sleep(EVERY) => false,
            };
            let queries = self.clone();
            match spawn_blocking(move || queries.write()).await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => tracing::warn!(%error, "what is asked cannot be written down"),
                Err(error) => tracing::error!(%error, "writing down what is asked panicked"),
            }
            if ends {
                return;
            }
        }
    }

    fn write(&self) -> io::Result<()> {
        if !self.is_new.swap(false, Ordering::Relaxed) {
            return Ok(());
        }
        let bytes = serde_json::to_vec(&*self.lock())?;
        files::replace(&self.file, &bytes).inspect_err(|_| {
            self.is_new.store(true, Ordering::Relaxed);
        })
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Asked>> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Drops what was asked least, and longest ago, if there is too much.
fn shrink(asked: &mut BTreeMap<String, Asked>) {
    if asked.len() <= MOST {
        return;
    }
    let now = now();
    let mut all: Vec<(f64, String)> =
        asked.iter().map(|(query, one)| (worth(one, now), query.clone())).collect();
    all.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    for (_, query) in all.drain(..asked.len() - KEPT) {
        asked.remove(&query);
    }
}

fn worth(one: &Asked, now: u64) -> f64 {
    let days = now.saturating_sub(one.last) as f64 / 86_400.0;
    one.count as f64 * 0.5_f64.powf(days / HALVED_AFTER)
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn queries() -> (Queries, tempfile::TempDir) {
        let folder = tempfile::tempdir().unwrap();
        (Queries::kept_in(folder.path()), folder)
    }

    fn names(found: &[(String, Asked)]) -> Vec<(&str, u64, u64)> {
        found.iter().map(|(query, it)| (query.as_str(), it.count, it.results)).collect()
    }

    #[test]
    fn what_is_asked_is_counted_by_how_it_was_read() {
        let (queries, _folder) = queries();
        queries.note("Red Mugs", "red mug", 3);
        queries.note("red mug", "red mug", 5);
        queries.note("unicorn", "unicorn", 0);
        queries.note("", "", 100);
        queries.note("anna@example.com", "anna example com", 0);
        queries.note("x", &"x".repeat(101), 0);
        let all = queries.most_frequent(false, 10);
        assert_eq!(names(&all), [("red mug", 2, 5), ("unicorn", 1, 0)]);
        assert_eq!(names(&queries.most_frequent(true, 10)), [("unicorn", 1, 0)]);
        assert_eq!(queries.most_frequent(false, 1).len(), 1);
    }

    #[test]
    fn completions_are_what_several_have_asked_and_found() {
        let (queries, _folder) = queries();
        for (query, times, results) in
            [("red mug", 3, 1), ("red lamp", 5, 2), ("red herring", 9, 0), ("red rose", 2, 1)]
        {
            (0..times).for_each(|_| queries.note(query, query, results));
        }
        let found = queries.completions("red", 10);
        assert_eq!(found, [("red lamp".to_owned(), 5), ("red mug".to_owned(), 3)]);
        assert_eq!(queries.completions("red m", 10).len(), 1);
        assert!(queries.completions("blue", 10).is_empty());
    }

    #[test]
    fn it_does_not_grow_beyond_its_bounds_and_keeps_what_counts() {
        let (queries, _folder) = queries();
        (0..5).for_each(|_| queries.note("kettle", "kettle", 1));
        for number in 0..(MOST + 500) {
            let query = format!("rare {number}");
            queries.note(&query, &query, 0);
        }
        let all = queries.most_frequent(false, usize::MAX);
        assert!((KEPT..=MOST).contains(&all.len()), "{}", all.len());
        assert_eq!(all[0].0, "kettle");
        let worth = |last| worth(&Asked { count: 8, results: 0, last }, 60 * 86_400);
        assert!((worth(0) - 2.0).abs() < 1e-9 && (worth(60 * 86_400) - 8.0).abs() < 1e-9);
    }

    #[tokio::test]
    async fn it_is_there_after_a_restart() {
        let (queries, folder) = queries();
        queries.note("kettle", "kettle", 7);
        let shutdown = CancellationToken::new();
        shutdown.cancel();
        queries.clone().keep(shutdown).await;
        let again = Queries::kept_in(folder.path());
        assert_eq!(again.most_frequent(false, 9), queries.most_frequent(false, 9));
        fs::write(folder.path().join(FILE), "{").unwrap();
        assert!(Queries::kept_in(folder.path()).most_frequent(false, 9).is_empty());
    }
}
