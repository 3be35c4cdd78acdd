//! `cargo xtask up`, `ps`, `logs`, `restart` and `down`, with fake services.

mod fake;

use std::{fs, net::TcpListener, path::Path, process::Output, time::Duration};

use fake::{System, exists, wait_for};

const SERVICES: [&str; 3] = ["catalogue", "search", "gateway"];

#[test]
fn up_starts_in_order_imports_and_shows_addresses() {
    let system = System::new();
    let up = system.up_detached(&[]);
    assert!(up.status.success(), "{}", text(&up));
    assert_eq!(system.journal("started"), SERVICES);
    let shown = text(&up);
    for part in ["storefront", "Five things to try", &format!("127.0.0.1:{}", system.base)] {
        assert!(shown.contains(part), "{part:?} is missing in:\n{shown}");
    }
    assert_eq!(system.catctl_calls(), 1, "the empty catalogue is filled once");

    let ps = text(&system.run(&["ps"]));
    assert!(SERVICES.iter().all(|name| ps.contains(name)), "{ps}");
    assert_eq!(ps.matches(" ready ").count(), 3, "{ps}");

    let down = system.run(&["down"]);
    assert!(down.status.success(), "{}", text(&down));
    assert_eq!(system.journal("stopped"), ["gateway", "search", "catalogue"]);
    assert!(text(&system.run(&["ps"])).contains("nothing is running"));
    assert!(text(&system.run(&["down"])).contains("nothing is running"));
}

#[test]
fn services_end_when_their_supervisor_is_killed() {
    let system = System::new();
    assert!(system.up_detached(&[]).status.success());
    let run = system.state();
    let pids = SERVICES.map(|name| fake::pid(&run, name));
    fake::kill(fake::supervisor(&run));
    wait_for("all services to end", || pids.iter().all(|pid| !exists(*pid)));
    assert!(text(&system.run(&["ps"])).contains("nothing is running"));
    // The stale state does not prevent the next run.
    assert!(system.up_detached(&[]).status.success());
}

#[test]
fn an_import_ends_when_up_is_killed() {
    let system = System::new();
    fs::write(system.home().join("import-hangs"), "").unwrap();
    let home = system.home();
    let up = system.up_attached(&["--data-dir", home.to_str().unwrap()]);
    wait_for("the import to begin", || system.hanging_import().is_some());
    let import = system.hanging_import().unwrap();
    fake::kill(up.pid());
    wait_for("the import to end", || !exists(import));
}

#[test]
fn a_killed_service_is_restarted() {
    let system = System::new();
    assert!(system.up_detached(&[]).status.success());
    let before = fake::pid(&system.state(), "search");
    fake::kill(before);
    wait_for("search to come back", || {
        let run = system.state();
        fake::service(&run, "search")["state"] == "ready" && fake::pid(&run, "search") != before
    });
    let log = fs::read_to_string(system.home().join("logs/up.log")).unwrap();
    assert!(log.contains("search was ended by SIGKILL"), "{log}");
    wait_for("the good news", || {
        fs::read_to_string(system.home().join("logs/up.log"))
            .unwrap()
            .contains("search is ready again")
    });
}

#[test]
fn restart_returns_when_the_service_is_ready_again() {
    let system = System::new();
    let up = system.up_detached(&[]);
    assert!(up.status.success(), "{}", text(&up));
    let before = fake::pid(&system.state(), "catalogue");
    let restart = system.run(&["restart", "catalogue"]);
    assert!(restart.status.success(), "{}", text(&restart));
    assert_ne!(fake::pid(&system.state(), "catalogue"), before);

    let unknown = system.run(&["restart", "katalog"]);
    assert_eq!(unknown.status.code(), Some(1));
    assert!(text(&unknown).contains("catalogue, search, gateway"), "{}", text(&unknown));
}

#[test]
fn replicas_use_free_ports_and_are_handled_like_services() {
    let system = System::new();
    let up = system.up_detached(&["--replicas", "search=3"]);
    assert!(up.status.success(), "{}", text(&up));
    let names = ["catalogue", "search", "search-2", "search-3", "gateway"];
    let run = system.state();
    let port = |name: &str| fake::service(&run, name)["listen"].as_u64().unwrap();
    let addr = |name: &str| format!("127.0.0.1:{}", port(name));
    let (shown, ps) = (text(&up), text(&system.run(&["ps"])));
    for name in names {
        assert!(shown.contains(&addr(name)) && ps.contains(name), "{name}:\n{shown}\n{ps}");
    }
    let options = system.journal("gateway-options").join(" ");
    let all = |names: &[&str]| names.iter().map(|name| addr(name)).collect::<Vec<_>>().join(",");
    let target = format!("--catalogue static://{}", addr("catalogue"));
    assert!(options.contains(&target), "{options}");
    let target = format!("--search static://{}", all(&names[1..4]));
    assert!(options.contains(&target), "{options}");
    for (options, name) in system.journal("search-options").iter().zip(&names[1..4]) {
        let dir = format!("--data-dir {} ", system.home().join(name).display());
        assert!(format!("{options} ").contains(&dir), "each has its own index: {options}");
    }

    let before = fake::pid(&run, "search-2");
    let restart = system.run(&["restart", "search-2"]);
    assert!(restart.status.success(), "{}", text(&restart));
    assert_ne!(fake::pid(&system.state(), "search-2"), before);
    assert!(text(&system.run(&["logs", "search-2"])).contains("search listens"));
    assert!(
        text(&system.run(&["logs", "search-4"])).contains("search-2"),
        "known services are listed"
    );
    let down = system.run(&["down"]);
    assert!(down.status.success(), "{}", text(&down));
    assert_eq!(system.journal("stopped").len(), 6, "five, and one that was restarted");
}

