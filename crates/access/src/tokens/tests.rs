use std::{cell::Cell, io::Write as _};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use openssl::{hash::MessageDigest, pkey::PKey, rsa::Rsa, sign::Signer};
use proptest::prelude::*;
use serde_json::{Value, json};
use testkit::{FakeKeys, TokenIssuer, until};

use super::*;

/// A service that accepts tokens by the keys in a file.
struct Service {
    tokens: Tokens,
    _keys: tempfile::NamedTempFile,
}

impl Service {
    fn with(keys: &Value, settings: impl FnOnce(&mut TokenArgs)) -> Self {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        write!(file, "{}", json!({ "keys": keys })).unwrap();
        let mut args = args(&file.path().display().to_string());
        settings(&mut args);
        let tokens = Tokens::new(&args, watch::Sender::new(())).unwrap().unwrap();
        Self { tokens, _keys: file }
    }

    fn check(&self, token: &str) -> Result<Arc<TokenRecord>, Refusal> {
        self.tokens.check(token, || Ok(()))
    }
}

fn args(keys: &str) -> TokenArgs {
    TokenArgs {
        token_issuer: Some(TokenIssuer::ISSUER.to_owned()),
        token_audience: vec![TokenIssuer::AUDIENCE.to_owned()],
        token_keys: Some(keys.to_owned()),
        ..TokenArgs::default()
    }
}

