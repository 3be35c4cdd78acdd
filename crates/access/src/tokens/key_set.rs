//! The issuer's public keys (JWKS, RFC 7517).

use anyhow::{Context as _, ensure};
use jsonwebtoken::{
    Algorithm, AlgorithmFamily, DecodingKey, Validation,
    jwk::{AlgorithmParameters, EllipticCurve, Jwk, PublicKeyUse},
};

use super::settings::TokenSettings;

/// Leeway of `exp` and `nbf`, in seconds.
pub(super) const LEEWAY: u64 = 60;

/// Maximum number of keys in a set.
const MAX_KEYS: usize = 200;

/// The keys of an issuer, each with the algorithms that it may be used with.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct KeySet(Vec<TokenKey>);

/// A key, and its conditions on the tokens that it signs.
#[derive(Debug, Clone)]
pub(super) struct TokenKey {
    id: Option<String>,
    jwk: Jwk,
    pub(super) key: DecodingKey,
    /// Its algorithms are all of one family: the key's.
    pub(super) validation: Validation,
}

impl PartialEq for TokenKey {
    fn eq(&self, other: &Self) -> bool {
        self.jwk == other.jwk && self.validation == other.validation
    }
}

/// The keys for a token.
pub(super) enum Found<'a> {
    One(&'a TokenKey),
    /// No key has this id.
    Unknown,
    /// The token names none, and more than one may have signed it; or its key has another algorithm.
    Unfit,
}

impl KeySet {
    /// The keys in a JWKS document that may have signed tokens. Keys for other purposes, of other kinds, or for
    /// algorithms that the settings do not have are left out.
    ///
    /// # Errors
    /// It is no JWKS document, or has no key that can be used.
    pub(super) fn parse(document: &[u8], settings: &TokenSettings) -> anyhow::Result<Self> {
        #[derive(serde::Deserialize)]
        struct Document {
            keys: Vec<serde_json::Value>,
        }
        let Document { keys } = serde_json::from_slice(document).context("is no JWKS document")?;
        ensure!(keys.len() <= MAX_KEYS, "has more than {MAX_KEYS} keys");
        let known = keys.into_iter().filter_map(|key| serde_json::from_value(key).ok());
        let usable: Vec<_> = known.filter_map(|jwk| TokenKey::of(jwk, settings)).collect();
        let algorithms = &settings.algorithms;
        ensure!(!usable.is_empty(), "has no key that can be used for {algorithms:?}");
        Ok(Self(usable))
    }

    /// The key of a token with this `kid` and `alg`.
    pub(super) fn find(&self, id: Option<&str>, algorithm: Algorithm) -> Found<'_> {
        let fits = |key: &&TokenKey| key.validation.algorithms.contains(&algorithm);
        let Some(id) = id else {
            let mut fitting = self.0.iter().filter(fits);
            return match (fitting.next(), fitting.next()) {
                (Some(only), None) => Found::One(only),
                _ => Found::Unfit,
            };
        };
        let mut named = self.0.iter().filter(|key| key.id.as_deref() == Some(id)).peekable();
        if named.peek().is_none() {
            return Found::Unknown;
        }
        named.find(fits).map_or(Found::Unfit, Found::One)
    }
}

impl TokenKey {
    fn of(jwk: Jwk, settings: &TokenSettings) -> Option<Self> {
        if !matches!(jwk.common.public_key_use, None | Some(PublicKeyUse::Signature)) {
            return None;
        }
        let family = family_of(&jwk.algorithm)?;
        let own = jwk.common.key_algorithm;
        let may = |algorithm: &Algorithm| {
            algorithm.family() == family
                && fits_curve(&jwk.algorithm, *algorithm)
                && own.is_none_or(|own| Algorithm::try_from(own).is_ok_and(|own| own == *algorithm))
        };
        let algorithms: Vec<_> = settings.algorithms.iter().copied().filter(may).collect();
        let mut validation = Validation::new(*algorithms.first()?);
        validation.algorithms = algorithms;
        validation.leeway = LEEWAY;
        validation.validate_nbf = true;
        validation.set_issuer(&[&settings.issuer]);
        validation.set_audience(&settings.audience);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        let key = DecodingKey::from_jwk(&jwk).ok()?;
        Some(Self { id: jwk.common.key_id.clone(), jwk, key, validation })
    }
}

/// The family of a public key; `None` for a secret, with which a token is never checked.
fn family_of(parameters: &AlgorithmParameters) -> Option<AlgorithmFamily> {
    match parameters {
        AlgorithmParameters::RSA(_) => Some(AlgorithmFamily::Rsa),
        AlgorithmParameters::EllipticCurve(_) => Some(AlgorithmFamily::Ec),
        AlgorithmParameters::OctetKeyPair(_) => Some(AlgorithmFamily::Ed),
        _ => None,
    }
}

fn fits_curve(parameters: &AlgorithmParameters, algorithm: Algorithm) -> bool {
    match parameters {
        AlgorithmParameters::EllipticCurve(point) => match point.curve {
            EllipticCurve::P256 => algorithm == Algorithm::ES256,
            EllipticCurve::P384 => algorithm == Algorithm::ES384,
            _ => false,
        },
        AlgorithmParameters::OctetKeyPair(point) => point.curve == EllipticCurve::Ed25519,
        _ => true,
    }
}