#[test]
fn a_consul_port_taken_by_another_process_is_a_one_line_error() {
    let system = System::new();
    let holder = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = holder.local_addr().unwrap().port().to_string();
    let up = system.up_detached(&["--consul", &port]);
    assert_eq!(up.status.code(), Some(1));
    let said = text(&up);
    assert!(
        said.contains(&format!("port {port} is taken")) && said.contains("--consul PORT"),
        "{said}"
    );
    assert!(system.journal("started").is_empty());
}

#[test]
fn a_second_up_in_the_same_directory_is_an_error() {
    let system = System::new();
    assert!(system.up_detached(&[]).status.success());
    let second = system.up_detached(&[]);
    assert_eq!(second.status.code(), Some(1));
    assert!(text(&second).contains("already running"), "{}", text(&second));
    assert!(text(&second).contains("cargo xtask down"), "{}", text(&second));
}

#[test]
fn a_taken_port_is_a_one_line_error_before_anything_starts() {
    let system = System::new();
    let _holder = TcpListener::bind(("127.0.0.1", system.base + 2)).unwrap();
    let up = system.up_detached(&[]);
    assert_eq!(up.status.code(), Some(1));
    let said = text(&up);
    assert_eq!(said.trim().lines().count(), 1, "{said}");
    for part in [&format!("port {}", system.base + 2), "search", "--port-base"] {
        assert!(said.contains(part), "{part:?} is missing in {said}");
    }
    assert!(system.journal("started").is_empty());
}

#[test]
fn a_service_that_cannot_start_fails_the_run_and_shows_its_log() {
    let system = System::new();
    fs::write(system.home().join("search-fails"), "").unwrap();
    let up = system.up_detached(&[]);
    assert_eq!(up.status.code(), Some(1));
    let said = text(&up);
    assert!(said.contains("the index is broken"), "{said}");
    assert!(said.contains("error: search ended with exit code 3"), "{said}");
    assert!(text(&system.run(&["ps"])).contains("nothing is running"));
    assert_eq!(system.journal("stopped"), ["catalogue"]);
}

#[test]
fn logs_of_all_services_are_shown_together() {
    let system = System::new();
    assert!(system.up_detached(&[]).status.success());
    let all = text(&system.run(&["logs"]));
    assert!(all.contains("catalogue | ") && all.contains("gateway   | "), "{all}");
    let one = text(&system.run(&["logs", "search"]));
    assert!(one.contains("search listens") && !one.contains("catalogue listens"), "{one}");
}

#[test]
fn ctrl_c_stops_everything_in_order_and_removes_an_ephemeral_directory() {
    let system = System::new();
    let mut up = system.up_attached(&["--ephemeral"]);
    wait_for("the table", || up.output().contains("Five things to try"));
    let shown = up.output();
    let row = shown.lines().find(|line| line.trim_start().starts_with("data ")).unwrap();
    let home = Path::new(row.trim_start().trim_start_matches("data").trim()).to_owned();
    assert!(home.is_dir(), "{}", home.display());
    up.interrupt();
    assert_eq!(up.wait(Duration::from_secs(20)).code(), Some(0), "{}", up.output());
    assert_eq!(system.journal("stopped"), ["gateway", "search", "catalogue"]);
    assert!(!home.exists(), "{} is left", home.display());
}

#[test]
fn an_ephemeral_run_in_the_background_is_found_and_stopped() {
    let system = System::new();
    let up = system.up_ephemeral();
    assert!(up.status.success(), "{}", text(&up));
    let ps = text(&system.run_by_default(&["ps"]));
    assert_eq!(ps.matches(" ready ").count(), 3, "{ps}");
    let home = ps.lines().find_map(|line| line.split_once("data in ")).unwrap().1;
    let restart = system.run_by_default(&["restart", "search"]);
    assert!(restart.status.success(), "{}", text(&restart));
    // Another data directory's commands do not touch it.
    assert!(text(&system.run(&["down"])).contains("nothing is running"));

    let down = system.run_by_default(&["down"]);
    assert!(down.status.success() && text(&down).contains(home), "{}", text(&down));
    assert_eq!(system.journal("stopped").len(), 4, "three, and one that was restarted");
    wait_for("the directory to be removed", || !Path::new(home).exists());
    assert!(text(&system.run_by_default(&["ps"])).contains("nothing is running"));
}

fn text(output: &Output) -> String {
    let both = [output.stdout.as_slice(), output.stderr.as_slice()].concat();
    String::from_utf8_lossy(&both).into_owned()
}
