//! Bindings of methods to HTTP.

/// A binding of a method to HTTP and JSON, as its `google.api.http` option says (AIP-127).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpRule {
    /// In capitals, such as `GET`.
    pub method: &'static str,
    /// The path; braces enclose a field of the request, such as `/v1/products/{product.id}`.
    pub template: String,
    /// The request field that is the body; `*` for all that are not in the path, empty for none.
    pub body: String,
}

impl HttpRule {
    /// The request fields in the path, such as `product.id`.
    pub fn variables(&self) -> impl Iterator<Item = &str> {
        self.template.split('{').skip(1).filter_map(|part| part.split('}').next())
    }

    /// The path as clients know it: the first field is called `id`, others by their names.
    pub fn path(&self) -> String {
        self.variables().enumerate().fold(self.template.clone(), |path, (at, variable)| {
            let name = if at == 0 { "id".to_owned() } else { variable.replace('.', "_") };
            path.replacen(&format!("{{{variable}}}"), &format!("{{{name}}}"), 1)
        })
    }

    /// The verb after a field and a colon, such as `adjustStock` (AIP-136, "Custom methods").
    pub fn verb(&self) -> Option<&str> {
        self.template.rsplit_once("}:").map(|(_, verb)| verb)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn template_has_fields_a_path_and_a_verb() {
        for (template, variables, path, verb) in [
            ("/v1/products:batchGet", &[][..], "/v1/products:batchGet", None),
            ("/v1/products/{product.id}", &["product.id"], "/v1/products/{id}", None),
            ("/v1/keys/{key_id}:rotate", &["key_id"], "/v1/keys/{id}:rotate", Some("rotate")),
            (
                "/v1/products/{product_id}/variants/{sku}:move",
                &["product_id", "sku"],
                "/v1/products/{id}/variants/{sku}:move",
                Some("move"),
            ),
        ] {
            let rule = HttpRule { method: "GET", template: template.into(), body: String::new() };
            assert_eq!(rule.variables().collect::<Vec<_>>(), variables);
            assert_eq!((rule.path().as_str(), rule.verb()), (path, verb));
        }
    }
}
