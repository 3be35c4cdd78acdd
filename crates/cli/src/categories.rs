//! `catctl categories`: the tree that products are sorted into.

use anyhow::Result;
use proto::catalogue::v1::{
    Category, CreateCategoryRequest, DeleteCategoryRequest, ListCategoriesRequest,
    MoveCategoryRequest, UpdateCategoryRequest,
};

use crate::{
    caller::Write,
    edit::note,
    output::{Output, answer, clean, print_line, table, text, thousands},
    server::Server,
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
        /// Below this one; without it, a root
        #[arg(long, value_name = "ID", default_value = "", hide_default_value = true)]
        parent: String,
        /// Without one it is given one made from its names
        #[arg(long, default_value = "", hide_default_value = true)]
        id: String,
        /// Siblings are shown by position, then by name
        #[arg(long, default_value_t, allow_hyphen_values = true)]
        position: i32,
        #[command(flatten)]
        write: Write,
    },
    /// Give a category another name; its id stays
    Rename {
        id: String,
        name: String,
        #[command(flatten)]
        change: Change,
    },
    /// Put a category, with all that is below it, somewhere else
    Move {
        id: String,
        /// The new parent
        #[arg(long, value_name = "ID", required_unless_present = "to_root")]
        under: Option<String>,
        /// Make it a root
        #[arg(long, conflicts_with = "under")]
        to_root: bool,
        #[command(flatten)]
        change: Change,
    },
    /// Delete a category that nothing is in
    Delete {
        id: String,
        #[command(flatten)]
        change: Change,
    },
}

#[derive(Debug, clap::Args)]
struct Change {
    /// Only if this is the category's etag now (`catctl categories --json` shows it)
    #[arg(long, default_value = "", hide_default_value = true)]
    etag: String,
    #[command(flatten)]
    write: Write,
}

/// Shows the tree, or changes it.
pub(crate) async fn run(args: Args, server: &Server, output: Output) -> Result<()> {
    match args.command {
        None => list(server, output).await,
        Some(Command::Create { name, parent, id, position, write }) => {
            let category =
                Category { id, name, parent_id: parent, position, ..Category::default() };
            let request = CreateCategoryRequest {
                category: Some(category),
                request_id: write.request_id(),
                validate_only: write.validate_only,
            };
            let call = || async { server.categories().create_category(request.clone()).await };
            let category = server.write(&request.request_id, call).await?;
            tell("created", &category, &write, output)
        }
        Some(Command::Rename { id, name, change: Change { etag, write } }) => {
            let paths = vec!["name".to_owned()];
            let request = UpdateCategoryRequest {
                category: Some(Category { id, name, etag, ..Category::default() }),
                update_mask: Some(pbjson_types::FieldMask { paths }),
                request_id: write.request_id(),
                validate_only: write.validate_only,
            };
            let call = || async { server.categories().update_category(request.clone()).await };
            let category = server.write(&request.request_id, call).await?;
            tell("renamed", &category, &write, output)
        }
        Some(Command::Move { id, under, to_root: _, change: Change { etag, write } }) => {
            let request = MoveCategoryRequest {
                category_id: id,
                parent_id: under.unwrap_or_default(),
                etag,
                request_id: write.request_id(),
                validate_only: write.validate_only,
            };
            let call = || async { server.categories().move_category(request.clone()).await };
            let category = server.write(&request.request_id, call).await?;
            tell("moved", &category, &write, output)
        }
        Some(Command::Delete { id, change: Change { etag, write } }) => {
            let request = DeleteCategoryRequest {
                category_id: id,
                etag,
                request_id: write.request_id(),
                validate_only: write.validate_only,
            };
            let call = || async { server.categories().delete_category(request.clone()).await };
            let category = server.write(&request.request_id, call).await?;
            tell("deleted", &category, &write, output)
        }
    }
}

async fn list(server: &Server, output: Output) -> Result<()> {
    let request = ListCategoriesRequest::default();
    let answer = server.ask(server.categories().list_categories(request)).await?;
    if output == Output::Json {
        for category in &answer.categories {
            print_line(&serde_json::to_string(category)?)?;
        }
        return Ok(());
    }
    let mut table = table();
    table.set_header(["CATEGORY", "ID", "PRODUCTS"]);
    for category in &answer.categories {
        let depth = category.path.len().saturating_sub(1);
        let name = format!("{}{}", "  ".repeat(depth), clean(&category.name));
        let count = thousands(u64::try_from(category.product_count).unwrap_or(0));
        table.add_row([name, clean(&category.id), count]);
    }
    Ok(print_line(&text(table))?)
}

fn tell(what: &str, category: &Category, write: &Write, output: Output) -> Result<()> {
    note(write);
    Ok(answer(output, category, || {
        let path = match category.path.is_empty() {
            true => category.name.clone(),
            false => category.path.join(" > "),
        };
        format!("{what} {}: {path}", category.id)
    })?)
}
