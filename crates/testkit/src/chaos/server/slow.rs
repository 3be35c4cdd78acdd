//! The database is suddenly further away, and comes back.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use anyhow::Context as _;
use proto::catalogue::v1::{GetProductRequest, catalogue_service_client::CatalogueServiceClient};
use tonic::{Code, Request, Status};

use super::{
    super::catalogue::subject::{Engine, Subject, product},
    load::until_over,
};
use crate::{Fault, FaultProxy, Figure, Setting, get};

const RATE: f64 = 300.0;
const FURTHER: Duration = Duration::from_millis(100);

pub(super) async fn run(setting: &Setting) -> anyhow::Result<Vec<Figure>> {
    let mut subject = Subject::prepare(Engine::Postgres).await?;
    let database: url::Url = subject.postgres()?.1.parse()?;
    let (host, port) = (database.host_str().context("a host")?, database.port().unwrap_or(5432));
    let target = tokio::net::lookup_host((host, port)).await?.next().context("an address")?;
    let proxy = FaultProxy::start(target, setting.seed()).await;
    let mut through = database.clone();
    through.set_host(Some("127.0.0.1"))?;
    through.set_port(Some(proxy.addr.port())).ok();
    let database = format!("--database-url={through}");
    subject.set(&[&database, "--product-cache=0"]);
    subject.restart().await?;
    subject.create(product("p")).await?;
    let (channel, admin) = (subject.channel()?, subject.admin());
    let calm = setting.time(Duration::from_secs(10)).max(Duration::from_secs(4));
    let slow = setting.time(Duration::from_secs(20)).max(Duration::from_secs(6));
    let over = Arc::new(AtomicBool::new(false));
    let load = tokio::spawn(until_over(RATE, over.clone(), move |_| {
        let mut client = CatalogueServiceClient::new(channel.clone());
        async move {
            let request = GetProductRequest { product_id: "p".to_owned(), ..Default::default() };
            let mut request = Request::new(request);
            request.set_timeout(Duration::from_secs(5));
            client.get_product(request).await.map(drop)
        }
    }));
    tokio::time::sleep(calm).await;
    let before = limit(&admin).await?;
    // Each way.
    proxy.set(Fault { latency: FURTHER, ..Default::default() });
    let halved = reaches(&admin, slow, |limit| limit * 2.0 <= before).await?;
    tokio::time::sleep(slow.saturating_sub(halved)).await;
    proxy.set(Fault::default());
    let back = reaches(&admin, Duration::from_secs(30), |limit| limit >= before).await?;
    over.store(true, Relaxed);
    let calls = load.await?;
    let otherwise: Vec<_> = calls.failed().filter(|call| !is_for_want_of_room(call.1)).collect();
    for (call, status) in otherwise.iter().take(3) {
        println!("after {:?}: {status}", call.took);
    }
    Ok(vec![
        Figure::at_least("limit before, calls at once", before, 1.0),
        Figure::at_most("until it is half as high, s", halved.as_secs_f64(), 5.0),
        Figure::at_most("until it is back, s", back.as_secs_f64(), 30.0),
        Figure::exactly("calls that failed but for want of room", otherwise.len(), 0),
    ])
}

/// Refused by the server, or by those who wait for a connection to the database.
fn is_for_want_of_room(status: &Status) -> bool {
    let reason = rpc::status::reason(status);
    status.code() == Code::ResourceExhausted || reason.as_deref() == Some("STORE_BUSY")
}

/// How long it takes the limit to get there; more than `within` if it does not.
async fn reaches(
    admin: &str,
    within: Duration,
    there: impl Fn(f64) -> bool,
) -> anyhow::Result<Duration> {
    let began = Instant::now();
    while began.elapsed() < within {
        if there(limit(admin).await?) {
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
    Ok(line.and_then(|line| line.split(' ').next_back()).context("there is a limit")?.parse()?)
}
