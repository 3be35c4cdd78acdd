//! Paths of an update mask that lead into lists, which are then merged.

use crate::import::{MediaMerge, Merge, VariantFields};

/// Replaces the paths into lists, such as `variants.price`, by their lists, and returns how these are
/// merged. A mask that also names the whole list replaces it. Unknown paths stay, to be refused.
pub(super) fn take(paths: &mut Vec<String>) -> Merge {
    let has = |name: &str| paths.iter().any(|path| path == name);
    let replaces_variants = has("variants");
    let replaces_media = has("media");
    let by_urls = has("image_urls") || has("imageUrls");
    let sets_alt = has("media.alt");
    let mut variants = VariantFields::default();
    let mut merge = Merge::default();
    paths.retain_mut(|path| {
        match path.as_str() {
            "variants.sku" => {}
            "variants.gtin" => variants.gtin = true,
            "variants.option_values" | "variants.optionValues" => variants.option_values = true,
            "variants.price" => variants.price = true,
            "variants.stock_qty" | "variants.stockQty" => variants.stock_qty = true,
            "media.url" | "media.alt" => {
                merge.media.add = !by_urls && !replaces_media;
                "media".clone_into(path);
                return true;
            }
            "attributes.value" => {
                merge.attributes = true;
                "attributes".clone_into(path);
                return true;
            }
            // With texts, pictures are given whole.
            "image_urls" | "imageUrls" if sets_alt => {
                "media".clone_into(path);
                return true;
            }
            _ => return true,
        }
        merge.variants = Some(variants);
        "variants".clone_into(path);
        true
    });
    if replaces_variants {
        merge.variants = None;
    }
    let keeps = merge.media.add || (by_urls && !replaces_media);
    merge.media = MediaMerge { keep_size: keeps, keep_alt: keeps && !sets_alt, ..merge.media };
    merge
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(paths: &[&str]) -> (Merge, Vec<String>) {
        let mut paths = paths.iter().map(|path| (*path).to_owned()).collect();
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

        let media = |paths: &[&str]| taken(paths).0.media;
        let kept = MediaMerge { add: false, keep_size: true, keep_alt: true };
        assert_eq!(media(&["image_urls"]), kept);
        assert_eq!(media(&["image_urls", "media.alt"]), MediaMerge { keep_alt: false, ..kept });
        assert_eq!(media(&["media.url"]), MediaMerge { add: true, ..kept });
        assert_eq!(media(&["media"]), MediaMerge::default());
    }
}
