//! Titles: whether a literal title finds its product first.

use std::{collections::HashMap, time::Duration, time::Instant};

use anyhow::Result;
use search::tuning::Parameters;

use crate::Experiment;

/// How many missed titles are printed.
const PRINTED: usize = 20;

/// Searches for each title as it is written, or for each of `step`.
pub(crate) fn run(it: &Experiment, step: Option<usize>) -> Result<()> {
    let trial = it.trial(Parameters::default())?;
    let names: HashMap<&str, &str> =
        it.products.iter().map(|it| (it.id.as_str(), it.name.as_str())).collect();
    let (mut searched, mut missed) = (0, 0);
    let mut slowest = (Duration::ZERO, "");
    for product in it.products.iter().step_by(step.unwrap_or(1)) {
        let began = Instant::now();
        let (found, _) = trial.search(&product.name, 1)?;
        slowest = slowest.max((began.elapsed(), &product.name));
        searched += 1;
        // Products of equal names are as good as each other.
        let first = found.first().and_then(|id| names.get(id.as_str()).copied());
        if first != Some(product.name.as_str()) {
            missed += 1;
            if missed <= PRINTED {
                println!("missed {:?}: {}", product.name, first.unwrap_or("nothing"));
            }
        }
    }
    let share = 100.0 * (searched - missed) as f64 / searched.max(1) as f64;
    println!("{share:.2} % of {searched} titles find their product first");
    println!("the slowest took {:.2?}: {:?}", slowest.0, slowest.1);
    Ok(())
}
