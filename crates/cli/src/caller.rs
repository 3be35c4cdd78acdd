//! Who calls, and what each write is called.

use std::{env, fs};

use tonic::{
    Request, Status,
    metadata::{Ascii, MetadataValue},
    service::Interceptor,
};

/// How long an actor's name may be, in characters.
const ACTOR_LIMIT: usize = 128;
const REQUEST_ID_LIMIT: usize = 64;

/// Puts the name of whoever runs this program into every call.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    actor: MetadataValue<Ascii>,
}

/// A name that is kept with each change.
#[derive(Debug, Clone)]
pub(crate) struct Actor(MetadataValue<Ascii>);

/// What a write that can be checked is told besides.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Write {
    #[command(flatten)]
    request: RequestId,
    /// Check, and change nothing
    #[arg(long)]
    pub(crate) validate_only: bool,
}

/// What a write is told by.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct RequestId {
    /// What this write is called: given again within 24 hours, it is not done again [default: made
    /// up]
    #[arg(long, value_name = "ID", value_parser = request_id)]
    request_id: Option<String>,
}

impl Caller {
    pub(crate) fn new(Actor(actor): Actor) -> Self {
        Self { actor }
    }
}

impl Interceptor for Caller {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        request.metadata_mut().insert("x-actor", self.actor.clone());
        Ok(request)
    }
}

impl Write {
    pub(crate) fn request_id(&self) -> String {
        self.request.make()
    }
}

impl RequestId {
    /// The id that was given, or a new one.
    pub(crate) fn make(&self) -> String {
        self.request_id.clone().unwrap_or_else(|| uuid::Uuid::new_v4().to_string())
    }
}

impl Actor {
    /// Who runs this program, and where: `user@host`.
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
        let name =
            format!("{user}@{host}").chars().map(visible).take(ACTOR_LIMIT).collect::<String>();
        Self(name.parse().unwrap_or_else(|_| MetadataValue::from_static("unknown")))
    }
}

/// Reads an actor's name.
pub(crate) fn actor(text: &str) -> Result<Actor, String> {
    let is_shown = text.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic());
    match text.parse() {
        Ok(actor) if is_shown && (1..=ACTOR_LIMIT).contains(&text.len()) => Ok(Actor(actor)),
        _ => Err(format!("must be 1 to {ACTOR_LIMIT} visible ASCII characters")),
    }
}

fn request_id(text: &str) -> Result<String, String> {
    let is_known = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
    match (1..=REQUEST_ID_LIMIT).contains(&text.len()) && text.bytes().all(is_known) {
        true => Ok(text.to_owned()),
        false => Err(format!("must be 1 to {REQUEST_ID_LIMIT} letters, digits and -._")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fit_what_carries_them() {
        assert!(actor("Jo <jo@shop>").is_ok());
        for wrong in ["", "a\nb", "Jürgen", &"x".repeat(129)] {
            assert!(actor(wrong).is_err(), "{wrong}");
        }
        assert!(Actor::of_this_process().0.to_str().unwrap().contains('@'));
        assert!(request_id("a-1_b.2").is_ok());
        for wrong in ["", "a b", "ä", &"x".repeat(65)] {
            assert!(request_id(wrong).is_err(), "{wrong}");
        }
    }
}
