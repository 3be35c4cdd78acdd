//! CPU time of the processes.

use std::fmt::Write as _;

use anyhow::Result;
use testkit::cpu_seconds;

use super::{catalogue::Catalogue, database::Database};
use crate::cpu::tree_seconds;

/// CPU time per process since its start, in seconds.
#[derive(Debug, Clone)]
pub(crate) struct Usage(Vec<(&'static str, f64)>);

impl Usage {
    /// CPU time of this process, the catalogue, and PostgreSQL.
    ///
    /// # Errors
    /// One of them has ended.
    pub(crate) fn now(catalogue: &Catalogue, database: &Database) -> Result<Self> {
        let mut used = vec![
            ("client", cpu_seconds(std::process::id(), false)?),
            ("catalogue", cpu_seconds(catalogue.id(), false)?),
        ];
        if let Some(server) = database.server_id()? {
            used.push(("database", tree_seconds(server)?));
        }
        Ok(Self(used))
    }

    /// The difference to an earlier value.
    pub(crate) fn since(&self, before: &Self) -> Self {
        let both = self.0.iter().zip(&before.0);
        Self(both.map(|((name, now), (_, then))| (*name, now - then)).collect())
    }

    /// Text for 100,000 products, such as `client 0.3 s, catalogue 2.1 s, database 2.9 s: 5.3 s a 100,000`.
    /// Other processes of the machine hardly affect CPU time.
    pub(crate) fn per_100k(&self, count: usize) -> String {
        let of_many = |seconds: f64| seconds * 1e5 / count as f64;
        let mut text = String::new();
        for (name, seconds) in &self.0 {
            let between = if text.is_empty() { "" } else { ", " };
            write!(text, "{between}{name} {:.2} s", of_many(*seconds))
                .expect("writing to a string");
        }
        let sum = of_many(self.0.iter().map(|(_, seconds)| seconds).sum());
        write!(text, ": {sum:.2} s a 100,000").expect("writing to a string");
        text
    }
}
