//! The complete system: catalogue, search and gateway as processes on free ports.

use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::{Output, Process, ports::free_ports, process, program, repository};

/// A service of the system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Service {
    /// The owner of the products.
    Catalogue,
    /// The search index.
    Search,
    /// The API gateway.
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

/// Catalogue, search and gateway, with their data in a temporary directory.
#[derive(Debug)]
pub struct Fleet {
    processes: [Option<Process>; 3],
    ports: [(u16, u16); 3],
    /// Additional command-line arguments of each service.
    arguments: [Vec<String>; 3],
    /// Command line that precedes the program of each service, such as `taskset`.
    wrappers: [Vec<String>; 3],
    dir: TempDir,
}

impl Fleet {
    /// Starts all three and waits until each is ready.
    ///
    /// # Panics
    /// If one does not start.
    pub async fn start() -> Self {
        Self::start_with(&[]).await
    }

    /// [`Fleet::start`] with additional arguments for all three.
    ///
    /// # Panics
    /// If one does not start.
    pub async fn start_with(arguments: &[&str]) -> Self {
        Self::start_each(|_| arguments.iter().map(ToString::to_string).collect()).await
    }

    /// [`Fleet::start`] with additional arguments for each.
    ///
    /// # Panics
    /// If one does not start.
    pub async fn start_each(arguments: impl Fn(Service) -> Vec<String>) -> Self {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let first = free_ports(6);
        let ports = Service::ALL.map(|service| {
            let offset = 2 * service as u16;
            (first + offset, first + offset + 1)
        });
        let mut fleet = Self {
            processes: [None, None, None],
            ports,
            arguments: Service::ALL.map(arguments),
            wrappers: Default::default(),
            dir,
        };
        for service in Service::ALL {
            fleet.restart(service);
            fleet.ready(service).await;
        }
        fleet
    }

    /// Adds a command-line argument for the next starts of a service.
    pub fn add_argument(&mut self, service: Service, argument: &str) {
        self.arguments[service as usize].push(argument.to_owned());
    }

    /// Kills a service and starts it again with this command line before its program, then waits until it is
    /// ready.
    ///
    /// # Panics
    /// If it does not start.
    pub async fn restart_under(&mut self, service: Service, wrapper: &[&str]) {
        self.kill(service);
        self.wrappers[service as usize] = wrapper.iter().map(ToString::to_string).collect();
        self.restart(service);
        self.ready(service).await;
    }

    /// Starts a service that is not running, on the same ports and data.
    ///
    /// # Panics
    /// If its program cannot be started.
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
        let mut command = self.wrappers[service as usize].clone();
        command.push(program(name).display().to_string());
        command.extend(arguments);
        let process = Process::start(Path::new(&command[0]), &command[1..], &self.log_of(service));
        self.processes[service as usize] = Some(process.expect("the program can be started"));
    }

    /// Waits until a service is ready.
    ///
    /// # Panics
    /// If it ends, or is not ready within a minute.
    pub async fn ready(&mut self, service: Service) {
        let (_, admin) = self.ports[service as usize];
        self.process(service).ready(admin).await;
    }

    /// Kills a service (SIGKILL).
    pub fn kill(&mut self, service: Service) {
        if let Some(mut process) = self.processes[service as usize].take() {
            process.kill();
        }
    }

    /// The running process of a service.
    ///
    /// # Panics
    /// If it has been killed.
    pub fn process(&mut self, service: Service) -> &mut Process {
        self.processes[service as usize].as_mut().expect("the service runs")
    }

    /// The address of a service, `host:port`.
    pub fn addr(&self, service: Service) -> String {
        format!("127.0.0.1:{}", self.ports[service as usize].0)
    }

    /// A URL of a service's admin port; `path` begins with a slash.
    pub fn admin(&self, service: Service, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.ports[service as usize].1)
    }

    /// A URL of the gateway; `path` begins with a slash.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.addr(Service::Gateway))
    }

    /// A directory for files of the test.
    pub fn dir(&self) -> &Path {
        self.dir.path()
    }

    /// Runs `catctl` with the gateway as its server.
    pub async fn catctl(&self, arguments: &[&str]) -> Output {
        let server = ["--server".to_owned(), self.url("")];
        let arguments = server.into_iter().chain(arguments.iter().map(ToString::to_string));
        process::run(program("catctl"), arguments).await
    }

    fn log_of(&self, service: Service) -> PathBuf {
        self.dir.path().join(format!("{}.log", service.name()))
    }
}
