//! Memory of processes above that when they are idle.

use std::fs;

use anyhow::Result;
use testkit::{Figure, Fleet, HttpClient, Service, peak_bytes};

use super::shop::{NOTHING_QUERY, SHOP_QUERY};

const SERVICES: [(Service, &str); 2] =
    [(Service::Catalogue, "catalogue"), (Service::Gateway, "gateway")];
const MEGABYTE: f64 = 1_048_576.0;

/// Memory of idle processes, in bytes.
pub(super) struct Memory {
    services: [u64; 2],
    /// The peak of a `catctl` that exports nothing.
    pub(super) catctl: u64,
}

impl Memory {
    /// Measures idle services after an export of nothing, which loads their code. `catctl` is the peak of the one that
    /// asked for it.
    pub(super) async fn idle(fleet: &mut Fleet, catctl: u64) -> Result<Self> {
        let nothing = format!("/v1/exports?as=google-merchant&format=xml&{SHOP_QUERY}");
        let nothing = format!("{nothing}&filter={NOTHING_QUERY}");
        HttpClient::new(fleet.url("")).get(&nothing).await?;
        let services = SERVICES.map(|(service, _)| fleet.process(service).resident_bytes());
        let [catalogue, gateway] = services.map(|bytes| bytes as f64 / MEGABYTE);
        println!(
            "idle: catctl {:.1} MB, catalogue {catalogue:.1} MB, gateway {gateway:.1} MB",
            catctl as f64 / MEGABYTE
        );
        let memory = Self { services, catctl };
        Self::reset(fleet);
        Ok(memory)
    }

    /// The peaks of the services since the last call, above idle.
    pub(super) fn figures(&self, fleet: &mut Fleet, file: &str, bound: f64) -> Result<Vec<Figure>> {
        let mut figures = Vec::new();
        for ((service, name), idle) in SERVICES.into_iter().zip(self.services) {
            let peak = peak_bytes(fleet.process(service).id())?;
            let above = megabytes_above(peak, idle);
            figures.push(Figure::at_most(format!("{file}: {name}, MB above idle"), above, bound));
        }
        Self::reset(fleet);
        Ok(figures)
    }

    /// Forgets the peaks so far (proc(5), `clear_refs`). Where that is not permitted, they stay.
    fn reset(fleet: &mut Fleet) {
        for (service, _) in SERVICES {
            let id = fleet.process(service).id();
            if let Err(error) = fs::write(format!("/proc/{id}/clear_refs"), "5") {
                println!("the peak of {service:?} stays: {error}");
            }
        }
    }
}

pub(super) fn megabytes_above(peak: u64, idle: u64) -> f64 {
    peak.saturating_sub(idle) as f64 / MEGABYTE
}
