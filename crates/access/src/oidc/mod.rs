//! Signing in with OpenID Connect: the authorization code flow with PKCE (OpenID Connect Core 1.0, section 3.1;
//! RFC 7636; RFC 9700).
//!
//! The ID token proves the sign-in of this attempt. The access token of the same exchange holds the person's scopes, and is
//! checked as any other.

mod args;
mod attempt;

pub use args::OidcArgs;

use std::{fmt, path::Path, time::SystemTime};

use anyhow::{Context as _, bail, ensure};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use form_urlencoded::{Serializer, byte_serialize};
use http::{HeaderValue, Request, StatusCode, Uri, header};
use http_body_util::Full;
use tokio::sync::OnceCell;

use self::attempt::{Attempt, AttemptKey};
use crate::{
    args::AccessArgs,
    guard::Access,
    https::{HttpsClient, is_protected},
};

/// Path of the provider's metadata (OpenID Connect Discovery 1.0, section 4).
const DISCOVERY: &str = "/.well-known/openid-configuration";

/// Minimum length of the client's secret, in bytes. With a guessed secret an attacker could end the attempts of others.
const MIN_SECRET: usize = 16;

/// An identity provider at which people sign in.
pub struct IdentityProvider {
    issuer: String,
    client_id: String,
    client_secret: String,
    scope: String,
    /// URL of the callback at this gateway.
    redirect_uri: String,
    key: AttemptKey,
    client: HttpsClient,
    /// Read with the first attempt.
    endpoints: OnceCell<Endpoints>,
    access: Access,
}

#[derive(Debug, Clone, serde::Deserialize)]
struct Document {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
}

#[derive(Debug, Clone)]
struct Endpoints {
    authorization: Uri,
    token: Uri,
}

/// An attempt that has begun.
#[derive(Debug, Clone)]
pub struct BegunSignIn {
    /// URL at the provider to redirect the browser to.
    pub location: String,
    /// Value of the attempt's cookie, which the callback needs.
    pub cookie: String,
}

/// Query parameters of the callback.
#[derive(Debug, Clone, Default, serde::Deserialize)]
#[serde(default)]
pub struct SignInAnswer {
    code: String,
    state: String,
    error: String,
    /// RFC 9207.
    iss: Option<String>,
}

/// Why an attempt has failed.
#[derive(Debug, thiserror::Error)]
pub enum OidcError {
    /// The callback is not of this attempt, or too late.
    #[error("this attempt to sign in has ended, or is of another browser: begin again")]
    Attempt,
    /// The provider refuses.
    #[error("the identity provider has not signed you in: {0}")]
    Refused(String),
    /// The provider's tokens are not for this attempt.
    #[error("the identity provider's answer is not valid for this attempt: begin again")]
    Invalid,
    /// The provider cannot be reached, or its response is malformed.
    #[error("the identity provider cannot be asked just now: try again")]
    Unavailable(#[source] anyhow::Error),
}

#[derive(serde::Deserialize)]
struct Tokens {
    access_token: String,
    id_token: String,
}

#[derive(serde::Deserialize)]
struct Refusal {
    error: String,
}

impl fmt::Debug for IdentityProvider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IdentityProvider").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}

impl IdentityProvider {
    /// `None` if the settings have none. `redirect_uri` is the URL of the callback.
    ///
    /// # Errors
    /// A setting is missing, the provider is not the one whose tokens are accepted, or the secret cannot be read.
    pub fn new(
        args: &OidcArgs,
        tokens: &AccessArgs,
        access: &Access,
        redirect_uri: String,
    ) -> anyhow::Result<Option<Self>> {
        let Some(issuer) = args.oidc_issuer.clone() else { return Ok(None) };
        ensure!(
            tokens.tokens.token_issuer.as_ref() == Some(&issuer),
            "--oidc-issuer must be the --token-issuer: sessions begin with its access tokens"
        );
        let url: Uri = issuer.parse().with_context(|| format!("--oidc-issuer {issuer}"))?;
        ensure!(is_protected(&url), "--oidc-issuer {issuer}: must be https");
        let (Some(client_id), Some(file)) = (&args.oidc_client_id, &args.oidc_client_secret_file)
        else {
            bail!("--oidc-issuer needs --oidc-client-id and --oidc-client-secret-file");
        };
        let client_secret = read_secret(file)?;
        let scopes = ["openid"].into_iter().chain(args.oidc_scope.iter().map(String::as_str));
        Ok(Some(Self {
            issuer,
            client_id: client_id.clone(),
            scope: scopes.collect::<Vec<_>>().join(" "),
            redirect_uri,
            key: AttemptKey::new(&client_secret),
            client_secret,
            client: HttpsClient::new()?,
            endpoints: OnceCell::new(),
            access: access.clone(),
        }))
    }

