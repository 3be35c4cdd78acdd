//! Data sets of any size, derived from the real one.
//!
//! The first round is the real set. In further rounds each product has another id and price, other digits in
//! the codes of its name, model and description, and a generated word of two to four syllables after its
//! name. So vocabulary and codes grow with the set, and words are as frequent as in the real one.

use std::{
    fs::File,
    io::{BufRead as _, BufReader, BufWriter, Write as _},
    path::Path,
};

use anyhow::{Context as _, Result};
use flate2::read::MultiGzDecoder;
use serde_json::{Value, json};
use testkit::Random;

/// The real products.
pub(crate) struct Source {
    products: Vec<Value>,
}

impl Source {
    /// Reads a compressed file of JSON lines.
    ///
    /// # Errors
    /// The file cannot be read or parsed.
    pub(crate) fn read(file: &Path) -> Result<Self> {
        let opened = File::open(file).with_context(|| format!("reading {}", file.display()))?;
        let lines = BufReader::new(MultiGzDecoder::new(opened)).lines();
        let products = lines.map(|line| Ok(serde_json::from_str(&line?)?));
        Ok(Self { products: products.collect::<Result<_>>()? })
    }

    /// The product with this number.
    pub(crate) fn product(&self, number: usize) -> Value {
        let mut product = self.products[number % self.products.len()].clone();
        let round = number / self.products.len();
        if round > 0 {
            let mut random = Random::seeded(number as u64);
            let id = product["id"].as_str().unwrap_or_default().to_owned();
            product["id"] = json!(format!("{id}-{round}"));
            for field in ["name", "model", "description"] {
                let text = product[field].as_str().map(|text| shift_codes(text, round));
                product[field] = json!(text);
            }
            let name = product["name"].as_str().unwrap_or_default().to_owned();
            product["name"] = json!(format!("{name} {}", word(&mut random)));
            product["ean"] = json!([]);
            let price = product["price_minor"].as_i64().unwrap_or_default();
            product["price_minor"] = json!(price + random.below(5_000) as i64);
        }
        product
    }

    /// Writes `count` products as JSON lines. Returns the size in bytes.
    ///
    /// # Errors
    /// The file cannot be written.
    pub(crate) fn write(&self, file: &Path, count: usize) -> Result<u64> {
        let mut output = BufWriter::new(File::create(file)?);
        let mut bytes = 0;
        for number in 0..count {
            let line = serde_json::to_string(&self.product(number))?;
            writeln!(output, "{line}")?;
            bytes += line.len() as u64 + 1;
        }
        output.flush()?;
        Ok(bytes)
    }
}

/// Adds `round` to each digit of the codes in a text. Keeps plain numbers: sizes and counts repeat in a
/// larger shop too.
fn shift_codes(text: &str, round: usize) -> String {
    let is_code = |word: &str| {
        word.bytes().any(|it| it.is_ascii_digit())
            && word.bytes().any(|it| it.is_ascii_alphabetic())
            && word.len() > 4
    };
    let words = text.split(' ').map(|word| match is_code(word) {
        true => word
            .chars()
            .map(|it| match it.to_digit(10) {
                Some(digit) => {
                    char::from_digit((digit + round as u32) % 10, 10).expect("it is a digit")
                }
                None => it,
            })
            .collect(),
        false => word.to_owned(),
    });
    words.collect::<Vec<_>>().join(" ")
}

fn word(random: &mut Random) -> String {
    let pick =
        |random: &mut Random, from: &[&'static str]| from[random.below(from.len() as u64) as usize];
    let syllables = 2 + random.below(3);
    let mut word = String::new();
    for _ in 0..syllables {
        word.push_str(pick(random, &["b", "d", "f", "k", "l", "m", "n", "r", "s", "t", "v", "z"]));
        word.push_str(pick(random, &["a", "e", "i", "o", "u", "ar", "en", "is", "or"]));
    }
    word
}
