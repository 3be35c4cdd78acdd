//! One import call: rows are read and checked in batches while the batches before are being settled.

mod diff;
mod intake;
mod settle;

use proto::catalogue::v1::{
    ImportOptions, ImportProductsRequest, ImportProductsResponse, import_options,
};
use tokio::sync::mpsc;
use tonic::{Status, Streaming};

use self::{intake::Intake, settle::Settlement};
use super::outlet::Outlet;
use crate::{
    domain::{Error, Result},
    import::OnError,
    store::Store,
};

/// Runs a whole call of `actor`. One who is told to stop stops it; all others read to the end of the rows.
///
/// # Errors
/// The client breaks the protocol or goes, or the store fails. What was acknowledged is kept.
pub(super) async fn run(
    store: &Store,
    actor: String,
    mut requests: Streaming<ImportProductsRequest>,
    outlet: Outlet<ImportProductsResponse>,
) -> Result<(), Status> {
    let first = requests.message().await?;
    let options = Options::parse(first.as_ref().and_then(|request| request.options))?;
    // Two batches wait while two are settled and one is read: so much is in memory at most.
    let (batches, waiting) = mpsc::channel(1);
    let intake = Intake::new(batches, options.on_error).run(first, requests);
    let settlement = Settlement::new(store, actor, outlet, options).run(waiting);
    tokio::pin!(intake, settlement);
    tokio::select! {
        // Stopped or failed: nobody wants the rows that are still to come.
        settled = &mut settlement => Ok(settled?),
        read = &mut intake => {
            // The rows before a fault of the client's are still settled and acknowledged.
            let settled = settlement.await;
            read.and(settled.map_err(Status::from))
        }
    }
}

/// How to import.
#[derive(Debug, Default, Clone, Copy)]
struct Options {
    dry_run: bool,
    on_error: OnError,
}

impl Options {
    fn parse(options: Option<ImportOptions>) -> Result<Self> {
        let Some(options) = options else { return Ok(Self::default()) };
        let on_error = match import_options::OnError::try_from(options.on_error) {
            Ok(import_options::OnError::Unspecified | import_options::OnError::Skip) => {
                OnError::Skip
            }
            Ok(import_options::OnError::Stop) => OnError::Stop,
            Err(_unknown) => {
                return Err(Error::field("options.on_error", "must be SKIP or STOP"));
            }
        };
        Ok(Self { dry_run: options.dry_run, on_error })
    }
}
