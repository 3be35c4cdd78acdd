//! Manifests: everything common is inherited from the workspace, with dependencies sorted and used.
//!
//! Read by lines, since the form is part of the rule: a dependency is one line.

use std::collections::BTreeSet;

use super::{
    finding::Finding,
    tree::{TextFile, Tree},
};

const ROOT: &str = "Cargo.toml";
/// Manifests of programs that are released one by one, each under its version.
const RELEASED: [&str; 4] = [
    "crates/cli/Cargo.toml",
    "services/catalogue/Cargo.toml",
    "services/gateway/Cargo.toml",
    "services/search/Cargo.toml",
];
const INHERITED: [&str; 5] = ["version", "edition", "rust-version", "license", "publish"];

/// A line `key = value` of a manifest, outside of lists.
struct Entry<'a> {
    section: &'a str,
    key: &'a str,
    value: &'a str,
    line: usize,
}

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut used = BTreeSet::new();
    for manifest in tree.manifests.iter().filter(|manifest| manifest.path != ROOT) {
        let entries = entries(manifest.text);
        check_member(manifest, &entries, &mut findings);
        used.extend(
            entries.iter().filter(|e| e.section.ends_with("dependencies")).map(Entry::name),
        );
    }
    if let Some(root) = tree.manifests.iter().find(|manifest| manifest.path == ROOT) {
        check_root(root, &used, &mut findings);
    }
    findings
}

fn check_member(manifest: &TextFile, entries: &[Entry], findings: &mut Vec<Finding>) {
    let has = |section: &str, key: &str, value: &str| {
        entries.iter().any(|e| (e.section, e.key, e.value) == (section, key, value))
    };
    for field in INHERITED {
        let is_own = field == "version" && RELEASED.contains(&manifest.path);
        if !is_own && !has("package", &format!("{field}.workspace"), "true") {
            let text = format!("`{field}` is not inherited; write `{field}.workspace = true`");
            findings.push(Finding::new(manifest.path, 1, text));
        }
    }
    if !has("lints", "workspace", "true") {
        let text = "the lints are not inherited; write `[lints]` and `workspace = true`";
        findings.push(Finding::new(manifest.path, 1, text));
    }
    for entry in entries {
        let table = entry.section.contains("dependencies.");
        let inherits = (entry.key.ends_with(".workspace") && entry.value == "true")
            || entry.value.contains("workspace = true");
        if table || (entry.section.ends_with("dependencies") && !inherits) {
            let text = format!(
                "`{}` is not inherited; move its version to [workspace.dependencies], write `workspace = true`",
                entry.key
            );
            findings.push(Finding::new(manifest.path, entry.line, text));
        }
    }
}

/// Checks that dependencies are sorted, with the workspace's crates before others, and used.
fn check_root(root: &TextFile, used: &BTreeSet<&str>, findings: &mut Vec<Finding>) {
    let entries = entries(root.text);
    let dependencies: Vec<_> =
        entries.iter().filter(|e| e.section == "workspace.dependencies").collect();
    let order = |entry: &Entry| (!entry.value.contains("path ="), entry.key.to_owned());
    for pair in dependencies.windows(2) {
        if order(pair[0]) > order(pair[1]) {
            let text = format!(
                "`{}` stands behind `{}`; sort by name, crates of the workspace first",
                pair[1].key, pair[0].key
            );
            findings.push(Finding::new(root.path, pair[1].line, text));
        }
    }
    for entry in dependencies.iter().filter(|entry| !used.contains(entry.key)) {
        findings.push(Finding::new(
            root.path,
            entry.line,
            format!("no member uses `{}`; remove it", entry.key),
        ));
    }
}

impl<'a> Entry<'a> {
    /// The key without `.workspace`.
    fn name(&self) -> &'a str {
        self.key.strip_suffix(".workspace").unwrap_or(self.key)
    }
}

fn entries(text: &str) -> Vec<Entry<'_>> {
    let mut entries = Vec::new();
    let mut section = "";
    let mut in_list = false;
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        if in_list {
            in_list = !line.starts_with(']');
        } else if let Some(name) = line.strip_prefix('[') {
            section = name.trim_matches(['[', ']']);
        } else if let Some((key, value)) = line.split_once('=').filter(|_| !line.starts_with('#')) {
            in_list = value.trim_end().ends_with('[');
            entries.push(Entry { section, key: key.trim(), value: value.trim(), line: index + 1 });
        }
    }
    entries
}

#[cfg(test)]
mod tests {
    use super::{super::tree::Files, *};

    const PACKAGE: &str = "[package]\nname = \"a\"\nversion.workspace = true\nedition.workspace = true\n\
        rust-version.workspace = true\nlicense.workspace = true\npublish.workspace = true\n[lints]\nworkspace = true\n";

    fn found(root: &str, member: &str) -> Vec<String> {
        let files = Files::of(&[("Cargo.toml", root), ("crates/a/Cargo.toml", member)]);
        check(&Tree::new(&files)).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn inheriting_manifest_passes() {
        let root = "[workspace.dependencies]\nz = { path = \"crates/z\" }\n\n# Why.\nb = \"1\"\n";
        let member = format!(
            "{PACKAGE}[dependencies]\nb.workspace = true\n[dev-dependencies]\nz = {{ workspace = true, features = [\"x\"] }}\n"
        );
        assert_eq!(found(root, &member), [] as [String; 0]);
    }

    #[test]
    fn only_released_programs_have_a_version_of_their_own() {
        let member =
            PACKAGE.replace("version.workspace = true\nedition", "version = \"2.0.0\"\nedition");
        let found = |path: &str| {
            let files = Files::of(&[("Cargo.toml", ""), (path, &member)]);
            check(&Tree::new(&files)).len()
        };
        assert_eq!((found("services/search/Cargo.toml"), found("crates/a/Cargo.toml")), (0, 1));
    }

    #[test]
    fn own_versions_and_fields_are_found() {
        let member = PACKAGE
            .replace("edition.workspace = true", "edition = \"2021\"")
            .replace("[lints]\nworkspace = true\n", "");
        let found = found(
            "",
            &format!(
                "{member}[target.'cfg(unix)'.dependencies]\nb = \"1\"\n[dependencies.c]\nversion = \"1\"\n"
            ),
        );
        assert_eq!(found.len(), 4, "{found:#?}");
        assert!(found[0].contains("`edition` is not inherited"));
        assert!(found[1].contains("lints"));
        assert!(found[2].starts_with("crates/a/Cargo.toml:9: `b`"));
    }

    #[test]
    fn unsorted_and_unused_dependencies_are_found() {
        let root = "[workspace.dependencies]\nc = \"1\"\nb = \"1\"\na = { path = \"crates/a\" }\n";
        let found = found(
            root,
            &format!("{PACKAGE}[dependencies]\na.workspace = true\nc.workspace = true\n"),
        );
        assert_eq!(found.len(), 3, "{found:#?}");
        assert!(found[0].starts_with("Cargo.toml:3: `b` stands behind `c`"));
        assert!(found[2].starts_with("Cargo.toml:3: no member uses `b`"));
    }
}
