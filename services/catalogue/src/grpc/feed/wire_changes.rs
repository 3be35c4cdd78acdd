//! Changes as messages: filtered by scope, with the current state of the product or category.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use proto::catalogue::v1::{self as wire, change};

use crate::{
    domain::{Change, Op, Place, Product, ProductId, Result, Subject, Tree},
    feed::{Scope, Visibility},
    grpc::{
        category,
        convert::{self, timestamp},
    },
    store::Store,
};

/// Converts the changes in the scope to messages, each with its place in the feed.
///
/// # Errors
/// The store cannot be read.
pub(super) async fn changes_to_wire(
    store: &Store,
    scope: &Scope,
    changes: Vec<Change>,
) -> Result<Vec<(Place, wire::Change)>> {
    let products = products(store, scope, &changes).await?;
    let tree = tree(store, &changes, &products).await?;
    let mut products: HashMap<_, _> =
        products.into_iter().map(|product| (product.id.clone(), product)).collect();
    let visibility = |change: &Change| {
        let product = change.product_id().and_then(|id| products.get(id));
        scope.visibility(change, product, &tree)
    };
    let visible: Vec<(Change, Visibility)> = changes
        .into_iter()
        .map(|change| {
            let visibility = visibility(&change);
            (change, visibility)
        })
        .filter(|(_, visibility)| *visibility != Visibility::Hidden)
        .collect();
    let in_scope = visible.iter().filter(|(_, visibility)| *visibility == Visibility::InScope);
    let in_scope: HashSet<_> = in_scope.filter_map(|(change, _)| change.product_id()).collect();
    products.retain(|id, _| in_scope.contains(id));
    let products: HashMap<ProductId, wire::Product> =
        products.into_iter().map(|(id, product)| (id, convert::product(product, &tree))).collect();
    let message = |(change, visibility): (Change, Visibility)| {
        (change.place, message(change, visibility == Visibility::Left, &products, &tree))
    };
    Ok(visible.into_iter().map(message).collect())
}

/// Loads the changed products that the scope may contain.
async fn products(store: &Store, scope: &Scope, changes: &[Change]) -> Result<Vec<Product>> {
    let present = changes.iter().filter(|change| change.op != Op::Deleted);
    let ids = present.filter_map(Change::product_id).filter(|id| scope.may_hold(id));
    let ids: HashSet<&ProductId> = ids.collect();
    store.products(&ids.into_iter().cloned().collect::<Vec<_>>()).await
}

/// Returns a category tree that includes the changes.
async fn tree(store: &Store, changes: &[Change], products: &[Product]) -> Result<Arc<Tree>> {
    let of_tree = |change: &Change| {
        change.product_id().is_none() || change.changed_fields.iter().any(|f| f == "category_paths")
    };
    match changes.iter().any(of_tree) {
        true => Ok(Arc::new(store.stored_tree().await?)),
        false => store.tree_for(products).await,
    }
}

/// A deletion has no product, even if a product with this id has been created since: the change of
/// that creation follows.
fn message(
    change: Change,
    left: bool,
    products: &HashMap<ProductId, wire::Product>,
    tree: &Tree,
) -> wire::Change {
    let is_there = !left && change.op != Op::Deleted;
    let op = match change.op {
        _ if left => change::Op::Left,
        Op::Created => change::Op::Created,
        Op::Updated => change::Op::Updated,
        Op::Deleted => change::Op::Deleted,
        Op::Stock => change::Op::Stock,
    };
    let mut message = wire::Change {
        op: op.into(),
        changed_fields: change.changed_fields,
        change_time: Some(timestamp(change.at)),
        actor: change.actor,
        request_id: change.request_id,
        ..Default::default()
    };
    match change.subject {
        Subject::Product(id) => {
            message.product = products.get(&id).filter(|_| is_there).cloned();
            message.product_id = id.into();
        }
        Subject::Category(id) => {
            // Products are not counted for each change.
            let category = tree.get(&id).filter(|_| is_there);
            message.category = category.map(|it| category::message(it, tree, 0));
            message.category_id = id.into();
        }
    }
    message
}
