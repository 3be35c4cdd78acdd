//! `ImportProducts`: reads rows in batches while earlier batches are being imported.

mod diff;
mod importer;
mod merge_paths;
mod row;
mod row_reader;

use proto::catalogue::v1::{
    ImportOptions, ImportProductsRequest, ImportProductsResponse, import_options,
};
use tokio::sync::mpsc;
use tonic::{Status, Streaming};

use self::{importer::Importer, row_reader::RowReader};
use super::{convert, stream_sender::StreamSender};
use crate::{
    domain::{Error, ImportId, Result},
    import::{ApplyOptions, Mode, OnError},
    store::{Store, WriteContext},
};

/// Runs an import to the end of its rows, or to the first rejected row with [`OnError::Stop`].
///
/// # Errors
/// The client violates the protocol or disconnects, or the store fails. Acknowledged rows are
/// stored.
pub(super) async fn run(
    store: &Store,
    context: WriteContext,
    mut requests: Streaming<ImportProductsRequest>,
    sender: StreamSender<ImportProductsResponse>,
    shows_costs: bool,
) -> Result<(), Status> {
    let first = requests.message().await?;
    let options = first.as_ref().and_then(|request| request.options.as_ref());
    let options = options.map(Options::parse).transpose()?.unwrap_or_default();
    // Bounds memory: two batches wait while two are imported and one is read.
    let (batches, waiting) = mpsc::channel(1);
    let reader = RowReader::new(batches, options.apply.on_error).run(first, requests);
    let importer = Importer::new(store, context, sender, options, shows_costs).run(waiting);
    tokio::pin!(reader, importer);
    tokio::select! {
        // The import has stopped or failed: the remaining rows are not read.
        imported = &mut importer => Ok(imported?),
        read = &mut reader => {
            // The rows before an error of the client are still imported and acknowledged.
            let imported = importer.await;
            read.and(imported.map_err(Status::from))
        }
    }
}

/// Options of an import.
#[derive(Debug, Default, Clone)]
struct Options {
    dry_run: bool,
    apply: ApplyOptions,
    /// The import that the rows belong to, if the client has named one.
    import: Option<ImportId>,
}

impl Options {
    fn parse(options: &ImportOptions) -> Result<Self> {
        let on_error = match import_options::OnError::try_from(options.on_error) {
            Ok(import_options::OnError::Unspecified | import_options::OnError::Skip) => {
                OnError::Skip
            }
            Ok(import_options::OnError::Stop) => OnError::Stop,
            Err(_unknown) => {
                return Err(Error::field("options.on_error", "must be SKIP or STOP"));
            }
        };
        let mode = match import_options::Mode::try_from(options.mode) {
            Ok(import_options::Mode::Unspecified | import_options::Mode::Upsert) => Mode::Upsert,
            Ok(import_options::Mode::UpdateOnly) => Mode::UpdateOnly,
            Ok(import_options::Mode::CreateOnly) => Mode::CreateOnly,
            Err(_unknown) => {
                let rule = "must be UPSERT, UPDATE_ONLY or CREATE_ONLY";
                return Err(Error::field("options.mode", rule));
            }
        };
        let import = convert::import_id("options.import_id", &options.import_id)?;
        let ImportOptions { dry_run, set_stock, check_etags, .. } = *options;
        let apply = ApplyOptions { on_error, mode, check_etags, set_stock };
        Ok(Self { dry_run, apply, import })
    }
}
