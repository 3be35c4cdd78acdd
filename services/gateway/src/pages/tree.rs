//! The tree of categories as pages show it.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use askama::Template;
use proto::catalogue::v1::{Category, ListCategoriesRequest};

use super::{links, text};
use crate::upstreams::Upstreams;

/// For how long a tree is shown without asking again.
const FRESH: Duration = Duration::from_secs(2);
/// How long a page waits for a newer tree before it makes do with the last one.
const PATIENCE: Duration = Duration::from_secs(1);
/// A tree up to this size is rendered whole; of a larger one only what is open.
const WHOLE: usize = 400;
/// Siblings shown at one place.
const SIBLINGS: usize = 200;

/// The last tree seen, shared by all pages: one tree, so bounded as the catalogue's is.
#[derive(Clone, Default)]
pub(super) struct Trees(Arc<Mutex<Option<Seen>>>);

/// When it was asked for, and what is shown since then.
type Seen = (Instant, Arc<Tree>);

impl Trees {
    /// A tree a few seconds old at most, or while the catalogue does not answer the last one seen,
    /// which is empty at first: a page without a menu is better than none.
    pub(super) async fn get(&self, upstreams: &Upstreams) -> Arc<Tree> {
        let last = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((asked, tree)) = &last
            && asked.elapsed() < FRESH
        {
            return tree.clone();
        }
        let mut categories = upstreams.categories();
        let answer = categories.list_categories(ListCategoriesRequest::default());
        let tree = match tokio::time::timeout(PATIENCE, answer).await {
            Ok(Ok(answer)) => Arc::new(Tree::new(answer.into_inner().categories)),
            _ => last.map(|(_, tree)| tree).unwrap_or_default(),
        };
        let asked = (Instant::now(), tree.clone());
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(asked);
        tree
    }
}

/// Categories, each knowing its place.
#[derive(Default)]
pub(super) struct Tree {
    categories: Vec<Category>,
    by_id: HashMap<String, usize>,
    roots: Vec<usize>,
    children: HashMap<usize, Vec<usize>>,
}

impl Tree {
    /// Of categories with parents before their children. One whose parent is unknown is a root.
    pub(super) fn new(categories: Vec<Category>) -> Self {
        let mut tree = Self::default();
        for (at, category) in categories.iter().enumerate() {
            match tree.by_id.get(&category.parent_id) {
                Some(parent) => tree.children.entry(*parent).or_default().push(at),
                None => tree.roots.push(at),
            }
            tree.by_id.insert(category.id.clone(), at);
        }
        tree.categories = categories;
        tree
    }

    pub(super) fn get(&self, id: &str) -> Option<&Category> {
        self.by_id.get(id).map(|at| &self.categories[*at])
    }

    /// The categories from the root down to this one; empty if it is unknown.
    pub(super) fn path(&self, id: &str) -> Vec<&Category> {
        let mut path = Vec::new();
        let mut next = self.get(id);
        // A parent stands before its child, so this ends; a tree that lies about it ends too.
        while let Some(category) = next.filter(|_| path.len() < 32) {
            path.push(category);
            next = self.get(&category.parent_id);
        }
        path.reverse();
        path
    }

    /// The menu for a page that shows `selected` (empty: everything) and looks for `query`.
    pub(super) fn menu(&self, selected: &str, query: &str) -> Menu {
        let path = self.path(selected);
        let open: Vec<&str> = path.iter().map(|category| category.id.as_str()).collect();
        self.level(&self.roots, &open, query)
    }

    fn level(&self, at: &[usize], open: &[&str], query: &str) -> Menu {
        let nodes = at.iter().take(SIBLINGS).map(|at| {
            let category = &self.categories[*at];
            let is_open = open.contains(&category.id.as_str());
            let children = self.children.get(at).map_or(&[][..], Vec::as_slice);
            let is_shown = is_open || self.categories.len() <= WHOLE;
            Node {
                name: text::plain(&category.name),
                id: category.id.clone(),
                href: links::results(query, &category.id, ""),
                count: text::grouped(category.product_count.max(0).unsigned_abs().into()),
                is_selected: open.last() == Some(&category.id.as_str()),
                is_open,
                children: self.level(if is_shown { children } else { &[] }, open, query),
            }
        });
        Menu { nodes: nodes.collect(), more: at.len().saturating_sub(SIBLINGS) }
    }
}

/// Siblings, in their order. It renders itself, for templates cannot recurse.
#[derive(Template, Default)]
#[template(path = "menu.html")]
pub(super) struct Menu {
    nodes: Vec<Node>,
    /// How many are left out.
    more: usize,
}

/// It is made by a template, which has escaped what needed it.
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
    fn the_way_to_the_selected_category_is_open() {
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
        assert!(html.contains("The seeds"), "a small tree is there whole");
    }

    #[test]
    fn of_a_large_tree_only_what_is_open_is_rendered() {
        let mut categories: Vec<_> = (0..300).map(|at| category(&format!("r{at}"), "")).collect();
        categories.extend((0..300).map(|at| category(&format!("c{at}"), &format!("r{at}"))));
        let html = Tree::new(categories).menu("r7", "").render().unwrap();
        assert!(html.contains("The c7<"));
        assert!(!html.contains("The c8<"));
        assert!(html.contains("100 more"));
    }

    #[test]
    fn a_tree_that_lies_about_its_parents_is_still_shown() {
        let tree = Tree::new(vec![category("a", "b"), category("b", "a"), category("c", "c")]);
        assert!(tree.menu("a", "").render().unwrap().contains("The c"));
        assert!(!tree.path("a").is_empty());
    }
}
