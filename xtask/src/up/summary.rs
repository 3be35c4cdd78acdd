//! Prints the addresses of a running system, and example commands.

use super::{
    plan::{Plan, program_of},
    state::ServiceState,
};
use crate::{http, term};

/// A line of the table: the name of a part of the run, and its address.
pub(crate) type Row = (String, String);

/// Shows the addresses of a run, and the places of its files.
pub(crate) fn show(plan: &Plan, services: &[Row], logs: &str, products: u64) {
    let url = plan.url();
    let ports = plan.ports;
    let row = |name: &str, what: String| term::line(&format!("  {name:<12} {what}"));
    term::line("");
    term::line(&term::bold("All services are ready."));
    row("storefront", format!("{url}/"));
    row("operations", format!("{url}/ops"));
    row("JSON", format!("{url}/v1/products"));
    row("gRPC", format!("127.0.0.1:{} (catalogue.v1, search.v1)", ports.gateway));
    row("gateway", format!("admin http://127.0.0.1:{}/readyz", ports.gateway_admin));
    for (name, what) in services {
        row(name, what.clone());
    }
    let secret = plan.run_dir.dir.join("service.secret");
    let create = "key create --name admin --scope admin:keys --scope write:products";
    let access = if plan.in_containers {
        "everyone on this machine may write, unless started with ACCESS=keys; a key:"
    } else {
        "until a key exists everyone on this machine may write; the first one:"
    };
    row("access", access.to_owned());
    row(
        "",
        term::dim(&format!("{} --key \"$(cat {})\" {create}", catctl(plan), term::path(&secret))),
    );
    row("data", plan.run_dir.dir.display().to_string());
    row("logs", logs.to_owned());
    term::line("");
    term::line(&term::bold("Five things to try"));
    let sample = Sample::of(plan).filter(|_| products > 0).unwrap_or_default();
    for (index, (command, what)) in examples(plan, &sample).iter().enumerate() {
        term::line(&format!("  {}  {command}", index + 1));
        term::line(&term::dim(&format!("     {what}")));
    }
    term::line("");
    term::line(&if plan.detach {
        format!("It runs in the background; `{}` stops it.", plan.run_dir.command("down"))
    } else {
        "Ctrl+C stops everything; events of services are shown here.".to_owned()
    });
}

/// The rows of services that run as processes, and the place of their logs.
pub(crate) fn of_processes(plan: &Plan, services: &[ServiceState]) -> (Vec<Row>, String) {
    let address = |service: &ServiceState| {
        let ServiceState { name, listen, admin, .. } = service;
        match program_of(name) {
            "gateway" => None,
            "postgres" => Some(format!("127.0.0.1:{listen}")),
            "consul" => Some(format!("http://127.0.0.1:{listen}/ui/")),
            _ => Some(service_address(*listen, *admin)),
        }
    };
    let rows =
        services.iter().filter_map(|service| Some((service.name.clone(), address(service)?)));
    let command = term::dim(&plan.run_dir.command("logs -f"));
    (rows.collect(), format!("{}   {command}", plan.run_dir.dir.join("logs").display()))
}

/// Where a service of the back is.
pub(crate) fn service_address(listen: u16, admin: u16) -> String {
    format!("gRPC 127.0.0.1:{listen}   admin http://127.0.0.1:{admin}/readyz")
}

/// Commands and addresses to try, and descriptions of them.
fn examples(plan: &Plan, sample: &Sample) -> [(String, String); 5] {
    let url = plan.url();
    let catctl = catctl(plan);
    let Sample { id, word } = sample;
    [
        (format!("{url}/"), "the storefront, in a browser; type in the search box".to_owned()),
        (format!("curl -s '{url}/v1/search?q={word}&pageSize=3'"), "search, as JSON".to_owned()),
        (format!("{catctl} search {word}"), "search, from the command line".to_owned()),
        (
            format!("{catctl} stock {id} +5"),
            format!("the stock on {url}/p/{id}, open in a browser, changes immediately"),
        ),
        (
            format!("{catctl} watch"),
            "changes as they happen; change a stock in another terminal".to_owned(),
        ),
    ]
}

/// The `catctl` command line for this run.
fn catctl(plan: &Plan) -> String {
    let file = term::path(&plan.bin_dir.join("catctl"));
    if plan.ports.gateway == super::Ports::default().gateway {
        file
    } else {
        format!("{file} --server {}", plan.url())
    }
}

/// An existing product for the examples.
struct Sample {
    id: String,
    word: String,
}

impl Default for Sample {
    fn default() -> Self {
        Self { id: "PRODUCT_ID".to_owned(), word: "lamp".to_owned() }
    }
}

impl Sample {
    fn of(plan: &Plan) -> Option<Self> {
        let page = http::get_json(plan.ports.gateway, "/v1/products?pageSize=1").ok()?;
        let product = page["products"].get(0)?;
        let plain = |id: &str| term::quoted(id) == id && !id.contains('/');
        let id = product["id"].as_str().filter(|id| plain(id))?.to_owned();
        let name = product["name"].as_str()?;
        Some(Self { id, word: longest_word(name).unwrap_or(Self::default().word) })
    }
}

/// The longest word of a name, in ASCII letters, which need no quoting in URLs and shells.
fn longest_word(name: &str) -> Option<String> {
    name.split(|c: char| !c.is_ascii_alphabetic())
        .filter(|word| word.len() > 2)
        .max_by_key(|word| word.len())
        .map(str::to_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_searches_for_the_longest_word() {
        assert_eq!(longest_word("Balloon Whisk 29 cm").as_deref(), Some("balloon"));
        assert_eq!(longest_word("Ω 3"), None);
    }
}
