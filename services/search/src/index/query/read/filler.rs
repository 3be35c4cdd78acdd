//! Filler: the words that make a sentence of a query and name nothing.

/// Words that name nothing in a sentence, sorted.
const FILLER: [&str; 62] = [
    "am",
    "any",
    "anything",
    "be",
    "best",
    "buy",
    "can",
    "could",
    "do",
    "does",
    "find",
    "get",
    "give",
    "good",
    "got",
    "has",
    "have",
    "help",
    "how",
    "i",
    "id",
    "im",
    "ive",
    "just",
    "let",
    "like",
    "looking",
    "me",
    "need",
    "needed",
    "our",
    "please",
    "really",
    "recommend",
    "require",
    "search",
    "searching",
    "sell",
    "should",
    "show",
    "so",
    "some",
    "someone",
    "something",
    "such",
    "thanks",
    "that",
    "there",
    "these",
    "thing",
    "things",
    "those",
    "use",
    "using",
    "want",
    "we",
    "what",
    "where",
    "which",
    "will",
    "would",
    "you",
];

/// Minimum number of words of a sentence. Shorter queries are names, of which every word counts.
const MIN_WORDS: usize = 3;

/// Whether a word names nothing, in a query of `words` words.
pub(super) fn is_filler(word: &str, words: usize) -> bool {
    let word = word.replace(['\'', '’'], "");
    words >= MIN_WORDS && FILLER.binary_search(&word.as_str()).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_have_filler() {
        assert!(FILLER.is_sorted());
        assert!(is_filler("i'm", 5) && !is_filler("kettle", 5) && !is_filler("use", 2));
    }
}
