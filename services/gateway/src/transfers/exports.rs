//! `GET /v1/exports`: products as a file, by the engine that `catctl export` has (the crate `export`), streamed.

use std::io::{Seek as _, SeekFrom};

use async_stream::try_stream;
use axum::{
    body::Body,
    response::{IntoResponse as _, Response},
};
use bytes::Bytes;
use export::{Columns, ExportWriter, Format, Layout, Shop, System, shop};
use futures::{Stream, StreamExt as _};
use http::{HeaderName, Uri, header};
use proto::catalogue::v1::{ExportProductsRequest, ExportProductsResponse};
use tokio_util::io::ReaderStream;
use tonic::Streaming;

use crate::{contract as methods, json::Params, parameter, problem::Problem, upstreams::Upstreams};

const EXPORT: &str = "/catalogue.v1.TransferService/ExportProducts";
/// Bytes that are read at once of a workbook.
const CHUNK: usize = 64 << 10;

pub(super) async fn export(upstreams: Upstreams, uri: Uri) -> Result<Response, Problem> {
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
    let (format, layout) = form(&params)?;
    let request = ExportProductsRequest {
        category_id: one(&params, "categoryId").to_owned(),
        filter: one(&params, "filter").to_owned(),
        min_revision: one(&params, "minRevision").to_owned(),
        show_deleted: flag(&params, "showDeleted")?,
        // The catalogue refuses them to those who may not see them.
        show_costs: flag(&params, "withCosts")? || layout.has_costs(),
    };
    let batches = upstreams.transfer().export_products(request).await?.into_inner();
    let (kind, extension) = match format {
        Format::Jsonl => ("application/x-ndjson", "jsonl"),
        Format::Csv => ("text/csv; charset=utf-8", "csv"),
        Format::Xlsx => {
            ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx")
        }
        Format::Xml => ("application/xml; charset=utf-8", "xml"),
    };
    let body = match format {
        Format::Xlsx => Body::from_stream(workbook(batches, layout)),
        Format::Jsonl | Format::Csv | Format::Xml => {
            Body::from_stream(pieces(batches, format, layout))
        }
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
        Some(system) => Layout::Of(system, Box::new(shop(params)?)),
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
            writer.add(&batch.products).map_err(failed)?;
        }
        let rest = writer.finish().map_err(failed)?;
        if !rest.is_empty() {
            yield Bytes::from(rest);
        }
    }
}

/// A workbook, which is written to a temporary file first: its parts refer to each other.
fn workbook(
    mut batches: Streaming<ExportProductsResponse>,
    layout: Layout,
) -> impl Stream<Item = Result<Bytes, std::io::Error>> + Send {
    try_stream! {
        let mut writer = ExportWriter::new(tempfile::tempfile()?, Format::Xlsx, layout).map_err(failed)?;
        while let Some(batch) = batches.message().await.map_err(std::io::Error::other)? {
            let add = move || writer.add(&batch.products).map(|()| writer);
            writer = tokio::task::spawn_blocking(add).await?.map_err(failed)?;
        }
        let finish = move || -> anyhow::Result<std::fs::File> {
            let mut file = writer.finish()?;
            file.seek(SeekFrom::Start(0))?;
            Ok(file)
        };
        let file = tokio::task::spawn_blocking(finish).await?.map_err(failed)?;
        let mut chunks = ReaderStream::with_capacity(tokio::fs::File::from_std(file), CHUNK);
        while let Some(chunk) = chunks.next().await {
            yield chunk?;
        }
    }
}

fn failed(error: anyhow::Error) -> std::io::Error {
    std::io::Error::other(format!("writing an export failed: {error:#}"))
}
