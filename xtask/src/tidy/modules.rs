//! The modules of each crate and the paths by which they name one another.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    lexer::Token,
    tree::{RustFile, Tree},
};

/// A path in code, or one leaf of a `use`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Import<'a> {
    pub(super) segments: Vec<&'a str>,
    /// The name that a `use` binds; `None` for other paths.
    pub(super) name: Option<&'a str>,
    pub(super) line: usize,
}

#[derive(Default)]
pub(super) struct Module<'a> {
    pub(super) file: &'a str,
    pub(super) imports: Vec<Import<'a>>,
    /// Names of its items, and of their associated functions and constants.
    defined: BTreeSet<&'a str>,
}

/// Modules of one library or program, by their path in it; the root's is empty.
pub(super) struct Crate<'a> {
    /// Directory of the root module.
    pub(super) root: &'a str,
    pub(super) modules: BTreeMap<Vec<&'a str>, Module<'a>>,
}

/// A resolved path: the module that defines its item, or is its end.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Target<'a> {
    pub(super) module: Vec<&'a str>,
    is_module: bool,
}

/// Re-exports of re-exports are followed this far.
const MAX_REEXPORTS: usize = 3;

/// The crates of the workspace, without tests.
pub(super) fn crates<'a>(tree: &Tree<'a>) -> Vec<Crate<'a>> {
    let mut crates: BTreeMap<&str, Crate> = BTreeMap::new();
    for file in tree.rust.iter().filter(|file| !file.is_test()) {
        let Some((root, path)) = place(file.path) else { continue };
        let found = crates.entry(root).or_insert_with(|| Crate { root, modules: BTreeMap::new() });
        let module = found.modules.entry(path).or_default();
        module.read(file);
    }
    crates.into_values().collect()
}

/// Root directory of the crate that a file belongs to, and its module path there.
fn place(path: &str) -> Option<(&str, Vec<&str>)> {
    let src = path.find("/src/")? + "/src".len();
    let program = path[src..].strip_prefix("/bin/").and_then(|rest| rest.find('/'));
    let root = program.map_or(src, |len| src + "/bin/".len() + len);
    let mut modules: Vec<&str> = path[root + 1..].strip_suffix(".rs")?.split('/').collect();
    if matches!(modules.last(), Some(&("mod" | "lib" | "main"))) {
        modules.pop();
    }
    Some((&path[..root], modules))
}

impl<'a> Module<'a> {
    fn read(&mut self, file: &RustFile<'a>) {
        let code = file.product_code();
        self.file = file.path;
        self.imports.extend(imports(&code));
        let defines =
            ["fn", "struct", "enum", "trait", "type", "const", "static", "mod", "macro_rules"];
        let after = code.windows(3).filter(|words| defines.contains(&words[0].text));
        self.defined
            .extend(after.map(|words| words[if words[1].text == "!" { 2 } else { 1 }].text));
    }

    /// Whether it defines or imports `name`.
    pub(super) fn has(&self, name: &str) -> bool {
        self.defined.contains(name) || self.imports.iter().any(|import| import.name == Some(name))
    }
}

impl<'a> Crate<'a> {
    /// The module that defines what `segments` name in `module`; `None` if it is not of this crate.
    pub(super) fn resolve(&self, module: &[&'a str], segments: &[&'a str]) -> Option<Target<'a>> {
        self.resolve_within(module, segments, MAX_REEXPORTS)
    }

    fn resolve_within(
        &self,
        module: &[&'a str],
        segments: &[&'a str],
        depth: usize,
    ) -> Option<Target<'a>> {
        let (first, rest) = segments.split_first()?;
        match *first {
            "crate" => self.walk(vec![], rest, depth),
            "self" => self.walk(module.to_vec(), rest, depth),
            "super" => self.walk(module.split_last()?.1.to_vec(), rest, depth),
            name if self.modules.contains_key(&child(module, name)) => {
                self.walk(module.to_vec(), segments, depth)
            }
            _ => None,
        }
    }

    fn walk(&self, module: Vec<&'a str>, segments: &[&'a str], depth: usize) -> Option<Target<'a>> {
        let Some((&first, rest)) = segments.split_first().filter(|(first, _)| **first != "*")
        else {
            return Some(Target { module, is_module: true });
        };
        if first == "super" {
            return self.walk(module.split_last()?.1.to_vec(), rest, depth);
        }
        let below = child(&module, first);
        if self.modules.contains_key(&below) {
            return self.walk(below, rest, depth);
        }
        let this = self.modules.get(&module)?;
        let depth = depth.checked_sub(1)?;
        if let Some(import) = this.imports.iter().find(|import| import.name == Some(first)) {
            let target = self.resolve_within(&module, &import.segments, depth)?;
            return if target.is_module {
                self.walk(target.module, rest, depth)
            } else {
                Some(target)
            };
        }
        let globs = this.imports.iter().filter(|import| import.name == Some("*"));
        let mut behind =
            globs.filter_map(|glob| self.resolve_within(&module, &glob.segments, depth));
        let defines = |target: &Target| {
            self.modules.get(&target.module).is_some_and(|m| m.defined.contains(first))
        };
        let target = if this.defined.contains(first) { None } else { behind.find(defines) };
        Some(Target { module: target.map_or(module, |target| target.module), is_module: false })
    }
}

fn child<'a>(module: &[&'a str], name: &'a str) -> Vec<&'a str> {
    [module, &[name]].concat()
}

