//! Profiles: servers and keys by name, in a file that its owner alone can read.

use std::{
    collections::BTreeMap,
    env, fs,
    io::{ErrorKind, Write as _},
    os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, ensure};
use serde::{Deserialize, Serialize};

/// Name of the profile that is used if none is named.
pub(crate) const DEFAULT: &str = "default";
const MAX_NAME: usize = 64;

/// A server, and how to reach it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Profile {
    pub(crate) server: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) key: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) ca: Option<PathBuf>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) cert: Option<PathBuf>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) cert_key: Option<PathBuf>,
}

/// The file of all profiles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Profiles {
    file: PathBuf,
    content: Content,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Content {
    #[serde(default)]
    profiles: BTreeMap<String, Profile>,
}

impl Profiles {
    /// Reads the profiles of this user; without a file there are none.
    ///
    /// # Errors
    /// The file cannot be read, is damaged, or others can read it.
    pub(crate) fn read() -> Result<Self> {
        match directory() {
            Some(folder) => Self::read_from(folder.join("catctl/config.toml")),
            None => Ok(Self { file: PathBuf::new(), content: Content::default() }),
        }
    }

    fn read_from(file: PathBuf) -> Result<Self> {
        let content = match fs::read_to_string(&file) {
            Err(error) if error.kind() == ErrorKind::NotFound => Content::default(),
            read => {
                let text = read.with_context(|| format!("reading {}", file.display()))?;
                check_mode(&file)?;
                toml::from_str(&text).with_context(|| format!("{} is damaged", file.display()))?
            }
        };
        Ok(Self { file, content })
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Profile> {
        self.content.profiles.get(name)
    }

    /// The profile of this name.
    ///
    /// # Errors
    /// It does not exist.
    pub(crate) fn named(&self, name: &str) -> Result<&Profile> {
        self.get(name).with_context(|| {
            let known: Vec<&str> = self.content.profiles.keys().map(String::as_str).collect();
            let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
            format!("--profile {name}: there is no such profile; `catctl login` makes one (there are: {known})")
        })
    }

    /// Adds or replaces a profile, and writes the file.
    ///
    /// # Errors
    /// The file cannot be written.
    pub(crate) fn set(&mut self, name: &str, profile: Profile) -> Result<()> {
        self.content.profiles.insert(name.to_owned(), profile);
        self.write()
    }

    /// Removes a profile, and writes the file. Returns whether there was one.
    ///
    /// # Errors
    /// The file cannot be written.
    pub(crate) fn remove(&mut self, name: &str) -> Result<bool> {
        let removed = self.content.profiles.remove(name).is_some();
        if removed {
            self.write()?;
        }
        Ok(removed)
    }

    pub(crate) fn file(&self) -> &Path {
        &self.file
    }

    /// Replaces the file by one that only its owner can read, from the first byte on.
    fn write(&self) -> Result<()> {
        let folder = self.file.parent();
        let folder =
            folder.context("neither XDG_CONFIG_HOME nor HOME names a folder for the profiles")?;
        let writing = || format!("writing {}", self.file.display());
        fs::create_dir_all(folder).with_context(writing)?;
        let text = toml::to_string(&self.content).with_context(writing)?;
        let partial = self.file.with_extension(format!("{}.part", std::process::id()));
        let mut options = fs::OpenOptions::new();
        options.write(true).create_new(true).mode(0o600);
        let mut file = options.open(&partial).with_context(writing)?;
        let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
        let replaced = written.and_then(|()| fs::rename(&partial, &self.file));
        if replaced.is_err() {
            fs::remove_file(&partial).ok();
        }
        replaced.with_context(writing)
    }
}

/// Parses the name of a profile.
pub(crate) fn name(text: &str) -> Result<String, String> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    if !(1..=MAX_NAME).contains(&text.len()) || !text.bytes().all(is_plain) {
        return Err(format!("must be 1 to {MAX_NAME} letters, digits or any of -_."));
    }
    Ok(text.to_owned())
}

/// The folder of settings (XDG Base Directory Specification).
fn directory() -> Option<PathBuf> {
    let set = |name: &str| env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    set("XDG_CONFIG_HOME").or_else(|| Some(set("HOME")?.join(".config")))
}

fn check_mode(file: &Path) -> Result<()> {
    let shown = file.display();
    let mode = fs::metadata(file).with_context(|| format!("reading {shown}"))?.permissions().mode();
    ensure!(mode & 0o077 == 0, "others can read {shown}, which has keys: chmod 600 {shown}");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn profiles_are_kept_for_their_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("catctl/config.toml");
        let mut profiles = Profiles::read_from(file.clone()).unwrap();
        assert!(profiles.named("shop").unwrap_err().to_string().contains("catctl login"));
        let key = Some("pck_0_1".to_owned());
        let shop = Profile { server: "https://shop".to_owned(), key, ..Profile::default() };
        profiles.set("shop", shop.clone()).unwrap();
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        let mut read = Profiles::read_from(file.clone()).unwrap();
        assert_eq!(read.named("shop").unwrap(), &shop);
        fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
        let refused = Profiles::read_from(file.clone()).unwrap_err().to_string();
        assert!(refused.contains("chmod 600"), "{refused}");
        assert!(read.remove("shop").unwrap() && !read.remove("shop").unwrap());
        assert_eq!(Profiles::read_from(file.clone()).unwrap().get("shop"), None);
        fs::write(&file, "profiles = 1").unwrap();
        assert!(Profiles::read_from(file).unwrap_err().to_string().contains("damaged"));
        assert!(name("a b").is_err() && name("").is_err() && name("shop-1").is_ok());
    }
}
