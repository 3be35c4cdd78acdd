//! An experiment, and how it is run.

use std::{panic::AssertUnwindSafe, time::Duration};

use anyhow::{Context as _, ensure};
use futures::{FutureExt as _, future::LocalBoxFuture};
use testkit::Figure;
use tokio::time::timeout;

use crate::{report::Report, run_config::RunConfig};

/// Timeout of an experiment at any scale.
const TIMEOUT: Duration = Duration::from_secs(2 * 60 * 60);

/// A named function that injects faults and returns figures.
pub struct Experiment {
    name: &'static str,
    about: &'static str,
    run: Box<dyn Run>,
}

impl Experiment {
    /// `name` is the value of `--only`; `about` is the expectation, in one line.
    pub fn new(
        name: &'static str,
        about: &'static str,
        run: impl AsyncFn(&RunConfig) -> anyhow::Result<Vec<Figure>> + 'static,
    ) -> Self {
        Self { name, about, run: Box::new(run) }
    }

    /// Name for `--only`.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Expected result, in one line.
    pub fn about(&self) -> &'static str {
        self.about
    }

    /// Runs it as a test.
    ///
    /// # Panics
    /// If it fails or a figure is out of bounds; the message has all figures and the seed.
    pub async fn check(&self, config: &RunConfig) {
        let mut report = Report::default();
        report.add(self.name, self.figures(config).await);
        assert!(
            report.all_ok(),
            "with seed {} at scale {}:\n{report}",
            config.seed(),
            config.scale()
        );
    }

    /// Runs it. A panic becomes an error, so that the next experiment runs nevertheless.
    pub(crate) async fn figures(&self, config: &RunConfig) -> anyhow::Result<Vec<Figure>> {
        let run = AssertUnwindSafe(self.run.run(config)).catch_unwind();
        let result = timeout(TIMEOUT, run).await.context("it timed out")?;
        let figures = result.map_err(|panic| anyhow::anyhow!("panicked: {}", text(&*panic)))??;
        ensure!(!figures.is_empty(), "it returned no figures");
        Ok(figures)
    }
}

fn text(panic: &(dyn std::any::Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("without a message")
}

/// An object-safe [`AsyncFn`].
trait Run {
    fn run<'a>(&'a self, config: &'a RunConfig) -> LocalBoxFuture<'a, anyhow::Result<Vec<Figure>>>;
}

impl<F: AsyncFn(&RunConfig) -> anyhow::Result<Vec<Figure>>> Run for F {
    fn run<'a>(&'a self, config: &'a RunConfig) -> LocalBoxFuture<'a, anyhow::Result<Vec<Figure>>> {
        Box::pin(self(config))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn experiment(figures: fn(&RunConfig) -> anyhow::Result<Vec<Figure>>) -> Experiment {
        Experiment::new("name", "about", async move |config: &RunConfig| figures(config))
    }

    #[tokio::test]
    async fn experiment_receives_seed_and_scale() {
        let counts = experiment(|config| {
            Ok(vec![Figure::exactly("rounds", config.count(100) + config.seed(), 17)])
        });
        counts.check(&RunConfig::new(7, 0.1)).await;
    }

    #[tokio::test]
    #[should_panic(expected = "with seed 7 at scale 0.1")]
    async fn check_fails_when_a_figure_is_out_of_bounds_and_reports_the_seed() {
        let loses = experiment(|_| Ok(vec![Figure::exactly("lost", 1, 0)]));
        loses.check(&RunConfig::new(7, 0.1)).await;
    }

    #[tokio::test]
    #[should_panic(expected = "it returned no figures")]
    async fn experiment_without_figures_fails() {
        experiment(|_| Ok(vec![])).check(&RunConfig::new(7, 0.1)).await;
    }

    #[tokio::test]
    async fn panic_becomes_an_error_with_its_message() {
        let panics = experiment(|_| panic!("lost {} rows", 3));
        let error = panics.figures(&RunConfig::new(1, 1.0)).await.unwrap_err();
        assert_eq!(error.to_string(), "panicked: lost 3 rows");
    }
}
