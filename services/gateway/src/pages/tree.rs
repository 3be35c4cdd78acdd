//! The category tree, and the menu that shows it.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use askama::Template;
use proto::{
    catalogue::v1::{Category, ListCategoriesRequest},
    search::v1::FacetValue,
};

use super::{
    locale::Locale,
    messages::{Messages, fill},
    query::ListingQuery,
    text,
};
use crate::upstreams::Upstreams;

/// How long a tree is used before it is fetched again.
const MAX_AGE: Duration = Duration::from_secs(2);
/// How long a page waits for a new tree before it uses the old one.
const FETCH_TIMEOUT: Duration = Duration::from_secs(1);
/// The largest tree that is rendered completely; of a larger one only the open branches are.
const MAX_EXPANDED: usize = 400;
/// More levels than a tree has.
const MAX_DEPTH: usize = 32;
/// The most siblings that are shown.
const MAX_SIBLINGS: usize = 200;

/// The latest tree, shared by all pages.
#[derive(Clone, Default)]
pub(super) struct TreeCache(Arc<Mutex<Option<CachedTree>>>);

/// When the tree was last fetched, or could not be fetched, and the tree.
type CachedTree = (Instant, Arc<Tree>);

impl TreeCache {
    /// A tree at most a few seconds old. While the catalogue is unavailable, the latest one, or an empty
    /// one: a page without a menu is better than none.
    ///
    /// Every visitor gets the tree that anonymous ones see, because they share it.
    pub(super) async fn get(&self, upstreams: &Upstreams) -> Arc<Tree> {
        let cached = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((fetched, tree)) = &cached
            && fetched.elapsed() < MAX_AGE
        {
            return tree.clone();
        }
        let mut categories = upstreams.clone().anonymous().categories();
        let response = categories.list_categories(ListCategoriesRequest::default());
        let tree = match tokio::time::timeout(FETCH_TIMEOUT, response).await {
            Ok(Ok(response)) => Arc::new(Tree::new(response.into_inner().categories)),
            _ => cached.map(|(_, tree)| tree).unwrap_or_default(),
        };
        let fetched = (Instant::now(), tree.clone());
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(fetched);
        tree
    }
}

/// Categories with indexes by id and by parent.
#[derive(Default)]
pub(super) struct Tree {
    categories: Vec<Category>,
    by_id: HashMap<String, usize>,
    roots: Vec<usize>,
    children: HashMap<usize, Vec<usize>>,
}

impl Tree {
    /// Builds the tree of categories that are sorted with parents before their children. A category
    /// with an unknown parent is a root.
    pub(super) fn new(categories: Vec<Category>) -> Self {
        let mut tree = Self::default();
        for (index, category) in categories.iter().enumerate() {
            match tree.by_id.get(&category.parent_id) {
                Some(parent) => tree.children.entry(*parent).or_default().push(index),
                None => tree.roots.push(index),
            }
            tree.by_id.insert(category.id.clone(), index);
        }
        tree.categories = categories;
        tree
    }

    /// The tree of a list's facet of categories, for when the catalogue's cannot be had.
    pub(super) fn of_facet(values: &[FacetValue]) -> Self {
        let category = |value: &FacetValue| Category {
            id: value.value.clone(),
            name: value.label.clone(),
            parent_id: value.parent.clone(),
            ..Category::default()
        };
        let mut waiting: Vec<Category> = values.iter().map(category).collect();
        let mut sorted: Vec<Category> = Vec::with_capacity(waiting.len());
        // Parents first. The values left at the end have a parent that is no value of the facet.
        for _ in 0..MAX_DEPTH {
            let ids: HashSet<&str> = waiting.iter().map(|category| category.id.as_str()).collect();
            let is_below: Vec<bool> =
                waiting.iter().map(|it| ids.contains(it.parent_id.as_str())).collect();
            let mut is_below = is_below.into_iter();
            sorted.extend(waiting.extract_if(.., |_| !is_below.next().unwrap_or_default()));
        }
        sorted.extend(waiting);
        Self::new(sorted)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.categories.is_empty()
    }

