//! The catalogue as clients see it: the real service, on a free port, over gRPC. Here on SQLite;
//! `postgres.rs` has the same tests on PostgreSQL.

mod audit;
mod availability;
mod bad_input;
mod cache;
mod categories;
mod crash;
mod deletion;
mod documents;
mod feed;
mod feed_lists;
mod feed_live;
mod feed_scopes;
mod files;
mod filters;
mod history;
mod import;
mod import_merge;
mod import_options;
mod imports;
mod lifecycle;
mod links;
mod migrate;
mod offers;
mod page_token_keys;
mod pages;
mod products;
mod reservations;
mod revision;
mod sessions;
mod settings;
mod signed;
mod stock;
mod support;
mod tree;
mod undo;
mod undo_race;
mod variants;
mod writes;

const ENGINE: support::Engine = support::Engine::Sqlite;

/// Files whose tests are for one engine must be listed here.
#[test]
fn both_engines_have_the_same_tests() {
    const OF_ONE_ENGINE: [&str; 6] =
        ["cache_replicas", "faults", "files", "overtaken", "replicas", "server"];
    let modules = |source: &'static str| {
        let lines = source.lines().filter_map(|line| line.strip_prefix("mod ")?.strip_suffix(';'));
        lines.filter(|name| !OF_ONE_ENGINE.contains(name)).collect::<Vec<_>>()
    };
    assert_eq!(modules(include_str!("main.rs")), modules(include_str!("postgres.rs")));
}
