//! Updates, moves and deletions in the tree.

use super::Tree;
use crate::domain::{Category, CategoryId, CategoryUpdate, Error, MAX_DEPTH, Result};

impl Tree {
    /// Renames or repositions a category. Returns `None` if nothing has changed.
    ///
    /// # Errors
    /// The category does not exist, or a sibling has the name.
    pub(crate) fn update(
        &mut self,
        id: &CategoryId,
        new: CategoryUpdate,
    ) -> Result<Option<Category>> {
        let old = self.known(id)?.clone();
        let name = new.name.unwrap_or_else(|| old.name.clone());
        let position = new.position.unwrap_or(old.position);
        if (&name, position) == (&old.name, old.position) {
            return Ok(None);
        }
        if name != old.name && self.child(old.parent_id.as_ref(), &name).is_some() {
            return Err(Error::CategoryNameTaken(name));
        }
        Ok(Some(self.replace(Category { name, position, ..old })))
    }

    /// Moves a category with its descendants to another parent, or makes it a root. Returns `None`
    /// if it is there already.
    ///
    /// # Errors
    /// The category or parent does not exist, the parent is the category itself or a descendant,
    /// the tree would be too deep, or the parent has a child with the name.
    pub(crate) fn move_to(
        &mut self,
        id: &CategoryId,
        parent_id: Option<CategoryId>,
    ) -> Result<Option<Category>> {
        let old = self.known(id)?.clone();
        let mut above = Vec::new();
        if let Some(parent) = &parent_id {
            above = self.path(parent);
            if above.is_empty() {
                return Err(Error::field("parent_id", "names a category that does not exist"));
            }
        }
        if above.iter().any(|category| category.id == *id) {
            let parent = parent_id.unwrap_or_else(|| id.clone());
            return Err(Error::CategoryCycle { category: id.clone(), parent });
        }
        if old.parent_id == parent_id {
            return Ok(None);
        }
        let depth = above.len() + self.height(id);
        if depth > MAX_DEPTH {
            return Err(Error::CategoryTooDeep { category: id.clone(), depth });
        }
        if self.child(parent_id.as_ref(), &old.name).is_some() {
            return Err(Error::CategoryNameTaken(old.name));
        }
        Ok(Some(self.replace(Category { parent_id, ..old })))
    }

    /// Removes a category.
    ///
    /// # Errors
    /// The category does not exist, or has children.
    pub(crate) fn remove(&mut self, id: &CategoryId) -> Result<Category> {
        let category = self.known(id)?.clone();
        let children = self.children.get(&Some(id.clone())).map_or(0, Vec::len);
        if children > 0 {
            let holds = format!("{children} of its own categories");
            return Err(Error::CategoryNotEmpty { category: id.clone(), holds });
        }
        self.detach(&category);
        self.by_id.remove(id);
        Ok(category)
    }

    fn known(&self, id: &CategoryId) -> Result<&Category> {
        self.get(id).ok_or_else(|| Error::CategoryNotFound(id.clone()))
    }

    /// Replaces a category and increases its revision.
    fn replace(&mut self, mut new: Category) -> Category {
        if let Some(old) = self.by_id.get(&new.id).cloned() {
            self.detach(&old);
        }
        new.revision += 1;
        self.insert(new.clone());
        new
    }

    fn detach(&mut self, category: &Category) {
        if let Some(siblings) = self.children.get_mut(&category.parent_id) {
            siblings.retain(|id| *id != category.id);
            // Empty lists are removed, so that equal trees compare as equal.
            if siblings.is_empty() {
                self.children.remove(&category.parent_id);
            }
        }
    }

    /// Number of levels of a category's subtree, including itself.
    fn height(&self, id: &CategoryId) -> usize {
        let depth = self.path(id).len();
        let below = self.below(Some(id)).into_iter();
        let deepest = below.map(|category| self.path(&category.id).len()).max();
        deepest.map_or(1, |deepest| deepest + 1 - depth)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(id: &str) -> CategoryId {
        CategoryId::parse(id).unwrap()
    }

    /// Builds a tree from paths such as "kitchen/mugs"; an id is its path with dots.
    fn tree(paths: &[&str]) -> Tree {
        let mut tree = Tree::default();
        for path in paths {
            let names: Vec<String> = path.split('/').map(str::to_owned).collect();
            tree.ensure(&names, &[]).unwrap();
        }
        tree
    }

    fn ids(tree: &Tree) -> Vec<&str> {
        tree.below(None).into_iter().map(|category| category.id.as_str()).collect()
    }

    #[test]
    fn a_category_moves_with_all_below_it() {
        let mut tree = tree(&["kitchen/mugs/small", "garden"]);
        let moved = tree.move_to(&id("kitchen.mugs"), Some(id("garden"))).unwrap().unwrap();
        assert_eq!((moved.revision, moved.parent_id), (2, Some(id("garden"))));
        assert_eq!(ids(&tree), ["garden", "kitchen.mugs", "kitchen.mugs.small", "kitchen"]);
        assert!(tree.move_to(&id("kitchen.mugs"), Some(id("garden"))).unwrap().is_none());
        tree.move_to(&id("kitchen.mugs"), None).unwrap().unwrap();
        assert_eq!(ids(&tree), ["garden", "kitchen", "kitchen.mugs", "kitchen.mugs.small"]);
    }

    #[test]
    fn no_move_makes_a_circle_a_ninth_level_or_a_second_name() {
        let mut tree = tree(&["a/b/c", "1/2/3/4/5/6", "x/b"]);
        for parent in ["a", "a.b", "a.b.c"] {
            let refused = tree.move_to(&id("a"), Some(id(parent)));
            assert!(matches!(refused, Err(Error::CategoryCycle { .. })), "{parent}");
        }
        let refused = tree.move_to(&id("a"), Some(id("1.2.3.4.5.6")));
        assert!(matches!(refused, Err(Error::CategoryTooDeep { depth: 9, .. })), "{refused:?}");
        let refused = tree.move_to(&id("a.b"), Some(id("x")));
        assert!(matches!(refused, Err(Error::CategoryNameTaken(_))), "{refused:?}");
        let before = tree.clone();
        assert!(tree.move_to(&id("a"), Some(id("nowhere"))).is_err());
        assert_eq!(tree, before);
        tree.move_to(&id("a"), Some(id("1.2.3.4.5"))).unwrap().unwrap();
    }

    #[test]
    fn siblings_keep_apart_and_in_order() {
        let mut tree = tree(&["a", "b", "c/d"]);
        let named = |name: &str| CategoryUpdate { name: Some(name.to_owned()), position: None };
        let refused = tree.update(&id("a"), named("b"));
        assert!(matches!(refused, Err(Error::CategoryNameTaken(_))), "{refused:?}");
        assert!(tree.update(&id("a"), named("a")).unwrap().is_none());
        tree.update(&id("a"), named("z")).unwrap().unwrap();
        assert_eq!(ids(&tree), ["b", "c", "c.d", "a"]);
        let first = CategoryUpdate { position: Some(-1), ..Default::default() };
        assert_eq!(tree.update(&id("c"), first).unwrap().unwrap().revision, 2);
        assert_eq!(ids(&tree), ["c", "c.d", "b", "a"]);
        let full = tree.remove(&id("c"));
        assert!(matches!(full, Err(Error::CategoryNotEmpty { .. })), "{full:?}");
        tree.remove(&id("c.d")).unwrap();
        tree.remove(&id("c")).unwrap();
        assert_eq!(ids(&tree), ["b", "a"]);
    }
}
