//! Reads the rows of a source on a thread.

use std::thread;

use anyhow::{Context as _, Result, bail};
use tokio::sync::{mpsc, oneshot};

use crate::{FieldMap, ParsedRow, ReadOptions, ReadSummary, Source};

/// Capacity of the channel between reader and upload, in rows.
const READ_AHEAD: usize = 32;

/// The end of reading.
#[derive(Debug)]
pub struct ReadResult(oneshot::Receiver<Result<ReadSummary>>);

impl ReadResult {
    /// Waits for the end of reading.
    ///
    /// # Errors
    /// The source cannot be read, or the reader panicked.
    pub async fn wait(self) -> Result<ReadSummary> {
        match self.0.await {
            Ok(read) => read,
            Err(_dropped) => bail!("the reader panicked"),
        }
    }
}

/// Reads rows on a thread, not in a task, because reading blocks, and of standard input cannot be cancelled. It ends
/// when the rows are dropped; the guard of the source is dropped then.
///
/// # Errors
/// If the thread cannot be started.
pub fn spawn_reader(
    source: Source,
    map: Option<FieldMap>,
    options: ReadOptions,
) -> Result<(mpsc::Receiver<ParsedRow>, ReadResult)> {
    let (sender, rows) = mpsc::channel(READ_AHEAD);
    let (done, result) = oneshot::channel();
    let read = move || {
        let emit = |row| sender.blocking_send(row).is_ok();
        let summary = crate::read(source, map.as_ref(), &options, emit);
        // The receiver is gone if the upload has failed.
        done.send(summary).ok();
    };
    thread::Builder::new().name("rows".to_owned()).spawn(read).context("starting the reader")?;
    Ok((rows, ReadResult(result)))
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;
    use crate::OpenOptions;

    #[tokio::test]
    async fn the_guard_of_a_source_is_held_until_reading_has_ended() {
        let text = format!("id,name\n{}", "1,a\n".repeat(100 * READ_AHEAD));
        let source =
            Source::new(Cursor::new(text), &OpenOptions::default(), "x".to_owned(), Some(1));
        let (guard, mut dropped) = oneshot::channel::<()>();
        let source = Source { guard: Some(Box::new(guard)), ..source.unwrap() };
        let (mut rows, _read) = spawn_reader(source, None, ReadOptions::default()).unwrap();
        rows.recv().await.unwrap();
        assert_eq!(dropped.try_recv(), Err(oneshot::error::TryRecvError::Empty));
        drop(rows);
        assert!(dropped.await.is_err());
    }
}
