//! The file of the page-token keys, so that a replica that starts while the catalogue is away opens the tokens of
//! all replicas.
//!
//! The keys are the catalogue's ([`feed::follow_keys`]); before they have been received once, a key of this
//! replica's own signs, which is kept as well, since tokens that it signed may still be in use.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use anyhow::Context as _;
use page_token::{Key, Keyring, random_key};
use serde::{Deserialize, Serialize};
use tokio::task::spawn_blocking;

use crate::{atomic_file, page_token_key::PageTokenKey};

const FILE: &str = "page-token-keys.json";
/// The only key of earlier versions.
const OWN_FILE: &str = "page-token.key";

/// A shared key in the file.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct StoredKey {
    secret: String,
    /// Microseconds since 1970.
    signs_from: u64,
    opens_until: Option<u64>,
}

/// The keyring of this replica: `given` if an operator has given a key, and the keys of the folder.
///
/// # Errors
/// A file cannot be written. One that is damaged is replaced.
pub(crate) fn open(folder: &Path, given: Option<&PageTokenKey>) -> anyhow::Result<Keyring> {
    let keyring = match given {
        Some(key) => Keyring::overriding(key.0),
        None => Keyring::new(own_key(&folder.join(OWN_FILE))?.0),
    };
    let file = folder.join(FILE);
    match read(&file) {
        Ok(keys) => drop(keyring.replace(keys)),
        Err(error) => {
            let error = format!("{error:#}");
            tracing::error!(error, file = %file.display(), "page token keys damaged; awaiting the catalogue's");
        }
    }
    Ok(keyring)
}

/// Writes the shared keys whenever they change, for ever.
pub(crate) async fn save_changes(keyring: Keyring, folder: PathBuf) {
    let mut changes = keyring.changes();
    // The sender is `keyring`'s.
    while changes.changed().await.is_ok() {
        let (keys, file) = (keyring.shared(), folder.join(FILE));
        let written = spawn_blocking(move || write(&file, &keys)).await;
        if let Ok(Err(error)) = written {
            tracing::warn!(%error, "page token keys not saved: a restart awaits the catalogue's");
        }
    }
}

/// Reads this replica's own key, generating it at the first start.
fn own_key(file: &Path) -> anyhow::Result<PageTokenKey> {
    let damage = match fs::read_to_string(file) {
        Ok(text) => match text.trim().parse() {
            Ok(key) => return Ok(key),
            Err(error) => Some(error),
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => Some(error.into()),
    };
    if let Some(error) = damage {
        let file = file.display();
        tracing::error!(%error, %file, "page token key damaged; tokens that it signed become invalid");
    }
    let key = PageTokenKey(random_key());
    let written = atomic_file::replace(file, key.to_string().as_bytes());
    written.with_context(|| format!("writing {}", file.display()))?;
    Ok(key)
}

fn read(file: &Path) -> anyhow::Result<Vec<Key>> {
    let bytes = match fs::read(file) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error.into()),
    };
    let time = |micros| UNIX_EPOCH.checked_add(Duration::from_micros(micros)).context("a time");
    let stored: Vec<StoredKey> = serde_json::from_slice(&bytes)?;
    let key = |key: StoredKey| {
        Ok(Key {
            secret: key.secret.parse::<PageTokenKey>()?.0,
            signs_from: time(key.signs_from)?,
            opens_until: key.opens_until.map(time).transpose()?,
        })
    };
    stored.into_iter().map(key).collect()
}

fn write(file: &Path, keys: &[Key]) -> io::Result<()> {
    let micros = |time: SystemTime| {
        let since_epoch = time.duration_since(UNIX_EPOCH).unwrap_or_default();
        u64::try_from(since_epoch.as_micros()).unwrap_or(u64::MAX)
    };
    let stored = keys.iter().map(|key| StoredKey {
        secret: PageTokenKey(key.secret).to_string(),
        signs_from: micros(key.signs_from),
        opens_until: key.opens_until.map(micros),
    });
    atomic_file::replace(file, &serde_json::to_vec_pretty(&stored.collect::<Vec<_>>())?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(keyring: &Keyring) -> String {
        keyring.seal("search", "", b"x")
    }

    fn opens(keyring: &Keyring, token: &str) -> bool {
        keyring.open("search", "", token).is_some()
    }

    #[test]
    fn own_and_shared_keys_survive_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        let keyring = open(folder.path(), None).unwrap();
        let own = token(&keyring);
        let shared = vec![Key { secret: [1; 32], signs_from: UNIX_EPOCH, opens_until: None }];
        keyring.replace(shared.clone());
        write(&folder.path().join(FILE), &keyring.shared()).unwrap();
        let again = open(folder.path(), None).unwrap();
        assert_eq!(again.shared(), shared);
        assert!(opens(&again, &own) && opens(&again, &token(&keyring)));
    }

    #[test]
    fn damaged_files_are_replaced() {
        let folder = tempfile::tempdir().unwrap();
        for damaged in [&b""[..], b"short", b"\xff", &[b'x'; 64]] {
            for name in [OWN_FILE, FILE] {
                fs::write(folder.path().join(name), damaged).unwrap();
            }
            let keyring = open(folder.path(), None).unwrap();
            assert!(opens(&open(folder.path(), None).unwrap(), &token(&keyring)));
        }
    }
}
