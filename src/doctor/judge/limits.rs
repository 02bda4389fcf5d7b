//! Limits and switches of the servers that the work on sessions runs into.

use std::collections::BTreeMap;

use super::super::look::{Rows, Sight};
use super::size;
use crate::{Code, Finding, Level};

/// A batch of the purge has no more rows.
const BATCH: u64 = 1000;
/// What a packet has to hold at the least, beside the longest row.
const PACKET: u64 = 1 << 20;

/// What is sane to set, where a limit is in the way.
const WS_SIZE: u64 = (1 << 31) - 1;
const TRANSACTION_SIZE: u64 = 150_000_000;

/// Judges the limits of each node against the rows that it will have to take.
pub(in super::super) fn limits(sights: &[Sight], rows: Option<&Rows>) -> Vec<Finding> {
    let longest = rows.and_then(|rows| rows.sample.as_ref().ok()).into_iter().flatten().map(|row| row.bytes).max();
    let told = sights.iter().filter_map(|sight| Some((sight.node.as_str(), &sight.seen.as_ref().ok()?.variables)));
    told.flat_map(|(node, variables)| of_node(node, variables, longest.unwrap_or(0))).collect()
}

fn of_node(node: &str, variables: &BTreeMap<String, String>, longest: u64) -> Vec<Finding> {
    let number = |name: &str| variables.get(name).and_then(|value| value.parse::<u64>().ok());
    let galera = variables.get("wsrep_on").is_some_and(|value| value == "ON" || value == "1");
    let clustered = |name: &str| number(name).filter(|_| galera);
    // A whole batch with the longest row there is, old and new image.
    let batch = longest.max(4096).saturating_mul(BATCH);
    let mut findings = Vec::new();
    let mut note = |level, code, message: String, set: String| {
        // SET takes numbers and names alike in the form that my.cnf has.
        let fix = format!("SET GLOBAL {set}; -- in my.cnf, under [mysqld]: {set}");
        findings.push(Finding::new(level, code, format!("node `{node}`: {message}")).on(node).fix(fix));
    };
    if let Some(limit) = clustered("wsrep_max_ws_rows").filter(|limit| (1..BATCH).contains(limit)) {
        let message =
            format!("wsrep_max_ws_rows is {limit}, and a batch of the cleanup has up to {BATCH} rows (error 1180)");
        note(Level::Warning, Code::WsRowsLimit, message, "wsrep_max_ws_rows = 0".into());
    }
    if let Some(limit) = clustered("wsrep_max_ws_size").filter(|limit| *limit < batch) {
        let message = format!(
            "wsrep_max_ws_size is {}, and a batch of {BATCH} rows can have {} (error 1105)",
            size(limit),
            size(batch)
        );
        note(Level::Warning, Code::WsSizeLimit, message, format!("wsrep_max_ws_size = {WS_SIZE}"));
    }
    // Of the server's own numbers, 0 means that there is no limit.
    let group = number("group_replication_transaction_size_limit");
    if let Some(limit) = group.filter(|limit| *limit > 0 && *limit < batch) {
        let message = format!(
            "group_replication_transaction_size_limit is {}, and a batch of {BATCH} rows can have {} (error 3100)",
            size(limit),
            size(batch)
        );
        let set = format!("group_replication_transaction_size_limit = {TRANSACTION_SIZE}");
        note(Level::Warning, Code::TransactionSizeLimit, message, set);
    }
    let packet = PACKET.max(longest.saturating_mul(2));
    if let Some(limit) = number("max_allowed_packet").filter(|limit| *limit < packet) {
        let message = format!(
            "max_allowed_packet is {}, and the longest session has {}: saving a larger one fails (error 1153)",
            size(limit),
            size(longest)
        );
        let set = format!("max_allowed_packet = {}", packet.next_power_of_two().max(16 << 20));
        note(Level::Warning, Code::PacketLimit, message, set);
    }
    if clustered("wsrep_retry_autocommit") == Some(0) {
        let message =
            "wsrep_retry_autocommit is 0: each conflict between two nodes reaches the web program (error 1213)";
        note(Level::Warning, Code::AutocommitRetryOff, message.into(), "wsrep_retry_autocommit = 1".into());
    }
    let method = variables.get("wsrep_osu_method").filter(|_| galera);
    if method.is_some_and(|method| method.eq_ignore_ascii_case("RSU")) {
        let message = "wsrep_OSU_method is RSU: a migration from there would alter the table on this node alone";
        note(Level::Error, Code::OsuMethodRsu, message.into(), "wsrep_OSU_method = TOI".into());
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    const SANE: &[(&str, &str)] = &[
        ("wsrep_on", "ON"),
        ("wsrep_max_ws_rows", "0"),
        ("wsrep_max_ws_size", "2147483647"),
        ("wsrep_retry_autocommit", "1"),
        ("wsrep_osu_method", "TOI"),
        ("max_allowed_packet", "16777216"),
        ("group_replication_transaction_size_limit", "150000000"),
    ];

    fn judged(changes: &[(&str, &str)], longest: u64) -> Vec<Finding> {
        let variables =
            SANE.iter().chain(changes).map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        of_node("n1", &variables, longest)
    }

    #[test]
    fn each_limit_that_is_in_the_way_is_told_with_what_lifts_it() {
        assert!(judged(&[], 4096).is_empty());
        for (change, longest, code, fix) in [
            (
                ("wsrep_max_ws_rows", "999"),
                0,
                Code::WsRowsLimit,
                "SET GLOBAL wsrep_max_ws_rows = 0; -- in my.cnf, under [mysqld]: wsrep_max_ws_rows = 0",
            ),
            (("wsrep_max_ws_size", "1048576"), 0, Code::WsSizeLimit, "SET GLOBAL wsrep_max_ws_size = 2147483647; "),
            (
                ("group_replication_transaction_size_limit", "1000000"),
                0,
                Code::TransactionSizeLimit,
                "SET GLOBAL group_replication_transaction_size_limit = 150000000; ",
            ),
            (("max_allowed_packet", "65536"), 0, Code::PacketLimit, "SET GLOBAL max_allowed_packet = 16777216; "),
            (
                ("max_allowed_packet", "4194304"),
                3_000_000,
                Code::PacketLimit,
                "SET GLOBAL max_allowed_packet = 16777216; ",
            ),
            (("wsrep_retry_autocommit", "0"), 0, Code::AutocommitRetryOff, "SET GLOBAL wsrep_retry_autocommit = 1; "),
            (("wsrep_osu_method", "RSU"), 0, Code::OsuMethodRsu, "SET GLOBAL wsrep_OSU_method = TOI; "),
        ] {
            let findings = judged(&[change], longest);
            // A row of 3 MB also makes a batch that no limit on a group's transaction takes.
            let found = findings.iter().find(|finding| finding.code == code).unwrap_or_else(|| panic!("{change:?}"));
            assert!(found.fix.as_deref().unwrap().starts_with(fix), "{found:?}");
        }
    }

    #[test]
    fn a_limit_that_is_off_or_of_a_cluster_that_is_not_there_is_none() {
        assert!(judged(&[("group_replication_transaction_size_limit", "0")], 0).is_empty());
        let off = [
            ("wsrep_on", "OFF"),
            ("wsrep_max_ws_rows", "1"),
            ("wsrep_max_ws_size", "1024"),
            ("wsrep_osu_method", "RSU"),
        ];
        assert!(judged(&off, 0).is_empty());
    }
}
