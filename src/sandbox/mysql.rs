//! MySQL's option file, and its superuser, who is let in as MariaDB's is: by the socket, as the system's user.

use std::time::Duration;

use super::config::{HEAD, place};
use super::engine::Engine;
use super::error::Error;
use super::layout::Home;
use super::process::Server;
use super::programs::Account;
use super::state::State;
use super::watch::{self, STATEMENT, Started, Wanted};

/// The size of the redo log; the same when a template is made and when it is used, or InnoDB makes it anew.
pub(super) const REDO_LOG: &str = "--innodb-redo-log-capacity=64M";

/// Writes the option file of one server.
///
/// Small and lax as MariaDB's is, for the same reasons. The group talks over the SQL port (communication stack MYSQL):
/// the other one listens on all interfaces.
pub(super) fn options(home: &Home, state: &State, index: usize) -> String {
    let port = state.nodes[index].ports.sql;
    let redo_log = REDO_LOG.trim_start_matches("--").replace('-', "_");
    let mut text = format!(
        "{HEAD}{place}mysqlx=OFF
skip_name_resolve=ON
secure_file_priv=NULL
plugin_load_add=auth_socket.so
report_host=127.0.0.1
report_port={port}
max_connections=300
table_open_cache=400
innodb_buffer_pool_size=64M
{redo_log}
innodb_flush_log_at_trx_commit=2
sync_binlog=0
log_bin=binlog
gtid_mode=ON
enforce_gtid_consistency=ON
",
        place = place(home, port, index + 1),
    );
    if state.engine.is_group() {
        let several = state.engine == Engine::GroupReplicationMultiPrimary;
        let [single, checks] = if several { ["OFF", "ON"] } else { ["ON", "OFF"] };
        let seeds: Vec<_> = state.nodes.iter().map(|node| format!("127.0.0.1:{}", node.ports.sql)).collect();
        text.push_str(&format!(
            "plugin_load_add=group_replication.so
loose_group_replication_group_name={name}
loose_group_replication_start_on_boot=OFF
loose_group_replication_communication_stack=MYSQL
loose_group_replication_local_address=127.0.0.1:{port}
loose_group_replication_group_seeds={seeds}
loose_group_replication_single_primary_mode={single}
loose_group_replication_enforce_update_everywhere_checks={checks}
loose_group_replication_recovery_get_public_key=ON
loose_group_replication_recovery_reconnect_interval=1
",
            name = group_name(&state.cluster),
            seeds = seeds.join(","),
        ));
    }
    text
}

/// Makes the name of a group, which has to have the form of a UUID, out of the sandbox's.
fn group_name(cluster: &str) -> String {
    let hex: String = cluster.chars().rev().take_while(char::is_ascii_hexdigit).take(12).collect();
    format!("{:0>8.8}-{:0>4.4}-4000-8000-{hex:0>12}", hex, hex.get(8..).unwrap_or_default())
}

/// Gives the superuser that a new data directory has, who needs no password, the name of our user, and lets nobody in
/// as him but that very user of the system, by the socket.
///
/// Until then nobody else gets to the socket either: its folder is closed.
///
/// # Errors
///
/// [`Error::Died`], [`Error::NotReady`], [`Error::Cluster`].
pub(super) async fn close_superuser(
    account: &Account,
    home: &Home,
    server: &Server,
    patience: Duration,
) -> Result<(), Error> {
    let first = watch::first_superuser(home);
    watch::wait_as(Wanted::Answering, Started { home, server, node: &first, patience }).await?;
    let mut connection = first.connect(STATEMENT).await?;
    // The names of the system's users have neither quotes nor backslashes.
    let ours = &account.ours;
    if ours != "root" {
        connection
            .execute("naming the superuser", &format!("RENAME USER root@localhost TO '{ours}'@localhost"), ())
            .await?;
    }
    let close = format!("ALTER USER '{ours}'@localhost IDENTIFIED WITH auth_socket");
    connection.execute("closing the superuser's account", &close, ()).await?;
    connection.close().await;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    fn home() -> Home {
        Home { name: "n2".to_owned(), folder: PathBuf::from("/tmp/box/n2"), log: PathBuf::from("/tmp/box/n2.log") }
    }

    fn state(engine: Engine) -> State {
        let mut state = State::for_test(&["n1", "n2", "n3"]);
        state.engine = engine;
        state
    }

    #[test]
    fn a_member_of_a_group_listens_on_loopback_only_and_knows_the_others() {
        let text = options(&home(), &state(Engine::GroupReplication), 1);
        for line in [
            "datadir=/tmp/box/n2/data",
            "port=20001",
            "bind_address=127.0.0.1",
            "server_id=2",
            "mysqlx=OFF",
            "loose_group_replication_communication_stack=MYSQL",
            "loose_group_replication_local_address=127.0.0.1:20001",
            "loose_group_replication_group_seeds=127.0.0.1:20000,127.0.0.1:20001,127.0.0.1:20002",
            "loose_group_replication_single_primary_mode=ON",
        ] {
            assert!(text.lines().any(|found| found == line), "no line `{line}` in\n{text}");
        }
        assert!(!text.contains("0.0.0.0") && !text.contains('*'), "{text}");
        let several = options(&home(), &state(Engine::GroupReplicationMultiPrimary), 1);
        assert!(several.contains("single_primary_mode=OFF") && several.contains("everywhere_checks=ON"), "{several}");
    }

    #[test]
    fn a_server_on_its_own_knows_no_group() {
        let text = options(&home(), &state(Engine::Standalone), 0);
        assert!(text.contains("port=20000") && !text.contains("group_replication"), "{text}");
    }

    #[test]
    fn the_name_of_a_group_has_the_form_of_a_uuid_and_is_the_sandboxes_own() {
        let [one, other] = ["csqlstore-0123456789ab", "csqlstore-0123456789ac"].map(group_name);
        assert_ne!(one, other);
        let parts: Vec<usize> = one.split('-').map(str::len).collect();
        assert_eq!(parts, [8, 4, 4, 4, 12], "{one}");
        assert!(one.chars().all(|c| c == '-' || c.is_ascii_hexdigit()), "{one}");
        assert_eq!(group_name("x").len(), 36);
    }
}
