//! `catctl login` and `catctl logout`: profiles.

use std::io::{self, BufRead as _, IsTerminal as _};

use anyhow::{Context as _, Result};
use proto::catalogue::v1::GetWatermarkRequest;

use crate::{
    client::Client,
    credential::Credential,
    exit::Kind,
    output::warn,
    profile::{Profile, Profiles},
    target::Target,
};

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  catctl login https://shop.example             asks for the key
  catctl login --profile test http://10.0.0.7:8080 < key.txt
  catctl --profile test status
  catctl logout --profile test

The key is checked, and stored in $XDG_CONFIG_HOME/catctl/config.toml, which only you can read. The
profile `default` is used without --profile. A stored key is sent to the server of its profile
alone.")]
pub(crate) struct Login {
    /// Address of the gateway
    #[arg(value_name = "SERVER")]
    address: Option<String>,
}

/// Checks the key at the server, and stores both.
pub(crate) async fn login(
    args: Login,
    name: &str,
    target: Target,
    connect: impl FnOnce(&Target) -> Result<Client>,
) -> Result<()> {
    let server = args.address.unwrap_or_else(|| target.server.clone());
    let key = match target.key.clone() {
        Some(key) => key,
        None => read_key()?,
    };
    let target = Target { server, key: Some(key.clone()), ..target };
    let client = connect(&target)?;
    client.call(client.feed().get_watermark(GetWatermarkRequest {})).await?;
    let Target { server, tls, .. } = target;
    let profile = Profile {
        server,
        key: Some(key.text().to_owned()),
        ca: tls.ca,
        cert: tls.cert,
        cert_key: tls.cert_key,
    };
    let mut profiles = Profiles::read()?;
    profiles.set(name, profile)?;
    warn(&format!("profile {name} stored in {}", profiles.file().display()));
    Ok(())
}

/// Removes the profile.
pub(crate) fn logout(name: &str) -> Result<()> {
    let mut profiles = Profiles::read()?;
    if !profiles.remove(name)? {
        return Err(Kind::NotFound.error(format!("there is no profile {name}")));
    }
    warn(&format!(
        "profile {name} removed; its key stays valid until it is revoked (catctl key revoke)"
    ));
    Ok(())
}

/// Reads the key from the terminal, without showing it, or from standard input.
fn read_key() -> Result<Credential> {
    let text = if io::stdin().is_terminal() {
        rpassword::prompt_password("Key: ").context("reading the key")?
    } else {
        let mut line = String::new();
        io::stdin().lock().read_line(&mut line).context("reading the key from standard input")?;
        line
    };
    Credential::parse(text.trim()).map_err(|rule| Kind::Usage.error(format!("the key {rule}")))
}
