//! The links to the other pages of a list.

use super::{
    super::{locale::Locale, messages::fill, query::ListingQuery, text},
    fetch::{Listing, MAX_RESULTS, PAGE_SIZE},
};

/// The pages that are linked beside the current one, on each side.
const BESIDE: u32 = 2;

#[derive(Default)]
pub(super) struct Pager {
    /// Empty for a list that fits on one page, and for one without numbers.
    pub(super) numbers: Vec<Number>,
    /// Empty on the first page.
    pub(super) first_href: String,
    /// Empty on the first page.
    pub(super) previous_href: String,
    /// Empty on the last page.
    pub(super) next_href: String,
    /// Says that the last page is not the end; empty if it is.
    pub(super) end_note: String,
}

pub(super) struct Number {
    /// Empty for a gap.
    pub(super) text: String,
    pub(super) label: String,
    pub(super) href: String,
    pub(super) is_current: bool,
}

impl Pager {
    pub(super) fn new(query: &ListingQuery, listing: &Listing, locale: Locale) -> Self {
        let first = query.with(|_| ());
        let is_first = query.page == 0 && query.after.is_empty();
        let first_href = if is_first { String::new() } else { first.href() };
        if !query.after.is_empty() || !listing.next_page_token.is_empty() {
            let next = Some(&listing.next_page_token).filter(|token| !token.is_empty());
            let next = next.map(|token| first.with(|query| query.after.clone_from(token)).href());
            return Self { first_href, next_href: next.unwrap_or_default(), ..Self::default() };
        }
        let total = listing.total.unwrap_or_default().max(0);
        let size = PAGE_SIZE.unsigned_abs();
        let count = total.min(MAX_RESULTS).unsigned_abs().div_ceil(size);
        let href = |page: u32| ListingQuery { page, ..first.clone() }.href();
        let is_cut = total > MAX_RESULTS && query.page + 1 >= count;
        let limit = text::grouped(MAX_RESULTS.unsigned_abs().into(), locale);
        Self {
            numbers: if count > 1 { numbers(query.page, count, href, locale) } else { Vec::new() },
            first_href,
            previous_href: match query.page {
                0 => String::new(),
                page => href(page.min(count).saturating_sub(1)),
            },
            next_href: if query.page + 1 < count { href(query.page + 1) } else { String::new() },
            end_note: match is_cut {
                true => fill(locale.messages().pages_end, &[&limit]),
                false => String::new(),
            },
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.numbers.is_empty() && self.first_href.is_empty() && self.next_href.is_empty()
    }
}

/// The first page, the last, and the pages around the current one, with gaps between.
fn numbers(current: u32, count: u32, href: impl Fn(u32) -> String, locale: Locale) -> Vec<Number> {
    let is_shown = |page: &u32| *page == 0 || page + 1 == count || page.abs_diff(current) <= BESIDE;
    let mut numbers = Vec::new();
    let mut before = None;
    for page in (0..count).filter(is_shown) {
        if before.is_some_and(|before| before + 1 < page) {
            let text = String::new();
            numbers.push(Number {
                text,
                label: String::new(),
                href: String::new(),
                is_current: false,
            });
        }
        before = Some(page);
        let text = text::grouped(u64::from(page) + 1, locale);
        numbers.push(Number {
            label: fill(locale.messages().page_number, &[&text]),
            text,
            href: href(page),
            is_current: page == current,
        });
    }
    numbers
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pager(page: u32, total: i32) -> Pager {
        let query = ListingQuery { search: "mug".into(), page, ..Default::default() };
        let listing = Listing { total: Some(total), ..Default::default() };
        Pager::new(&query, &listing, Locale::English)
    }

    fn texts(pager: &Pager) -> String {
        let text = |number: &Number| match (number.text.as_str(), number.is_current) {
            ("", _) => "…".to_owned(),
            (text, true) => format!("[{text}]"),
            (text, false) => text.to_owned(),
        };
        pager.numbers.iter().map(text).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn pages_have_numbers() {
        assert_eq!(texts(&pager(0, 19_406)), "[1] 2 3 … 417");
        assert_eq!(texts(&pager(7, 19_406)), "1 … 6 7 [8] 9 10 … 417");
        assert_eq!(texts(&pager(2, 100)), "1 2 [3] 4 5");
        assert!(pager(0, 24).is_empty() && pager(0, 0).is_empty());
    }

    #[test]
    fn last_page_says_where_pages_end() {
        let last = pager(416, 19_406);
        assert!(last.next_href.is_empty() && last.end_note.contains("10,000"), "{}", last.end_note);
        assert_eq!(last.previous_href, "/?q=mug&page=416");
        assert!(pager(4, 100).end_note.is_empty());
        assert_eq!(pager(9, 100).previous_href, "/?q=mug&page=5", "beyond the last");
        assert_eq!(pager(9, 100).first_href, "/?q=mug");
    }

    #[test]
    fn list_of_the_catalogue_has_tokens_instead() {
        let query = ListingQuery { after: "t".into(), ..Default::default() };
        let listing = Listing { next_page_token: "u+".into(), ..Default::default() };
        let pager = Pager::new(&query, &listing, Locale::English);
        assert_eq!((pager.first_href.as_str(), pager.next_href.as_str()), ("/", "/?after=u%2B"));
        assert!(pager.numbers.is_empty() && !pager.is_empty());
    }
}
