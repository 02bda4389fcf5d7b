//! The catalogue: every code that a finding can have, what it is about, and its page.

use std::fmt;

/// What a finding is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Subject {
    /// The servers, and the cluster that they are.
    Nodes,
    /// The session table: its columns, its keys, and the history of its migrations.
    Schema,
    /// The rows in it.
    Rows,
    /// The programs that write sessions.
    Writers,
    /// The deletion of expired sessions.
    Cleanup,
    /// The servers' clocks and time zones.
    Clocks,
    /// The account, and how it connects.
    Account,
    /// The servers' limits.
    Limits,
    /// How large the table is and will be.
    Growth,
    /// The keys that sign sessions.
    Keys,
}

impl Subject {
    /// Returns the word for it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Nodes => "nodes",
            Self::Schema => "schema",
            Self::Rows => "rows",
            Self::Writers => "writers",
            Self::Cleanup => "cleanup",
            Self::Clocks => "clocks",
            Self::Account => "account",
            Self::Limits => "limits",
            Self::Growth => "growth",
            Self::Keys => "keys",
        }
    }
}

/// Writes the enum, its texts and its pages from one list. A code without a page does not compile.
macro_rules! catalogue {
    ($($subject:ident { $($code:ident = $text:literal,)* })*) => {
        /// The stable name of something that can be noticed.
        ///
        /// Every code has a page, `docs/findings/CODE.md`, which `csqlstore doctor --explain CODE` shows.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        #[expect(missing_docs, reason = "each has a whole page")]
        pub enum Code {
            $($($code,)*)*
        }

        impl Code {
            /// All of them, by subject.
            pub const ALL: &[Self] = &[$($(Self::$code,)*)*];

            /// Returns the code as it is written: lower-case words and hyphens.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {
                    $($(Self::$code => $text,)*)*
                }
            }

            /// Returns what a finding of this code is about.
            #[must_use]
            pub fn subject(self) -> Subject {
                match self {
                    $($(Self::$code => Subject::$subject,)*)*
                }
            }

            /// Returns its page, in Markdown: what it means, why it matters, how it was found, how to mend it, and how to
            /// see that it is mended.
            #[must_use]
            pub fn page(self) -> &'static str {
                match self {
                    $($(Self::$code => include_str!(concat!("../../docs/findings/", $text, ".md")),)*)*
                }
            }
        }
    };
}

catalogue! {
    Nodes {
        NodeDown = "node-down",
        NodeUnusable = "node-unusable",
        NodeDraining = "node-draining",
        NodeDegraded = "node-degraded",
        NodeBehind = "node-behind",
        NoUsableNode = "no-usable-node",
        NoMajority = "no-majority",
        SplitBrain = "split-brain",
        KindsDiffer = "kinds-differ",
        SizeDiffers = "size-differs",
        VersionsDiffer = "versions-differ",
    }
    Schema {
        TableMissing = "table-missing",
        TableMisfit = "table-misfit",
        PrimaryKeyMissing = "primary-key-missing",
        IndexMissing = "index-missing",
        SchemaDiffers = "schema-differs",
        SchemaUnseen = "schema-unseen",
        DatabaseMissing = "database-missing",
        MigrationUnrecorded = "migration-unrecorded",
        MigrationInterrupted = "migration-interrupted",
        MigrationFailed = "migration-failed",
        MigrationDrift = "migration-drift",
        MigrationChecksum = "migration-checksum",
        HistoryForeign = "history-foreign",
    }
    Rows {
        DuplicateIds = "duplicate-ids",
        RowsUnverified = "rows-unverified",
        RowsUndecodable = "rows-undecodable",
        RowsUnread = "rows-unread",
    }
    Writers {
        WriterZone = "writer-zone",
    }
    Cleanup {
        EventMissing = "event-missing",
        EventDocumented = "event-documented",
        EventDisabled = "event-disabled",
        EventNodeDown = "event-node-down",
        EventNodeUnusable = "event-node-unusable",
        EventEnabledTwice = "event-enabled-twice",
        EventUnseen = "event-unseen",
        EventDrifted = "event-drifted",
        EventDefinerGone = "event-definer-gone",
        EventDefinerUnseen = "event-definer-unseen",
        EventDefinerDenied = "event-definer-denied",
        EventLeaseMissing = "event-lease-missing",
        EventRecordUnseen = "event-record-unseen",
        EventRunUnrecorded = "event-run-unrecorded",
        EventForeign = "event-foreign",
        EventZone = "event-zone",
        EventUnjudged = "event-unjudged",
        EventClocks = "event-clocks",
        SchedulerOff = "scheduler-off",
        ExpiredRowsLeft = "expired-rows-left",
        ExpiredRowsUnread = "expired-rows-unread",
        ExpiredBacklog = "expired-backlog",
    }
    Clocks {
        ClocksDiffer = "clocks-differ",
        ClockOff = "clock-off",
        TimeZonesDiffer = "time-zones-differ",
        TimeZoneNotUtc = "time-zone-not-utc",
    }
    Account {
        PrivilegeMissing = "privilege-missing",
        ConnectionPlain = "connection-plain",
    }
    Limits {
        WsRowsLimit = "ws-rows-limit",
        WsSizeLimit = "ws-size-limit",
        PacketLimit = "packet-limit",
        TransactionSizeLimit = "transaction-size-limit",
        AutocommitRetryOff = "autocommit-retry-off",
        OsuMethodRsu = "osu-method-rsu",
    }
    Growth {
        TableGrowth = "table-growth",
        TableFragmented = "table-fragmented",
    }
    Keys {
        KeyFileExposed = "key-file-exposed",
        KeyShort = "key-short",
        KeyPublished = "key-published",
        KeyPattern = "key-pattern",
        KeyWords = "key-words",
        KeyHexText = "key-hex-text",
        PairRepeated = "pair-repeated",
        HashKeyRepeated = "hash-key-repeated",
        BlockKeySigns = "block-key-signs",
        NoLongerEncrypts = "no-longer-encrypts",
    }
}

