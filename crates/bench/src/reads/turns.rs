//! Paired turns: servers are loaded in turns, so that other load of the machine affects all of them.

use std::collections::BTreeMap;

use anyhow::Result;

use super::{
    driver::{Driver, Load, Turn},
    server::Server,
};
use crate::sample::median;

/// All turns of one server.
#[derive(Debug, Clone)]
pub(crate) struct Turns {
    pub(crate) name: String,
    pub(crate) turns: Vec<Turn>,
}

impl Turns {
    /// Median of a figure.
    pub(crate) fn median(&self, value: impl Fn(&Turn) -> f64) -> f64 {
        median(self.turns.iter().map(value))
    }

    /// Median of the differences of a figure, turn by turn.
    pub(crate) fn median_difference(&self, other: &Self, value: impl Fn(&Turn) -> f64) -> f64 {
        let pairs = self.turns.iter().zip(&other.turns);
        median(pairs.map(|(one, other)| value(one) - value(other)))
    }

    /// Wrong responses of all turns.
    pub(crate) fn wrong(&self) -> u64 {
        self.turns.iter().map(|turn| turn.wrong).sum()
    }

    /// Responses of all turns with a status other than OK, by status.
    pub(crate) fn not_ok(&self) -> BTreeMap<String, u64> {
        let mut sum = BTreeMap::new();
        for (status, count) in self.turns.iter().flat_map(|turn| &turn.not_ok) {
            *sum.entry(status.clone()).or_default() += count;
        }
        sum
    }
}

/// Measurements of servers in turns: first ours, then the available peers.
#[derive(Debug)]
pub(crate) struct Taken(Vec<Turns>);

impl Taken {
    pub(crate) fn ours(&self) -> &Turns {
        &self.0[0]
    }

    pub(crate) fn peer(&self, name: &str) -> Option<&Turns> {
        self.0[1..].iter().find(|turns| turns.name == name)
    }
}

/// Loads each server once per round. Rotates the order, so that none always follows the same one.
///
/// # Errors
/// The driver fails, or a server completes no call.
pub(crate) async fn take(
    driver: &Driver,
    rounds: usize,
    loads: &[(&Server, &Load)],
) -> Result<Taken> {
    let mut all: Vec<_> = loads
        .iter()
        .map(|(server, load)| {
            let name = load.name.as_ref().unwrap_or(&server.name).clone();
            Turns { name, turns: Vec::new() }
        })
        .collect();
    for round in 0..rounds {
        for place in 0..loads.len() {
            let number = (place + round) % loads.len();
            let (server, load) = loads[number];
            all[number].turns.push(driver.run(server, load).await?);
        }
    }
    Ok(Taken(all))
}