    pub(super) fn get(&self, id: &str) -> Option<&Category> {
        self.by_id.get(id).map(|index| &self.categories[*index])
    }

    /// The categories from the root to this one; empty if it is unknown.
    pub(super) fn path(&self, id: &str) -> Vec<&Category> {
        let mut path = Vec::new();
        let mut next = self.get(id);
        // The limit ends the loop even if parents form a cycle.
        while let Some(category) = next.filter(|_| path.len() < MAX_DEPTH) {
            path.push(category);
            next = self.get(&category.parent_id);
        }
        path.reverse();
        path
    }

    /// The categories without a parent.
    pub(super) fn roots(&self) -> impl Iterator<Item = &Category> {
        self.roots.iter().map(|index| &self.categories[*index])
    }

    /// The menu of a list: the way to its category, and the categories below it. With `counts`, the number of the
    /// list's products by category, without categories that have none.
    pub(super) fn menu(
        &self,
        query: &ListingQuery,
        counts: Option<&Counts>,
        locale: Locale,
    ) -> Menu {
        let path = self.path(&query.category_id);
        let path: Vec<&str> = path.iter().map(|category| category.id.as_str()).collect();
        Branch { tree: self, path: &path, query, counts, locale }.level(&self.roots)
    }
}

/// The number of products by the category's id.
pub(super) type Counts = HashMap<String, u64>;

/// The state that the levels of one menu share.
struct Branch<'a> {
    tree: &'a Tree,
    /// The ids from the root to the list's category.
    path: &'a [&'a str],
    query: &'a ListingQuery,
    counts: Option<&'a Counts>,
    locale: Locale,
}

impl Branch<'_> {
    fn level(&self, siblings: &[usize]) -> Menu {
        let ids = siblings.iter().map(|index| (*index, self.tree.categories[*index].id.as_str()));
        let ids: Vec<_> = ids.collect();
        let is_above = ids.iter().any(|(_, id)| self.path.contains(id));
        let is_shown = |id: &str| match self.counts {
            _ if self.path.contains(&id) => true,
            // Beside the way to the category are others, which the list does not count.
            _ if is_above && self.counts.is_some() => false,
            Some(counts) => counts.contains_key(id),
            None => true,
        };
        let shown: Vec<_> = ids.into_iter().filter(|(_, id)| is_shown(id)).collect();
        let nodes = shown.iter().take(MAX_SIBLINGS).map(|(index, _)| self.node(*index));
        Menu {
            nodes: nodes.collect(),
            more: shown.len().saturating_sub(MAX_SIBLINGS),
            m: self.locale.messages(),
        }
    }

    fn node(&self, index: usize) -> Node {
        let category = &self.tree.categories[index];
        let id = category.id.as_str();
        let is_open = self.path.contains(&id);
        let children = self.tree.children.get(&index).map_or(&[][..], Vec::as_slice);
        let is_rendered = is_open || self.tree.categories.len() <= MAX_EXPANDED;
        let count = match self.counts {
            Some(counts) => counts.get(id).copied().unwrap_or_default(),
            None => category.product_count.max(0).unsigned_abs().into(),
        };
        Node {
            name: text::plain(&category.name),
            href: self.query.with(|query| id.clone_into(&mut query.category_id)).href(),
            count: text::grouped(count, self.locale),
            is_selected: self.path.last() == Some(&id),
            is_open,
            children: self.level(if is_rendered { children } else { &[] }),
        }
    }
}

/// One level of the menu, in a separate template, because templates cannot recurse.
#[derive(Template)]
#[template(path = "menu.html")]
pub(super) struct Menu {
    nodes: Vec<Node>,
    /// The number of siblings that are not shown.
    more: usize,
    m: &'static Messages,
}

/// Its own template has escaped the output.
impl askama::filters::HtmlSafe for Menu {}

