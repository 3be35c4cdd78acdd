use contract::Scope;
use http::HeaderValue;
use proptest::prelude::*;

use super::*;
use crate::{credential::credential_of, keys::KeyRecord, last_use::LastUse, scopes::Scopes};

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
        last_use: LastUse::default(),
        session_of: None,
    }
}

const SECRET: &str = "a-secret-of-more-than-32-characters";

/// The access of a service on loopback with these settings.
fn access(args: &AccessArgs) -> Access {
    Access::new(args, "127.0.0.1:0".parse().unwrap()).unwrap()
}

fn of_mode(mode: Option<Mode>) -> Access {
    access(&AccessArgs { access: mode, ..AccessArgs::default() })
}

fn with_secret(mut args: AccessArgs) -> Access {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), SECRET).unwrap();
    args.service_secret_file = Some(file.path().to_owned());
    access(&args)
}

/// A connection without a certificate.
fn from(access: &Access, peer: &str) -> Origin {
    access.origin(peer.parse().unwrap(), [])
}

fn authenticate(access: &Access, headers: &HeaderMap) -> Result<Caller, Refusal> {
    access.authenticate(headers, &from(access, "192.0.2.1"))
}

fn authorize(access: &Access, scope: Scope, headers: &HeaderMap) -> Result<Caller, Refusal> {
    let admitted = access.admit(needing(scope), headers, &from(access, "192.0.2.1"));
    admitted.map(|admitted| admitted.caller)
}

#[test]
fn anonymous_callers_are_restricted_once_a_key_exists() {
    let access = of_mode(None);
    let none = HeaderMap::new();
    let write = Scope::WriteProducts;
    assert!(authorize(&access, write, &none).is_ok());
    access.replace_keys(Keys::new([], false));
    assert!(authorize(&access, write, &none).is_ok());
    access.replace_keys(Keys::new([], true));
    assert_eq!(authorize(&access, write, &none).unwrap_err(), Refusal::Missing(write));
    assert!(!authorize(&access, Scope::Read, &none).unwrap().may(Scope::ReadDrafts));
}

#[test]
fn modes_decide_about_anonymous_callers() {
    let may_write = |access: Access, keys: Option<bool>| {
        if let Some(has_keys) = keys {
            access.replace_keys(Keys::new([], has_keys));
        }
        authorize(&access, Scope::WriteStock, &HeaderMap::new()).is_ok()
    };
    assert!(may_write(of_mode(Some(Mode::Open)), Some(true)));
    assert!(!may_write(of_mode(Some(Mode::Keys)), Some(false)));
    let secret = || with_secret(AccessArgs::default());
    assert!(!may_write(secret(), None), "there may be keys");
    assert!(may_write(secret(), Some(false)));
    let certificate = vec!["a.internal=read".parse().unwrap()];
    let args = AccessArgs { client_certificate: certificate, ..AccessArgs::default() };
    assert!(!may_write(access(&args), Some(false)), "there are other credentials");
}

