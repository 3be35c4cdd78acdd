//! The part of the page that depends on the list's parameters.

use std::collections::HashMap;

use super::{
    super::{
        card::Card,
        locale::Locale,
        messages::fill,
        query::{self, ListingQuery, Sort},
        text,
        tree::{Counts, Menu, Tree},
    },
    chips::{self, Chip},
    facets::{Choice, Choices, PriceChoice},
    fetch::Listing,
    pager::Pager,
};
use crate::problem::Problem;

/// The categories that an empty result offers.
const MAX_OFFERED: usize = 12;

pub(super) struct Results {
    /// The document's title.
    pub(super) title: String,
    pub(super) heading: String,
    /// The search text; empty without a search.
    pub(super) query: String,
    /// The category's name; empty for all categories.
    pub(super) category: String,
    /// The names and links of the category's ancestors.
    pub(super) above: Vec<(String, String)>,
    /// The number of products, as text.
    pub(super) amount: String,
    /// The heading and the category in one line, for screen readers.
    pub(super) summary: String,
    /// Notice of old or missing data; may be empty.
    pub(super) notice: String,
    /// The search as it was corrected; empty if it was not.
    pub(super) corrected: String,
    pub(super) dropped_words: Vec<String>,
    /// Notices of the understood parts that no product meets.
    pub(super) unmet: Vec<String>,
    pub(super) chips: Vec<Chip>,
    /// The number of filters that are chosen, as text; empty if there are none.
    pub(super) chosen: String,
    /// The link to the same search without filters.
    pub(super) plain_href: String,
    /// The link to the same search in all categories.
    pub(super) anywhere_href: String,
    pub(super) everything_href: String,
    pub(super) menu: Menu,
    pub(super) price: Option<PriceChoice>,
    pub(super) choices: Vec<Choice>,
    pub(super) orders: Vec<Order>,
    /// Whether the order compares prices in several currencies.
    pub(super) mixes_currencies: bool,
    pub(super) cards: Vec<Card>,
    pub(super) pager: Pager,
    /// Names and links of categories, for an empty result.
    pub(super) offered: Vec<(String, String)>,
}

pub(super) struct Order {
    pub(super) text: &'static str,
    pub(super) href: String,
    pub(super) is_chosen: bool,
}

impl Results {
    /// # Errors
    /// 404 for an unknown category without products.
    pub(super) fn new(
        query: &ListingQuery,
        listing: Listing,
        tree: &Tree,
        locale: Locale,
    ) -> Result<Self, Problem> {
        let total = listing.total.unwrap_or_default();
        let choices = Choices { query, facets: &listing.facets, total, locale };
        let of_facet;
        let tree = match tree.is_empty() {
            true => {
                of_facet = Tree::of_facet(choices.values("category"));
                &of_facet
            }
            false => tree,
        };
        let path = tree.path(&query.category_id);
        let is_unknown = path.is_empty() && !query.category_id.is_empty();
        if is_unknown && listing.products.is_empty() && !tree.is_empty() {
            return Err(query::no_such_category(&query.category_id));
        }
        let category = path.last().map_or(&query.category_id, |category| &category.name);
        let category = text::plain(category);
        let link = |category_id: &str| query.with(|it| category_id.clone_into(&mut it.category_id));
        let above = path.iter().take(path.len().saturating_sub(1));
        let words = Words::new(query, &listing, &category, locale);
        let chosen = chips::chosen(query, &category, locale);
        let understood = &listing.understood;
        let spans = understood.iter().filter_map(|span| chips::understood(span, query, locale));
        let count = chosen.len();
        let is_priced = matches!(query.sort, Sort::Price | Sort::PriceDescending);
        let counts = counts(&choices);
        let is_in_vain = counts.is_none() && listing.products.is_empty();
        Ok(Self {
            title: words.title,
            heading: words.heading,
            query: text::plain(&query.search),
            category,
            above: above.map(|it| (text::plain(&it.name), link(&it.id).href())).collect(),
            amount: words.amount,
            summary: words.summary,
            notice: listing.freshness.notice(locale).unwrap_or_default(),
            corrected: text::plain(&listing.corrected),
            dropped_words: listing.dropped_words.iter().map(|word| text::plain(word)).collect(),
            unmet: unmet(&listing, locale),
            chips: chosen.into_iter().chain(spans).collect(),
            chosen: if count == 0 { String::new() } else { text::grouped(count as u64, locale) },
            plain_href: query.without_choices().href(),
            anywhere_href: link("").without_choices().href(),
            everything_href: link("").href(),
            menu: menu(tree, query, counts.as_ref(), is_in_vain, locale),
            price: choices.price(),
            choices: choices.choices(&listing.products),
            orders: orders(query, &listing, locale),
            mixes_currencies: is_priced && choices.currencies().len() > 1,
            pager: Pager::new(query, &listing, locale),
            offered: offered(tree),
            cards: listing.products.into_iter().map(|it| Card::new(it, locale)).collect(),
        })
    }

