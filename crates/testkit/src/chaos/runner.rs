//! The program that runs experiments.

use std::{process::ExitCode, time::Instant};

use clap::Parser;

use super::{
    Experiment, Setting, calls_experiments, catalogue_experiments, consul_experiments,
    report::Report, search_experiments, server_experiments,
};

/// Break things on purpose and say what it cost.
#[derive(Debug, Parser)]
struct Args {
    /// What to break
    #[arg(value_enum)]
    what: What,
    /// What all chances depend on; drawn, and told, if not given
    #[arg(long)]
    seed: Option<u64>,
    /// How large: 1 is the full size, 0.01 a hundredth of it
    #[arg(long, default_value_t = 1.0, value_parser = scale)]
    scale: f64,
    /// Run this one only; may be repeated
    #[arg(long, value_name = "NAME")]
    only: Vec<String>,
    /// Run nothing; say what there is
    #[arg(long)]
    list: bool,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum What {
    /// Calls: replicas that die, freeze, fail and slow down, behind the gateway and the client stack
    Calls,
    /// Writes, stock, the change feed, import and export, on both engines
    Catalogue,
    /// The registry: an agent that dies, freezes, forgets and lies
    Consul,
    /// The index: kills, rebuilds, queries that nobody meant
    Search,
    /// How services answer, hold connections, leave and come back
    Server,
}

impl What {
    fn experiments(self) -> Vec<Experiment> {
        match self {
            Self::Calls => calls_experiments(),
            Self::Catalogue => catalogue_experiments(),
            Self::Consul => consul_experiments(),
            Self::Search => search_experiments(),
            Self::Server => server_experiments(),
        }
    }
}

/// The `main` of the program of experiments: reads the command line, runs what it asks for, one
/// after the other, and prints a table. Fails when a figure is out of bounds, or an experiment
/// fails.
pub fn run_experiments() -> ExitCode {
    let args = Args::parse();
    let experiments = args.what.experiments();
    if args.list {
        for experiment in &experiments {
            println!("{:<24} {}", experiment.name(), experiment.about());
        }
        return ExitCode::SUCCESS;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let ran = runtime
        .map_err(anyhow::Error::from)
        .and_then(|runtime| runtime.block_on(run(&args, &experiments)));
    match ran {
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

async fn run(args: &Args, experiments: &[Experiment]) -> anyhow::Result<Report> {
    let chosen = choose(experiments, &args.only)?;
    let seed = match args.seed {
        Some(seed) => seed,
        None => getrandom::u64()?,
    };
    let setting = Setting::new(seed, args.scale);
    println!("to repeat this: --seed {seed} --scale {}", args.scale);
    let mut report = Report::default();
    for experiment in chosen {
        println!("{}: {}", experiment.name(), experiment.about());
        let began = Instant::now();
        report.add(experiment.name(), experiment.figures(&setting).await);
        println!("{}: {:.1} s", experiment.name(), began.elapsed().as_secs_f64());
    }
    Ok(report)
}

/// Those of these names, all without a name.
fn choose<'a>(
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
    let chosen = |name| names.is_empty() || names.iter().any(|wanted| wanted == name);
    Ok(experiments.iter().filter(|experiment| chosen(experiment.name())).collect())
}

fn scale(text: &str) -> Result<f64, String> {
    let scale: f64 = text.parse().map_err(|_| "not a number".to_owned())?;
    if scale > 0.0 && scale <= Setting::MAX_SCALE {
        Ok(scale)
    } else {
        Err(format!("must be more than 0 and at most {}", Setting::MAX_SCALE))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Figure;

    /// One that keeps its bound, one that does not, one that fails.
    fn experiments() -> Vec<Experiment> {
        let holds = async |setting: &Setting| {
            let drawn = setting.random("holds").number();
            Ok(vec![Figure::exactly("drawn again", setting.random("holds").number(), drawn)])
        };
        let breaks = async |_: &Setting| Ok(vec![Figure::at_most("lost", 3, 0)]);
        let fails = async |_: &Setting| anyhow::bail!("no server");
        vec![
            Experiment::new("holds", "the same seed draws the same", holds),
            Experiment::new("breaks", "nothing is lost", breaks),
            Experiment::new("fails", "it runs", fails),
        ]
    }

    async fn report(arguments: &[&str]) -> anyhow::Result<Report> {
        let args = Args::try_parse_from([&["chaos", "calls"], arguments].concat())?;
        run(&args, &experiments()).await
    }

    #[tokio::test]
    async fn every_experiment_gets_its_turn_and_one_failure_fails_all() {
        let all = report(&["--seed", "1"]).await.unwrap();
        assert!(!all.all_ok());
        let table = all.to_string();
        for row in ["ok      holds", "FAILED  breaks", "FAILED  fails"] {
            assert!(table.contains(row), "{table}");
        }
    }

    #[tokio::test]
    async fn only_what_is_asked_for_is_run() {
        let one = report(&["--only", "holds"]).await.unwrap();
        assert!(one.all_ok(), "{one}");
        let error = report(&["--only", "hold"]).await.unwrap_err().to_string();
        assert!(error.contains("holds, breaks, fails"), "{error}");
    }

    #[tokio::test]
    async fn scale_out_of_range_is_refused() {
        for scale in ["0", "-1", "NaN", "inf", "1001", "x"] {
            let argument = format!("--scale={scale}");
            assert!(report(&[&argument]).await.is_err(), "{scale}");
        }
    }
}
