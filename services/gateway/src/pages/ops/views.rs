//! Snapshots as HTML: rendered once for each language, however many look.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use bytes::Bytes;

use super::{super::locale::Locale, board::Board, rows::RequestRow, texts_of};
use crate::{
    events::Event,
    ops::{Request, Snapshot},
    problem::Problem,
};

/// The latest snapshot in each language. Cheap to clone; clones share it.
#[derive(Clone, Default)]
pub(super) struct Views(Arc<[Mutex<Option<Arc<Rendered>>>; 2]>);

/// A snapshot in one language.
pub(super) struct Rendered {
    made: Instant,
    /// All but the requests.
    pub(super) board: String,
    /// The event that shows it.
    event: Bytes,
    /// Oldest first.
    pub(super) rows: Vec<Arc<Row>>,
}

/// A row of the table of requests.
pub(super) struct Row {
    pub(super) number: u64,
    pub(super) elapsed: Duration,
    pub(super) html: String,
}

impl Views {
    /// The snapshot in this language.
    ///
    /// # Errors
    /// It cannot be rendered.
    pub(super) fn of(&self, snapshot: &Snapshot, locale: Locale) -> Result<Arc<Rendered>, Problem> {
        let view = &self.0[usize::from(locale == Locale::German)];
        let mut latest = view.lock().unwrap_or_else(PoisonError::into_inner);
        match &*latest {
            Some(rendered) if rendered.made == snapshot.made => return Ok(Arc::clone(rendered)),
            _ => {}
        }
        let known = latest.as_ref().map(|rendered| &*rendered.rows).unwrap_or_default();
        let rendered = Arc::new(render(snapshot, locale, known)?);
        *latest = Some(Arc::clone(&rendered));
        Ok(rendered)
    }
}

impl Rendered {
    /// The number of the newest request; 0 if there is none.
    pub(super) fn newest(&self) -> u64 {
        self.rows.last().map_or(0, |row| row.number)
    }

    /// The event that shows all but the requests.
    pub(super) fn board_event(&self) -> Event {
        Event::encoded(self.event.clone())
    }

    /// The event with the requests after this number, newest first; `None` if there are none.
    pub(super) fn rows_event(&self, after: u64) -> Option<Event> {
        let new = self.rows.iter().rev().take_while(|row| row.number > after);
        let html: String = new.map(|row| row.html.as_str()).collect();
        (!html.is_empty()).then(|| Event::new("rows", &html, &self.newest().to_string()))
    }
}

fn render(snapshot: &Snapshot, locale: Locale, known: &[Arc<Row>]) -> Result<Rendered, Problem> {
    let board = html(&Board::new(snapshot, texts_of(locale), locale))?;
    let event = Event::new("board", &board, "").into_bytes();
    let rows = snapshot.requests.iter().map(|request| row(request, locale, known));
    Ok(Rendered { made: snapshot.made, board, event, rows: rows.collect::<Result<_, _>>()? })
}

fn row(request: &Request, locale: Locale, known: &[Arc<Row>]) -> Result<Arc<Row>, Problem> {
    if let Ok(at) = known.binary_search_by_key(&request.number, |row| row.number) {
        return Ok(Arc::clone(&known[at]));
    }
    let html = html(&RequestRow::new(request, texts_of(locale), locale))?;
    Ok(Arc::new(Row { number: request.number, elapsed: request.elapsed, html }))
}

fn html(template: &impl askama::Template) -> Result<String, Problem> {
    let failed = |error| Problem::internal(format!("rendering /ops failed: {error}"));
    template.render().map_err(failed)
}

#[cfg(test)]
mod tests {
    use std::{io::Write as _, time::SystemTime};

    use flate2::{Compression, write::GzEncoder};
    use http::StatusCode;
    use upstream::journal::Attempt;

    use super::*;
    use crate::ops::{Kept, KnownAttempt, Outcome};

    fn request(number: u64) -> Request {
        let random = || format!("{:016x}{:016x}", fastrand::u64(..), fastrand::u64(..));
        let attempt = |started_us| KnownAttempt {
            attempt: Attempt {
                method: "/catalogue.v1.CatalogueService/GetProduct",
                endpoint: 1,
                started_us,
                elapsed_us: fastrand::u32(..200_000),
                end: "UNAVAILABLE",
            },
            upstream: "catalogue",
            address: "10.20.30.40:50051".to_owned(),
        };
        Request {
            number,
            ended: SystemTime::now(),
            name: "GET /v1/products/{id}".to_owned(),
            outcome: Outcome::Web(StatusCode::SERVICE_UNAVAILABLE),
            elapsed: Duration::from_micros(fastrand::u64(..500_000)),
            kept: Kept::Failed,
            attempts: [0, 5_000, 20_000].map(attempt).into(),
            further_attempts: 0,
            request_id: random(),
            trace_id: Some(random()),
        }
    }

    fn compressed(text: &[u8]) -> usize {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap().len()
    }

    #[test]
    fn a_full_table_with_script_and_styles_is_small() {
        let rows = (1..=200).map(|number| row(&request(number), Locale::German, &[]).unwrap());
        let table: String = rows.map(|row| row.html.clone()).collect();
        let assets = [
            &include_bytes!("../../../assets/ops.css")[..],
            include_bytes!("../../../assets/ops.js"),
        ];
        let total: usize = assets.into_iter().chain([table.as_bytes()]).map(compressed).sum();
        // The rest of the page has at most 10 KB.
        assert!(total <= 50 << 10, "{total} bytes");
    }

    #[test]
    fn known_rows_are_not_rendered_again() {
        let request = request(7);
        let first = row(&request, Locale::English, &[]).unwrap();
        let again = row(&request, Locale::English, &[Arc::clone(&first)]).unwrap();
        assert!(Arc::ptr_eq(&first, &again));
        assert!(first.html.contains("3 attempts") && first.html.matches("<rect").count() == 3);
    }
}
