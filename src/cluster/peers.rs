//! Which other servers a node names as members of its cluster, and where they take clients. Pure.

use super::dsn::{Address, DEFAULT_PORT, Dsn};
use super::group::Group;
use super::vitals::{Kind, Vitals};

/// Returns where the other members of a node's cluster take clients, as the node itself names them; none of a server on
/// its own. `own` is where the node was reached.
///
/// A Galera node whose `wsrep_node_incoming_address` was never set calls itself `AUTO`, and tells nobody where clients
/// reach it. The hosts of its `wsrep_cluster_address` then stand in, with the node's own port: a guess, which whoever
/// takes it has to try.
#[must_use]
pub fn peers(vitals: &Vitals, own: &Address) -> Vec<Address> {
    let mut named: Vec<Address> = match vitals.kind() {
        Kind::Galera => {
            let told = incoming(vitals);
            if told.is_empty() { guessed(vitals, own) } else { told }
        }
        Kind::GroupReplication => members(vitals),
        Kind::Standalone => Vec::new(),
    };
    named.retain(|address| address != own);
    named.dedup();
    named
}

/// `wsrep_incoming_addresses` is a list of all members, of which `wsrep_local_index` is the node itself.
fn incoming(vitals: &Vitals) -> Vec<Address> {
    let list = vitals.get("wsrep_incoming_addresses").unwrap_or_default();
    let own = vitals.number("wsrep_local_index");
    let others = list.split(',').zip(0..).filter(|(_, index)| Some(*index) != own).map(|(text, _)| text.trim());
    others.filter(|text| text.contains(':')).filter_map(address).collect()
}

fn members(vitals: &Vitals) -> Vec<Address> {
    let Some(Group::Seen(members)) = &vitals.group else { return Vec::new() };
    let own = vitals.get("server_uuid");
    members.iter().filter(|member| Some(member.id.as_str()) != own).filter_map(|one| address(&one.address)).collect()
}

/// The hosts of `gcomm://HOST[:PORT],…`, whose ports are the group's.
fn guessed(vitals: &Vitals, own: &Address) -> Vec<Address> {
    let (own_host, port) = match own {
        Address::Tcp { host, port } => (host.as_str(), *port),
        Address::Unix(_) => ("", DEFAULT_PORT),
    };
    let list = vitals.get("wsrep_cluster_address").unwrap_or_default();
    let list = list.strip_prefix("gcomm://").unwrap_or_default();
    let hosts: Vec<String> = list
        .split(['?', '/'])
        .next()
        .unwrap_or_default()
        .split(',')
        .filter_map(|text| match address(text.trim())? {
            Address::Tcp { host, .. } => Some(host),
            Address::Unix(_) => None,
        })
        .collect();
    let again = |host: &String| hosts.iter().filter(|other| *other == host).count() > 1;
    if hosts.iter().any(again) {
        // Several on one host have ports of their own, which nobody tells.
        return Vec::new();
    }
    let itself = vitals.get("wsrep_node_address").and_then(address);
    let is_itself =
        |host: &str| host == own_host || matches!(&itself, Some(Address::Tcp { host: own, .. }) if own == host);
    hosts.iter().filter(|host| !is_itself(host)).map(|host| Address::Tcp { host: host.clone(), port }).collect()
}

/// Reads `HOST[:PORT]`.
fn address(text: &str) -> Option<Address> {
    if text.is_empty() || text.ends_with(":0") {
        return None;
    }
    Dsn::parse(&format!("mysql://{text}")).ok().map(|parsed| parsed.dsn.address)
}

#[cfg(test)]
mod tests {
    use super::super::group::Member;
    use super::*;

    fn galera(values: &[(&str, &str)]) -> Vitals {
        let all = [("wsrep_on", "ON")].iter().chain(values);
        Vitals { values: all.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(), group: None }
    }

    fn found(vitals: &Vitals, own: &str) -> Vec<String> {
        peers(vitals, &address(own).unwrap()).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn galera_names_its_members_or_lets_their_hosts_be_guessed() {
        let list = "wsrep_incoming_addresses";
        let gcomm = "wsrep_cluster_address";
        for (case, values, expected) in [
            ("all named", vec![(list, "a:3306,b:3306,c:3307"), ("wsrep_local_index", "1")], vec!["a:3306", "c:3307"]),
            ("own name differs", vec![(list, "x:3306,b:3306"), ("wsrep_local_index", "0")], vec!["b:3306"]),
            ("own index unknown", vec![(list, "db1:3306,b:3306")], vec!["b:3306"]),
            ("nobody says", vec![(list, "AUTO,AUTO")], vec![]),
            ("no port", vec![(list, "a:0,b:0")], vec![]),
            ("IPv6", vec![(list, "[fd00::1]:3306,[fd00::2]:3306"), ("wsrep_local_index", "0")], vec!["[fd00::2]:3306"]),
            (
                "guessed",
                vec![(list, "AUTO"), (gcomm, "gcomm://db1,db2:4567,db3?pc.wait=1")],
                vec!["db2:3306", "db3:3306"],
            ),
            (
                "by its address",
                vec![(gcomm, "gcomm://10.0.0.1,10.0.0.2"), ("wsrep_node_address", "10.0.0.1")],
                vec!["10.0.0.2:3306"],
            ),
            ("one host", vec![(gcomm, "gcomm://127.0.0.1:1,127.0.0.1:2")], vec![]),
            ("bootstrapped", vec![(gcomm, "gcomm://")], vec![]),
        ] {
            assert_eq!(found(&galera(&values), "db1:3306"), expected, "{case}");
        }
    }

    #[test]
    fn a_group_names_its_other_members_and_a_server_on_its_own_none() {
        let values = [("group_replication_group_name", "aaaa"), ("server_uuid", "id0")];
        let member = |id: &str, address: &str| Member {
            id: id.to_owned(),
            address: address.to_owned(),
            state: "ONLINE".to_owned(),
            role: String::new(),
        };
        let group = Group::Seen(vec![member("id0", "x:3306"), member("id1", "y:3306"), member("id2", "z:")]);
        let mut vitals = Vitals {
            values: values.map(|(name, value)| (name.to_owned(), value.to_owned())).into(),
            group: Some(group),
        };
        assert_eq!(found(&vitals, "db1:3306"), ["y:3306", "z:3306"]);
        vitals.group = Some(Group::Hidden { grant: "GRANT".to_owned() });
        assert_eq!(found(&vitals, "db1:3306"), [""; 0]);
        vitals.values.remove("group_replication_group_name");
        assert_eq!(found(&vitals, "db1:3306"), [""; 0]);
    }
}
