//! Modules of one folder do not import each other in a circle, neither directly nor through modules below them.
//!
//! Imports between a module and its parent do not count: the parent lists and re-exports its children.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::{
    finding::Finding,
    modules::{Crate, crates},
    tree::Tree,
};

/// For each module of a folder, the modules beside it that it imports, with the place of one import.
type Graph<'a> = BTreeMap<&'a str, BTreeMap<&'a str, (&'a str, usize)>>;

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for found in crates(tree) {
        for (folder, graph) in graphs(&found) {
            let folder = [&[found.root], folder.as_slice()].concat().join("/");
            findings.extend(circles(&graph).iter().map(|circle| finding(&folder, &graph, circle)));
        }
    }
    findings
}

fn graphs<'a>(of: &Crate<'a>) -> BTreeMap<Vec<&'a str>, Graph<'a>> {
    let mut graphs: BTreeMap<Vec<&str>, Graph> = BTreeMap::new();
    for (path, module) in &of.modules {
        for import in &module.imports {
            let Some(target) = of.resolve(path, &import.segments) else { continue };
            let common = path.iter().zip(&target.module).take_while(|(a, b)| a == b).count();
            if let (Some(from), Some(to)) = (path.get(common), target.module.get(common)) {
                let graph = graphs.entry(path[..common].to_vec()).or_default();
                graph.entry(from).or_default().entry(to).or_insert((module.file, import.line));
            }
        }
    }
    graphs
}

/// Sets of modules that all reach each other.
fn circles<'a>(graph: &Graph<'a>) -> Vec<BTreeSet<&'a str>> {
    let reached: BTreeMap<&str, BTreeSet<&str>> =
        graph.keys().map(|from| (*from, reach(graph, from))).collect();
    let mut circles: Vec<BTreeSet<&str>> = Vec::new();
    for (from, to) in reached.iter().filter(|(from, to)| to.contains(*from)) {
        if !circles.iter().any(|circle| circle.contains(from)) {
            circles.push(
                to.iter()
                    .copied()
                    .filter(|other| reached.get(other).is_some_and(|back| back.contains(from)))
                    .collect(),
            );
        }
    }
    circles
}

fn reach<'a>(graph: &Graph<'a>, from: &str) -> BTreeSet<&'a str> {
    let mut reached = BTreeSet::new();
    let mut open: Vec<&str> =
        graph.get(from).into_iter().flat_map(BTreeMap::keys).copied().collect();
    while let Some(next) = open.pop() {
        if reached.insert(next) {
            open.extend(graph.get(next).into_iter().flat_map(BTreeMap::keys));
        }
    }
    reached
}

/// Names the modules of a circle, and the shortest way around it with the place of each import.
fn finding(folder: &str, graph: &Graph, circle: &BTreeSet<&str>) -> Finding {
    let ways = circle.iter().filter_map(|start| way_around(graph, start));
    let way = ways.min_by_key(Vec::len).unwrap_or_default();
    let steps: Vec<String> = way
        .windows(2)
        .map(|step| {
            let (file, line) = graph[step[0]][step[1]];
            format!(
                "{} imports {} ({}:{line})",
                step[0],
                step[1],
                file.trim_start_matches(folder).trim_start_matches('/')
            )
        })
        .collect();
    let names: Vec<&str> = circle.iter().copied().collect();
    let (file, line) = graph[way[0]][way[1]];
    let text = format!(
        "circle of imports in {folder}: {}; {}; move what they share into a module of its own",
        names.join(" "),
        steps.join(", ")
    );
    Finding::new(file, line, text)
}

fn way_around<'a>(graph: &Graph<'a>, start: &'a str) -> Option<Vec<&'a str>> {
    let mut ways = VecDeque::from([vec![start]]);
    let mut seen = BTreeSet::new();
    while let Some(way) = ways.pop_front() {
        for next in graph.get(way.last()?).into_iter().flat_map(BTreeMap::keys) {
            let longer = [way.as_slice(), &[*next]].concat();
            if *next == start {
                return Some(longer);
            }
            if seen.insert(*next) {
                ways.push_back(longer);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{super::tree::Files, *};

    #[test]
    fn circle_is_found_through_a_folder_and_a_reexport() {
        let files = Files::of(&[
            ("crates/a/src/lib.rs", "mod b; mod c; mod d;"),
            ("crates/a/src/b.rs", "use crate::c::Name;\nuse crate::d;"),
            ("crates/a/src/c/mod.rs", "mod inner; pub(crate) use inner::Name;"),
            ("crates/a/src/c/inner.rs", "pub(crate) struct Name; fn f() { crate::b::g() }"),
            ("crates/a/src/d.rs", "#[cfg(test)] mod tests { use crate::b; }"),
        ]);
        let found: Vec<_> = check(&Tree::new(&files)).iter().map(ToString::to_string).collect();
        assert_eq!(found.len(), 1, "{found:#?}");
        let text = "crates/a/src/b.rs:1: circle of imports in crates/a/src: b c; b imports c (b.rs:1), c imports b (c/inner.rs:1)";
        assert!(found[0].starts_with(text), "{}", found[0]);
    }

    #[test]
    fn parent_and_child_are_no_circle() {
        let files = Files::of(&[
            ("crates/a/src/lib.rs", "mod b;"),
            ("crates/a/src/b/mod.rs", "mod c; use c::D; struct E;"),
            ("crates/a/src/b/c.rs", "use super::E; struct D;"),
        ]);
        assert_eq!(check(&Tree::new(&files)), []);
    }
}
