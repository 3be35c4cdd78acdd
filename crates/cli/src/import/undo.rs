//! `catctl import undo`: undoes an import as a whole.

use std::process::ExitCode;

use anyhow::Result;
use proto::catalogue::v1::{UndoConflict, UndoImportRequest, UndoImportResponse};
use serde_json::json;

use crate::{
    client::Client,
    exit::Kind,
    output::{Output, print_line, sanitize, thousands, warn},
    write_args::parse_request_id,
};

/// Maximum number of conflicts in text output; JSON has all.
const SHOWN: usize = 20;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
What the import created is deleted, and can be undeleted; what it changed is as it was before. The
stock stays as it is, also where the import has set it. Products that others have changed since are
conflicts: they are listed and stay as they are. An undo that was interrupted goes on when the same
command is run again.
Exit code: 0 all is undone, 4 there are conflicts.")]
pub(super) struct Args {
    /// Name of the import, which `catctl import` has printed at its end
    #[arg(value_name = "ID", value_parser = parse_request_id)]
    id: String,
    /// Undo nothing: show how many products would be deleted and restored, and the conflicts
    #[arg(long)]
    dry_run: bool,
}

/// Undoes the import and prints the counts.
///
/// # Errors
/// There is no such import, or the server cannot be reached or fails the call.
pub(super) async fn run(args: &Args, client: &Client, output: Output) -> Result<ExitCode> {
    let request = UndoImportRequest { import_id: args.id.clone(), validate_only: args.dry_run };
    let mut responses = client.call(client.transfer().undo_import(request)).await?;
    let mut conflicts = 0;
    let mut last = UndoImportResponse::default();
    while let Some(response) = responses.message().await.map_err(|error| client.to_error(&error))? {
        for conflict in &response.conflicts {
            conflicts += 1;
            show(conflict, conflicts, output)?;
        }
        last = response;
    }
    if !last.done {
        let message =
            "the call ended early; what was undone stays undone: run the same command again";
        return Err(Kind::Unreachable.error(message));
    }
    if output == Output::Table && conflicts > SHOWN {
        let more = u64::try_from(conflicts - SHOWN).unwrap_or_default();
        print_line(&format!("... and {} more conflicts; --json shows all", thousands(more)))?;
    }
    print_line(&summary(&last, args.dry_run, output))?;
    if last.stock_kept > 0 {
        warn(&format!(
            "{} products have the stock that the import had set, which stays",
            thousands(last.stock_kept.unsigned_abs())
        ));
    }
    let kind = (last.conflicted > 0).then_some(Kind::Conflict);
    Ok(kind.map_or(ExitCode::SUCCESS, |kind| ExitCode::from(kind as u8)))
}

fn show(conflict: &UndoConflict, number: usize, output: Output) -> Result<()> {
    let UndoConflict { product_id, reason, message } = conflict;
    match output {
        Output::Json => print_line(&serde_json::to_string(conflict)?)?,
        Output::Table if number <= SHOWN => {
            print_line(&sanitize(&format!("conflict  {product_id}  {reason}: {message}")))?;
        }
        Output::Table => {}
    }
    Ok(())
}

fn summary(last: &UndoImportResponse, dry_run: bool, output: Output) -> String {
    let &UndoImportResponse { deleted, restored, unchanged, conflicted, stock_kept, .. } = last;
    if output == Output::Json {
        let summary = json!({
            "deleted": deleted, "restored": restored, "unchanged": unchanged,
            "conflicted": conflicted, "stockKept": stock_kept, "dryRun": dry_run,
        });
        return summary.to_string();
    }
    let count = |count: i64| thousands(count.unsigned_abs());
    format!(
        "{}{} deleted, {} restored, {} unchanged, {} conflicts",
        if dry_run { "dry run, nothing was changed: " } else { "" },
        count(deleted),
        count(restored),
        count(unchanged),
        count(conflicted),
    )
}
