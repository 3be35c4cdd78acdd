//! `catctl completions` and `catctl man`: for the shell and for packages.

use std::{io::Write as _, path::PathBuf};

use anyhow::{Context as _, Result};
use clap_complete::Shell;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  catctl completions bash > ~/.local/share/bash-completion/completions/catctl
  catctl completions zsh > \"${fpath[1]}/_catctl\"
  catctl completions fish > ~/.config/fish/completions/catctl.fish")]
pub(crate) struct Completions {
    #[arg(value_enum)]
    shell: KnownShell,
}

/// A shell whose completions are tested.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum KnownShell {
    Bash,
    Zsh,
    Fish,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  catctl man ~/.local/share/man/man1   # then: man catctl, man catctl-import")]
pub(crate) struct Man {
    /// Folder to write to; created if it is missing
    folder: PathBuf,
}

/// Prints the completions of a shell for the command.
pub(crate) fn completions(mut command: clap::Command, args: &Completions) -> Result<()> {
    let shell = match args.shell {
        KnownShell::Bash => Shell::Bash,
        KnownShell::Zsh => Shell::Zsh,
        KnownShell::Fish => Shell::Fish,
    };
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command, "catctl", &mut script);
    std::io::stdout().lock().write_all(&script)?;
    Ok(())
}

/// Writes a manual page for each part of the command.
pub(crate) fn man(command: clap::Command, args: &Man) -> Result<()> {
    let writing = || format!("writing to {}", args.folder.display());
    std::fs::create_dir_all(&args.folder).with_context(writing)?;
    clap_mangen::generate_to(command, &args.folder).with_context(writing)
}
