//! Which of two products comes first.

use super::{columns, matching::Match, schema::ID, settings::TieBreaker};
use std::{
    cmp::Ordering,
    collections::{BTreeMap, BinaryHeap},
    io,
    str::FromStr,
    sync::atomic::{AtomicU64, Ordering::Relaxed},
};
use tantivy::{
    DocId, SegmentReader, TantivyError,
    columnar::{Column, StrColumn},
};

/// What products are ordered by. Each order ends with the id, so that there is only one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum By {
    Relevance,
    Price,
    PriceDescending,
    Name,
    Newest,
    StockDescending,
    InStock,
    Popularity,
    Id,
}

impl FromStr for By {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        Ok(match name.split_whitespace().collect::<Vec<_>>()[..] {
            ["relevance"] => Self::Relevance,
            ["price"] => Self::Price,
            ["price", "desc"] => Self::PriceDescending,
            ["name"] => Self::Name,
            ["newest"] => Self::Newest,
            ["stock", "desc"] => Self::StockDescending,
            _ => {
                return Err(
                    "must be relevance, price, price desc, name, newest or stock desc, or \
                            several with commas between them"
                        .to_owned(),
                );
            }
        })
    }
}

impl From<TieBreaker> for By {
    fn from(it: TieBreaker) -> Self {
        match it {
            TieBreaker::InStock => Self::InStock,
            TieBreaker::Popularity => Self::Popularity,
            TieBreaker::Newest => Self::Newest,
            TieBreaker::Price => Self::Price,
            TieBreaker::PriceDescending => Self::PriceDescending,
        }
    }
}

/// The keys of an order, one behind the other, are not more than these: four that were asked for, five
/// that break ties, three of the id.
const MOST_KEYS: usize = 12;

/// Numbers that are ordered as the products are: the lower, the further up. Texts are numbers only
/// within a segment.
type Keys = [u64; MOST_KEYS];

/// One key; a number of a text is good for its segment only.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Key {
    Number(u64),
    Text(Vec<u8>),
}

/// A product that is one of the best.
#[derive(Clone, Debug)]
pub(super) struct Placed {
    pub(super) keys: Vec<Key>,
    pub(super) segment: usize,
    pub(super) found: Match,
}

/// The best products of one segment.
pub(super) struct Best<'b> {
    most: usize,
    keys: Vec<Source>,
    /// The worst on top.
    found: BinaryHeap<Entry>,
    /// What another product must be better than, as soon as there are enough of them.
    worst: Option<Keys>,
    /// The same for the first key, if it is a number that other segments have, too.
    bound: Option<&'b Bound>,
}

/// Above this first key no product of the whole index is among the best any more.
pub(super) struct Bound(AtomicU64);

impl Default for Bound {
    fn default() -> Self {
        Self(AtomicU64::new(u64::MAX))
    }
}

struct Entry {
    keys: Keys,
    found: Match,
}

/// The columns of a segment that an order is made of.
#[derive(Clone)]
pub(super) struct Sources(Vec<Source>);

/// Where a key comes from.
#[derive(Clone)]
enum Source {
    Relevance { coarse: bool },
    Ascending(Column<i64>),
    Descending(Column<i64>),
    Popularity(Column<f64>),
    InStock(Column<i64>),
    Number(Column<u64>),
    Text(Option<StrColumn>),
}

/// Returns the key of a score: what is mistyped less comes first, then the better score. `coarse`:
/// scores that hardly differ are equal, so that what breaks ties has something to break.
pub(super) fn relevance(score: f32, typos: u8, coarse: bool) -> u64 {
    // Scores are never negative, and then their bits order as they do.
    let bits = score.max(0.0).to_bits();
    let bits = if coarse { bits >> 18 << 18 } else { bits };
    u64::from(typos) << 32 | u64::from(!bits)
}

