//! `catctl get`, `list`, `search`, `create` and `delete`.

use anyhow::{Result, bail};
use proto::catalogue::v1::{
    Attribute, BatchGetProductsRequest, CreateProductRequest, DeleteProductRequest,
    GetProductRequest, ListProductsRequest, Product, SearchRequest, attribute,
};

use crate::{
    output::{Output, Products, clean, price, print_line, table, text, thousands},
    server::Server,
};

/// How many products one call is asked for.
const BATCH: usize = 500;
/// The largest page of search results.
const PAGE: i32 = 100;

/// Shows products by their ids: one in full, several as a list.
pub(crate) async fn get(ids: &[String], server: &Server, output: Output) -> Result<()> {
    if let [id] = ids {
        let request = GetProductRequest { product_id: id.clone(), ..Default::default() };
        let product = server.ask(server.catalogue().get_product(request)).await?;
        return show(&product, output);
    }
    let mut list = Products::new(output);
    let mut missing = Vec::new();
    for ids in ids.chunks(BATCH) {
        let request = BatchGetProductsRequest { product_ids: ids.to_vec(), ..Default::default() };
        let answer = server.ask(server.catalogue().batch_get_products(request)).await?;
        for product in &answer.products {
            list.add(product)?;
        }
        missing.extend(answer.missing_ids);
    }
    list.finish()?;
    if !missing.is_empty() {
        bail!("no such product: {}", missing.join(", "));
    }
    Ok(())
}

/// Lists products as they stream in.
pub(crate) async fn list(
    category: Option<String>,
    limit: Option<i32>,
    server: &Server,
    output: Output,
) -> Result<()> {
    let request = ListProductsRequest {
        page_size: limit.unwrap_or(0),
        category_id: category.unwrap_or_default(),
        page_token: String::new(),
        ..Default::default()
    };
    let mut products = server.ask(server.catalogue().list_products(request)).await?;
    let mut list = Products::new(output);
    loop {
        match products.message().await {
            Ok(Some(product)) => list.add(&product)?,
            Ok(None) => return Ok(list.finish()?),
            Err(status) => {
                list.finish()?;
                return Err(server.explain(&status));
            }
        }
    }
}

/// Finds products by words.
pub(crate) async fn search(
    words: &[String],
    category: Option<String>,
    limit: i32,
    server: &Server,
    output: Output,
) -> Result<()> {
    let mut request = SearchRequest {
        query: words.join(" "),
        category_id: category.unwrap_or_default(),
        ..SearchRequest::default()
    };
    let mut list = Products::new(output);
    let mut shown = 0;
    let total = loop {
        request.page_size = (limit - shown).min(PAGE);
        let answer = server.ask(server.catalogue().search_products(request.clone())).await?;
        let products = answer.results.iter().filter_map(|hit| hit.product.as_ref());
        for product in products.take(usize::try_from(limit - shown).unwrap_or(0)) {
            list.add(product)?;
            shown += 1;
        }
        request.page_token = answer.next_page_token;
        if request.page_token.is_empty() || shown >= limit || answer.results.is_empty() {
            break answer.total_size;
        }
    };
    list.finish()?;
    if output == Output::Table {
        let number = |number: i32| thousands(u64::try_from(number).unwrap_or(0));
        print_line(&format!("{} of {} products", number(shown), number(total)))?;
    }
    Ok(())
}

/// Creates a product and shows it.
pub(crate) async fn create(product: Product, server: &Server, output: Output) -> Result<()> {
    let request = CreateProductRequest { product: Some(product), ..Default::default() };
    let product = server.ask(server.catalogue().create_product(request)).await?;
    show(&product, output)
}

/// Deletes a product and shows what it was.
pub(crate) async fn delete(id: String, server: &Server, output: Output) -> Result<()> {
    let request =
        DeleteProductRequest { product_id: id, etag: String::new(), ..Default::default() };
    let product = server.ask(server.catalogue().delete_product(request)).await?;
    match output {
        Output::Json => show(&product, output),
        Output::Table => {
            let line = format!("deleted {}: {}", product.id, product.name);
            Ok(print_line(&clean(&line))?)
        }
    }
}

fn show(product: &Product, output: Output) -> Result<()> {
    if output == Output::Json {
        return Ok(print_line(&serde_json::to_string_pretty(product)?)?);
    }
    let mut table = table();
    let mut row = |name: &str, value: &str| {
        if !value.is_empty() {
            table.add_row([clean(name), clean(value)]);
        }
    };
    let paths: Vec<String> =
        product.category_paths.iter().map(|path| path.names.join(" > ")).collect();
    row("id", &product.id);
    row("external id", &product.external_id);
    row("name", &product.name);
    row("brand", &product.brand);
    row("price", &price(product));
    row("stock", &product.stock_qty.to_string());
    for (path, id) in paths.iter().zip(&product.category_ids) {
        row("category", &format!("{path}  ({id})"));
    }
    row("labels", &product.labels.join(", "));
    row("description", &product.description);
    for url in &product.image_urls {
        row("image", url);
    }
    for attribute in &product.attributes {
        row(&attribute.name, &attribute_value(attribute));
    }
    row("revision", &product.revision.to_string());
    Ok(print_line(&text(table))?)
}

fn attribute_value(attribute: &Attribute) -> String {
    match &attribute.value {
        None => String::new(),
        Some(attribute::Value::Text(text)) => text.clone(),
        Some(attribute::Value::Flag(flag)) => (if *flag { "yes" } else { "no" }).to_owned(),
        Some(attribute::Value::Number(number)) => {
            format!("{number} {}", attribute.unit).trim_end().to_owned()
        }
    }
}
