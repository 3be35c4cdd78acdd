//! The settings of imports over HTTP.

use std::{
    num::{NonZeroU64, NonZeroUsize},
    path::PathBuf,
};

/// Settings of imports over HTTP.
#[derive(Debug, Clone, clap::Args, serde::Serialize)]
pub struct ImportArgs {
    /// Directory for files that are being imported, and for rejected rows; of this gateway alone. Not set: a temporary
    /// one.
    #[arg(long, env = "IMPORT_DIR", value_name = "DIR")]
    pub import_dir: Option<PathBuf>,

    /// Largest file that can be imported over HTTP, in bytes.
    #[arg(long, env = "MAX_IMPORT_BYTES", value_name = "BYTES", default_value = "1073741824")]
    pub max_import_bytes: NonZeroU64,

    /// Limit of imports over HTTP that run at the same time.
    #[arg(long, env = "MAX_IMPORTS", value_name = "N", default_value = "2")]
    pub max_imports: NonZeroUsize,

    /// Limit of further imports over HTTP that are received or wait.
    #[arg(long, env = "MAX_QUEUED_IMPORTS", value_name = "N", default_value_t = 8)]
    pub max_queued_imports: usize,

    /// Time for which a file that is uploaded in pieces is kept after its last byte while it is not whole, in seconds.
    #[arg(long, env = "KEEP_UPLOADS", value_name = "SECONDS", default_value_t = 3_600,
          value_parser = clap::value_parser!(u64).range(1..=604_800))]
    pub keep_uploads: u64,

    /// Hosts from which files are imported by their URL though their addresses are not public, such as
    /// `files.internal` or `10.1.2.3:8000`.
    #[arg(long, env = "IMPORT_HOST", value_name = "HOST", value_delimiter = ',')]
    pub import_host: Vec<String>,
}
