//! Runs the experiments that the command line selects, and prints a table of their figures.

use std::{process::ExitCode, time::Instant};

use devtools::chaos::Args;

use crate::{Experiment, RunConfig, experiments, report::Report};

/// Runs the selected experiments one after the other, and prints their figures. Fails if an experiment
/// fails, or a figure is out of bounds.
pub fn run(args: &Args) -> ExitCode {
    let experiments = experiments(args.group);
    if args.list {
        for experiment in &experiments {
            println!("{:<24} {}", experiment.name(), experiment.about());
        }
        return ExitCode::SUCCESS;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let report = runtime
        .map_err(anyhow::Error::from)
        .and_then(|runtime| runtime.block_on(run_selected(args, &experiments)));
    match report {
        Ok(report) => {
            print!("\n{report}");
            if report.all_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run_selected(args: &Args, experiments: &[Experiment]) -> anyhow::Result<Report> {
    let selected = select(experiments, &args.only)?;
    let seed = match args.seed {
        Some(seed) => seed,
        None => getrandom::u64()?,
    };
    let config = RunConfig::new(seed, args.scale);
    println!("to repeat this: --seed {seed} --scale {}", args.scale);
    let mut report = Report::default();
    for experiment in selected {
        println!("{}: {}", experiment.name(), experiment.about());
        let began = Instant::now();
        report.add(experiment.name(), experiment.figures(&config).await);
        println!("{}: {:.1} s", experiment.name(), began.elapsed().as_secs_f64());
    }
    Ok(report)
}

/// Selects experiments by name; all if there are no names.
fn select<'a>(
    experiments: &'a [Experiment],
    names: &[String],
) -> anyhow::Result<Vec<&'a Experiment>> {
    for name in names {
        let known: Vec<_> = experiments.iter().map(Experiment::name).collect();
        anyhow::ensure!(
            known.contains(&name.as_str()),
            "there is no experiment {name:?}; there are {}",
            known.join(", ")
        );
    }
    let is_selected = |name| names.is_empty() || names.iter().any(|wanted| wanted == name);
    Ok(experiments.iter().filter(|experiment| is_selected(experiment.name())).collect())
}

#[cfg(test)]
mod tests {
    use devtools::chaos::Group;
    use testkit::Figure;

    use super::*;

    /// One experiment within its bound, one out of bounds, and one that fails.
    fn three_experiments() -> Vec<Experiment> {
        let passes = async |config: &RunConfig| {
            let number = config.random("passes").number();
            let again = config.random("passes").number();
            Ok(vec![Figure::exactly("number of the same seed", again, number)])
        };
        let exceeds = async |_: &RunConfig| Ok(vec![Figure::at_most("lost", 3, 0)]);
        let fails = async |_: &RunConfig| anyhow::bail!("no server");
        vec![
            Experiment::new("passes", "the same seed gives the same numbers", passes),
            Experiment::new("exceeds", "nothing is lost", exceeds),
            Experiment::new("fails", "it runs", fails),
        ]
    }

    async fn report(only: &[&str]) -> anyhow::Result<Report> {
        let only = only.iter().map(ToString::to_string).collect();
        let args = Args { group: Group::Calls, seed: Some(1), scale: 1.0, only, list: false };
        run_selected(&args, &three_experiments()).await
    }

    #[tokio::test]
    async fn all_experiments_run_and_one_failure_fails_the_report() {
        let all = report(&[]).await.unwrap();
        assert!(!all.all_ok());
        let table = all.to_string();
        for row in ["ok      passes", "FAILED  exceeds", "FAILED  fails"] {
            assert!(table.contains(row), "{table}");
        }
    }

    #[tokio::test]
    async fn only_selected_experiments_run() {
        let one = report(&["passes"]).await.unwrap();
        assert!(one.all_ok(), "{one}");
        let error = report(&["pass"]).await.unwrap_err().to_string();
        assert!(error.contains("passes, exceeds, fails"), "{error}");
    }
}
