//! The latency of the database rises, and recovers.

use std::time::{Duration, Instant};

use anyhow::Context as _;
use proto::catalogue::v1::{GetProductRequest, catalogue_service_client::CatalogueServiceClient};
use testkit::{Fault, FaultProxy, Figure, get};
use tonic::{Code, Request, Status};

use crate::catalogue::{CatalogueProcess, Engine, product};
use crate::{RunConfig, load::Load};

const RATE: f64 = 300.0;
/// Deadline of a call.
const TIMEOUT: Duration = Duration::from_secs(5);
/// Additional latency in each direction.
const LATENCY: Duration = Duration::from_millis(100);

pub(super) async fn run(config: &RunConfig) -> anyhow::Result<Vec<Figure>> {
    let mut catalogue = CatalogueProcess::prepare(Engine::Postgres).await?;
    let database: url::Url = catalogue.postgres()?.1.parse()?;
    let (host, port) =
        (database.host_str().context("the URL has no host")?, database.port().unwrap_or(5432));
    let target = tokio::net::lookup_host((host, port)).await?.next().context("no address")?;
    let proxy = FaultProxy::start(target, config.seed()).await;
    let mut through = database.clone();
    through.set_host(Some("127.0.0.1"))?;
    through.set_port(Some(proxy.addr.port())).ok();
    let database = format!("--database-url={through}");
    catalogue.set_flags(&[&database, "--product-cache=0"]);
    catalogue.restart().await?;
    catalogue.create(product("p")).await?;
    let (channel, admin) = (catalogue.channel()?, catalogue.admin());
    let calm = config.time(Duration::from_secs(10)).max(Duration::from_secs(4));
    let slow = config.time(Duration::from_secs(20)).max(Duration::from_secs(6));
    let load = Load::start(RATE, move |_| {
        let mut client = CatalogueServiceClient::new(channel.clone());
        async move {
            let request = GetProductRequest { product_id: "p".to_owned(), ..Default::default() };
            let mut request = Request::new(request);
            request.set_timeout(TIMEOUT);
            client.get_product(request).await.map(drop)
        }
    });
    tokio::time::sleep(calm).await;
    let before = limit(&admin).await?;
    proxy.set(Fault { latency: LATENCY, ..Default::default() });
    let halved = reaches(&admin, slow, |limit| limit * 2.0 <= before).await?;
    tokio::time::sleep(slow.saturating_sub(halved)).await;
    proxy.set(Fault::default());
    let recovered = reaches(&admin, Duration::from_secs(30), |limit| limit >= before).await?;
    let calls = load.stop(TIMEOUT).await?;
    let unexpected: Vec<_> = calls.failed().filter(|call| !is_overload(call.1)).collect();
    for (call, status) in unexpected.iter().take(3) {
        println!("after {:?}: {status}", call.took);
    }
    Ok(vec![
        Figure::at_least("limit before, concurrent calls", before, 1.0),
        Figure::at_most("until the limit is half as high, s", halved.as_secs_f64(), 5.0),
        Figure::at_most("until the limit has recovered, s", recovered.as_secs_f64(), 30.0),
        Figure::exactly("calls that failed for other reasons than overload", unexpected.len(), 0),
    ])
}

/// Whether a call was refused by the limit of the server, or of the database connections.
fn is_overload(status: &Status) -> bool {
    let reason = rpc::status::reason(status);
    status.code() == Code::ResourceExhausted || reason.as_deref() == Some("STORE_BUSY")
}

/// Time until the limit meets the condition; longer than `within` if it does not.
async fn reaches(
    admin: &str,
    within: Duration,
    condition: impl Fn(f64) -> bool,
) -> anyhow::Result<Duration> {
    let began = Instant::now();
    while began.elapsed() < within {
        if condition(limit(admin).await?) {
            return Ok(began.elapsed());
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Ok(Duration::from_secs(u64::MAX / 1_000))
}

/// The limit of concurrent reads, from the catalogue's metrics.
async fn limit(admin: &str) -> anyhow::Result<f64> {
    let metrics = get(&format!("http://{admin}/metrics")).await?.text();
    let is_limit =
        |line: &&str| line.starts_with("rpc_server_limit{") && line.contains(r#"kind="read""#);
    let line = metrics.lines().find(is_limit);
    Ok(line
        .and_then(|line| line.split(' ').next_back())
        .context("there is no such metric")?
        .parse()?)
}
