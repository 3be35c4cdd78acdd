//! `catctl export`: streams products to a file, in a format that import reads.

use std::{
    io::{self, IsTerminal as _},
    path::PathBuf,
    time::Instant,
};

use ::import::Format;
use anyhow::{Context as _, Result};
use indicatif::ProgressBar;
use proto::catalogue::v1::{ExportProductsRequest, Product};

use crate::{
    client::Client,
    export_table::{Columns, csv_lines},
    import,
    output::{thousands, warn},
    sink::Sink,
    status,
};

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  catctl export backup.jsonl.gz
  catctl export -c kitchen --format csv | less
  catctl export --filter 'brand = \"Acme\" AND status = ACTIVE' acme.csv
  catctl export --columns id,name,price,currency prices.csv

CSV has a row for each variant: the first one has the fields of the product, the others have its id.
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
    /// File format; csv if the file ends in .csv or .csv.gz, otherwise jsonl
    #[arg(long)]
    format: Option<Format>,
    /// Columns of CSV, in this order [default: all but those of the stock]
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    columns: Vec<String>,
    /// Include the columns of the stock in CSV
    #[arg(long)]
    with_stock: bool,
    /// Show no progress
    #[arg(long, short)]
    quiet: bool,
}

/// Exports products, and prints their number to standard error.
pub(crate) async fn run(args: Args, client: &Client) -> Result<()> {
    let path = args.file.as_path();
    let name = path.to_string_lossy();
    let to_stdout = name == "-";
    let is_csv = name.strip_suffix(".gz").unwrap_or(&name).ends_with(".csv");
    let format = args.format.unwrap_or(if is_csv { Format::Csv } else { Format::Jsonl });

    let columns = Columns::new(&args.columns, args.with_stock)?;
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
        ..Default::default()
    };
    let mut batches = client.call(client.transfer().export_products(request)).await?;

    let mut sink = Sink::create(path)?;
    if format == Format::Csv {
        let header = csv_lines([columns.names()])?;
        sink = write(sink, header).await.with_context(|| format!("writing {name}"))?;
    }
    let started = Instant::now();
    let mut written = 0;
    while let Some(batch) = batches.message().await.map_err(|status| client.to_error(&status))? {
        let mut lines = Vec::new();
        for product in &batch.products {
            lines.extend(match format {
                Format::Csv => csv_lines(columns.rows(product))?,
                Format::Jsonl => json_line(product)?,
            });
        }
        sink = write(sink, lines).await.with_context(|| format!("writing {name}"))?;
        written += batch.products.len() as u64;
        bar.set_position(written);
        bar.set_message(import::rate(written, started.elapsed()));
    }
    sink.finish().with_context(|| format!("writing {name}"))?;
    bar.finish_and_clear();
    if !to_stdout {
        let seconds = started.elapsed().as_secs_f64();
        warn(&format!("{} products written to {name} in {seconds:.1} s", thousands(written)));
    }
    Ok(())
}

/// Writes on a blocking thread, so that the connection stays responsive (keep-alive pings) while a
/// slow reader blocks the write. Meanwhile no batch is read, which applies backpressure.
async fn write(mut sink: Sink, bytes: Vec<u8>) -> io::Result<Sink> {
    let writing = tokio::task::spawn_blocking(move || sink.write(&bytes).map(|()| sink));
    writing.await.map_err(io::Error::other)?
}

/// Encodes a product with all its fields. Import ignores output-only fields, and creates missing
/// categories from their paths.
fn json_line(product: &Product) -> Result<Vec<u8>> {
    let mut line = serde_json::to_vec(product)?;
    line.push(b'\n');
    Ok(line)
}