impl Sources {
    pub(super) fn open(order: &[By], segment: &SegmentReader) -> tantivy::Result<Self> {
        let columns = segment.fast_fields();
        let text = |name: &str| Ok::<_, TantivyError>(Source::Text(columns.str(name)?));
        let coarse = order.first() == Some(&By::Relevance) && order.len() > 2;
        let mut keys = Vec::with_capacity(MOST_KEYS);
        for by in order {
            let key = match by {
                By::Relevance => Source::Relevance { coarse },
                By::Price => Source::Ascending(columns.i64(columns::PRICE)?),
                By::PriceDescending => Source::Descending(columns.i64(columns::PRICE)?),
                By::Newest => Source::Descending(columns.i64(columns::CREATED)?),
                By::StockDescending => Source::Descending(columns.i64(columns::STOCK)?),
                By::InStock => Source::InStock(columns.i64(columns::STOCK)?),
                By::Popularity => Source::Popularity(columns.f64(columns::POPULARITY)?),
                By::Name => text(columns::NAME_ORDER)?,
                By::Id => {
                    for part in columns::ID_PARTS {
                        keys.push(Source::Number(columns.u64(part)?));
                    }
                    text(ID)?
                }
            };
            keys.push(key);
        }
        debug_assert!(keys.len() <= MOST_KEYS, "an order has too many keys");
        Ok(Self(keys))
    }
}

impl<'b> Best<'b> {
    pub(super) fn new(Sources(keys): Sources, most: usize, bound: &'b Bound) -> Self {
        let is_number = !matches!(keys.first(), Some(Source::Text(_)) | None);
        let bound = is_number.then_some(bound);
        Self { most, keys, found: BinaryHeap::new(), worst: None, bound }
    }

    pub(super) fn add(&mut self, found: Match) {
        // Most products are worse than the worst of the best by their first key alone.
        let first = self.keys.first().map_or(0, |source| source.key(found));
        let worst_first = self.worst.as_ref().map_or(u64::MAX, |worst| worst[0]);
        let bound = self.bound.map_or(u64::MAX, |bound| bound.0.load(Relaxed));
        if first > worst_first.min(bound) {
            return;
        }
        // The next ones are read only until it is clear that it is not among the best.
        let mut keys = [0; MOST_KEYS];
        let mut is_better = self.worst.is_none();
        for (at, source) in self.keys.iter().enumerate() {
            keys[at] = if at == 0 { first } else { source.key(found) };
            if let Some(worst) = &self.worst
                && !is_better
            {
                match keys[at].cmp(&worst[at]) {
                    Ordering::Greater => return,
                    Ordering::Less => is_better = true,
                    Ordering::Equal => {}
                }
            }
        }
        if !is_better {
            return;
        }
        if self.found.len() < self.most {
            self.found.push(Entry { keys, found });
        } else if let Some(mut worst) = self.found.peek_mut() {
            *worst = Entry { keys, found };
        }
        if self.found.len() == self.most {
            self.worst = self.found.peek().map(|worst| worst.keys);
            if let (Some(bound), Some(worst)) = (self.bound, &self.worst) {
                bound.0.fetch_min(worst[0], Relaxed);
            }
        }
    }

    /// Adds the best to those of other segments, in no order.
    pub(super) fn finish(self, segment: usize, all: &mut Gathered) {
        all.is_comparable = self.bound.is_some();
        all.keys = self.keys.len();
        all.found.extend(self.found.into_iter().map(|entry| (segment, entry)));
        let texts = self.keys.into_iter().map(|source| match source {
            Source::Text(column) => column,
            _ => None,
        });
        all.texts.0.insert(segment, texts.collect());
    }
}

/// The best products of all segments.
#[derive(Default)]
pub(super) struct Gathered {
    found: Vec<(usize, Entry)>,
    /// How many keys each has.
    keys: usize,
    /// Whether the first key means the same in all segments.
    is_comparable: bool,
    texts: TextKeys,
}

/// By segment: the columns of those keys that are numbers of texts.
#[derive(Default)]
pub(super) struct TextKeys(BTreeMap<usize, Vec<Option<StrColumn>>>);

impl Gathered {
    /// Puts them in order; returns the first of them, and what to put them in order again with
    /// should their scores change.
    pub(super) fn in_order(mut self, most: usize) -> tantivy::Result<(Vec<Placed>, TextKeys)> {
        if self.is_comparable && most > 0 && self.found.len() > most {
            let key = |(_, entry): &(usize, Entry)| entry.keys[0];
            let (_, last, _) = self.found.select_nth_unstable_by_key(most - 1, key);
            let last = key(last);
            self.found.retain(|it| key(it) <= last);
        }
        let placed = self.found.iter().map(|(segment, Entry { keys, found })| {
            let keys = keys[..self.keys].iter().map(|key| Key::Number(*key)).collect();
            Placed { keys, segment: *segment, found: *found }
        });
        let mut placed: Vec<_> = placed.collect();
        self.texts.sort(&mut placed)?;
        placed.truncate(most);
        Ok((placed, self.texts))
    }
}

