//! The tree of categories, which is held in memory as a whole.

mod edit;

use std::collections::HashMap;

use super::{Category, CategoryId, Error, MAX_DEPTH, NewCategory, Result};

/// Maximum number of categories.
pub(crate) const MAX_CATEGORIES: usize = 10_000;

/// Maximum length of a generated id, without the number that makes it unique.
const MAX_MADE_ID: usize = 120;

/// All categories.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Tree {
    by_id: HashMap<CategoryId, Category>,
    /// Children by parent, in their order.
    children: HashMap<Option<CategoryId>, Vec<CategoryId>>,
}

impl Tree {
    pub(crate) fn new(categories: impl IntoIterator<Item = Category>) -> Self {
        let mut tree = Self::default();
        for category in categories {
            let parent = category.parent_id.clone();
            tree.children.entry(parent).or_default().push(category.id.clone());
            tree.by_id.insert(category.id.clone(), category);
        }
        let Self { by_id, children } = &mut tree;
        for siblings in children.values_mut() {
            siblings.sort_by(|a, b| order(&by_id[a]).cmp(&order(&by_id[b])));
        }
        tree
    }

    pub(crate) fn len(&self) -> usize {
        self.by_id.len()
    }

    pub(crate) fn get(&self, id: &CategoryId) -> Option<&Category> {
        self.by_id.get(id)
    }

    /// Whether the category exists.
    pub(crate) fn contains(&self, id: &str) -> bool {
        self.by_id.contains_key(id)
    }

    /// The child of `parent` with this name.
    pub(crate) fn child(&self, parent: Option<&CategoryId>, name: &str) -> Option<&Category> {
        let siblings = self.children.get(&parent.cloned())?;
        siblings.iter().map(|id| &self.by_id[id]).find(|category| category.name == name)
    }

    /// The category at a path of names from the root.
    pub(crate) fn find(&self, names: &[String]) -> Option<&CategoryId> {
        names.iter().try_fold(None, |parent, name| Some(Some(&self.child(parent, name)?.id)))?
    }

    /// The path from the root to `id`; empty if the category does not exist.
    pub(crate) fn path(&self, id: &CategoryId) -> Vec<&Category> {
        self.path_of(id.as_str())
    }

    /// Like [`Tree::path`], for an id as text.
    pub(crate) fn path_of(&self, id: &str) -> Vec<&Category> {
        let first = self.by_id.get(id);
        let up = |category: &&Category| self.by_id.get(category.parent_id.as_ref()?);
        // The limit ends the loop even if the database was manually edited into a cycle.
        let mut path: Vec<_> = std::iter::successors(first, up).take(MAX_DEPTH).collect();
        path.reverse();
        path
    }

    /// All descendants of `root`, or the whole tree: parents before children, siblings in their
    /// order.
    pub(crate) fn below(&self, root: Option<&CategoryId>) -> Vec<&Category> {
        let mut found = Vec::new();
        let mut waiting: Vec<&CategoryId> = self.reversed_children(root).collect();
        while let Some(id) = waiting.pop() {
            found.push(&self.by_id[id]);
            waiting.extend(self.reversed_children(Some(id)));
        }
        found
    }

    /// Adds a category.
    ///
    /// # Errors
    /// The id or name is taken, the parent does not exist, or the tree is full or too deep.
    pub(crate) fn add(&mut self, new: NewCategory) -> Result<Category> {
        if self.len() >= MAX_CATEGORIES {
            return Err(Error::TooManyCategories(self.len()));
        }
        let parent_path = match &new.parent_id {
            None => Vec::new(),
            Some(parent) => match self.path(parent) {
                path if path.is_empty() => {
                    return Err(Error::field("parent_id", "names a category that does not exist"));
                }
                path if path.len() >= MAX_DEPTH => {
                    let rule = format!("is at depth {MAX_DEPTH}, the deepest there can be");
                    return Err(Error::field("parent_id", rule));
                }
                path => path,
            },
        };
        if self.child(new.parent_id.as_ref(), &new.name).is_some() {
            return Err(Error::CategoryNameTaken(new.name));
        }
        let names = parent_path.iter().map(|category| category.name.as_str());
        let id = match new.id {
            Some(id) if self.by_id.contains_key(&id) => return Err(Error::CategoryExists(id)),
            Some(id) => id,
            None => self.free_id(names.chain([new.name.as_str()])),
        };
        let (name, parent_id, position) = (new.name, new.parent_id, new.position);
        let category = Category { id, name, parent_id, position, revision: 1 };
        self.insert(category.clone());
        Ok(category)
    }

