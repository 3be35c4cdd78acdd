//! The whole system: catalogue, search and gateway as processes on free ports.

use std::{
    net::TcpListener,
    path::{Path, PathBuf},
    sync::atomic::{AtomicU16, Ordering},
};

use tempfile::TempDir;

use crate::{Output, Process, process, program, repository};

/// A service of the system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Service {
    /// Owns the products.
    Catalogue,
    /// Finds them.
    Search,
    /// The edge.
    Gateway,
}

impl Service {
    const ALL: [Self; 3] = [Self::Catalogue, Self::Search, Self::Gateway];

    fn name(self) -> &'static str {
        match self {
            Self::Catalogue => "catalogue",
            Self::Search => "search",
            Self::Gateway => "gateway",
        }
    }
}

/// Catalogue, search and gateway, with their data in a folder that goes when this is dropped.
#[derive(Debug)]
pub struct Fleet {
    processes: [Option<Process>; 3],
    ports: [(u16, u16); 3],
    /// What each service is told beside the usual.
    arguments: [Vec<String>; 3],
    dir: TempDir,
}

impl Fleet {
    /// Starts all three and waits until each is ready.
    ///
    /// # Panics
    /// When one does not start.
    pub async fn start() -> Self {
        Self::start_with(&[]).await
    }

    /// [`Fleet::start`], with further arguments for all three.
    ///
    /// # Panics
    /// When one does not start.
    pub async fn start_with(arguments: &[&str]) -> Self {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let first = Self::free_ports(6);
        let ports = Service::ALL.map(|service| {
            let offset = 2 * service as u16;
            (first + offset, first + offset + 1)
        });
        let mut fleet = Self {
            processes: [None, None, None],
            ports,
            arguments: Service::ALL.map(|_| arguments.iter().map(ToString::to_string).collect()),
            dir,
        };
        for service in Service::ALL {
            fleet.restart(service);
            fleet.ready(service).await;
        }
        fleet
    }

    /// Has a service told one thing more from its next start on.
    pub fn tell(&mut self, service: Service, argument: &str) {
        self.arguments[service as usize].push(argument.to_owned());
    }

    /// Starts a service that is not running, where it was before.
    ///
    /// # Panics
    /// When its program cannot be started.
    pub fn restart(&mut self, service: Service) {
        let name = service.name();
        let data = self.dir.path().join(name);
        let (port, admin) = self.ports[service as usize];
        let mut arguments =
            vec![format!("--listen=127.0.0.1:{port}"), format!("--admin=127.0.0.1:{admin}")];
        arguments.extend(self.arguments[service as usize].iter().cloned());
        if !arguments.iter().any(|argument| argument.starts_with("--log=")) {
            arguments.push("--log=info".to_owned());
        }
        let catalogue = format!("--catalogue=static://{}", self.addr(Service::Catalogue));
        match service {
            Service::Catalogue => arguments.push(format!("--data-dir={}", data.display())),
            Service::Search => {
                arguments.extend([format!("--data-dir={}", data.display()), catalogue]);
            }
            Service::Gateway => {
                let media = repository().join("examples/demo/images");
                let search = format!("--search=static://{}", self.addr(Service::Search));
                arguments.extend([catalogue, search, format!("--media-dir={}", media.display())]);
            }
        }
        let process = Process::start(&program(name), arguments, &self.log_of(service));
        self.processes[service as usize] = Some(process.expect("the program can be started"));
    }

    /// Waits until a service says that it is ready.
    ///
    /// # Panics
    /// When it ends, or is not ready within a minute.
    pub async fn ready(&mut self, service: Service) {
        let (_, admin) = self.ports[service as usize];
        self.process(service).ready(admin).await;
    }

    /// kill -9.
    pub fn kill(&mut self, service: Service) {
        if let Some(mut process) = self.processes[service as usize].take() {
            process.kill();
        }
    }

    /// The running process of a service.
    ///
    /// # Panics
    /// When it has been killed.
    pub fn process(&mut self, service: Service) -> &mut Process {
        self.processes[service as usize].as_mut().expect("the service runs")
    }

    /// `host:port` of a service's public port.
    pub fn addr(&self, service: Service) -> String {
        format!("127.0.0.1:{}", self.ports[service as usize].0)
    }

    /// A URL at a service's admin port; `path` begins with a slash.
    pub fn admin(&self, service: Service, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.ports[service as usize].1)
    }

    /// A URL at the gateway; `path` begins with a slash.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.addr(Service::Gateway))
    }

    /// A folder for the test's own files.
    pub fn dir(&self) -> &Path {
        self.dir.path()
    }

    /// Runs `catctl` against the gateway.
    pub async fn catctl(&self, arguments: &[&str]) -> Output {
        let server = ["--server".to_owned(), self.url("")];
        let arguments = server.into_iter().chain(arguments.iter().map(ToString::to_string));
        process::run(program("catctl"), arguments).await
    }

    /// The first of `count` ports in a row that nobody listens on and no other test of this process
    /// is given; below the range that outgoing connections are given.
    ///
    /// # Panics
    /// When thousands are taken.
    pub fn free_ports(count: u16) -> u16 {
        static NEXT: AtomicU16 = AtomicU16::new(0);
        // Each test process begins elsewhere, so that two at once seldom try the same.
        let start = (std::process::id() % 1_000) as u16 * 10;
        (0..1_000)
            .map(|_| 20_000 + (start + NEXT.fetch_add(count, Ordering::Relaxed)) % 12_000)
            .find(|first| Self::are_free(*first, count))
            .expect("free ports between 20000 and 32000")
    }

    /// Whether nobody listens on `count` ports from `first` on.
    pub fn are_free(first: u16, count: u16) -> bool {
        (first..first + count).all(|port| TcpListener::bind(("127.0.0.1", port)).is_ok())
    }

    fn log_of(&self, service: Service) -> PathBuf {
        self.dir.path().join(format!("{}.log", service.name()))
    }
}