fn base64url(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The valid claims with some replaced, or removed by null.
fn claims(replaced: &Value) -> Value {
    let mut claims = TokenIssuer::claims("read");
    for (name, value) in replaced.as_object().unwrap() {
        match value {
            Value::Null => drop(claims.as_object_mut().unwrap().remove(name)),
            value => claims[name] = value.clone(),
        }
    }
    claims
}

fn in_seconds(seconds: i64) -> i64 {
    let now = SystemTime::UNIX_EPOCH.elapsed().unwrap().as_secs();
    i64::try_from(now).unwrap() + seconds
}

#[tokio::test]
async fn a_token_has_a_subject_and_the_scopes_of_its_claims() {
    let issuer = TokenIssuer::new("one");
    let service = Service::with(&json!([issuer.jwk()]), |args| {
        args.token_scope = vec!["stock.rw=write:stock".parse().unwrap()];
    });
    let scopes = |replaced: Value| -> Vec<_> {
        let token = service.check(&issuer.token(&claims(&replaced))).unwrap();
        assert_eq!(token.subject, "anna");
        token.scopes.names().collect()
    };
    assert_eq!(scopes(json!({"scope": "write:products openid"})), ["read", "write:products"]);
    assert_eq!(scopes(json!({"scope": null, "scp": ["stock.rw"]})), ["read", "write:stock"]);
    assert_eq!(scopes(json!({"scope": null, "scp": "read:drafts"})), ["read", "read:drafts"]);
    assert_eq!(scopes(json!({"scope": "service admin"})), ["read"], "no token is a service");
    assert_eq!(scopes(json!({"aud": ["other", TokenIssuer::AUDIENCE]})), ["read"]);
    assert_eq!(scopes(json!({"exp": in_seconds(-50), "nbf": in_seconds(50)})), ["read"]);
}

#[tokio::test]
async fn claims_that_are_wrong_are_refused() {
    let issuer = TokenIssuer::new("one");
    let service = Service::with(&json!([issuer.jwk()]), |_| {});
    let check = |replaced: &Value| service.check(&issuer.token(&claims(replaced))).map(drop);
    assert_eq!(check(&json!({})), Ok(()));
    for expired in [in_seconds(-61), 0] {
        assert_eq!(check(&json!({"exp": expired})), Err(Refusal::Expired));
    }
    for wrong in [
        json!({"exp": null}),
        json!({"exp": "2999-01-01"}),
        json!({"exp": in_seconds(3_600).to_string()}),
        json!({"exp": -1}),
        json!({"exp": 1e300}),
        json!({"nbf": in_seconds(62)}),
        json!({"nbf": "soon"}),
        json!({"iss": null}),
        json!({"iss": "https://id.test/"}),
        json!({"iss": "https://evil.test"}),
        json!({"iss": ["https://evil.test"]}),
        json!({"iss": 1}),
        json!({"aud": null}),
        json!({"aud": "other"}),
        json!({"aud": ["other", "another"]}),
        json!({"aud": {}}),
        json!({"sub": null}),
        json!({"sub": ""}),
        json!({"sub": 1}),
        json!({"sub": "anna\nbert"}),
        json!({"sub": "x".repeat(121)}),
        json!({"scope": {"write:products": true}}),
    ] {
        assert_eq!(check(&wrong), Err(Refusal::Invalid), "{wrong}");
    }
}

/// RFC 8725, sections 2 and 3.
#[tokio::test]
async fn headers_that_try_another_key_or_algorithm_are_refused() {
    let (issuer, thief) = (TokenIssuer::new("one"), TokenIssuer::new("one"));
    let service = Service::with(&json!([issuer.jwk()]), |_| {});
    let claims = TokenIssuer::claims("admin:keys");
    let header = |replaced: &Value| {
        let mut header = json!({"alg": "ES256", "typ": "JWT", "kid": "one"});
        header.as_object_mut().unwrap().extend(replaced.as_object().unwrap().clone());
        header
    };
    let check = |token: &str| service.check(token).map(drop);
    assert_eq!(check(&issuer.token_with(&header(&json!({})), &claims)), Ok(()));
    // Signed with a key of the thief's own, which the header brings or points to.
    for own in [
        json!({}),
        json!({"jwk": thief.jwk()}),
        json!({"jku": "https://evil.test/jwks.json"}),
        json!({"x5u": "https://evil.test/chain.pem"}),
        json!({"x5c": ["MIIB"]}),
    ] {
        assert_eq!(
            check(&thief.token_with(&header(&own), &claims)),
            Err(Refusal::Invalid),
            "{own}"
        );
    }
    // Signed by the issuer, for something else.
    for (name, values) in [
        (
            "kid",
            json!(["two", "", "../../dev/null", "one' OR '1'='1", "one\u{0}", "o".repeat(5_000)]),
        ),
        ("alg", json!(["none", "None", "ES384", "RS256", "HS256", "EdDSA", "", 1])),
        ("typ", json!(["dpop+jwt", "secevent+jwt", "logout+jwt", "JOSE"])),
        ("crit", json!([[], ["exp"], ["b64"]])),
        ("b64", json!([false])),
    ] {
        for value in values.as_array().unwrap() {
            let token = issuer.token_with(&header(&json!({name: value})), &claims);
            assert_eq!(check(&token), Err(Refusal::Invalid), "{name} {value}");
        }
    }
    // Without a signature.
    for alg in ["none", "None", "NONE", "ES256"] {
        let message = TokenIssuer::message(&header(&json!({"alg": alg})), &claims);
        for end in ["", ".", "..", ".e30"] {
            assert_eq!(check(&format!("{message}{end}")), Err(Refusal::Invalid), "{alg} {end}");
        }
    }
}

#[tokio::test]
async fn a_public_key_is_never_taken_for_a_secret() {
    let rsa = Rsa::generate(2_048).unwrap();
    let (n, e) = (base64url(rsa.n().to_vec()), base64url(rsa.e().to_vec()));
    let jwk = json!({"kty": "RSA", "kid": "rsa", "n": n, "e": e});
    let secret = json!({"kty": "oct", "kid": "secret", "k": base64url(b"0123456789abcdef")});
    let service = Service::with(&json!([jwk, secret]), |_| {});
    let claims = TokenIssuer::claims("read");
    let header = |alg: &str, id: &str| json!({"alg": alg, "kid": id});
    let signed = |header: &Value, signature: &dyn Fn(&[u8]) -> Vec<u8>| {
        let message = TokenIssuer::message(header, &claims);
        format!("{message}.{}", base64url(signature(message.as_bytes())))
    };
    let private = PKey::from_rsa(rsa.clone()).unwrap();
    let by_rsa = |message: &[u8]| {
        let mut signer = Signer::new(MessageDigest::sha256(), &private).unwrap();
        signer.sign_oneshot_to_vec(message).unwrap()
    };
    assert!(service.check(&signed(&header("RS256", "rsa"), &by_rsa)).is_ok());
    let other = signed(&header("PS256", "rsa"), &by_rsa);
    assert_eq!(service.check(&other).unwrap_err(), Refusal::Invalid);
    let forms = [
        rsa.public_key_to_pem().unwrap(),
        rsa.public_key_to_pem_pkcs1().unwrap(),
        rsa.public_key_to_der().unwrap(),
        rsa.n().to_vec(),
    ];
    for secret in forms.into_iter().chain([b"0123456789abcdef".to_vec()]) {
        let key = PKey::hmac(&secret).unwrap();
        let by_hmac = |message: &[u8]| {
            let mut signer = Signer::new(MessageDigest::sha256(), &key).unwrap();
            signer.sign_oneshot_to_vec(message).unwrap()
        };
        for (alg, id) in [("HS256", "rsa"), ("HS256", "secret"), ("RS256", "rsa")] {
            let token = signed(&header(alg, id), &by_hmac);
            assert_eq!(service.check(&token).unwrap_err(), Refusal::Invalid, "{alg} {id}");
        }
    }
}

#[tokio::test]
async fn a_token_without_a_key_id_needs_the_only_key() {
    let (one, two) = (TokenIssuer::new("one"), TokenIssuer::new("two"));
    let token = one.token_with(&json!({"alg": "ES256"}), &TokenIssuer::claims("read"));
    assert!(Service::with(&json!([one.jwk()]), |_| {}).check(&token).is_ok());
    let ambiguous = Service::with(&json!([one.jwk(), two.jwk()]), |_| {});
    assert_eq!(ambiguous.check(&token).unwrap_err(), Refusal::Invalid);
}

#[test]
fn settings_that_would_accept_anything_are_refused() {
    for secret in ["HS256", "none", "RS1"] {
        assert!(secret.parse::<TokenAlgorithm>().is_err(), "{secret}");
    }
    let fails = |change: fn(&mut TokenArgs)| {
        let mut args = args("https://id.test/keys");
        change(&mut args);
        let made = Tokens::new(&args, watch::Sender::new(()));
        made.err().expect("it is refused").to_string()
    };
    assert!(fails(|args| args.token_audience.clear()).contains("--token-audience"));
    assert!(fails(|args| args.token_keys = None).contains("--token-keys"));
    assert!(fails(|args| args.token_keys = Some("http://id.test".into())).contains("https"));
    assert!(fails(|args| args.token_keys = Some("/no/such".into())).contains("/no/such"));
}

#[tokio::test]
async fn a_signature_is_verified_once() {
    let issuer = TokenIssuer::new("one");
    let service = Service::with(&json!([issuer.jwk()]), |_| {});
    let (token, counted) = (issuer.token(&TokenIssuer::claims("read")), Cell::new(0));
    for _ in 0..3 {
        let check = service.tokens.check(&token, || {
            counted.set(counted.get() + 1);
            Ok(())
        });
        assert!(check.is_ok());
    }
    assert_eq!(counted.get(), 1);
}

#[tokio::test]
async fn keys_survive_an_outage_and_follow_a_rotation() {
    let (old, new) = (TokenIssuer::new("old"), TokenIssuer::new("new"));
    let provider = FakeKeys::start(old.jwks()).await;
    let changed = watch::Sender::new(());
    let tokens = Tokens::new(&args(&provider.url()), changed).unwrap().unwrap();
    let check = |token: &str| tokens.check(token, || Ok(()));
    let (of_old, of_new) =
        (old.token(&TokenIssuer::claims("read")), new.token(&TokenIssuer::claims("read")));
    until("the keys are known", async || match check(&of_old) {
        Err(Refusal::Unavailable) => None,
        checked => Some(checked),
    })
    .await
    .expect("a valid token");
    provider.fail(true);
    assert_eq!(check(&of_new).unwrap_err(), Refusal::Invalid, "it was fetched just now");
    tokens.source.pretend_to_be_old();
    assert_eq!(check(&of_new).unwrap_err(), Refusal::Unavailable, "it may be a new key");
    provider.has_been_asked(2).await;
    assert!(check(&of_old).is_ok(), "the keys known stay valid");
    let another = old.token(&claims(&json!({"jti": "2"})));
    assert!(check(&another).is_ok(), "also for tokens not seen yet");
    provider.set(new.jwks());
    provider.fail(false);
    until("the new key is known", async || check(&of_new).is_ok().then_some(())).await;
    assert_eq!(check(&of_old).unwrap_err(), Refusal::Invalid, "its key is gone");
    provider.set("{}".to_owned());
    tokens.source.pretend_to_be_old();
    assert_eq!(check(&another).unwrap_err(), Refusal::Unavailable);
    let asked = provider.asked();
    provider.has_been_asked(asked + 1).await;
    assert!(check(&of_new).is_ok(), "a document without keys is not believed");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Cut off, or one bit changed: not accepted.
    #[test]
    fn a_token_differs_in_every_bit(at in 0.0_f64..1.0, bit in 0_u8..7) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let _entered = runtime.enter();
        let issuer = TokenIssuer::new("one");
        let service = Service::with(&json!([issuer.jwk()]), |_| {});
        let token = issuer.token(&TokenIssuer::claims("read"));
        prop_assert!(service.check(&token).is_ok());
        let at = (token.len() as f64 * at) as usize;
        prop_assert!(service.check(&token[..at]).is_err());
        let mut changed = token.into_bytes();
        changed[at] ^= 1 << bit;
        if let Ok(changed) = String::from_utf8(changed) {
            prop_assert!(service.check(&changed).is_err(), "{}", changed);
        }
    }
}
