//! The files that a sandbox's servers and its users read. Pure.

use std::fmt::Write as _;
use std::path::Path;

use super::layout::Home;
use super::ports::Ports;
use super::state::State;

/// The size of the redo log; it has to be the same when a template is made and when it is used, or InnoDB makes it anew.
pub(super) const LOG_FILE_SIZE: &str = "--innodb-log-file-size=48M";

/// The user whom a sandbox makes for the databases in it.
pub(super) const DATABASE_USER: &str = "sandbox";

/// The database that a sandbox makes.
pub(super) const DATABASE: &str = "sessions";

/// What the option file of a server says of the Galera cluster that it is in.
pub(super) struct Member<'a> {
    pub(super) cluster: &'a str,
    pub(super) provider: &'a Path,
    pub(super) ports: Ports,
    /// The group's ports of all nodes.
    pub(super) peers: Vec<u16>,
}

/// Writes the option file of one MariaDB server, a member of a cluster or on its own.
///
/// Everything listens on 127.0.0.1. What is made small or lax is so for speed: the data are for throwing away. A commit
/// is handed to the system all the same (`innodb_flush_log_at_trx_commit=2`, not 0), so that killing a server loses none.
pub(super) fn mariadb(home: &Home, port: u16, server_id: usize, member: Option<&Member<'_>>) -> String {
    let size = LOG_FILE_SIZE.trim_start_matches("--").replace('-', "_");
    let mut text = format!(
        "{HEAD}{place}skip_name_resolve=ON
character_set_server=utf8mb4
max_connections=300
table_open_cache=400
event_scheduler=ON
performance_schema=OFF
key_buffer_size=1M
aria_pagecache_buffer_size=8M
innodb_buffer_pool_size=64M
{size}
innodb_flush_log_at_trx_commit=2
innodb_autoinc_lock_mode=2
binlog_format=ROW
",
        place = place(home, port, server_id),
    );
    if let Some(Member { cluster, provider, ports: Ports { group, ist, sst, .. }, peers }) = member {
        let peers: Vec<_> = peers.iter().map(|port| format!("127.0.0.1:{port}")).collect();
        text.push_str(&format!(
            "wsrep_on=ON
wsrep_provider={provider}
wsrep_cluster_name={cluster}
wsrep_cluster_address=gcomm://{peers}
wsrep_node_name={name}
wsrep_node_address=127.0.0.1:{group}
wsrep_node_incoming_address=127.0.0.1:{port}
wsrep_sst_method=rsync
wsrep_sst_receive_address=127.0.0.1:{sst}
wsrep_provider_options=\"base_host=127.0.0.1;base_port={group};gmcast.listen_addr=tcp://127.0.0.1:{group};\
ist.recv_addr=127.0.0.1:{ist};gcache.size=32M;pc.wait_prim_timeout=PT60S\"
",
            provider = provider.display(),
            peers = peers.join(","),
            name = home.name,
        ));
    }
    text
}

/// How every option file begins.
pub(super) const HEAD: &str = "# Written by `csqlstore sandbox up`. A restart of the node reads it again.\n[mysqld]\n";

/// Writes where a server keeps what it has, and where it listens: in its own folder, and on 127.0.0.1.
pub(super) fn place(home: &Home, port: u16, server_id: usize) -> String {
    format!(
        "datadir={}\nsocket={}\npid_file={}\ntmpdir={}\nport={port}\nbind_address=127.0.0.1\nserver_id={server_id}\n",
        home.data().display(),
        home.socket().display(),
        home.pid_file().display(),
        home.temporary().display(),
    )
}

/// Writes what Galera keeps of the last primary component (`gvwstate.dat`), for the node with the index `own`.
///
/// Nodes that start with it form that component again as soon as all of them see each other; as they start from the
/// same template, none has to copy another's data.
///
/// # Source
///
/// Galera 26.4, `gcomm/src/view.cpp`, `ViewState::write_stream`; type 3 is a primary view.
pub(super) fn last_view(members: &[String], own: usize) -> String {
    let first = members.first().map_or("", String::as_str);
    let mine = members.get(own).map_or("", String::as_str);
    let mut text = format!("my_uuid: {mine}\n#vwbeg\nview_id: 3 {first} 1\nbootstrap: 0\n");
    for member in members {
        // A String takes all that is written to it.
        let _infallible = writeln!(text, "member: {member} 0");
    }
    text.push_str("#vwend\n");
    text
}