#[test]
fn a_key_permits_its_scopes_until_it_expires_or_is_revoked() {
    let access = of_mode(Some(Mode::Keys));
    let key = KeyText::random();
    let headers = bearing(key.as_str());
    // One connection, which keeps the result of its last credential.
    let origin = from(&access, "192.0.2.1");
    let check = |scope| access.admit(needing(scope), &headers, &origin).map(|_| ());
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
fn the_last_credential_of_a_connection_is_no_other() {
    let access = of_mode(Some(Mode::Keys));
    let keys = [KeyText::random(), KeyText::random()];
    let soon = SystemTime::now() + Duration::from_millis(30);
    let records = [record(&keys[0], &["write:stock"], Some(soon)), record(&keys[1], &[], None)];
    access.replace_keys(Keys::new(records, true));
    let origin = from(&access, "192.0.2.1");
    let actor = |credential: &str| {
        let caller = access.authenticate(&bearing(credential), &origin);
        caller.map(|caller| match caller.principal {
            Principal::Key(key) => key.id.clone(),
            other => panic!("{other} has no key"),
        })
    };
    for _ in 0..3 {
        for key in &keys {
            assert_eq!(actor(key.as_str()).as_deref(), Ok(key.id()));
            let cut = &key.as_str()[..80];
            assert_eq!(actor(cut), Err(Refusal::Invalid));
        }
    }
    assert_eq!(actor(keys[0].as_str()).as_deref(), Ok(keys[0].id()));
    std::thread::sleep(soon.duration_since(SystemTime::now()).unwrap_or_default());
    assert_eq!(actor(keys[0].as_str()), Err(Refusal::Expired));
}

#[test]
fn the_secret_permits_everything() {
    let access = with_secret(AccessArgs { access: Some(Mode::Keys), ..AccessArgs::default() });
    let mut headers = HeaderMap::new();
    access.sign_own(&mut headers);
    assert!(Scope::ALL.iter().all(|scope| authorize(&access, *scope, &headers).is_ok()));
    let cut = bearing(&SECRET[..SECRET.len() - 1]);
    assert_eq!(authenticate(&access, &cut).unwrap_err(), Refusal::Invalid);
}

#[test]
fn malformed_credentials_are_invalid() {
    let access = of_mode(None);
    let key = KeyText::random();
    access.replace_keys(Keys::new([record(&key, &[], None)], true));
    let check = |value: &str| {
        let mut headers = HeaderMap::new();
        headers.insert(AUTHORIZATION, HeaderValue::from_bytes(value.as_bytes()).unwrap());
        authenticate(&access, &headers).map(|_| ())
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
    assert_eq!(authenticate(&access, &twice).unwrap_err(), Refusal::Invalid);
}

#[tokio::test]
async fn a_stream_ends_when_its_caller_loses_a_right() {
    let access = of_mode(Some(Mode::Keys));
    let key = KeyText::random();
    access.replace_keys(Keys::new([record(&key, &[], None)], true));
    let headers = bearing(key.as_str());
    let origin = from(&access, "192.0.2.1");
    let caller = access.authenticate(&headers, &origin).unwrap();
    let ended = tokio::spawn(access.clone().ended(headers, origin.clone(), caller));
    access.replace_keys(Keys::new([], true));
    assert_eq!(ended.await.unwrap(), Refusal::Invalid);
    let anonymous = of_mode(None);
    let ended = anonymous.clone().ended(HeaderMap::new(), origin, Caller::UNRESTRICTED);
    let ended = tokio::spawn(ended);
    anonymous.replace_keys(Keys::new([], true));
    assert_eq!(ended.await.unwrap(), Refusal::Changed);
}

fn certificates() -> AccessArgs {
    let known = ["spiffe://shop/import=write:products", "gateway.internal=service"];
    let client_certificate = known.map(|text| text.parse().unwrap()).into();
    AccessArgs { access: Some(Mode::Keys), client_certificate, ..AccessArgs::default() }
}

#[test]
fn a_client_certificate_has_the_rights_that_the_settings_give_it() {
    let access = access(&certificates());
    let may = |name: &str, headers: &HeaderMap| {
        let origin = access.origin("192.0.2.1".parse().unwrap(), [name]);
        access.admit(needing(Scope::WriteProducts), headers, &origin).map(|it| it.caller.actor())
    };
    let none = HeaderMap::new();
    let actor = Some("certificate:spiffe://shop/import".to_owned());
    assert_eq!(may("spiffe://shop/import", &none), Ok(actor));
    let missing = Err(Refusal::Missing(Scope::WriteProducts));
    assert_eq!(may("spiffe://shop/other", &none), missing);
    assert_eq!(may("gateway.internal", &none), missing, "it may make the call for a stranger");
    let mut own = HeaderMap::new();
    access.sign_own(&mut own);
    assert_eq!(may("gateway.internal", &own), Ok(Some("service".to_owned())));
    assert_eq!(may("spiffe://shop/other", &own), missing);
    assert_eq!(may("spiffe://shop/import", &bearing("pck_0")), Err(Refusal::Invalid));
}

#[test]
fn only_services_pass_callers_on() {
    let args = AccessArgs { access: Some(Mode::Keys), ..AccessArgs::default() };
    let (gateway, catalogue) = (with_secret(certificates()), with_secret(args));
    let of_client = gateway.origin("192.0.2.1".parse().unwrap(), ["spiffe://shop/import"]);
    let caller = gateway.authenticate(&HeaderMap::new(), &of_client).unwrap();
    let passed = gateway.passed_on(&caller, HeaderMap::new());
    let received = authorize(&catalogue, Scope::WriteProducts, &passed).unwrap();
    assert_eq!((received.actor(), received.scopes), (caller.actor(), caller.scopes));
    // Headers that a client sends itself are worth nothing, at the gateway and at the catalogue.
    let mut forged = HeaderMap::new();
    forged.insert(FORWARDED_CALLER, passed[FORWARDED_CALLER].clone());
    forged.insert(SERVICE_PROOF, HeaderValue::from_static("0".repeat(64).leak()));
    let missing = Refusal::Missing(Scope::WriteProducts);
    assert_eq!(authorize(&catalogue, Scope::WriteProducts, &forged).unwrap_err(), missing);
    let stranger = authenticate(&gateway, &forged).unwrap();
    let passed = gateway.passed_on(&stranger, forged);
    let claimed = passed.get(FORWARDED_CALLER).and_then(|value| value.to_str().ok());
    assert!(!claimed.is_some_and(|claimed| claimed.contains("spiffe://")), "{claimed:?}");
    assert_eq!(authorize(&catalogue, Scope::WriteProducts, &passed).unwrap_err(), missing);
}

fn limited(rates: &[&str]) -> AccessArgs {
    let mut args = AccessArgs { access: Some(Mode::Keys), ..AccessArgs::default() };
    args.limits.limit_address = rates.iter().map(|rate| rate.parse().unwrap()).collect();
    args.limits.limit_key = vec!["read=1/m+3".parse().unwrap()];
    args.trusted_proxy = vec!["10.0.0.0/8".parse().unwrap()];
    args
}

/// How many of ten reads are admitted.
fn admitted(access: &Access, headers: &HeaderMap, origin: &Origin) -> usize {
    let read = Method { class: Class::Read, ..needing(Scope::Read) };
    let admit = |_: &usize| access.admit(read, headers, origin).is_ok();
    (0..10).filter(admit).count()
}

#[test]
fn addresses_and_keys_have_limits_of_their_own() {
    let access = with_secret(limited(&["read=1/m+5"]));
    let key = KeyText::random();
    access.replace_keys(Keys::new([record(&key, &[], None)], true));
    let none = HeaderMap::new();
    let count = |headers: &HeaderMap, peer: &str| admitted(&access, headers, &from(&access, peer));
    assert_eq!(count(&none, "192.0.2.1"), 5);
    assert_eq!(count(&none, "192.0.2.1"), 0, "also by another connection");
    assert_eq!(count(&none, "192.0.2.2"), 5);
    assert_eq!(count(&bearing(key.as_str()), "192.0.2.1"), 3, "a key has its own");
    assert_eq!(count(&bearing(key.as_str()), "192.0.2.3"), 0, "and only one");
    let mut own = HeaderMap::new();
    access.sign_own(&mut own);
    assert_eq!(count(&own, "192.0.2.1"), 10, "services have none");
    let passed = access.passed_on(&Caller::ANONYMOUS, HeaderMap::new());
    assert_eq!(count(&passed, "192.0.2.1"), 10, "and count for those that they pass on");
}

#[test]
fn a_forged_address_has_no_quota_of_its_own() {
    let access = access(&limited(&["read=1/m+5"]));
    let claim = |address: String| {
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", HeaderValue::try_from(address).unwrap());
        headers
    };
    let origin = from(&access, "203.0.113.9");
    let claimed: usize =
        (0..4).map(|n| admitted(&access, &claim(format!("198.51.100.{n}")), &origin)).sum();
    assert_eq!(claimed, 5);
    let proxy = from(&access, "10.0.0.1");
    assert_eq!(admitted(&access, &claim("198.51.100.1, 10.0.0.2".to_owned()), &proxy), 5);
    assert_eq!(admitted(&access, &claim("6.6.6.6, 198.51.100.1".to_owned()), &proxy), 0);
}

#[test]
fn guesses_of_credentials_are_limited() {
    let access = access(&limited(&["credentials=1/m+2"]));
    access.replace_keys(Keys::new([], true));
    let origin = from(&access, "192.0.2.1");
    let guess =
        || access.admit(needing(Scope::Read), &bearing(KeyText::random().as_str()), &origin);
    assert_eq!(guess().unwrap_err(), Refusal::Invalid);
    assert_eq!(guess().unwrap_err(), Refusal::Invalid);
    let Refusal::Limit(exceeded) = guess().unwrap_err() else { panic!("it is limited") };
    assert!(exceeded.wait > Duration::from_secs(50), "{exceeded:?}");
    assert!(access.admit(needing(Scope::Read), &HeaderMap::new(), &origin).is_ok());
}

proptest! {
    /// One bit of a key changed: not accepted, also after the key itself on the same connection.
    #[test]
    fn a_key_differs_in_every_bit(byte in 0_usize..81, bit in 0_u8..7) {
        let access = of_mode(Some(Mode::Keys));
        let key = KeyText::random();
        access.replace_keys(Keys::new([record(&key, &[], None)], true));
        let origin = from(&access, "192.0.2.1");
        prop_assert!(access.authenticate(&bearing(key.as_str()), &origin).is_ok());
        let mut changed = key.as_str().as_bytes().to_vec();
        changed[byte] ^= 1 << bit;
        let mut value = b"Bearer ".to_vec();
        value.extend(changed);
        if let Ok(value) = HeaderValue::from_bytes(&value) {
            let mut headers = HeaderMap::new();
            headers.insert(AUTHORIZATION, value);
            prop_assert_eq!(access.authenticate(&headers, &origin).unwrap_err(), Refusal::Invalid);
        }
    }
}

#[test]
fn a_call_may_ask_for_no_more_than_what_is_public() {
    let open = of_mode(Some(Mode::Open));
    let mut headers = HeaderMap::new();
    assert!(!authenticate(&open, &headers).unwrap().is_restricted_anonymous());
    open.pass_on(&Caller::UNRESTRICTED, &mut headers);
    assert!(!authenticate(&open, &headers).unwrap().is_restricted_anonymous());
    open.pass_on(&Caller::ANONYMOUS, &mut headers);
    assert!(authenticate(&open, &headers).unwrap().is_restricted_anonymous());
    let passed_on = credential_of(&headers);
    assert!(authenticate(&open, &passed_on).unwrap().is_restricted_anonymous());
}

#[test]
fn only_services_and_trusted_proxies_name_the_client() {
    let access = with_secret(AccessArgs {
        trusted_proxy: vec!["10.0.0.0/8".parse().unwrap()],
        ..AccessArgs::default()
    });
    let client = |headers: &HeaderMap, peer| {
        access.client_address(headers, &from(&access, peer)).to_string()
    };
    let mut headers = HeaderMap::new();
    access.name_client("203.0.113.9".parse().unwrap(), &mut headers);
    assert_eq!(client(&headers, "192.0.2.1"), "192.0.2.1", "without proof of being a service");
    access.pass_on(&Caller::UNRESTRICTED, &mut headers);
    assert_eq!(client(&headers, "192.0.2.1"), "192.0.2.1", "the client's claim was removed");
    access.name_client("203.0.113.9".parse().unwrap(), &mut headers);
    assert_eq!(client(&headers, "192.0.2.1"), "203.0.113.9");
    headers.clear();
    headers.insert("x-forwarded-for", HeaderValue::from_static("198.51.100.1"));
    assert_eq!(client(&headers, "10.0.0.1"), "198.51.100.1");
}
