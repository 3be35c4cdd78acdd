//! Layers: which crate of the workspace a member may depend on, and where a library may be imported.

use std::collections::BTreeSet;

use Depends::{AnyCrate, On, ProductCrate};

use super::{
    finding::Finding,
    modules::imports,
    tree::{TextFile, Tree},
};

/// Crates of the workspace that the members of a folder may depend on. The first row with the member's
/// folder decides; dev-dependencies are free, but never a service.
#[rustfmt::skip]
const MEMBERS: &[(&str, Depends)] = &[
    // folder                 may depend on
    ("clients/rust/",         On(&["proto"])),
    ("crates/access/",        On(&["contract", "rpc"])),
    ("crates/audit/",         On(&["access", "contract", "rpc"])),
    ("crates/backoff/",       On(&[])),
    ("crates/breaker/",       On(&[])),
    ("crates/certificates/",  On(&[])),
    ("crates/contract/",      On(&[])),
    ("crates/filter/",        On(&[])),
    ("crates/page_token/",    On(&[])),
    ("crates/proto/",         On(&[])),
    ("crates/rpc/",           On(&[])),
    ("crates/devtools/",      On(&[])),
    ("crates/discovery/",     On(&["backoff"])),
    ("crates/feed/",          On(&["access", "audit", "backoff", "page_token", "proto"])),
    ("crates/product_fields/", On(&["filter", "proto"])),
    ("crates/telemetry/",     On(&["contract"])),
    ("crates/server/",        On(&["access", "audit", "certificates", "contract", "rpc", "telemetry"])),
    ("crates/upstream/",      On(&["backoff", "breaker", "certificates", "contract", "discovery", "rpc", "telemetry"])),
    ("crates/chassis/",       On(&["backoff", "discovery", "proto", "server", "telemetry", "upstream"])),
    ("crates/export/",        On(&["import", "product_fields", "proto"])),
    ("crates/judgements/",    On(&["proto"])),
    ("crates/import/",        On(&["backoff", "product_fields", "proto"])),
    ("crates/cli/",           On(&["backoff", "export", "feed", "import", "product_fields", "proto"])),
    ("crates/testkit/",       AnyCrate),
    ("crates/chaos/",         AnyCrate),
    ("crates/bench/",         AnyCrate),
    ("services/",             ProductCrate),
    ("xtask/",                On(&["devtools"])),
];

enum Depends {
    On(&'static [&'static str]),
    /// Any crate except programs and crates for tests.
    ProductCrate,
    AnyCrate,
}

/// Crates that no service depends on, except in tests.
const NOT_FOR_SERVICES: [&str; 5] = ["bench", "chaos", "cli", "judgements", "testkit"];

/// Libraries that stay in their layer: files under `scope` import them under one of `homes` only.
/// Tests may import them anywhere.
struct Layer {
    libraries: &'static [&'static str],
    scope: &'static str,
    homes: &'static [(&'static str, &'static str)],
}

/// Modules of restricted libraries that are free: values without messages or requests.
const FREE: [&str; 2] = ["proto::money", "proto::position"];

#[rustfmt::skip]
const LAYERS: &[Layer] = &[
    Layer {
        libraries: &["proto", "prost", "rpc::status", "tonic", "tonic_types"],
        scope: "services/catalogue/src/",
        homes: &[
            ("grpc/", "the layer of the contract"),
            ("lib.rs", "assembles the service"),
            ("store/encoded/", "encodes products straight from rows"),
        ],
    },
    Layer {
        libraries: &["rpc::status", "tonic", "tonic_types"],
        scope: "services/search/src/",
        homes: &[
            ("grpc/", "the layer of the contract"),
            ("lib.rs", "assembles the service"),
            ("follower/", "the client of the catalogue's feed"),
        ],
    },
    Layer {
        libraries: &["proto", "prost"],
        scope: "services/search/src/",
        homes: &[
            ("grpc/", "the layer of the contract"),
            ("lib.rs", "assembles the service"),
            ("follower/", "the client of the catalogue's feed"),
            ("index/", "stores and returns encoded products"),
            ("settings/", "stores the messages of merchandisers"),
            ("tuning.rs", "indexes products for `bench relevance`"),
        ],
    },
    Layer {
        libraries: &["sea_orm", "sea_orm_migration", "sqlx"],
        scope: "services/",
        homes: &[("catalogue/src/store/", "the layer of the database")],
    },
    Layer {
        libraries: &["tantivy"],
        scope: "services/",
        homes: &[("search/src/index/", "the layer of the index")],
    },
    Layer {
        // Settings come from `Config` alone, and upstreams are called through their client stack.
        libraries: &["std::env", "tonic::transport"],
        scope: "services/",
        homes: &[],
    },
    Layer {
        libraries: &["consulrs", "http_02", "openssl", "reqwest", "rustify"],
        scope: "",
        homes: &[("crates/discovery/src/consul/", "the only client of Consul")],
    },
];

impl Layer {
    fn places(&self) -> String {
        let homes: Vec<&str> = self.homes.iter().map(|(home, _)| *home).collect();
        if homes.is_empty() {
            format!("nowhere in {}", self.scope)
        } else {
            format!("in {}", homes.join(", "))
        }
    }

