//! `catctl export`: streams products to a file, in a format that import or another system reads.

mod acp;
mod sink;

use std::{
    fs,
    io::{self, IsTerminal as _},
    path::PathBuf,
    time::Instant,
};

use ::export::{Columns, ExportWriter, Format, Layout, Shop, System};
use anyhow::{Context as _, Result};
use indicatif::ProgressBar;
use proto::catalogue::v1::{ExportProductsRequest, Product};

use crate::{
    client::Client,
    import,
    output::{thousands, warn},
    status,
};
use sink::Sink;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  catctl export backup.jsonl.gz
  catctl export -c kitchen --format csv | less
  catctl export --filter 'brand = \"Acme\" AND status = ACTIVE' acme.csv
  catctl export --columns id,name,price,currency prices.xlsx
  catctl export --as shopify shop.csv
  catctl export --as google-merchant --shop-url https://shop.example feed.xml
  catctl export --as openai --shop-url https://shop.example --seller Kiln --country DE feed.jsonl.gz
  catctl export --as acp --feed feed_8f3K2x --country DE feed/      # metadata.json and products.jsonl
  catctl export --with-costs backup.jsonl.gz

A table has a row for each variant: the first one has the fields of the product, the others have its id.
It has no stock unless --with-stock is given, so that a file that is edited while the shop sells
does not say how many there were. The column etag lets an import refuse products that were changed
since. What a spreadsheet would take for a formula has an apostrophe in front, which an import
removes.
Products are fetched no faster than they are written. The server ends an export whose reader makes
no progress for 30 s (configurable on the server).")]
pub(crate) struct Args {
    /// Output file, or `-` for standard output; compressed if it ends in .gz
    #[arg(default_value = "-")]
    file: PathBuf,
    /// Only products in this category or its descendants
    #[arg(long, short, value_name = "ID", default_value = "", hide_default_value = true)]
    category: String,
    /// Only products that match, such as 'stock_qty > 0'
    #[arg(long, value_name = "FILTER", default_value = "", hide_default_value = true)]
    filter: String,
    /// Include deleted products
    #[arg(long)]
    show_deleted: bool,
    /// File format [default: by the file's extension, otherwise jsonl]
    #[arg(long)]
    format: Option<Format>,
    /// Columns of a table, in this order [default: all but those of the stock]
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    columns: Vec<String>,
    /// Include the columns of the stock in a table
    #[arg(long)]
    with_stock: bool,
    /// A file that another system takes: a table, or a feed of what is for sale
    #[arg(long = "as", value_name = "SYSTEM", conflicts_with_all = ["columns", "with_stock"])]
    shape: Option<System>,
    /// Include what items cost the shop; requires a key with the scope read:costs
    #[arg(long)]
    with_costs: bool,
    /// Show no progress
    #[arg(long, short)]
    quiet: bool,
    #[command(flatten)]
    shop: Shop,
}

impl Args {
    /// The format of the file, and its columns if it is a table.
    fn form(&self, name: &str) -> Result<(Format, Layout)> {
        let layout = match self.shape {
            Some(system) => Layout::Of(system, Box::new(self.shop.clone())),
            None => Layout::Own(
                Columns::new(&self.columns, self.with_stock, self.with_costs)
                    .context("--columns")?,
            ),
        };
        let format = layout.format(self.format.or_else(|| Format::by_name(name)));
        Ok((format.context("--format")?, layout))
    }
}

/// Exports products, and prints their number to standard error.
pub(crate) async fn run(args: Args, client: &Client) -> Result<()> {
    let is_folder = args.shape == Some(System::Acp) && args.file.as_os_str() != "-";
    let file = if is_folder { args.file.join(acp::PRODUCTS) } else { args.file.clone() };
    if is_folder {
        fs::create_dir_all(&args.file)
            .with_context(|| format!("creating {}", args.file.display()))?;
    }
    let path = file.as_path();
    let name = path.to_string_lossy();
    let to_stdout = name == "-";
    let (format, layout) = args.form(&name)?;
    let is_quiet =
        args.quiet || !io::stderr().is_terminal() || (to_stdout && io::stdout().is_terminal());
    let bar = match is_quiet {
        true => ProgressBar::hidden(),
        // The server does not count the products that a filter matches.
        false if !args.filter.is_empty() || args.show_deleted => import::progress_bar(None),
        false => {
            let total = status::product_count(client, Some(&args.category)).await?;
            import::progress_bar(Some(total))
        }
    };
    let request = ExportProductsRequest {
        category_id: args.category,
        filter: args.filter,
        show_deleted: args.show_deleted,
        show_costs: args.with_costs || layout.has_costs(),
        ..Default::default()
    };
    let mut batches = client.call(client.transfer().export_products(request)).await?;

    let mut target = ExportWriter::new(Sink::create(path)?, format, layout)?;
    let started = Instant::now();
    let mut written = 0;
    while let Some(batch) = batches.message().await.map_err(|status| client.to_error(&status))? {
        written += batch.products.len() as u64;
        target = add(target, batch.products).await.with_context(|| format!("writing {name}"))?;
        bar.set_position(written);
        bar.set_message(import::rate(written, started.elapsed()));
    }
    let finishing =
        tokio::task::spawn_blocking(move || Ok::<_, anyhow::Error>(target.finish()?.finish()?));
    finishing.await?.with_context(|| format!("writing {name}"))?;
    if is_folder {
        acp::write_metadata(&args.file, &args.shop)?;
    }
    bar.finish_and_clear();
    if !to_stdout {
        let seconds = started.elapsed().as_secs_f64();
        warn(&format!("{} products written to {name} in {seconds:.1} s", thousands(written)));
    }
    Ok(())
}

/// Writes on a blocking thread, so that the connection stays responsive (keep-alive pings) while a
/// slow reader blocks the write. Meanwhile no batch is read, which applies backpressure.
async fn add(mut target: ExportWriter<Sink>, products: Vec<Product>) -> Result<ExportWriter<Sink>> {
    tokio::task::spawn_blocking(move || target.add(&products).map(|()| target)).await?
}
