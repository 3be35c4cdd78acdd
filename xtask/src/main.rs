//! Developer commands: run the whole system, test it, generate code, check the machine.
//!
//! `cargo xtask` is thin on purpose: it starts processes and waits for them. A command with heavy
//! dependencies is a test or a separate binary, started from here.

use std::process::ExitCode;

use clap::Parser;

mod affected;
mod bench;
mod cargo;
mod chaos;
mod codegen;
mod doctor;
mod git;
mod guard;
mod http;
mod image;
mod lifecycle;
mod logs;
mod machine;
mod profile;
mod provision;
mod ps;
mod release;
mod screenshots;
mod secret;
mod service;
mod term;
mod test;
mod tidy;
mod up;

/// Run, test and inspect the product catalogue
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", disable_help_subcommand = true)]
enum Command {
    Up(up::Args),
    Ps(ps::Args),
    Logs(logs::Args),
    Restart(lifecycle::RestartArgs),
    Down(lifecycle::DownArgs),
    Test(test::Args),
    Bench(bench::Args),
    Chaos(devtools::chaos::Args),
    Codegen(codegen::Args),
    Image(image::Args),
    Affected(affected::Args),
    Release(release::Args),
    Profile(profile::Args),
    Screenshots(screenshots::Args),
    Doctor(doctor::Args),
    Ci(test::CiArgs),
    Tidy(tidy::Args),
    Guard(guard::Args),
}

fn main() -> ExitCode {
    let done = match Command::parse() {
        Command::Up(args) => up::run(args),
        Command::Ps(args) => ps::run(&args),
        Command::Logs(args) => logs::run(&args),
        Command::Restart(args) => lifecycle::restart(&args),
        Command::Down(args) => lifecycle::down(&args),
        Command::Test(args) => test::run(&args),
        Command::Bench(args) => bench::run(&args),
        Command::Chaos(args) => chaos::run(&args),
        Command::Codegen(args) => codegen::run(&args),
        Command::Image(args) => image::run(&args),
        Command::Affected(args) => affected::run(&args),
        Command::Release(args) => release::run(&args),
        Command::Profile(args) => profile::run(&args),
        Command::Screenshots(args) => screenshots::run(&args),
        Command::Doctor(args) => doctor::run(&args),
        Command::Ci(args) => test::ci(&args),
        Command::Tidy(args) => tidy::run(&args),
        Command::Guard(args) => guard::run(&args),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            term::fail(&error);
            ExitCode::FAILURE
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_valid(arguments: &[&str]) -> bool {
        Command::try_parse_from([&["cargo xtask"], arguments].concat()).is_ok()
    }

    #[test]
    fn options_of_chaos_and_bench_are_checked_before_a_build() {
        for valid in [
            ["chaos", "calls", "--scale=0.1", "--seed=7"],
            ["bench", "reads", "--short", "--only=cached,postgres-1x8"],
            ["bench", "relevance", "--tune", "quick"],
            ["bench", "search", "--products", "200000"],
        ] {
            assert!(is_valid(&valid), "{valid:?}");
        }
        for invalid in [
            ["chaos", "calls", "--scale=0"],
            ["chaos", "nothing", "--list"],
            ["bench", "reads", "--only=nothing"],
            ["bench", "relevance", "quick"],
        ] {
            assert!(!is_valid(&invalid), "{invalid:?}");
        }
    }
}
