//! Imports of files at URLs.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

use super::{
    fake::{Server, Store},
    rows, run, text,
};

/// A web server in a thread, which ends with the test's process. Responses by path; it keeps the requests. It closes each
/// connection after its response, which the response must say: a client would send its next request on it.
struct Web {
    address: String,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Web {
    fn start(response: impl Fn(&str) -> Vec<u8> + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let requests = Arc::<Mutex<Vec<String>>>::default();
        let kept = requests.clone();
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                serve(stream, &response, &kept);
            }
        });
        Self { address, requests }
    }

    fn url(&self, credentials: &str, path: &str) -> String {
        format!("http://{credentials}{}{path}", self.address)
    }
}

fn serve(
    mut stream: TcpStream,
    response: &impl Fn(&str) -> Vec<u8>,
    requests: &Mutex<Vec<String>>,
) {
    let lines = BufReader::new(stream.try_clone().unwrap()).lines();
    let head: Vec<String> =
        lines.map_while(Result::ok).take_while(|line| !line.is_empty()).collect();
    let Some(first) = head.first() else { return };
    let path = first.split(' ').nth(1).unwrap_or_default().to_owned();
    requests.lock().unwrap().push(head.join("\n").to_lowercase());
    // The client may have seen enough.
    stream.write_all(&response(&path)).ok();
}

fn ok(body: &str) -> Vec<u8> {
    let length = body.len();
    format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}").into()
}

fn redirect(location: &str) -> Vec<u8> {
    let head = "HTTP/1.1 302 Found\r\nConnection: close\r\nContent-Length: 0";
    format!("{head}\r\nLocation: {location}\r\n\r\n").into()
}

#[test]
fn a_file_at_a_url_is_imported_and_its_secrets_are_not_printed() {
    let other = Web::start(|_| ok(&rows(300)));
    let target = other.url("", "/rows.jsonl?signature=hush");
    let web = Web::start(move |path| match path {
        "/start" => redirect("/next"),
        _ => redirect(&target),
    });
    let store = Store::default();
    let server = Server::start(store.clone());
    let url = web.url("anna:s3cret@", "/start");
    let output = run(&server, &["import", &url]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert_eq!(store.products.lock().unwrap().len(), 300);
    let said = text(&output.stderr) + &text(&output.stdout);
    for secret in ["anna", "s3cret", "hush"] {
        assert!(!said.contains(secret), "{said}");
    }
    let redirected = format!("/next redirects to {}", other.url("", "/rows.jsonl?…"));
    assert!(said.contains(&redirected), "{said}");
    let own = web.requests.lock().unwrap().clone();
    assert!(own.len() == 2 && own.iter().all(|head| head.contains("authorization: basic")));
    let others = other.requests.lock().unwrap().clone();
    assert!(others.len() == 1 && !others[0].contains("authorization"), "{others:?}");
}

#[test]
fn a_file_at_a_url_is_refused_beyond_its_limits() {
    let web = Web::start(|path| match path {
        "/circle" => redirect("/circle"),
        "/large" => ok(&" ".repeat(2 << 20)),
        "/endless" => {
            let line = format!("{}\n", "x".repeat(1 << 20));
            let lines = line.repeat(2);
            format!("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{lines}").into()
        }
        "/cut" => {
            let body = rows(3);
            let head = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 99999";
            format!("{head}\r\n\r\n{body}").into()
        }
        "/other" => redirect("ftp://shop.example/a"),
        _ => b"HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n".to_vec(),
    });
    let store = Store::default();
    let server = Server::start(store.clone());
    for (path, message) in [
        ("/circle", "redirects more than 5 times"),
        ("/large", "has 2 MiB, more than --max-size 1"),
        ("/endless", "it has more than --max-size 1 MiB"),
        ("/cut", "/cut"),
        ("/other", "redirects to ftp:"),
        ("/none", "/none responds with 404 Not Found"),
    ] {
        let url = web.url("anna:s3cret@", path);
        let output =
            run(&server, &["import", &url, "--max-size", "1", "--format", "jsonl", "--dry-run"]);
        assert_eq!(output.status.code(), Some(1), "{path}: {output:?}");
        let said = text(&output.stderr);
        assert!(said.contains(message) && !said.contains("s3cret"), "{path}: {said}");
    }
}
