//! What the client stack costs: processor time of a call through it, beside one over a bare tonic
//! channel. `cargo xtask bench client`.
//!
//! The servers are processes of their own, so that only the caller's time is counted. Rounds of both
//! alternate, each pair gives a ratio, and the median of those is what counts.

mod caller;
mod callers;
mod serve;

use std::{net::SocketAddr, time::Duration};

use anyhow::Result;
use devtools::bench::ClientArgs;
use discovery::{Endpoint, Endpoints};
use proto::catalogue::v1::catalogue_service_client::CatalogueServiceClient;
use testkit::{Process, cpu_seconds, free_ports, until};
use upstream::{Methods, Settings, Upstream};

use caller::{Caller, Raw};
use callers::Callers;
pub(crate) use serve::serve;

use crate::sample::{extremes, median};

const CALLS: usize = 60_000;
const UNDER_WAY: usize = 32;
const THREADS: usize = 2;
const MAX_RATIO: f64 = 1.10;
/// Of a call that is passed on undecoded, to a typed one over a bare channel.
const MAX_RATIO_OF_BYTES: f64 = 0.90;
const DEADLINE: Duration = Duration::from_secs(10);

/// One comparison with a bare channel.
struct Case<'a> {
    name: &'a str,
    callers: &'a Callers,
    endpoints: usize,
    /// Whether the stack is given bytes, as the gateway does, instead of messages.
    bytes: bool,
    /// What is promised of the ratio, if anything. More connections have a price of their own.
    max: Option<f64>,
}

pub(crate) async fn run(args: &ClientArgs) -> Result<bool> {
    let servers = Servers::start(3).await?;
    let (shared, threads) = (Callers::on_this_runtime(), Callers::on_threads(THREADS)?);
    let case = |name, callers, endpoints, bytes, max| Case { name, callers, endpoints, bytes, max };
    let cases = [
        case("one endpoint", &shared, 1, false, Some(MAX_RATIO)),
        case("three endpoints", &shared, 3, false, None),
        case("threads: one endpoint", &threads, 1, false, Some(MAX_RATIO)),
        case("threads: three endpoints", &threads, 3, false, None),
        case("threads: one endpoint, bytes", &threads, 1, true, Some(MAX_RATIO_OF_BYTES)),
        case("threads: three endpoints, bytes", &threads, 3, true, None),
    ];
    let mut held = true;
    for case in cases.iter().filter(|case| case.name.contains(&args.only)) {
        held &= compare(case, args.rounds, &servers.addrs[..case.endpoints]).await?;
    }
    Ok(held)
}

/// Alternates rounds over a bare channel and over the stack. Returns whether the median of their
/// ratios is what was promised.
async fn compare(case: &Case<'_>, rounds: usize, addrs: &[SocketAddr]) -> Result<bool> {
    let bare = case.callers.connect(addrs[0]).await?;
    let bare: Vec<_> = bare.into_iter().map(CatalogueServiceClient::new).collect();
    let stack = upstream(addrs).await;
    // Warm both, and let the balancer learn.
    round(case.callers, &bare, CALLS / 10).await?;
    stack_round(case, &stack, CALLS / 10).await?;
    let mut ratios = Vec::new();
    let (mut bare_us, mut stack_us) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        let one = round(case.callers, &bare, CALLS).await?;
        let other = stack_round(case, &stack, CALLS).await?;
        ratios.push(other / one);
        bare_us.push(one);
        stack_us.push(other);
    }
    let (ratio, (least, most)) = (median(ratios.iter().copied()), extremes(&ratios));
    let promised = case.max.map(|max| format!(", at most {max}")).unwrap_or_default();
    println!(
        "{}: bare channel {:.1} us, client stack {:.1} us of processor a call; \
         ratio {ratio:.3} ({least:.3} to {most:.3}){promised}",
        case.name,
        median(bare_us),
        median(stack_us),
    );
    Ok(case.max.is_none_or(|max| ratio <= max))
}

async fn stack_round(case: &Case<'_>, stack: &Upstream, calls: usize) -> Result<f64> {
    match case.bytes {
        true => round(case.callers, &[Raw::new(stack.clone())], calls).await,
        false => round(case.callers, &[CatalogueServiceClient::new(stack.clone())], calls).await,
    }
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
async fn round<C: Caller>(callers: &Callers, clients: &[C], calls: usize) -> Result<f64> {
    let before = cpu_seconds(std::process::id(), false)?;
    let calling: Vec<_> = (0..UNDER_WAY)
        .map(|number| {
            let mut client = clients[number % clients.len()].clone();
            callers.spawn(number, async move {
                for _ in 0..calls / UNDER_WAY {
                    client.call().await?;
                }
                Ok::<(), tonic::Status>(())
            })
        })
        .collect();
    for caller in calling {
        caller.await??;
    }
    Ok((cpu_seconds(std::process::id(), false)? - before) * 1e6 / calls as f64)
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
        let first = free_ports(count);
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
