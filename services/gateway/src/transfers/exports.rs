//! `GET /v1/exports`: products as a file, by the engine that `catctl export` has (the crate `export`), streamed.

use std::{
    fs::File,
    io::{Seek as _, SeekFrom, Write},
};

use async_stream::try_stream;
use axum::{
    body::Body,
    extract::State,
    response::{IntoResponse as _, Response},
};
use bytes::Bytes;
use export::{Columns, ExportWriter, Format, Layout, NoPlace, Shop, System, shop};
use futures::{Stream, StreamExt as _};
use http::{HeaderName, StatusCode, Uri, header};
use proto::catalogue::v1::{ExportProductsRequest, ExportProductsResponse};
use tokio::{sync::OwnedSemaphorePermit, task::spawn_blocking};
use tokio_util::io::ReaderStream;
use tonic::Streaming;

use crate::{
    contract as methods, json::Params, parameter, problem::Problem, state::AppState,
    upstreams::Upstreams,
};

const EXPORT: &str = "/catalogue.v1.TransferService/ExportProducts";
/// Bytes that are read at once of a file that was made as a whole.
const CHUNK: usize = 64 << 10;
pub(super) async fn export(
    State(state): State<AppState>,
    upstreams: Upstreams,
    uri: Uri,
) -> Result<Response, Problem> {
    upstreams.authorize(methods::method(EXPORT).expect("the contract has it"))?;
    let known = [
        "format",
        "columns",
        "withStock",
        "withCosts",
        "as",
        "shopUrl",
        "seller",
        "country",
        "filter",
        "categoryId",
        "showDeleted",
        "minRevision",
    ];
    let params = Params::parse(&uri, &known)?;
    for name in known.iter().filter(|name| **name != "columns") {
        if params.values(&[*name]).len() > 1 {
            return Err(Problem::invalid(*name, "is given more than once"));
        }
    }
    let (format, layout) = form(&params)?;
    let request = ExportProductsRequest {
        category_id: one(&params, "categoryId").to_owned(),
        filter: one(&params, "filter").to_owned(),
        min_revision: one(&params, "minRevision").to_owned(),
        show_deleted: flag(&params, "showDeleted")?,
        // The catalogue refuses them to those who may not see them.
        show_costs: flag(&params, "withCosts")? || layout.has_costs(),
    };
    // A file that may have no place for a product is made first, so that a client learns of it.
    let is_whole = format == Format::Xlsx || layout.may_lack_place();
    let place = is_whole.then(|| state.whole_files.take_place()).transpose()?;
    let batches = upstreams.transfer().export_products(request).await?.into_inner();
    let (kind, extension) = match format {
        Format::Jsonl => ("application/x-ndjson", "jsonl"),
        Format::Csv => ("text/csv; charset=utf-8", "csv"),
        Format::Xlsx => {
            ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx")
        }
        Format::Xml => ("application/xml; charset=utf-8", "xml"),
    };
    let body = match place {
        Some(place) => {
            let (file, place) = whole(batches, format, layout, place).await?;
            Body::from_stream(chunks(file, place))
        }
        None => Body::from_stream(pieces(batches, format, layout)),
    };
    let disposition = format!("attachment; filename=\"products.{extension}\"");
    let headers: [(HeaderName, String); 2] =
        [(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, disposition)];
    Ok((headers, body).into_response())
}

/// The format and the columns.
fn form(params: &Params) -> Result<(Format, Layout), Problem> {
    let format: Option<Format> = choice(params, "format")?;
    let names: Vec<String> = params
        .values(&["columns"])
        .iter()
        .flat_map(|names| names.split(','))
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect();
    let with_stock = flag(params, "withStock")?;
    let shop = shop(params)?;
    let layout = match choice(params, "as")? {
        None => Layout::Own(
            Columns::new(&names, with_stock, flag(params, "withCosts")?)
                .map_err(|rule| Problem::invalid("columns", rule.to_string()))?,
        ),
        Some(System::Acp) => {
            return Err(Problem::invalid(
                "as",
                "acp is a folder of two files: write it with catctl export --as acp",
            ));
        }
        Some(_) if !names.is_empty() || with_stock => {
            return Err(Problem::invalid(
                "as",
                "has columns of its own: leave columns and withStock out",
            ));
        }
        Some(system) => Layout::Of(system, Box::new(shop)),
    };
    let format =
        layout.format(format).map_err(|rule| Problem::invalid("format", rule.to_string()))?;
    Ok((format, layout))
}

/// The shop, for feeds.
fn shop(params: &Params) -> Result<Shop, Problem> {
    let parsed = |name: &str, parse: fn(&str) -> anyhow::Result<String>| match one(params, name) {
        "" => Ok(None),
        text => parse(text).map(Some).map_err(|rule| Problem::invalid(name, rule.to_string())),
    };
    Ok(Shop {
        url: parsed("shopUrl", shop::shop_url)?,
        seller: parsed("seller", |name| Ok(name.to_owned()))?,
        country: parsed("country", shop::country)?,
        feed: None,
    })
}

fn one<'a>(params: &'a Params, name: &str) -> &'a str {
    params.values(&[name]).first().copied().unwrap_or_default()
}

