//! `catctl` against the whole system: profiles, TLS, exit codes.

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use testkit::{Output, Service, program};
use tokio::process::Command;

use crate::access::Restricted;

/// Runs `catctl` as a user with this folder of settings.
async fn catctl(config: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(program("catctl"));
    command.args(arguments).env("XDG_CONFIG_HOME", config).kill_on_drop(true);
    for name in ["CATCTL_SERVER", "CATCTL_KEY", "CATCTL_PROFILE"] {
        command.env_remove(name);
    }
    let output = command.stdin(std::process::Stdio::null()).output().await.unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Output { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
}

#[tokio::test]
async fn a_profile_has_the_server_and_the_key_until_logout() {
    let (system, reader) = Restricted::start().await;
    let config = tempfile::tempdir().unwrap();
    let (config, server) = (config.path(), system.fleet.url(""));
    let refused = catctl(config, &["login", &server, "--key", "pck_000000000000_0"]).await;
    assert_eq!(refused.code, Some(5), "{}", refused.err);
    let file = config.join("catctl/config.toml");
    assert!(!file.exists(), "a key that is not valid is not stored");

    let made = catctl(config, &["login", &server, "--key", &reader]).await;
    assert_eq!(made.code, Some(0), "{}", made.err);
    assert!(!made.err.contains(&reader) && !made.out.contains(&reader));
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    let secret = &system.secret;
    let other = catctl(config, &["login", &server, "--profile", "admin", "--key", secret]).await;
    assert_eq!(other.code, Some(0), "{}", other.err);

    // Neither names a server; the default profile may only read.
    assert_eq!(catctl(config, &["list"]).await.code, Some(0));
    assert_eq!(catctl(config, &["key", "list"]).await.code, Some(5));
    assert_eq!(catctl(config, &["--profile", "admin", "key", "list"]).await.code, Some(0));
    assert_eq!(catctl(config, &["--profile", "none", "list"]).await.code, Some(1));
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
    let open = catctl(config, &["list"]).await;
    assert!(open.code == Some(1) && open.err.contains("chmod 600"), "{}", open.err);
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();

    let out = catctl(config, &["logout", "--profile", "admin"]).await;
    assert_eq!(out.code, Some(0), "{}", out.err);
    assert!(!fs::read_to_string(&file).unwrap().contains(secret));
    assert_eq!(catctl(config, &["logout", "--profile", "admin"]).await.code, Some(3));
}

#[tokio::test]
async fn failures_have_exit_codes_by_their_kind() {
    let (system, reader) = Restricted::start().await;
    let (key, secret) = (reader.as_str(), system.secret.as_str());
    let made = system.fleet.catctl(&["--key", secret, "create", "--id", "mug", "Mug"]).await;
    assert_eq!(made.code, Some(0), "{}", made.err);
    for (code, arguments) in [
        (2, &["nonsense"][..]),
        (2, &["--key", secret, "list", "--filter", "nonsense = ("]),
        (3, &["--key", key, "get", "none"]),
        (3, &["--key", secret, "key", "revoke", "000000000000"]),
        (4, &["--key", secret, "create", "--id", "mug", "Mug"]),
        (4, &["--key", secret, "stock", "mug", "-9"]),
        (5, &["--key", key, "stock", "mug", "+1"]),
        (5, &["stock", "mug", "+1"]),
        (5, &["--key", "pck_000000000000_0", "list"]),
    ] {
        let ended = system.fleet.catctl(arguments).await;
        assert_eq!(ended.code, Some(code), "{arguments:?}: {}", ended.err);
    }
    let config = tempfile::tempdir().unwrap();
    let gone = catctl(config.path(), &["--server", "http://127.0.0.1:1", "list"]).await;
    assert_eq!(gone.code, Some(6), "{}", gone.err);
}

/// A CA, a certificate of a server on loopback and one of a client, both issued by it.
fn certificates(dir: &Path) -> [PathBuf; 5] {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let ca = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let file = |name: &str, content: String| {
        let file = dir.join(name);
        fs::write(&file, content).unwrap();
        file
    };
    let issue = |name: &str| {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
        let certificate = params.signed_by(&key, &ca).unwrap();
        let certificate = file(&format!("{name}.pem"), certificate.pem());
        [certificate, file(&format!("{name}.key"), key.serialize_pem())]
    };
    let ([server, server_key], [client, client_key]) = (issue("server"), issue("client"));
    [file("ca.pem", ca.pem()), server, server_key, client, client_key]
}

#[tokio::test]
async fn https_trusts_the_named_authority_and_presents_a_certificate() {
    let (mut system, reader) = Restricted::start().await;
    let dir = tempfile::tempdir().unwrap();
    let files = certificates(dir.path());
    let [ca, cert, key, client, client_key] = files.each_ref().map(|file| file.to_str().unwrap());
    for argument in
        [format!("--tls-cert={cert}"), format!("--tls-key={key}"), format!("--tls-client-ca={ca}")]
    {
        system.fleet.add_argument(Service::Gateway, &argument);
    }
    system.fleet.kill(Service::Gateway);
    system.fleet.restart(Service::Gateway);
    system.fleet.ready(Service::Gateway).await;
    let server = format!("https://{}", system.fleet.addr(Service::Gateway));
    let config = dir.path().join("config");
    let run = async |arguments: &[&str]| {
        let fixed = ["--server", &server, "--key", &reader, "--timeout", "5s"];
        catctl(&config, &[&fixed[..], arguments].concat()).await
    };
    let listed = run(&["--ca", ca, "--cert", client, "--cert-key", client_key, "list"]).await;
    assert_eq!(listed.code, Some(0), "{}", listed.err);
    let untrusted = run(&["--cert", client, "--cert-key", client_key, "list"]).await;
    assert_eq!(untrusted.code, Some(6), "{}", untrusted.err);
    let unknown = run(&["--ca", ca, "list"]).await;
    assert_eq!(unknown.code, Some(6), "{}", unknown.err);
    let half = run(&["--ca", ca, "--cert", client, "list"]).await;
    assert_eq!(half.code, Some(2), "{}", half.err);
}
