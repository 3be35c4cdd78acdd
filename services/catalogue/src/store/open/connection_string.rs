//! Connection strings of PostgreSQL: `postgres://user:password@host,host/name?target_session_attrs=read-write`.
//!
//! What libpq accepts of a URL: several hosts, sockets, and passwords whose special characters are written
//! as they are. Errors never repeat the string.

use anyhow::{anyhow, bail};
use sea_orm::sqlx::postgres::PgConnectOptions;

use crate::store::engine::{Target, Wanted};

const ATTRS: &str = "target_session_attrs";

/// The servers that `url`, the value of `flag`, names; `default` is what each must be if the URL does not say.
///
/// # Errors
/// It is malformed. The message names the flag and what is accepted.
pub(super) fn parse(flag: &str, url: &str, default: Wanted) -> anyhow::Result<Target> {
    let unreadable = || {
        anyhow!(
            "{flag} cannot be read: it must be of the form postgres://user:password@host:port/name; in the user \
             and the password write # as %23, / as %2F, ? as %3F, @ as %40, : as %3A and % as %25"
        )
    };
    let parts = Parts::split(url).ok_or_else(unreadable)?;
    let mut wanted = default;
    let mut others = Vec::new();
    for parameter in parts.query.split('&').filter(|parameter| !parameter.is_empty()) {
        match parameter.split_once('=') {
            Some((ATTRS, value)) => wanted = parse_wanted(flag, value)?,
            _ => others.push(parameter),
        }
    }
    let options = parts.hosts.split(',').map(|host| {
        let url = format!("postgres://{}{host}/{}?{}", parts.user, parts.name, others.join("&"));
        url.parse::<PgConnectOptions>().map_err(|_secret| unreadable())
    });
    Ok(Target::new(options.collect::<anyhow::Result<_>>()?, wanted))
}

fn parse_wanted(flag: &str, value: &str) -> anyhow::Result<Wanted> {
    Ok(match value {
        "any" => Wanted::Any,
        "read-write" | "primary" => Wanted::Writable,
        "read-only" | "standby" => Wanted::Standby,
        "prefer-standby" => Wanted::PreferStandby,
        _ => bail!(
            "{flag}: {ATTRS} must be any, read-write, primary, read-only, standby or prefer-standby"
        ),
    })
}

/// The parts of a URL, those of the user percent-encoded.
struct Parts<'a> {
    /// With its `@`, if there is one.
    user: String,
    /// With ports, separated by commas.
    hosts: &'a str,
    name: &'a str,
    query: &'a str,
}

impl<'a> Parts<'a> {
    /// None for a string that is malformed, or can be read in more than one way.
    fn split(url: &'a str) -> Option<Self> {
        let rest = url.strip_prefix("postgres://").or_else(|| url.strip_prefix("postgresql://"))?;
        let (user, rest) = match rest.rfind('@') {
            Some(at) => (user(&rest[..at])?, &rest[at + 1..]),
            None => (String::new(), rest),
        };
        let (address, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (hosts, name) = address.split_once('/').unwrap_or((address, ""));
        // An `@` in the query, or a `#` behind a password: it is not known which part is secret.
        let is_plain = |part: &str| !part.contains(['#', '@']);
        (is_plain(rest) && hosts.split(',').all(is_host)).then_some(Self {
            user,
            hosts,
            name,
            query,
        })
    }
}

/// User and password, encoded; with the `@`.
fn user(text: &str) -> Option<String> {
    let Some((name, password)) = text.split_once(':') else {
        // Of `host/name?password=a@b` this would be taken for a user.
        return (!text.contains(['/', '?', '#'])).then(|| format!("{text}@"));
    };
    if name.contains(['/', '?', '#', '@']) {
        return None;
    }
    let encode = |letter: char| match letter {
        '#' | '/' | '?' | '@' | ':' | '[' | ']' | ' ' => format!("%{:02X}", u32::from(letter)),
        other => other.to_string(),
    };
    let password: String = password.chars().map(encode).collect();
    Some(format!("{name}:{password}@"))
}

/// Whether this is a host with or without a port, or a socket's folder as `%2Fvar%2Frun%2Fpostgresql`.
fn is_host(host: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._%[]:".contains(&byte);
    host.bytes().all(is_allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(url: &str) -> anyhow::Result<Target> {
        parse("--database-url", url, Wanted::Writable)
    }

    #[test]
    fn passwords_are_taken_as_they_are_written() {
        for (written, password) in [
            ("S3cret", "S3cret"),
            ("S3cret#Pw", "S3cret#Pw"),
            ("S3/cr?et", "S3/cr?et"),
            ("p@ss@word", "p@ss@word"),
            ("a:b", "a:b"),
            ("12#S3cret", "12#S3cret"),
            ("S3cret%23%2F%3F%40Pw", "S3cret#/?@Pw"),
            ("50%25", "50%"),
        ] {
            let target = target(&format!("postgres://shop:{written}@127.0.0.1:5433/db")).unwrap();
            let options = target.options();
            assert_eq!((options.get_host(), options.get_port()), ("127.0.0.1", 5433), "{written}");
            assert_eq!(options.get_username(), "shop");
            assert_eq!(options.get_database(), Some("db"));
            // The password has no accessor.
            let shown = format!("{options:?}");
            assert!(shown.contains(&format!("password: Some({password:?})")), "{written}");
            assert!(!format!("{target:?}").contains("cret"));
        }
    }

    #[test]
    fn hosts_and_sockets_are_read() {
        let several = target("postgresql://u@a:1,b:2,[::1]/db?target_session_attrs=any").unwrap();
        assert_eq!((several.options().get_host(), several.options().get_port()), ("a", 1));
        for url in [
            "postgres://u:p@%2Fvar%2Frun%2Fpostgresql/db",
            "postgres:///db?host=/var/run/postgresql&user=u",
        ] {
            let options = target(url).unwrap().options();
            assert_eq!(options.get_socket().unwrap().to_str(), Some("/var/run/postgresql"));
        }
    }

    #[test]
    fn errors_do_not_repeat_the_string() {
        for url in [
            "postgres://shop:S3cret@host one/db",
            "postgres://host/db?password=S3@cret",
            "postgres://shop:S3cret@host:port/db",
            "postgres://shop:S3cret@host/db#S3cret",
            "postgres://shop:S3cret@host/db?target_session_attrs=S3cret",
        ] {
            let error = format!("{:?}", target(url).unwrap_err());
            assert!(error.contains("--database-url") && !error.contains("cret@"), "{url}: {error}");
            assert!(!error.contains("S3"), "{error}");
        }
    }
}
