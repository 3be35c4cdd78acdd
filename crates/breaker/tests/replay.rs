//! Compares the breaker with recorded traces of the reference implementation, at every event.

mod trace;

use std::path::Path;

const TRACES: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/breaker/traces.jsonl.gz");

#[test]
fn breaker_answers_as_the_reference_does() {
    if !Path::new(TRACES).exists() {
        eprintln!("SKIPPED breaker_answers_as_the_reference_does: no {TRACES}");
        return;
    }
    let report = trace::replay(Path::new(TRACES)).unwrap();
    assert_eq!(report.differences, Vec::<String>::new());
    assert!(report.events > 0, "an empty recording proves nothing");
    eprintln!("{} events, 0 differences", report.events);
}
