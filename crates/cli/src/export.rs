//! `catctl export`: every product, in a form that import takes.

use std::{
    io::{self, IsTerminal as _},
    path::Path,
    time::Instant,
};

use anyhow::{Context as _, Result};
use indicatif::ProgressBar;
use proto::{
    catalogue::v1::{ExportProductsRequest, Product},
    money,
};

use crate::{
    import::{self, COLUMNS, Format, LIST_SEPARATOR, PATH_SEPARATOR, escape},
    output::{thousands, warn},
    overview,
    server::Server,
    sink::Sink,
};

/// Exports, and says on standard error how many products it were.
pub(crate) async fn run(
    path: &Path,
    category: Option<String>,
    format: Option<Format>,
    quiet: bool,
    server: &Server,
) -> Result<()> {
    let name = path.to_string_lossy();
    let to_stdout = name == "-";
    let is_csv = name.strip_suffix(".gz").unwrap_or(&name).ends_with(".csv");
    let format = format.unwrap_or(if is_csv { Format::Csv } else { Format::Jsonl });

    let total = overview::product_count(server, category.as_deref()).await?;
    let is_quiet =
        quiet || !io::stderr().is_terminal() || (to_stdout && io::stdout().is_terminal());
    let bar = match is_quiet {
        true => ProgressBar::hidden(),
        false => import::progress_bar(Some(total)),
    };
    let request =
        ExportProductsRequest { category_id: category.unwrap_or_default(), ..Default::default() };
    let mut batches = server.ask(server.transfer().export_products(request)).await?;

    let mut sink = Sink::create(path)?;
    let writing = || format!("writing {name}");
    if format == Format::Csv {
        sink.write(&csv_line(COLUMNS)?).with_context(writing)?;
    }
    let started = Instant::now();
    let mut count = 0;
    while let Some(batch) = batches.message().await.map_err(|status| server.explain(&status))? {
        for product in batch.products {
            let line = match format {
                Format::Csv => csv_line(record(&product))?,
                Format::Jsonl => json_line(&product)?,
            };
            sink.write(&line).with_context(writing)?;
            count += 1;
        }
        bar.set_position(count);
        bar.set_message(import::rate(count, started.elapsed()));
    }
    sink.finish().with_context(writing)?;
    bar.finish_and_clear();
    if !to_stdout {
        let seconds = started.elapsed().as_secs_f64();
        warn(&format!("{} products written to {name} in {seconds:.1} s", thousands(count)));
    }
    Ok(())
}

/// A product whole: import passes over what only the catalogue sets, and a catalogue that lacks a
/// category makes it from its path.
fn json_line(product: &Product) -> Result<Vec<u8>> {
    let mut line = serde_json::to_vec(product)?;
    line.push(b'\n');
    Ok(line)
}

fn csv_line<'a>(fields: impl IntoIterator<Item = impl AsRef<[u8]> + 'a>) -> Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(fields)?;
    Ok(writer.into_inner()?)
}

/// The cells of a product, one for each of [`COLUMNS`].
fn record(product: &Product) -> [String; 11] {
    let separators = [LIST_SEPARATOR, PATH_SEPARATOR];
    let between = LIST_SEPARATOR.to_string();
    let list = |items: &[String]| -> String {
        let items = items.iter().map(|item| escape(item, &[LIST_SEPARATOR]));
        items.collect::<Vec<_>>().join(&between)
    };
    let paths = product.category_paths.iter().map(|path| {
        let names = path.names.iter().map(|name| escape(name, &separators));
        names.collect::<Vec<_>>().join(&format!(" {PATH_SEPARATOR} "))
    });
    let price = product.price.as_ref().map(money::display).unwrap_or_default();
    let (amount, currency) = price.split_once(' ').unwrap_or_default();
    [
        product.id.clone(),
        product.external_id.clone(),
        product.name.clone(),
        product.brand.clone(),
        product.description.clone(),
        amount.to_owned(),
        currency.to_owned(),
        product.stock_qty.to_string(),
        paths.collect::<Vec<_>>().join(&between),
        list(&product.image_urls),
        list(&product.labels),
    ]
}
