//! What the client stack costs: processor time of a call through it, beside one over a bare tonic
//! channel. `cargo xtask bench client`.
//!
//! The servers are processes of their own, so that only the caller's time is counted. Rounds of both
//! alternate, each pair gives a ratio, and the median of those is what counts.

mod serve;

use std::{net::SocketAddr, time::Duration};

use anyhow::Result;
use chassis::client::{Methods, Settings, Upstream};
use discovery::{Endpoint, Endpoints};
use proto::catalogue::v1::{GetProductRequest, catalogue_service_client::CatalogueServiceClient};
use testkit::{Fleet, Process, processor_seconds, until};
use tonic::{body::Body, client::GrpcService, transport::Channel};

pub(crate) use serve::serve;

use crate::sample::{extremes, median};

const ROUNDS: usize = 15;
const CALLS: usize = 60_000;
const UNDER_WAY: usize = 32;
const MAX_RATIO: f64 = 1.10;
const DEADLINE: Duration = Duration::from_secs(10);

pub(crate) async fn run() -> Result<bool> {
    let servers = Servers::start(3).await?;
    let bare = Channel::from_shared(format!("http://{}", servers.addrs[0]))?;
    let bare = bare.tcp_nodelay(true).connect().await?;
    let mut held = true;
    for (what, endpoints) in [("one endpoint", 1), ("three endpoints", 3)] {
        let upstream = upstream(&servers.addrs[..endpoints]).await;
        // Warm both, and let the balancer learn.
        round(bare.clone(), CALLS / 10).await?;
        round(upstream.clone(), CALLS / 10).await?;
        let mut ratios = Vec::new();
        let (mut bare_us, mut stack_us) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            let one = round(bare.clone(), CALLS).await?;
            let other = round(upstream.clone(), CALLS).await?;
            ratios.push(other / one);
            bare_us.push(one);
            stack_us.push(other);
        }
        let (ratio, (least, most)) = (median(ratios.iter().copied()), extremes(&ratios));
        println!(
            "{what}: bare channel {:.1} us, client stack {:.1} us of processor a call; \
             ratio {ratio:.3} ({least:.3} to {most:.3}), at most {MAX_RATIO}",
            median(bare_us),
            median(stack_us),
        );
        // What is promised is the stack's own cost; more connections have a price of theirs.
        held &= endpoints > 1 || ratio <= MAX_RATIO;
    }
    Ok(held)
}

async fn upstream(addrs: &[SocketAddr]) -> Upstream {
    let endpoints = Endpoints::fixed(addrs.iter().map(|addr| Endpoint::at(addr.to_string())));
    let settings = Settings { methods: Methods::of(proto::DESCRIPTORS), ..Settings::default() };
    let upstream = Upstream::with("catalogue", endpoints, settings).deadline(DEADLINE);
    until("all are connected", async || {
        upstream.report().endpoints.iter().all(|it| it.connected > 0).then_some(())
    })
    .await;
    upstream
}

/// Makes calls, so many at once, and returns the processor time of one, in microseconds.
async fn round<T>(transport: T, calls: usize) -> Result<f64>
where
    T: GrpcService<Body> + Clone + Send + Sync + 'static,
    T::ResponseBody: http_body::Body<Data = bytes::Bytes> + Send + 'static,
    <T::ResponseBody as http_body::Body>::Error:
        Into<Box<dyn std::error::Error + Send + Sync>> + Send,
    T::Future: Send,
{
    let before = processor_seconds(std::process::id(), false)?;
    let callers: Vec<_> = (0..UNDER_WAY)
        .map(|_| {
            let mut client = CatalogueServiceClient::new(transport.clone());
            tokio::spawn(async move {
                for _ in 0..calls / UNDER_WAY {
                    let product_id = "mug".to_owned();
                    let request = GetProductRequest { product_id, ..Default::default() };
                    client.get_product(request).await?;
                }
                Ok::<(), tonic::Status>(())
            })
        })
        .collect();
    for caller in callers {
        caller.await??;
    }
    Ok((processor_seconds(std::process::id(), false)? - before) * 1e6 / calls as f64)
}

/// Ourselves, as servers.
struct Servers {
    _processes: Vec<Process>,
    addrs: Vec<SocketAddr>,
    _dir: tempfile::TempDir,
}

impl Servers {
    async fn start(count: u16) -> Result<Self> {
        let dir = tempfile::tempdir()?;
        let first = Fleet::free_ports(count);
        let (mut processes, mut addrs) = (Vec::new(), Vec::new());
        for port in first..first + count {
            let addr = SocketAddr::from(([127, 0, 0, 1], port));
            let log = dir.path().join(format!("{port}.log"));
            processes.push(Process::start(
                &std::env::current_exe()?,
                ["serve", &addr.to_string()],
                &log,
            )?);
            until("a server listens", async || tokio::net::TcpStream::connect(addr).await.ok())
                .await;
            addrs.push(addr);
        }
        Ok(Self { _processes: processes, addrs, _dir: dir })
    }
}
