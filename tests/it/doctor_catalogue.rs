//! Each code is provoked and mended by a test that is called as it is, or has a reason why it cannot be.

use csqlstore::Code;

crate::cases! {
    Beside: [every_code_is_provoked_or_has_a_reason_why_not],
}

/// Codes that nobody can provoke here, with why; each has a unit test of its judgement.
const NOT_PROVOKED: &[(Code, &str)] = &[
    // health::judge_tests: flow control that a test asks for is over before anybody looks.
    (Code::NodeDegraded, "flow control comes and goes in milliseconds"),
    // health::judge_tests.
    (Code::VersionsDiffer, "there is one release of the server on this machine"),
    // node_replica.
    (Code::ReplicaWritable, "the nodes of a cluster follow nobody"),
    // node_check.
    (Code::CertificateExpires, "the nodes' certificates are not known over plain connections"),
    // doctor::judge::limits.
    (Code::TransactionSizeLimit, "MariaDB has no Group Replication"),
];

async fn every_code_is_provoked_or_has_a_reason_why_not() {
    let cases = [
        crate::doctor_cleanup::cases(),
        crate::doctor_nodes::cases(),
        crate::doctor_rows::cases(),
        crate::doctor_schema::cases(),
    ];
    let tests: Vec<String> =
        cases.iter().flatten().filter_map(|case| case.name.split_once("::").map(|(_, name)| name.to_owned())).collect();
    for code in Code::ALL {
        // What `key check` says of keys needs no server, and is tested in key.rs.
        if code.subject() == csqlstore::Subject::Keys {
            continue;
        }
        let provoked = tests.contains(&code.as_str().replace('-', "_"));
        let reason = NOT_PROVOKED.iter().find(|(of, _)| of == code);
        assert!(provoked != reason.is_some(), "{code}: provoked: {provoked}, a reason why not: {reason:?}");
    }
}
