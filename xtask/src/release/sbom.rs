//! Bills of materials, as CycloneDX 1.5 (<https://cyclonedx.org/docs/1.5/json/>): the output of `cargo tree` for this
//! platform and these features, with the checksums of `Cargo.lock`. Made here and not by cargo-cyclonedx, which lists
//! the dependencies of all platforms and features.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};

use crate::cargo::{cargo, workspace};

/// A package of `cargo tree`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Component {
    name: String,
    version: String,
    licence: String,
}

/// Writes NAME-VERSION.cdx.json.
pub(super) fn write(out: &Path, name: &str, package: &str, version: &str) -> Result<()> {
    let lock = fs::read_to_string(workspace().join("Cargo.lock")).context("reading Cargo.lock")?;
    let bill = bill(name, version, &components(package)?, &checksums(&lock));
    let path = out.join(format!("{name}-{version}.cdx.json"));
    let text = serde_json::to_string_pretty(&bill)? + "\n";
    fs::write(&path, text).with_context(|| format!("writing {}", path.display()))
}

fn bill(
    name: &str,
    version: &str,
    components: &BTreeSet<Component>,
    checksums: &BTreeMap<(String, String), String>,
) -> Value {
    let components = components.iter().map(|component| {
        let Component { name, version, licence } = component;
        let url = format!("pkg:cargo/{name}@{version}");
        let mut value = json!({
            "type": "library",
            "bom-ref": url,
            "name": name,
            "version": version,
            "purl": url,
            // Older manifests separate alternatives by a slash.
            "licenses": [{ "expression": licence.replace('/', " OR ") }],
        });
        if let Some(checksum) = checksums.get(&(name.clone(), version.clone())) {
            value["hashes"] = json!([{ "alg": "SHA-256", "content": checksum }]);
        }
        value
    });
    json!({
        "$schema": "http://cyclonedx.org/schema/bom-1.5.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {
            "component": { "type": "application", "bom-ref": name, "name": name, "version": version },
        },
        "components": components.collect::<Vec<_>>(),
    })
}

/// The packages that a package is built from.
fn components(package: &str) -> Result<BTreeSet<Component>> {
    let tree = ["tree", "--locked", "--package", package, "--edges=normal", "--prefix=none"];
    let output = cargo(tree).arg("--format={p}|{l}").output().context("starting cargo")?;
    let errors = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "cargo tree: {}", errors.trim());
    let text = String::from_utf8(output.stdout).context("cargo's output is not UTF-8")?;
    let lines = text.lines().skip(1).filter(|line| !line.is_empty());
    lines.map(|line| component(line).with_context(|| format!("cargo tree: {line}"))).collect()
}

/// Parses `name v1.2.3 (source)|licence`, where a repeated package ends in ` (*)`.
fn component(line: &str) -> Option<Component> {
    let (package, licence) = line.split_once('|')?;
    let mut words = package.split(' ');
    let (name, version) = (words.next()?.to_owned(), words.next()?.strip_prefix('v')?.to_owned());
    let licence = licence.trim_end_matches(" (*)").to_owned();
    Some(Component { name, version, licence })
}

/// The checksums of a lock file by name and version.
fn checksums(lock: &str) -> BTreeMap<(String, String), String> {
    let packages = lock.split("[[package]]").skip(1);
    let value = |package: &str, key: &str| {
        let start = format!("{key} = \"");
        let line = package.lines().find_map(|line| line.strip_prefix(&start))?;
        line.strip_suffix('"').map(str::to_owned)
    };
    let row = |package| {
        Some(((value(package, "name")?, value(package, "version")?), value(package, "checksum")?))
    };
    packages.filter_map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bill_lists_what_the_tree_lists_with_checksums_and_licences() {
        let components = components("catalogue").unwrap();
        let lock = fs::read_to_string(workspace().join("Cargo.lock")).unwrap();
        let bill = bill("catalogue", "0.1.0", &components, &checksums(&lock));
        let listed = bill["components"].as_array().unwrap();
        let tree = cargo(["tree", "-p", "catalogue", "-e", "normal", "--prefix", "none"]).output();
        let tree = String::from_utf8(tree.unwrap().stdout).unwrap();
        let names: BTreeSet<_> =
            tree.lines().skip(1).map(|line| line.split(' ').take(2)).map(Vec::from_iter).collect();
        assert_eq!(listed.len(), names.len());
        assert!(listed.len() > 100, "{}", listed.len());
        let find = |name: &str| listed.iter().find(|component| component["name"] == name).unwrap();
        assert_eq!(find("tonic")["licenses"][0]["expression"], "MIT");
        assert_eq!(find("tonic")["hashes"][0]["content"].as_str().unwrap().len(), 64);
        assert_eq!(find("chassis")["hashes"], Value::Null, "ours are not of a registry");
    }

    #[test]
    fn lines_of_the_tree_are_read() {
        let read = component("libc v0.2.1 (*)|MIT/Apache-2.0 (*)").unwrap();
        assert_eq!((read.name.as_str(), read.version.as_str()), ("libc", "0.2.1"));
        assert_eq!(read.licence, "MIT/Apache-2.0");
        assert!(component("no version").is_none());
    }
}
