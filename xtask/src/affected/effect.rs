//! The effect of a change of one file.

use super::Graph;

/// The effect of a change of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Effect {
    Nothing,
    /// A package, and its dependents.
    Package(String),
    /// How the system is deployed, but no program.
    Deployment,
    /// The content that all images share.
    Images,
    Everything,
}

/// Files and directories, the first that matches counts; a directory ends in a slash.
const KNOWN: [(&str, Effect); 16] = [
    ("docs/", Effect::Nothing),
    (".devcontainer/", Effect::Nothing),
    (".editorconfig", Effect::Nothing),
    (".gitignore", Effect::Nothing),
    ("ARCHITECTURE.md", Effect::Nothing),
    ("CHANGELOG.md", Effect::Nothing),
    ("CONTRIBUTING.md", Effect::Nothing),
    ("LICENSE", Effect::Nothing),
    ("README.md", Effect::Nothing),
    ("SECURITY.md", Effect::Nothing),
    ("proto/", Effect::Everything),
    ("deploy/images/", Effect::Images),
    (".dockerignore", Effect::Images),
    ("deploy/", Effect::Deployment),
    ("examples/", Effect::Deployment),
    ("deny.toml", Effect::Nothing),
];

impl Effect {
    /// A file, by its path from the root. Everything, if its place says nothing.
    pub(super) fn of(file: &str, graph: &Graph) -> Self {
        let matches =
            |place: &str| file == place || place.ends_with('/') && file.starts_with(place);
        let known =
            KNOWN.iter().find(|(place, _)| matches(place)).map(|(_, effect)| effect.clone());
        let package = || graph.package_of(file).map(|name| Self::Package(name.to_owned()));
        known.or_else(package).unwrap_or(Self::Everything)
    }
}
