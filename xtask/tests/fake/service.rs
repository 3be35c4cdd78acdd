//! The fake service: listens, responds to readiness probes, and writes a journal.

use std::{
    env,
    fs::File,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::exit,
    thread,
};

use signal_hook::{consts::SIGTERM, iterator::Signals};

/// Runs as a service if started by a supervisor; does nothing as a test.
#[test]
fn serves_if_asked() {
    let (Ok(name), Ok(home)) = (env::var("FAKE_NAME"), env::var("FAKE_HOME")) else { return };
    let args = env::var("FAKE_ARGS").unwrap();
    let args: Vec<&str> = args.split(' ').collect();
    let value = |flag: &str| {
        let index = args.iter().position(|arg| *arg == flag).unwrap();
        args[index + 1].to_owned()
    };
    let home = PathBuf::from(home);
    if home.join("data").join(format!("{name}-fails")).exists() {
        println!("2025-11-22T12:00:00.000000Z ERROR the index is broken");
        exit(3);
    }
    assert!(args.contains(&"--exit-with-stdin"));
    note(&home, "started", &name);
    note(&home, &format!("{name}-options"), &args.join(" "));
    stop_with_stdin();
    let public = TcpListener::bind(value("--listen")).unwrap();
    println!("2025-11-22T12:00:00.000000Z  INFO {name} listens");
    thread::spawn({
        let home = home.clone();
        move || public.incoming().flatten().for_each(|stream| answer(stream, &home))
    });
    let admin = TcpListener::bind(value("--admin")).unwrap();
    thread::spawn({
        let home = home.clone();
        move || admin.incoming().flatten().for_each(|stream| answer(stream, &home))
    });
    Signals::new([SIGTERM]).unwrap().forever().next();
    note(&home, "stopped", &name);
    exit(0);
}

fn note(home: &Path, what: &str, name: &str) {
    let mut journal = File::options().create(true).append(true).open(home.join("journal")).unwrap();
    writeln!(journal, "{what} {name}").unwrap();
}

fn stop_with_stdin() {
    thread::spawn(|| {
        std::io::stdin().read_to_end(&mut Vec::new()).ok();
        exit(0);
    });
}

fn answer(mut stream: TcpStream, home: &Path) {
    let mut line = String::new();
    BufReader::new(&stream).read_line(&mut line).ok();
    let loaded = home.join("catctl").exists();
    let count = if loaded { 330 } else { 0 };
    let body = match line.split(' ').nth(1).unwrap_or_default() {
        "/readyz" => r#"{"ready":true}"#.to_owned(),
        "/v1/search/status" => format!(r#"{{"productCount":"{count}","caughtUp":true}}"#),
        _ => format!(r#"{{"products":[{{"id":"lamp-1","name":"Red lamp"}}],"totalSize":{count}}}"#),
    };
    // The client may have disconnected.
    write!(stream, "HTTP/1.0 200 OK\r\ncontent-type: application/json\r\n\r\n{body}").ok();
}