    /// Whether a file is in the scope, but in none of the homes.
    fn forbids(&self, path: &str) -> bool {
        path.strip_prefix(self.scope)
            .is_some_and(|rest| !self.homes.iter().any(|(home, _)| rest.starts_with(home)))
    }
}

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let members = |folder: &str| -> Vec<&str> {
        let paths = tree.manifests.iter().filter_map(|manifest| manifest.path.strip_prefix(folder));
        paths.filter_map(|path| path.strip_suffix("/Cargo.toml")).collect()
    };
    let (crates, services) = (members("crates/"), members("services/"));
    let mut findings = Vec::new();
    for manifest in &tree.manifests {
        findings.extend(check_manifest(manifest, &crates, &services));
    }
    for file in tree.rust.iter().filter(|file| !file.is_test()) {
        let mut seen = BTreeSet::new();
        for import in imports(&file.product_code()) {
            let path = import.segments.join("::");
            let of = |library: &&&str| {
                path.strip_prefix(**library)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
            };
            if FREE.iter().any(|free| of(&free)) {
                continue;
            }
            for layer in LAYERS.iter().filter(|layer| layer.forbids(file.path)) {
                if let Some(library) =
                    layer.libraries.iter().find(of).filter(|found| seen.insert(**found))
                {
                    let text = format!("imports `{library}`, which belongs {}", layer.places());
                    findings.push(Finding::new(file.path, import.line, text));
                }
            }
        }
    }
    findings
}

fn check_manifest(manifest: &TextFile, crates: &[&str], services: &[&str]) -> Vec<Finding> {
    let Some((_, allowed)) = MEMBERS.iter().find(|(folder, _)| manifest.path.starts_with(folder))
    else {
        let text = "has no row in the table of xtask/src/tidy/layers.rs; add one";
        return if manifest.path == "Cargo.toml" {
            vec![]
        } else {
            vec![Finding::new(manifest.path, 1, text)]
        };
    };
    let mut findings = Vec::new();
    let mut section = "";
    for (index, line) in manifest.text.lines().enumerate() {
        if let Some(name) = line.strip_prefix('[') {
            section = name.trim_end_matches(']');
        }
        let name = line.split(['.', ' ', '=']).next().unwrap_or_default();
        let dev = section.ends_with("dev-dependencies");
        let wrong = match allowed {
            _ if !section.ends_with("dependencies") => false,
            _ if services.contains(&name) => true,
            _ if dev => false,
            On(allowed) => crates.contains(&name) && !allowed.contains(&name),
            ProductCrate => NOT_FOR_SERVICES.contains(&name),
            AnyCrate => false,
        };
        if wrong {
            let text =
                format!("must not depend on `{name}`; see the table in xtask/src/tidy/layers.rs");
            findings.push(Finding::new(manifest.path, index + 1, text));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::{super::tree::Files, *};

    fn found(files: &[(&str, &str)]) -> Vec<String> {
        let files = Files::of(files);
        check(&Tree::new(&files)).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn forbidden_dependencies_are_found() {
        let found = found(&[
            (
                "crates/breaker/Cargo.toml",
                "[dependencies]\nproto.workspace = true\n[dev-dependencies]\ntestkit.workspace = true\n",
            ),
            (
                "crates/cli/Cargo.toml",
                "[dependencies]\nproto.workspace = true\nsearch = { workspace = true }\n",
            ),
            ("crates/proto/Cargo.toml", ""),
            ("crates/testkit/Cargo.toml", ""),
            (
                "services/gateway/Cargo.toml",
                "[dependencies]\ntestkit.workspace = true\n[dev-dependencies]\nsearch.workspace = true\n",
            ),
            ("services/search/Cargo.toml", "[package]\nname = \"search\"\n"),
        ]);
        let places: Vec<_> =
            found.iter().map(|finding| finding.split(": ").next().unwrap_or_default()).collect();
        assert_eq!(
            places,
            [
                "crates/breaker/Cargo.toml:2",
                "crates/cli/Cargo.toml:3",
                "services/gateway/Cargo.toml:2",
                "services/gateway/Cargo.toml:4"
            ]
        );
    }

    #[test]
    fn import_outside_its_layer_is_found() {
        let found = found(&[
            ("services/catalogue/src/grpc/a.rs", "use tonic::Status;"),
            (
                "services/catalogue/src/domain/b.rs",
                "use crate::{proto::A}; use proto::money;\n// tonic::B\nfn f() -> tonic::Status { x }\n#[cfg(test)]\nmod tests { use proto::C; }",
            ),
            ("services/catalogue/src/domain/tests.rs", "use proto::D;"),
            ("crates/chassis/src/c.rs", "use ::consulrs::E;"),
        ]);
        assert_eq!(found.len(), 2, "{found:#?}");
        assert!(found[0].starts_with("services/catalogue/src/domain/b.rs:3: imports `tonic`"));
        assert!(found[1].starts_with("crates/chassis/src/c.rs:1: imports `consulrs`"));
    }
}
