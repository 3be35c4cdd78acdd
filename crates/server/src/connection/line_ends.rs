//! The line ends of HTTP/1 request heads.

/// Fields of a head that announce a body, in lower case.
const BODY_FIELDS: [&[u8]; 2] = [b"content-length:", b"transfer-encoding:"];
/// Bytes of a line that tell whether it is one of [`BODY_FIELDS`].
const NAME: usize = 18;

/// Finds lines of request heads that end with a bare LF.
///
/// A server may take LF alone for a line end (RFC 9112, section 2.2), and hyper does. A proxy that does not reads other
/// requests on the connection than the server, which lets one client smuggle requests into those of another.
#[derive(Debug, Default)]
pub(super) struct LineEnds {
    /// The first bytes of the current line, in lower case.
    line: Vec<u8>,
    /// Whether the last byte was a CR.
    after_cr: bool,
    has_body: bool,
    in_body: bool,
}

impl LineEnds {
    /// Reads bytes of the connection; `in_body` says whether a body is awaited. Returns whether all lines of heads end with
    /// CRLF. Requests that are sent behind a body, before its response, are not read.
    pub(super) fn receive(&mut self, mut bytes: &[u8], in_body: bool) -> bool {
        self.in_body &= in_body;
        while !self.in_body {
            let Some(end) = bytes.iter().position(|byte| *byte == b'\n') else {
                self.continue_line(bytes);
                return true;
            };
            self.continue_line(&bytes[..end]);
            if !self.after_cr {
                return false;
            }
            self.end_line();
            bytes = &bytes[end + 1..];
        }
        true
    }

    fn continue_line(&mut self, part: &[u8]) {
        let Some(last) = part.last() else { return };
        self.after_cr = *last == b'\r';
        let missing = NAME.saturating_sub(self.line.len()).min(part.len());
        self.line.extend(part[..missing].iter().map(u8::to_ascii_lowercase));
    }

    fn end_line(&mut self) {
        if self.line == b"\r" {
            self.in_body = self.has_body;
            self.has_body = false;
        }
        self.has_body |= BODY_FIELDS.iter().any(|field| self.line.starts_with(field));
        self.line.clear();
        self.after_cr = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GET: &str = "GET / HTTP/1.1\r\nhost: x\r\n\r\n";
    const POST: &str = "POST / HTTP/1.1\r\nhost: x\r\nContent-Length: 4\r\n\r\n";

    /// Whether all heads are well formed, with `sent` in one read and in reads of one byte.
    fn is_accepted(sent: &str) -> bool {
        let whole = LineEnds::default().receive(sent.as_bytes(), false);
        let mut single = LineEnds::default();
        assert_eq!(
            whole,
            sent.as_bytes().chunks(1).all(|byte| single.receive(byte, false)),
            "{sent:?}"
        );
        whole
    }

    #[test]
    fn lines_of_heads_end_with_crlf() {
        assert!(is_accepted(GET));
        assert!(is_accepted(&format!("\r\n{GET}{GET}")));
        for at in GET.match_indices("\r\n").map(|(at, _)| at) {
            let mut bare = GET.to_owned();
            bare.remove(at);
            assert!(!is_accepted(&bare), "{bare:?}");
            assert!(!is_accepted(&format!("{GET}{bare}")), "a request sent at once with another");
        }
    }

    #[test]
    fn bodies_have_any_bytes() {
        for field in ["CONTENT-LENGTH: 4", "transfer-encoding: chunked"] {
            let head = POST.replace("Content-Length: 4", field);
            let mut ends = LineEnds::default();
            assert!(ends.receive(format!("{head}a\nb").as_bytes(), false), "{field}");
            assert!(ends.receive(b"\n\n", true));
            assert!(ends.receive(GET.as_bytes(), false));
            assert!(!ends.receive(b"GET / HTTP/1.1\n", false), "the request behind the body");
        }
    }
}
