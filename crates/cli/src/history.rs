//! `catctl revisions`: who changed what of a product, and when.

use anyhow::Result;
use proto::catalogue::v1::{ListProductRevisionsRequest, ProductRevision, product_revision::Kind};

use crate::{
    diff::differences,
    output::{Output, clean, moment, print_line, table, text},
    server::Server,
};

/// The largest page of revisions.
const PAGE: i32 = 200;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Times are in UTC. The newest 200 revisions of a product are kept.
  catctl get ID --revision N      the product as it was then
  catctl revert ID --revision N   makes it so again")]
pub(crate) struct Revisions {
    id: String,
    /// How many at most, the newest first; without it, all
    #[arg(long, short = 'n', value_parser = clap::value_parser!(i32).range(1..))]
    limit: Option<i32>,
}

/// Shows a product's history.
pub(crate) async fn revisions(args: Revisions, server: &Server, output: Output) -> Result<()> {
    let mut request = ListProductRevisionsRequest {
        product_id: args.id,
        ..ListProductRevisionsRequest::default()
    };
    let mut left = args.limit.unwrap_or(i32::MAX);
    let mut table = table();
    table.set_header(["REVISION", "TIME", "ACTOR", "WHAT"]);
    while left > 0 {
        request.page_size = left.min(PAGE);
        let mut catalogue = server.catalogue();
        let page = server.ask(catalogue.list_product_revisions(request.clone())).await?;
        for revision in page.revisions.iter().take(usize::try_from(left).unwrap_or(0)) {
            match output {
                Output::Json => print_line(&serde_json::to_string(revision)?)?,
                Output::Table => drop(table.add_row(row(revision))),
            }
            left -= 1;
        }
        if page.next_page_token.is_empty() || page.revisions.is_empty() {
            break;
        }
        request.page_token = page.next_page_token;
    }
    match output {
        Output::Json => Ok(()),
        Output::Table => Ok(print_line(&text(table))?),
    }
}

fn row(revision: &ProductRevision) -> [String; 4] {
    let what = match revision.kind() {
        Kind::Unspecified => "changed",
        Kind::Created => "created",
        Kind::Updated => "updated",
        Kind::Deleted => "deleted",
        Kind::Undeleted => "undeleted",
        Kind::Stock => "stock",
    };
    let changes = revision.diff.as_ref().map(differences).unwrap_or_default();
    let what = match changes.is_empty() {
        true => what.to_owned(),
        false => format!("{what}: {}", changes.join(", ")),
    };
    let time = revision.change_time.as_ref().map(moment).unwrap_or_default();
    [revision.revision.to_string(), time, clean(&revision.actor), what]
}
