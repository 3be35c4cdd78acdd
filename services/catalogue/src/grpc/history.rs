//! A product's history: its revisions, and its state at a revision.

use page_token::Keyring;
use proto::catalogue::v1::{
    self as wire, ListProductRevisionsRequest, ListProductRevisionsResponse, ProductDiff,
    ProductRevision, product_revision::Kind,
};

use super::convert::{self, fields, timestamp};
use crate::{
    domain::{
        Error, Field, Micros, Product, ProductId, Result, RevisionKind, Sku, Violations, actor,
    },
    store::{PastRevision, Store},
};

const DEFAULT_PAGE: usize = 50;
const MAX_PAGE: usize = 200;
/// Purpose that page tokens are bound to.
const PURPOSE: &str = "revisions";

/// Returns one page of a product's revisions.
///
/// # Errors
/// The request is malformed, there is no such product, or the store cannot be read.
pub(super) async fn list(
    store: &Store,
    page_tokens: &Keyring,
    request: &ListProductRevisionsRequest,
    shows_costs: bool,
) -> Result<ListProductRevisionsResponse> {
    let mut violations = Violations::default();
    let id = convert::product_id("product_id", &request.product_id, &mut violations);
    let size = usize::try_from(request.page_size);
    if size.is_err() {
        violations.add("page_size", "must not be negative");
    }
    violations.check()?;
    let id = id.ok_or_else(|| Error::field("product_id", "is required"))?;
    let size = match size {
        Ok(0) | Err(_) => DEFAULT_PAGE,
        Ok(size) => size.min(MAX_PAGE),
    };
    let below = match request.page_token.as_str() {
        "" => None,
        token => Some(open(page_tokens, &id, token).ok_or(Error::PageToken)?),
    };
    let (steps, more) = store.revisions(&id, below, size).await?;
    let last = steps.last().map(|step| step.revision.revision);
    let next_page_token = match last {
        Some(last) if more => page_tokens.seal(PURPOSE, id.as_str(), &last.to_be_bytes()),
        _ => String::new(),
    };
    let revisions = steps.into_iter().map(|step| message(step, shows_costs)).collect();
    Ok(ListProductRevisionsResponse { revisions, next_page_token })
}

/// Returns the product at a revision; 0 is the current one.
///
/// # Errors
/// The revision is malformed or not kept, or the store cannot be read.
pub(super) async fn at(store: &Store, product: Product, revision: i64) -> Result<Product> {
    match revision {
        0 => Ok(product),
        1.. => store.product_at(product, revision).await,
        _ => Err(Error::field("revision", "must not be negative")),
    }
}

fn open(page_tokens: &Keyring, id: &ProductId, token: &str) -> Option<i64> {
    let payload = page_tokens.open(PURPOSE, id.as_str(), token)?;
    Some(i64::from_be_bytes(payload.try_into().ok()?))
}

fn message(step: PastRevision, shows_costs: bool) -> ProductRevision {
    let revision = &step.revision;
    let kind = match revision.kind {
        RevisionKind::Created => Kind::Created,
        RevisionKind::Updated => Kind::Updated,
        RevisionKind::Deleted => Kind::Deleted,
        RevisionKind::Undeleted => Kind::Undeleted,
        RevisionKind::Stock => Kind::Stock,
    };
    let (actor, actor_note) = actor::split(&revision.actor);
    ProductRevision {
        revision: revision.revision,
        diff: diff(&step, shows_costs),
        actor: actor.to_owned(),
        actor_note: actor_note.to_owned(),
        request_id: revision.request_id.clone(),
        change_time: Some(timestamp(revision.at)),
        kind: kind.into(),
    }
}

fn diff(step: &PastRevision, shows_costs: bool) -> Option<ProductDiff> {
    let PastRevision { revision, after, variant_stock } = step;
    match revision.kind {
        RevisionKind::Created => None,
        RevisionKind::Deleted => Some(deletion(None, Some(revision.at))),
        RevisionKind::Undeleted => Some(deletion(revision.deleted_at, None)),
        RevisionKind::Updated if revision.changed.is_empty() => Some(ProductDiff {
            changed_fields: vec!["category_paths".to_owned()],
            before: Some(wire::Product::default()),
            after: Some(wire::Product::default()),
        }),
        RevisionKind::Updated | RevisionKind::Stock => {
            let changed = revision.changed.fields().map(|field| field.name().to_owned());
            let mut diff = ProductDiff {
                changed_fields: changed.collect(),
                before: Some(fields(&revision.before, revision.changed, shows_costs)),
                after: Some(fields(after, revision.changed, shows_costs)),
            };
            if !variant_stock.is_empty() {
                diff.changed_fields.push(Field::Variants.name().to_owned());
                set_variant_stock(diff.before.as_mut(), &revision.variant_stock);
                set_variant_stock(diff.after.as_mut(), variant_stock);
            }
            Some(diff)
        }
    }
}

fn deletion(before: Option<Micros>, after: Option<Micros>) -> ProductDiff {
    let product = |at: Option<Micros>| {
        Some(wire::Product { delete_time: at.map(timestamp), ..Default::default() })
    };
    let changed_fields = vec!["delete_time".to_owned()];
    ProductDiff { changed_fields, before: product(before), after: product(after) }
}

/// Sets variants that have only their stock.
fn set_variant_stock(product: Option<&mut wire::Product>, stock: &[(Sku, i32)]) {
    let variant = |(sku, stock_qty): &(Sku, i32)| wire::Variant {
        sku: sku.to_string(),
        stock_qty: *stock_qty,
        ..Default::default()
    };
    if let Some(product) = product {
        product.variants = stock.iter().map(variant).collect();
    }
}
