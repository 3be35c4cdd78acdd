//! The map: this gateway, and the instances of the services that it calls.

use std::time::Duration;

use proto::catalogue::v1::{InstanceCondition, InstanceEdge};

use super::{
    super::messages::fill,
    figures::{NONE, age, latency, rate, share},
    words::{Words, breaker_level},
};
use crate::ops::{BehindEdge, Instance, Reached, Service, Snapshot, Traffic};

/// A process on the map.
pub(super) struct Node {
    pub(super) name: String,
    /// `ok`, `warn`, `bad` or `dim`.
    pub(super) level: &'static str,
    pub(super) state: &'static str,
    pub(super) reasons: Vec<String>,
    pub(super) figures: Vec<Figure>,
    pub(super) behind: Vec<String>,
}

pub(super) struct Figure {
    pub(super) name: &'static str,
    pub(super) value: String,
    pub(super) level: &'static str,
}

pub(super) struct ServiceNode {
    pub(super) name: &'static str,
    /// The state of its breaker, unless that is closed.
    pub(super) breaker: String,
    /// The fault of discovery; may be empty.
    pub(super) trouble: String,
    pub(super) instances: Vec<Node>,
}

impl Words {
    pub(super) fn gateway(self, snapshot: &Snapshot) -> Node {
        let gateway = &snapshot.gateway;
        let conditions = gateway.conditions.iter().filter_map(|it| {
            let reason = it.state.as_ref().err()?;
            Some(self.reason(it.name, reason, it.required))
        });
        let (level, state) = match gateway.ready {
            true => ("ok", self.m.ready),
            false => ("bad", self.m.not_ready),
        };
        Node {
            name: self.m.this_gateway.to_owned(),
            level,
            state,
            reasons: conditions.collect(),
            figures: self.traffic(self.m.requests_figure, gateway.traffic),
            behind: Vec::new(),
        }
    }

    pub(super) fn service(self, service: &Service) -> ServiceNode {
        let breaker = match service.breaker.state {
            "closed" => String::new(),
            state => fill(self.m.service_breaker, &[self.breaker(state)]),
        };
        let trouble = service.discovery_trouble.as_ref().map(|trouble| {
            let since = age(Duration::from_secs(service.stale_s));
            fill(self.m.discovery_stale, &[&since, trouble])
        });
        ServiceNode {
            name: service.name,
            breaker,
            trouble: trouble.unwrap_or_default(),
            instances: service.instances.iter().map(|it| self.instance(it)).collect(),
        }
    }

    fn instance(self, instance: &Instance) -> Node {
        let endpoint = &instance.endpoint;
        let (level, state, mut reasons) = self.state(instance);
        if endpoint.connected == 0 {
            reasons.extend(endpoint.last_error.clone());
        }
        let mut figures = self.traffic(self.m.calls, instance.traffic);
        figures.push(Figure {
            name: self.m.in_flight,
            value: endpoint.in_flight.to_string(),
            level: "",
        });
        let breaker = endpoint.breaker.state;
        figures.push(Figure {
            name: self.m.breaker,
            value: self.breaker(breaker).to_owned(),
            level: breaker_level(breaker),
        });
        let behind = instance.behind.iter().map(|edge| self.behind(edge)).collect();
        Node { name: endpoint.address.clone(), level, state, reasons, figures, behind }
    }

    fn state(self, instance: &Instance) -> (&'static str, &'static str, Vec<String>) {
        let m = self.m;
        let conditions = match &instance.state {
            Reached::Answered(own) => own.conditions.iter().filter(|it| !it.ok).collect(),
            Reached::Not(_) | Reached::Silent(_) => Vec::<&InstanceCondition>::new(),
        };
        let reasons =
            conditions.into_iter().map(|it| self.reason(&it.name, &it.reason, it.required));
        let mut reasons: Vec<_> = reasons.collect();
        if let Reached::Not(why) | Reached::Silent(why) = &instance.state {
            reasons.push(why.clone());
        }
        let (level, state) = match &instance.state {
            _ if instance.endpoint.connected == 0 => ("bad", m.disconnected),
            Reached::Answered(own) if !own.ready => ("bad", m.not_ready),
            _ if instance.endpoint.ejected => ("warn", m.ejected),
            Reached::Answered(_) => ("ok", m.ready),
            Reached::Not(_) => ("bad", m.not_ready),
            Reached::Silent(_) => ("dim", m.unknown),
        };
        (level, state, reasons)
    }

    fn reason(self, name: &str, reason: &str, required: bool) -> String {
        fill(if required { self.m.required } else { self.m.not_required }, &[name, reason])
    }

    fn traffic(self, name: &'static str, traffic: Traffic) -> Vec<Figure> {
        let p99 = traffic.p99.map_or(NONE.to_owned(), |p99| latency(p99, self.locale));
        let errors = match traffic.error_share {
            Some(share) if share >= 0.05 => "bad",
            Some(share) if share > 0.0 => "warn",
            _ => "",
        };
        vec![
            Figure { name, value: rate(traffic.rate, self.locale), level: "" },
            Figure { name: self.m.p99, value: p99, level: "" },
            Figure {
                name: self.m.errors,
                value: share(traffic.error_share, self.locale),
                level: errors,
            },
        ]
    }

    fn behind(self, BehindEdge { edge, traffic }: &BehindEdge) -> String {
        let InstanceEdge { upstream, address, in_flight, breaker, .. } = edge;
        let figures = self.traffic(self.m.calls, *traffic);
        let figures: Vec<_> =
            figures.iter().map(|it| format!("{} {}", it.name, it.value)).collect();
        let (m, breaker) = (self.m, self.breaker(breaker));
        let figures = figures.join(" · ");
        let state = if edge.connections == 0 { m.disconnected } else { breaker };
        format!(
            "{upstream} {address}: {figures} · {} {in_flight} · {} {state}",
            m.in_flight, m.breaker
        )
    }
}
