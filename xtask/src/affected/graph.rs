//! The packages of the workspace, and which uses which.

use std::collections::BTreeSet;

use anyhow::{Context as _, Result, ensure};
use serde::Deserialize;

use crate::cargo::{cargo, workspace};

/// The packages of the workspace.
#[derive(Debug)]
pub(crate) struct Graph {
    packages: Vec<Package>,
}

#[derive(Debug)]
struct Package {
    name: String,
    version: String,
    /// Its directory, from the root, with a slash at its end.
    dir: String,
    uses: Vec<String>,
    /// Of its tests only.
    tests_use: Vec<String>,
}

/// The part of `cargo metadata` that is read.
#[derive(Deserialize)]
struct Metadata {
    packages: Vec<MetadataPackage>,
}

#[derive(Deserialize)]
struct MetadataPackage {
    name: String,
    version: String,
    manifest_path: String,
    dependencies: Vec<MetadataDependency>,
}

#[derive(Deserialize)]
struct MetadataDependency {
    name: String,
    kind: Option<String>,
    /// Of packages of the workspace.
    path: Option<String>,
}

impl Graph {
    /// Reads the manifests.
    ///
    /// # Errors
    /// If cargo fails.
    pub(crate) fn of_workspace() -> Result<Self> {
        let output = cargo(["metadata", "--no-deps", "--format-version=1"])
            .output()
            .context("starting cargo")?;
        let errors = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "cargo metadata: {}", errors.trim());
        let metadata: Metadata =
            serde_json::from_slice(&output.stdout).context("reading cargo's metadata")?;
        let packages = metadata.packages.into_iter().map(Package::read).collect::<Result<_>>()?;
        Ok(Self { packages })
    }

    /// The names of all packages.
    pub(crate) fn names(&self) -> BTreeSet<&str> {
        self.packages.iter().map(|package| package.name.as_str()).collect()
    }

    /// The version of a package.
    pub(crate) fn version(&self, name: &str) -> Option<&str> {
        let package = self.packages.iter().find(|package| package.name == name);
        package.map(|package| package.version.as_str())
    }

    /// The package that a file belongs to.
    pub(crate) fn package_of(&self, file: &str) -> Option<&str> {
        let owner = self.packages.iter().find(|package| file.starts_with(&package.dir));
        owner.map(|package| package.name.as_str())
    }

    /// A package and its dependencies within the workspace, direct or not.
    pub(crate) fn uses<'a>(&'a self, name: &'a str) -> BTreeSet<&'a str> {
        let mut found = BTreeSet::new();
        let mut open = vec![name];
        while let Some(name) = open.pop() {
            if found.insert(name) {
                let package = self.packages.iter().find(|package| package.name == name);
                open.extend(package.into_iter().flat_map(|it| it.uses.iter().map(String::as_str)));
            }
        }
        found
    }

    /// The packages with tests that a change of these packages touches.
    pub(crate) fn tested_by(&self, changed: &BTreeSet<&str>) -> BTreeSet<&str> {
        let touched = |package: &&Package| {
            let roots = package.tests_use.iter().chain([&package.name]);
            roots.into_iter().any(|root| !self.uses(root).is_disjoint(changed))
        };
        self.packages.iter().filter(touched).map(|package| package.name.as_str()).collect()
    }
}

impl Package {
    fn read(package: MetadataPackage) -> Result<Self> {
        let manifest = std::path::Path::new(&package.manifest_path);
        let dir = manifest.parent().and_then(|dir| dir.strip_prefix(workspace()).ok());
        let dir = dir.with_context(|| format!("{} is not in the workspace", package.name))?;
        let ours = package.dependencies.into_iter().filter(|dependency| dependency.path.is_some());
        let (tests, uses): (Vec<_>, Vec<_>) =
            ours.partition(|dependency| dependency.kind.as_deref() == Some("dev"));
        let names = |all: Vec<MetadataDependency>| all.into_iter().map(|it| it.name).collect();
        Ok(Self {
            name: package.name,
            version: package.version,
            dir: format!("{}/", dir.display()),
            uses: names(uses),
            tests_use: names(tests),
        })
    }
}
