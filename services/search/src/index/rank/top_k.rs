//! The best matches: of one range, and merged over all ranges.

use std::{
    cmp::Ordering,
    collections::{BTreeMap, BinaryHeap},
    sync::atomic::{AtomicU64, Ordering::Relaxed},
};

use tantivy::columnar::StrColumn;

use super::sort_columns::{MAX_KEYS, SortColumn, SortColumns, SortValues, texts};
use crate::index::scan::Match;

/// A sort value. An ordinal is comparable only within its segment, a text everywhere.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum SortValue {
    Number(u64),
    Text(Vec<u8>),
}

/// A match with its sort values.
#[derive(Clone, Debug)]
pub(crate) struct RankedDoc {
    pub(super) values: Vec<SortValue>,
    pub(crate) segment: usize,
    pub(crate) found: Match,
}

/// Collects the best matches of one range.
pub(crate) struct TopK<'t> {
    limit: usize,
    columns: Vec<SortColumn>,
    /// The worst on top.
    heap: BinaryHeap<HeapEntry>,
    /// Sort values of the worst match, once the heap is full.
    worst: Option<SortValues>,
    /// Absent if the first sort value is an ordinal, which other segments cannot compare.
    threshold: Option<&'t SharedThreshold>,
}

/// The first sort value above which a match is not among the best of the whole index. Shared by all
/// ranges of a search.
pub(crate) struct SharedThreshold(AtomicU64);

impl Default for SharedThreshold {
    fn default() -> Self {
        Self(AtomicU64::new(u64::MAX))
    }
}

struct HeapEntry {
    values: SortValues,
    found: Match,
}

impl<'t> TopK<'t> {
    pub(crate) fn new(
        SortColumns(columns): SortColumns,
        limit: usize,
        threshold: &'t SharedThreshold,
    ) -> Self {
        let is_number = !matches!(columns.first(), Some(SortColumn::Text(_)) | None);
        let threshold = is_number.then_some(threshold);
        Self { limit, columns, heap: BinaryHeap::new(), worst: None, threshold }
    }

    pub(crate) fn add(&mut self, found: Match) {
        // The first sort value alone rejects most matches.
        let first = self.columns.first().map_or(0, |column| column.value(found));
        let worst_first = self.worst.as_ref().map_or(u64::MAX, |worst| worst[0]);
        let threshold = self.threshold.map_or(u64::MAX, |it| it.0.load(Relaxed));
        if first > worst_first.min(threshold) {
            return;
        }
        let mut values = [0; MAX_KEYS];
        let mut is_better = self.worst.is_none();
        for (at, column) in self.columns.iter().enumerate() {
            values[at] = if at == 0 { first } else { column.value(found) };
            if let Some(worst) = &self.worst
                && !is_better
            {
                match values[at].cmp(&worst[at]) {
                    Ordering::Greater => return,
                    Ordering::Less => is_better = true,
                    Ordering::Equal => {}
                }
            }
        }
        if !is_better {
            return;
        }
        if self.heap.len() < self.limit {
            self.heap.push(HeapEntry { values, found });
        } else if let Some(mut worst) = self.heap.peek_mut() {
            *worst = HeapEntry { values, found };
        }
        if self.heap.len() == self.limit {
            self.worst = self.heap.peek().map(|worst| worst.values);
            if let (Some(threshold), Some(worst)) = (self.threshold, &self.worst) {
                threshold.0.fetch_min(worst[0], Relaxed);
            }
        }
    }

    /// Adds the matches to the matches of other ranges, in no order.
    pub(crate) fn merge_into(self, segment: usize, merged: &mut MergedTopK) {
        merged.is_comparable = self.threshold.is_some();
        merged.keys = self.columns.len();
        merged.found.extend(self.heap.into_iter().map(|entry| (segment, entry)));
        let texts = self.columns.into_iter().map(|column| match column {
            SortColumn::Text(column) => column,
            _ => None,
        });
        merged.texts.0.insert(segment, texts.collect());
    }
}

