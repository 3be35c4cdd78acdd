//! Numbers of replicas.

use std::{fmt, str::FromStr};

/// Maximum number of replicas of a service.
const MAX_REPLICAS: u16 = 9;

/// Numbers of replicas, parsed from `catalogue=3,search=2`; the default is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Replicas {
    pub(crate) catalogue: u16,
    pub(crate) search: u16,
}

impl Default for Replicas {
    fn default() -> Self {
        Self { catalogue: 1, search: 1 }
    }
}

impl FromStr for Replicas {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut replicas = Self::default();
        for part in text.split(',') {
            let (name, count) = part.split_once('=').unwrap_or((part, ""));
            let count =
                count.trim().parse().ok().filter(|count| (1..=MAX_REPLICAS).contains(count));
            let count = count.ok_or_else(|| {
                format!("`{part}`: must be NAME=N, with N from 1 to {MAX_REPLICAS}")
            })?;
            match name.trim() {
                "catalogue" => replicas.catalogue = count,
                "search" => replicas.search = count,
                name => {
                    return Err(format!(
                        "`{name}` has no replicas; only catalogue and search have"
                    ));
                }
            }
        }
        Ok(replicas)
    }
}

impl fmt::Display for Replicas {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "catalogue={},search={}", self.catalogue, self.search)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn displayed_replicas_parse_to_themselves() {
        let replicas: Replicas = "search=2".parse().unwrap();
        assert_eq!(replicas, Replicas { catalogue: 1, search: 2 });
        assert_eq!(
            "catalogue=3, search=2".parse::<Replicas>().unwrap().to_string(),
            "catalogue=3,search=2"
        );
    }

    #[test]
    fn invalid_numbers_are_reported() {
        let error = |text: &str| text.parse::<Replicas>().unwrap_err();
        assert!(error("catalogue").contains("NAME=N"));
        assert!(error("catalogue=0").contains("from 1 to 9"));
        assert!(error("catalogue=100").contains("from 1 to 9"));
        assert!(error("gateway=2").contains("`gateway` has no replicas"));
    }
}