/// All paths with `::` and all leaves of `use`.
pub(super) fn imports<'a>(code: &[Token<'a>]) -> Vec<Import<'a>> {
    let mut imports = Vec::new();
    let mut inline = InlineModules::default();
    let mut at = 0;
    while at < code.len() {
        inline.pass(code, at);
        let begin = imports.len();
        let follows_path = at > 0 && code[at - 1].text == "::" && at > 1 && code[at - 2].is_word();
        if code[at].text == "use" {
            at += 1;
            use_tree(code, &mut at, &[], &mut imports);
        } else if code[at].is_word()
            && !follows_path
            && code.get(at + 1).is_some_and(|t| t.text == "::")
        {
            imports.push(path(code, &mut at));
        } else {
            at += 1;
        }
        imports[begin..].iter_mut().for_each(|import| inline.lift(&mut import.segments));
    }
    imports
}

fn path<'a>(code: &[Token<'a>], at: &mut usize) -> Import<'a> {
    let line = code[*at].line;
    let mut segments = vec![code[*at].text];
    *at += 1;
    while let [colons, word, ..] = &code[*at..]
        && colons.text == "::"
        && word.is_word()
    {
        segments.push(word.text);
        *at += 2;
    }
    Import { segments, name: None, line }
}

fn use_tree<'a>(
    code: &[Token<'a>],
    at: &mut usize,
    prefix: &[&'a str],
    imports: &mut Vec<Import<'a>>,
) {
    let begin = *at;
    let mut segments = prefix.to_vec();
    let mut alias = None;
    let line = code.get(*at).map_or(0, |token| token.line);
    while let Some(token) = code.get(*at).filter(|token| !matches!(token.text, ";" | "," | "}")) {
        *at += 1;
        match token.text {
            "{" => {
                use_tree(code, at, &segments, imports);
                while code.get(*at).is_some_and(|token| token.text == ",") {
                    *at += 1;
                    use_tree(code, at, &segments, imports);
                }
                *at += 1;
                return;
            }
            "as" => {
                alias = code.get(*at).map(|token| token.text);
                *at += 1;
            }
            "::" => {}
            word => segments.push(word),
        }
    }
    if segments.len() > 1 && segments.last() == Some(&"self") {
        segments.pop();
    }
    let name = alias.or(segments.last().copied());
    if *at > begin {
        imports.push(Import { segments, name, line });
    }
}

/// The modules written as blocks around a place: their `super` is still in the file.
#[derive(Default)]
struct InlineModules {
    depth: usize,
    opened_at: Vec<usize>,
}

impl InlineModules {
    fn pass(&mut self, code: &[Token], at: usize) {
        match code[at].text {
            "{" => {
                self.depth += 1;
                if at > 1 && code[at - 2].text == "mod" {
                    self.opened_at.push(self.depth);
                }
            }
            "}" => {
                if self.opened_at.last() == Some(&self.depth) {
                    self.opened_at.pop();
                }
                self.depth = self.depth.saturating_sub(1);
            }
            _ => {}
        }
    }

    /// Rewrites a path for the module of the file.
    fn lift(&self, segments: &mut Vec<&str>) {
        let above = segments.iter().take_while(|segment| **segment == "super").count();
        let inside = above.min(self.opened_at.len());
        segments.drain(..inside);
        if inside > 0 && inside == above {
            segments.insert(0, "self");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::tree::Files, *};

    fn parsed(text: &str) -> Vec<String> {
        let file = RustFile::new("src/lib.rs", text);
        imports(&file.product_code()).iter().map(|import| import.segments.join("::")).collect()
    }

    #[test]
    fn use_trees_and_paths_are_read() {
        assert_eq!(
            parsed("use a::{self, b as c, d::{e, f::*},};"),
            ["a", "a::b", "a::d::e", "a::d::f::*"]
        );
        assert_eq!(
            parsed("fn f() -> Vec<a::B> { crate::c::d(::e::f, g.h) }"),
            ["a::B", "crate::c::d", "e::f"]
        );
        assert_eq!(
            parsed("mod a { use super::b; use super::super::c; use e::f; } use super::d;"),
            ["self::b", "super::c", "e::f", "super::d"]
        );
    }

    #[test]
    fn paths_are_followed_through_reexports() {
        let files = Files::of(&[
            ("crates/a/src/lib.rs", "mod one; mod two;"),
            (
                "crates/a/src/one/mod.rs",
                "mod leaf; mod wide; pub(crate) use leaf::Leaf; pub(crate) use wide::*; struct Own;",
            ),
            ("crates/a/src/one/leaf.rs", "pub(crate) struct Leaf;"),
            ("crates/a/src/one/wide.rs", "pub(crate) fn wide() {}"),
            ("crates/a/src/two.rs", ""),
        ]);
        let tree = Tree::new(&files);
        let crates = crates(&tree);
        let resolve = |path: &[&'static str]| {
            crates[0].resolve(&["two"], path).map(|target| target.module.join("::"))
        };
        assert_eq!(resolve(&["crate", "one", "Leaf"]).as_deref(), Some("one::leaf"));
        assert_eq!(resolve(&["super", "one", "wide"]).as_deref(), Some("one::wide"));
        assert_eq!(resolve(&["super", "one", "Own"]).as_deref(), Some("one"));
        assert_eq!(resolve(&["std", "fmt"]), None);
    }
}
