//! Programs that are run to their end.

use std::{ffi::OsStr, process::Stdio};

use anyhow::{Context as _, ensure};

/// A program that is run to its end.
pub(super) struct Command(tokio::process::Command);

impl Command {
    pub(super) fn new(program: impl AsRef<OsStr>) -> Self {
        let mut command = tokio::process::Command::new(program);
        command.stdin(Stdio::null()).kill_on_drop(true);
        Self(command)
    }

    pub(super) fn args(mut self, args: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Self {
        self.0.args(args);
        self
    }

    pub(super) fn envs(mut self, variables: &[(String, String)]) -> Self {
        self.0.envs(variables.iter().map(|(name, value)| (name, value)));
        self
    }

    /// Its output, whether it succeeds, and its standard error.
    pub(super) async fn output(mut self) -> anyhow::Result<(bool, String, String)> {
        let program = self.0.as_std().get_program().to_owned();
        let output =
            self.0.output().await.with_context(|| format!("starting {}", program.display()))?;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Ok((output.status.success(), text(&output.stdout), text(&output.stderr)))
    }

    /// Its output.
    ///
    /// # Errors
    /// If it cannot be started or fails.
    pub(super) async fn succeed(self) -> anyhow::Result<String> {
        let shown = format!("{:?}", self.0.as_std());
        let (success, out, err) = self.output().await?;
        ensure!(success, "{shown} failed: {out}{err}");
        Ok(out)
    }
}
