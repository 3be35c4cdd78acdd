//! The paths of methods.

use http::Uri;

/// Whether a path is that of a method, known or not: `/package.Service/Method`.
pub(crate) fn is_procedure(uri: &Uri) -> bool {
    let is_name = |name: &str| {
        let is_part = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        !name.is_empty() && name.bytes().all(is_part)
    };
    let path = uri.path().strip_prefix('/').and_then(|path| path.split_once('/'));
    path.is_some_and(|(service, method)| {
        service.contains('.') && service.split('.').all(is_name) && is_name(method)
    })
}
