//! Policies of the manifests: properties of every workload of the project, in every overlay.

use serde_json::{Value, json};

/// Seconds between the end of draining and the kill, for writes that remain.
const MARGIN: i64 = 5;

/// Violations of policies in these objects, each with the name of its workload.
pub(crate) fn violations(objects: &[Value]) -> Vec<String> {
    let mut found = Vec::new();
    for workload in objects.iter().filter(|object| object["spec"]["template"].is_object()) {
        let name = format!("{} {}", text(&workload["kind"]), text(&workload["metadata"]["name"]));
        let mut violated = |what: &str| found.push(format!("{name}: {what}"));
        check_pod(&workload["spec"]["template"]["spec"], &mut violated);
        if workload["kind"] != "Job" {
            check_service(workload, objects, &mut violated);
        }
    }
    for namespace in objects.iter().filter(|object| object["kind"] == "Namespace") {
        let label = "pod-security.kubernetes.io/enforce";
        if namespace["metadata"]["labels"][label] != "restricted" {
            found.push("Namespace: pod security is not enforced as restricted".to_owned());
        }
    }
    found
}

/// The restricted pod security standard, resources and images: of jobs as well.
fn check_pod(pod: &Value, violated: &mut impl FnMut(&str)) {
    let security = &pod["securityContext"];
    if security["runAsNonRoot"] != true || security["runAsUser"] != 65532 {
        violated("must run as non-root 65532");
    }
    if security["seccompProfile"]["type"] != "RuntimeDefault" {
        violated("must have the runtime's seccomp profile");
    }
    if pod["automountServiceAccountToken"] != false {
        violated("must not have a token of the cluster's API");
    }
    for container in list(&pod["containers"]) {
        let security = &container["securityContext"];
        if security["readOnlyRootFilesystem"] != true {
            violated("must have a read-only root file system");
        }
        if security["allowPrivilegeEscalation"] != false {
            violated("must not gain privileges");
        }
        if security["capabilities"] != json!({ "drop": ["ALL"] }) {
            violated("must drop all capabilities");
        }
        let resources = &container["resources"];
        for (kind, name) in [("requests", "cpu"), ("requests", "memory"), ("limits", "memory")] {
            if !resources[kind][name].is_string() {
                violated(&format!("has no {kind}.{name}"));
            }
        }
        let tag = text(&container["image"]).rsplit_once(':').map(|(_, tag)| tag);
        if tag.is_none_or(|tag| tag == "latest") {
            violated("the image has no version");
        }
    }
}

/// Checks that a service keeps answering: probes, an orderly stop, a budget, policies of the network.
fn check_service(workload: &Value, objects: &[Value], violated: &mut impl FnMut(&str)) {
    let template = &workload["spec"]["template"];
    let container = &template["spec"]["containers"][0];
    let path = |probe: &str| text(&container[probe]["httpGet"]["path"]).to_owned();
    // A dependency that is away takes a pod out of the rotation, and restarts none.
    for (probe, expected) in
        [("startupProbe", "/livez"), ("livenessProbe", "/livez"), ("readinessProbe", "/readyz")]
    {
        if path(probe) != expected {
            violated(&format!("{probe} must ask {expected}"));
        }
    }
    let env = |name: &str| {
        let variables = list(&container["env"]);
        let value = variables.iter().find(|it| it["name"] == name).map(|it| text(&it["value"]));
        value.and_then(|value| value.parse::<i64>().ok()).unwrap_or_default()
    };
    let grace = template["spec"]["terminationGracePeriodSeconds"].as_i64().unwrap_or_default();
    if env("DRAIN_WAIT") == 0 || grace < env("DRAIN_WAIT") + env("DRAIN_TIMEOUT") + MARGIN {
        violated("terminationGracePeriodSeconds must exceed DRAIN_WAIT and DRAIN_TIMEOUT");
    }
    let labels = &template["metadata"]["labels"];
    let selects = |kind: &str, field: &str| {
        let selecting = objects.iter().filter(|object| object["kind"] == kind);
        let mut selectors = selecting.map(|object| &object["spec"][field]["matchLabels"]);
        selectors.any(|selector| includes(labels, selector))
    };
    if !selects("PodDisruptionBudget", "selector") {
        violated("has no PodDisruptionBudget");
    }
    if !selects("NetworkPolicy", "podSelector") {
        violated("has no NetworkPolicy");
    }
    check_scale(workload, objects, violated);
    check_targets(container, objects, violated);
}

/// Replicas are replaced without one missing, and their number is left to the autoscaler.
fn check_scale(workload: &Value, objects: &[Value], violated: &mut impl FnMut(&str)) {
    let name = &workload["metadata"]["name"];
    let scales = |object: &&Value| {
        object["kind"] == "HorizontalPodAutoscaler"
            && object["spec"]["scaleTargetRef"]["name"] == *name
            && object["spec"]["scaleTargetRef"]["kind"] == workload["kind"]
    };
    let Some(autoscaler) = objects.iter().find(scales) else {
        if workload["spec"]["replicas"].as_i64().unwrap_or(1) > 1 {
            violated("several replicas need an autoscaler");
        }
        return;
    };
    if autoscaler["spec"]["minReplicas"].as_i64().unwrap_or(1) < 2 {
        violated("minReplicas must be 2 or more");
    }
    if workload["spec"]["replicas"].is_number() {
        violated("a fixed number of replicas fights the autoscaler");
    }
    let unavailable = &workload["spec"]["strategy"]["rollingUpdate"]["maxUnavailable"];
    if workload["kind"] == "Deployment" && *unavailable != 0 {
        violated("maxUnavailable must be 0");
    }
}

/// `dns://` targets are headless services with that port, so that callers see every replica.
fn check_targets(container: &Value, objects: &[Value], violated: &mut impl FnMut(&str)) {
    let values = list(&container["env"]).iter().map(|variable| text(&variable["value"]));
    for target in values.filter_map(|value| value.strip_prefix("dns://")) {
        let (name, port) = target.split_once(':').unwrap_or((target, ""));
        let is_target = |object: &&Value| {
            let ports = list(&object["spec"]["ports"]);
            object["kind"] == "Service"
                && object["metadata"]["name"] == name
                && object["spec"]["clusterIP"] == "None"
                && ports.iter().any(|it| it["port"].as_u64() == port.parse().ok())
        };
        if !objects.iter().any(|object| is_target(&object)) {
            violated(&format!("dns://{target} is no headless service"));
        }
    }
}

fn includes(labels: &Value, selector: &Value) -> bool {
    let selector = selector.as_object();
    selector
        .is_some_and(|all| !all.is_empty() && all.iter().all(|(key, value)| labels[key] == *value))
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
