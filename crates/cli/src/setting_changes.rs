//! `catctl setting-changes`: the history of settings.

use anyhow::Result;
use proto::catalogue::v1::{ListSettingChangesRequest, Setting};

use crate::{
    client::Client,
    listing::Listing,
    output::{Output, format_time},
};

/// Maximum page size.
const PAGE: i32 = 200;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Times are in UTC. The newest 50,000 changes of all settings are kept.
Examples:
  catctl setting-changes -n 10
  catctl setting-changes search/synonyms/tv")]
pub(crate) struct Args {
    /// Name of a setting, such as search/synonyms/tv, search/controls/spring, search/stop-words or
    /// search/ranking; all when omitted
    name: Option<String>,
    /// Maximum number of changes, newest first
    #[arg(long, short = 'n', default_value = "50", value_parser = clap::value_parser!(i32).range(1..))]
    limit: i32,
}

pub(crate) async fn run(args: Args, client: &Client, output: Output) -> Result<()> {
    let mut request = ListSettingChangesRequest {
        name: args.name.unwrap_or_default(),
        ..ListSettingChangesRequest::default()
    };
    let mut left = args.limit;
    let mut listing = Listing::new(output, ["REVISION", "TIME", "ACTOR", "SETTING", "VALUE"]);
    while left > 0 {
        request.page_size = left.min(PAGE);
        let mut settings = client.settings();
        let page = client.call(settings.list_setting_changes(request.clone())).await?;
        for change in &page.changes {
            listing.add(change, || row(change))?;
            left -= 1;
        }
        if page.next_page_token.is_empty() {
            break;
        }
        request.page_token = page.next_page_token;
    }
    Ok(listing.finish()?)
}

fn row(change: &Setting) -> [String; 5] {
    let time = change.update_time.as_ref().map(format_time).unwrap_or_default();
    let value = if change.deleted { "(deleted)".to_owned() } else { change.value.clone() };
    [change.revision.to_string(), time, change.actor.clone(), change.name.clone(), value]
}
