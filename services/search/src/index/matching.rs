//! Which products of a segment match, and how well.

use super::{
    cursor::{Cursor, Lengths, Met, Terms},
    dictionary::Dictionary,
    expand::Meaning,
    parameters::Parameters,
};
use std::ops::Range;
use tantivy::DocId;

/// How many words of its query a product must have.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Demand {
    All,
    /// Words that tell so much of all that they tell together, from 0 to 1.
    Most(f32),
}

/// A product that matches.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Match {
    pub(super) document: DocId,
    pub(super) score: f32,
    /// How many words it has only if they were mistyped.
    pub(super) typos: u8,
}

/// Some of the products of a segment, one behind the other.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Stretch {
    pub(super) segment: usize,
    pub(super) documents: Range<DocId>,
}

/// Hands every product of the stretch that matches to `each`, in their order in the segment.
pub(super) fn run(
    dictionary: &Dictionary<'_>,
    stretch: &Stretch,
    meanings: &[Meaning],
    terms: &[Terms],
    demand: Demand,
    parameters: &Parameters,
    each: impl FnMut(Match),
) -> tantivy::Result<()> {
    let lengths = Lengths::new(dictionary, stretch.segment, parameters);
    let mut cursors = Vec::with_capacity(meanings.len());
    // Where not all words are demanded, each leads.
    let rarest = match demand {
        Demand::All => meanings.iter().map(|meaning| meaning.products).min().unwrap_or(0),
        Demand::Most(_) => u64::MAX,
    };
    for (meaning, terms) in meanings.iter().zip(terms) {
        let cursor = Cursor::open(dictionary, stretch, meaning, terms, &lengths, rarest)?;
        cursors.push((cursor, meaning.weight));
    }
    match demand {
        Demand::All => all(cursors, stretch.documents.end, &lengths, each),
        Demand::Most(part) => {
            most(cursors, part, stretch.documents.end, &lengths, parameters, each);
        }
    }
    Ok(())
}

fn all(
    mut cursors: Vec<(Cursor, f32)>,
    end: DocId,
    lengths: &Lengths,
    mut each: impl FnMut(Match),
) {
    if let [_] = cursors[..]
        && let Some((only, _)) = cursors.pop()
    {
        only.for_each(end, lengths, |document, met| {
            let (score, typos) = add((0.0, 0), met);
            each(Match { document, score, typos });
        });
        return;
    }
    // The rarest leads; the others are only asked.
    cursors.sort_by_key(|(cursor, _)| cursor.cost());
    let Some(((first, _), others)) = cursors.split_first_mut() else { return };
    let mut document = first.document();
    'next: while document < end {
        for (other, _) in others.iter_mut() {
            let at = other.seek(document);
            if at >= end {
                return;
            }
            if at > document {
                document = first.seek(at);
                continue 'next;
            }
        }
        let met = others.iter_mut().map(|(other, _)| other.met(lengths));
        let (score, typos) = met.fold(add((0.0, 0), first.met(lengths)), add);
        each(Match { document, score, typos });
        document = first.seek(document + 1);
    }
}

fn most(
    mut cursors: Vec<(Cursor, f32)>,
    part: f32,
    end: DocId,
    lengths: &Lengths,
    parameters: &Parameters,
    mut each: impl FnMut(Match),
) {
    let total: f32 = cursors.iter().map(|(_, weight)| weight).sum();
    let demanded = total * part;
    // The words that tell least, which together do not reach what is demanded, lead nowhere.
    cursors.sort_by(|(_, a), (_, b)| a.total_cmp(b));
    let mut told = 0.0;
    let asked = cursors.iter().take_while(|(_, weight)| {
        told += weight;
        told < demanded
    });
    let asked = asked.count();
    let (asked, leading) = cursors.split_at_mut(asked);
    loop {
        let document = leading.iter().map(|(cursor, _)| cursor.document()).min();
        let Some(document) = document.filter(|it| *it < end) else { return };
        let mut told = 0.0;
        let mut sum = (0.0, 0);
        for (cursor, weight) in leading.iter_mut() {
            if cursor.document() == document {
                sum = add(sum, cursor.met(lengths));
                told += *weight;
                cursor.seek(document + 1);
            }
        }
        for (cursor, weight) in asked.iter_mut() {
            if cursor.seek(document) == document {
                sum = add(sum, cursor.met(lengths));
                told += *weight;
            }
        }
        if told + f32::EPSILON * total >= demanded {
            let (score, _) = sum;
            let score = score * (told / total).powf(parameters.coordination);
            each(Match { document, score, typos: 0 });
        }
    }
}

fn add((score, typos): (f32, u8), met: Met) -> (f32, u8) {
    (score + met.score, typos.saturating_add(u8::from(met.typo)))
}