    /// The words for a category without products.
    pub(super) fn nothing_in_category(&self, message: &str) -> String {
        fill(message, &[&self.category])
    }
}

fn category_href(category_id: &str) -> String {
    ListingQuery::of_category(category_id).href()
}

/// The products by category. `None` if the list is not counted.
/// Where nothing is found, categories lead to all that is in them.
fn menu(
    tree: &Tree,
    query: &ListingQuery,
    counts: Option<&Counts>,
    is_in_vain: bool,
    locale: Locale,
) -> Menu {
    let of_category = ListingQuery::of_category(&query.category_id);
    tree.menu(if is_in_vain { &of_category } else { query }, counts, locale)
}

/// The parts of the query that no product meets, in words.
fn unmet(listing: &Listing, locale: Locale) -> Vec<String> {
    let unmet = listing.understood.iter().filter(|span| span.unmet);
    let message = locale.messages().unmet;
    unmet.map(|span| fill(message, &[&text::plain(&span.span)])).collect()
}

/// The first categories of the shop, with their links.
fn offered(tree: &Tree) -> Vec<(String, String)> {
    let roots = tree.roots().take(MAX_OFFERED);
    roots.map(|it| (text::plain(&it.name), category_href(&it.id))).collect()
}

fn counts(choices: &Choices<'_>) -> Option<Counts> {
    let counts: HashMap<_, _> = choices
        .values("category")
        .iter()
        .map(|value| (value.value.clone(), value.count.max(0).unsigned_abs()))
        .collect();
    (!counts.is_empty()).then_some(counts)
}

/// The orders to choose from; none for a list that cannot be sorted.
fn orders(query: &ListingQuery, listing: &Listing, locale: Locale) -> Vec<Order> {
    let m = locale.messages();
    if listing.facets.is_empty() || listing.products.len() < 2 {
        return Vec::new();
    }
    let order = |sort: Sort| Order {
        text: match sort {
            Sort::Relevance => m.by_relevance,
            Sort::Price => m.by_price,
            Sort::PriceDescending => m.by_price_descending,
            Sort::Name => m.by_name,
            Sort::Newest => m.by_newest,
        },
        href: query.with(|query| query.sort = sort).href(),
        is_chosen: query.sort == sort,
    };
    Sort::ALL.into_iter().map(order).collect()
}

/// The list in words.
struct Words {
    title: String,
    heading: String,
    amount: String,
    summary: String,
}

impl Words {
    fn new(query: &ListingQuery, listing: &Listing, category: &str, locale: Locale) -> Self {
        let m = locale.messages();
        let search = text::plain(&query.search);
        let amount = match listing.total {
            Some(total) => text::products(total, locale),
            None if query.after.is_empty() => {
                let count = i32::try_from(listing.products.len()).unwrap_or(i32::MAX);
                fill(m.more_than, &[&text::products(count, locale)])
            }
            None => m.more_products.to_owned(),
        };
        let (title, heading) = match (search.as_str(), category) {
            ("", "") => (m.all_products.to_owned(), m.all_products.to_owned()),
            ("", category) => (category.to_owned(), category.to_owned()),
            (search, _) => {
                let heading = match listing.products.is_empty() && query.page == 0 {
                    true => fill(m.nothing_for, &[search]),
                    false => fill(m.results_for, &[&amount, search]),
                };
                (fill(m.quoted, &[search]), heading)
            }
        };
        let summary = if search.is_empty() { &amount } else { &heading };
        let summary = match category {
            "" => summary.clone(),
            category => fill(m.summary_in, &[summary, category]),
        };
        Self { title, heading, amount, summary }
    }
}
