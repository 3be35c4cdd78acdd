//! Experiments on how services answer, hold connections and leave.

mod age;
mod hang_up;
mod impatient;
mod leave;
mod load;
mod overload;
mod readers;
mod replicas;
mod rolling;
mod slow;

use super::{Experiment, Setting};

/// All experiments on the server's side of calls.
pub fn server_experiments() -> Vec<Experiment> {
    vec![
        Experiment::new(
            "overload",
            "1, 2 and 3 times what it can answer: it goes on answering as much, as quickly, and \
             refuses the rest at once",
            overload::run,
        ),
        Experiment::new(
            "slow-database",
            "a database 200 ms further away: fewer calls at once, and as many as before afterwards",
            slow::run,
        ),
        Experiment::new(
            "impatient",
            "5,000 callers who hang up after 1 ms: the patient one beside them notices nothing",
            impatient::run,
        ),
        Experiment::new(
            "hang-up",
            "callers who hang up while the database works for them: it stops, and their connections \
             serve others",
            hang_up::run,
        ),
        Experiment::new(
            "readers",
            "5,000 open pages, half of which read nothing, 500 changes a second: those who read miss \
             none, and memory is bounded",
            readers::run,
        ),
        Experiment::new(
            "leave",
            "a stopped catalogue: watches end by name and with a cursor, nothing is missed, a second \
             signal ends it at once",
            leave::run,
        ),
        Experiment::new(
            "age",
            "connections that come of age are ended in order, and no call fails of it",
            age::run,
        ),
        Experiment::new(
            "rolling",
            "every replica restarted ten times under 500 calls a second: no call fails",
            rolling::run,
        ),
    ]
}

/// A bound on a time, which holds at full size; a small experiment runs beside other tests, on a
/// machine that is busy.
fn bound(setting: &Setting, full: f64) -> f64 {
    if setting.scale() < 1.0 { full * 10.0 } else { full }
}