/// The best matches of all ranges.
#[derive(Default)]
pub(crate) struct MergedTopK {
    found: Vec<(usize, HeapEntry)>,
    /// Number of sort values of each.
    keys: usize,
    /// Whether the first sort value is comparable across segments.
    is_comparable: bool,
    texts: TextSorter,
}

/// Sorts by values that may be ordinals of texts. Holds their columns by segment.
#[derive(Default)]
pub(crate) struct TextSorter(BTreeMap<usize, Vec<Option<StrColumn>>>);

impl MergedTopK {
    /// Returns the best matches in order, and the sorter to restore it after scores have changed.
    pub(crate) fn into_sorted(
        mut self,
        limit: usize,
    ) -> tantivy::Result<(Vec<RankedDoc>, TextSorter)> {
        if self.is_comparable && limit > 0 && self.found.len() > limit {
            let first = |(_, entry): &(usize, HeapEntry)| entry.values[0];
            let (_, last, _) = self.found.select_nth_unstable_by_key(limit - 1, first);
            let last = first(last);
            self.found.retain(|it| first(it) <= last);
        }
        let ranked = self.found.iter().map(|(segment, HeapEntry { values, found })| {
            let values = values[..self.keys].iter().map(|it| SortValue::Number(*it)).collect();
            RankedDoc { values, segment: *segment, found: *found }
        });
        let mut ranked: Vec<_> = ranked.collect();
        self.texts.sort(&mut ranked)?;
        ranked.truncate(limit);
        Ok((ranked, self.texts))
    }
}

impl TextSorter {
    /// Sorts matches. Ordinals are resolved to texts only where they decide between matches of
    /// different segments, because resolving costs more than everything else.
    pub(crate) fn sort(&self, ranked: &mut [RankedDoc]) -> tantivy::Result<()> {
        ranked.sort_unstable_by(|a, b| a.values.cmp(&b.values));
        let keys = ranked.first().map_or(0, |first| first.values.len());
        for at in 0..keys {
            let is_text = self.0.values().any(|columns| columns[at].is_some());
            if !is_text {
                continue;
            }
            let mut rest = &mut ranked[..];
            while let Some(first) = rest.first() {
                let before = first.values[..at].to_vec();
                let same = rest.iter().take_while(|it| it.values[..at] == before).count();
                let (group, others) = rest.split_at_mut(same);
                let is_elsewhere = |it: &RankedDoc| it.segment != group[0].segment;
                let is_resolved = |it: &RankedDoc| matches!(it.values[at], SortValue::Text(_));
                if group.iter().any(|it| is_elsewhere(it) || is_resolved(it)) {
                    self.resolve(at, group)?;
                    group.sort_unstable_by(|a, b| a.values.cmp(&b.values));
                }
                rest = others;
            }
        }
        Ok(())
    }

    /// Replaces the ordinals of one key by their texts.
    fn resolve(&self, at: usize, group: &mut [RankedDoc]) -> tantivy::Result<()> {
        for (segment, columns) in &self.0 {
            let Some(column) = &columns[at] else { continue };
            let ordinal = |it: &RankedDoc| match it.values[at] {
                SortValue::Number(ordinal) if it.segment == *segment => Some(ordinal),
                _ => None,
            };
            let texts = texts(column, group.iter().filter_map(ordinal))?;
            let here = group.iter_mut().filter(|it| ordinal(it).is_some());
            here.zip(texts).for_each(|(it, text)| it.values[at] = SortValue::Text(text));
        }
        Ok(())
    }
}

impl Ord for HeapEntry {
    fn cmp(&self, other: &Self) -> Ordering {
        let key = |it: &Self| (it.values, it.found.document);
        key(self).cmp(&key(other))
    }
}

impl PartialOrd for HeapEntry {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for HeapEntry {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for HeapEntry {}
