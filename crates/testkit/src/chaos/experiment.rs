//! One experiment and how it ends.

use std::{panic::AssertUnwindSafe, time::Duration};

use anyhow::{Context as _, ensure};
use futures::{FutureExt as _, future::LocalBoxFuture};
use tokio::time::timeout;

use super::{Figure, Setting, report::Report};

/// No experiment takes longer, at whatever scale.
const LIMIT: Duration = Duration::from_secs(2 * 60 * 60);

/// Something that breaks on purpose, by name.
pub struct Experiment {
    name: &'static str,
    about: &'static str,
    run: Box<dyn Run>,
}

impl Experiment {
    /// `name` is what `--only` takes; `about` says in one line what is promised.
    pub fn new(
        name: &'static str,
        about: &'static str,
        run: impl AsyncFn(&Setting) -> anyhow::Result<Vec<Figure>> + 'static,
    ) -> Self {
        Self { name, about, run: Box::new(run) }
    }

    /// Its name.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// What is promised.
    pub fn about(&self) -> &'static str {
        self.about
    }

    /// Runs it as a test.
    ///
    /// # Panics
    /// When it fails or a figure is out of bounds; the message has all figures and the seed.
    pub async fn check(&self, setting: &Setting) {
        let mut report = Report::default();
        report.add(self.name, self.figures(setting).await);
        assert!(
            report.all_ok(),
            "with seed {} at scale {}:\n{report}",
            setting.seed(),
            setting.scale()
        );
    }

    /// What it has measured. A panic is an error like others, so that the next one gets its turn.
    pub(super) async fn figures(&self, setting: &Setting) -> anyhow::Result<Vec<Figure>> {
        let run = AssertUnwindSafe(self.run.run(setting)).catch_unwind();
        let ended = timeout(LIMIT, run).await.context("it does not end")?;
        let figures = ended.map_err(|panic| anyhow::anyhow!("panicked: {}", text(&*panic)))??;
        ensure!(!figures.is_empty(), "it has measured nothing");
        Ok(figures)
    }
}

fn text(panic: &(dyn std::any::Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("without a word")
}

/// An `async` function that can be kept in a list.
trait Run {
    fn run<'a>(&'a self, setting: &'a Setting) -> LocalBoxFuture<'a, anyhow::Result<Vec<Figure>>>;
}

impl<F: AsyncFn(&Setting) -> anyhow::Result<Vec<Figure>>> Run for F {
    fn run<'a>(&'a self, setting: &'a Setting) -> LocalBoxFuture<'a, anyhow::Result<Vec<Figure>>> {
        Box::pin(self(setting))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn experiment(figure: fn(&Setting) -> anyhow::Result<Vec<Figure>>) -> Experiment {
        Experiment::new("name", "about", async move |setting: &Setting| figure(setting))
    }

    #[tokio::test]
    async fn experiment_sees_its_setting() {
        let counts = experiment(|setting| {
            Ok(vec![Figure::exactly("rounds", setting.count(100) + setting.seed(), 17)])
        });
        counts.check(&Setting::new(7, 0.1)).await;
    }

    #[tokio::test]
    #[should_panic(expected = "with seed 7 at scale 0.1")]
    async fn check_fails_with_a_figure_and_tells_the_seed() {
        let loses = experiment(|_| Ok(vec![Figure::exactly("lost", 1, 0)]));
        loses.check(&Setting::new(7, 0.1)).await;
    }

    #[tokio::test]
    #[should_panic(expected = "it has measured nothing")]
    async fn nothing_measured_is_nothing_proved() {
        experiment(|_| Ok(vec![])).check(&Setting::new(7, 0.1)).await;
    }

    #[tokio::test]
    async fn panic_is_an_error_with_its_text() {
        let panics = experiment(|_| panic!("lost {} rows", 3));
        let error = panics.figures(&Setting::new(1, 1.0)).await.unwrap_err();
        assert_eq!(error.to_string(), "panicked: lost 3 rows");
    }
}
