//! The process of a service: telemetry, the background runtime, signals, the error at exit.

use std::{io::Read as _, process::ExitCode};

use anyhow::Context as _;
use server::{ServeArgs, metrics, open_files};
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use crate::{build, reload};

/// Threads for all work but requests: feeds, commits, exports. Two, since the shutdown of telemetry blocks
/// one, and so that a busy one does not delay all work.
const BACKGROUND_THREADS: usize = 2;

/// Runs `service` until it returns; its token is cancelled to stop it gracefully.
///
/// SIGTERM, SIGINT and, with `--exit-with-stdin`, the end of standard input cancel the token. A second
/// signal ends the process immediately. SIGHUP reads the file of settings again. An error is printed in one line.
pub fn run<F, Fut>(
    name: &'static str,
    args: &ServeArgs,
    telemetry: &telemetry::Args,
    service: F,
) -> ExitCode
where
    F: FnOnce(CancellationToken) -> Fut,
    Fut: Future<Output = anyhow::Result<()>>,
{
    match try_run(name, args, telemetry, service) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{name}: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn try_run<F, Fut>(
    name: &'static str,
    args: &ServeArgs,
    telemetry: &telemetry::Args,
    service: F,
) -> anyhow::Result<()>
where
    F: FnOnce(CancellationToken) -> Fut,
    Fut: Future<Output = anyhow::Result<()>>,
{
    let _flush_on_drop = telemetry::init(name, build::version(), telemetry)?;
    metrics::begin();
    open_files::raise_limit();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(BACKGROUND_THREADS)
        .thread_name("background")
        .enable_all()
        .build()
        .context("starting the runtime")?;
    metrics::watch_runtime("background".to_owned(), runtime.handle());
    let shutdown = CancellationToken::new();
    if args.exit_with_stdin {
        cancel_at_end_of_stdin(shutdown.clone());
    }
    let ended = runtime.block_on(async {
        survive_file_size_limit();
        tokio::spawn(cancel_on_signal(shutdown.clone()));
        tokio::spawn(reload::on_hangup());
        service(shutdown).await
    });
    // Blocking work (a slow disk, say) must not keep the process alive.
    runtime.shutdown_background();
    ended
}

/// Makes a write beyond `ulimit -f` fail (EFBIG), where the signal's default is to end the process without
/// a word. A signal once taken over stays so.
fn survive_file_size_limit() {
    const SIGXFSZ: i32 = 25;
    if let Err(error) = signal(SignalKind::from_raw(SIGXFSZ)) {
        tracing::warn!(%error, "a limit on the size of files would end the process");
    }
}

async fn cancel_on_signal(shutdown: CancellationToken) {
    let signals = signal(SignalKind::terminate()).and_then(|term| {
        let interrupt = signal(SignalKind::interrupt())?;
        Ok((term, interrupt))
    });
    let (mut term, mut interrupt) = match signals {
        Ok(signals) => signals,
        Err(error) => return tracing::error!(%error, "signal handlers could not be installed"),
    };
    for already_stopping in [false, true] {
        tokio::select! {
            _ = term.recv() => {}
            _ = interrupt.recv() => {}
        }
        if already_stopping {
            tracing::warn!("second signal: exiting immediately");
            std::process::exit(130);
        }
        tracing::info!("stopping");
        shutdown.cancel();
    }
}

/// Cancels `shutdown` at the end of standard input, which the parent process holds open.
fn cancel_at_end_of_stdin(shutdown: CancellationToken) {
    std::thread::spawn(move || {
        let mut sink = [0; 64];
        while std::io::stdin().read(&mut sink).is_ok_and(|read| read > 0) {}
        tracing::info!("standard input ended: stopping");
        shutdown.cancel();
    });
}
