//! Imports as operations: reports, lists, cancellation.

use proto::catalogue::v1::{
    CancelImportRequest, GetImportRequest, Import, ImportReport, ListImportsRequest,
    ReportImportRequest, RowDiff, import::State,
};
use tonic::{Code, Status};

use crate::{
    import::{import_with, row},
    support::{Catalogue, assert_refused, product},
    undo::{spring, undo},
};

fn report(id: &str, state: State, rows: i64) -> ReportImportRequest {
    let report = ImportReport {
        file_name: "list.csv".to_owned(),
        rows,
        map: "id = \"ArtNr\"".to_owned(),
        diffs: vec![RowDiff { line: 1, ..RowDiff::default() }],
        ..ImportReport::default()
    };
    ReportImportRequest {
        import_id: id.to_owned(),
        state: state.into(),
        actor: "ada".to_owned(),
        report: Some(report),
        begin: false,
    }
}

async fn send(catalogue: &Catalogue, request: ReportImportRequest) -> Result<Import, Status> {
    Ok(catalogue.transfer().report_import(request).await?.into_inner())
}

async fn get(catalogue: &Catalogue, id: &str) -> Result<Import, Status> {
    let request = GetImportRequest { import_id: id.to_owned() };
    Ok(catalogue.transfer().get_import(request).await?.into_inner())
}

async fn cancel(catalogue: &Catalogue, id: &str) -> Result<Import, Status> {
    let request = CancelImportRequest { import_id: id.to_owned() };
    Ok(catalogue.transfer().cancel_import(request).await?.into_inner())
}

fn rows(import: &Import) -> i64 {
    import.report.as_ref().unwrap().rows
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_is_as_its_gateway_reports_it() {
    let catalogue = Catalogue::start().await;
    let begin = ReportImportRequest { begin: true, ..report("list", State::Queued, 0) };
    let begun = send(&catalogue, begin.clone()).await.unwrap();
    assert_eq!((begun.id.as_str(), begun.actor.as_str()), ("list", "ada"));
    assert_eq!(begun.state(), State::Queued);
    // Its response may have been lost.
    send(&catalogue, begin.clone()).await.unwrap();
    let other = ReportImportRequest { begin: true, ..report("list", State::Queued, 3) };
    let error = send(&catalogue, other).await;
    assert_refused(error, Code::AlreadyExists, "IMPORT_EXISTS");

    let running = send(&catalogue, report("list", State::Running, 5)).await.unwrap();
    assert_eq!((running.state(), rows(&running)), (State::Running, 5));
    assert_eq!(get(&catalogue, "list").await.unwrap(), running);
    send(&catalogue, report("list", State::Succeeded, 9)).await.unwrap();
    // A late report does not bring it back.
    let late = send(&catalogue, report("list", State::Running, 7)).await.unwrap();
    assert_eq!((late.state(), rows(&late)), (State::Succeeded, 9));

    let unknown = get(&catalogue, "other").await;
    assert_refused(unknown, Code::NotFound, "IMPORT_NOT_FOUND");
    for wrong in ["", "../list", "a/b"] {
        assert_eq!(get(&catalogue, wrong).await.unwrap_err().code(), Code::InvalidArgument);
    }
    let stateless = ReportImportRequest { state: 0, ..report("list", State::Queued, 0) };
    assert_eq!(send(&catalogue, stateless).await.unwrap_err().code(), Code::InvalidArgument);
}

#[tokio::test(flavor = "multi_thread")]
async fn cancelling_is_for_imports_that_run() {
    let catalogue = Catalogue::start().await;
    send(&catalogue, report("list", State::Running, 5)).await.unwrap();
    let cancelled = cancel(&catalogue, "list").await.unwrap();
    assert!(cancelled.cancel_time.is_some());
    assert_eq!(cancelled.state(), State::Running, "its gateway ends it");
    // The first time stays, and the next report says so.
    assert_eq!(cancel(&catalogue, "list").await.unwrap().cancel_time, cancelled.cancel_time);
    let next = send(&catalogue, report("list", State::Running, 6)).await.unwrap();
    assert_eq!(next.cancel_time, cancelled.cancel_time);
    let ended = send(&catalogue, report("list", State::Cancelled, 6)).await.unwrap();
    assert_eq!(ended.state(), State::Cancelled);

    send(&catalogue, report("done", State::Succeeded, 1)).await.unwrap();
    assert_eq!(cancel(&catalogue, "done").await.unwrap().cancel_time, None);
    let unknown = cancel(&catalogue, "other").await;
    assert_refused(unknown, Code::NotFound, "IMPORT_NOT_FOUND");
}

#[tokio::test(flavor = "multi_thread")]
async fn imports_are_listed_newest_first_in_short_and_page_by_page() {
    let catalogue = Catalogue::start().await;
    import_with(&catalogue, vec![row(1, product("mug"))], spring()).await.unwrap();
    undo(&catalogue).await;
    for id in ["a", "b", "c"] {
        send(&catalogue, report(id, State::Running, 1)).await.unwrap();
    }
    let (mut listed, mut page_token) = (Vec::new(), String::new());
    loop {
        let request = ListImportsRequest { page_size: 3, page_token };
        let page = catalogue.transfer().list_imports(request).await.unwrap().into_inner();
        listed.extend(page.imports);
        page_token = page.next_page_token;
        if page_token.is_empty() {
            break;
        }
    }
    let ids: Vec<&str> = listed.iter().map(|import| import.id.as_str()).collect();
    assert_eq!(ids, ["c", "b", "a", "spring"]);
    let short = listed[0].report.as_ref().unwrap();
    assert_eq!(
        (short.file_name.as_str(), short.diffs.len(), short.map.as_str()),
        ("list.csv", 0, "")
    );
    // Rows that came by another client have no report.
    assert!(listed[3].undo_time.is_some() && listed[3].report.is_none());
    assert_eq!(listed[3].state(), State::Unspecified);
    let forged = ListImportsRequest { page_size: 3, page_token: "forged".to_owned() };
    let error = catalogue.transfer().list_imports(forged).await.unwrap_err();
    assert_eq!(error.code(), Code::InvalidArgument);
}