    /// Begins an attempt.
    ///
    /// # Errors
    /// The provider's metadata cannot be read.
    pub async fn begin(&self) -> Result<BegunSignIn, OidcError> {
        let endpoints = self.endpoints().await?;
        let attempt = Attempt::new(SystemTime::now());
        let query = Serializer::new(String::new())
            .append_pair("response_type", "code")
            .append_pair("client_id", &self.client_id)
            .append_pair("redirect_uri", &self.redirect_uri)
            .append_pair("scope", &self.scope)
            .append_pair("state", &attempt.state(&self.key))
            .append_pair("nonce", &attempt.nonce(&self.key))
            .append_pair("code_challenge", &attempt.challenge(&self.key))
            .append_pair("code_challenge_method", "S256")
            .finish();
        let separator = if endpoints.authorization.query().is_some() { '&' } else { '?' };
        let location = format!("{}{separator}{query}", endpoints.authorization);
        Ok(BegunSignIn { location, cookie: attempt.as_str().to_owned() })
    }

    /// Ends the attempt of this cookie; returns the access token of the person.
    ///
    /// # Errors
    /// The callback is of another attempt, or the provider's tokens are not valid for this one.
    pub async fn finish(&self, cookie: &str, answer: &SignInAnswer) -> Result<String, OidcError> {
        let attempt = Attempt::parse(cookie, SystemTime::now()).ok_or(OidcError::Attempt)?;
        let is_of_provider = answer.iss.as_ref().is_none_or(|iss| *iss == self.issuer);
        if !attempt.has_state(&self.key, &answer.state) || !is_of_provider {
            return Err(OidcError::Attempt);
        }
        if !answer.error.is_empty() || answer.code.is_empty() {
            return Err(OidcError::Refused(code_of(&answer.error)));
        }
        let Tokens { access_token, id_token } = self.redeem(&attempt, &answer.code).await?;
        let nonce = attempt.nonce(&self.key);
        let signed_in = self.access.identity(&id_token, &self.client_id, &nonce);
        let holder = self.access.subject_of(&access_token);
        match (signed_in, holder) {
            (Some(person), Some(holder)) if person == holder => Ok(access_token),
            _ => Err(OidcError::Invalid),
        }
    }

    /// Exchanges a code for tokens.
    async fn redeem(&self, attempt: &Attempt, code: &str) -> Result<Tokens, OidcError> {
        let endpoints = self.endpoints().await?;
        let form = Serializer::new(String::new())
            .append_pair("grant_type", "authorization_code")
            .append_pair("code", code)
            .append_pair("redirect_uri", &self.redirect_uri)
            .append_pair("code_verifier", &attempt.verifier(&self.key))
            .finish();
        let request = Request::post(&endpoints.token)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::ACCEPT, "application/json")
            .header(header::AUTHORIZATION, self.authorization())
            .body(Full::from(form));
        let request = request.map_err(|error| OidcError::Unavailable(error.into()))?;
        let (status, body) = self.client.send(request).await.map_err(OidcError::Unavailable)?;
        tokens_in(status, &body)
    }

    /// `client_secret_basic` (RFC 6749, section 2.3.1).
    fn authorization(&self) -> HeaderValue {
        let encode = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
        let pair = format!("{}:{}", encode(&self.client_id), encode(&self.client_secret));
        let value = format!("Basic {}", STANDARD.encode(pair));
        let mut value = HeaderValue::try_from(value).expect("base64 is ASCII");
        value.set_sensitive(true);
        value
    }

    async fn endpoints(&self) -> Result<&Endpoints, OidcError> {
        let read = self.endpoints.get_or_try_init(|| self.discover()).await;
        read.map_err(OidcError::Unavailable)
    }

