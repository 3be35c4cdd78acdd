//! The category tree, and the menu that shows it.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use askama::Template;
use proto::catalogue::v1::{Category, ListCategoriesRequest};

use super::{links, text};
use crate::upstreams::Upstreams;

/// How long a tree is used before it is fetched again.
const MAX_AGE: Duration = Duration::from_secs(2);
/// How long a page waits for a new tree before it uses the old one.
const FETCH_TIMEOUT: Duration = Duration::from_secs(1);
/// The largest tree that is rendered completely; of a larger one only the open branches are.
const MAX_EXPANDED: usize = 400;
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
    pub(super) async fn get(&self, upstreams: &Upstreams) -> Arc<Tree> {
        let cached = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((fetched, tree)) = &cached
            && fetched.elapsed() < MAX_AGE
        {
            return tree.clone();
        }
        let mut categories = upstreams.categories();
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

    pub(super) fn get(&self, id: &str) -> Option<&Category> {
        self.by_id.get(id).map(|index| &self.categories[*index])
    }

    /// The categories from the root to this one; empty if it is unknown.
    pub(super) fn path(&self, id: &str) -> Vec<&Category> {
        let mut path = Vec::new();
        let mut next = self.get(id);
        // The limit ends the loop even if parents form a cycle.
        while let Some(category) = next.filter(|_| path.len() < 32) {
            path.push(category);
            next = self.get(&category.parent_id);
        }
        path.reverse();
        path
    }

    /// The menu of a page with the category `selected` (empty for all) and the search `query`.
    pub(super) fn menu(&self, selected: &str, query: &str) -> Menu {
        let path = self.path(selected);
        let open: Vec<&str> = path.iter().map(|category| category.id.as_str()).collect();
        self.level(&self.roots, &open, query)
    }

    fn level(&self, siblings: &[usize], open: &[&str], query: &str) -> Menu {
        let nodes = siblings.iter().take(MAX_SIBLINGS).map(|index| {
            let category = &self.categories[*index];
            let is_open = open.contains(&category.id.as_str());
            let children = self.children.get(index).map_or(&[][..], Vec::as_slice);
            let is_rendered = is_open || self.categories.len() <= MAX_EXPANDED;
            Node {
                name: text::plain(&category.name),
                id: category.id.clone(),
                href: links::results(query, &category.id, ""),
                count: text::grouped(category.product_count.max(0).unsigned_abs().into()),
                is_selected: open.last() == Some(&category.id.as_str()),
                is_open,
                children: self.level(if is_rendered { children } else { &[] }, open, query),
            }
        });
        Menu { nodes: nodes.collect(), more: siblings.len().saturating_sub(MAX_SIBLINGS) }
    }
}

/// One level of the menu. A template of its own, because templates cannot recurse.
#[derive(Template, Default)]
#[template(path = "menu.html")]
pub(super) struct Menu {
    nodes: Vec<Node>,
    /// The number of siblings that are not shown.
    more: usize,
}

/// Its own template has escaped the output.
impl askama::filters::HtmlSafe for Menu {}

impl Menu {
    pub(super) fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }
}

struct Node {
    name: String,
    id: String,
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

    #[test]
    fn path_to_the_selected_category_is_open() {
        let tree = Tree::new(vec![
            category("kitchen", ""),
            category("mugs", "kitchen"),
            category("garden", ""),
            category("seeds", "garden"),
        ]);
        let html = tree.menu("mugs", "blue cup").render().unwrap();
        assert_eq!(html.matches("<details open>").count(), 1);
        assert_eq!(html.matches("aria-current=\"true\"").count(), 1);
        assert!(html.contains("href=\"/?q=blue%20cup&#38;category=mugs\""), "{html}");
        assert!(html.contains("The seeds"), "a small tree is rendered completely");
    }

    #[test]
    fn large_tree_renders_only_open_branches() {
        let mut categories: Vec<_> = (0..300).map(|at| category(&format!("r{at}"), "")).collect();
        categories.extend((0..300).map(|at| category(&format!("c{at}"), &format!("r{at}"))));
        let html = Tree::new(categories).menu("r7", "").render().unwrap();
        assert!(html.contains("The c7<"));
        assert!(!html.contains("The c8<"));
        assert!(html.contains("100 more"));
    }

    #[test]
    fn cyclic_tree_is_rendered() {
        let tree = Tree::new(vec![category("a", "b"), category("b", "a"), category("c", "c")]);
        assert!(tree.menu("a", "").render().unwrap().contains("The c"));
        assert!(!tree.path("a").is_empty());
    }
}
