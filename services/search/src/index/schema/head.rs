//! The head of a product: the kind of thing it is, by the noun of its title.
//!
//! `Laptop Lock` is a lock, and `Cable for Printers` a cable. A title is read up to the first word that introduces a
//! purpose, a feature or a measure; the last noun before it is the head. The category counts where the title names no
//! other thing: accessories lie among the things they are for.

use std::collections::{BTreeMap, HashSet};

use proto::catalogue::v1::Product;

use super::analysis::{
    Analysis, is_accessory, is_container, is_product_noun, may_be_same, measure_term, measurement,
    tokenize,
};

/// Words that introduce a purpose, a feature or a companion of the product.
const ENDINGS: [&str; 21] = [
    "fits",
    "by",
    "compatible",
    "featuring",
    "for",
    "from",
    "in",
    "including",
    "incl",
    "over",
    "of",
    "on",
    "supports",
    "using",
    "via",
    "w",
    "with",
    "without",
    "f",
    "per",
    "designed",
];

/// Words that a head may have before it in its term.
const MAX_MODIFIERS: usize = 2;

/// Words of a title that are read.
const MAX_WORDS: usize = 24;

/// The heads of a product, each alone and with up to two words before it.
#[derive(Debug, Default)]
pub(crate) struct Heads {
    pub(crate) certain: HashSet<String>,
    /// Heads of a title that contradicts its category, or of a product that only its attributes name.
    pub(crate) doubtful: HashSet<String>,
    /// The word for a product that nothing but its attributes names.
    pub(crate) unnamed: Option<String>,
}

/// Returns the heads of a product.
pub(crate) fn heads(analysis: &Analysis, product: &Product) -> Heads {
    let mut found = Heads::default();
    let categories = product.category_paths.iter().filter_map(|path| path.names.last());
    let categories: Vec<Vec<String>> = categories.flat_map(|name| kinds(analysis, name)).collect();
    let is_kind =
        |word: &str| categories.iter().any(|kind| kind.last().is_some_and(|it| it == word));
    let (title, has_object) = title(analysis, &product.name);
    let is_noun = |word: &String| is_product_noun(word) || is_kind(word);
    let accessory = title.iter().rposition(|word| is_accessory(word));
    let Some(head) = accessory.or_else(|| title.iter().rposition(is_noun)) else {
        // `FireWire for laptops` lies among laptops.
        if !has_object {
            categories.iter().for_each(|kind| add(kind, &mut found.certain));
            if let (true, Some(last)) = (categories.is_empty(), title.last()) {
                found.certain.insert(last.clone());
                found.unnamed = described(product);
                found.doubtful.extend(found.unnamed.clone());
            }
        }
        return found;
    };
    let mut named = HashSet::new();
    add(&title[..=head], &mut named);
    // One thing by two names: `notebook PC`, `toner cartridge`.
    if head > 0 && is_container(&title[head], &title[head - 1]) {
        add(&title[..head], &mut named);
    }
    let agrees = |kind: &[String]| {
        let is_named = |noun: &String| named.iter().any(|it| may_be_same(it, noun));
        let is_same = kind.last().is_some_and(is_named);
        is_same
            || matches!(kind, [.., before, last] if is_container(last, before) && is_named(before))
    };
    let agreeing: Vec<_> = categories.iter().filter(|kind| agrees(kind)).collect();
    // Accessories lie among the things they are for.
    if agreeing.is_empty() && !categories.is_empty() && accessory.is_none() {
        found.doubtful = named;
    } else {
        agreeing.into_iter().for_each(|kind| add(kind, &mut named));
        found.certain = named;
    }
    found
}

/// Returns the noun that most attributes begin with, if several do: `ssd_capacity`, `ssd_interface`.
fn described(product: &Product) -> Option<String> {
    let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
    for attribute in &product.attributes {
        let first = attribute.name.split('_').next().filter(|it| is_product_noun(it));
        first.into_iter().for_each(|noun| *counts.entry(noun).or_default() += 1);
    }
    let (noun, count) = counts.into_iter().max_by_key(|(_, count)| *count)?;
    (count > 1).then(|| noun.to_owned())
}