impl Menu {
    pub(super) fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The words for the siblings that are not shown.
    fn and_more(&self) -> String {
        fill(self.m.and_more, &[&self.more.to_string()])
    }

    /// The words of the button that opens the categories below one.
    fn below(&self, name: &str) -> String {
        fill(self.m.in_category, &[name])
    }
}

struct Node {
    name: String,
    href: String,
    count: String,
    is_selected: bool,
    is_open: bool,
    children: Menu,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn category(id: &str, parent_id: &str) -> Category {
        let name = format!("The {id}");
        Category { id: id.into(), name, parent_id: parent_id.into(), ..Default::default() }
    }

    fn menu(tree: &Tree, search: &str, category_id: &str, counts: Option<&Counts>) -> String {
        let of_category = ListingQuery::of_category(category_id);
        let query = ListingQuery { search: search.to_owned(), ..of_category };
        tree.menu(&query, counts, Locale::English).render().unwrap()
    }

    fn shop() -> Tree {
        Tree::new(vec![
            category("kitchen", ""),
            category("mugs", "kitchen"),
            category("cups", "mugs"),
            category("pots", "kitchen"),
            category("garden", ""),
            category("seeds", "garden"),
        ])
    }

    #[test]
    fn path_to_the_selected_category_is_open() {
        let html = menu(&shop(), "blue cup", "mugs", None);
        assert_eq!(html.matches("<details open>").count(), 2, "{html}");
        assert_eq!(html.matches("aria-current=\"true\"").count(), 1);
        assert!(html.contains("href=\"/?q=blue%20cup&#38;category=mugs\""), "{html}");
        assert!(html.contains("The seeds"), "a small tree is rendered completely");
    }

    #[test]
    fn menu_of_a_list_counts_its_products() {
        let counts = |pairs: &[(&str, u64)]| {
            pairs.iter().map(|(id, count)| ((*id).to_owned(), *count)).collect::<Counts>()
        };
        let html = menu(&shop(), "cup", "", Some(&counts(&[("kitchen", 1_234), ("cups", 3)])));
        assert!(html.contains("1,234") && !html.contains("The garden"), "{html}");
        let html = menu(&shop(), "cup", "mugs", Some(&counts(&[("mugs", 7), ("cups", 3)])));
        assert!(html.contains("The kitchen") && html.contains("The cups"), "{html}");
        assert!(!html.contains("The pots"), "{html}");
    }

    #[test]
    fn tree_of_a_facet_has_the_levels_of_the_catalogues() {
        let value = |id: &str, parent: &str| FacetValue {
            value: id.into(),
            label: format!("The {id}"),
            parent: parent.into(),
            ..Default::default()
        };
        let values = [value("cups", "mugs"), value("mugs", "kitchen"), value("kitchen", "")];
        let tree = Tree::of_facet(&values);
        let path: Vec<&str> = tree.path("cups").iter().map(|it| it.id.as_str()).collect();
        assert_eq!(path, ["kitchen", "mugs", "cups"]);
        assert_eq!(Tree::of_facet(&[value("a", "b"), value("b", "a")]).categories.len(), 2);
    }

    #[test]
    fn large_tree_renders_only_open_branches() {
        let mut categories: Vec<_> = (0..300).map(|at| category(&format!("r{at}"), "")).collect();
        categories.extend((0..300).map(|at| category(&format!("c{at}"), &format!("r{at}"))));
        let html = menu(&Tree::new(categories), "", "r7", None);
        assert!(html.contains("The c7<"));
        assert!(!html.contains("The c8<"));
        assert!(html.contains("100 more"));
    }

    #[test]
    fn cyclic_tree_is_rendered() {
        let tree = Tree::new(vec![category("a", "b"), category("b", "a"), category("c", "c")]);
        assert!(menu(&tree, "", "a", None).contains("The c"));
        assert!(!tree.path("a").is_empty());
    }
}
