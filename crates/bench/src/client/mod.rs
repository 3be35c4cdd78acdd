//! CPU time of a call through the client stack, compared with a bare tonic channel: `cargo xtask bench
//! client`.
//!
//! The servers are separate processes, so that only the time of the client is counted. Rounds of both
//! alternate, and the bound applies to the median of the ratios of the pairs.

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
const IN_FLIGHT: usize = 32;
const THREADS: usize = 2;
const MAX_RATIO: f64 = 1.10;
/// Maximum ratio of an undecoded call to a typed one over a bare channel.
const MAX_BYTES_RATIO: f64 = 0.90;
const DEADLINE: Duration = Duration::from_secs(10);

/// One comparison with a bare channel.
struct Case<'a> {
    name: &'a str,
    callers: &'a Callers,
    endpoints: usize,
    /// Whether calls through the stack are undecoded, as in the gateway.
    bytes: bool,
    /// Bound on the ratio; `None` for several endpoints, because more connections cost more.
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
        case("threads: one endpoint, bytes", &threads, 1, true, Some(MAX_BYTES_RATIO)),
        case("threads: three endpoints, bytes", &threads, 3, true, None),
    ];
    let mut all_ok = true;
    for case in cases.iter().filter(|case| case.name.contains(&args.only)) {
        all_ok &= compare(case, args.rounds, &servers.addrs[..case.endpoints]).await?;
    }
    Ok(all_ok)
}

/// Alternates rounds over a bare channel and over the stack. Returns whether the median of their ratios is
/// within the bound.
async fn compare(case: &Case<'_>, rounds: usize, addrs: &[SocketAddr]) -> Result<bool> {
    let bare = case.callers.connect(addrs[0]).await?;
    let bare: Vec<_> = bare.into_iter().map(CatalogueServiceClient::new).collect();
    let stack = upstream(addrs).await;
    // Warm-up, also of the load balancer.
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
    let (ratio, (min, max)) = (median(ratios.iter().copied()), extremes(&ratios));
    let bound = case.max.map(|max| format!(", at most {max}")).unwrap_or_default();
    println!(
        "{}: bare channel {:.1} us, client stack {:.1} us of CPU per call; \
         ratio {ratio:.3} ({min:.3} to {max:.3}){bound}",
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
    until("all endpoints are connected", async || {
        upstream.report().endpoints.iter().all(|it| it.connected > 0).then_some(())
    })
    .await;
    upstream
}

/// Makes `calls` calls, and returns the CPU time per call in microseconds.
async fn round<C: Caller>(callers: &Callers, clients: &[C], calls: usize) -> Result<f64> {
    let before = cpu_seconds(std::process::id(), false)?;
    let calling: Vec<_> = (0..IN_FLIGHT)
        .map(|number| {
            let mut client = clients[number % clients.len()].clone();
            callers.spawn(number, async move {
                for _ in 0..calls / IN_FLIGHT {
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

/// Server processes, of this program.
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
            until("a server accepts connections", async || {
                tokio::net::TcpStream::connect(addr).await.ok()
            })
            .await;
            addrs.push(addr);
        }
        Ok(Self { _processes: processes, addrs, _dir: dir })
    }
}
