//! The gateway behind a reverse proxy.

use testkit::Nginx;

use crate::{
    harness::{Environment, eventually},
    http_client::Client,
};

#[tokio::test]
async fn nginx_passes_events_on_at_once() {
    let env = Environment::start().await;
    env.fake.put("mug", 5);
    let Some(nginx) = Nginx::start(env.gateway.addr).await.unwrap() else { return };
    eventually("the gateway's watch", async || env.fake.open_watches() == 1).await;
    let path = "/v1/availability?productId=mug";
    let mut events = Client::new(nginx.addr).events(path, &[]).await;
    assert_eq!(events.expect("availability").await.json()["stockQty"], 5);
    env.fake.put("mug", 4);
    assert_eq!(events.expect("availability").await.json()["stockQty"], 4);
}
