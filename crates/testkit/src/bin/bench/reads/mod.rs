//! How fast products are read, beside catalogues in Go, C++ and Node on the same machine:
//! `cargo xtask bench reads`.
//!
//! A private PostgreSQL holds the same 100,000 products for the peers and for us. Servers take turns
//! under the load of the peers' driver; a bound is applied to the median of the ratios turn by turn.

mod calls;
mod driver;
pub(crate) mod hold;
mod machine;
mod ours;
mod peers;
mod report;
mod row;
mod server;
mod setting;
mod shapes;
mod turns;

use std::path::{Path, PathBuf};

use anyhow::Result;
use report::Report;
use setting::Setting;
use shapes::Shape;
use testkit::{program, repository};

/// Behind the options of `--help`.
const EXPLAINED: &str = "\
How to read it
  A row: ours and the peer's median, the median of their ratios turn by turn, and the bound on that \
ratio (on our own figure where no peer is named).
  ok and SHORT: the bound is kept or missed. WRONG: answers were wrong or had another status than OK, \
so the figure is not that of the work.
  CPU is user and system time for 100,000 answered calls, of the server process; `database CPU` that \
of all PostgreSQL processes. It moves least on a shared machine. calls/s and latencies need a quiet \
one: `busy 0.7` says that others kept 0.7 cores busy in the median turn.
  ping-pong: a word from one core to another and back. At several hundred ns, servers that pass work \
between cores lose up to half of their rate.
  Ours run with telemetry on, 1 % of calls sampled and sent to a collector.
  Exit code 1: a bound is missed, an answer was wrong or not OK, or a shape failed. A missing peer is named, \
and its bounds are left out.

Peers and their driver: ../shared/peer/setup and setup-cpp, into PEER_CACHE (default: \
~/.cache/catalogue-peer).";

#[derive(clap::Args)]
#[command(after_long_help = EXPLAINED)]
pub(crate) struct Args {
    /// Only these shapes
    #[arg(long, value_enum, value_delimiter = ',', value_name = "SHAPE")]
    only: Vec<Shape>,
    /// Turns of each server [default: 7, with --short 3]
    #[arg(long)]
    rounds: Option<usize>,
    /// Turns of a second, fewer connections: to see that everything works
    #[arg(long)]
    short: bool,
    /// Where the figures are written
    #[arg(long, value_name = "FILE", default_value = "target/bench/reads.json")]
    json: PathBuf,
    /// Make these figures the baseline that later runs are compared with: docs/bench/reads.json
    #[arg(long, conflicts_with = "short")]
    save: bool,
    /// Folder of the services to measure, if not those of this checkout
    #[arg(long, value_name = "DIR")]
    programs: Option<PathBuf>,
    /// The products that are searched, as packed JSON lines [default:
    /// ../shared/data/products.jsonl.gz]
    #[arg(long, value_name = "FILE")]
    corpus: Option<PathBuf>,
}

impl Args {
    fn rounds(&self) -> usize {
        self.rounds.unwrap_or(if self.short { 3 } else { 7 }).max(1)
    }

    fn programs(&self) -> PathBuf {
        let built = || program("catalogue").parent().map(Path::to_owned).unwrap_or_default();
        self.programs.clone().unwrap_or_else(built)
    }
}

pub(crate) async fn run(args: Args) -> Result<bool> {
    let Some(setting) = Setting::prepare(&args).await? else { return Ok(true) };
    let baseline = repository().join("docs/bench/reads.json");
    let mut report = Report::new(&setting, &baseline)?;
    for shape in shapes::chosen(&args.only) {
        report.measure(shape, &setting).await?;
    }
    report.write(&repository().join(&args.json))?;
    if args.save {
        report.save(&baseline)?;
    }
    Ok(report.finish(&setting))
}
