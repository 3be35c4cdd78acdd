//! Counts alike events, so that a flood of them makes few.

use std::time::Duration;

use tokio::time::Instant;

use crate::event::Event;

/// Different events of a window; further ones are counted together.
const MAX_DIFFERENT: usize = 10;
/// Time for which events are collected.
const WINDOW: Duration = Duration::from_secs(1);
/// The same after a window with more than [`FLOOD`] events.
const LONG_WINDOW: Duration = Duration::from_secs(10);
const FLOOD: i32 = 100;

/// The events of the current window.
#[derive(Debug)]
pub(crate) struct Sampler {
    events: Vec<Event>,
    /// The sum of all events beyond [`MAX_DIFFERENT`].
    others: Option<Event>,
    closes: Instant,
}

impl Sampler {
    pub(crate) fn new() -> Self {
        Self { events: Vec::new(), others: None, closes: Instant::now() }
    }

    /// Adds an event, to the count of alike ones if there are any.
    pub(crate) fn add(&mut self, event: Event) {
        let full = self.events.len() == MAX_DIFFERENT;
        let same = self.events.iter_mut().find(|it| it.is_like(&event));
        match same.or(self.others.as_mut().filter(|_| full)) {
            Some(same) => same.count = same.count.saturating_add(1),
            None if full => self.others = Some(others(event)),
            None => self.events.push(event),
        }
    }

    /// Removes and returns the events at the end of the window; none while it is open.
    pub(crate) fn take(&mut self) -> Vec<Event> {
        if self.events.is_empty() || Instant::now() < self.closes {
            return Vec::new();
        }
        self.take_all()
    }

    /// Removes and returns the events.
    pub(crate) fn take_all(&mut self) -> Vec<Event> {
        let mut events = std::mem::take(&mut self.events);
        events.extend(self.others.take());
        let total = events.iter().fold(0, |total: i32, event| total.saturating_add(event.count));
        let window = if total > FLOOD { LONG_WINDOW } else { WINDOW };
        self.closes = Instant::now() + window;
        events
    }
}

/// The event that stands for all different ones.
fn others(first: Event) -> Event {
    let many = || "(others)".to_owned();
    Event {
        principal: many(),
        method: many(),
        outcome: many(),
        key_id: String::new(),
        address: String::new(),
        resource: String::new(),
        request_id: String::new(),
        note: String::new(),
        ..first
    }
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use super::*;
    use crate::author::Author;

    fn event(address: usize) -> Event {
        let author = Author { address: address.to_string(), ..Author::default() };
        Event::new(&author, SystemTime::now(), "a.B/C", "CREDENTIAL_MISSING")
    }

    #[tokio::test(start_paused = true)]
    async fn a_flood_is_counted_and_makes_few_events() {
        let mut sampler = Sampler::new();
        let mut taken = Vec::new();
        let began = Instant::now();
        for number in 0..100_000 {
            sampler.add(event(number));
            tokio::time::advance(Duration::from_micros(600)).await;
            taken.extend(sampler.take());
        }
        taken.extend(sampler.take_all());
        assert_eq!(taken.iter().map(|event| event.count).sum::<i32>(), 100_000);
        let seconds = began.elapsed().as_secs();
        assert!(taken.len() < 100, "{} events in {seconds} s", taken.len());
    }

    #[tokio::test(start_paused = true)]
    async fn few_are_told_apart_within_a_second() {
        let mut sampler = Sampler::new();
        for number in [1, 2, 1] {
            sampler.add(event(number));
        }
        let counts: Vec<_> = sampler.take().iter().map(|event| event.count).collect();
        assert_eq!(counts, [2, 1]);
        sampler.add(event(3));
        assert!(sampler.take().is_empty(), "the window is open");
        tokio::time::advance(WINDOW).await;
        assert_eq!(sampler.take().len(), 1);
    }
}
