//! A unary call by GET: the request message in the query.

use base64::{
    Engine as _, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use bytes::Bytes;
use rpc::status::{CONTENT_ENCODING_UNSUPPORTED, error, invalid};
use tonic::{Code, Status};

use super::content::Encoding;
use crate::json::Coding;

/// base64url, with padding or without.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::URL_SAFE,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The query of a call.
#[derive(Debug)]
pub(super) struct GetQuery {
    pub(super) encoding: Encoding,
    pub(super) message: Bytes,
    pub(super) coding: Coding,
}

impl GetQuery {
    /// Parses a query. Parameters that Connect does not know are ignored, as its caches may add their own.
    ///
    /// # Errors
    /// INVALID_ARGUMENT with the parameter at fault, UNIMPLEMENTED for another compression.
    pub(super) fn parse(query: &str) -> Result<Self, Status> {
        let [version, encoding, message, is_base64, compression] =
            values(query, ["connect", "encoding", "message", "base64", "compression"])?;
        if version.is_some_and(|version| &version[..] != b"v1") {
            return Err(invalid([("connect", "must be v1")]));
        }
        let encoding = match encoding.as_deref() {
            Some(b"json") => Encoding::Json,
            Some(b"proto") => Encoding::Proto,
            _ => return Err(invalid([("encoding", "must be json or proto")])),
        };
        let message = message.ok_or_else(|| invalid([("message", "is required")]))?;
        let message = match is_base64.as_deref() {
            None | Some(b"0") => message,
            Some(b"1") => BASE64
                .decode(message)
                .map_err(|_| invalid([("message", "is not base64url, as base64=1 says")]))?,
            Some(_) => return Err(invalid([("base64", "must be 1, or absent")])),
        };
        let coding = match compression {
            None => Some(Coding::Identity),
            Some(name) => std::str::from_utf8(&name).ok().and_then(Coding::named),
        };
        // As a body in another coding is refused.
        let coding = coding.ok_or_else(|| {
            let text = "send the message as it is, or with compression=gzip or zstd";
            error(Code::Unimplemented, CONTENT_ENCODING_UNSUPPORTED, text)
        })?;
        Ok(Self { encoding, message: message.into(), coding })
    }
}

/// The values of parameters, as bytes: a message in protobuf need not be text.
fn values<const N: usize>(
    query: &str,
    names: [&'static str; N],
) -> Result<[Option<Vec<u8>>; N], Status> {
    let mut values = [const { None }; N];
    for pair in query.split('&') {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let Some(at) = names.iter().position(|known| *known == name) else { continue };
        let value = value.replace('+', " ");
        let value = percent_encoding::percent_decode(value.as_bytes()).collect();
        if values[at].replace(value).is_some() {
            return Err(invalid([(name, "is given more than once")]));
        }
    }
    Ok(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn message_is_text_bytes_or_base64() {
        for (query, expected) in [
            ("encoding=json&message=%7B%22a%22:+1%7D", &br#"{"a": 1}"#[..]),
            ("connect=v1&encoding=proto&message=%0a%FF%00&base64=0", b"\n\xff\0"),
            ("message=_w&encoding=proto&base64=1&utm_source=x", b"\xff"),
            ("message=_w==&encoding=proto&base64=1", b"\xff"),
            ("message=&encoding=proto", b""),
        ] {
            assert_eq!(GetQuery::parse(query).unwrap().message, expected, "{query}");
        }
        for (query, field) in [
            ("", "encoding"),
            ("encoding=json", "message"),
            ("encoding=xml&message=a", "encoding"),
            ("encoding=json&message=%7B%7D&connect=v2", "connect"),
            ("encoding=proto&message=a*b&base64=1", "message"),
            ("encoding=proto&message=aaaa&base64=yes", "base64"),
            ("encoding=proto&message=a&message=b", "message"),
        ] {
            let status = GetQuery::parse(query).unwrap_err();
            assert_eq!(rpc::status::violations(&status)[0].0, field, "{query}");
        }
    }

    #[test]
    fn another_compression_is_unimplemented() {
        for name in ["br", "", "%FF"] {
            let query = format!("encoding=proto&message=a&compression={name}");
            let status = GetQuery::parse(&query).unwrap_err();
            assert_eq!(status.code(), Code::Unimplemented, "{name}");
            let reason = rpc::status::reason(&status);
            assert_eq!(reason.as_deref(), Some(CONTENT_ENCODING_UNSUPPORTED), "{name}");
        }
    }
}
