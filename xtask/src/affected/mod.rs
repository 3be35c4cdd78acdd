//! `cargo xtask affected`: which services, images and tests a change touches.

mod effect;
mod graph;

use std::collections::BTreeSet;

use anyhow::Result;
use serde::Serialize;

use self::effect::Effect;
pub(crate) use self::graph::Graph;
use crate::{git, service::Service, term};

/// Packages with tests that start the programs of others, which cargo does not know.
const STARTS_PROGRAMS: [&str; 3] = ["bench", "chaos", "testkit"];
/// Packages with tests that deploy the system.
const DEPLOYS: [&str; 2] = ["chaos", "testkit"];
/// Name of the group of these.
const SYSTEM: &str = "system";
/// The program of operators, which these tests start as well.
const CLI: &str = "cli";

/// Print which services, images and tests the changes since a commit touch
///
/// Each line is `name=JSON`, as a workflow's outputs are. Unknown files touch everything.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Commit to compare with: where this branch left it
    #[arg(long, value_name = "REF")]
    base: String,
}

/// The services, images and tests that a change touches.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
struct Affected {
    /// Services with a changed program.
    services: Vec<String>,
    /// Services with a changed image.
    images: Vec<String>,
    /// Groups of packages to test.
    tests: Vec<Group>,
}

/// Packages that are tested in one job.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Group {
    name: String,
    /// Options of cargo that select them.
    packages: String,
}

/// Runs `cargo xtask affected`.
///
/// # Errors
/// If git or cargo fails.
pub(crate) fn run(args: &Args) -> Result<()> {
    let files = git::changed_files(&args.base)?;
    let affected = Affected::by(&files, &Graph::of_workspace()?);
    let Affected { services, images, tests } = &affected;
    for (name, json) in [
        ("services", serde_json::to_string(services)?),
        ("images", serde_json::to_string(images)?),
        ("tests", serde_json::to_string(tests)?),
    ] {
        term::line(&format!("{name}={json}"));
    }
    Ok(())
}

impl Affected {
    /// The effect of a change of these files.
    fn by(files: &[String], graph: &Graph) -> Self {
        let effects: Vec<_> = files.iter().map(|file| Effect::of(file, graph)).collect();
        if effects.contains(&Effect::Everything) {
            return Self::new(graph, &graph.names(), true);
        }
        let packages = effects.iter().filter_map(|effect| match effect {
            Effect::Package(name) => Some(name.as_str()),
            _ => None,
        });
        let mut affected = Self::new(graph, &packages.collect(), effects.contains(&Effect::Images));
        let is_deployment = |effect| matches!(effect, &Effect::Deployment | &Effect::Images);
        let is_tested = |group: &Group| group.name == SYSTEM;
        if effects.iter().any(is_deployment) && !affected.tests.iter().any(is_tested) {
            affected.tests.extend(groups(&DEPLOYS.into()));
        }
        affected
    }

    fn new(graph: &Graph, changed: &BTreeSet<&str>, all_images: bool) -> Self {
        let names = Service::ALL.map(Service::name);
        let is_changed = |program: &str| !graph.uses(program).is_disjoint(changed);
        let services: Vec<_> = names.into_iter().filter(|name| is_changed(name)).collect();
        let images = if all_images { names.to_vec() } else { services.clone() };
        let mut tested = graph.tested_by(changed);
        if !services.is_empty() || is_changed(CLI) {
            tested.extend(STARTS_PROGRAMS);
        }
        let owned = |names: Vec<&str>| names.into_iter().map(str::to_owned).collect();
        Self { services: owned(services), images: owned(images), tests: groups(&tested) }
    }
}

