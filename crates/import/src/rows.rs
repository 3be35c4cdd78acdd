//! Rows become products: consecutive rows of one product are one row of the import.
//!
//! **Invariant:** every source row is in exactly one [`ParsedRow`], as its own row, as one that is
//! grouped with it, or as a reject.

use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hash as _, Hasher as _},
};

use proto::catalogue::v1::ImportRow;

use crate::{
    field_map::{FieldMap, Mapped},
    group::{Group, MAX_ROWS, with_variant},
    native,
    notes::Notes,
    parsed_row::ParsedRow,
    row_error::RowError,
    source_row::SourceRow,
    value::Record,
};

/// Maps records, and groups them.
pub(crate) struct Mapper<'a> {
    map: &'a FieldMap,
    groups: bool,
    group: Option<Group>,
    /// The key and first line of the last product, if its first row was rejected.
    broken: Option<(String, i64)>,
    /// The key and first line of the last product, if it has as many rows as it may.
    full: Option<(String, i64)>,
    /// Digests of keys, and the lines on which they stood first.
    seen: HashMap<u64, Seen>,
    /// Ids by which rows name a product that has another key.
    aliases: HashMap<String, String>,
    pub(crate) notes: &'a mut Notes,
    emit: &'a mut dyn FnMut(ParsedRow) -> bool,
}

#[derive(Debug, Clone, Copy)]
struct Seen {
    line: i64,
    /// Digest of the key as it is written: keys are compared without regard to case.
    exact: u64,
}

impl<'a> Mapper<'a> {
    pub(crate) fn new(
        map: &'a FieldMap,
        notes: &'a mut Notes,
        emit: &'a mut dyn FnMut(ParsedRow) -> bool,
    ) -> Self {
        let groups = map.groups_rows();
        let (seen, aliases) = (HashMap::new(), HashMap::new());
        Self { map, groups, group: None, broken: None, full: None, seen, aliases, notes, emit }
    }

    /// Takes the next record; returns whether more are wanted.
    pub(crate) fn push(
        &mut self,
        line: i64,
        source_row: SourceRow,
        record: Result<Record, RowError>,
    ) -> bool {
        let mapped = record.map(|record| {
            let mut mapped = self.map.apply(&record).map_err(|error| {
                let key = self.map.key(&record).map(|key| self.resolved(key));
                (error, key)
            });
            if let Ok(mapped) = &mut mapped {
                self.resolve_alias(&record, mapped);
            }
            mapped
        });
        match mapped {
            Ok(Ok(mapped)) if self.groups => self.grouped(line, source_row, mapped),
            Ok(Ok(mapped)) => {
                self.note_key(line, &mapped);
                let key = mapped.key().map(str::to_owned);
                let row = native::row(line, with_variant(mapped));
                self.send(line, source_row, row, key)
            }
            Ok(Err((error, key))) => self.rejected(line, source_row, error, key),
            Err(error) => self.rejected(line, source_row, error, None),
        }
    }

    /// Sends the last product; returns whether more would be wanted.
    pub(crate) fn finish(&mut self) -> bool {
        match self.group.take() {
            Some(group) => (self.emit)(group.finish()),
            None => true,
        }
    }

    fn send(
        &mut self,
        line: i64,
        source_row: SourceRow,
        outcome: Result<ImportRow, RowError>,
        key: Option<String>,
    ) -> bool {
        let (source_rows, rejects) = (vec![(line, source_row)], Vec::new());
        (self.emit)(ParsedRow { line, last_line: line, source_rows, outcome, key, rejects })
    }

    fn rejected(
        &mut self,
        line: i64,
        source_row: SourceRow,
        error: RowError,
        key: Option<String>,
    ) -> bool {
        if let Some(group) = &mut self.group {
            let is_of_group = key.as_ref().is_none_or(|key| *key == group.key);
            if is_of_group && !group.is_full() {
                group.reject(line, source_row, error);
                return true;
            }
            self.full = is_of_group.then(|| (group.key.clone(), group.line));
        }
        if !self.finish() {
            return false;
        }
        // A row of another language leaves the product's own row as it is.
        if error.reason != "OTHER_LOCALE" {
            self.broken = key.clone().filter(|_| self.groups).map(|key| (key, line));
        }
        self.send(line, source_row, Err(error), key)
    }

    fn grouped(&mut self, line: i64, source_row: SourceRow, mapped: Mapped) -> bool {
        let key = mapped.key().map(str::to_owned);
        let continues = self
            .group
            .as_ref()
            .is_some_and(|group| key.as_ref().is_none_or(|key| *key == group.key));
        if continues && let Some(group) = &mut self.group {
            if !group.is_full() {
                group.add(line, source_row, mapped, self.notes);
                return true;
            }
            self.full = Some((group.key.clone(), group.line));
        }
        if !self.finish() {
            return false;
        }
        if let Some((full, first)) = &self.full
            && key.as_ref().is_none_or(|key| key == full)
        {
            let message = format!(
                "belongs to the product of line {first}, which has more than {MAX_ROWS} rows or 64 MiB: it has too \
                 many variants, or its id is not in the right column"
            );
            let (error, key) =
                (RowError::row("PRODUCT_TOO_LONG", message), key.or(Some(full.clone())));
            return self.send(line, source_row, Err(error), key);
        }
        self.full = None;
        let Some(key) = key else {
            let row = native::row(line, with_variant(mapped));
            return self.send(line, source_row, row, None);
        };
        if let Some((broken, first)) = &self.broken
            && *broken == key
        {
            let message = format!("belongs to the product of line {first}, which was rejected");
            let error = RowError::row("PRODUCT_REJECTED", message);
            return self.send(line, source_row, Err(error), Some(key));
        }
        self.broken = None;
        let known = self.note_key(line, &mapped);
        let is_continued = known && mapped.variant.is_some();
        let mut group = Group::new(key, line, is_continued);
        group.add(line, source_row, mapped, self.notes);
        self.group = Some(group);
        true
    }

    /// Notes problems of a key; returns whether it stood on an earlier line.
    fn note_key(&mut self, line: i64, mapped: &Mapped) -> bool {
        if let Some((id, letter)) = &mapped.foreign_id {
            self.notes.foreign_id(line, id, *letter);
        }
        let Some(key) = mapped.key() else { return false };
        let exact = digest(key);
        let entry = Seen { line, exact };
        match self.seen.insert(digest(&key.to_lowercase()), entry) {
            Some(before) if before.exact == exact => {
                if mapped.variant.is_none() {
                    self.notes.repeated_key(line, key, before.line);
                }
                true
            }
            Some(before) => {
                self.notes.differs_in_case(line, key, before.line);
                false
            }
            None => false,
        }
    }

    /// The key of a product that a row names by an alias.
    fn resolved(&self, key: String) -> String {
        self.aliases.get(&key).cloned().unwrap_or(key)
    }

    fn resolve_alias(&mut self, record: &Record, mapped: &mut Mapped) {
        let Some(rule) = &self.map.alias else { return };
        if let Some(key) = self.aliases.get(&mapped.product.external_id) {
            mapped.product.id.clone_from(key);
            mapped.product.external_id.clear();
            mapped.foreign_id = None;
        } else if let Some(alias) = rule.value(record)
            && let (Ok(Some(alias)), Some(key)) = (crate::convert::filled(&alias), mapped.key())
        {
            self.aliases.insert(format!("id:{alias}"), key.to_owned());
        }
    }
}

fn digest(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}
