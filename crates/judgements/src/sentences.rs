//! Sentences: 150 needs in plain words, graded by rules over the products.
//!
//! Queries and rules were written for this repository, before any result for them had been seen. A rule is a line of
//! `sentences.tsv`, by columns: the query; categories, any of which it may be in; words of the name, `a b/c` for `a`
//! and `b`, or `c`; and tests of attributes, `a=1&b>=2|c=x/y` for the first two or the last. A product that passes all
//! has grade 3, one that passes all but the tests of attributes grade 1.

use std::collections::HashMap;

use proto::catalogue::v1::{Product, attribute::Value};

use crate::Judged;

/// The lines, with a head.
const RULES: &str = include_str!("sentences.tsv");

/// Name of the class.
pub const SENTENCES: &str = "sentences";

/// Grades the products for each sentence.
#[must_use]
pub fn sentences(products: &[Product]) -> Vec<Judged> {
    let rules = RULES.lines().skip(1).enumerate();
    rules.map(|(at, line)| judged(at, &Rule::parse(line), products)).collect()
}

fn judged(at: usize, rule: &Rule<'_>, products: &[Product]) -> Judged {
    let grades = products.iter().filter_map(|it| Some((it.id.clone(), rule.grade(it)?)));
    Judged {
        id: format!("sentence-{}", at + 1),
        class: SENTENCES.to_owned(),
        query: rule.query.to_owned(),
        note: format!("base {}", rule.query),
        grades: grades.collect::<HashMap<_, _>>(),
    }
}

struct Rule<'a> {
    query: &'a str,
    categories: &'a str,
    name: &'a str,
    attributes: &'a str,
}

impl<'a> Rule<'a> {
    fn parse(line: &'a str) -> Self {
        let mut cells = line.split('\t');
        let mut next = || cells.next().unwrap_or_default();
        Self { query: next(), categories: next(), name: next(), attributes: next() }
    }

    fn grade(&self, product: &Product) -> Option<u32> {
        let mut categories = product.category_paths.iter().flat_map(|path| &path.names);
        let is_in = self.categories.is_empty()
            || categories.any(|name| self.categories.split('|').any(|it| it == name));
        let name = product.name.to_lowercase();
        let has_all = |words: &str| words.split(' ').all(|word| name.contains(word));
        let is_named = self.name.is_empty() || self.name.split('/').any(has_all);
        let passes = |tests: &str| tests.split('&').all(|it| passes(product, &name, it));
        let has_attributes = self.attributes.is_empty() || self.attributes.split('|').any(passes);
        (is_in && is_named).then_some(if has_attributes { 3 } else { 1 })
    }
}

/// Whether a product passes a test such as `price<=40`, `cable_length=2..3` or `colour=red/blue`.
fn passes(product: &Product, name: &str, test: &str) -> bool {
    let Some((field, value)) = test.split_once('=') else { return false };
    let (field, at_least, at_most) = match (field.strip_suffix('>'), field.strip_suffix('<')) {
        (Some(field), _) => (field, number(value), f64::INFINITY),
        (_, Some(field)) => (field, f64::NEG_INFINITY, number(value)),
        _ => match value.split_once("..") {
            Some((low, high)) => (field, number(low), number(high)),
            None => return is_any_of(product, name, field, value),
        },
    };
    let found = match field {
        "price" => product.price.as_ref().map(|it| it.units as f64 + f64::from(it.nanos) / 1e9),
        _ => product.attributes.iter().find(|it| it.name == field).and_then(|it| match &it.value {
            Some(Value::Number(number)) => Some(*number),
            Some(Value::Text(text)) => text.parse().ok(),
            _ => None,
        }),
    };
    found.is_some_and(|it| (at_least..=at_most).contains(&it))
}

fn is_any_of(product: &Product, name: &str, field: &str, values: &str) -> bool {
    let mut values = values.split('/');
    if field == "name" {
        return values.any(|it| name.contains(it));
    }
    if field == "category" {
        let mut names = product.category_paths.iter().flat_map(|path| &path.names);
        return values.any(|it| names.any(|name| name == it));
    }
    let value = product.attributes.iter().find(|it| it.name == field);
    match value.and_then(|it| it.value.as_ref()) {
        Some(Value::Text(text)) => values.any(|it| text.to_lowercase().contains(it)),
        Some(Value::Number(found)) => values.any(|it| number(it) == *found),
        Some(Value::Flag(flag)) => values.any(|it| it == flag.to_string()),
        None => false,
    }
}

fn number(text: &str) -> f64 {
    text.parse().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use proto::catalogue::v1::{Attribute, CategoryPath};

    use super::*;

    #[test]
    fn rules_grade_products() {
        let rule = Rule::parse(
            "blue cable 3 m\tCables\tpatch cable/lead\tlength=2.9..3.1&colour=blue/navy",
        );
        let product = |name: &str, length: f64| Product {
            name: name.to_owned(),
            category_paths: vec![CategoryPath {
                names: vec!["Cables".to_owned()],
                ..Default::default()
            }],
            attributes: vec![
                Attribute {
                    name: "length".to_owned(),
                    value: Some(Value::Number(length)),
                    ..Attribute::default()
                },
                Attribute {
                    name: "colour".to_owned(),
                    value: Some(Value::Text("Navy".to_owned())),
                    ..Attribute::default()
                },
            ],
            ..Product::default()
        };
        assert_eq!(rule.grade(&product("Patch-Cable", 3.0)), Some(3));
        assert_eq!(rule.grade(&product("Lead", 2.0)), Some(1));
        assert_eq!(rule.grade(&product("Patch", 3.0)), None);
    }

    #[test]
    fn all_lines_are_rules() {
        assert_eq!(sentences(&[]).len(), 150);
        for line in RULES.lines().skip(1) {
            let rule = Rule::parse(line);
            let is_rule = !(rule.categories.is_empty() && rule.name.is_empty());
            let tests = rule.attributes.split(['|', '&']).filter(|it| !it.is_empty());
            assert!(is_rule && tests.clone().all(|it| it.contains('=')), "{line}");
        }
    }
}
