//! Changes as messages: filtered by scope, with the current state of the product or category.

use std::collections::{HashMap, HashSet};

use proto::catalogue::v1::{self as wire, change};

use crate::{
    domain::{Change, Op, Place, ProductId, Result, Subject, Tree, actor},
    feed::{LoadedChanges, Scope, Visibility},
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
    let loaded = LoadedChanges::load(store, changes.into(), |id| scope.may_hold(id)).await?;
    Ok(messages(scope, &loaded, Place::default()))
}

/// The messages of the changes after the place `after` in the scope.
pub(super) fn messages(
    scope: &Scope,
    loaded: &LoadedChanges,
    after: Place,
) -> Vec<(Place, wire::Change)> {
    let LoadedChanges { changes, products, tree } = loaded;
    let visibility = |change: &Change| {
        let product = change.product_id().and_then(|id| products.get(id));
        scope.visibility(change, product, tree)
    };
    let visible: Vec<(&Change, Visibility)> = changes
        .iter()
        .filter(|change| change.place > after)
        .map(|change| (change, visibility(change)))
        .filter(|(_, visibility)| *visibility != Visibility::Hidden)
        .collect();
    let in_scope = visible.iter().filter(|(_, visibility)| *visibility == Visibility::InScope);
    let in_scope: HashSet<&ProductId> =
        in_scope.filter_map(|(change, _)| change.product_id()).collect();
    let in_scope = in_scope.into_iter().filter_map(|id| products.get_key_value(id));
    let products: HashMap<&ProductId, wire::Product> =
        in_scope.map(|(id, product)| (id, convert::product(product.clone(), tree))).collect();
    let message = |(change, visibility): (&Change, Visibility)| {
        let left = visibility == Visibility::Left;
        let mut message = message(change.clone(), left, &products, tree);
        if !scope.reveals_actors() {
            message.actor.clear();
            message.actor_note.clear();
            message.request_id.clear();
        }
        (change.place, message)
    };
    visible.into_iter().map(message).collect()
}

/// A deletion has no product, even if a product with this id has been created since: the change of
/// that creation follows.
fn message(
    change: Change,
    left: bool,
    products: &HashMap<&ProductId, wire::Product>,
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
    let (actor, actor_note) = actor::split(&change.actor);
    let mut message = wire::Change {
        op: op.into(),
        changed_fields: change.changed_fields,
        change_time: Some(timestamp(change.at)),
        actor: actor.to_owned(),
        actor_note: actor_note.to_owned(),
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
