//! Settings of tokens.

use std::{fmt, str::FromStr};

use anyhow::bail;
use contract::Scope;
use jsonwebtoken::Algorithm;

use crate::scopes::Scopes;

/// Settings of tokens (JWT) that an identity provider issues.
#[derive(Debug, Clone, Default, clap::Args, serde::Serialize)]
pub struct TokenArgs {
    /// Issuer of the tokens that are accepted, as their `iss` names it: `https://id.shop.example`. Not set: none are.
    #[arg(long, env = "TOKEN_ISSUER", value_name = "ISSUER", requires_all = ["token_audience", "token_keys"])]
    pub token_issuer: Option<String>,

    /// Names of this deployment of which `aud` must have one.
    #[arg(
        long,
        env = "TOKEN_AUDIENCE",
        value_name = "NAME",
        value_delimiter = ',',
        requires = "token_issuer"
    )]
    pub token_audience: Vec<String>,

    /// The issuer's public keys (JWKS, RFC 7517): a file, which is read again when it changes, or an `https://` URL. Keys of a
    /// URL that cannot be reached stay valid.
    #[arg(long, env = "TOKEN_KEYS", value_name = "FILE|URL", requires = "token_issuer")]
    pub token_keys: Option<String>,

    /// Algorithms of signatures that are accepted. Default: RS256,PS256,ES256,ES384,EdDSA.
    #[arg(
        long,
        env = "TOKEN_ALGORITHMS",
        value_name = "ALG",
        value_delimiter = ',',
        requires = "token_issuer"
    )]
    pub token_algorithms: Vec<TokenAlgorithm>,

    /// A value of the claims `scope` and `scp` that stands for a scope: `catalogue.stock=write:stock`. Values that are
    /// scopes stand for themselves.
    #[arg(
        long,
        env = "TOKEN_SCOPE",
        value_name = "VALUE=SCOPE",
        value_delimiter = ',',
        requires = "token_issuer"
    )]
    pub token_scope: Vec<ScopeOfClaim>,
}

/// An algorithm of signatures with a public key: none that would take one for a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TokenAlgorithm(pub(super) Algorithm);

impl TokenAlgorithm {
    pub(super) const DEFAULT: [Self; 5] = [
        Self(Algorithm::RS256),
        Self(Algorithm::PS256),
        Self(Algorithm::ES256),
        Self(Algorithm::ES384),
        Self(Algorithm::EdDSA),
    ];
}

impl FromStr for TokenAlgorithm {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.parse() {
            Ok(Algorithm::HS256 | Algorithm::HS384 | Algorithm::HS512) | Err(_) => {
                Err("must be RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384 or EdDSA"
                    .to_owned())
            }
            Ok(algorithm) => Ok(Self(algorithm)),
        }
    }
}

impl serde::Serialize for TokenAlgorithm {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

/// A value of a claim and the scope for which it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScopeOfClaim {
    pub(super) value: String,
    pub(super) scope: Scope,
}

impl FromStr for ScopeOfClaim {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (value, name) = text.rsplit_once('=').ok_or("must be VALUE=SCOPE")?;
        let scope = Scope::named(name).filter(|scope| scope.is_grantable());
        let scope = scope.ok_or_else(|| format!("`{name}` is none of {}", Scopes::grantable()))?;
        Ok(Self { value: value.to_owned(), scope })
    }
}

impl fmt::Display for ScopeOfClaim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}", self.value, self.scope.name())
    }
}

impl serde::Serialize for ScopeOfClaim {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// The settings of tokens, all there.
#[derive(Debug, Clone)]
pub(super) struct TokenSettings {
    pub(super) issuer: String,
    pub(super) audience: Vec<String>,
    pub(super) keys: String,
    pub(super) algorithms: Vec<Algorithm>,
    pub(super) scopes: Vec<ScopeOfClaim>,
}

impl TokenSettings {
    /// `None` if no tokens are accepted.
    ///
    /// # Errors
    /// A setting is missing.
    pub(super) fn of(args: &TokenArgs) -> anyhow::Result<Option<Self>> {
        let Some(issuer) = args.token_issuer.clone() else { return Ok(None) };
        let Some(keys) = args.token_keys.clone() else {
            bail!("--token-issuer needs --token-keys FILE|URL");
        };
        if args.token_audience.is_empty() {
            bail!("--token-issuer needs --token-audience: tokens for others must not be accepted");
        }
        let algorithms = match &args.token_algorithms[..] {
            [] => &TokenAlgorithm::DEFAULT,
            given => given,
        };
        Ok(Some(Self {
            issuer,
            audience: args.token_audience.clone(),
            keys,
            algorithms: algorithms.iter().map(|algorithm| algorithm.0).collect(),
            scopes: args.token_scope.clone(),
        }))
    }
}
