//! The header fields of uploads in pieces, and of digests (RFC 9530), as a request has them.
//!
//! The draft has a field of another form ignored. Here it is refused: a piece that was taken for a whole file would be
//! imported.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::{HeaderMap, HeaderName, header};

use super::{UPLOAD_COMPLETE, UPLOAD_LENGTH, UPLOAD_OFFSET, problems};
use crate::problem::Problem;

const CONTENT_DIGEST: HeaderName = HeaderName::from_static("content-digest");
const REPR_DIGEST: HeaderName = HeaderName::from_static("repr-digest");
/// Maximum digits of an integer (RFC 9651, section 3.3.1).
const MAX_DIGITS: usize = 15;

/// SHA-256.
pub(super) type Digest = [u8; 32];

/// The fields of a request that begins or continues an upload.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct UploadFields {
    /// Whether the body is the end of the file.
    pub(super) complete: Option<bool>,
    /// The place of the body in the file, in bytes.
    pub(super) offset: Option<u64>,
    /// Size of the file, in bytes.
    length: Option<u64>,
    /// Size of the body, in bytes.
    pub(super) body_length: Option<u64>,
    pub(super) body_digest: Option<Digest>,
    pub(super) file_digest: Option<Digest>,
}

impl UploadFields {
    /// Reads the fields.
    ///
    /// # Errors
    /// 400 for a field that cannot be read, or stands twice.
    pub(super) fn parse(headers: &HeaderMap) -> Result<Self, Problem> {
        Ok(Self {
            complete: field(headers, &UPLOAD_COMPLETE, boolean)?,
            offset: field(headers, &UPLOAD_OFFSET, integer)?,
            length: field(headers, &UPLOAD_LENGTH, integer)?,
            body_length: field(headers, &header::CONTENT_LENGTH, integer)?,
            body_digest: field(headers, &CONTENT_DIGEST, digest)?,
            file_digest: field(headers, &REPR_DIGEST, digest)?,
        })
    }

    /// Size of the file, in bytes, as far as the request says it: of itself, or as its end.
    ///
    /// # Errors
    /// 400 if it says two sizes.
    pub(super) fn file_length(&self, offset: u64) -> Result<Option<u64>, Problem> {
        let is_end = self.complete == Some(true);
        let end = self.body_length.filter(|_| is_end).map(|length| offset.saturating_add(length));
        match (self.length, end) {
            (Some(length), Some(end)) if length != end => Err(problems::wrong_length(length, end)),
            (length, end) => Ok(length.or(end)),
        }
    }
}

fn field<T>(
    headers: &HeaderMap,
    name: &HeaderName,
    parse: fn(&str) -> Result<T, &'static str>,
) -> Result<Option<T>, Problem> {
    let invalid = |rule: &str| Problem::invalid(name.as_str(), rule);
    let mut values = headers.get_all(name).into_iter();
    let Some(value) = values.next() else { return Ok(None) };
    if values.next().is_some() {
        return Err(invalid("is given more than once"));
    }
    let text = value.to_str().map_err(|_| invalid("must be ASCII"))?;
    parse(text.trim()).map(Some).map_err(invalid)
}

fn boolean(text: &str) -> Result<bool, &'static str> {
    match text {
        "?1" => Ok(true),
        "?0" => Ok(false),
        _ => Err("must be ?1, if the body is the end of the file, or ?0"),
    }
}

fn integer(text: &str) -> Result<u64, &'static str> {
    let is_number = text.len() <= MAX_DIGITS && text.bytes().all(|byte| byte.is_ascii_digit());
    let number = text.parse().ok().filter(|_| is_number);
    number.ok_or("must be a number of bytes")
}

/// The SHA-256 of a dictionary of digests. Others are not checked, so that they are not enough.
fn digest(text: &str) -> Result<Digest, &'static str> {
    let mut digests = text.split(',').map(str::trim);
    let bytes = digests.find_map(|it| it.strip_prefix("sha-256=:")?.strip_suffix(':'));
    let digest = bytes.and_then(|bytes| STANDARD.decode(bytes).ok()?.try_into().ok());
    digest.ok_or("must have a SHA-256 in base64: sha-256=:...:")
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn parse(fields: &[(&str, &str)]) -> Result<UploadFields, String> {
        let mut headers = HeaderMap::new();
        for (name, value) in fields {
            let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
            headers.append(name, HeaderValue::from_str(value).unwrap());
        }
        UploadFields::parse(&headers).map_err(|problem| problem.detail)
    }

    #[test]
    fn fields_are_read_or_refused_by_name() {
        let digest = STANDARD.encode([7; 32]);
        let read = parse(&[
            ("upload-complete", "?0"),
            ("upload-offset", "12"),
            ("repr-digest", &format!("sha-512=:AA==:, sha-256=:{digest}:")),
        ])
        .unwrap();
        assert_eq!((read.complete, read.offset), (Some(false), Some(12)));
        assert_eq!((read.file_digest, read.body_digest), (Some([7; 32]), None));
        for (name, value) in [
            ("upload-complete", "true"),
            ("upload-complete", ""),
            ("upload-offset", "-1"),
            ("upload-offset", "+1"),
            ("upload-offset", "1234567890123456"),
            ("upload-length", "1.0"),
            ("content-digest", "sha-512=:AA==:"),
            ("repr-digest", "sha-256=:AA==:"),
        ] {
            let error = parse(&[(name, value)]).unwrap_err();
            assert!(error.starts_with(name), "{error}");
        }
        assert!(parse(&[("upload-offset", "1"), ("upload-offset", "1")]).is_err());
    }

    #[test]
    fn the_size_of_a_file_is_said_or_follows_from_its_end() {
        let length = |fields: &[(&str, &str)]| {
            parse(fields).unwrap().file_length(10).map_err(|problem| problem.reason)
        };
        assert_eq!(length(&[("content-length", "5")]), Ok(None));
        assert_eq!(length(&[("upload-length", "15")]), Ok(Some(15)));
        let end = [("upload-complete", "?1"), ("content-length", "5"), ("upload-length", "15")];
        assert_eq!(length(&end), Ok(Some(15)));
        assert_eq!(length(&end[..2]), Ok(Some(15)));
        let other = [end[0], end[1], ("upload-length", "16")];
        assert_eq!(length(&other), Err("IMPORT_UPLOAD_LENGTH_MISMATCH".into()));
    }
}
