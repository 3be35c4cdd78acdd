//! One pod of each workload of the development overlay, run by `podman kube play`.

use std::{fs, time::Duration};

use anyhow::Context as _;
use serde_json::{Value, json};
use testkit::{Figure, program, repository, until_within};

use super::{command::Command, machine::SERVICES, programs, provide};
use crate::RunConfig;

const TAG: &str = "chaos";
const TIMEOUT: Duration = Duration::from_secs(60);

pub(super) async fn run(_: &RunConfig) -> anyhow::Result<Vec<Figure>> {
    let dir = tempfile::tempdir()?;
    let prebuilt = programs()?.display().to_string();
    let image = ["image", "--prebuilt", &prebuilt, "--tag", TAG];
    Command::new(program("xtask")).args(image).succeed().await?;
    let overlay = repository().join("deploy/kubernetes/overlays/development").display().to_string();
    let kubectl = provide("kubernetes")?.join("kubectl");
    let rendered = Command::new(&kubectl).args(["kustomize", &overlay]).succeed().await?;
    let file = dir.path().join("overlay.yaml");
    fs::write(&file, rendered)?;
    let annotate = ["annotate", "--local", "-o", "json", "rendered=yes", "-f"];
    let objects = Command::new(&kubectl).args(annotate).args([&file]).succeed().await?;
    let objects: Vec<Value> =
        serde_json::Deserializer::from_str(&objects).into_iter().collect::<Result<_, _>>()?;

    let name = format!("pods-{}", std::process::id());
    let pods: Vec<_> = objects.iter().filter_map(|object| pod(object, &name)).collect();
    let secret = json!({
        "apiVersion": "v1", "kind": "Secret", "metadata": { "name": "service-secret" },
        // 0123456789abcdef, twice.
        "data": { "service.secret": "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=" },
    });
    let documents: Vec<_> = [secret].iter().chain(&pods).map(Value::to_string).collect();
    fs::write(&file, documents.join("\n---\n"))?;
    let played = Played { file: file.display().to_string(), network: name };
    played.start().await?;
    let ready = until_within(TIMEOUT, "all pods are ready", async || {
        let mut ready = 0;
        for service in SERVICES {
            let health = format!("/usr/local/bin/{service}");
            let exec = ["exec", &format!("{service}-{service}"), &health, "health"];
            let healthy = podman(&exec).output().await;
            ready += usize::from(healthy.is_ok_and(|(success, ..)| success));
        }
        (ready == SERVICES.len()).then_some(ready)
    })
    .await;
    let mut restricted = 0;
    for service in SERVICES {
        let format = "{{.HostConfig.ReadonlyRootfs}} {{.Config.User}} {{.EffectiveCaps}}";
        let inspect = ["inspect", &format!("{service}-{service}"), "--format", format];
        let state = podman(&inspect).succeed().await?;
        restricted += usize::from(state.trim() == "true 65532:65532 []");
    }
    played.stop().await?;
    Ok(vec![
        Figure::exactly("pods of the overlay", pods.len(), SERVICES.len()),
        Figure::exactly("ready", ready, SERVICES.len()),
        Figure::exactly("read-only, as 65532, without capabilities", restricted, SERVICES.len()),
    ])
}

/// The pod of a workload. Without its probes, for which podman would run curl in the container, and with a claim for
/// each template of one.
fn pod(workload: &Value, name: &str) -> Option<Value> {
    let template = workload["spec"].get("template")?;
    let mut spec = template["spec"].clone();
    let container = spec["containers"][0].as_object_mut()?;
    container.retain(|field, _| !field.ends_with("Probe"));
    let image = container["image"].as_str()?.rsplit_once(':')?.0.to_owned();
    container.insert("image".to_owned(), json!(format!("{image}:{TAG}")));
    let templates = workload["spec"]["volumeClaimTemplates"].as_array().into_iter().flatten();
    let claims = templates.map(|claim| claim["metadata"]["name"].clone()).collect::<Vec<_>>();
    let volumes = spec["volumes"].as_array_mut()?;
    volumes.extend(
        claims
            .iter()
            .map(|claim| json!({ "name": claim, "persistentVolumeClaim": { "claimName": name } })),
    );
    Some(json!({
        "apiVersion": "v1", "kind": "Pod",
        "metadata": { "name": workload["metadata"]["name"], "labels": template["metadata"]["labels"] },
        "spec": spec,
    }))
}

/// Pods on a network of their own.
struct Played {
    file: String,
    network: String,
}

impl Played {
    async fn start(&self) -> anyhow::Result<()> {
        podman(&["network", "create", &self.network]).succeed().await?;
        let play = ["kube", "play", "--network", &self.network, &self.file];
        podman(&play).succeed().await.map(drop).context("podman kube play")
    }

    async fn stop(&self) -> anyhow::Result<()> {
        podman(&["kube", "down", &self.file]).succeed().await?;
        // Volumes of claims and secrets stay otherwise.
        for volume in [&self.network, "catalogue-data", "service-secret"] {
            podman(&["volume", "rm", "--force", volume]).succeed().await?;
        }
        podman(&["secret", "rm", "service-secret"]).succeed().await?;
        podman(&["network", "rm", &self.network]).succeed().await.map(drop)
    }
}

fn podman(arguments: &[&str]) -> Command {
    Command::new("podman").args(arguments)
}
