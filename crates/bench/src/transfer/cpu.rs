//! Who uses how much of the processor.

use std::fmt::Write as _;

use anyhow::Result;
use testkit::cpu_seconds;

use super::{database::Database, subject::Subject};
use crate::cpu::tree_seconds;

/// Processor time since the beginning of each process, in seconds.
#[derive(Debug, Clone)]
pub(crate) struct Usage(Vec<(&'static str, f64)>);

impl Usage {
    /// Of this process, the catalogue, and the database where it is a process of its own.
    ///
    /// # Errors
    /// One of them has ended.
    pub(crate) fn now(subject: &Subject, database: &Database) -> Result<Self> {
        let mut used = vec![
            ("client", cpu_seconds(std::process::id(), false)?),
            ("catalogue", cpu_seconds(subject.id(), false)?),
        ];
        if let Some(server) = database.server_id()? {
            used.push(("database", tree_seconds(server)?));
        }
        Ok(Self(used))
    }

    /// What was used in between.
    pub(crate) fn since(&self, before: &Self) -> Self {
        let both = self.0.iter().zip(&before.0);
        Self(both.map(|((name, now), (_, then))| (*name, now - then)).collect())
    }

    /// Such as `client 0.3 s, catalogue 2.1 s, database 2.9 s: 5.3 s a 100,000`. Other processes
    /// make all of this take longer, but hardly cost more.
    pub(crate) fn of_each(&self, count: usize) -> String {
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