/// Returns the words of a title before its purpose, features or measures. Also returns whether a purpose follows.
fn title(analysis: &Analysis, name: &str) -> (Vec<String>, bool) {
    let mut words: Vec<String> = Vec::new();
    let mut end = 0;
    let mut has_noun = false;
    let mut has_object = false;
    let mut in_remark = false;
    let tokens = tokenize(name);
    for (at, token) in tokens.iter().enumerate().take(MAX_WORDS) {
        let gap = &name[end..token.range.start];
        end = token.range.end;
        // A remark in parentheses is not part of the name: `Hard Drive (Frame and Carrier) Enclosure`.
        in_remark = gap.contains(['(', '[']) || in_remark && !gap.contains([')', ']']);
        if in_remark {
            continue;
        }
        let is_end = ENDINGS.contains(&token.text.as_str())
            || gap.contains([',', ';', '|', ':'])
            || gap.contains(" - ");
        // The first measure begins a list of features.
        let measure = measurement(&tokens[at..]);
        let is_measure = measure_term(measure.as_ref().unwrap_or(&token.text)).is_some();
        if (is_end && !words.is_empty()) || (is_measure && has_noun) {
            // A title may begin with a number of pieces or a brand and a comma.
            has_object = matches!(token.text.as_str(), "for" | "fits");
            if has_noun || has_object || words.len() > 3 {
                break;
            }
            continue;
        }
        let word =
            if token.has_digits { token.text.clone() } else { analysis.normalise(&token.text) };
        has_noun |= is_product_noun(&word);
        words.push(word);
    }
    (words, has_object)
}

/// Returns the kinds that a category's name lists: `Camera bags & cases` are bags and cases.
pub(crate) fn kinds(analysis: &Analysis, category: &str) -> Vec<Vec<String>> {
    let parts = category.split(['&', ',', '/']).flat_map(|part| part.split(" and "));
    let words = parts.map(|part| {
        let tokens = tokenize(part).into_iter().map(|token| analysis.normalise(&token.text));
        tokens.collect::<Vec<_>>()
    });
    words.filter(|words| !words.is_empty()).collect()
}

/// Adds the last word, alone and with up to [`MAX_MODIFIERS`] words before it.
fn add(words: &[String], found: &mut HashSet<String>) {
    for length in 1..=(MAX_MODIFIERS + 1).min(words.len()) {
        found.insert(words[words.len() - length..].join(" "));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::schema::analysis::Language;
    use proto::catalogue::v1::CategoryPath;

    fn heads_of(name: &str, category: &str) -> HashSet<String> {
        let names = vec![category.to_owned()];
        let category_paths = vec![CategoryPath { names, ..CategoryPath::default() }];
        let product = Product { name: name.to_owned(), category_paths, ..Product::default() };
        heads(&Analysis::new(Language::English), &product).certain
    }

    #[test]
    fn a_title_says_what_a_product_is() {
        let is = |name: &str, category: &str, head: &str| {
            assert!(
                heads_of(name, category).contains(head),
                "{name}: {:?}",
                heads_of(name, category)
            );
        };
        let is_not = |name: &str, category: &str, head: &str| {
            assert!(
                !heads_of(name, category).contains(head),
                "{name}: {:?}",
                heads_of(name, category)
            );
        };
        is("Acme Laptop Lock", "Notebooks", "lock");
        is_not("Acme Laptop Lock", "Notebooks", "notebook");
        is("Acme 2510p Notebook PC 12 in", "Notebooks", "notebook");
        is("Acme X1 Silver 14 in 8 GB", "Notebooks", "notebook");
        is("Battery for Acme laptops", "Notebooks", "battery");
        is("Acme Magenta Toner Cartridge", "Toner cartridges", "toner");
        is("Acme Hard Drive 500GB", "Hard drives", "hard drive");
        is_not("Hard Drive Enclosure", "Hard drives", "hard drive");
        is("Stoneware Mug, Ember", "Mugs & cups", "mug");
        is_not("Stoneware Mug, Ember", "Garden", "mug");
    }
}