/// Groups the packages: each service by itself, the tests of the whole system, and the rest.
fn groups(tested: &BTreeSet<&str>) -> Vec<Group> {
    let is_service = |name: &str| Service::ALL.iter().any(|service| service.name() == name);
    let group = |name: &str, packages: Vec<&str>| {
        let packages: Vec<_> = packages.iter().map(|package| format!("-p {package}")).collect();
        (!packages.is_empty())
            .then(|| Group { name: name.to_owned(), packages: packages.join(" ") })
    };
    let is_system = |name: &str| STARTS_PROGRAMS.contains(&name);
    let services = tested.iter().filter(|name| is_service(name));
    let mut groups: Vec<_> = services.filter_map(|name| group(name, vec![name])).collect();
    let system = tested.iter().copied().filter(|name| is_system(name)).collect();
    let rest = tested.iter().copied().filter(|name| !is_system(name) && !is_service(name));
    groups.extend(group(SYSTEM, system));
    groups.extend(group("crates", rest.collect()));
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Services, images and groups of tests that a change of these files touches.
    fn affected(files: &[&str]) -> [String; 3] {
        let files: Vec<_> = files.iter().map(|&file| file.to_owned()).collect();
        let Affected { services, images, tests } =
            Affected::by(&files, &Graph::of_workspace().unwrap());
        let tests: Vec<_> = tests.into_iter().map(|group| group.name).collect();
        [services.join(" "), images.join(" "), tests.join(" ")]
    }

    /// The packages that are tested for a change of this file.
    fn tested(file: &str) -> String {
        let graph = Graph::of_workspace().unwrap();
        let groups = Affected::by(&[file.to_owned()], &graph).tests;
        groups.into_iter().map(|group| group.packages).collect::<Vec<_>>().join(" ")
    }

    const ALL: &str = "catalogue search gateway";
    const ALL_TESTS: &str = "catalogue gateway search system crates";

    #[test]
    fn documentation_touches_nothing() {
        let nothing = ["", "", ""];
        assert_eq!(affected(&["README.md", "docs/feed.md", "docs/images/product.png"]), nothing);
    }

    #[test]
    fn the_contract_touches_everything() {
        assert_eq!(affected(&["proto/search/v1/search.proto"]), [ALL, ALL, ALL_TESTS]);
    }

    #[test]
    fn a_dependency_or_the_compiler_touches_everything() {
        for file in ["Cargo.lock", "rust-toolchain.toml", ".cargo/config.toml", "unheard-of"] {
            assert_eq!(affected(&[file]), [ALL, ALL, ALL_TESTS], "{file}");
        }
    }

    #[test]
    fn a_service_touches_itself_and_the_tests_of_the_whole() {
        let changed = affected(&["services/catalogue/src/main.rs"]);
        assert_eq!(changed, ["catalogue", "catalogue", "catalogue system"]);
    }

    #[test]
    fn two_services_are_two_groups() {
        let files = ["services/search/src/page.rs", "services/gateway/templates/page.html"];
        let both = ["search gateway", "search gateway", "gateway search system"];
        assert_eq!(affected(&files), both);
    }

    #[test]
    fn a_crate_touches_the_services_that_use_it() {
        // The gateway uses it through the client of the feed.
        let [services, ..] = affected(&["crates/page_token/src/lib.rs"]);
        assert_eq!(services, ALL);
        let [services, ..] = affected(&["crates/telemetry/src/lib.rs"]);
        assert_eq!(services, ALL);
    }

    #[test]
    fn what_only_the_cli_uses_touches_no_service() {
        let [services, images, tests] = affected(&["crates/cli/src/lib.rs"]);
        assert_eq!([services, images], ["", ""]);
        assert_eq!(tests, "system crates");
        assert!(tested("crates/cli/src/lib.rs").contains("-p cli"));
        // The gateway imports and exports files as well.
        let [services, ..] = affected(&["crates/import/src/lib.rs"]);
        assert_eq!(services, "gateway");
    }

    #[test]
    fn what_tests_use_touches_their_packages_and_no_service() {
        let [services, images, tests] = affected(&["crates/testkit/src/wait.rs"]);
        assert_eq!([services, images], ["", ""]);
        assert_eq!(tests, "catalogue gateway system crates");
        assert!(tested("crates/testkit/src/wait.rs").contains("-p upstream"));
    }

    #[test]
    fn what_images_are_made_of_touches_all_images_and_no_service() {
        assert_eq!(affected(&["deploy/images/Containerfile"]), ["", ALL, "system"]);
        assert_eq!(affected(&[".dockerignore"])[1], ALL);
    }

    #[test]
    fn a_manifest_of_deployment_touches_its_tests() {
        assert_eq!(affected(&["deploy/kubernetes/base/search.yaml"]), ["", "", "system"]);
    }

    #[test]
    fn this_tool_touches_its_own_tests() {
        assert_eq!(affected(&["xtask/src/ps.rs", "LICENSE"]), ["", "", "crates"]);
        assert_eq!(tested("xtask/src/ps.rs"), "-p xtask");
    }
}
