//! Violations: invalid fields of a request.

use std::fmt;

/// Maximum number of reported violations.
const MAX_KEPT: usize = 16;
/// Maximum size of all violations. Statuses travel in headers, twice, and clients accept about 8
/// KiB of headers.
const MAX_BYTES: usize = 2_048;

/// Names of invalid fields in the contract, with descriptions.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Violations(Vec<(String, String)>);

impl Violations {
    /// Adds a field, and a description such as "is required".
    pub(crate) fn add(&mut self, field: impl Into<String>, description: impl Into<String>) {
        let violation = (field.into(), description.into());
        let bytes = |(field, description): &(String, String)| field.len() + description.len();
        let kept: usize = self.0.iter().map(bytes).sum();
        if self.0.len() < MAX_KEPT && kept + bytes(&violation) <= MAX_BYTES {
            self.0.push(violation);
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Fields and descriptions, in the order of their addition.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(field, description)| (field.as_str(), description.as_str()))
    }
}

impl fmt::Display for Violations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (field, description)) in self.iter().enumerate() {
            let separator = if index == 0 { "" } else { "; " };
            write!(f, "{separator}{field} {description}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hostile_request_gets_no_large_answer() {
        let mut violations = Violations::default();
        for _ in 0..1_000 {
            violations.add("update_mask", "x".repeat(500));
            violations.add("name", "is required");
        }
        assert!(violations.to_string().len() < 3_000);
        assert!(!violations.is_empty());
    }
}
