//! A standby of a private server, which can be promoted.

use std::{path::Path, process::Command, time::Duration};

use anyhow::{Context as _, ensure};
use devtools::postgres::{ServerUser, find_programs};
use sqlx::{Connection as _, PgConnection};
use tokio::task::spawn_blocking;
use url::Url;

use super::{
    PostgresServer,
    guardian::Guardian,
    server::{parent_dir, start},
};
use crate::{Postgres, PostgresOptions, until_within};

/// Timeout of the first connection of a standby.
const TIMEOUT: Duration = Duration::from_secs(30);

impl PostgresServer {
    /// Starts a standby that follows this server by streaming replication, and makes commits wait for it: what is
    /// acknowledged is on both. Its databases are those of this server.
    ///
    /// # Errors
    /// It cannot be copied or started.
    pub async fn standby(&self) -> anyhow::Result<Self> {
        let url = self.url().clone();
        let primary = url.clone();
        let standby = spawn_blocking(move || copy(&primary)).await??;
        // Each statement alone, since ALTER SYSTEM runs in no transaction.
        self.run("ALTER SYSTEM SET synchronous_standby_names = '*'").await?;
        self.run("SELECT pg_reload_conf()").await?;
        until_within(TIMEOUT, "the standby is synchronous", async || {
            let mut connection = PgConnection::connect(url.as_str()).await.ok()?;
            let sql = "SELECT EXISTS (SELECT FROM pg_stat_replication WHERE sync_state = 'sync')";
            let found: (bool,) = sqlx::query_as(sql).fetch_one(&mut connection).await.ok()?;
            found.0.then_some(())
        })
        .await;
        Ok(standby)
    }

    /// Makes this standby the primary.
    ///
    /// # Errors
    /// It is none.
    pub async fn promote(&self) -> anyhow::Result<()> {
        self.with(|guardian| guardian.run("promote")).await
    }

    /// Ends all its processes immediately, for good.
    ///
    /// # Errors
    /// It does not stop.
    pub async fn kill(&self) -> anyhow::Result<()> {
        self.with(|guardian| guardian.run("immediate")).await
    }
}

fn copy(primary: &Url) -> anyhow::Result<PostgresServer> {
    let programs = find_programs().context("PostgreSQL is not installed")?;
    let options = PostgresOptions { durable: true, ..PostgresOptions::default() };
    let dir = tempfile::Builder::new().prefix("standby-").tempdir_in(parent_dir(&options))?;
    let user = ServerUser::find()?;
    user.own(dir.path())?;
    base_backup(&programs, &user, primary, dir.path())?;
    let mut control = user.command_prefix();
    control.push(programs.join("pg_ctl").into());
    let guardian = Guardian::start(dir.keep(), control)?;
    let port = start(&guardian, &options)?;
    let mut url = primary.clone();
    url.set_port(Some(port)).map_err(|()| anyhow::anyhow!("the URL can have no port"))?;
    Ok(PostgresServer::new(Postgres::new(url, false)?, guardian))
}

/// Copies a running server into `data`, with what it takes to follow it.
fn base_backup(
    programs: &Path,
    user: &ServerUser,
    primary: &Url,
    dir: &Path,
) -> anyhow::Result<()> {
    let mut words = user.command_prefix();
    words.push(programs.join("pg_basebackup").into());
    let (program, prefix) = words.split_first().context("a program")?;
    let output = Command::new(program)
        .args(prefix)
        .args(["--pgdata=data", "--write-recovery-conf", "--wal-method=stream"])
        .args(["--checkpoint=fast", "--no-sync"])
        .arg(format!("--dbname={primary}"))
        .current_dir(dir)
        .output()
        .context("running pg_basebackup")?;
    let error = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "pg_basebackup failed: {error}");
    Ok(())
}
