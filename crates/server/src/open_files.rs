//! The limit on open file descriptors, of which each connection uses one.

use nix::sys::resource::{Resource, getrlimit, setrlimit};

/// Descriptors kept for files, databases, upstreams and the admin port.
const RESERVED: u64 = 256;

/// Raises the soft limit to the hard limit. The soft limit is mostly 1,024, for programs that use
/// `select`.
pub fn raise_limit() {
    let raised = getrlimit(Resource::RLIMIT_NOFILE).and_then(|(soft, hard)| {
        if soft < hard { setrlimit(Resource::RLIMIT_NOFILE, hard, hard) } else { Ok(()) }
    });
    if let Err(error) = raised {
        tracing::warn!(%error, "raising the limit on open files failed");
    }
}

/// `wanted` connections, or as many as the descriptors allow.
pub(crate) fn affordable_connections(wanted: usize) -> usize {
    let Ok((soft, _)) = getrlimit(Resource::RLIMIT_NOFILE) else { return wanted };
    let affordable = within(wanted, soft);
    if affordable < wanted {
        tracing::info!(
            wanted,
            affordable,
            open_files = soft,
            "--max-connections reduced to fit the limit on open files"
        );
    }
    affordable
}

fn within(wanted: usize, descriptors: u64) -> usize {
    let left = descriptors.saturating_sub(RESERVED.min(descriptors / 4)).max(1);
    wanted.min(usize::try_from(left).unwrap_or(usize::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_leave_descriptors_for_the_rest() {
        assert_eq!(within(10_000, 1 << 20), 10_000);
        assert_eq!(within(100_000, 20_000), 19_744);
        assert_eq!(within(10_000, 256), 192);
        assert_eq!(within(10_000, 0), 1);
    }
}
