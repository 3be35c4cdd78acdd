//! `catctl categories`: the category tree.

use anyhow::Result;
use proto::catalogue::v1::{
    Category, CreateCategoryRequest, DeleteCategoryRequest, ListCategoriesRequest,
    MoveCategoryRequest, UpdateCategoryRequest,
};

use crate::{
    client::Client,
    listing::Listing,
    output::{Output, count, print_value},
    write_args::WriteArgs,
};

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  catctl categories
  catctl categories create Mugs --parent kitchen
  catctl categories rename mugs \"Mugs and cups\"
  catctl categories move mugs --under tableware
  catctl categories delete mugs")]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Create a category
    Create {
        name: String,
        /// Parent category; a root category when omitted
        #[arg(long, value_name = "ID", default_value = "", hide_default_value = true)]
        parent: String,
        /// Generated from the names in its path when omitted
        #[arg(long, default_value = "", hide_default_value = true)]
        id: String,
        /// Sort position among siblings, which are ordered by position, then by name
        #[arg(long, default_value_t, allow_hyphen_values = true)]
        position: i32,
        #[command(flatten)]
        write: WriteArgs,
    },
    /// Rename a category; its id stays
    Rename {
        id: String,
        name: String,
        #[command(flatten)]
        change: ChangeArgs,
    },
    /// Move a category and its descendants
    Move {
        id: String,
        /// The new parent
        #[arg(long, value_name = "ID", required_unless_present = "to_root")]
        under: Option<String>,
        /// Make it a root category
        #[arg(long, conflicts_with = "under")]
        to_root: bool,
        #[command(flatten)]
        change: ChangeArgs,
    },
    /// Delete an empty category
    Delete {
        id: String,
        #[command(flatten)]
        change: ChangeArgs,
    },
}

#[derive(Debug, clap::Args)]
struct ChangeArgs {
    /// Only if this is the category's current etag (see `catctl categories --json`)
    #[arg(long, default_value = "", hide_default_value = true)]
    etag: String,
    #[command(flatten)]
    write: WriteArgs,
}

pub(crate) async fn run(args: Args, client: &Client, output: Output) -> Result<()> {
    match args.command {
        None => list(client, output).await,
        Some(Command::Create { name, parent, id, position, write }) => {
            let category =
                Category { id, name, parent_id: parent, position, ..Category::default() };
            let request = CreateCategoryRequest {
                category: Some(category),
                request_id: write.request_id(),
                validate_only: write.validate_only,
            };
            let call = || async { client.categories().create_category(request.clone()).await };
            let category = client.write(&request.request_id, call).await?;
            print_category("created", &category, &write, output)
        }
        Some(Command::Rename { id, name, change: ChangeArgs { etag, write } }) => {
            let paths = vec!["name".to_owned()];
            let request = UpdateCategoryRequest {
                category: Some(Category { id, name, etag, ..Category::default() }),
                update_mask: Some(pbjson_types::FieldMask { paths }),
                request_id: write.request_id(),
                validate_only: write.validate_only,
            };
            let call = || async { client.categories().update_category(request.clone()).await };
            let category = client.write(&request.request_id, call).await?;
            print_category("renamed", &category, &write, output)
        }
        Some(Command::Move { id, under, to_root: _, change: ChangeArgs { etag, write } }) => {
            let request = MoveCategoryRequest {
                category_id: id,
                parent_id: under.unwrap_or_default(),
                etag,
                request_id: write.request_id(),
                validate_only: write.validate_only,
            };
            let call = || async { client.categories().move_category(request.clone()).await };
            let category = client.write(&request.request_id, call).await?;
            print_category("moved", &category, &write, output)
        }
        Some(Command::Delete { id, change: ChangeArgs { etag, write } }) => {
            let request = DeleteCategoryRequest {
                category_id: id,
                etag,
                request_id: write.request_id(),
                validate_only: write.validate_only,
            };
            let call = || async { client.categories().delete_category(request.clone()).await };
            let category = client.write(&request.request_id, call).await?;
            print_category("deleted", &category, &write, output)
        }
    }
}

async fn list(client: &Client, output: Output) -> Result<()> {
    let request = ListCategoriesRequest::default();
    let response = client.call(client.categories().list_categories(request)).await?;
    let mut listing = Listing::new(output, ["CATEGORY", "ID", "PRODUCTS"]);
    for category in &response.categories {
        listing.add(category, || {
            let indent = "  ".repeat(category.path.len().saturating_sub(1));
            let name = format!("{indent}{}", category.name);
            [name, category.id.clone(), count(category.product_count)]
        })?;
    }
    Ok(listing.finish()?)
}

fn print_category(
    action: &str,
    category: &Category,
    write: &WriteArgs,
    output: Output,
) -> Result<()> {
    write.warn_if_not_applied();
    Ok(print_value(output, category, || {
        let Category { id, name, path, .. } = category;
        let path = if path.is_empty() { name.clone() } else { path.join(" > ") };
        format!("{action} {id}: {path}")
    })?)
}
