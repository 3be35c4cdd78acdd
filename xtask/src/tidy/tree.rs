//! The files of the workspace as the checks see them.

use std::{
    fs,
    ops::Deref,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result};

use super::lexer::{Token, tokens};

/// Paths, relative to the root and with `/`, and contents of the workspace's files. Contents of files
/// that no check reads are left empty.
pub(super) struct Files(Vec<(String, String)>);

/// The same by kind, with Rust split into tokens.
pub(super) struct Tree<'a> {
    /// Rust written by hand.
    pub(super) rust: Vec<RustFile<'a>>,
    pub(super) manifests: Vec<TextFile<'a>>,
    pub(super) markdown: Vec<TextFile<'a>>,
    pub(super) paths: Vec<&'a str>,
}

pub(super) struct TextFile<'a> {
    pub(super) path: &'a str,
    pub(super) text: &'a str,
}

pub(super) struct RustFile<'a> {
    pub(super) path: &'a str,
    pub(super) lines: usize,
    /// Includes comments and tests.
    pub(super) tokens: Vec<Token<'a>>,
}

impl Files {
    /// Reads the workspace at `root`, without build output, data and `.git`.
    ///
    /// # Errors
    /// If a directory or file cannot be read.
    pub(super) fn read(root: &Path) -> Result<Self> {
        let mut files = Vec::new();
        let mut directories = vec![PathBuf::new()];
        while let Some(directory) = directories.pop() {
            let path = root.join(&directory);
            let entries =
                fs::read_dir(&path).with_context(|| format!("reading {}", path.display()))?;
            for entry in entries {
                let entry = entry?;
                let relative = directory.join(entry.file_name());
                let kind = entry.file_type()?;
                if kind.is_dir() && !ignored(&relative, &entry.path()) {
                    directories.push(relative);
                } else if kind.is_file() {
                    let text = contents(&entry.path())?;
                    files.push((relative.to_string_lossy().replace('\\', "/"), text));
                }
            }
        }
        files.sort();
        Ok(Self(files))
    }

    #[cfg(test)]
    pub(super) fn of(files: &[(&str, &str)]) -> Self {
        Self(files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect())
    }
}

impl Deref for Files {
    type Target = [(String, String)];

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

/// Whether a directory holds none of the project's sources: Git's, data, packages of npm, or build output, which Cargo
/// marks with a file.
fn ignored(relative: &Path, path: &Path) -> bool {
    relative == Path::new(".git")
        || relative == Path::new("data")
        || path.ends_with("node_modules")
        || path.join("CACHEDIR.TAG").exists()
}

fn contents(path: &Path) -> Result<String> {
    let read = path.extension().is_some_and(|kind| ["rs", "toml", "md"].iter().any(|k| kind == *k));
    if !read {
        return Ok(String::new());
    }
    fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))
}

impl<'a> Tree<'a> {
    pub(super) fn new(files: &'a Files) -> Self {
        let text = |end: &'static str| {
            let files = files.iter().filter(move |(path, _)| path.ends_with(end));
            files.map(|(path, text)| TextFile { path, text }).collect()
        };
        let by_hand = |path: &str| path.ends_with(".rs") && !path.contains("/generated/");
        let rust = files.iter().filter(|(path, _)| by_hand(path));
        Self {
            rust: rust.map(|(path, text)| RustFile::new(path, text)).collect(),
            manifests: text("Cargo.toml"),
            markdown: text(".md"),
            paths: files.iter().map(|(path, _)| path.as_str()).collect(),
        }
    }
}

impl<'a> RustFile<'a> {
    pub(super) fn new(path: &'a str, text: &'a str) -> Self {
        Self { path, lines: text.lines().count(), tokens: tokens(text) }
    }

    /// Whether the whole file is test code.
    pub(super) fn is_test(&self) -> bool {
        let mut parts = self.path.split('/');
        parts.any(|part| matches!(part, "tests" | "tests.rs" | "benches" | "examples"))
    }

    /// Tokens without comments and without items under `#[cfg(test)]`.
    pub(super) fn product_code(&self) -> Vec<Token<'a>> {
        let code: Vec<Token<'a>> =
            self.tokens.iter().filter(|t| !t.is_comment()).copied().collect();
        let mut kept = Vec::with_capacity(code.len());
        let mut at = 0;
        while at < code.len() {
            let cfg_test = ["#", "[", "cfg", "(", "test", ")", "]"];
            if code[at..].iter().map(|t| t.text).take(7).eq(cfg_test) {
                at = end_of_item(&code, at + 7);
            } else {
                kept.push(code[at]);
                at += 1;
            }
        }
        kept
    }
}

/// Index behind the item that begins at `start`: behind its `;` or its block.
pub(super) fn end_of_item(code: &[Token], start: usize) -> usize {
    let mut depth = 0usize;
    for (at, token) in code.iter().enumerate().skip(start) {
        match token.text {
            "{" | "(" | "[" => depth += 1,
            "}" | ")" | "]" => {
                depth = depth.saturating_sub(1);
                if depth == 0 && token.text == "}" {
                    return at + 1;
                }
            }
            ";" if depth == 0 => return at + 1,
            _ => {}
        }
    }
    code.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn product_code_leaves_tests_and_comments_out() {
        let text = "fn a() {} // why\n#[cfg(test)]\nmod tests { fn b() {} }\n#[cfg(test)]\nuse c;\nfn d() {}";
        let file = RustFile::new("src/lib.rs", text);
        let words: Vec<&str> =
            file.product_code().iter().map(|t| t.text).filter(|t| t.len() == 1).collect();
        assert_eq!(words.concat(), "a(){}d(){}");
    }
}
