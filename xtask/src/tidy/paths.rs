//! Files, modules and items that the documentation names in backticks, and files that it links to, exist.

use std::collections::BTreeSet;

use super::{
    finding::Finding,
    modules::{Crate, crates},
    tree::{TextFile, Tree},
};

/// Directories that exist only after a build or a start.
const MADE_LATER: [&str; 2] = ["target/", "data/"];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let crates = crates(tree);
    let libraries = libraries(tree);
    let mut findings = Vec::new();
    for document in &tree.markdown {
        let mut fenced = false;
        for (index, line) in document.text.lines().enumerate() {
            fenced ^= line.trim_start().starts_with("```");
            if fenced {
                continue;
            }
            let gone = line.split('`').skip(1).step_by(2).filter(|quoted| {
                (is_path(quoted) && !exists(tree, quoted))
                    || (is_item(quoted, &libraries)
                        && !crates.iter().any(|c| names_item(c, quoted)))
            });
            for name in gone {
                let text = format!(
                    "`{name}` does not exist; correct the name, or add an exception if it is no path"
                );
                findings.push(Finding::new(document.path, index + 1, text));
            }
            for link in links(line).filter(|link| !linked(tree, document, link)) {
                findings.push(Finding::new(
                    document.path,
                    index + 1,
                    format!("links to {link}, which does not exist"),
                ));
            }
        }
    }
    findings
}

fn is_path(quoted: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-/*".contains(c);
    let method = quoted.contains(".v1.");
    quoted.contains('/')
        && quoted.chars().all(plain)
        && !quoted.starts_with(['/', '-'])
        && !method
        && !MADE_LATER.iter().any(|later| quoted.starts_with(later))
}

/// Whether a path of the workspace is, ends with, or lies below `quoted`; `*` stands for any rest.
fn exists(tree: &Tree, quoted: &str) -> bool {
    let (wanted, end) = match quoted.split_once('*') {
        Some((before, _)) => (before, ""),
        None => (quoted.trim_end_matches('/'), "/"),
    };
    let wanted = format!("/{wanted}{end}");
    tree.paths.iter().any(|path| format!("/{path}/").contains(&wanted))
}

/// Names of the libraries that the workspace uses, and of Rust's own.
fn libraries<'a>(tree: &Tree<'a>) -> BTreeSet<&'a str> {
    let root = tree
        .manifests
        .iter()
        .find(|manifest| manifest.path == "Cargo.toml")
        .map_or("", |root| root.text);
    let lines = root.lines().filter(|line| !line.contains("path ="));
    lines
        .filter_map(|line| line.split_once(" ="))
        .map(|(name, _)| name)
        .chain(["std", "core", "google"])
        .collect()
}

fn is_item(quoted: &str, libraries: &BTreeSet<&str>) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_:".contains(c);
    let library =
        quoted.split("::").next().map(|first| first.replace('_', "-")).unwrap_or_default();
    quoted.contains("::")
        && quoted.trim_end_matches("()").chars().all(plain)
        && !libraries.contains(library.as_str())
        && !libraries.contains(library.replace('-', "_").as_str())
}

/// Whether a module path ends as `quoted` begins, and defines the rest of it.
fn names_item(of: &Crate, quoted: &str) -> bool {
    let mut segments: Vec<&str> = quoted.trim_end_matches("()").split("::").collect();
    let folder = of.root.trim_end_matches("/src").rsplit('/').next();
    let from_root = folder == Some(segments[0]);
    let items = |segments: &[&str], items: &[&str]| {
        of.modules.iter().any(|(path, module)| {
            let here = if from_root { path == segments } else { path.ends_with(segments) };
            here && items.iter().all(|item| module.has(item))
        })
    };
    if from_root {
        segments.remove(0);
    }
    // The last one or two segments may be an item and something of it.
    (0..=2.min(segments.len())).any(|last| {
        let (path, rest) = segments.split_at(segments.len() - last);
        items(path, rest)
    })
}

fn links(line: &str) -> impl Iterator<Item = &str> {
    let targets = line.split("](").skip(1).filter_map(|rest| rest.split([')', '#']).next());
    targets.filter(|target| !target.is_empty() && !target.contains("://") && !target.contains(' '))
}

fn linked(tree: &Tree, document: &TextFile, link: &str) -> bool {
    let mut place: Vec<&str> = document.path.split('/').collect();
    place.pop();
    for part in link.trim_end_matches('/').split('/') {
        match part {
            "." => {}
            ".." => drop(place.pop()),
            part => place.push(part),
        }
    }
    let target = place.join("/");
    tree.paths.iter().any(|path| {
        path.strip_prefix(&target).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    })
}

#[cfg(test)]
mod tests {
    use super::{super::tree::Files, *};

    #[test]
    fn names_that_do_not_exist_are_found() {
        let docs = "`store/read.rs` `store/gone.rs` `a/tests/api` `crates/*` `/v1/search` `x y/z` `target/debug/a`\n\
            `a::store::read::Row` `store::read` `a::store::gone` `tokio::time` `b::store` `Row::get` `application/json+x`\n\
            ```\n`a/b`\n```\n[a](../crates/a) [b](gone.md#x) [c](https://example.com/d)\n";
        let files = Files::of(&[
            ("Cargo.toml", "a = { path = \"crates/a\" }\ntokio = \"1\"\n"),
            ("crates/a/src/lib.rs", "mod store;"),
            ("crates/a/src/store/mod.rs", ""),
            ("crates/a/src/store/read.rs", "struct Row; impl Row { fn get() {} }"),
            ("crates/a/tests/api/main.rs", ""),
            ("docs/x.md", docs),
        ]);
        let found: Vec<_> = check(&Tree::new(&files)).iter().map(ToString::to_string).collect();
        let names: Vec<_> = found
            .iter()
            .map(|f| f.split(['`', ',']).nth(usize::from(f.contains('`'))).unwrap())
            .collect();
        assert_eq!(
            names,
            ["store/gone.rs", "a::store::gone", "b::store", "docs/x.md:6: links to gone.md"]
        );
    }
}
