//! Options of products that a full file does not name, and what is printed of them.

use anyhow::{Result, anyhow};
use import::{
    MissingAction, MissingError, MissingLimit, MissingPolicy, MissingProducts, NamedProducts,
    TakenOut,
};

use crate::{
    client::Client,
    output::{print_line, sanitize, thousands, warn},
};

#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Products that the file does not name")]
pub(crate) struct MissingArgs {
    /// How to treat them, if the file has all products
    #[arg(long = "missing", value_name = "ACTION", default_value = "keep")]
    action: MissingAction,
    /// Archive and delete none if they are more than this: a number, or a share of all such as 10%
    #[arg(long = "missing-limit", value_name = "LIMIT", default_value = "10%")]
    limit: MissingLimit,
    /// Only products that match, such as 'brand = "Acme"', if the file has all of these
    #[arg(
        long = "missing-within",
        value_name = "FILTER",
        default_value = "",
        hide_default_value = true
    )]
    within: String,
}

/// The file's statement about missing products.
pub(crate) struct Missing<'a> {
    pub(crate) named: &'a NamedProducts,
    /// When the import began, in seconds since 1970.
    pub(crate) begun: i64,
    pub(crate) import_id: &'a str,
}

impl MissingArgs {
    /// Whether the products that the file names have to be collected.
    pub(crate) fn is_needed(&self) -> bool {
        self.policy().is_needed()
    }

    /// Archives or deletes the products that the file does not name, and returns their number. Products
    /// that were created since the import began stay.
    ///
    /// # Errors
    /// The file does not show which products are missing, they are more than the limit, or the server fails.
    pub(crate) async fn apply(
        &self,
        Missing { named, begun, import_id }: Missing<'_>,
        client: &Client,
        dry_run: bool,
    ) -> Result<u64> {
        let policy = self.policy();
        if !policy.is_needed() {
            return Ok(0);
        }
        let found = policy.find(named, begun, client).await;
        let found = found.map_err(|error| self.to_error(error, client))?;
        let missing = found.count();
        show(&found)?;
        if dry_run {
            return Ok(missing);
        }
        let taken_out = policy.take_out(found, import_id, client).await;
        let TakenOut(done) = taken_out.map_err(|error| self.to_error(error, client))?;
        if done < missing {
            warn(&format!("{} missing products were changed meanwhile and stay", missing - done));
        }
        Ok(done)
    }

    fn policy(&self) -> MissingPolicy {
        let Self { action, limit, within } = self.clone();
        MissingPolicy { action, limit, within }
    }

    fn to_error(&self, error: MissingError, client: &Client) -> anyhow::Error {
        let what = if self.action == MissingAction::Delete { "deleted" } else { "archived" };
        match error {
            MissingError::UnknownRows(rows) => anyhow!(
                "{} rows of the file do not say which product they are of, so that it may have what \
                 seems to be missing: nothing was {what}. Mend them and import the whole file again",
                thousands(rows)
            ),
            MissingError::TooMany { missing, all, limit } => anyhow!(
                "the file lacks {} of {} products, more than {limit}: it may have been cut off, and \
                 nothing was {what}. If it is right, --missing-limit {missing} allows it",
                thousands(missing),
                thousands(all),
            ),
            MissingError::Failed(status) => client.to_error(&status),
        }
    }
}

fn show(found: &MissingProducts) -> Result<()> {
    for (id, name) in &found.shown {
        print_line(&sanitize(&format!("missing in the file  {id}  {name}")))?;
    }
    let more = found.count() - found.shown.len() as u64;
    if more > 0 {
        print_line(&format!("... and {} more", thousands(more)))?;
    }
    Ok(())
}
