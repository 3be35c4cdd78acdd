//! The parts that all write requests share: actor, request id and `validate_only`.

use prost::Message;
use proto::catalogue::v1 as wire;
use sha2::{Digest as _, Sha256};
use tonic::Request;

use super::{
    visible::caller,
    written::{Id, Names},
};
use crate::{
    domain::{Error, Result, actor::join},
    store::{AfterWrite, RequestKey, Write, WriteContext},
};

/// Metadata key of the actor.
const ACTOR: &str = "x-actor";
/// Maximum length of an actor, in characters.
const MAX_ACTOR: usize = 128;
const MAX_REQUEST_ID: usize = 64;

/// A request that writes.
pub(super) trait WriteRequest: Message {
    /// Distinguishes the requests of different methods.
    const NAME: &'static str;

    /// Removes and returns `request_id` and `validate_only`.
    fn take(&mut self) -> (String, bool);

    /// The id of the resource, as far as it is in the request.
    fn resource(&self) -> &str;
}

macro_rules! writes {
    ($($request:ident($($field:ident).+)),* $(,)?) => { $(
        impl WriteRequest for wire::$request {
            const NAME: &'static str = stringify!($request);

            fn take(&mut self) -> (String, bool) {
                (std::mem::take(&mut self.request_id), std::mem::take(&mut self.validate_only))
            }

            fn resource(&self) -> &str {
                Id::id(&self.$($field).+)
            }
        }
    )* };
}

// Each with the field that names the resource.
writes!(
    CreateProductRequest(product),
    UpdateProductRequest(product),
    DeleteProductRequest(product_id),
    UndeleteProductRequest(product_id),
    RevertProductRequest(product_id),
    CreateCategoryRequest(category),
    UpdateCategoryRequest(category),
    MoveCategoryRequest(category_id),
    DeleteCategoryRequest(category_id),
    AdjustStockRequest(product_id),
    SetStockRequest(product_id),
    ReserveStockRequest(lines),
);

macro_rules! writes_without_validation {
    ($($request:ident),* $(,)?) => { $(
        impl WriteRequest for wire::$request {
            const NAME: &'static str = stringify!($request);

            fn take(&mut self) -> (String, bool) {
                (std::mem::take(&mut self.request_id), false)
            }

            fn resource(&self) -> &str {
                &self.reservation_id
            }
        }
    )* };
}

// Ending a reservation is idempotent and needs no validation beforehand.
writes_without_validation!(CommitReservationRequest, ReleaseReservationRequest);

/// Separates a request from its write context. `to_response` converts the result of the write.
///
/// # Errors
/// The request id or the actor is malformed.
pub(super) fn parse<R, T, A>(
    request: Request<R>,
    to_response: fn(T, &AfterWrite) -> A,
) -> Result<(R, Write<T, A>)>
where
    R: WriteRequest,
    A: Message + Default + Names,
{
    let context = context(&request)?;
    context.name_resource(request.get_ref().resource());
    let mut request = request.into_inner();
    let (id, validate_only) = request.take();
    let request_key = match id.as_str() {
        "" => None,
        id if is_request_id(id) => {
            Some(RequestKey { id: id.to_owned(), fingerprint: fingerprint(&request) })
        }
        _ => {
            let rule = "must be 1 to 64 letters, digits or any of -._";
            return Err(Error::field("request_id", rule));
        }
    };
    let write = Write {
        context: WriteContext { request: request_key, validate_only, ..context },
        to_response,
        written: A::written,
        encode: |response| response.encode_to_vec(),
        decode: |stored| A::decode(stored).ok(),
    };
    Ok((request, write))
}

/// A write of a method without `request_id` and `validate_only`.
pub(super) fn unconditional<Q, T>(request: &Request<Q>) -> Write<T> {
    let audit = request.extensions().get().cloned();
    Write::plain(WriteContext { audit, ..WriteContext::default() })
}

/// Returns the context of a write: its actor, and its event of the audit trail.
///
/// # Errors
/// The actor is too long, or has unprintable characters.
pub(super) fn context<T>(request: &Request<T>) -> Result<WriteContext> {
    let (actor, audit) = (actor(request)?, request.extensions().get().cloned());
    Ok(WriteContext { actor, audit, ..WriteContext::default() })
}

/// Returns the actor of a call, or an empty text. A caller with a credential is the actor, and the call's own claim is
/// a note.
fn actor<T>(request: &Request<T>) -> Result<String> {
    let text = request.metadata().get(ACTOR).map_or(Some(""), |actor| {
        let text = std::str::from_utf8(actor.as_bytes()).ok();
        text.filter(|text| text.chars().count() <= MAX_ACTOR && !text.contains(char::is_control))
    });
    let Some(claimed) = text else {
        let rule = format!("must be at most {MAX_ACTOR} printable characters");
        return Err(Error::field(ACTOR, rule));
    };
    Ok(match caller(request.extensions()).actor() {
        Some(principal) => join(&principal, claimed),
        None => claimed.to_owned(),
    })
}

fn is_request_id(id: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
    id.len() <= MAX_REQUEST_ID && id.bytes().all(allowed)
}

/// Returns a digest of the request without `request_id` and `validate_only`, so that a validation
/// and its write have the same digest. The contract has no maps, so equal messages have equal bytes.
fn fingerprint<R: WriteRequest>(request: &R) -> [u8; 32] {
    let mut digest = Sha256::new();
    digest.update(R::NAME);
    digest.update([0]);
    digest.update(request.encode_to_vec());
    digest.finalize().into()
}
