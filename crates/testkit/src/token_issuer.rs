//! An identity provider: signs tokens (JWT), and publishes its keys (JWKS).

use std::time::{SystemTime, UNIX_EPOCH};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _},
};
use serde_json::{Value, json};

/// An identity provider with one key, of ES256.
pub struct TokenIssuer {
    id: String,
    key: EcdsaKeyPair,
}

impl TokenIssuer {
    /// The `iss` of its tokens.
    pub const ISSUER: &str = "https://id.test";
    /// The `aud` of its tokens.
    pub const AUDIENCE: &str = "catalogue";

    /// An issuer with a key of this id.
    ///
    /// # Panics
    /// If the system gives no random bytes.
    pub fn new(id: &str) -> Self {
        let (algorithm, random) = (&ECDSA_P256_SHA256_FIXED_SIGNING, SystemRandom::new());
        let key = EcdsaKeyPair::generate_pkcs8(algorithm, &random).expect("a key can be made");
        let key = EcdsaKeyPair::from_pkcs8(algorithm, key.as_ref(), &random);
        Self { id: id.to_owned(), key: key.expect("it was just made") }
    }

    /// Its public key (JWK).
    pub fn jwk(&self) -> Value {
        let (x, y) = self.key.public_key().as_ref()[1..].split_at(32);
        json!({"kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": self.id,
            "x": base64url(x), "y": base64url(y)})
    }

    /// Its keys (JWKS).
    pub fn jwks(&self) -> String {
        json!({"keys": [self.jwk()]}).to_string()
    }

    /// Command-line arguments of a service that accepts its tokens by the keys in a file or at a URL.
    pub fn arguments(keys: &str) -> [String; 3] {
        [
            format!("--token-issuer={}", Self::ISSUER),
            format!("--token-audience={}", Self::AUDIENCE),
            format!("--token-keys={keys}"),
        ]
    }

    /// The claims of a token that is valid for an hour, with these scopes.
    pub fn claims(scopes: &str) -> Value {
        json!({"iss": Self::ISSUER, "aud": Self::AUDIENCE, "sub": "anna", "exp": unix_time() + 3_600,
            "scope": scopes})
    }

    /// A token with these claims.
    pub fn token(&self, claims: &Value) -> String {
        self.token_with(&json!({"alg": "ES256", "typ": "at+jwt", "kid": self.id}), claims)
    }

    /// A token with this header.
    ///
    /// # Panics
    /// If the system gives no random bytes.
    pub fn token_with(&self, header: &Value, claims: &Value) -> String {
        let message = Self::message(header, claims);
        let signature = self.key.sign(&SystemRandom::new(), message.as_bytes());
        format!("{message}.{}", base64url(signature.expect("it can sign").as_ref()))
    }

    /// The part of a token that is signed.
    pub fn message(header: &Value, claims: &Value) -> String {
        format!("{}.{}", base64url(header.to_string()), base64url(claims.to_string()))
    }
}

/// The time, in seconds.
fn unix_time() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

fn base64url(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}
