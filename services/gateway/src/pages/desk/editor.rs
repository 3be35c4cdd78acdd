//! The form of a product: its fields, and its stock.

use askama::Template;
use axum::{
    extract::{Path, Query},
    response::Response,
};
use contract::Scope;
use pbjson_types::FieldMask;
use proto::catalogue::v1::{AdjustStockRequest, GetProductRequest, Product, UpdateProductRequest};
use uuid::Uuid;

use super::{
    super::{Locale, links, text},
    Frame,
    fields::{self, Changes, FormView},
    form_words::{Messages, words},
    html, see_other,
    session::{Desk, Submitted},
};
use crate::problem::Problem;

#[derive(Template)]
#[template(path = "desk/editor.html")]
struct Page {
    frame: Frame,
    words: &'static Messages,
    id: String,
    /// The link to this page, with the variants that it shows.
    href: String,
    /// The link to the product's page at the desk.
    product_href: String,
    shop_href: String,
    etag: String,
    form: FormView,
    /// The error in words; may be empty.
    message: String,
    is_conflict: bool,
    /// The skus with their stock: the variants', or the product's own id.
    stock: Vec<(String, i32)>,
}

/// The variants that the form has.
#[derive(Default, Clone, Copy, serde::Deserialize)]
#[serde(default)]
pub(super) struct Window {
    /// Number of the first one, from 1.
    variant: usize,
}

impl Window {
    fn first(self) -> usize {
        self.variant.saturating_sub(1)
    }
}

/// A product with what its form needs.
struct Editor<'a> {
    desk: &'a Desk,
    locale: Locale,
    window: Window,
    with_costs: bool,
    id: String,
}

impl<'a> Editor<'a> {
    fn new(desk: &'a Desk, locale: Locale, window: Window, id: String) -> Self {
        let with_costs = desk.upstreams.require(Scope::ReadCosts).is_ok();
        Self { desk, locale, window, with_costs, id }
    }

    async fn read(&self) -> Result<Product, Problem> {
        let request = GetProductRequest {
            product_id: self.id.clone(),
            show_costs: self.with_costs,
            ..Default::default()
        };
        Ok(self.desk.upstreams.catalogue().get_product(request).await?.into_inner())
    }

    fn form(&self, product: &Product) -> FormView {
        FormView::of(product, words(self.locale), self.with_costs, self.window.first())
    }

    fn page(&self, product: &Product, form: FormView) -> Page {
        let variants = product.variants.iter();
        let mut stock: Vec<_> = variants.map(|it| (it.sku.clone(), it.stock_qty)).collect();
        if stock.is_empty() {
            stock.push((product.id.clone(), product.stock_qty));
        }
        let frame = Frame::new(text::plain(&product.name), self.desk.token.clone());
        Page {
            frame: Frame { locale: self.locale, ..frame },
            words: words(self.locale),
            id: product.id.clone(),
            href: self.href(),
            product_href: href(&product.id),
            shop_href: links::product(&product.id),
            etag: product.etag.clone(),
            form,
            message: String::new(),
            is_conflict: false,
            stock,
        }
    }

    fn href(&self) -> String {
        match self.window.variant {
            0 => href(&self.id),
            number => format!("{}?variant={number}", href(&self.id)),
        }
    }

    /// The page after another has changed the product.
    async fn conflict(&self, form: &FormView) -> Result<Response, Problem> {
        let current = self.read().await?;
        let page = self.page(&current, self.form(&current).merge(form));
        html(&Page { message: page.words.conflict.to_owned(), is_conflict: true, ..page })
    }
}

fn href(id: &str) -> String {
    format!("/admin/products/{}", links::encode(id))
}

/// `GET /admin/products/{id}`.
pub(super) async fn page(
    desk: Desk,
    locale: Locale,
    Path(id): Path<String>,
    Query(window): Query<Window>,
) -> Result<Response, Problem> {
    let editor = Editor::new(&desk, locale, window, id);
    let product = editor.read().await?;
    html(&editor.page(&product, editor.form(&product)))
}

/// `POST /admin/products/{id}`: writes the changed fields, unless another user has written meanwhile.
pub(super) async fn save(
    Path(id): Path<String>,
    locale: Locale,
    Query(window): Query<Window>,
    submitted: Submitted,
) -> Result<Response, Problem> {
    let etag = submitted.field("etag").to_owned();
    let words = words(locale);
    let editor = Editor::new(&submitted.desk, locale, window, id);
    let current = editor.read().await?;
    let mut form = editor.form(&current).submitted(&submitted);
    let Changes { product, paths, completes } = form.changes(&current, words);
    if form.fields().any(|field| !field.error.is_empty()) {
        let page = editor.page(&current, form);
        return html(&Page { etag, message: words.nothing_saved.to_owned(), ..page });
    }
    if paths.is_empty() {
        return Ok(see_other(&editor.href()));
    }
    if completes && etag != current.etag {
        return editor.conflict(&form).await;
    }
    let sent = Product { id: editor.id.clone(), etag: etag.clone(), ..product };
    let request = UpdateProductRequest {
        product: Some(sent.clone()),
        update_mask: Some(FieldMask { paths }),
        request_id: Uuid::new_v4().to_string(),
        ..Default::default()
    };
    let updated = editor.desk.upstreams.catalogue().update_product(request).await;
    match updated.map_err(Problem::from) {
        Ok(_) => Ok(see_other(&editor.href())),
        Err(problem) if problem.reason == "ETAG_MISMATCH" => editor.conflict(&form).await,
        Err(problem) if !problem.errors.is_empty() => {
            fields::refuse(&mut form, &problem.errors, &sent);
            let page = editor.page(&current, form);
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
