//! The state of reading, and the choice of the map that the columns of a source need.

use std::{
    collections::{BTreeSet, HashSet},
    sync::LazyLock,
};

use anyhow::{Result, bail};

use crate::{
    field_map::{self, FieldMap, Settings},
    named_products::NamedProducts,
    names::normalize,
    native_table,
    notes::Notes,
    parsed_row::ParsedRow,
    value::Record,
};

/// How to read.
#[derive(Debug, Clone, Default)]
pub struct ReadOptions {
    /// Last line that is settled: rows up to it are read for references of later rows of their products, and not passed
    /// on.
    pub resume_after: i64,
    /// Whether the first invalid row ends the reading.
    pub stop_at_reject: bool,
    /// Whether to collect the products that the rows name.
    pub collect_named: bool,
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
    /// The products that the rows name, if they are collected.
    pub named: NamedProducts,
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
        self.summary.unused_fields = map.source_fields().into_iter().collect();
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

/// Names of native columns, normalized.
static NORMAL_COLUMNS: LazyLock<HashSet<String>> =
    LazyLock::new(|| native_table::column_names().map(normalize).collect());

/// How much names tell that their line is the header of a table.
pub(crate) struct Weights {
    /// Source fields of the user's map, as they are and normalized.
    exact: HashSet<String>,
    normal: HashSet<String>,
}

impl Weights {
    pub(crate) fn of(map: Option<&FieldMap>) -> Self {
        let exact = map.map(FieldMap::source_fields).unwrap_or_default();
        let normal = exact.iter().map(|name| normalize(name)).collect();
        Self { exact, normal }
    }

    /// The weight of a name: names of the user's map weigh most, then names of product fields and of known systems,
    /// spelled as there.
    pub(crate) fn of_name(&self, name: &str) -> usize {
        let normal = normalize(name);
        if normal.is_empty() {
            return 0;
        }
        let in_map = self.normal.contains(&normal);
        let is_exact = native_table::column_names().any(|column| column == name)
            || field_map::is_known_column(name)
            || self.exact.contains(name);
        let is_known =
            is_exact || NORMAL_COLUMNS.contains(&normal) || field_map::is_known_column(&normal);
        4 * usize::from(in_map) + usize::from(is_known) + usize::from(is_exact)
    }
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
