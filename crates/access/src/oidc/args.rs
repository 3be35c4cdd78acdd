//! Settings of signing in with OpenID Connect.

use std::path::PathBuf;

/// Settings of signing in at an identity provider.
#[derive(Debug, Clone, Default, clap::Args, serde::Serialize)]
pub struct OidcArgs {
    /// Identity provider at which people sign in to the desk (OpenID Connect): the --token-issuer, with whose access tokens
    /// their sessions begin. Not set: they sign in with keys.
    #[arg(long, env = "OIDC_ISSUER", value_name = "URL", requires_all = ["oidc_client_id", "oidc_client_secret_file", "token_issuer", "public_url"])]
    pub oidc_issuer: Option<String>,

    /// Name of the gateway at the identity provider. It must know /admin/sign-in/callback below --public-url as the place to
    /// which it sends people back.
    #[arg(long, env = "OIDC_CLIENT_ID", value_name = "ID", requires = "oidc_issuer")]
    pub oidc_client_id: Option<String>,

    /// File with the secret that the identity provider has given the gateway; the same for all gateways.
    #[arg(long, env = "OIDC_CLIENT_SECRET_FILE", value_name = "FILE", requires = "oidc_issuer")]
    pub oidc_client_secret_file: Option<PathBuf>,

    /// Scopes that are asked for beside `openid`: those by which the identity provider gives access tokens for this
    /// deployment.
    #[arg(
        long,
        env = "OIDC_SCOPE",
        value_name = "SCOPE",
        value_delimiter = ',',
        requires = "oidc_issuer"
    )]
    pub oidc_scope: Vec<String>,
}
