//! Access: every method by every principal, over every protocol, and the data that anonymous
//! callers see.

pub(crate) mod calls;
mod certificates;
pub(crate) mod keys;
mod limits;
mod storefront;
mod table;

use testkit::{Fleet, Service, TokenIssuer, until};

use crate::data::channel;
use calls::{call, is_refused, read_of};

/// A system with keys.
pub(crate) struct Restricted {
    pub(crate) fleet: Fleet,
    pub(crate) issuer: TokenIssuer,
    pub(crate) secret: String,
    _dir: tempfile::TempDir,
}

impl Restricted {
    /// Starts a system of which one key exists, and which accepts the tokens of an issuer.
    pub(crate) async fn start() -> (Self, String) {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("service.secret");
        let secret = "a-secret-that-only-this-test-has-0001";
        std::fs::write(&file, secret).unwrap();
        let issuer = TokenIssuer::new("one");
        let keys = dir.path().join("jwks.json");
        std::fs::write(&keys, issuer.jwks()).unwrap();
        let mut arguments = TokenIssuer::arguments(&keys.display().to_string()).to_vec();
        arguments.push(format!("--service-secret-file={}", file.display()));
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let fleet = Fleet::start_with(&arguments).await;
        let system = Self { fleet, issuer, secret: secret.to_owned(), _dir: dir };
        let key = system.create_key("reader", &["read"]).await;
        system.is_known_everywhere(&key).await;
        (system, key)
    }

    pub(crate) async fn create_key(&self, name: &str, scopes: &[&str]) -> String {
        let mut arguments = vec!["--key", &self.secret, "key", "create", "--name", name];
        arguments.extend(scopes.iter().flat_map(|scope| ["--scope", scope]));
        let made = self.fleet.catctl(&arguments).await;
        assert_eq!(made.code, Some(0), "{}", made.err);
        made.out.trim().to_owned()
    }

    pub(crate) async fn is_known_everywhere(&self, key: &str) {
        until("the key is known everywhere", async || {
            for service in SERVICES {
                let status =
                    call(&channel(&self.fleet.addr(service)).await, read_of(service), Some(key))
                        .await;
                if is_refused(&status) {
                    return None;
                }
            }
            Some(())
        })
        .await;
    }
}

pub(crate) const SERVICES: [Service; 3] = [Service::Catalogue, Service::Search, Service::Gateway];
