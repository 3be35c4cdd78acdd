//! The experiments of `cargo xtask chaos` at a small scale.

mod access;
mod consul;
mod edge;
mod fuzz;

use chaos::{Group, RunConfig, experiments};
use testkit::{Postgres, acp_schema};

async fn check(group: Group, name: &str, scale: f64) {
    let experiments = experiments(group);
    let experiment = experiments.iter().find(|experiment| experiment.name() == name);
    experiment.expect("the experiment exists").check(&RunConfig::new(1, scale)).await;
}

/// [`check`], skipped without PostgreSQL.
async fn check_with_postgres(group: Group, name: &str, scale: f64) {
    if Postgres::shared().await.is_some() {
        check(group, name, scale).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_stock_adjustments_add_up_on_sqlite() {
    check(Group::Catalogue, "stock", 0.2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_stock_adjustments_add_up_on_postgres() {
    check_with_postgres(Group::Catalogue, "stock-postgres", 0.2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn racing_documents_never_change_stock_on_sqlite() {
    check(Group::Catalogue, "ledger", 0.002).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn racing_documents_never_change_stock_on_postgres() {
    check_with_postgres(Group::Catalogue, "ledger-postgres", 0.002).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn undone_import_leaves_the_edits_of_others_on_sqlite() {
    check(Group::Catalogue, "undo", 0.04).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn undone_import_leaves_the_edits_of_others_on_postgres() {
    check_with_postgres(Group::Catalogue, "undo-postgres", 0.04).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn feed_is_complete_and_in_order() {
    check_with_postgres(Group::Catalogue, "feed", 0.005).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cancelled_calls_leave_no_open_transaction() {
    check_with_postgres(Group::Catalogue, "cancel", 0.05).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_catalogue_loses_and_repeats_no_write_on_sqlite() {
    check(Group::Catalogue, "kill", 0.02).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_catalogue_loses_and_repeats_no_write_on_postgres() {
    check_with_postgres(Group::Catalogue, "kill-postgres", 0.02).await;
}

/// It needs the specification of the host.
#[tokio::test(flavor = "multi_thread")]
async fn killed_push_and_host_converge_to_the_catalogue() {
    if acp_schema().is_none() {
        eprintln!("skipped: the specification of ACP is not beside the checkout");
        return;
    }
    check(Group::Feeds, "push", 0.02).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lost_file_acknowledges_no_write() {
    check(Group::Files, "deleted", 0.1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rotten_rows_are_refused_alone() {
    check(Group::Files, "rows", 0.05).await;
}

/// Whether this process may mount a file system: it has CAP_SYS_ADMIN.
fn can_mount() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let capabilities = status.lines().find_map(|line| line.strip_prefix("CapEff:"));
    let bits = capabilities.and_then(|bits| u64::from_str_radix(bits.trim(), 16).ok());
    bits.is_some_and(|bits| bits >> 21 & 1 == 1)
}

/// It needs a small file system.
#[tokio::test(flavor = "multi_thread")]
async fn full_disk_loses_no_write() {
    if can_mount() {
        check(Group::Files, "full", 0.1).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn contention_on_sqlite_locks_no_call_out() {
    check(Group::Catalogue, "contention", 0.05).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn restart_of_postgres_causes_errors_only_meanwhile() {
    check_with_postgres(Group::Catalogue, "restart", 0.1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cached_reads_are_within_the_staleness_bound_on_sqlite() {
    check(Group::Catalogue, "reads", 0.002).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cached_reads_are_within_the_staleness_bound_on_postgres() {
    check_with_postgres(Group::Catalogue, "reads-postgres", 0.002).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_import_resumes() {
    check_with_postgres(Group::Catalogue, "import", 0.02).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_of_generated_files_are_counted_once() {
    check(Group::Catalogue, "import-files", 0.002).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_search_converges_to_the_catalogue() {
    check(Group::Search, "kill", 0.04).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn index_is_rebuilt_under_load() {
    check(Group::Search, "rebuild", 0.03).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_rebuild_leaves_a_complete_index() {
    check(Group::Search, "rebuild-kill", 0.1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn damaged_index_is_filled_again() {
    check(Group::Search, "damage", 0.025).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn replicas_of_search_agree() {
    check(Group::Search, "replicas", 0.1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn random_queries_cause_no_failure() {
    check(Group::Search, "queries", 0.05).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn stopped_catalogue_ends_streams_in_order() {
    check(Group::Server, "leave", 0.1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn readers_of_events_get_each_change() {
    check(Group::Server, "readers", 0.012).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn statements_of_cancelled_calls_are_cancelled() {
    check_with_postgres(Group::Server, "hang-up", 0.05).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_at_their_maximum_age_close_in_order() {
    check(Group::Server, "age", 0.1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rolling_restart_fails_no_call() {
    check_with_postgres(Group::Server, "rolling", 0.1).await;
}
