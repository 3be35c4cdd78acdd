//! Sets of judged queries: `queries.tsv` and `qrels.tsv`.

use std::{collections::HashMap, fs, path::Path};

use anyhow::{Context as _, Result};

/// A query with the grades of its judged products.
#[derive(Clone, Debug, Default)]
pub struct Judged {
    pub id: String,
    pub class: String,
    pub query: String,
    /// How the query was made: its base, its target or its rule.
    pub note: String,
    /// From 1 to 3, by product.
    pub grades: HashMap<String, u32>,
}

impl Judged {
    /// Base that the query was made from. Queries of one base say the same in other words or with typing errors, so
    /// that they give no evidence about unseen queries.
    #[must_use]
    pub fn base(&self) -> &str {
        let first = self.note.split(" | ").next().unwrap_or_default();
        if let Some(base) = first.strip_prefix("base ") {
            return base;
        }
        match self.class.as_str() {
            "attribute" => first,
            "variant" | "code" => self.note.split_once(": ").map_or(&self.query, |(_, base)| base),
            _ if self.note.bytes().any(|it| it.is_ascii_alphabetic()) => &self.note,
            _ => &self.query,
        }
    }
}

/// Reads the judged queries of a folder, without queries that no product is relevant for.
///
/// # Errors
/// A file cannot be read.
pub fn read(folder: &Path) -> Result<Vec<Judged>> {
    let read = |name: &str| {
        let file = folder.join(name);
        fs::read_to_string(&file).with_context(|| format!("reading {}", file.display()))
    };
    let mut grades: HashMap<String, HashMap<String, u32>> = HashMap::new();
    for line in read("qrels.tsv")?.lines() {
        if let [query, product, grade] = line.split('\t').collect::<Vec<_>>()[..]
            && let Ok(grade) = grade.parse()
        {
            grades.entry(query.to_owned()).or_default().insert(product.to_owned(), grade);
        }
    }
    let text = read("queries.tsv")?;
    let lines = text.lines().skip(1).map(|line| line.split('\t').collect::<Vec<_>>());
    let judged = lines.filter(|cells| cells.len() >= 3 && cells[1] != "human_none");
    let judged = judged.map(|cells| Judged {
        id: cells[0].to_owned(),
        class: cells[1].to_owned(),
        query: cells[2].to_owned(),
        note: cells.get(3).copied().unwrap_or_default().to_owned(),
        grades: grades.remove(cells[0]).unwrap_or_default(),
    });
    Ok(judged.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn related_queries_have_one_base() {
        for (class, query, note, base) in [
            ("price", "tv <= 40 usd", "base television | television | <= 40 USD", "television"),
            ("human", "adapter", "", "adapter"),
            ("human_typo", "adspter", "adapter", "adapter"),
            ("known", "van 1000 pieces", "79013980", "van 1000 pieces"),
            ("variant", "hp printers", "plural: hp printer", "hp printer"),
            ("attribute", "8m fibre", "Cables > Fibre | C2G | 8m", "Cables > Fibre"),
        ] {
            let judged = Judged {
                class: class.to_owned(),
                query: query.to_owned(),
                note: note.to_owned(),
                ..Judged::default()
            };
            assert_eq!(judged.base(), base, "{query}");
        }
    }
}