    async fn discover(&self) -> anyhow::Result<Endpoints> {
        let url: Uri = format!("{}{DISCOVERY}", self.issuer.trim_end_matches('/')).parse()?;
        let document = self.client.get(&url).await?;
        let document: Document = serde_json::from_slice(&document).context("no such document")?;
        ensure!(document.issuer == self.issuer, "{url} is of the issuer {}", document.issuer);
        let endpoint = |text: &str| -> anyhow::Result<Uri> {
            let url: Uri = text.parse().with_context(|| format!("{text} is no URL"))?;
            ensure!(is_protected(&url), "{text} is not https");
            Ok(url)
        };
        Ok(Endpoints {
            authorization: endpoint(&document.authorization_endpoint)?,
            token: endpoint(&document.token_endpoint)?,
        })
    }
}

fn read_secret(file: &Path) -> anyhow::Result<String> {
    let shown = file.display();
    let text = std::fs::read_to_string(file);
    let text = text.with_context(|| format!("reading --oidc-client-secret-file {shown}"))?;
    let text = text.trim();
    ensure!(
        text.len() >= MIN_SECRET,
        "--oidc-client-secret-file {shown}: must have at least {MIN_SECRET} characters, as identity providers make \
         them: attempts to sign in are protected by it"
    );
    Ok(text.to_owned())
}

fn tokens_in(status: StatusCode, body: &Bytes) -> Result<Tokens, OidcError> {
    if status == StatusCode::OK {
        let tokens = serde_json::from_slice(body).context("the response has no tokens");
        return tokens.map_err(OidcError::Unavailable);
    }
    match serde_json::from_slice::<Refusal>(body) {
        Ok(refusal) if status.is_client_error() => Err(OidcError::Refused(code_of(&refusal.error))),
        _ => Err(OidcError::Unavailable(anyhow::anyhow!(
            "the token endpoint responds with {status}"
        ))),
    }
}

/// A code of an error (RFC 6749), fit to be shown.
fn code_of(error: &str) -> String {
    let is_plain = |it: &char| it.is_ascii_alphanumeric() || *it == '_';
    let shown: String = error.chars().filter(is_plain).take(64).collect();
    if shown.is_empty() { "it has sent no code".to_owned() } else { shown }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tokens::TokenArgs;

    fn provider(issuer: &str, token_issuer: &str, secret: &str) -> anyhow::Result<()> {
        let file = tempfile::NamedTempFile::new()?;
        std::fs::write(file.path(), secret)?;
        let oidc = OidcArgs {
            oidc_issuer: Some(issuer.to_owned()),
            oidc_client_id: Some("desk".to_owned()),
            oidc_client_secret_file: Some(file.path().to_owned()),
            oidc_scope: Vec::new(),
        };
        let tokens =
            TokenArgs { token_issuer: Some(token_issuer.to_owned()), ..TokenArgs::default() };
        let args = AccessArgs { tokens, ..AccessArgs::default() };
        let access = Access::new(&AccessArgs::default(), "127.0.0.1:0".parse()?)?;
        IdentityProvider::new(&oidc, &args, &access, "https://shop.example/x".to_owned()).map(drop)
    }

    #[test]
    fn settings_name_what_is_wrong() {
        let (issuer, secret) = ("https://id.shop.example", "0123456789abcdef\n");
        assert!(provider(issuer, issuer, secret).is_ok());
        for (issuer, token_issuer, secret, named) in [
            (issuer, "https://other.example", secret, "--token-issuer"),
            ("http://id.shop.example", "http://id.shop.example", secret, "must be https"),
            (issuer, issuer, "0123456789abcde \n", "at least 16"),
        ] {
            let error = provider(issuer, token_issuer, secret).unwrap_err().to_string();
            assert!(error.contains(named), "{error}");
        }
    }

    #[test]
    fn codes_of_errors_are_shown_without_markup() {
        assert_eq!(code_of("access_denied<b>"), "access_deniedb");
        assert_eq!(code_of("\u{1f4a3}"), "it has sent no code");
        assert_eq!(code_of(&"a".repeat(100)).len(), 64);
    }
}
