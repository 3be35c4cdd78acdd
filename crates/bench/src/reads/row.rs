//! A row of the report.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{driver::Turn, turns::Turns};
use crate::sample::median;

/// A figure of ours and of a peer, their ratio, and its bound.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Row {
    pub(crate) shape: String,
    /// Name of the figure, with its unit.
    pub(crate) figure: String,
    /// Median of the turns.
    pub(crate) ours: f64,
    pub(crate) peer: Option<Peer>,
    /// Median of the ratios turn by turn.
    pub(crate) ratio: Option<f64>,
    pub(crate) bound: Option<Bound>,
    pub(crate) goal: Option<f64>,
    /// Whether the figure is within the bound; `None` without bound or peer.
    #[serde(rename = "held")]
    pub(crate) within_bound: Option<bool>,
    /// Wrong responses in all turns of both.
    #[serde(rename = "wrong_answers")]
    pub(crate) wrong_responses: u64,
    /// Our responses with a status other than OK, by status.
    pub(crate) not_ok: BTreeMap<String, u64>,
    /// Median of the busy cores of other processes; `None` if not measured in turns.
    pub(crate) others_cores: Option<f64>,
    /// The value that the bound applies to: the ratio, or our figure without peer.
    #[serde(skip)]
    judged: Option<f64>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Peer {
    pub(crate) name: String,
    /// Median of the turns.
    pub(crate) value: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Bound {
    AtMost(f64),
    AtLeast(f64),
}

impl Row {
    /// A figure of our turns and those of a peer, which may be missing. Bounds apply to the ratio.
    pub(crate) fn compared(
        shape: &str,
        figure: &str,
        ours: &Turns,
        peer: Option<&Turns>,
        value: impl Fn(&Turn) -> f64,
    ) -> Self {
        let mut row = Self::of_turns(shape, figure, ours, &value);
        row.judged = None;
        let Some(peer) = peer else { return row };
        let pairs = ours.turns.iter().zip(&peer.turns);
        let ratios: Vec<f64> = pairs
            .map(|(one, other)| (value(one), value(other)))
            .filter(|(_, other)| *other > 0.0)
            .map(|(one, other)| one / other)
            .collect();
        row.ratio = (!ratios.is_empty()).then(|| median(ratios));
        row.judged = row.ratio;
        row.peer = Some(Peer { name: peer.name.clone(), value: peer.median(&value) });
        row.wrong_responses += peer.wrong();
        let others = peer.median(|turn| turn.others_cores);
        row.others_cores = row.others_cores.map(|cores| cores.max(others));
        row
    }

    /// A figure of our turns. Bounds apply to the figure.
    pub(crate) fn of_turns(
        shape: &str,
        figure: &str,
        ours: &Turns,
        value: impl Fn(&Turn) -> f64,
    ) -> Self {
        Self {
            wrong_responses: ours.wrong(),
            not_ok: ours.not_ok(),
            others_cores: Some(ours.median(|turn| turn.others_cores)),
            ..Self::of_value(shape, figure, ours.median(value))
        }
    }

    /// A figure that was not measured in turns. Bounds apply to the figure.
    pub(crate) fn of_value(shape: &str, figure: &str, ours: f64) -> Self {
        Self {
            shape: shape.to_owned(),
            figure: figure.to_owned(),
            ours,
            peer: None,
            ratio: None,
            bound: None,
            goal: None,
            within_bound: None,
            wrong_responses: 0,
            not_ok: BTreeMap::new(),
            others_cores: None,
            judged: Some(ours),
        }
    }

    /// The same with the figure of a peer, which may be missing. Bounds apply to the ratio.
    #[must_use]
    pub(crate) fn beside(mut self, name: &str, value: Option<f64>) -> Self {
        self.peer = value.map(|value| Peer { name: name.to_owned(), value });
        self.ratio = value.filter(|value| *value > 0.0).map(|value| self.ours / value);
        self.judged = self.ratio;
        self
    }

    /// The same with bounds on our figure instead of the ratio.
    #[must_use]
    pub(crate) fn by_itself(mut self) -> Self {
        self.judged = Some(self.ours);
        self
    }

    #[must_use]
    pub(crate) fn at_most(mut self, bound: f64) -> Self {
        self.bound = Some(Bound::AtMost(bound));
        self.within_bound = self.judged.map(|value| value <= bound);
        self
    }

    #[must_use]
    pub(crate) fn at_least(mut self, bound: f64) -> Self {
        self.bound = Some(Bound::AtLeast(bound));
        self.within_bound = self.judged.map(|value| value >= bound);
        self
    }

    /// A goal beyond the bound, which is only displayed.
    #[must_use]
    pub(crate) fn goal(mut self, goal: f64) -> Self {
        self.goal = Some(goal);
        self
    }

    /// Whether the bound is not missed, and all responses were correct and OK.
    pub(crate) fn is_ok(&self) -> bool {
        self.within_bound != Some(false) && !self.has_failed_responses()
    }

    /// Whether a response was wrong or not OK, so that the figure does not measure the intended work.
    pub(crate) fn has_failed_responses(&self) -> bool {
        self.wrong_responses > 0 || !self.not_ok.is_empty()
    }

    /// The relative change of the figure since the baseline: of the ratio where both have one,
    /// since it depends less on the machine.
    pub(crate) fn change(&self, baseline: &[Self]) -> Option<f64> {
        let name = |row: &Self| row.peer.as_ref().map(|peer| peer.name.clone());
        let before = baseline.iter().find(|row| {
            row.shape == self.shape && row.figure == self.figure && name(row) == name(self)
        })?;
        let (now, then) = match (self.ratio, before.ratio) {
            (Some(now), Some(then)) => (now, then),
            _ => (self.ours, before.ours),
        };
        (then != 0.0).then(|| now / then - 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn turns(name: &str, cpu: &[f64]) -> Turns {
        let turn = |server_cpu: &f64| Turn { server_cpu: *server_cpu, ..Turn::default() };
        Turns { name: name.to_owned(), turns: cpu.iter().map(turn).collect() }
    }

    #[test]
    fn bound_is_on_the_median_of_the_paired_ratios() {
        // A slow turn of the machine affects both servers: ratios of pairs are stable, medians are not.
        let (ours, peer) = (turns("ours", &[1.0, 4.0, 1.0]), turns("go", &[2.0, 8.0, 2.0]));
        let row = Row::compared("s", "f", &ours, Some(&peer), |turn| turn.server_cpu);
        assert_eq!(row.ratio, Some(0.5));
        assert_eq!(row.clone().at_most(0.5).within_bound, Some(true));
        assert_eq!(row.clone().at_most(0.49).within_bound, Some(false));
        assert_eq!(row.at_least(0.6).within_bound, Some(false));
    }

    #[test]
    fn missing_peer_leaves_the_bound_unchecked() {
        let ours = turns("ours", &[1.0]);
        let row = Row::compared("s", "f", &ours, None, |turn| turn.server_cpu).at_most(0.1);
        assert_eq!(row.within_bound, None);
        assert!(row.is_ok());
        let row = Row::of_turns("s", "f", &ours, |turn| turn.server_cpu).at_most(0.1);
        assert!(!row.is_ok());
    }

    #[test]
    fn wrong_or_refused_response_fails_a_row_without_bound() {
        let mut ours = turns("ours", &[1.0]);
        ours.turns[0].wrong = 1;
        assert!(!Row::of_turns("s", "f", &ours, |turn| turn.server_cpu).is_ok());
        ours.turns[0] = Turn { not_ok: [("8".to_owned(), 1)].into(), ..Turn::default() };
        assert!(!Row::of_turns("s", "f", &ours, |turn| turn.server_cpu).is_ok());
    }

    #[test]
    fn change_is_that_of_the_ratio() {
        let before = Row::of_value("s", "f", 1.0).beside("go", Some(2.0));
        let now = Row::of_value("s", "f", 3.0).beside("go", Some(4.0));
        assert_eq!(now.change(&[before]), Some(0.5));
        assert_eq!(now.change(&[Row::of_value("s", "f", 1.0)]), None);
    }
}
