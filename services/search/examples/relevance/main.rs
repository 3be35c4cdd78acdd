//! Ranking quality on the judged queries, in process.
//!
//! ```text
//! relevance DATA                     scores of the defaults by class, times, violations
//! relevance DATA try CHANGES...      of other parameters, each such as length=0.3,kind=0.6
//! relevance DATA worst CLASSES [BELOW]  the queries of classes that score below 0.75, or another score
//! relevance DATA titles [STEP]       whether each title, or each of so many, finds its product first
//! relevance DATA tune [quick]        looks for better ones: cargo xtask bench relevance --tune
//! relevance DATA without             what each parameter is worth
//! ```

mod report;
mod titles;
mod tune;

use std::path::PathBuf;

use anyhow::Result;
use judgements::Judged;
use proto::catalogue::v1::Product;
use search::tuning::{Parameters, TrialIndex};

/// Score below which `worst` prints a query.
const BAD: f64 = 0.75;

/// Everything that a mode needs.
struct Experiment {
    /// Of both sets and the sentences.
    queries: Vec<Judged>,
    products: Vec<Product>,
}

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().unwrap_or_else(|| "../shared/data".to_owned()));
    let mode = arguments.next().unwrap_or_default();
    let products = judgements::products(&folder)?;
    let mut queries = judgements::read(&folder.join("relevance"))?;
    queries.extend(judgements::read(&folder.join("../intent"))?);
    queries.extend(judgements::sentences(&products));
    let it = Experiment { queries, products };
    match mode.as_str() {
        "try" => try_changes(&it, arguments),
        "worst" => {
            let class = arguments.next().unwrap_or_default();
            let below = arguments.next().and_then(|it| it.parse().ok());
            print_worst(&it, &class, below.unwrap_or(BAD))
        }
        "titles" => titles::run(&it, arguments.next().and_then(|step| step.parse().ok())),
        "tune" => tune::run(&it, arguments.next().as_deref() != Some("quick")),
        "without" => tune::without(&it),
        _ => report::run(&it),
    }
}

impl Experiment {
    fn trial(&self, parameters: Parameters) -> Result<TrialIndex> {
        TrialIndex::new(parameters, self.products.iter().cloned())
    }
}

/// Prints the scores of other parameters.
fn try_changes(it: &Experiment, all_changes: impl Iterator<Item = String>) -> Result<()> {
    let trial = it.trial(Parameters::default())?;
    for changes in all_changes {
        let parameters = tune::changed(Parameters::default(), &changes)?;
        // Weights are part of the index.
        let changed = if parameters.weights == Parameters::default().weights {
            trial.with(parameters)
        } else {
            it.trial(parameters)?
        };
        let scores = report::scores(&changed, &it.queries)?;
        let classes = scores.classes.iter();
        let classes = classes.map(|(class, it)| format!("{class} {:.3}", judgements::mean(it)));
        let classes: Vec<_> = classes.collect();
        println!("{:.4} {} {changes}", scores.macro_average(), classes.join(" "));
    }
    Ok(())
}

/// Prints the queries of some classes that score worst.
fn print_worst(it: &Experiment, classes: &str, below: f64) -> Result<()> {
    let trial = it.trial(Parameters::default())?;
    let product = |id: &str| it.products.iter().find(|it| it.id == *id);
    let is_asked = |judged: &&Judged| classes.split(',').any(|class| class == judged.class);
    for judged in it.queries.iter().filter(is_asked) {
        let (found, total) = trial.search(&judged.query, 10)?;
        let score = judgements::ndcg(&found, &judged.grades).unwrap_or_default();
        if score >= below {
            continue;
        }
        println!("{score:.2} {} {:?} ({total}) | {}", judged.id, judged.query, judged.note);
        println!("      understood: {}", trial.understood(&judged.query)?.join(", "));
        for id in &found {
            let grade = judged.grades.get(id).map_or("-".to_owned(), u32::to_string);
            println!("      {grade} {}", product(id).map_or("", |it| &it.name));
        }
        let mut best: Vec<_> = judged.grades.iter().filter(|(id, _)| !found.contains(id)).collect();
        best.sort_by_key(|(id, grade)| (std::cmp::Reverse(**grade), (*id).clone()));
        for (id, grade) in best.iter().take(3) {
            let Some(it) = product(id) else { continue };
            let category = it.category_paths.first().map(|it| it.names.join(" > "));
            println!("   missed {grade} {} [{}]", it.name, category.unwrap_or_default());
        }
    }
    Ok(())
}
