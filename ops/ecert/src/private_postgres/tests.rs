//! The private PostgreSQL with a real server: created once, shared, restarted after a crash, removed whole.

use std::os::unix::fs::PermissionsExt;
use std::sync::Barrier;
use std::thread;

use rustix::process::{Pid, Signal, kill_process};

use super::*;

/// A home that any user can enter, whose cluster is removed even when the test fails.
struct TestHome {
    _scratch: tempfile::TempDir,
    postgres: PrivatePostgres,
}

impl TestHome {
    fn new(below: &str, mode: u32) -> Self {
        let scratch = tempfile::tempdir().unwrap();
        fs::set_permissions(scratch.path(), fs::Permissions::from_mode(mode)).unwrap();
        let home = Home::resolve(Some(scratch.path().join(below)), None);
        home.ensure().unwrap();
        Self { postgres: PrivatePostgres::of(&home), _scratch: scratch }
    }

    fn pid(&self) -> i32 {
        self.postgres.status().unwrap().pid.unwrap()
    }

    fn cluster(&self) -> Cluster {
        Cluster::find(&self.postgres.home).unwrap().unwrap()
    }
}

impl Drop for TestHome {
    fn drop(&mut self) {
        // A test that removed it, or failed before it made one, leaves nothing to do.
        let _ = self.postgres.remove();
    }
}

#[test]
fn two_commands_at_once_share_one_server_that_survives_a_crash_and_is_removed_whole() {
    let home = TestHome::new("home", 0o711);
    let postgres = &home.postgres;
    assert_eq!(postgres.running().unwrap(), None);
    assert!(!postgres.stop().unwrap());

    let barrier = Barrier::new(2);
    let start = || {
        barrier.wait();
        postgres.ensure_running().unwrap()
    };
    let (first, second) = thread::scope(|scope| {
        let other = scope.spawn(start);
        (start(), other.join().unwrap())
    });
    assert_eq!(first, second);
    let pid = home.pid();
    assert_eq!(postgres.ensure_running().unwrap(), first);
    assert_eq!(home.pid(), pid);

    kill_process(Pid::from_raw(pid).unwrap(), Signal::KILL).unwrap();
    while postgres.running().unwrap().is_some() {
        thread::yield_now();
    }
    assert_eq!(postgres.ensure_running().unwrap(), first);
    assert_ne!(home.pid(), pid);

    assert!(postgres.stop().unwrap());
    let status = postgres.status().unwrap();
    assert_eq!((status.phase, status.pid, status.target), (None, None, None));
    let cluster = status.cluster.unwrap();
    assert!(cluster.major.unwrap() >= MIN_MAJOR && !cluster.outside_home);

    postgres.remove().unwrap();
    assert!(!cluster.dir.exists());
    assert_eq!(postgres.status().unwrap().cluster, None);
}

#[test]
fn what_keeps_a_server_down_is_cleared_where_it_is_stale_and_told_where_it_is_not() {
    let home = TestHome::new("home", 0o711);
    home.postgres.ensure_running().unwrap();
    home.postgres.stop().unwrap();
    let cluster = home.cluster();
    let user = ServerUser::owner_of(cluster.dir()).unwrap();
    let write = |name: &str, text: &str| {
        user.write_file(&cluster.data_dir().join(name), text).unwrap();
    };

    // After a reboot the number in the file may be another process's.
    let mut stranger = user.command("sleep").arg("600").spawn().unwrap();
    let left = format!("{}\n{}\n1\n5432\n\n\n\nready\n", stranger.id(), cluster.dir().display());
    write("postmaster.pid", &left);
    let started = home.postgres.ensure_running();
    stranger.kill().unwrap();
    stranger.wait().unwrap();
    assert!(started.unwrap().answers());
    home.postgres.stop().unwrap();

    write("local.conf", "no_such_setting = on\n");
    let error = home.postgres.ensure_running().unwrap_err().to_string();
    assert!(error.contains("no_such_setting") && error.contains("server.log"), "{error}");

    write("PG_VERSION", "11\n");
    let error = home.postgres.ensure_running().unwrap_err();
    assert!(matches!(error, PostgresError::OtherMajor { cluster_major: 11, .. }), "{error:?}");
}

#[test]
fn a_long_home_path_gets_a_short_socket_directory_and_removal_takes_only_what_is_ours() {
    let long = format!("{}/b \"$(false)\" 'c'", "a".repeat(100));
    let home = TestHome::new(&long, 0o711);
    let target = home.postgres.ensure_running().unwrap();
    assert!(target.answers());
    assert!(target.socket_dir.as_os_str().len() < 60, "{target:?}");

    let strange = home.cluster().dir().join("mine");
    fs::write(&strange, "").unwrap();
    let error = home.postgres.remove().unwrap_err();
    assert!(matches!(error, PostgresError::ForeignFiles { .. }), "{error:?}");
    assert!(strange.exists() && !home.cluster().data_dir().exists() && !target.socket_dir.exists());
    fs::remove_file(strange).unwrap();
    home.postgres.remove().unwrap();
    assert_eq!(Cluster::find(&home.postgres.home).unwrap(), None);
}

#[test]
fn a_home_that_the_server_user_cannot_enter_has_its_cluster_outside_until_it_is_removed() {
    if !rustix::process::geteuid().is_root() {
        // Every other user runs the server itself and can enter its own home.
        return;
    }
    let home = TestHome::new("home", 0o700);
    home.postgres.ensure_running().unwrap();
    let cluster = home.postgres.status().unwrap().cluster.unwrap();
    assert!(cluster.outside_home && cluster.dir.starts_with(cluster_record::OUTSIDE), "{cluster:?}");
    assert!(home.postgres.home.cluster_record().is_file());
    home.postgres.remove().unwrap();
    assert!(!cluster.dir.exists());
    assert!(!home.postgres.home.cluster_record().exists());
}
