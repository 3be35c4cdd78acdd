//! Costs of items.

use proto::catalogue::v1 as wire;

use super::{offer, price};
use crate::domain::{Cost, Sku, Violations};

/// Parses costs. Invalid ones are violations, and left out.
pub(super) fn parse(costs: Vec<wire::Cost>, violations: &mut Violations) -> Vec<Cost> {
    let mut parsed = Vec::with_capacity(costs.len());
    for (index, wire::Cost { sku, amount }) in costs.into_iter().enumerate() {
        let sku = match sku.as_str() {
            "" => Ok(None),
            sku => Sku::parse(sku).map(Some),
        };
        let sku = sku.map_err(|rule| violations.add(format!("costs[{index}].sku"), rule));
        let Some(amount) = amount else {
            violations.add(format!("costs[{index}].amount"), "is required");
            continue;
        };
        let amount = price::exact(&format!("costs[{index}].amount"), amount, violations);
        if let (Ok(sku), Some(amount)) = (sku, amount) {
            parsed.push(Cost { sku, amount });
        }
    }
    parsed
}

/// Converts costs, for callers that may see them.
pub(super) fn costs(costs: &[Cost]) -> Vec<wire::Cost> {
    let cost = |Cost { sku, amount }: &Cost| wire::Cost {
        sku: sku.as_ref().map(ToString::to_string).unwrap_or_default(),
        amount: Some(offer::exact(amount)),
    };
    costs.iter().map(cost).collect()
}
