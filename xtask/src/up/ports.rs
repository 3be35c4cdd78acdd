//! The ports of a run.

use anyhow::{Result, bail};
use serde::{Deserialize, Serialize};

use crate::machine;

/// A run's ports, all on the loopback interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Ports {
    pub(crate) gateway: u16,
    pub(crate) catalogue: u16,
    pub(crate) search: u16,
    pub(crate) gateway_admin: u16,
    pub(crate) catalogue_admin: u16,
    pub(crate) search_admin: u16,
}

impl Default for Ports {
    fn default() -> Self {
        Self {
            gateway: 8080,
            catalogue: 50051,
            search: 50052,
            gateway_admin: 9100,
            catalogue_admin: 9101,
            search_admin: 9102,
        }
    }
}

impl Ports {
    /// Six consecutive ports. The base is at most 65,530.
    pub(crate) fn from_base(base: u16) -> Self {
        Self {
            gateway: base,
            catalogue: base + 1,
            search: base + 2,
            gateway_admin: base + 3,
            catalogue_admin: base + 4,
            search_admin: base + 5,
        }
    }

    /// Returns a generator of further free ports, below the range of ephemeral ports.
    pub(crate) fn further(&self) -> impl FnMut() -> u16 {
        let used = self.all().map(|(_, port)| port);
        let mut candidates = (21_000..32_000).filter(move |port| !used.contains(port));
        move || candidates.find(|port| machine::is_free(*port)).unwrap_or_default()
    }

    /// The listen port and the admin port of a service.
    pub(crate) fn of(&self, service: &str) -> (u16, u16) {
        match service {
            "catalogue" => (self.catalogue, self.catalogue_admin),
            "search" => (self.search, self.search_admin),
            _ => (self.gateway, self.gateway_admin),
        }
    }

    /// Checks that all ports are free.
    ///
    /// # Errors
    /// If not; the message has the port, the service, the process and advice, on one line.
    pub(crate) fn check(&self) -> Result<()> {
        for (service, port) in self.all() {
            if !machine::is_free(port) {
                let holder = machine::holder(port).map(|who| format!(" by {who}"));
                bail!(
                    "port {port} for {service} is taken{}; use other ports with `cargo xtask up \
                     --port-base {}`, or, if another run holds it, stop that with `cargo xtask down`",
                    holder.unwrap_or_default(),
                    self.free_base()
                );
            }
        }
        Ok(())
    }

    /// All ports with their descriptions.
    pub(crate) fn all(&self) -> [(&'static str, u16); 6] {
        [
            ("the gateway", self.gateway),
            ("the catalogue", self.catalogue),
            ("search", self.search),
            ("the gateway's admin port", self.gateway_admin),
            ("the catalogue's admin port", self.catalogue_admin),
            ("search's admin port", self.search_admin),
        ]
    }

    /// A base whose ports are free, for the advice.
    fn free_base(&self) -> u16 {
        (18080..28080)
            .step_by(100)
            .find(|base| {
                Self::from_base(*base).all().iter().all(|(_, port)| machine::is_free(*port))
            })
            .unwrap_or(18080)
    }
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    #[test]
    fn a_taken_port_is_one_line_with_port_service_and_advice() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let ports = Ports { search: port, ..free() };
        let text = ports.check().unwrap_err().to_string();
        for part in [&port.to_string(), "search", "--port-base", "cargo xtask down"] {
            assert!(text.contains(part), "{part:?} is missing in {text:?}");
        }
        assert_eq!(text.lines().count(), 1);
    }

    #[test]
    fn ports_follow_the_base() {
        let ports = Ports::from_base(18080);
        assert_eq!(ports.of("gateway"), (18080, 18083));
        assert_eq!(ports.of("catalogue"), (18081, 18084));
        assert_eq!(ports.of("search"), (18082, 18085));
    }

    /// Six free ports.
    fn free() -> Ports {
        let sockets = [(); 6].map(|()| TcpListener::bind("127.0.0.1:0").unwrap());
        let [gateway, catalogue, search, gateway_admin, catalogue_admin, search_admin] =
            sockets.map(|socket| socket.local_addr().unwrap().port());
        Ports { gateway, catalogue, search, gateway_admin, catalogue_admin, search_admin }
    }
}
