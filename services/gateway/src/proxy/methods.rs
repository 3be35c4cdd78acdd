//! The methods of the contract, as its descriptors have them.

use prost::Message as _;
use prost_types::FileDescriptorSet;

/// How long a call may last depends on this.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// One message in, one out.
    Unary,
    /// A stream in, out, or both.
    Streaming,
}

#[derive(Debug)]
pub(super) struct Method {
    /// `/package.Service/Method`.
    pub(super) path: String,
    pub(super) kind: Kind,
}

impl Method {
    /// The catalogue leaves finding products by words to the search service.
    pub(super) fn is_answered_by_search(&self) -> bool {
        self.path.starts_with("/search.v1.")
            || self.path == "/catalogue.v1.CatalogueService/SearchProducts"
    }
}

/// Every method there is.
pub(super) fn all() -> Vec<Method> {
    let files = FileDescriptorSet::decode(proto::DESCRIPTORS)
        .expect("the descriptors were encoded with the code beside them");
    let mut methods = Vec::new();
    for file in files.file {
        let package = file.package().to_owned();
        for service in file.service {
            let service_name = service.name().to_owned();
            methods.extend(service.method.iter().map(|method| Method {
                path: format!("/{package}.{service_name}/{}", method.name()),
                kind: match method.client_streaming() || method.server_streaming() {
                    true => Kind::Streaming,
                    false => Kind::Unary,
                },
            }));
        }
    }
    methods
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_contract_says_who_answers_what_and_how() {
        let all = all();
        let method = |path: &str| all.iter().find(|method| method.path == path).unwrap();
        let search = method("/catalogue.v1.CatalogueService/SearchProducts");
        assert!(search.is_answered_by_search());
        assert_eq!(search.kind, Kind::Unary);
        assert!(method("/search.v1.SearchAdminService/GetIndexStatus").is_answered_by_search());
        let import = method("/catalogue.v1.TransferService/ImportProducts");
        assert!(!import.is_answered_by_search());
        assert_eq!(import.kind, Kind::Streaming);
        assert_eq!(method("/catalogue.v1.CatalogueService/ListProducts").kind, Kind::Streaming);
    }
}
