//! Errors of calls.

use std::{collections::HashMap, fmt};

use tonic::{Code, Status};
use tonic_types::StatusExt as _;

use crate::Reason;

/// The result of a call.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a call failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The catalogue refused or failed the call.
    #[error(transparent)]
    Catalogue(#[from] Box<CatalogueError>),
    /// The gateway cannot be reached, or the connection broke off.
    #[error("the catalogue cannot be reached")]
    Unreachable(#[source] Box<Status>),
    /// A setting of the client cannot be used.
    #[error("{0}")]
    Setting(String),
}

/// An error of the catalogue.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct CatalogueError {
    /// Its kind.
    pub code: Code,
    /// The reason; `None` for a reason that this version of the client does not know.
    pub reason: Option<Reason>,
    /// The name of the reason, such as `PRODUCT_NOT_FOUND`.
    pub reason_name: String,
    /// For people.
    pub message: String,
    /// The id of the request, which the logs of the catalogue have as well.
    pub request_id: String,
    /// Each field at fault.
    pub fields: Vec<FieldError>,
    /// Facts for programs, such as `stock_qty` of INSUFFICIENT_STOCK.
    pub metadata: HashMap<String, String>,
}

/// A fault of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// Its path in the request, such as `product.name`.
    pub field: String,
    /// The fault, for people.
    pub message: String,
}

impl Error {
    /// The reason of an error of the catalogue.
    #[must_use]
    pub fn reason(&self) -> Option<Reason> {
        match self {
            Self::Catalogue(error) => error.reason,
            Self::Unreachable(_) | Self::Setting(_) => None,
        }
    }

    /// Whether the catalogue gave this reason.
    #[must_use]
    pub fn is(&self, reason: Reason) -> bool {
        self.reason() == Some(reason)
    }
}

impl std::error::Error for CatalogueError {}

impl fmt::Display for CatalogueError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, message) = (&self.reason_name, &self.message);
        match self.request_id.as_str() {
            "" => write!(f, "{name}: {message}"),
            id => write!(f, "{name}: {message} (request {id})"),
        }
    }
}

impl From<Status> for Error {
    fn from(status: Status) -> Self {
        // One that the catalogue sent has no source.
        if std::error::Error::source(&status).is_some() {
            return Self::Unreachable(Box::new(status));
        }
        let info = status.get_details_error_info();
        let (reason_name, metadata) = info.map(|it| (it.reason, it.metadata)).unwrap_or_default();
        let request = status.get_details_bad_request();
        let violations = request.map(|request| request.field_violations).unwrap_or_default();
        let fields = violations.into_iter();
        let id = status.metadata().get("x-request-id").and_then(|id| id.to_str().ok());
        Self::Catalogue(Box::new(CatalogueError {
            code: status.code(),
            reason: Reason::named(&reason_name),
            reason_name: match reason_name.is_empty() {
                true => format!("{:?}", status.code()),
                false => reason_name,
            },
            message: status.message().to_owned(),
            request_id: id.unwrap_or_default().to_owned(),
            fields: fields
                .map(|it| FieldError { field: it.field, message: it.description })
                .collect(),
            metadata,
        }))
    }
}
