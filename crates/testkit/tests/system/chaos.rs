//! The experiments of `cargo xtask chaos`, small.

use testkit::{
    Experiment, Postgres, Setting, catalogue_experiments, search_experiments, server_experiments,
};

async fn holds(name: &str, scale: f64) {
    // Where there is no PostgreSQL it is said aloud, or fails in CI; what needs none runs anyway.
    let needs_postgres = !matches!(name, "stock" | "kill" | "contention" | "reads");
    if needs_postgres && Postgres::shared().await.is_none() {
        return;
    }
    check(catalogue_experiments(), name, scale).await;
}

async fn check(experiments: Vec<Experiment>, name: &str, scale: f64) {
    let experiment = experiments.iter().find(|experiment| experiment.name() == name);
    experiment.expect("there is one of that name").check(&Setting::new(1, scale)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn racing_stock_adds_up_on_sqlite() {
    holds("stock", 0.2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn racing_stock_adds_up_on_postgres() {
    holds("stock-postgres", 0.2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_feed_loses_nothing_and_keeps_its_order() {
    holds("feed", 0.005).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cancelled_calls_poison_nothing() {
    holds("cancel", 0.05).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_catalogue_loses_and_doubles_nothing_on_sqlite() {
    holds("kill", 0.02).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_catalogue_loses_and_doubles_nothing_on_postgres() {
    holds("kill-postgres", 0.02).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sqlite_locks_nobody_out() {
    holds("contention", 0.05).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restarted_database_costs_errors_only_meanwhile() {
    holds("restart", 0.1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cached_reads_are_as_new_as_promised_on_sqlite() {
    holds("reads", 0.002).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cached_reads_are_as_new_as_promised_on_postgres() {
    holds("reads-postgres", 0.002).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_killed_half_way_is_taken_up_again() {
    holds("import", 0.02).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_search_equals_the_catalogue_again() {
    check(search_experiments(), "kill", 0.04).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_index_is_rebuilt_under_queries() {
    check(search_experiments(), "rebuild", 0.03).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rebuild_that_is_killed_leaves_a_whole_index() {
    check(search_experiments(), "rebuild-kill", 0.1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_index_is_filled_again() {
    check(search_experiments(), "damage", 0.025).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn queries_that_nobody_means_break_nothing() {
    check(search_experiments(), "queries", 0.05).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopped_catalogue_leaves_in_order() {
    check(server_experiments(), "leave", 0.1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn work_ends_with_the_call_it_is_for() {
    if Postgres::shared().await.is_some() {
        check(server_experiments(), "hang-up", 0.05).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_of_age_end_in_order() {
    check(server_experiments(), "age", 0.1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn replicas_are_restarted_unnoticed() {
    if Postgres::shared().await.is_some() {
        check(server_experiments(), "rolling", 0.1).await;
    }
}
