//! A catalogue with keys, and calls with a credential.

use proto::catalogue::v1::{CreateKeyRequest, key_service_client::KeyServiceClient};
use tonic::{Request, Status, service::interceptor::InterceptedService, transport::Channel};

use crate::support::{Catalogue, Data};

pub(crate) const SECRET: &str = "a-secret-that-only-this-test-has-0002";

/// Starts a catalogue that knows the secret of the services.
pub(crate) async fn start() -> Catalogue {
    let data = Data::new().await;
    let file = data.path().join("service.secret");
    std::fs::write(&file, SECRET).unwrap();
    Catalogue::start_with(data, |config| {
        config.serve.access.service_secret_file = Some(file);
    })
    .await
}

pub(crate) type Signed = InterceptedService<
    Channel,
    Box<dyn FnMut(Request<()>) -> Result<Request<()>, Status> + Send + Sync>,
>;

/// A channel whose calls carry a credential, a note and a request id.
pub(crate) fn signed(catalogue: &Catalogue, credential: &str) -> Signed {
    let bearer = format!("Bearer {credential}");
    let sign = move |mut request: Request<()>| {
        let metadata = request.metadata_mut();
        metadata.insert("authorization", bearer.parse().unwrap());
        metadata.insert("x-actor", "anna".parse().unwrap());
        metadata.insert("x-request-id", "call-1".parse().unwrap());
        Ok(request)
    };
    InterceptedService::new(catalogue.channel.clone(), Box::new(sign))
}

/// Creates a key; returns its id and its text.
pub(crate) async fn create_key(
    catalogue: &Catalogue,
    name: &str,
    scopes: &[&str],
) -> (String, String) {
    let mut keys = KeyServiceClient::new(signed(catalogue, SECRET));
    let scopes = scopes.iter().map(|scope| (*scope).to_owned()).collect();
    let request = CreateKeyRequest { name: name.to_owned(), scopes, ttl: None };
    let created = keys.create_key(request).await.unwrap().into_inner();
    (created.key.unwrap().id, created.text)
}
