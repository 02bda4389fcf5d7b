//! Tables that are not there, or are others than expected, and what is written about them.

use super::{BARE, Case};

pub(super) const CASES: &[Case] = &[
    Case {
        name: "no table to list",
        env: &[("CSQLSTORE_NODES", "db1=mysql://app:{password}@127.0.0.1:{port}/bare")],
        args: &["session", "list"],
        status: 4,
        says: concat!(
            "error: listing sessions failed on node `db1`\n",
            "  caused by: Table 'bare.session_cluster' doesn't exist (1146)\n",
            "hint: `csqlstore migrate up` creates the table, if its name (`--table`) is right"
        ),
        ..BARE
    },
    Case {
        name: "no table to count",
        env: &[("CSQLSTORE_NODES", "db1=mysql://app:{password}@127.0.0.1:{port}/bare")],
        args: &["session", "stats"],
        status: 4,
        says: concat!(
            "error: reading sessions failed on node `db1`\n",
            "  caused by: Table 'bare.session_cluster' doesn't exist (1146)\n",
            "hint: `csqlstore migrate up` creates the table, if its name (`--table`) is right"
        ),
        ..BARE
    },
    Case {
        name: "no table to purge",
        env: &[("CSQLSTORE_NODES", "db1=mysql://app:{password}@127.0.0.1:{port}/bare")],
        args: &["purge", "--dry-run"],
        status: 4,
        says: concat!(
            "error: counting expired sessions failed on node `db1`\n",
            "  caused by: Table 'bare.session_cluster' doesn't exist (1146)\n",
            "hint: `csqlstore migrate up` creates the table, if its name (`--table`) is right"
        ),
        ..BARE
    },
    Case {
        name: "no table of that name",
        env: &[("CSQLSTORE_NODES", "db1=mysql://app:{password}@127.0.0.1:{port}/bare")],
        args: &["--table", "sessions", "session", "list"],
        status: 4,
        says: concat!(
            "error: listing sessions failed on node `db1`\n",
            "  caused by: Table 'bare.sessions' doesn't exist (1146)\n",
            "hint: `csqlstore --table sessions migrate up` creates the table, if its name (`--table`) is right"
        ),
        ..BARE
    },
    Case {
        name: "no table for an event",
        env: &[("CSQLSTORE_NODES", "db1=mysql://app:{password}@127.0.0.1:{port}/bare")],
        args: &["event", "install", "--yes"],
        status: 4,
        says: concat!(
            "error: looking at the session table failed on node `db1`\n",
            "  caused by: Table 'bare.session_cluster' doesn't exist (1146)\n",
            "hint: `csqlstore migrate up` creates the table, if its name (`--table`) is right"
        ),
        ..BARE
    },
    Case {
        name: "a purge without the key",
        env: &[("CSQLSTORE_NODES", "db1=mysql://app:{password}@127.0.0.1:{port}/documented")],
        args: &["purge", "--yes"],
        status: 4,
        says: concat!(
            "warning: no index begins with `expire_on`: each batch reads the whole table (`csqlstore migrate up` adds one)\n",
            "error: there is no table `csqlstore_lease` beside `session_cluster`\n",
            "hint: `csqlstore migrate up` creates the table; `--no-lease` purges without"
        ),
        ..BARE
    },
    Case {
        name: "a table's name with a quote",
        env: &[("CSQLSTORE_NODES", "db1=mysql://app:{password}@127.0.0.1:{port}/bare")],
        args: &["--table", "sess'ions`", "session", "list"],
        status: 4,
        says: concat!(
            "error: listing sessions failed on node `db1`\n",
            "  caused by: Table 'bare.sess'ions`' doesn't exist (1146)\n",
            "hint: `csqlstore --table 'sess'\\''ions`' migrate up` creates the table, if its name (`--table`) is right"
        ),
        ..BARE
    },
    Case {
        name: "a view to migrate",
        env: &[("CSQLSTORE_NODES", "db1=mysql://app:{password}@127.0.0.1:{port}/view")],
        args: &["migrate", "up", "--yes"],
        status: 4,
        says: concat!(
            "error: `session_cluster` cannot be migrated: it is a view\n",
            "hint: nothing was changed; name the table that the view shows with `--table` (`SHOW CREATE VIEW` tells it)"
        ),
        ..BARE
    },
    Case {
        name: "a view to purge",
        env: &[("CSQLSTORE_NODES", "db1=mysql://app:{password}@127.0.0.1:{port}/view")],
        args: &["purge", "--yes"],
        status: 4,
        says: concat!(
            "warning: no index begins with `expire_on`: each batch reads the whole table (`csqlstore migrate up` cannot add one: it is a view)\n",
            "error: there is no table `csqlstore_lease` beside `session_cluster`\n",
            "hint: name the table that the view shows with `--table` (`SHOW CREATE VIEW` tells it); `--no-lease` purges through it, without a lease"
        ),
        ..BARE
    },
    Case {
        name: "a table without a column, to migrate",
        env: &[("CSQLSTORE_NODES", "db1=mysql://app:{password}@127.0.0.1:{port}/misfit")],
        args: &["migrate", "up", "--yes"],
        status: 4,
        says: concat!(
            "error: `session_cluster` cannot be migrated: it has no column `expire_on`\n",
            "hint: nothing was changed; `--table` names another table"
        ),
        ..BARE
    },
    Case {
        name: "a table without a column, to purge",
        env: &[("CSQLSTORE_NODES", "db1=mysql://app:{password}@127.0.0.1:{port}/misfit")],
        args: &["purge", "--yes"],
        status: 4,
        says: concat!(
            "error: `session_cluster` is no table of sessions: it has no column `expire_on`\n",
            "hint: `--table` names another table"
        ),
        ..BARE
    },
    Case {
        name: "a table without a column, to list",
        env: &[("CSQLSTORE_NODES", "db1=mysql://app:{password}@127.0.0.1:{port}/misfit")],
        args: &["session", "list"],
        status: 4,
        says: concat!(
            "error: listing sessions failed on node `db1`\n",
            "  caused by: Unknown column 'expire_on' in 'SELECT' (1054)\n",
            "hint: the table is not as csqlstore expects it: `csqlstore migrate verify` says in what"
        ),
        ..BARE
    },
    Case {
        name: "two rows of one id",
        env: &[("CSQLSTORE_NODES", "db1=mysql://app:{password}@127.0.0.1:{port}/twice")],
        args: &["migrate", "up", "--yes"],
        status: 4,
        says: concat!(
            "error: `session_cluster` has 1 duplicate id: a (2 rows)\n",
            "hint: nothing was changed; `--dedupe newest` leaves the newest row of each, and shows them with `--dry-run`"
        ),
        ..BARE
    },
    Case {
        name: "a migration that was undone by hand",
        env: &[("CSQLSTORE_NODES", "db1=mysql://app:{password}@127.0.0.1:{port}/failed")],
        args: &["migrate", "up", "--yes"],
        status: 4,
        says: concat!(
            "error: migration 3 (expire_on_index) is recorded as done, and `session_cluster` does not have what it brings\n",
            "hint: somebody has changed the table since: `csqlstore migrate verify` shows what; `csqlstore migrate repair` strikes it from the history, and `csqlstore migrate up` brings it again"
        ),
        ..BARE
    },
    Case {
        name: "a migration that was another one",
        env: &[("CSQLSTORE_NODES", "db1=mysql://app:{password}@127.0.0.1:{port}/changed")],
        args: &["migrate", "up", "--yes"],
        status: 4,
        says: concat!(
            "error: migration 2 (primary_key) is recorded with another text than this program has\n",
            "hint: another version of csqlstore has recorded it; run that one"
        ),
        ..BARE
    },
    Case {
        name: "a table that was changed by hand",
        env: &[("CSQLSTORE_NODES", "db1=mysql://app:{password}@127.0.0.1:{port}/drifted")],
        args: &["migrate", "up", "--yes"],
        status: 4,
        says: concat!(
            "error: `session_cluster` cannot be migrated: its index `expire_on` is on (modify_at) or ignored, and serves no search by expire_on\n",
            "hint: nothing was changed; `--table` names another table"
        ),
        ..BARE
    },
    Case {
        name: "no table of leases",
        env: &[("CSQLSTORE_NODES", "db1=mysql://app:{password}@127.0.0.1:{port}/leaseless")],
        args: &["purge", "--yes"],
        status: 4,
        says: concat!(
            "error: there is no table `csqlstore_lease` beside `session_cluster`\n",
            "hint: `csqlstore migrate up` creates the table; `--no-lease` purges without"
        ),
        ..BARE
    },
    Case {
        name: "a lease that somebody else has",
        env: &[("CSQLSTORE_NODES", "db1=mysql://app:{password}@127.0.0.1:{port}/held")],
        args: &["purge", "--yes"],
        status: 3,
        says: concat!(
            "error: the lease `purge` of `session_cluster` is held by ops@elsewhere:4711 since 2026-11-01T00:00:00Z (phase run, on elsewhere:3306, until 2036-01-01T00:00:00Z unless renewed)\n",
            "hint: wait for it with `--wait`, or let it be with `--if-free`; a lease that is not renewed ends by itself at 2036-01-01T00:00:05Z"
        ),
        ..BARE
    },
    Case {
        name: "a session that there is not",
        env: &[("CSQLSTORE_NODES", "db1=mysql://app:{password}@127.0.0.1:{port}/well"), ("CSQLSTORE_KEYS", "{keys}")],
        args: &["session", "show", "--name", "{name}", "gone"],
        status: 1,
        says: concat!(
            "error: there is no session `gone` in `session_cluster`\n",
            "hint: it was deleted or purged, or another table (`--table`) or cluster (`--cluster`) has it"
        ),
        ..BARE
    },
    Case {
        name: "a row that is no session",
        env: &[("CSQLSTORE_NODES", "db1=mysql://app:{password}@127.0.0.1:{port}/well"), ("CSQLSTORE_KEYS", "{keys}")],
        args: &["session", "show", "--name", "{name}", "broken"],
        status: 1,
        says: concat!(
            "error: the data of session `broken` cannot be read\n",
            "  caused by: the value does not verify\n",
            "  caused by: the value is not base64\n",
            "hint: no gorilla session store has written this row"
        ),
        reports: "Session broken is active\n",
        ..BARE
    },
    Case {
        name: "a purge that nobody can agree to",
        env: &[("CSQLSTORE_NODES", "db1=mysql://app:{password}@127.0.0.1:{port}/well")],
        args: &["purge"],
        says: concat!(
            "error: there is no terminal to ask: Delete 1 expired session?\n",
            "hint: `--yes` answers yes to it; `--dry-run` only looks, on commands that have it"
        ),
        ..BARE
    },
    Case {
        name: "a file of metrics that cannot be written",
        env: &[("CSQLSTORE_NODES", "db1=mysql://app:{password}@127.0.0.1:{port}/well")],
        args: &["purge", "--yes", "--metrics-file", "nowhere/purge.prom"],
        says: concat!(
            "deleted rows are replicated whole, data included; smaller with GRANT BINLOG ADMIN ON *.* TO 'app'@'%'\n",
            "error: writing the metrics to `nowhere/purge.prom` failed\n",
            "  caused by: No such file or directory (os error 2)\n",
            "hint: its folder has to be there and writable; what the purge did stays done"
        ),
        reports: "Deleted 1 of 1 session",
        ..BARE
    },
    Case {
        name: "a history that is not to be undone so",
        env: &[("CSQLSTORE_NODES", "db1=mysql://app:{password}@127.0.0.1:{port}/well")],
        args: &["migrate", "down", "--yes", "--to", "0"],
        says: concat!(
            "error: migration 1 (session_cluster) is adopted: what it brings was on `session_cluster` before csqlstore came\n",
            "hint: nothing was changed; who made it may drop it, and `--force` does it all the same (`--dry-run` shows the SQL)"
        ),
        ..BARE
    },
    Case {
        name: "a migration that there is not",
        env: &[("CSQLSTORE_NODES", "db1=mysql://app:{password}@127.0.0.1:{port}/well")],
        args: &["migrate", "up", "--to", "99"],
        says: concat!(
            "error: there is no migration 99; there are 1, 2 and 3\n",
            "hint: `csqlstore migrate status` lists them"
        ),
        ..BARE
    },
];
