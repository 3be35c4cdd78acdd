//! The cost of checking a credential: one catalogue with a full cache, called with a credential, and with the same
//! text in a header that is not read.

use anyhow::Result;
use devtools::bench::Engine;
use proto::catalogue::v1::{CreateKeyRequest, key_service_client::KeyServiceClient};
use testkit::TokenIssuer;
use tonic::Request;

use super::super::{
    calls,
    environment::Environment,
    ours::{self, Cache},
    row::Row,
    server::Server,
    turns::take,
};

/// Of the services, without which no key can be made.
const SECRET: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

pub(super) async fn measure(environment: &Environment) -> Result<Vec<Row>> {
    let issuer = TokenIssuer::new("bench");
    let keys = environment.dir().join("keys.json");
    std::fs::write(&keys, issuer.jwks())?;
    let mut service = ours::catalogue(environment, Engine::Sqlite, Cache::All);
    service.server.command.extend(TokenIssuer::arguments(&keys.display().to_string()));
    let secret = environment.dir().join("service.secret");
    std::fs::write(&secret, SECRET)?;
    service.server.command.push(format!("--service-secret-file={}", secret.display()));
    let catalogue = service.start(environment).await?;
    calls::warm(&catalogue.addr).await?;
    let mut rows =
        compare(environment, &catalogue, "key", &key(&catalogue, &issuer).await?).await?;
    let token = issuer.token(&TokenIssuer::claims("read"));
    rows.extend(compare(environment, &catalogue, "token", &token).await?);
    Ok(rows)
}

/// Compares calls with a credential to calls with an unread header of the same text, and to those with neither.
async fn compare(
    environment: &Environment,
    catalogue: &Server,
    kind: &str,
    credential: &str,
) -> Result<Vec<Row>> {
    const SHAPE: &str = "access";
    let load = environment.load(4, 64);
    let header = |name| load.with(&["-header", &format!("{name}:Bearer {credential}")]);
    let checked = header("authorization");
    let (unread, none) = (header("x-authorization").named("unread"), load.named("anonymous"));
    let loads = [(catalogue, &checked), (catalogue, &unread), (catalogue, &none)];
    let taken = take(&environment.driver, environment.rounds, &loads).await?;
    let cpu = format!("server CPU s/100k, {kind}");
    let row =
        |peer| Row::compared(SHAPE, &cpu, taken.ours(), taken.peer(peer), |turn| turn.server_cpu);
    Ok(vec![row("unread").at_most(1.03), row("anonymous")])
}

/// Makes a key that may only read.
async fn key(catalogue: &Server, issuer: &TokenIssuer) -> Result<String> {
    let request = CreateKeyRequest { name: "bench".to_owned(), ..Default::default() };
    let mut request = Request::new(request);
    let token = format!("Bearer {}", issuer.token(&TokenIssuer::claims("admin:keys")));
    request.metadata_mut().insert("authorization", token.parse()?);
    let mut keys = KeyServiceClient::new(catalogue.channel().await?);
    Ok(keys.create_key(request).await?.into_inner().text)
}
