//! Bodies in the content encoding `aws-chunked`, in which SDKs send signatures or checksums between parts of an upload.

use bytes::Bytes;

use crate::wire::request::Request;

/// The content of a body, decoded if it came in chunks. `None` if the chunks are malformed.
pub(super) fn body(request: &Request) -> Option<Bytes> {
    let streaming = request.header("x-amz-content-sha256").is_some_and(|hash| hash.starts_with("STREAMING-"));
    let encoded = request.header("content-encoding").is_some_and(|encoding| encoding.contains("aws-chunked"));
    if streaming || encoded { decode(&request.body) } else { Some(request.body.clone()) }
}

/// Each chunk is its length in hexadecimal digits, perhaps an extension such as `;chunk-signature=…`, and its bytes.
/// After the chunk of length zero come trailers, which do not matter here (S3 API reference).
fn decode(mut rest: &[u8]) -> Option<Bytes> {
    let mut body = Vec::with_capacity(rest.len());
    loop {
        let end = rest.windows(2).position(|pair| pair == b"\r\n")?;
        let head = std::str::from_utf8(&rest[..end]).ok()?;
        let length = usize::from_str_radix(head.split(';').next()?.trim(), 16).ok()?;
        rest = &rest[end + 2..];
        if length == 0 {
            return Some(body.into());
        }
        body.extend_from_slice(rest.get(..length)?);
        rest = rest.get(length..)?.strip_prefix(b"\r\n")?;
    }
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn chunks_become_one_body() {
        let signed =
            b"5;chunk-signature=00\r\nhello\r\n7;chunk-signature=11\r\n, \r\nyou\r\n0;chunk-signature=22\r\n\r\n";
        assert_eq!(decode(signed).as_deref(), Some(&b"hello, \r\nyou"[..]));
        let unsigned = b"A\r\n0123456789\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n";
        assert_eq!(decode(unsigned).as_deref(), Some(&b"0123456789"[..]));
        assert_eq!(decode(b"0\r\n\r\n").as_deref(), Some(&b""[..]));
    }

    #[test]
    fn broken_chunks_are_no_body() {
        for broken in [&b""[..], b"5\r\nhel", b"nonsense", b"2\r\nhello\r\n0\r\n\r\n"] {
            assert_eq!(decode(broken), None);
        }
    }
}
