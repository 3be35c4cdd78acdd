//! `catctl key`: API keys.

use std::time::Duration;

use anyhow::Result;
use proto::catalogue::v1::{
    CreateKeyRequest, CreatedKey, Key, ListKeysRequest, RevokeKeyRequest, RotateKeyRequest,
    RotatePageTokenKeyRequest,
};

use crate::{
    client::Client,
    duration::lifetime,
    listing::Listing,
    output::{Output, format_time, print_value, warn},
};

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  catctl key create --name 'price import' --scope write:products --expires 90d
  catctl key list
  catctl key rotate 0123456789ab --overlap 1d
  catctl key revoke 0123456789ab
  catctl key rotate-page-tokens

Scopes: read (always held), read:drafts, read:history, read:costs, read:queries, write:products,
write:categories, write:stock, admin:search, admin:keys, read:audit,
read:ops, admin:audit.

The first key is made with the secret of the services: catctl --key \"$(cat FILE)\" key create ...")]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Create a key, and print it: it is not shown again
    Create {
        /// Name of its purpose; the actor of its writes
        #[arg(long)]
        name: String,
        /// Scope that it permits; may be given several times
        #[arg(long, value_name = "SCOPE", required = true)]
        scope: Vec<String>,
        /// When it expires, such as 12h or 90d; never when omitted
        #[arg(long, value_name = "TIME", value_parser = lifetime)]
        expires: Option<Duration>,
    },
    /// List keys, the newest first
    List {
        /// Include those that are revoked or have expired
        #[arg(long)]
        all: bool,
    },
    /// End a key at once
    Revoke { id: String },
    /// Sign page tokens with a new key, in every replica of every service
    RotatePageTokens {
        /// How long tokens of the earlier keys stay valid, such as 1h or 7d; 0s refuses them at once
        #[arg(long, value_name = "TIME", value_parser = lifetime_or_none, default_value = "1d")]
        overlap: Duration,
    },
    /// Replace a key by a new one; both are valid for a while
    Rotate {
        id: String,
        /// How long the old key stays valid, such as 1h or 7d
        #[arg(long, value_name = "TIME", value_parser = lifetime, default_value = "1h")]
        overlap: Duration,
    },
}

pub(crate) async fn run(args: Args, client: &Client, output: Output) -> Result<()> {
    let mut keys = client.keys();
    match args.command {
        Command::Create { name, scope, expires } => {
            let ttl = expires.map(duration_message);
            let request = CreateKeyRequest { name, scopes: scope, ttl };
            print_created(&client.call(keys.create_key(request)).await?, output)
        }
        Command::Rotate { id, overlap } => {
            let request = RotateKeyRequest { key_id: id, overlap: Some(duration_message(overlap)) };
            print_created(&client.call(keys.rotate_key(request)).await?, output)
        }
        Command::RotatePageTokens { overlap } => {
            let request = RotatePageTokenKeyRequest { overlap: Some(duration_message(overlap)) };
            let response = client.call(keys.rotate_page_token_key(request)).await?;
            let time = |time: &Option<_>| time.as_ref().map(format_time).unwrap_or_default();
            let (signs, ends) = (time(&response.sign_time), time(&response.previous_expire_time));
            print_value(output, &response, || {
                format!(
                    "the new key signs from {signs}; tokens of earlier ones are valid until {ends}"
                )
            })?;
            Ok(())
        }
        Command::List { all } => {
            let request = ListKeysRequest { show_ended: all };
            list(client.call(keys.list_keys(request)).await?.keys, output)
        }
        Command::Revoke { id } => {
            let key = client.call(keys.revoke_key(RevokeKeyRequest { key_id: id })).await?;
            print_value(output, &key, || format!("revoked {} ({})", key.id, key.name))?;
            Ok(())
        }
    }
}

fn print_created(created: &CreatedKey, output: Output) -> Result<()> {
    // On standard error: standard output is the key alone, for `$(catctl key create ...)`.
    if output == Output::Table
        && let Some(key) = &created.key
    {
        warn(&format!("made {} ({}); keep the key, it is not shown again", key.id, key.name));
    }
    print_value(output, created, || created.text.clone())?;
    Ok(())
}

fn list(keys: Vec<Key>, output: Output) -> Result<()> {
    let mut listing = Listing::new(
        output,
        ["ID", "NAME", "SCOPES", "CREATED", "EXPIRES", "REVOKED", "LAST USED"],
    );
    for key in keys {
        let times = [&key.create_time, &key.expire_time, &key.revoke_time, &key.last_use_time];
        let [created, expires, revoked, used] =
            times.map(|time| time.as_ref().map(format_time).unwrap_or_default());
        let (id, name, scopes) = (key.id.clone(), key.name.clone(), key.scopes.join(" "));
        listing.add(&key, || [id, name, scopes, created, expires, revoked, used])?;
    }
    Ok(listing.finish()?)
}

/// A lifetime, or `0s`.
fn lifetime_or_none(text: &str) -> std::result::Result<Duration, String> {
    if text == "0s" { Ok(Duration::ZERO) } else { lifetime(text) }
}

fn duration_message(duration: Duration) -> pbjson_types::Duration {
    let seconds = i64::try_from(duration.as_secs()).unwrap_or(i64::MAX);
    pbjson_types::Duration { seconds, nanos: 0 }
}
