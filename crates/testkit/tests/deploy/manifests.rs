//! The manifests of each overlay, as `kubectl kustomize` renders them.

use std::path::Path;

use serde_json::{Value, json};
use testkit::{kubernetes, repository, run};

use crate::policy::violations;

/// Overlays that run the services.
const OVERLAYS: [&str; 2] = ["development", "production"];
const MIGRATION: &str = "production/migrate";

/// The objects of an overlay, checked against Kubernetes' schemas.
async fn render(programs: &Path, overlay: &str) -> Vec<Value> {
    let dir = repository().join("deploy/kubernetes/overlays").join(overlay);
    let kubectl = programs.join("kubectl");
    let rendered = run(kubectl.clone(), [Path::new("kustomize"), &dir]).await;
    assert_eq!(rendered.code, Some(0), "{overlay}: {}", rendered.err);
    let file = tempfile::NamedTempFile::with_suffix(".yaml").unwrap();
    std::fs::write(file.path(), &rendered.out).unwrap();
    let name = file.path().to_str().unwrap();
    let valid = run(programs.join("kubernetes-validate"), ["--strict", name]).await;
    assert_eq!(valid.code, Some(0), "{overlay}: {}{}", valid.out, valid.err);
    // Only kubectl reads YAML here; an annotation is a change that it makes without a cluster.
    let arguments = ["annotate", "--local", "-o", "json", "rendered=yes", "-f", name];
    let objects = run(kubectl, arguments).await;
    assert_eq!(objects.code, Some(0), "{overlay}: {}", objects.err);
    let objects = serde_json::Deserializer::from_str(&objects.out).into_iter();
    objects.collect::<Result<_, _>>().unwrap()
}

#[tokio::test]
async fn overlays_are_valid_and_keep_all_policies() {
    let Some(programs) = kubernetes() else { return };
    for overlay in OVERLAYS {
        let objects = render(&programs, overlay).await;
        assert!(objects.len() > 15, "{overlay}: {}", objects.len());
        assert_eq!(violations(&objects), [] as [&str; 0], "{overlay}");
    }
}

#[tokio::test]
async fn migration_runs_the_image_of_the_rollout_which_does_not_migrate() {
    let Some(programs) = kubernetes() else { return };
    let (job, overlay) =
        (render(&programs, MIGRATION).await, render(&programs, "production").await);
    let [job] = job.as_slice() else { panic!("{job:#?}") };
    assert_eq!(violations(std::slice::from_ref(job)), [] as [&str; 0]);
    let container = |object: &Value| object["spec"]["template"]["spec"]["containers"][0].clone();
    let is_catalogue = |object: &&Value| {
        object["kind"] == "Deployment" && object["metadata"]["name"] == "catalogue"
    };
    let catalogue = container(overlay.iter().find(is_catalogue).unwrap());
    let migrate = container(job);
    assert_eq!(migrate["image"], catalogue["image"]);
    assert_eq!(migrate["args"], json!(["migrate", "up"]));
    let env = catalogue["env"].as_array().unwrap();
    assert!(env.contains(&json!({ "name": "NO_MIGRATE", "value": "true" })), "{env:#?}");
    let url = |container: &Value| {
        let env = container["env"].as_array().unwrap().clone();
        env.into_iter().find(|variable| variable["name"] == "DATABASE_URL").unwrap()
    };
    assert_eq!(url(&migrate), url(&catalogue));
}

#[tokio::test]
async fn embedded_products_lie_on_a_claim_of_one_pod() {
    let Some(programs) = kubernetes() else { return };
    let objects = render(&programs, "development").await;
    let catalogue = objects.iter().find(|object| object["kind"] == "Deployment").unwrap();
    assert_eq!(catalogue["spec"]["replicas"], 1);
    assert_eq!(catalogue["spec"]["strategy"], json!({ "type": "Recreate" }));
    let volumes = catalogue["spec"]["template"]["spec"]["volumes"].as_array().unwrap();
    let data =
        json!({ "name": "data", "persistentVolumeClaim": { "claimName": "catalogue-data" } });
    assert!(volumes.contains(&data), "{volumes:#?}");
}

#[tokio::test]
async fn planted_mistakes_are_found() {
    let Some(programs) = kubernetes() else { return };
    let objects = render(&programs, "production").await;
    let pod = "/spec/template/spec";
    let container = format!("{pod}/containers/0");
    for (pointer, mistake, expected) in [
        (format!("{container}/livenessProbe"), Value::Null, "livenessProbe"),
        (format!("{container}/readinessProbe/httpGet/path"), json!("/livez"), "readinessProbe"),
        (format!("{container}/resources/limits"), json!({}), "limits.memory"),
        (format!("{container}/securityContext/readOnlyRootFilesystem"), json!(false), "read-only"),
        (format!("{container}/securityContext/capabilities"), json!({}), "capabilities"),
        (format!("{container}/image"), json!("catalogue:latest"), "image"),
        (format!("{pod}/securityContext/runAsNonRoot"), json!(false), "non-root"),
        (
            format!("{pod}/terminationGracePeriodSeconds"),
            json!(30),
            "terminationGracePeriodSeconds",
        ),
        ("/metadata/labels".to_owned(), json!({}), "PodDisruptionBudget"),
    ] {
        let mut broken = objects.clone();
        let catalogue = broken.iter_mut().find(|object| object["kind"] == "Deployment").unwrap();
        // Labels of the pod, too, or budgets and policies still select it.
        if pointer == "/metadata/labels" {
            catalogue["spec"]["template"]["metadata"]["labels"] = json!({});
        }
        *catalogue.pointer_mut(&pointer).unwrap() = mistake;
        let found = violations(&broken);
        assert!(found.iter().any(|text| text.contains(expected)), "{pointer}: {found:?}");
    }
}

#[test]
fn rules_for_the_operator_are_those_of_prometheus() {
    let dir = repository().join("deploy/kubernetes/components/monitoring");
    let made = tempfile::NamedTempFile::new().unwrap();
    let script = std::process::Command::new(dir.join("rules.sh")).arg(made.path()).status();
    assert!(script.unwrap().success());
    let read = |path: &Path| std::fs::read_to_string(path).unwrap();
    let current = read(made.path()) == read(&dir.join("rules.yaml"));
    assert!(current, "rules.yaml is out of date; run {}", dir.join("rules.sh").display());
}
