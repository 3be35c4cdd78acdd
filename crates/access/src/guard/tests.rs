use contract::Scope;
use http::HeaderValue;
use proptest::prelude::*;

use super::*;
use crate::keys::KeyRecord;

const HOUR: Duration = Duration::from_secs(3_600);

fn needing(scope: Scope) -> Method {
    Method { scope: Some(scope), ..Method::OTHER }
}

fn bearing(credential: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let value = HeaderValue::from_str(&format!("Bearer {credential}")).unwrap();
    headers.insert(AUTHORIZATION, value);
    headers
}

fn record(key: &KeyText, scopes: &[&str], expires: Option<SystemTime>) -> KeyRecord {
    KeyRecord {
        id: key.id().to_owned(),
        name: "test".to_owned(),
        scopes: Scopes::of_key(scopes.iter().copied()).unwrap(),
        digest: Digest::of(key.as_str()),
        expires,
    }
}

fn secret() -> (tempfile::TempDir, ServiceSecret) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("secret");
    std::fs::write(&file, "a-secret-of-more-than-32-characters").unwrap();
    let secret = ServiceSecret::read(&file).unwrap();
    (folder, secret)
}

#[test]
fn anonymous_callers_are_restricted_once_a_key_exists() {
    let access = Access::with(None, None);
    let none = HeaderMap::new();
    let write = needing(Scope::WriteProducts);
    assert!(access.authorize(write, &none).is_ok());
    access.replace_keys(Keys::new([], false));
    assert!(access.authorize(write, &none).is_ok());
    access.replace_keys(Keys::new([], true));
    assert_eq!(access.authorize(write, &none).unwrap_err(), Refusal::Missing(Scope::WriteProducts));
    assert!(!access.authorize(needing(Scope::Read), &none).unwrap().may(Scope::ReadDrafts));
}

#[test]
fn modes_decide_about_anonymous_callers() {
    let may_write = |mode, secret, keys: Option<bool>| {
        let access = Access::with(mode, secret);
        if let Some(has_keys) = keys {
            access.replace_keys(Keys::new([], has_keys));
        }
        access.authorize(needing(Scope::WriteStock), &HeaderMap::new()).is_ok()
    };
    assert!(may_write(Some(Mode::Open), None, Some(true)));
    assert!(!may_write(Some(Mode::Keys), None, Some(false)));
    let (_folder, secret) = secret();
    assert!(!may_write(None, Some(secret.clone()), None), "there may be keys");
    assert!(may_write(None, Some(secret), Some(false)));
}

#[test]
fn a_key_permits_its_scopes_until_it_expires_or_is_revoked() {
    let access = Access::with(Some(Mode::Keys), None);
    let key = KeyText::random();
    let headers = bearing(key.as_str());
    let check = |scope| access.authorize(needing(scope), &headers).map(|_| ());
    assert_eq!(check(Scope::Read), Err(Refusal::Unavailable));
    let later = Some(SystemTime::now() + HOUR);
    access.replace_keys(Keys::new([record(&key, &["write:stock"], later)], true));
    assert_eq!(check(Scope::WriteStock), Ok(()));
    assert_eq!(check(Scope::WriteProducts), Err(Refusal::Scope(Scope::WriteProducts)));
    let before = Some(SystemTime::now() - HOUR);
    access.replace_keys(Keys::new([record(&key, &["write:stock"], before)], true));
    assert_eq!(check(Scope::WriteStock), Err(Refusal::Expired));
    access.replace_keys(Keys::new([], true));
    assert_eq!(check(Scope::Read), Err(Refusal::Invalid), "also where no key is needed");
}

#[test]
fn the_secret_permits_everything() {
    let (_folder, secret) = secret();
    let access = Access::with(Some(Mode::Keys), Some(secret.clone()));
    let mut headers = HeaderMap::new();
    let credential = secret.credential().to_str().unwrap().parse().unwrap();
    headers.insert(AUTHORIZATION, credential);
    assert!(Scope::ALL.iter().all(|scope| access.authorize(needing(*scope), &headers).is_ok()));
    headers.insert(
        AUTHORIZATION,
        HeaderValue::from_static("Bearer a-secret-of-more-than-32-character"),
    );
    assert_eq!(access.authenticate(&headers).unwrap_err(), Refusal::Invalid);
}

#[test]
fn malformed_credentials_are_invalid() {
    let access = Access::with(None, None);
    let key = KeyText::random();
    access.replace_keys(Keys::new([record(&key, &[], None)], true));
    let check = |value: &str| {
        let mut headers = HeaderMap::new();
        headers.insert(AUTHORIZATION, HeaderValue::from_bytes(value.as_bytes()).unwrap());
        access.authenticate(&headers).map(|_| ())
    };
    let text = key.as_str();
    assert_eq!(check(&format!("bearer {text}")), Ok(()));
    let upper = text.to_uppercase();
    for bad in [
        text,
        "",
        "Bearer",
        "Bearer ",
        &format!("Basic {text}"),
        &format!("Bearer  {text}"),
        &format!("Bearer {text} "),
        &format!("Bearer {upper}"),
        "Bearer a.b.c",
        "Bearer \u{e9}",
    ] {
        assert_eq!(check(bad), Err(Refusal::Invalid), "{bad}");
    }
    let mut twice = bearing(text);
    twice.append(AUTHORIZATION, twice[AUTHORIZATION].clone());
    assert_eq!(access.authenticate(&twice).unwrap_err(), Refusal::Invalid);
}

#[tokio::test]
async fn a_stream_ends_when_its_caller_loses_a_right() {
    let access = Access::with(Some(Mode::Keys), None);
    let key = KeyText::random();
    access.replace_keys(Keys::new([record(&key, &[], None)], true));
    let headers = bearing(key.as_str());
    let caller = access.authenticate(&headers).unwrap();
    let ended = tokio::spawn(access.clone().ended(headers, caller));
    access.replace_keys(Keys::new([], true));
    assert_eq!(ended.await.unwrap(), Refusal::Invalid);
    let anonymous = Access::with(None, None);
    let ended = tokio::spawn(anonymous.clone().ended(HeaderMap::new(), Caller::UNRESTRICTED));
    anonymous.replace_keys(Keys::new([], true));
    assert_eq!(ended.await.unwrap(), Refusal::Changed);
}

proptest! {
    /// One bit of a key changed: not accepted.
    #[test]
    fn a_key_differs_in_every_bit(byte in 0_usize..81, bit in 0_u8..7) {
        let access = Access::with(Some(Mode::Keys), None);
        let key = KeyText::random();
        access.replace_keys(Keys::new([record(&key, &[], None)], true));
        let mut changed = key.as_str().as_bytes().to_vec();
        changed[byte] ^= 1 << bit;
        let mut value = b"Bearer ".to_vec();
        value.extend(changed);
        if let Ok(value) = HeaderValue::from_bytes(&value) {
            let mut headers = HeaderMap::new();
            headers.insert(AUTHORIZATION, value);
            prop_assert_eq!(access.authenticate(&headers).unwrap_err(), Refusal::Invalid);
        }
    }
}
