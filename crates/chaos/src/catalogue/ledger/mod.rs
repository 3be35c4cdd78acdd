//! Stock under concurrent writes of every kind, compared with a ledger.
//!
//! In each round writers race for the round's product: documents as they were read before (PUT, PATCH, UpdateProduct,
//! import, revert, a second creation), adjustments, counts, and reservations that are committed, released or expire.
//! Then the stock must equal the sum of the acknowledged changes.

mod book;
mod clients;
mod kind;
mod round;
mod writer;

use std::sync::Arc;

use anyhow::Context as _;
use futures::{StreamExt as _, TryStreamExt as _, stream};
use testkit::{Figure, Process, free_ports, program};

use self::{book::Counts, clients::Clients};
use super::process::{CatalogueProcess, Engine};
use crate::RunConfig;

const ROUNDS: u64 = 100_000;
/// Rounds at the same time, each with several writers: in short runs, of which several run at once, and at full size.
const AT_ONCE: [usize; 2] = [12, 48];
/// So that no call is refused, nor lost with a connection that ends by its age after half an hour: the experiment is not
/// about either.
const UNLIMITED: [&str; 3] =
    ["--min-calls=2000", "--min-reads=2000", "--max-connection-age=1000000"];

pub(super) async fn run(config: &RunConfig, engine: Engine) -> anyhow::Result<Vec<Figure>> {
    let mut catalogue = CatalogueProcess::prepare(engine).await?;
    catalogue.set_flags(&UNLIMITED);
    catalogue.restart().await?;
    let gateway = Gateway::start(&catalogue).await?;
    let clients = Arc::new(Clients::new(&catalogue, &gateway.addr)?);
    let rounds = config.count(ROUNDS);
    let run = async |number: u64| {
        let random = config.random(&format!("round {number}"));
        let round = tokio::spawn(round::run(Arc::clone(&clients), number, random));
        round.await?.with_context(|| format!("round {number}"))
    };
    let at_once = AT_ONCE[usize::from(config.scale() >= 1.0)];
    let all: Vec<Counts> =
        stream::iter(0..rounds).map(run).buffer_unordered(at_once).try_collect().await?;
    let all = all.into_iter().fold(Counts::default(), Counts::plus);
    println!(
        "{} changes of stock, {} documents, {} refused, {} of a busy store",
        all.stock, all.documents, all.refused, all.busy
    );
    Ok(vec![
        Figure::exactly("interleavings", all.rounds, rounds),
        Figure::at_least("changes of stock", all.stock, rounds),
        Figure::at_least("documents written", all.documents, rounds),
        Figure::exactly("stocks other than the ledger's", all.wrong, 0),
    ])
}

/// A gateway process before the catalogue; there is no search.
struct Gateway {
    addr: String,
    _process: Process,
}

impl Gateway {
    async fn start(catalogue: &CatalogueProcess) -> anyhow::Result<Self> {
        let port = free_ports(2);
        let addr = format!("127.0.0.1:{port}");
        let arguments = [
            format!("--listen={addr}"),
            format!("--admin=127.0.0.1:{}", port + 1),
            format!("--catalogue=static://{}", catalogue.addr()),
            "--search=static://127.0.0.1:9".to_owned(),
            "--log=error".to_owned(),
        ];
        let arguments = arguments.into_iter().chain(UNLIMITED.map(str::to_owned));
        let log = catalogue.dir().join("gateway.log");
        let mut process = Process::start(&program("gateway"), arguments, &log)?;
        process.ready(port + 1).await;
        Ok(Self { addr, _process: process })
    }
}
