//! What the account lacks, command by command, and connections that anybody on the way can read.

use super::super::grants::Grants;
use super::super::look::{Schema, Sight};
use super::super::needs::{self, Lack, Subject};
use crate::cluster::Tls;
use crate::grant::needs::On;
use crate::migrate::Inspected;
use crate::schema::Table;
use crate::{Code, Finding, Level};

/// Judges the account, as the first node that tells has it, and how each node is reached.
pub(in super::super) fn account(sights: &[Sight], table: &Table) -> Vec<Finding> {
    let mut findings = Vec::new();
    let told = sights.iter().find_map(|sight| {
        let server = sight.seen.as_ref().ok()?;
        Some((server, server.database.as_deref()?))
    });
    if let Some((server, database)) = told {
        let absent = absent(&server.schema);
        let subject = Subject { account: &server.account, database, table, absent };
        let lacks = needs::lacks(&Grants::parse(&server.grants), &subject);
        findings.extend(lacks.into_iter().map(|Lack { commands, rights, grant }| {
            let commands: Vec<String> = commands.iter().map(|command| format!("`csqlstore {command}`")).collect();
            let message = format!("this account cannot run {}: it lacks {rights}", commands.join(", "));
            Finding::new(Level::Note, Code::PrivilegeMissing, message).fix(grant)
        }));
    }
    findings.extend(sights.iter().filter_map(plain));
    findings
}

/// Returns which tables are known not to be there.
fn absent(schema: &Schema) -> Vec<On> {
    let Schema::Read(inspected) = schema else { return Vec::new() };
    let Inspected { table, history, leases, .. } = &**inspected;
    let there = [(On::Sessions, table.is_some()), (On::History, history.is_some()), (On::Leases, *leases)];
    there.into_iter().filter(|(_, there)| !there).map(|(on, _)| on).collect()
}

/// A connection to another machine that is not encrypted.
fn plain(sight: &Sight) -> Option<Finding> {
    let host = sight.remote_host()?;
    if sight.seen.as_ref().ok()?.encrypted {
        return None;
    }
    let asked = match sight.dsn.tls {
        Tls::Preferred => ", since the server offers no TLS",
        _ => "",
    };
    let message = format!(
        "the connection to node `{}` on {host} is not encrypted{asked}: passwords' proofs and sessions can be read on the way",
        sight.node
    );
    let mut dsn = sight.dsn.clone();
    dsn.password = None;
    let lead = if dsn.to_string().contains('?') { '&' } else { '?' };
    let fix = format!("csqlstore --node '{}={dsn}{lead}ssl-mode=REQUIRED' doctor", sight.node);
    Some(Finding::new(Level::Warning, Code::ConnectionPlain, message).on(&sight.node).fix(fix))
}
