//! The cost of admitting a call: without a credential, with a key, with a token that was seen before, and with limits.
//!
//! A GetProduct from the cache costs 6 µs (docs/performance.md); 3 % of that are 180 ns beyond an anonymous call.

use std::{hint::black_box, net::SocketAddr};

use access::{Access, AccessArgs, Digest, KeyRecord, KeyText, Keys, LastUse, Mode, Scopes};
use contract::{Method, Scope};
use criterion::{Criterion, criterion_group, criterion_main};
use http::{HeaderMap, HeaderValue, header::AUTHORIZATION};
use testkit::TokenIssuer;

fn admit(criterion: &mut Criterion) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let _entered = runtime.enter();
    let issuer = TokenIssuer::new("bench");
    let keys = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(keys.path(), issuer.jwks()).expect("it is writable");
    let (key, token) = (KeyText::random(), issuer.token(&TokenIssuer::claims("read")));
    let method = Method { scope: Some(Scope::Read), ..Method::OTHER };
    let addr = SocketAddr::from(([127, 0, 0, 1], 0));
    for limited in [false, true] {
        let mut args = AccessArgs { access: Some(Mode::Keys), ..AccessArgs::default() };
        args.tokens.token_issuer = Some(TokenIssuer::ISSUER.to_owned());
        args.tokens.token_audience = vec![TokenIssuer::AUDIENCE.to_owned()];
        args.tokens.token_keys = Some(keys.path().display().to_string());
        if limited {
            let much = "write=1000000/s+1000000".parse().expect("a rate");
            args.limits.limit_address = vec![much];
            args.limits.limit_key = vec![much];
        }
        let access = Access::new(&args, addr).expect("the settings are valid");
        access.replace_keys(Keys::new([record(&key)], true));
        let name = if limited { "admit with limits" } else { "admit" };
        let mut group = criterion.benchmark_group(name);
        let cases = [
            ("anonymous", None),
            ("key", Some(key.as_str().to_owned())),
            ("token seen before", Some(token.clone())),
        ];
        for (case, credential) in cases {
            let headers = headers(credential);
            let origin = access.origin([192, 0, 2, 1].into(), []);
            group.bench_function(case, |bencher| {
                bencher.iter(|| access.admit(method, black_box(&headers), &origin));
            });
            // As at a service behind the gateway, where the calls of many come over one connection.
            group.bench_function(format!("{case}, each over a new connection"), |bencher| {
                bencher.iter(|| {
                    let origin = access.origin([192, 0, 2, 1].into(), []);
                    access.admit(method, black_box(&headers), &origin)
                });
            });
        }
        group.finish();
    }
}

fn record(key: &KeyText) -> KeyRecord {
    KeyRecord {
        id: key.id().to_owned(),
        name: "bench".to_owned(),
        scopes: Scopes::STOREFRONT,
        digest: Digest::of(key.as_str()),
        expires: None,
        last_use: LastUse::default(),
        session_of: None,
    }
}

/// The headers of a call as a client of gRPC sends it.
fn headers(credential: Option<String>) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert("te", HeaderValue::from_static("trailers"));
    headers.insert("content-type", HeaderValue::from_static("application/grpc"));
    headers.insert("user-agent", HeaderValue::from_static("bench"));
    if let Some(credential) = credential {
        let value = HeaderValue::try_from(format!("Bearer {credential}")).expect("it is text");
        headers.insert(AUTHORIZATION, value);
    }
    headers
}

criterion_group!(benches, admit);
criterion_main!(benches);
