//! The form of a product: its fields, and its stock.

use askama::Template;
use axum::{extract::Path, response::Response};
use pbjson_types::FieldMask;
use proto::catalogue::v1::{AdjustStockRequest, GetProductRequest, Product, UpdateProductRequest};
use uuid::Uuid;

use super::{
    super::{links, text},
    Frame,
    fields::{self, Field},
    html, see_other,
    session::{Desk, Submitted},
};
use crate::problem::Problem;

const CONFLICT: &str = "Another has changed this product meanwhile. Nothing was saved: see what is new, \
                        and save again.";

#[derive(Template)]
#[template(path = "desk/editor.html")]
struct Page {
    frame: Frame,
    id: String,
    /// The link to this page.
    href: String,
    shop_href: String,
    etag: String,
    fields: Vec<Field>,
    /// The error in words; may be empty.
    message: String,
    is_conflict: bool,
    /// The skus with their stock: the variants', or the product's own id.
    stock: Vec<(String, i32)>,
}

impl Page {
    fn new(product: &Product, token: String, fields: Vec<Field>) -> Self {
        let variants = product.variants.iter();
        let mut stock: Vec<_> = variants.map(|it| (it.sku.clone(), it.stock_qty)).collect();
        if stock.is_empty() {
            stock.push((product.id.clone(), product.stock_qty));
        }
        Self {
            frame: Frame::new(text::plain(&product.name), token),
            id: product.id.clone(),
            href: href(&product.id),
            shop_href: links::product(&product.id),
            etag: product.etag.clone(),
            fields,
            message: String::new(),
            is_conflict: false,
            stock,
        }
    }
}

fn href(id: &str) -> String {
    format!("/admin/products/{}", links::encode(id))
}

/// `GET /admin/products/{id}`.
pub(super) async fn page(desk: Desk, Path(id): Path<String>) -> Result<Response, Problem> {
    let product = read(&desk, &id).await?;
    let fields = fields::of(&product);
    html(&Page::new(&product, desk.token, fields))
}

/// `POST /admin/products/{id}`: writes the changed fields, unless another user has written
/// meanwhile.
pub(super) async fn save(Path(id): Path<String>, form: Submitted) -> Result<Response, Problem> {
    let mut fields = fields::submitted(&form);
    let etag = form.field("etag").to_owned();
    let mut product = Product { id: id.clone(), etag: etag.clone(), ..Default::default() };
    let mut paths = Vec::new();
    for field in fields.iter_mut().filter(|field| field.is_changed()) {
        match fields::set(&mut product, field) {
            Ok(()) => paths.push(field.name.to_owned()),
            Err(error) => error.clone_into(&mut field.error),
        }
    }
    let desk = form.desk;
    let current = read(&desk, &id).await?;
    if fields.iter().any(|field| !field.error.is_empty()) {
        let page = Page::new(&current, desk.token, fields);
        return html(&Page { etag, message: "Nothing was saved.".to_owned(), ..page });
    }
    if paths.is_empty() {
        return Ok(see_other(&href(&id)));
    }
    let request = UpdateProductRequest {
        product: Some(product),
        update_mask: Some(FieldMask { paths }),
        request_id: Uuid::new_v4().to_string(),
        ..Default::default()
    };
    match desk.upstreams.catalogue().update_product(request).await.map_err(Problem::from) {
        Ok(_) => Ok(see_other(&href(&id))),
        Err(problem) if problem.reason == "ETAG_MISMATCH" => {
            let current = read(&desk, &id).await?;
            fields::merge(&mut fields, &current);
            let page = Page::new(&current, desk.token, fields);
            html(&Page { message: CONFLICT.to_owned(), is_conflict: true, ..page })
        }
        Err(problem) if !problem.errors.is_empty() => {
            fields::refuse(&mut fields, &problem.errors);
            let page = Page::new(&current, desk.token, fields);
            html(&Page { etag, message: problem.detail, ..page })
        }
        Err(problem) => Err(problem),
    }
}

/// `POST /admin/products/{id}/stock`.
pub(super) async fn adjust_stock(
    Path(id): Path<String>,
    form: Submitted,
) -> Result<Response, Problem> {
    let delta = form.field("delta").parse();
    let delta = delta.map_err(|_| Problem::invalid("delta", "is a number, such as -3"))?;
    let sku = Some(form.field("sku")).filter(|sku| *sku != id).unwrap_or_default().to_owned();
    let request = AdjustStockRequest {
        product_id: id.clone(),
        delta,
        sku,
        request_id: Uuid::new_v4().to_string(),
        ..Default::default()
    };
    form.desk.upstreams.stock().adjust_stock(request).await?;
    Ok(see_other(&href(&id)))
}

async fn read(desk: &Desk, id: &str) -> Result<Product, Problem> {
    let request = GetProductRequest { product_id: id.to_owned(), ..Default::default() };
    Ok(desk.upstreams.catalogue().get_product(request).await?.into_inner())
}
