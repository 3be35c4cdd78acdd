//! Rates as settings write them: `read=200/s`, `write=600/m+50`, `bulk=off`.

use std::{fmt, num::NonZeroU32, str::FromStr, time::Duration};

use governor::Quota;

use super::Counted;

/// Time that the default burst of a limit covers: its calls in that time may be made together.
const BURST: Duration = Duration::from_secs(10);

/// The limit on a class of calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClassRate {
    pub(super) of: Counted,
    /// `None`: there is no limit.
    pub(super) rate: Option<Rate>,
}

/// A rate of calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Rate {
    calls: NonZeroU32,
    period: Duration,
    /// Maximum calls together, after a pause.
    burst: NonZeroU32,
}

impl Rate {
    /// A rate of `calls` a second, with the default burst.
    pub(super) const fn per_second(calls: u32) -> Self {
        let seconds = BURST.as_secs() as u32;
        let (Some(calls), Some(burst)) = (NonZeroU32::new(calls), NonZeroU32::new(calls * seconds))
        else {
            panic!("a rate is not zero")
        };
        Self { calls, period: Duration::from_secs(1), burst }
    }

    /// Calls a second for long.
    pub(super) fn a_second(self) -> f64 {
        f64::from(self.calls.get()) / self.period.as_secs_f64()
    }

    /// The rate as governor counts it.
    pub(super) fn quota(self) -> Quota {
        let quota = Quota::with_period(self.period / self.calls.get());
        quota.expect("at most a million calls a second").allow_burst(self.burst)
    }
}

impl FromStr for Rate {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        const RULE: &str =
            "must be CALLS/s or CALLS/m, such as 200/s, and may add the calls at once: 200/s+500";
        let number =
            |text: &str| text.parse().ok().filter(|count: &NonZeroU32| count.get() <= 1_000_000);
        let (rate, burst) = match text.split_once('+') {
            Some((rate, burst)) => (rate, Some(number(burst).ok_or(RULE)?)),
            None => (text, None),
        };
        let (calls, unit) = rate.split_once('/').ok_or(RULE)?;
        let period = match unit {
            "s" => Duration::from_secs(1),
            "m" => Duration::from_secs(60),
            _ => return Err(RULE.to_owned()),
        };
        let calls = number(calls).ok_or(RULE)?;
        let of_burst = u64::from(calls.get()) * BURST.as_secs() / period.as_secs();
        let of_burst = u32::try_from(of_burst).ok().and_then(NonZeroU32::new);
        Ok(Self { calls, period, burst: burst.or(of_burst).unwrap_or(NonZeroU32::MIN) })
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = if self.period == Duration::from_secs(1) { 's' } else { 'm' };
        write!(f, "{}/{unit}+{}", self.calls, self.burst)
    }
}

impl FromStr for ClassRate {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, rate) = text.split_once('=').ok_or("must be CLASS=RATE, such as read=200/s")?;
        let of = Counted::named(name).ok_or_else(|| {
            let known: Vec<_> = Counted::ALL.into_iter().map(Counted::name).collect();
            format!("`{name}` is none of the classes {}", known.join(", "))
        })?;
        let rate = if rate == "off" { None } else { Some(rate.parse()?) };
        Ok(Self { of, rate })
    }
}

impl fmt::Display for ClassRate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.rate {
            None => write!(f, "{}=off", self.of.name()),
            Some(rate) => write!(f, "{}={rate}", self.of.name()),
        }
    }
}

impl serde::Serialize for ClassRate {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_read_as_they_are_written() {
        let read = |text: &str| text.parse::<ClassRate>().map(|rate| rate.to_string());
        for (text, shown) in [
            ("read=200/s", "read=200/s+2000"),
            ("write=600/m", "write=600/m+100"),
            ("bulk=1/m", "bulk=1/m+1"),
            ("search=5/s+7", "search=5/s+7"),
            ("credentials=off", "credentials=off"),
        ] {
            assert_eq!(read(text).as_deref(), Ok(shown));
            assert_eq!(read(shown).as_deref(), Ok(shown), "its own text is read again");
        }
        let bad = ["read", "read=", "read=0/s", "read=1", "read=1/h", "read=1/s+0", "read=-1/s"];
        for bad in bad.into_iter().chain(["reads=1/s", "read=1000001/s", "read=1/s+x"]) {
            assert!(read(bad).is_err(), "{bad}");
        }
        assert!(read("reads=1/s").unwrap_err().contains("credentials"));
    }
}
