//! Each code has a test of its name, which fails unless it provokes the code and mends it: `support::proof`.

use std::collections::BTreeSet;

use csqlstore::Code;

use crate::support::proof;

crate::cases! {
    Beside: [every_code_is_provoked_and_mended_by_a_test_of_its_name],
}

async fn every_code_is_provoked_and_mended_by_a_test_of_its_name() {
    let cases = [
        crate::doctor_cleanup::cases(),
        crate::doctor_flow::cases(),
        crate::doctor_keys::cases(),
        crate::doctor_nodes::cases(),
        crate::doctor_releases::cases(),
        crate::doctor_rows::cases(),
        crate::doctor_schema::cases(),
    ];
    let provoked: BTreeSet<Code> = cases.iter().flatten().filter_map(|case| proof::of_test(&case.name)).collect();
    let all: BTreeSet<Code> = Code::ALL.iter().copied().collect();
    assert_eq!(provoked, all);
}
