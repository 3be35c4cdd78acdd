//! The history of a product: changes with author and time, and the way back.

use askama::Template;
use axum::{extract::Path, response::Response};
use pbjson_types::Timestamp;
use proto::catalogue::v1::{
    ListProductRevisionsRequest, Product, ProductDiff, ProductRevision, RevertProductRequest,
};
use serde_json::Value;
use uuid::Uuid;

use super::{
    super::{links, text},
    Frame, html, see_other,
    session::{Desk, Submitted},
};
use crate::problem::Problem;

/// The longest text of a value that is shown, in characters.
const MAX_VALUE: usize = 200;

#[derive(Template)]
#[template(path = "desk/history.html")]
struct Page {
    frame: Frame,
    href: String,
    entries: Vec<Entry>,
}

struct Entry {
    revision: i64,
    kind: String,
    actor: String,
    time: String,
    changes: Vec<FieldChange>,
    is_current: bool,
}

pub(super) struct FieldChange {
    pub(super) name: String,
    pub(super) before: String,
    pub(super) after: String,
}

/// `GET /admin/products/{id}/history`.
pub(super) async fn page(desk: Desk, Path(id): Path<String>) -> Result<Response, Problem> {
    let request = ListProductRevisionsRequest { product_id: id.clone(), ..Default::default() };
    let found = desk.upstreams.catalogue().list_product_revisions(request).await?.into_inner();
    let revisions = found.revisions.into_iter().enumerate();
    let entries = revisions.map(|(index, it)| entry(it, index == 0)).collect();
    let href = format!("/admin/products/{}", links::encode(&id));
    let frame = Frame::new(format!("History of {}", text::plain(&id)), desk.token);
    html(&Page { frame, href, entries })
}

/// `POST /admin/products/{id}/revert`.
pub(super) async fn revert(Path(id): Path<String>, form: Submitted) -> Result<Response, Problem> {
    let revision = form.field("revision").parse();
    let revision = revision.map_err(|_| Problem::invalid("revision", "is a number"))?;
    let request = RevertProductRequest {
        product_id: id.clone(),
        revision,
        request_id: Uuid::new_v4().to_string(),
        ..Default::default()
    };
    form.desk.upstreams.catalogue().revert_product(request).await?;
    Ok(see_other(&format!("/admin/products/{}/history", links::encode(&id))))
}

fn entry(revision: ProductRevision, is_current: bool) -> Entry {
    Entry {
        revision: revision.revision,
        kind: revision.kind().as_str_name().to_lowercase(),
        actor: text::plain(&revision.actor),
        time: revision.change_time.as_ref().map(time).unwrap_or_default(),
        changes: revision.diff.as_ref().map(changes).unwrap_or_default(),
        is_current,
    }
}

pub(super) fn time(timestamp: &Timestamp) -> String {
    let value = serde_json::to_value(timestamp).unwrap_or_default();
    value.as_str().unwrap_or_default().chars().take(19).collect::<String>().replace('T', " ")
}

/// The changes of a product, field by field.
pub(super) fn changes(diff: &ProductDiff) -> Vec<FieldChange> {
    let read = |product: &Option<Product>| serde_json::to_value(product).unwrap_or_default();
    let (before, after) = (read(&diff.before), read(&diff.after));
    let change = |name: &String| {
        let json_name = product_fields::json_name(name);
        let value = |product: &Value| short(&product[&json_name]);
        FieldChange { name: text::heading(name), before: value(&before), after: value(&after) }
    };
    diff.changed_fields.iter().map(change).collect()
}

/// A value in one line.
fn short(value: &Value) -> String {
    let text = match value {
        Value::Null => String::new(),
        Value::String(text) => text::plain(text),
        Value::Array(items) => items.iter().map(short).collect::<Vec<_>>().join(", "),
        other => text::plain(&other.to_string()),
    };
    match text.as_str() {
        "" => "–".to_owned(),
        text => text.chars().take(MAX_VALUE).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn change_has_both_values() {
        let product = |name: &str| Some(Product { name: name.into(), ..Default::default() });
        let diff = ProductDiff {
            changed_fields: vec!["name".into(), "category_ids".into()],
            before: product("Mug"),
            after: Some(Product { category_ids: vec!["k".into()], ..product("Cup").unwrap() }),
        };
        let changes = changes(&diff);
        let change = |at: usize| {
            let FieldChange { name, before, after } = &changes[at];
            format!("{name}: {before} > {after}")
        };
        assert_eq!(change(0), "Name: Mug > Cup");
        assert_eq!(change(1), "Category ids: – > k");
    }
}
