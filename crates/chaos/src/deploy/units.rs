//! The units, under what happens to services on a machine.

use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use anyhow::Context as _;
use testkit::{Figure, until_within};
use tokio::time::{MissedTickBehavior, interval};

use super::machine::{Machine, SERVICES};
use crate::RunConfig;

const KILLS: u64 = 10;
/// Time between two kills of the same service.
const BETWEEN_KILLS: Duration = Duration::from_secs(3);
const TIMEOUT: Duration = Duration::from_secs(60);
/// A limit that the gateway exceeds with its first large requests, in bytes.
const LITTLE_MEMORY: u64 = 1 << 20;
/// Sends request bodies whose ends do not come, which the gateway holds in memory.
const FILL: &str = r#"
import socket
held = []
for _ in range(16):
    try:
        peer = socket.create_connection(("127.0.0.1", 8080), 2)
        peer.sendall(b"POST /v1/products HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                     b"Content-Length: 3000000\r\n\r\n" + b" " * 2900000)
        held.append(peer)
    except OSError:
        pass
"#;

pub(super) async fn run(config: &RunConfig) -> anyhow::Result<Vec<Figure>> {
    let mut figures = Vec::new();
    // At the boot there is no catalogue, which both others need.
    let machine = Machine::boot(&["search", "gateway"]).await?;
    until_within(TIMEOUT, "the gateway runs without the catalogue", async || {
        let active = machine.run(&["systemctl", "is-active", "--quiet", "gateway"]).await;
        active.is_ok_and(|(success, ..)| success).then_some(())
    })
    .await;
    let early = machine.is_ready("gateway").await;
    figures.push(Figure::exactly("gateway is ready without a catalogue", early, false));
    machine.succeed(&["systemctl", "start", "catalogue"]).await?;
    figures.push(Figure::at_most("all ready after the catalogue, s", ready(&machine).await, 30.0));

    let kills = config.count(KILLS);
    let mut pace = interval(BETWEEN_KILLS);
    pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
    for _ in 0..kills {
        pace.tick().await;
        let kill = ["systemctl", "kill", "--signal=KILL"];
        machine.succeed(&[kill, SERVICES].concat()).await?;
    }
    figures.push(Figure::at_most(
        format!("all ready after {kills} kills, s"),
        ready(&machine).await,
        30.0,
    ));
    for service in SERVICES {
        let restarts: u64 = machine.property(service, "NRestarts").await?.parse()?;
        figures.push(Figure::at_least(format!("restarts of {service}"), restarts, kills));
    }

    let killed = exhaust_memory(&machine).await?;
    figures.push(Figure::exactly("gateway is killed at its memory limit", killed, true));
    figures.push(Figure::at_most("all ready after that, s", ready(&machine).await, 30.0));
    let failed = machine.succeed(&["systemctl", "list-units", "--failed", "--no-legend"]).await?;
    figures.push(Figure::exactly("failed units", failed.lines().count(), 0));
    for service in SERVICES {
        let exposure = exposure(&machine, service).await?;
        figures.push(Figure::at_most(format!("exposure of {service}"), exposure, 1.5));
    }
    Ok(figures)
}

/// Seconds until all services are ready.
async fn ready(machine: &Machine) -> f64 {
    let began = Instant::now();
    for service in SERVICES {
        until_within(TIMEOUT, &format!("{service} is ready"), async || {
            machine.is_ready(service).await.then_some(())
        })
        .await;
    }
    began.elapsed().as_secs_f64()
}

/// Lets the gateway exceed a limit on its memory. Returns whether it was killed for that.
async fn exhaust_memory(machine: &Machine) -> anyhow::Result<bool> {
    let before = machine.property("gateway", "MainPID").await?;
    let limit = MemoryLimit::new(LITTLE_MEMORY)?;
    limit.add(machine.process_of("gateway").await?)?;
    machine.run(&["python3", "-c", FILL]).await?;
    let began = Instant::now();
    while began.elapsed() < TIMEOUT {
        let now = machine.property("gateway", "MainPID").await?;
        if now != before && now != "0" {
            return Ok(true);
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Ok(false)
}

/// A control group with a limit on memory. MemoryMax of a unit makes the same, where the machine may make groups.
struct MemoryLimit(PathBuf);

impl MemoryLimit {
    fn new(bytes: u64) -> anyhow::Result<Self> {
        let separate = Path::new("/sys/fs/cgroup/memory");
        let (parent, file) = match separate.is_dir() {
            true => (separate, "memory.limit_in_bytes"),
            false => (Path::new("/sys/fs/cgroup"), "memory.max"),
        };
        let group = Self(parent.join(format!("units-{}", std::process::id())));
        fs::create_dir(&group.0).context("making a control group")?;
        fs::write(group.0.join(file), bytes.to_string()).context("limiting its memory")?;
        Ok(group)
    }

    fn add(&self, process: u32) -> anyhow::Result<()> {
        let file = self.0.join("cgroup.procs");
        fs::write(file, process.to_string()).context("moving the process to it")
    }
}

impl Drop for MemoryLimit {
    fn drop(&mut self) {
        fs::remove_dir(&self.0).ok(); // empty once its process was killed
    }
}

/// The exposure of a service by `systemd-analyze security`, from 0 to 10.
async fn exposure(machine: &Machine, service: &str) -> anyhow::Result<f64> {
    let unit = format!("{service}.service");
    let report = machine.succeed(&["systemd-analyze", "security", "--no-pager", &unit]).await?;
    let line = report.lines().find(|line| line.contains("Overall exposure level"));
    let level = line.and_then(|line| line.split_once(": ")?.1.split_whitespace().next());
    Ok(level.with_context(|| format!("no level in: {report}"))?.parse()?)
}
