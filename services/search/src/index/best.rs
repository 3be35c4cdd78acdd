//! The best results of a query and how many there are, in one pass.

use super::schema::ID;
use std::{
    cmp::Reverse,
    collections::{BTreeMap, BinaryHeap},
    io,
};
use tantivy::{
    DocAddress, DocId, Score, SegmentOrdinal, SegmentReader, TantivyError,
    collector::{Collector, SegmentCollector},
    columnar::StrColumn,
};

/// Collects results by score, equal ones by id.
///
/// Equal scores are common, and the order of documents changes as segments merge: without the id, a
/// product could be on two pages and another on none. Tantivy can order by a text too, but looks
/// up each one by itself, which takes a second for a page far down; this reads them in one sweep.
pub(super) struct Best {
    /// How many of the best to leave out.
    pub(super) offset: usize,
    /// How many to return then.
    pub(super) limit: usize,
}

/// Results, and how many there are in all.
#[derive(Default)]
pub(super) struct Ranking {
    pub(super) best: Vec<(Score, DocAddress)>,
    pub(super) total: usize,
}

/// Scores are never negative, and then their bits order as they do. Best first.
type Rank = Reverse<u32>;

/// Collects the results of one segment, where ids are still numbers in the order of the ids.
pub(super) struct SegmentBest {
    ids: StrColumn,
    segment: SegmentOrdinal,
    most: usize,
    /// The worst on top.
    best: BinaryHeap<(Rank, u64, DocId)>,
    total: usize,
}

/// The results of one segment.
pub(super) struct SegmentRanking {
    best: Vec<(Rank, Vec<u8>, DocAddress)>,
    total: usize,
}

impl Collector for Best {
    type Fruit = Ranking;
    type Child = SegmentBest;

    fn for_segment(
        &self,
        segment: SegmentOrdinal,
        reader: &SegmentReader,
    ) -> tantivy::Result<SegmentBest> {
        let ids = reader.fast_fields().str(ID)?;
        let missing = || TantivyError::SchemaError(format!("{ID} is not a fast text field"));
        Ok(SegmentBest {
            ids: ids.ok_or_else(missing)?,
            segment,
            most: self.offset + self.limit,
            best: BinaryHeap::new(),
            total: 0,
        })
    }

    fn requires_scoring(&self) -> bool {
        true
    }

    fn merge_fruits(
        &self,
        segments: Vec<tantivy::Result<SegmentRanking>>,
    ) -> tantivy::Result<Ranking> {
        let segments = segments.into_iter().collect::<tantivy::Result<Vec<_>>>()?;
        let total = segments.iter().map(|segment| segment.total).sum();
        let mut best: Vec<_> = segments.into_iter().flat_map(|segment| segment.best).collect();
        best.sort_unstable();
        let page = best.into_iter().skip(self.offset).take(self.limit);
        let page = page.map(|(Reverse(bits), _, address)| (Score::from_bits(bits), address));
        Ok(Ranking { best: page.collect(), total })
    }
}

impl SegmentCollector for SegmentBest {
    type Fruit = tantivy::Result<SegmentRanking>;

    fn collect(&mut self, document: DocId, score: Score) {
        self.total += 1;
        let id = self.ids.ords().first(document).unwrap_or_default();
        // `max` turns what is not a number into 0 as well.
        let result = (Reverse(score.max(0.0).to_bits()), id, document);
        if self.best.len() < self.most {
            self.best.push(result);
        } else if let Some(mut worst) = self.best.peek_mut()
            && result < *worst
        {
            *worst = result;
        }
    }

    fn harvest(self) -> Self::Fruit {
        let names = self.names()?;
        let best = self.best.iter().map(|(rank, id, document)| {
            let name = names.get(id).cloned().unwrap_or_default();
            (*rank, name, DocAddress::new(self.segment, *document))
        });
        Ok(SegmentRanking { best: best.collect(), total: self.total })
    }
}

impl SegmentBest {
    /// Returns the ids behind their numbers.
    fn names(&self) -> io::Result<BTreeMap<u64, Vec<u8>>> {
        let mut numbers: Vec<_> = self.best.iter().map(|(_, id, _)| *id).collect();
        numbers.sort_unstable();
        numbers.dedup();
        let mut names = Vec::with_capacity(numbers.len());
        self.ids.dictionary().sorted_ords_to_term_cb(&numbers, |name| names.push(name.to_vec()))?;
        Ok(numbers.into_iter().zip(names).collect())
    }
}
