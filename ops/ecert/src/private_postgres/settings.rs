//! The server's settings, written anew at every start: durable, reachable only through its socket, and sized to the machine.

use std::fs;
use std::path::Path;

const MEBIBYTE: u64 = 1 << 20;
const GIBIBYTE: u64 = 1 << 30;

/// `postgresql.conf`: ours, then whatever the operator adds.
pub(super) const MAIN_FILE: &str = "\
# ecert writes ecert.conf at every start. Put settings of your own into local.conf.
include 'ecert.conf'
include_if_exists 'local.conf'
";

/// `local.conf` as it begins.
pub(super) const LOCAL_FILE: &str = "# Settings here win over ecert.conf; `ecert db stop` and any command put them into force.\n";

/// `pg_hba.conf`: whoever reaches the socket in its private directory is trusted; nothing else is listened on.
pub(super) const ACCESS_FILE: &str = "local all all trust\n";

/// What of the machine decides sizes, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Machine {
    /// Memory that this process may use.
    pub(super) memory_bytes: u64,
    /// Free space beside the data directory.
    pub(super) free_disk_bytes: u64,
    /// Room for POSIX shared memory; containers often have 64 MiB.
    pub(super) shared_memory_bytes: u64,
}

impl Machine {
    /// Measures this machine for a cluster in `dir`. What cannot be measured counts as small.
    pub(super) fn measure(dir: &Path) -> Self {
        let total = fs::read_to_string("/proc/meminfo").ok().and_then(|text| total_memory(&text)).unwrap_or(GIBIBYTE);
        let limit = fs::read_to_string("/sys/fs/cgroup/memory.max").ok().and_then(|text| text.trim().parse().ok());
        Self {
            memory_bytes: total.min(limit.unwrap_or(u64::MAX)),
            free_disk_bytes: free_bytes(dir),
            shared_memory_bytes: free_bytes(Path::new("/dev/shm")),
        }
    }
}

/// `ecert.conf` for this machine and socket directory.
pub(super) fn server_file(machine: Machine, socket_dir: &str) -> String {
    let mebibytes = |bytes: u64| bytes / MEBIBYTE;
    let buffers = mebibytes((machine.memory_bytes / 4).clamp(32 * MEBIBYTE, GIBIBYTE));
    let cache = mebibytes((machine.memory_bytes / 2).max(64 * MEBIBYTE));
    let maintenance = mebibytes((machine.memory_bytes / 32).clamp(16 * MEBIBYTE, 256 * MEBIBYTE));
    let wal = mebibytes((machine.free_disk_bytes / 8).clamp(256 * MEBIBYTE, 6 * GIBIBYTE));
    let wal_buffers = buffers * 1024 / 16;
    let shared_memory = if machine.shared_memory_bytes >= 256 * MEBIBYTE { "posix" } else { "mmap" };
    // In a quoted setting a quote is doubled, and a backslash begins an escape.
    let socket_dir = socket_dir.replace('\\', r"\\").replace('\'', "''");
    format!(
        "\
# Reached through the socket only.
listen_addresses = ''
port = {port}
unix_socket_directories = '{quoted}'
unix_socket_permissions = 0700
max_connections = 100

# Nothing is announced before it is on disk.
fsync = on
synchronous_commit = on
full_page_writes = on

# Sized to the machine.
shared_buffers = {buffers}MB
effective_cache_size = {cache}MB
maintenance_work_mem = {maintenance}MB
work_mem = 16MB
dynamic_shared_memory_type = {shared_memory}
max_wal_size = {wal}MB
wal_buffers = {wal_buffers}kB
wal_compression = on
# A new log file is not filled with zeros before it is written: everything would be written twice until the first files are reused.
wal_init_zero = off
checkpoint_timeout = 15min
random_page_cost = 1.1
jit = off

# Alike on every machine.
timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C'
lc_monetary = 'C'
lc_numeric = 'C'
lc_time = 'C'

# The detail of an error can hold a name or an ID-card number; it does not belong in a log.
log_error_verbosity = terse
log_parameter_max_length_on_error = 0
log_checkpoints = off
log_line_prefix = '%m [%p] '
",
        port = super::connection::PORT,
        quoted = double_quoted(&socket_dir),
    )
}

/// The setting is a list of names; a name with a comma or a space stands in double quotes.
fn double_quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn total_memory(text: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    kibibytes.checked_mul(1024)
}

fn free_bytes(dir: &Path) -> u64 {
    rustix::fs::statvfs(dir).map_or(0, |found| found.f_bavail.saturating_mul(found.f_frsize))
}

#[cfg(test)]
mod tests {
    use super::*;

    const BIG: Machine = Machine { memory_bytes: 24 * GIBIBYTE, free_disk_bytes: 100 * GIBIBYTE, shared_memory_bytes: 12 * GIBIBYTE };
    const SMALL: Machine = Machine { memory_bytes: GIBIBYTE, free_disk_bytes: 8 * GIBIBYTE, shared_memory_bytes: 64 * MEBIBYTE };
    const UNKNOWN: Machine = Machine { memory_bytes: 0, free_disk_bytes: 0, shared_memory_bytes: 0 };

    #[test]
    fn sizes_follow_the_machine_within_bounds() {
        let cases = [
            (BIG, ["shared_buffers = 1024MB", "wal_buffers = 65536kB", "max_wal_size = 6144MB", "dynamic_shared_memory_type = posix"]),
            (SMALL, ["shared_buffers = 256MB", "wal_buffers = 16384kB", "max_wal_size = 1024MB", "dynamic_shared_memory_type = mmap"]),
            (UNKNOWN, ["shared_buffers = 32MB", "wal_buffers = 2048kB", "max_wal_size = 256MB", "dynamic_shared_memory_type = mmap"]),
        ];
        for (machine, lines) in cases {
            let text = server_file(machine, "/s");
            for line in lines {
                assert!(text.lines().any(|found| found == line), "{machine:?}: {line} is not in\n{text}");
            }
        }
    }

    #[test]
    fn every_server_is_durable_and_listens_on_its_socket_only() {
        let text = server_file(UNKNOWN, "/s");
        for line in ["fsync = on", "full_page_writes = on", "synchronous_commit = on", "listen_addresses = ''", "jit = off"] {
            assert!(text.lines().any(|found| found == line), "{line}");
        }
    }

    #[test]
    fn quotes_in_the_socket_directory_cannot_end_the_setting() {
        let text = server_file(UNKNOWN, r#"/a 'b' "c" \d"#);
        let line = text.lines().find(|line| line.starts_with("unix_socket_directories")).unwrap();
        assert_eq!(line, r#"unix_socket_directories = '"/a ''b'' ""c"" \\d"'"#);
    }

    #[test]
    fn the_memory_of_the_machine_is_read_in_bytes() {
        assert_eq!(total_memory("MemTotal:       2048 kB\nMemFree: 1 kB\n"), Some(2 << 20));
        assert_eq!(total_memory("MemFree: 1 kB\n"), None);
        assert!(Machine::measure(Path::new("/")).memory_bytes > 0);
    }
}