/// Makes a name for a member of the group out of random bytes, in the form that Galera writes.
///
/// Galera counts restarts in the bytes 8 and 9, from a value with the highest bit set.
pub(super) fn member_uuid(random: [u8; 16]) -> String {
    let mut bytes = random;
    (bytes[8], bytes[9]) = (0x90, 0x00);
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

/// Writes the configuration file that names the sandbox's nodes to every other command.
pub(super) fn csqlstore_toml(state: &State) -> String {
    let mut text =
        String::from("# Written by `csqlstore sandbox up`: a throw-away cluster on this machine.\nnodes = [\n");
    for node in &state.nodes {
        // A String takes all that is written to it.
        let _infallible = writeln!(text, "    \"{}={}\",", node.name, dsn(state, node.ports.sql));
    }
    text.push_str("]\n");
    text
}

/// Writes the DSN by which `csqlstore` and its user's programs reach a node, password included.
pub(super) fn dsn(state: &State, port: u16) -> String {
    format!("mysql://{DATABASE_USER}:{}@127.0.0.1:{port}/{DATABASE}", state.password)
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    fn home() -> Home {
        Home { name: "n2".to_owned(), folder: PathBuf::from("/tmp/box/n2"), log: PathBuf::from("/tmp/box/n2.log") }
    }

    #[test]
    fn a_server_listens_on_loopback_only() {
        let ports = Ports::from_base(20_000, 3).unwrap();
        let member = Member {
            cluster: "csqlstore-1",
            provider: Path::new("/usr/lib/galera/libgalera_smm.so"),
            ports: ports[1],
            peers: ports.iter().map(|ports| ports.group).collect(),
        };
        let text = mariadb(&home(), ports[1].sql, 2, Some(&member));
        for line in [
            "datadir=/tmp/box/n2/data",
            "socket=/tmp/box/n2/mysqld.sock",
            "port=20001",
            "bind_address=127.0.0.1",
            "innodb_log_file_size=48M",
            "wsrep_cluster_address=gcomm://127.0.0.1:20003,127.0.0.1:20006,127.0.0.1:20009",
            "wsrep_node_name=n2",
            "wsrep_node_address=127.0.0.1:20006",
            "wsrep_node_incoming_address=127.0.0.1:20001",
            "wsrep_sst_receive_address=127.0.0.1:20008",
            "wsrep_provider_options=\"base_host=127.0.0.1;base_port=20006;gmcast.listen_addr=tcp://127.0.0.1:20006;\
             ist.recv_addr=127.0.0.1:20007;gcache.size=32M;pc.wait_prim_timeout=PT60S\"",
        ] {
            assert!(text.lines().any(|found| found == line), "no line `{line}` in\n{text}");
        }
        assert!(!text.contains("0.0.0.0") && !text.contains('*'), "{text}");
    }

    #[test]
    fn a_server_on_its_own_knows_no_cluster() {
        let text = mariadb(&home(), 20_000, 1, None);
        assert!(text.lines().any(|line| line == "bind_address=127.0.0.1") && !text.contains("wsrep"), "{text}");
    }

    #[test]
    fn the_last_view_names_every_member_in_galeras_form() {
        let members = [member_uuid([0xab; 16]), member_uuid([0; 16])];
        assert_eq!(
            last_view(&members, 1),
            "my_uuid: 00000000-0000-0000-9000-000000000000\n#vwbeg\nview_id: 3 abababab-abab-abab-9000-abababababab 1\n\
             bootstrap: 0\nmember: abababab-abab-abab-9000-abababababab 0\nmember: 00000000-0000-0000-9000-000000000000 0\n\
             #vwend\n"
        );
    }

    #[test]
    fn the_configuration_names_each_node_with_its_password() {
        let state = State::for_test(&["n1", "n2"]);
        assert_eq!(
            csqlstore_toml(&state),
            "# Written by `csqlstore sandbox up`: a throw-away cluster on this machine.\nnodes = [\n    \
             \"n1=mysql://sandbox:Secret123@127.0.0.1:20000/sessions\",\n    \
             \"n2=mysql://sandbox:Secret123@127.0.0.1:20001/sessions\",\n]\n"
        );
    }
}
