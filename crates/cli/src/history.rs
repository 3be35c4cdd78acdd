//! `catctl revisions`: the revision history of a product.

use anyhow::Result;
use proto::catalogue::v1::{ListProductRevisionsRequest, ProductRevision, product_revision::Kind};

use crate::{
    client::Client,
    diff::differences,
    listing::Listing,
    output::{Output, format_time},
};

/// Maximum page size.
const PAGE: i32 = 200;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Times are in UTC. The newest 200 revisions of a product are kept.
  catctl get ID --revision N      show the product at a revision
  catctl revert ID --revision N   restore it")]
pub(crate) struct Revisions {
    id: String,
    /// Maximum number of revisions, newest first; all when omitted
    #[arg(long, short = 'n', value_parser = clap::value_parser!(i32).range(1..))]
    limit: Option<i32>,
}

pub(crate) async fn revisions(args: Revisions, client: &Client, output: Output) -> Result<()> {
    let mut request = ListProductRevisionsRequest {
        product_id: args.id,
        ..ListProductRevisionsRequest::default()
    };
    let mut left = args.limit.unwrap_or(i32::MAX);
    let mut listing = Listing::new(output, ["REVISION", "TIME", "ACTOR", "WHAT"]);
    while left > 0 {
        request.page_size = left.min(PAGE);
        let mut catalogue = client.catalogue();
        let page = client.call(catalogue.list_product_revisions(request.clone())).await?;
        for revision in page.revisions.iter().take(usize::try_from(left).unwrap_or(0)) {
            listing.add(revision, || row(revision))?;
            left -= 1;
        }
        if page.next_page_token.is_empty() || page.revisions.is_empty() {
            break;
        }
        request.page_token = page.next_page_token;
    }
    Ok(listing.finish()?)
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
    let separator = if changes.is_empty() { "" } else { ": " };
    let what = format!("{what}{separator}{}", changes.join(", "));
    let time = revision.change_time.as_ref().map(format_time).unwrap_or_default();
    let actor = match revision.actor_note.as_str() {
        "" => revision.actor.clone(),
        note => format!("{} ({note})", revision.actor),
    };
    [revision.revision.to_string(), time, actor, what]
}
