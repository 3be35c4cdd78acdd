//! Changelogs, from the subjects of commits: `area: effect`.

use std::{collections::BTreeSet, fs, path::Path};

use anyhow::{Context as _, Result};

use crate::git;

/// Areas that concern every program.
const SHARED: [&str; 1] = ["proto"];

/// Writes CHANGELOG-NAME.md: the commits since the last tag of this program whose area it is built from.
pub(super) fn write(
    out: &Path,
    name: &str,
    packages: &BTreeSet<&str>,
    version: &str,
) -> Result<()> {
    let last = git::last_tag(&format!("{name}-v"));
    let subjects = git::subjects(last.as_deref())?;
    let path = out.join(format!("CHANGELOG-{name}.md"));
    let text = text(name, version, last.as_deref(), subjects.iter().map(String::as_str), packages);
    fs::write(&path, text).with_context(|| format!("writing {}", path.display()))
}

fn text<'a>(
    name: &str,
    version: &str,
    last: Option<&str>,
    subjects: impl Iterator<Item = &'a str>,
    packages: &BTreeSet<&str>,
) -> String {
    let since = last.map_or_else(|| "the first release".to_owned(), |tag| format!("since {tag}"));
    let mut text = format!("# {name} {version}\n\nChanges {since}, newest first.\n\n");
    for subject in subjects.filter(|subject| concerns(subject, name, packages)) {
        text += &format!("- {subject}\n");
    }
    text
}

/// Whether one of a subject's areas is among the packages: `server, catalogue: one place for Host`.
fn concerns(subject: &str, name: &str, packages: &BTreeSet<&str>) -> bool {
    let Some((areas, _)) = subject.split_once(": ") else { return false };
    areas.split(", ").any(|area| area == name || packages.contains(area) || SHARED.contains(&area))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changelog_has_what_a_program_is_built_from() {
        let subjects = [
            "server, search: cheap refusals",
            "catalogue: rows can name parts",
            "gateway: one name for the alias",
            "docs: say how it was measured",
            "a subject without an area",
            "proto: a field for weights",
        ];
        let packages = BTreeSet::from(["catalogue", "server"]);
        let text =
            text("catalogue", "0.2.0", Some("catalogue-v0.1.0"), subjects.into_iter(), &packages);
        assert_eq!(
            text,
            "# catalogue 0.2.0\n\nChanges since catalogue-v0.1.0, newest first.\n\n\
             - server, search: cheap refusals\n- catalogue: rows can name parts\n\
             - proto: a field for weights\n"
        );
    }
}
