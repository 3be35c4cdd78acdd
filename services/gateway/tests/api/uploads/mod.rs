//! Files that are sent in pieces: what breaks off goes on, and what is refused.

mod bounds;
mod refused;
mod resumed;

use std::{fs, path::PathBuf};

use proto::catalogue::v1::import::State;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::{
    harness::{Environment, eventually, within_timeout},
    http_client::HttpResponse,
};

const PIECE: (&str, &str) = ("content-type", "application/partial-upload");
const FIRST: (&str, &str) = ("upload-complete", "?0");
const LAST: (&str, &str) = ("upload-complete", "?1");

/// A file of some rows.
fn list() -> String {
    let row = |number| format!("mug-{number},Mug {number},4.50,EUR\n");
    let rows: String = (1..=200).map(row).collect();
    format!("id,name,price,currency\n{rows}")
}

/// A gateway whose spool the test can see.
struct Uploader {
    env: Environment,
    folder: tempfile::TempDir,
}

impl Uploader {
    async fn start_with(flags: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let of_folder = format!("--import-dir={}", folder.path().display());
        let env = Environment::start_with(&[&[of_folder.as_str()], flags].concat()).await;
        Self { env, folder }
    }

    async fn start() -> Self {
        Self::start_with(&[]).await
    }

    async fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> HttpResponse {
        self.env.http().send(method, path, headers, body.to_owned()).await
    }

    /// Begins a dry run, whose file is kept; returns the path of its pieces.
    async fn begin(&self, id: &str) -> String {
        self.begin_with(&[FIRST, ("idempotency-key", id)]).await
    }

    async fn begin_with(&self, headers: &[(&str, &str)]) -> String {
        let path = "/v1/imports?dryRun=true&fileName=list.csv";
        let begun = self.send("POST", path, headers, "").await;
        assert_eq!(begun.status, 201, "{}", begun.text());
        assert_eq!((begun.header("upload-complete"), begun.header("upload-offset")), ("?0", "0"));
        begun.header("location").to_owned()
    }

    async fn append(
        &self,
        upload: &str,
        offset: usize,
        more: &[(&str, &str)],
        body: &str,
    ) -> HttpResponse {
        let offset = offset.to_string();
        let headers = [&[PIECE, ("upload-offset", offset.as_str())], more].concat();
        self.send("PATCH", upload, &headers, body).await
    }

    async fn offset(&self, upload: &str) -> usize {
        let known = self.send("HEAD", upload, &[], "").await;
        assert_eq!((known.status.as_u16(), known.header("cache-control")), (204, "no-store"));
        known.header("upload-offset").parse().unwrap()
    }

    /// Sends the rest of the list as the last piece; returns the id of the import.
    async fn complete(&self, upload: &str, offset: usize) -> String {
        let done = self.append(upload, offset, &[LAST], &list()[offset..]).await;
        assert_eq!((done.status.as_u16(), done.header("upload-complete")), (202, "?1"));
        let id = done.json()["id"].as_str().unwrap().to_owned();
        assert_eq!(done.header("location"), format!("/v1/imports/{id}"));
        id
    }

    /// The file of a dry run, once that has ended.
    async fn file_of(&self, id: &str) -> String {
        let has_ended = async || {
            self.env.fake.import(id).is_some_and(|import| import.state() == State::Succeeded)
        };
        eventually("the dry run ends", has_ended).await;
        fs::read_to_string(self.folder.path().join(format!("import-{id}.file"))).unwrap()
    }

    /// The files of uploads and imports that are not ended.
    fn spooled(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.folder.path()).unwrap();
        let paths = entries.map(|entry| entry.unwrap().path());
        paths.filter(|path| path.extension().is_some_and(|it| it == "data")).collect()
    }

    /// Waits until an only file of the spool has this size.
    async fn spooled_bytes(&self, bytes: usize) {
        let is_there = async || {
            let sizes = self.spooled().into_iter().filter_map(|path| fs::metadata(path).ok());
            sizes.map(|it| it.len()).eq([bytes as u64])
        };
        eventually("the bytes are in the spool", is_there).await;
    }

    /// Sends a request of which the body has not come whole.
    async fn open(&self, line: &str, headers: &[(&str, &str)], part: &str) -> RawRequest {
        let mut stream = TcpStream::connect(self.env.gateway.addr).await.unwrap();
        let fields: String =
            headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let head = format!("{line} HTTP/1.1\r\nhost: localhost\r\n{fields}\r\n{part}");
        stream.write_all(head.as_bytes()).await.unwrap();
        RawRequest(stream)
    }

    /// Sends the beginning of a piece that is longer.
    async fn open_piece(&self, upload: &str, offset: &str, part: &str) -> RawRequest {
        let headers = [PIECE, FIRST, ("upload-offset", offset), ("content-length", "5000")];
        self.open(&format!("PATCH {upload}"), &headers, part).await
    }
}

/// A request that is under way.
struct RawRequest(TcpStream);

impl RawRequest {
    /// The response, as far as its first bytes.
    async fn response(mut self) -> String {
        let mut bytes = Vec::new();
        let read = async {
            // A problem is whole with its last brace.
            while !bytes.ends_with(b"}") {
                let mut part = [0; 1024];
                match self.0.read(&mut part).await {
                    Ok(length) if length > 0 => bytes.extend_from_slice(&part[..length]),
                    _ => break,
                }
            }
        };
        within_timeout("a response", read).await;
        String::from_utf8(bytes).unwrap()
    }
}
