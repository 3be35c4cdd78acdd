//! Callers who do not wait.

use std::time::Duration;

use proto::catalogue::v1::{GetProductRequest, catalogue_service_client::CatalogueServiceClient};
use tokio::time::timeout;
use tonic::{Status, transport::Channel};

use super::{
    super::catalogue::subject::{Engine, Subject, product},
    load::{at_rate, quantile},
};
use crate::{Figure, Setting, get, until};

const IMPATIENT: u64 = 5_000;
const RATE: f64 = 1_000.0;

pub(super) async fn run(setting: &Setting) -> anyhow::Result<Vec<Figure>> {
    let subject = Subject::start(Engine::Sqlite).await?;
    subject.create(product("p")).await?;
    let (hasty, patient) = (subject.channel()?, subject.channel()?);
    let time = Duration::from_secs_f64(setting.count(IMPATIENT) as f64 / RATE);
    let hanging_up = at_rate(RATE, time, |_| {
        let channel = hasty.clone();
        async move {
            let call = timeout(Duration::from_millis(1), one(channel)).await;
            call.unwrap_or_else(|_| Err(Status::cancelled("hung up")))
        }
    });
    let waiting = at_rate(100.0, time, |_| one(patient.clone()));
    let (hasty, patient) = tokio::join!(hanging_up, waiting);
    let admin = subject.admin();
    until("nothing is under way any more", async || {
        let metrics = get(&format!("http://{admin}/metrics")).await.ok()?.text();
        let lines = metrics.lines().filter(|line| line.starts_with("rpc_server_under_way{"));
        // Of reads and of writes.
        (lines.filter(|line| line.ends_with(" 0")).count() == 2).then_some(())
    })
    .await;
    if let Some((_, status)) = patient.failed().next() {
        println!("the patient one: {status}");
    }
    let hung_up = hasty.failed().count();
    let other = hasty.failed().filter(|(_, status)| status.message() != "hung up").count();
    println!(
        "{hung_up} hung up; the patient one's p99 is {:.1} ms",
        quantile(patient.answered(), 0.99)
    );
    Ok(vec![
        Figure::at_least("impatient calls", hasty.all.len() as u64, setting.count(IMPATIENT) / 2),
        Figure::exactly("that failed otherwise", other, 0),
        Figure::exactly("the patient one's failures", patient.failed().count(), 0),
    ])
}

async fn one(channel: Channel) -> Result<(), Status> {
    let request = GetProductRequest { product_id: "p".to_owned(), ..Default::default() };
    CatalogueServiceClient::new(channel).get_product(request).await.map(drop)
}
