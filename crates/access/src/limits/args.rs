//! Settings of the limits on the rate of calls.

use super::rate::ClassRate;

/// Settings of the limits on the rate of calls.
#[derive(Debug, Clone, clap::Args, serde::Serialize)]
pub struct LimitArgs {
    /// Limit how often each client address and each holder of a key, token or certificate may call. Not set:
    /// yes, if a --limit-* is given, or with --access keys on an address that other machines reach.
    #[arg(long, env = "RATE_LIMITS", value_name = "BOOL", num_args = 0..=1, default_missing_value = "true")]
    pub rate_limits: Option<bool>,

    /// Calls of one client address (IPv6: of its /64 network) without a credential: `CLASS=CALLS/s`, `CALLS/m` or
    /// `off`, with `+CALLS` for a burst other than the calls of 10 s. Classes: read, search, write, bulk, stream, and
    /// credentials: refused ones, and tokens seen for the first time. Default:
    /// read=1000/s,search=200/s,write=50/s,bulk=5/s,stream=20/s,credentials=20/s.
    #[arg(long, env = "LIMIT_ADDRESS", value_name = "CLASS=RATE", value_delimiter = ',')]
    pub limit_address: Vec<ClassRate>,

    /// Calls of one holder of a key, token or certificate, likewise. Default:
    /// read=2000/s,search=500/s,write=500/s,bulk=10/s,stream=50/s.
    #[arg(long, env = "LIMIT_KEY", value_name = "CLASS=RATE", value_delimiter = ',')]
    pub limit_key: Vec<ClassRate>,

    /// Maximum addresses and holders that are remembered, at 400 bytes each; beyond, the ones that call least are
    /// forgotten.
    #[arg(long, env = "LIMIT_ENTRIES", value_name = "N", default_value_t = 100_000)]
    pub limit_entries: usize,
}

impl Default for LimitArgs {
    fn default() -> Self {
        Self {
            rate_limits: None,
            limit_address: Vec::new(),
            limit_key: Vec::new(),
            limit_entries: 100_000,
        }
    }
}

impl LimitArgs {
    /// Whether calls are limited; `is_exposed`: other machines reach the service, and need credentials.
    pub(crate) fn is_on(&self, is_exposed: bool) -> bool {
        let given = !self.limit_address.is_empty() || !self.limit_key.is_empty();
        self.rate_limits.unwrap_or(given || is_exposed)
    }
}
