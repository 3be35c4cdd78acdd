//! Paths of an update mask that lead into lists, which are then merged.

use product_fields::{OfferField, json_name};

use crate::import::{MediaMerge, Merge, VariantFields};

/// Replaces the paths into lists, such as `variants.price`, by their lists, and returns how these are
/// merged. A mask that also names the whole list replaces it. Unknown paths stay, to be refused.
pub(super) fn take(paths: &mut [String]) -> Merge {
    let has = |name: &str| paths.iter().any(|path| path == name);
    let (replaces_variants, replaces_media) = (has("variants"), has("media"));
    let (replaces_attributes, replaces_costs) = (has("attributes"), has("costs"));
    let by_urls = has("image_urls") || has("imageUrls");
    let sets_alt = has("media.alt");
    let mut variants = VariantFields::default();
    let mut merge = Merge::default();
    for path in paths {
        let list = match path.as_str() {
            "variants.gtin" => {
                variants.gtin = true;
                "variants"
            }
            "variants.option_values" | "variants.optionValues" => {
                variants.option_values = true;
                "variants"
            }
            "variants.price" => {
                variants.price = true;
                "variants"
            }
            "variants.stock_qty" | "variants.stockQty" => {
                variants.stock_qty = true;
                "variants"
            }
            "variants.media_url" | "variants.mediaUrl" => {
                variants.media_url = true;
                "variants"
            }
            "variants.sku" => "variants",
            "costs.amount" => "costs",
            "media.url" | "media.alt" => {
                merge.media.add = !by_urls && !replaces_media;
                "media"
            }
            "attributes.value" => "attributes",
            // With texts, pictures are given whole.
            "image_urls" | "imageUrls" if sets_alt => "media",
            path => match offer_field(path) {
                Some(field) => {
                    variants.offer.insert(field);
                    "variants"
                }
                None => continue,
            },
        };
        if list == "variants" && !replaces_variants {
            merge.variants = Some(variants);
        }
        merge.attributes |= list == "attributes" && !replaces_attributes;
        merge.costs |= list == "costs" && !replaces_costs;
        list.clone_into(path);
    }
    let keeps = merge.media.add || (by_urls && !replaces_media);
    merge.media = MediaMerge { keep_size: keeps, keep_alt: keeps && !sets_alt, ..merge.media };
    merge
}

/// The field of variants that a path names, by its name in the contract or in JSON.
fn offer_field(path: &str) -> Option<OfferField> {
    let name = path.strip_prefix("variants.")?;
    let is_named = |field: &OfferField| field.name() == name || json_name(field.name()) == name;
    OfferField::ALL.iter().copied().find(is_named)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::OfferFields;

    fn taken(paths: &[&str]) -> (Merge, Vec<String>) {
        let mut paths: Vec<_> = paths.iter().map(|path| (*path).to_owned()).collect();
        let merge = take(&mut paths);
        (merge, paths)
    }

    #[test]
    fn paths_into_lists_merge_and_whole_lists_replace() {
        let (merge, paths) = taken(&["name", "variants.sku", "variants.price"]);
        let price = VariantFields { price: true, ..VariantFields::default() };
        assert_eq!(merge.variants, Some(price));
        assert_eq!(paths, ["name", "variants", "variants"]);
        assert_eq!(taken(&["variants", "variants.price"]).0.variants, None);

        let mut offer = OfferFields::default();
        offer.insert(OfferField::CompareAtPrice);
        offer.insert(OfferField::Weight);
        let parts = ["variants.compareAtPrice", "variants.weight", "costs.amount"];
        let (merge, paths) = taken(&parts);
        assert_eq!(merge.variants, Some(VariantFields { offer, ..VariantFields::default() }));
        assert!(merge.costs && !taken(&["costs", "costs.amount"]).0.costs);
        assert_eq!(paths, ["variants", "variants", "costs"]);

        assert!(taken(&["attributes.value"]).0.attributes);
        assert!(!taken(&["attributes", "attributes.value"]).0.attributes);

        let media = |paths: &[&str]| taken(paths).0.media;
        let kept = MediaMerge { add: false, keep_size: true, keep_alt: true };
        assert_eq!(media(&["image_urls"]), kept);
        assert_eq!(media(&["image_urls", "media.alt"]), MediaMerge { keep_alt: false, ..kept });
        assert_eq!(media(&["media.url"]), MediaMerge { add: true, ..kept });
        assert_eq!(media(&["media"]), MediaMerge::default());
    }
}
