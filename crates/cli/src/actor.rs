//! The actor: the name that the catalogue records with each change.

use std::{env, fs};

use tonic::{
    Request, Status,
    metadata::{Ascii, MetadataValue},
    service::Interceptor,
};

use crate::credential::Credential;

/// Longest name of an actor, in characters.
const MAX_LENGTH: usize = 128;

/// An actor's name, valid as a gRPC header value.
#[derive(Debug, Clone)]
pub(crate) struct Actor(MetadataValue<Ascii>);

/// Sends the actor as `x-actor` metadata with every request, and the key, if there is one.
#[derive(Debug, Clone)]
pub(crate) struct CallerInterceptor {
    pub(crate) actor: Actor,
    pub(crate) credential: Option<Credential>,
}

impl Interceptor for CallerInterceptor {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        request.metadata_mut().insert("x-actor", self.actor.0.clone());
        if let Some(credential) = &self.credential {
            request.metadata_mut().insert("authorization", credential.header());
        }
        Ok(request)
    }
}

impl Actor {
    /// Parses a name given with `--actor`.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let is_visible = text.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic());
        match text.parse() {
            Ok(name) if is_visible && (1..=MAX_LENGTH).contains(&text.len()) => Ok(Self(name)),
            _ => Err(format!("must be 1 to {MAX_LENGTH} visible ASCII characters")),
        }
    }

    /// The default actor: `user@host` of this process.
    pub(crate) fn of_this_process() -> Self {
        let user = env::var("USER").ok().filter(|user| !user.is_empty()).or_else(|| {
            let user = nix::unistd::User::from_uid(nix::unistd::geteuid());
            user.ok().flatten().map(|user| user.name)
        });
        let host =
            fs::read_to_string("/proc/sys/kernel/hostname").or_else(|_| env::var("HOSTNAME"));
        let user = user.as_deref().unwrap_or("unknown");
        let host = host.as_deref().unwrap_or("localhost").trim();
        let visible = |letter: char| if letter.is_ascii_graphic() { letter } else { '?' };
        let name: String = format!("{user}@{host}").chars().map(visible).take(MAX_LENGTH).collect();
        Self(name.parse().unwrap_or_else(|_| MetadataValue::from_static("unknown")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fit_into_a_header() {
        assert!(Actor::parse("Jo <jo@shop>").is_ok());
        for wrong in ["", "a\nb", "Jürgen", &"x".repeat(129)] {
            assert!(Actor::parse(wrong).is_err(), "{wrong}");
        }
        assert!(Actor::of_this_process().0.to_str().unwrap().contains('@'));
    }
}