    /// Returns the category at a path of names, and the categories created for it. New categories
    /// get their ids from `ids` if these are free.
    ///
    /// # Errors
    /// The tree is full or too deep; nothing is created.
    pub(crate) fn ensure(
        &mut self,
        names: &[String],
        ids: &[CategoryId],
    ) -> Result<(CategoryId, Vec<Category>)> {
        let mut parent: Option<CategoryId> = None;
        let mut known = 0;
        while let Some(child) = names.get(known).and_then(|name| self.child(parent.as_ref(), name))
        {
            parent = Some(child.id.clone());
            known += 1;
        }
        if self.len() + (names.len() - known) > MAX_CATEGORIES {
            return Err(Error::TooManyCategories(self.len()));
        }
        if names.is_empty() || names.len() > MAX_DEPTH {
            return Err(Error::field(
                "category_paths",
                format!("must have 1 to {MAX_DEPTH} names"),
            ));
        }
        let mut added = Vec::new();
        for (depth, name) in names.iter().enumerate().skip(known) {
            let wanted = ids.get(depth).filter(|id| !self.by_id.contains_key(*id)).cloned();
            let (name, parent_id) = (name.clone(), parent);
            let category = self.add(NewCategory { id: wanted, name, parent_id, position: 0 })?;
            parent = Some(category.id.clone());
            added.push(category);
        }
        let last = parent.expect("the names are not empty, so the walk has reached a category");
        Ok((last, added))
    }

    fn insert(&mut self, category: Category) {
        let siblings = self.children.entry(category.parent_id.clone()).or_default();
        let by_id = &self.by_id;
        let at = siblings.partition_point(|id| order(&by_id[id]) < order(&category));
        siblings.insert(at, category.id.clone());
        self.by_id.insert(category.id.clone(), category);
    }

    fn reversed_children(&self, parent: Option<&CategoryId>) -> impl Iterator<Item = &CategoryId> {
        self.children.get(&parent.cloned()).into_iter().flatten().rev()
    }

    /// Generates an id such as `kitchen.mugs-cups`, with a number if it is taken.
    fn free_id<'a>(&self, names: impl Iterator<Item = &'a str>) -> CategoryId {
        let mut id = names.map(slug).collect::<Vec<_>>().join(".");
        id.truncate(MAX_MADE_ID);
        let plain = CategoryId::known(id.clone());
        if !self.by_id.contains_key(&plain) {
            return plain;
        }
        (2..)
            .map(|number| CategoryId::known(format!("{id}-{number}")))
            .find(|id| !self.by_id.contains_key(id))
            .expect("there are fewer categories than numbers")
    }
}

fn order(category: &Category) -> (i32, &str) {
    (category.position, &category.name)
}

/// Lower-case ASCII letters and digits with single hyphens: `Mugs & Cups` is `mugs-cups`. A name
/// without any is `category`.
fn slug(name: &str) -> String {
    let words = name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let slug = words.map(str::to_ascii_lowercase).collect::<Vec<_>>().join("-");
    if slug.is_empty() { "category".to_owned() } else { slug }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    fn ids(categories: &[&Category]) -> Vec<String> {
        categories.iter().map(|category| category.id.to_string()).collect()
    }

    #[test]
    fn a_path_is_created_once() {
        let mut tree = Tree::default();
        let (id, added) = tree.ensure(&names(&["Kitchen", "Mugs & Cups"]), &[]).unwrap();
        assert_eq!((id.as_str(), added.len()), ("kitchen.mugs-cups", 2));
        let (again, added) = tree.ensure(&names(&["Kitchen", "Mugs & Cups"]), &[]).unwrap();
        assert_eq!((again, added.len()), (id.clone(), 0));
        let (other, _) = tree.ensure(&names(&["Kitchen", "Mugs, cups"]), &[]).unwrap();
        assert_eq!(other.as_str(), "kitchen.mugs-cups-2");
        assert_eq!(ids(&tree.path(&id)), ["kitchen", "kitchen.mugs-cups"]);
        assert_eq!(ids(&tree.below(None)), ["kitchen", "kitchen.mugs-cups", "kitchen.mugs-cups-2"]);
    }

    #[test]
    fn ids_of_another_catalogue_are_kept_where_they_are_free() {
        let mut tree = Tree::default();
        let wanted = ["k", "m"].map(|id| CategoryId::parse(id).unwrap());
        let (id, _) = tree.ensure(&names(&["Kitchen", "Mugs"]), &wanted).unwrap();
        assert_eq!(id.as_str(), "m");
        let (id, _) = tree.ensure(&names(&["Kitchen", "Cups"]), &wanted).unwrap();
        assert_eq!(id.as_str(), "kitchen.cups");
    }

    #[test]
    fn the_tree_is_bounded() {
        let mut tree = Tree::default();
        let deep: Vec<String> = (0..=MAX_DEPTH).map(|depth| depth.to_string()).collect();
        assert!(matches!(tree.ensure(&deep, &[]), Err(Error::Invalid(_))));
        assert_eq!(tree.len(), 0);
        let (deepest, _) = tree.ensure(&deep[..MAX_DEPTH], &[]).unwrap();
        let below =
            NewCategory { id: None, name: "x".into(), parent_id: Some(deepest), position: 0 };
        assert!(matches!(tree.add(below), Err(Error::Invalid(_))));
    }

    #[test]
    fn names_in_any_script_give_an_id() {
        assert_eq!(slug("Ink & toner"), "ink-toner");
        assert_eq!(slug("Кухня"), "category");
        let mut tree = Tree::default();
        let long = vec!["x".repeat(200); 3];
        assert!(CategoryId::parse(tree.ensure(&long, &[]).unwrap().0.as_str()).is_ok());
    }
}