impl Code {
    /// Returns the code that is written so.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.as_str() == text)
    }

    /// Returns the first heading's text of its page: the code in a few words.
    #[must_use]
    pub fn summary(self) -> &'static str {
        let first = self.page().lines().next().unwrap_or_default();
        first.split_once(": ").map_or(first, |(_, summary)| summary)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/findings");

    #[test]
    fn every_page_belongs_to_a_code() {
        let mut pages: Vec<String> = std::fs::read_dir(FOLDER)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| name != "README.md")
            .collect();
        let mut codes: Vec<String> = Code::ALL.iter().map(|code| format!("{code}.md")).collect();
        pages.sort();
        codes.sort();
        assert_eq!(pages, codes);
    }

    #[test]
    fn every_page_has_what_a_reader_looks_for() {
        let headings =
            ["## What it means", "## Why it matters", "## How it is found", "## How to mend it", "## How to verify"];
        for code in Code::ALL {
            let page = code.page();
            assert!(page.starts_with(&format!("# {code}: ")), "{code}");
            let found: Vec<&str> = page.lines().filter(|line| line.starts_with("## ")).collect();
            assert_eq!(found, headings, "{code}");
            for section in page.split("\n## ").skip(1) {
                let (_, body) = section.split_once('\n').unwrap();
                assert!(body.trim().len() > 20, "{code}: {section}");
            }
        }
    }

    #[test]
    fn the_index_names_every_code_once_under_its_subject() {
        let index = std::fs::read_to_string(format!("{FOLDER}/README.md")).unwrap();
        let mut subject = "";
        let mut listed = Vec::new();
        for line in index.lines() {
            if let Some(heading) = line.strip_prefix("## ") {
                subject = heading;
            }
            if let Some(row) = line.strip_prefix("- [") {
                let (code, rest) = row.split_once(']').unwrap();
                let known = Code::parse(code).unwrap_or_else(|| panic!("{code}"));
                assert_eq!(subject, known.subject().as_str(), "{code}");
                assert_eq!(rest, format!("({code}.md): {}", known.summary()));
                listed.push(known);
            }
        }
        listed.sort();
        assert_eq!(listed, Code::ALL);
    }

    #[test]
    fn a_code_is_read_as_it_is_written_and_written_once() {
        for code in Code::ALL {
            assert_eq!(Code::parse(code.as_str()), Some(*code));
            assert!(code.as_str().bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'), "{code}");
        }
        assert_eq!(Code::parse("Node-Down"), None);
    }
}
