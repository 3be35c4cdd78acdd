//! Import of an export of a shop with damaged rows, as a table and as a workbook: right to the row, its speed and
//! its memory.

use std::{collections::BTreeSet, fs, io::Write as _, path::Path};

use anyhow::{Context as _, Result};
use rust_xlsxwriter::Workbook;
use serde_json::Value;
use testkit::{Figure, Fleet, Process, Service, peak_bytes, program, until};

const ROWS: u32 = 100_000;
const DAMAGED: usize = 1_000;
/// Bounds of a release build on two cores.
const ROWS_PER_SECOND: f64 = 15_000.0;
const TABLE_MEGABYTES: f64 = 64.0;
const WORKBOOK_MEGABYTES: f64 = 128.0;
const MEGABYTE: f64 = 1_048_576.0;

const HEADER: [&str; 12] = [
    "Handle",
    "Title",
    "Body (HTML)",
    "Vendor",
    "Tags",
    "Option1 Name",
    "Option1 Value",
    "Variant SKU",
    "Variant Price",
    "Variant Barcode",
    "Image Src",
    "Status",
];

/// The rows of a shop, and the lines of those that are damaged.
struct Shop {
    rows: Vec<[String; 12]>,
    products: u64,
    damaged: BTreeSet<u64>,
}

impl Shop {
    fn generate() -> Self {
        let (mut rows, mut damaged) = (Vec::new(), BTreeSet::new());
        let (mut product, mut due) = (0_u32, 0);
        let mut of_product = 0;
        for number in 0..ROWS {
            let is_first = of_product == 0;
            if is_first {
                product += 1;
                of_product = product % 4 + 1;
            }
            of_product -= 1;
            due += usize::from(number % 100 == 0);
            // A damaged first row would take the others of its product along.
            let is_damaged = due > 0 && !is_first && damaged.len() < DAMAGED;
            if is_damaged {
                due -= 1;
                damaged.insert(u64::from(number) + 2);
            }
            rows.push(row(product, number, is_first, is_damaged));
        }
        Self { rows, products: u64::from(product), damaged }
    }

    fn write_table(&self, path: &Path) -> Result<()> {
        let mut out = std::io::BufWriter::new(fs::File::create(path)?);
        writeln!(out, "{}", HEADER.join(","))?;
        for row in &self.rows {
            let cells = row.iter().map(|cell| format!("\"{}\"", cell.replace('"', "\"\"")));
            writeln!(out, "{}", cells.collect::<Vec<_>>().join(","))?;
        }
        Ok(out.flush()?)
    }

    fn write_workbook(&self, path: &Path) -> Result<()> {
        let mut workbook = Workbook::new();
        let sheet = workbook.add_worksheet_with_constant_memory()?;
        sheet.write_row(0, 0, HEADER)?;
        for (number, row) in (1..).zip(&self.rows) {
            sheet.write_row(number, 0, row.iter().map(String::as_str))?;
        }
        Ok(workbook.save(path)?)
    }
}

fn row(product: u32, number: u32, is_first: bool, is_damaged: bool) -> [String; 12] {
    let of_product = |text: String| if is_first { text } else { String::new() };
    let description = format!(
        "<p>Hand-made mug number {product}, <b>dishwasher safe</b> &amp; light.</p><ul><li>0.3 l</li></ul>"
    );
    let price = if is_damaged { "cheap".to_owned() } else { format!("{}.50", 5 + number % 90) };
    [
        format!("mug-{product:06}"),
        of_product(format!("Mug \"{product}\", glazed")),
        of_product(description),
        of_product(format!("Maker {}", product % 200)),
        of_product("kitchen, stoneware".to_owned()),
        of_product("Size".to_owned()),
        format!("{} cl", 10 + number % 4),
        format!("MUG-{number:06}"),
        price,
        String::new(),
        format!("https://img.example/{product}/{number}.jpg"),
        of_product("active".to_owned()),
    ]
}

pub(super) async fn run(fleet: &mut Fleet) -> Result<Vec<Figure>> {
    let shop = Shop::generate();
    let table = fleet.dir().join("shop.csv");
    shop.write_table(&table)?;
    let workbook = fleet.dir().join("shop.xlsx");
    shop.write_workbook(&workbook)?;
    let catalogue = fleet.process(Service::Catalogue).id();
    let before = fleet.process(Service::Catalogue).resident_bytes();
    let imported = import(fleet, &table).await?;
    let growth = peak_bytes(catalogue)?.saturating_sub(before) as f64 / MEGABYTE;
    let again = import(fleet, &workbook).await?;
    let grouped = u64::from(ROWS) - shop.products - shop.damaged.len() as u64;
    let mut figures = vec![
        Figure::at_least("table, rows/s", imported.rows_per_second, ROWS_PER_SECOND),
        Figure::at_most("table, peak of catctl, MB", imported.megabytes, TABLE_MEGABYTES),
        Figure::at_most("table, growth of the catalogue, MB", growth, TABLE_MEGABYTES),
        Figure::at_most("workbook, peak of catctl, MB", again.megabytes, WORKBOOK_MEGABYTES),
        Figure::exactly("table, created", imported.count("created")?, shop.products),
        Figure::exactly("workbook, unchanged", again.count("unchanged")?, shop.products),
    ];
    for (name, import) in [("table", &imported), ("workbook", &again)] {
        let is_right = import.rejected == shop.damaged;
        figures.push(Figure::exactly(
            format!("{name}, grouped"),
            import.count("grouped")?,
            grouped,
        ));
        figures.push(Figure::exactly(format!("{name}, damaged lines rejected"), is_right, true));
    }
    println!("workbook: {:.0} rows/s", again.rows_per_second);
    Ok(figures)
}

/// A finished import.
struct Imported {
    summary: Value,
    rows_per_second: f64,
    /// Peak memory of `catctl`.
    megabytes: f64,
    rejected: BTreeSet<u64>,
}

impl Imported {
    fn count(&self, name: &str) -> Result<u64> {
        self.summary[name].as_u64().with_context(|| format!("{name} is not in the summary"))
    }
}

async fn import(fleet: &Fleet, file: &Path) -> Result<Imported> {
    let (log, rejects) = (file.with_extension("log"), file.with_extension("rejects"));
    let server = fleet.url("");
    let arguments = [
        "--server".as_ref(),
        server.as_ref(),
        "import".as_ref(),
        file.as_os_str(),
        "--json".as_ref(),
        "--quiet".as_ref(),
        "--rejects".as_ref(),
        rejects.as_os_str(),
    ];
    let mut process = Process::start(&program("catctl"), arguments, &log)?;
    let mut peak = 0;
    until("the import ends", async || {
        peak = peak.max(peak_bytes(process.id()).unwrap_or_default());
        process.exit_status()
    })
    .await;
    let log = process.log();
    let mut lines = log.lines().rev();
    let summary = lines.find_map(|line| serde_json::from_str::<Value>(line).ok());
    let summary = summary.with_context(|| format!("there is no summary in {log}"))?;
    let rejected = fs::read_to_string(&rejects)?;
    let rejected = rejected.lines().filter_map(|line| line.split(',').next()?.parse().ok());
    let seconds = summary["seconds"].as_f64().context("the summary has a time")?;
    Ok(Imported {
        rows_per_second: f64::from(ROWS) / seconds,
        megabytes: peak as f64 / MEGABYTE,
        rejected: rejected.collect(),
        summary,
    })
}
