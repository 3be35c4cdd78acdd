//! Selected fields of a product, for diffs.

use product_fields::OfferMessage;
use proto::{catalogue::v1 as wire, money};

use super::{attribute, costs, media, offer, variants, wire_condition, wire_status};
use crate::domain::{Details, Field, Mask};

/// Converts only these fields of `details`, and none of their deprecated names. Costs are
/// left out for callers that may not see them.
pub(in crate::grpc) fn fields(details: &Details, mask: Mask, shows_costs: bool) -> wire::Product {
    let mut product = wire::Product::default();
    let mut offers = offer::message(details.offer.clone());
    let mut taken = OfferMessage::default();
    for field in mask.fields() {
        match field {
            Field::Text(text) => text.get_mut(&mut product).clone_from(details.text(text)),
            Field::Price => {
                let price = details.price.as_ref();
                product.price = price.map(|price| money::from_minor(price.minor, &price.currency));
            }
            Field::StockQty => product.stock_qty = details.stock_qty,
            Field::Media => {
                product.media = details.media.iter().cloned().map(media::message).collect();
            }
            Field::CategoryIds => {
                let ids = details.category_ids.iter();
                product.category_ids = ids.map(ToString::to_string).collect();
            }
            Field::Attributes => {
                product.attributes = details.attributes.iter().cloned().map(attribute).collect();
            }
            Field::Labels => product.labels.clone_from(&details.labels),
            Field::ExternalId => {
                product.external_id = details.external_id.clone().unwrap_or_default();
            }
            Field::Variants => {
                let variants = details.variants.iter().cloned();
                product.variants = variants.map(variants::message).collect();
            }
            Field::Status => product.status = wire_status(details.status).into(),
            Field::Condition => product.set_condition(wire_condition(details.condition)),
            Field::Offer(field) => taken.take(field, &mut offers),
            Field::Costs if shows_costs => product.costs = costs(&details.costs),
            Field::Costs => {}
        }
    }
    taken.put_product(&mut product);
    product
}
