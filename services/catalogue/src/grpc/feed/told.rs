//! Changes as a follower is told of them: those of its scope, with what they are of as it now is.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use proto::catalogue::v1::{self as wire, change};

use crate::{
    domain::{Change, Op, Place, Product, ProductId, Result, Subject, Tree},
    feed::{Scope, Sight},
    grpc::{
        category,
        convert::{self, timestamp},
    },
    store::Store,
};

/// What there is to tell of the changes, each with its place. What the scope does not see is left
/// out.
///
/// # Errors
/// The store cannot be read.
pub(super) async fn told(
    store: &Store,
    scope: &Scope,
    changes: Vec<Change>,
) -> Result<Vec<(Place, wire::Change)>> {
    let products = products(store, scope, &changes).await?;
    let tree = tree(store, &changes, &products).await?;
    let mut products: HashMap<_, _> =
        products.into_iter().map(|product| (product.id.clone(), product)).collect();
    let sight = |change: &Change| {
        let product = change.product_id().and_then(|id| products.get(id));
        scope.sight(change, product, &tree)
    };
    let seen: Vec<(Change, Sight)> = changes
        .into_iter()
        .map(|change| {
            let sight = sight(&change);
            (change, sight)
        })
        .filter(|(_, sight)| *sight != Sight::Nothing)
        .collect();
    let whole = seen.iter().filter(|(_, sight)| *sight == Sight::Whole);
    let whole: HashSet<_> = whole.filter_map(|(change, _)| change.product_id()).collect();
    products.retain(|id, _| whole.contains(id));
    let products: HashMap<ProductId, wire::Product> =
        products.into_iter().map(|(id, product)| (id, convert::product(product, &tree))).collect();
    let message = |(change, sight): (Change, Sight)| {
        (change.place, message(change, sight == Sight::Left, &products, &tree))
    };
    Ok(seen.into_iter().map(message).collect())
}

/// The products that the changes are of, as far as the scope can see them.
async fn products(store: &Store, scope: &Scope, changes: &[Change]) -> Result<Vec<Product>> {
    let present = changes.iter().filter(|change| change.op != Op::Deleted);
    let ids = present.filter_map(Change::product_id).filter(|id| scope.may_hold(id));
    let ids: HashSet<&ProductId> = ids.collect();
    store.products(&ids.into_iter().cloned().collect::<Vec<_>>()).await
}

/// A tree that is no older than the changes.
async fn tree(store: &Store, changes: &[Change], products: &[Product]) -> Result<Arc<Tree>> {
    let of_tree = |change: &Change| {
        change.product_id().is_none() || change.changed_fields.iter().any(|f| f == "category_paths")
    };
    match changes.iter().any(of_tree) {
        true => Ok(Arc::new(store.stored_tree().await?)),
        false => store.tree_for(products).await,
    }
}

/// A deletion comes without the product, even if one of that id has been created since: that
/// creation follows.
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
            // How many products it has is not counted for each change.
            let category = tree.get(&id).filter(|_| is_there);
            message.category = category.map(|it| category::message(it, tree, 0));
            message.category_id = id.into();
        }
    }
    message
}
