//! Generated files: shape, encoding, delimiter, container and damage by seed. No row is swallowed, none is changed,
//! and damage stays where it is. `IMPORT_SEEDS=10000` runs that many.

use std::{collections::BTreeMap, io::Cursor};

use import::{OpenOptions, ParsedRow, ReadOptions, Source, SourceRow, read};
use testkit::{FileRow, ImportFile};

const DEFAULT_SEEDS: u64 = 400;

/// The rows that were read of a file.
#[derive(Default, PartialEq, Debug)]
struct Read {
    /// The sources of all rows.
    sources: Vec<String>,
    /// Rows by outcome.
    accepted: usize,
    grouped: usize,
    rejected: usize,
    /// Name and SKUs of each product, by its id or SKU.
    products: BTreeMap<String, (String, Vec<String>)>,
}

impl Read {
    fn add(&mut self, row: ParsedRow) {
        let lines = row.source_rows.len();
        match row.outcome {
            Ok(_) => {
                self.accepted += 1;
                self.grouped += lines - 1;
            }
            Err(_) => self.rejected += lines,
        }
        self.rejected += row.rejects.len();
        let rejected = row.rejects.iter().map(|reject| &reject.source_row);
        self.sources.extend(row.source_rows.iter().map(|(_, row)| row).chain(rejected).map(text));
        if let Ok(row) = row.outcome {
            let product = row.product.unwrap();
            let skus: Vec<String> = product.variants.iter().map(|each| each.sku.clone()).collect();
            let mut keys =
                [product.id, product.external_id].into_iter().chain(skus.first().cloned());
            let key = keys.find(|key| !key.is_empty()).unwrap_or_default();
            let known = self.products.entry(key).or_default();
            if !product.name.is_empty() {
                known.0 = product.name;
            }
            known.1.extend(skus);
        }
    }

    fn rows(&self) -> usize {
        self.accepted + self.grouped + self.rejected
    }
}

fn text(row: &SourceRow) -> String {
    match row {
        SourceRow::Csv(bytes, _) => String::from_utf8_lossy(bytes).into_owned(),
        SourceRow::Object(text) | SourceRow::Text(text) => text.clone(),
        SourceRow::Missing => panic!("no row is too long"),
    }
}

fn read_file(file: &ImportFile, resume_after: i64) -> anyhow::Result<Read> {
    let bytes = Cursor::new(file.bytes.clone());
    let source = Source::new(bytes, &OpenOptions::default(), file.name.clone(), Some(1))?;
    let options = ReadOptions { resume_after, ..ReadOptions::default() };
    let mut found = Read::default();
    read(source, None, &options, |row: ParsedRow| {
        assert!(row.line > resume_after, "{}: line {} is settled", file.about, row.line);
        found.add(row);
        true
    })?;
    Ok(found)
}

/// The first fault in the reading of a file.
fn fault(file: &ImportFile) -> Option<String> {
    let ImportFile { rows, may_be_refused, .. } = file;
    let found = match read_file(file, 0) {
        Ok(found) => found,
        Err(_refused) if *may_be_refused => return None,
        Err(error) => return Some(format!("it is refused: {error:#}")),
    };
    // Each row of the file is one row of the import, as it is or as a reject.
    for row in rows {
        let copies = found.sources.iter().filter(|source| source.contains(&row.mark)).count();
        if copies != 1 {
            return Some(format!("{copies} rows of the import are {row:?}"));
        }
    }
    if found.rows() != found.sources.len() {
        return Some(format!("{} rows are counted, not {}", found.rows(), found.sources.len()));
    }
    let may_split = *may_be_refused || rows.iter().any(FileRow::may_split);
    if found.rows() < rows.len() || (found.rows() > rows.len() && !may_split) {
        return Some(format!("{} rows are counted, not {}", found.rows(), rows.len()));
    }
    if *may_be_refused {
        return None;
    }
    rows.iter().filter(|row| is_whole(rows, &row.id)).find_map(|row| changed(rows, row, &found))
}

/// Whether no row of a product is damaged.
fn is_whole(rows: &[FileRow], id: &str) -> bool {
    rows.iter().all(|row| row.id != id || row.damage.is_none())
}

/// How a whole row was changed.
fn changed(rows: &[FileRow], row: &FileRow, found: &Read) -> Option<String> {
    let product = found.products.get(&row.id).or_else(|| found.products.get(&row.mark));
    let Some((name, skus)) = product else { return Some(format!("{row:?} is rejected")) };
    let first = rows.iter().find(|other| other.id == row.id)?;
    if !name.is_empty() && first.name != *name {
        return Some(format!("{name:?} is the name of {first:?}"));
    }
    let has_sku = skus.is_empty() || skus.iter().any(|sku| sku.contains(&row.mark));
    let is_parent = first.mark == row.mark;
    (!has_sku && !is_parent).then(|| format!("{row:?} is not in {skus:?}"))
}

#[test]
fn no_row_is_swallowed() {
    let seeds = std::env::var("IMPORT_SEEDS").ok().and_then(|seeds| seeds.parse().ok());
    let mut faults = Vec::new();
    for seed in 0..seeds.unwrap_or(DEFAULT_SEEDS) {
        let file = ImportFile::generate(seed);
        let read = || fault(&file);
        let panicked = |_| Some("it panics".to_owned());
        if let Some(fault) = std::panic::catch_unwind(read).unwrap_or_else(panicked) {
            faults.push(format!("{}: {fault}", file.about));
        }
    }
    let shown: Vec<&String> = faults.iter().take(8).collect();
    assert!(faults.is_empty(), "{} files; the first:\n{shown:#?}", faults.len());
}
