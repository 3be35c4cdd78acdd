//! The state of reading, and the choice of the map that the columns of a source need.

use std::{collections::BTreeSet, io::BufRead};

use anyhow::{Result, bail};

use crate::{
    field_map::{self, FieldMap, Settings, Style},
    names::normalize,
    native_table,
    notes::Notes,
    parsed_row::ParsedRow,
    value::Record,
    values::{number, words},
};

/// How to read.
#[derive(Debug, Clone, Default)]
pub struct ReadOptions {
    /// Rows up to this line are skipped.
    pub resume_after: i64,
    /// Whether the first invalid row ends the reading.
    pub stop_at_reject: bool,
    /// Statements of the user about the file.
    pub settings: Settings,
}

/// Findings of reading.
#[derive(Debug, Default)]
pub struct ReadSummary {
    /// Source fields of the map that no row had.
    pub unused_fields: BTreeSet<String>,
    /// Sentences about the source and its rows.
    pub notes: Vec<String>,
}

pub(crate) type Emit<'a> = &'a mut dyn FnMut(ParsedRow) -> bool;

/// The state of reading.
pub(crate) struct Reading<'a> {
    pub(crate) options: &'a ReadOptions,
    /// The map of the user.
    pub(crate) map: Option<&'a FieldMap>,
    pub(crate) summary: ReadSummary,
    pub(crate) notes: Notes,
}

impl Reading<'_> {
    /// Statements about the file, by the user or by the map.
    pub(crate) fn settings(&self, map: &FieldMap) -> Settings {
        self.options.settings.clone().or(map.settings.clone())
    }

    /// The user's map for a file with these columns: over the map of the system that wrote it, if
    /// that is known.
    pub(crate) fn over_shipped<'a>(
        &mut self,
        map: &FieldMap,
        columns: impl Iterator<Item = &'a str> + Clone,
    ) -> FieldMap {
        let mut map = map.clone();
        map.rename_sources(columns.clone());
        if self.options.resume_after == 0 {
            let fields = map.source_fields();
            self.summary.unused_fields = fields.into_iter().map(str::to_owned).collect();
        }
        let map = map.by_sku();
        match field_map::recognise(columns.clone()) {
            Some((system, mut shipped)) => {
                self.summary.notes.push(format!(
                    "the columns are those of {system}: what the map does not name is read as there"
                ));
                shipped.rename_sources(columns);
                map.over(shipped)
            }
            None => map,
        }
    }

    /// The map of the system that wrote the file, if it is known.
    pub(crate) fn shipped<'a>(
        &mut self,
        columns: impl Iterator<Item = &'a str> + Clone,
    ) -> Option<FieldMap> {
        let (system, mut map) = field_map::recognise(columns.clone())?;
        self.summary.notes.push(format!("the columns are those of {system}; read as such"));
        map.rename_sources(columns);
        Some(map)
    }

    /// Notes the currency that was assumed.
    pub(crate) fn note_currency(&mut self, map: &FieldMap) {
        if let Some(currency) = map.style.assumed() {
            self.summary.notes.push(format!(
                "prices have no currency and were taken for {currency}; --currency names another"
            ));
        }
    }
}

impl ReadSummary {
    pub(crate) fn note(&mut self, record: &Record) {
        self.unused_fields.retain(|field| record.at(field).is_none());
    }
}

impl FieldMap {
    /// Sets how values are read. `samples` gives the first values of a column.
    pub(crate) fn set_style<'a>(
        &mut self,
        settings: &Settings,
        is_literal: bool,
        columns: impl Iterator<Item = String>,
        samples: impl Fn(&str) -> Vec<&'a str>,
    ) {
        let decimal = settings.decimal.unwrap_or_else(|| {
            let prices = self.price_fields();
            let mut shown =
                prices.iter().flat_map(|name| samples(name)).filter_map(number::evidence);
            match shown.next() {
                Some(first) if shown.all(|other| other == first) => first,
                _ => number::Decimal::Either,
            }
        });
        let kind = |name: &str| words::kind(samples(name).into_iter());
        let kinds = columns.map(|name| {
            let kind = kind(&name);
            (name, kind)
        });
        let kinds = kinds.collect();
        self.style = Style {
            decimal,
            currency: settings.currency.clone(),
            is_literal,
            strip_html: !is_literal && !settings.keep_html.unwrap_or(false),
            cut: settings.cut.unwrap_or(false),
            kinds,
            ..Style::default()
        };
    }
}

/// How much a name tells that its line is the header of a table: the names of the user's map the most,
/// then those of fields of a product and of known systems, spelled as there.
pub(crate) fn weight_of(name: &str, map: Option<&FieldMap>) -> usize {
    let normal = normalize(name);
    if normal.is_empty() {
        return 0;
    }
    let mapped = map.map(FieldMap::source_fields).unwrap_or_default();
    let in_map = mapped.iter().any(|field| normalize(field) == normal);
    let is_exact = native_table::column_names().any(|column| column == name)
        || field_map::is_known_column(name)
        || mapped.contains(name);
    let is_known = is_exact
        || native_table::column_names().any(|column| normalize(column) == normal)
        || field_map::is_known_column(&normal);
    4 * usize::from(in_map) + usize::from(is_known) + usize::from(is_exact)
}

/// Fails if a repeated column feeds a field that has one value.
pub(crate) fn check_repeated<'a>(
    map: &FieldMap,
    mut repeated: impl Iterator<Item = (&'a str, Vec<usize>)>,
) -> Result<()> {
    let single = map.single_fields();
    if let Some((name, columns)) = repeated.find(|(name, _)| single.contains(name)) {
        let columns: Vec<String> = columns.iter().map(usize::to_string).collect();
        bail!(
            "the column {name:?} stands in the header {} times (columns {}), and its field has one \
             value; rename the others",
            columns.len(),
            columns.join(", ")
        );
    }
    Ok(())
}

/// Skips rows that an earlier run has settled.
pub(crate) fn is_settled(line: i64, options: &ReadOptions) -> bool {
    line <= options.resume_after
}

/// A reader of lines.
pub(crate) type Reader = Box<dyn BufRead + Send>;
