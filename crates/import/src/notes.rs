//! Oddities that were met while reading, by kind, with the first example of each.

use crate::values::identifier::shown;

/// Notes on a source, in the order of their first examples.
#[derive(Debug, Default)]
pub(crate) struct Notes(Vec<Note>);

#[derive(Debug)]
struct Note {
    kind: Kind,
    count: u64,
    example: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    ForeignId,
    RepeatedKey,
    DiffersInCase,
    OtherName,
    Nameless,
}

impl Notes {
    pub(crate) fn foreign_id(&mut self, line: i64, id: &str, letter: char) {
        let example = || format!("line {line}: {id:?} has {}", shown(letter));
        self.add(Kind::ForeignId, example);
    }

    pub(crate) fn repeated_key(&mut self, line: i64, key: &str, first: i64) {
        self.add(Kind::RepeatedKey, || format!("lines {first} and {line}: {key:?}"));
    }

    pub(crate) fn differs_in_case(&mut self, line: i64, key: &str, first: i64) {
        self.add(Kind::DiffersInCase, || format!("lines {first} and {line}: {key:?}"));
    }

    pub(crate) fn other_name(&mut self, line: i64, name: &str, first: i64) {
        self.add(Kind::OtherName, || format!("line {line}: {name:?}, first row on line {first}"));
    }

    pub(crate) fn nameless(&mut self, line: i64, column: usize) {
        self.add(Kind::Nameless, || format!("line {line}, column {column}"));
    }

    fn add(&mut self, kind: Kind, example: impl Fn() -> String) {
        match self.0.iter_mut().find(|note| note.kind == kind) {
            Some(note) => note.count += 1,
            None => self.0.push(Note { kind, count: 1, example: example() }),
        }
    }

    /// The notes as sentences.
    pub(crate) fn sentences(&self) -> impl Iterator<Item = String> {
        self.0.iter().map(|Note { kind, count, example }| {
            let what = match kind {
                Kind::ForeignId => {
                    "rows have an id with letters that an id cannot have: it was kept as external id"
                }
                Kind::RepeatedKey => {
                    "rows have the id of an earlier row, and the later one was taken"
                }
                Kind::DiffersInCase => {
                    "rows have an id that differs from another one in case only: both are products"
                }
                Kind::OtherName => {
                    "rows have another name than the first row of their product, whose name was taken"
                }
                Kind::Nameless => "rows have a value in a column without a name, which was ignored",
            };
            format!("{count} {what} ({example})")
        })
    }
}