fn flag(params: &Params, name: &str) -> Result<bool, Problem> {
    match one(params, name) {
        "" => Ok(false),
        text => parameter::flag(text).map_err(|rule| Problem::invalid(name, rule)),
    }
}

fn choice<T: clap::ValueEnum>(params: &Params, name: &str) -> Result<Option<T>, Problem> {
    match one(params, name) {
        "" => Ok(None),
        text => parameter::named(text).map(Some).map_err(|rule| Problem::invalid(name, rule)),
    }
}

/// The file in pieces, one for each batch. If the catalogue fails, the connection breaks off, so that no client takes
/// the received part for the whole.
fn pieces(
    mut batches: Streaming<ExportProductsResponse>,
    format: Format,
    layout: Layout,
) -> impl Stream<Item = Result<Bytes, std::io::Error>> + Send {
    try_stream! {
        let mut writer = ExportWriter::new(Vec::new(), format, layout).map_err(failed)?;
        loop {
            let piece = std::mem::take(writer.out_mut());
            if !piece.is_empty() {
                yield Bytes::from(piece);
            }
            let Some(batch) = batches.message().await.map_err(std::io::Error::other)? else { break };
            writer = add(writer, batch, ()).await.map_err(failed)?.0;
        }
        let rest = writer.finish().map_err(failed)?;
        if !rest.is_empty() {
            yield Bytes::from(rest);
        }
    }
}

/// Adds a batch on a thread where that may take its time, with what is to be held meanwhile.
async fn add<W: Write + Send + 'static, H: Send + 'static>(
    mut writer: ExportWriter<W>,
    batch: ExportProductsResponse,
    held: H,
) -> anyhow::Result<(ExportWriter<W>, H)> {
    spawn_blocking(move || writer.add(&batch.products).map(|()| (writer, held))).await?
}

/// The file as a whole, on the disk: parts of a workbook refer to each other, and a format may have no place for a
/// product, which has to be known before the response begins.
async fn whole(
    mut batches: Streaming<ExportProductsResponse>,
    format: Format,
    layout: Layout,
    mut place: OwnedSemaphorePermit,
) -> Result<(File, OwnedSemaphorePermit), Problem> {
    let file = tempfile::tempfile().map_err(|error| unwritten(&error.into()))?;
    let writer = ExportWriter::new(file, format, layout);
    let mut writer = writer.map_err(|error| unwritten(&error))?;
    while let Some(batch) = batches.message().await? {
        let added = add(writer, batch, place).await;
        (writer, place) = added.map_err(|error| unwritten(&error))?;
    }
    let finish = move || -> anyhow::Result<_> {
        let mut file = writer.finish()?;
        file.seek(SeekFrom::Start(0))?;
        Ok((file, place))
    };
    let finished = spawn_blocking(finish).await.map_err(anyhow::Error::from);
    finished.and_then(|finished| finished).map_err(|error| unwritten(&error))
}

/// A file as it is sent; it has its place until then.
fn chunks(
    file: File,
    place: OwnedSemaphorePermit,
) -> impl Stream<Item = Result<Bytes, std::io::Error>> + Send {
    try_stream! {
        let _place = place;
        let mut chunks = ReaderStream::with_capacity(tokio::fs::File::from_std(file), CHUNK);
        while let Some(chunk) = chunks.next().await {
            yield chunk?;
        }
    }
}

/// The problem of a file that could not be made.
fn unwritten(error: &anyhow::Error) -> Problem {
    if error.is::<NoPlace>() {
        let cure =
            "leave the product out with `filter`, or take the native columns as CSV or JSON lines";
        let detail = format!("the format has no place for a product: {error:#}; {cure}");
        return Problem::new(StatusCode::CONFLICT, "EXPORT_NO_PLACE", detail);
    }
    Problem::internal(format!("writing an export failed: {error:#}"))
}

fn failed(error: anyhow::Error) -> std::io::Error {
    std::io::Error::other(format!("writing an export failed: {error:#}"))
}

#[cfg(test)]
mod tests {
    use proto::catalogue::v1::{OptionValue, Product, Variant};

    use super::*;

    #[test]
    fn what_has_no_place_is_known_before_the_response_begins() {
        let variant = |options: usize| Variant {
            sku: "mug-1".to_owned(),
            option_values: vec![OptionValue::default(); options],
            ..Variant::default()
        };
        for (system, format) in
            [(System::Shopify, Format::Csv), (System::Woocommerce, Format::Xlsx)]
        {
            let layout = Layout::Of(system, Box::default());
            assert!(layout.may_lack_place());
            let mut writer = ExportWriter::new(Vec::new(), format, layout).unwrap();
            let product = |options: usize| Product {
                id: "mug".to_owned(),
                variants: vec![variant(options)],
                ..Product::default()
            };
            writer.add(&[product(3)]).unwrap();
            let problem = unwritten(&writer.add(&[product(4)]).unwrap_err());
            assert_eq!((problem.status.as_u16(), &*problem.reason), (409, "EXPORT_NO_PLACE"));
            assert!(problem.detail.contains("product mug: variant mug-1"), "{}", problem.detail);
        }
    }
}