impl TextKeys {
    /// Puts products in order. Numbers of texts are looked up only where they decide between
    /// products of different segments, as looking them up costs more than all else.
    pub(super) fn sort(&self, placed: &mut [Placed]) -> tantivy::Result<()> {
        placed.sort_unstable_by(|a, b| a.keys.cmp(&b.keys));
        let keys = placed.first().map_or(0, |first| first.keys.len());
        for at in 0..keys {
            let is_text = self.0.values().any(|columns| columns[at].is_some());
            if !is_text {
                continue;
            }
            let mut rest = &mut placed[..];
            while let Some(first) = rest.first() {
                let before = first.keys[..at].to_vec();
                let same = rest.iter().take_while(|it| it.keys[..at] == before).count();
                let (group, others) = rest.split_at_mut(same);
                let is_elsewhere = |it: &Placed| it.segment != group[0].segment;
                let is_known = |it: &Placed| matches!(it.keys[at], Key::Text(_));
                if group.iter().any(|it| is_elsewhere(it) || is_known(it)) {
                    look_up(&self.0, at, group)?;
                    group.sort_unstable_by(|a, b| a.keys.cmp(&b.keys));
                }
                rest = others;
            }
        }
        Ok(())
    }
}

/// Turns a key of some products from a number into its text.
fn look_up(
    columns: &BTreeMap<usize, Vec<Option<StrColumn>>>,
    at: usize,
    group: &mut [Placed],
) -> tantivy::Result<()> {
    for (segment, columns) in columns {
        let Some(column) = &columns[at] else { continue };
        let number = |it: &Placed| match it.keys[at] {
            Key::Number(number) if it.segment == *segment => Some(number),
            // Of another segment, or known already.
            _ => None,
        };
        let texts = texts(column, group.iter().filter_map(number))?;
        let here = group.iter_mut().filter(|it| number(it).is_some());
        here.zip(texts).for_each(|(it, text)| it.keys[at] = Key::Text(text));
    }
    Ok(())
}

impl Source {
    fn key(&self, found: Match) -> u64 {
        let document = found.document;
        match self {
            Self::Relevance { coarse } => relevance(found.score, found.typos, *coarse),
            // What has no price comes last, whichever way.
            Self::Ascending(column) => column.first(document).map_or(u64::MAX, tantivy::i64_to_u64),
            Self::Descending(column) => {
                column.first(document).map_or(u64::MAX, |it| !tantivy::i64_to_u64(it))
            }
            Self::Popularity(column) => {
                column.first(document).map_or(u64::MAX, |it| !tantivy::f64_to_u64(it))
            }
            Self::InStock(column) => u64::from(column.first(document).unwrap_or(0) <= 0),
            Self::Number(column) => column.first(document).unwrap_or(u64::MAX),
            Self::Text(column) => {
                let number = column.as_ref().and_then(|column| column.ords().first(document));
                number.unwrap_or(u64::MAX)
            }
        }
    }
}

/// Returns the texts behind numbers, in their order; for a number that is none, one that comes last.
fn texts(column: &StrColumn, numbers: impl Iterator<Item = u64>) -> io::Result<Vec<Vec<u8>>> {
    let numbers: Vec<_> = numbers.collect();
    let mut sorted = numbers.clone();
    sorted.sort_unstable();
    sorted.dedup();
    sorted.retain(|number| *number != u64::MAX);
    let mut names = Vec::with_capacity(sorted.len());
    column.dictionary().sorted_ords_to_term_cb(&sorted, |name| names.push(name.to_vec()))?;
    let text = |number: &u64| match sorted.binary_search(number) {
        Ok(at) => names.get(at).cloned().unwrap_or_default(),
        Err(_) => vec![u8::MAX],
    };
    Ok(numbers.iter().map(text).collect())
}

impl Ord for Entry {
    fn cmp(&self, other: &Self) -> Ordering {
        let key = |it: &Self| (it.keys, it.found.document);
        key(self).cmp(&key(other))
    }
}

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Entry {}

/// Whether a document is among some, sorted.
pub(super) fn is_among(documents: &[DocId], document: DocId) -> bool {
    !documents.is_empty() && documents.binary_search(&document).is_ok()
}
