//! `csqlstore doctor`.

use clap::Args;
use serde::Serialize;

use csqlstore::doctor::{self, Examination, Subject};
use csqlstore::{Finding, Level};

use crate::context::Context;
use crate::failure::{Failure, Status};
use crate::ui::{FindingJson, Report, Style, Ui, findings_as_text};

/// Take one look at everything, and say what to do about it
///
/// The nodes, the table's schema, and whether expired sessions are deleted. Each finding has a level, a code, and where
/// there is one the command or the SQL that mends it. Nothing is written anywhere.
///
/// Exit status 0: nothing is wrong; 1: something does not work; 4: the table is not what it should be.
#[derive(Args, Debug)]
pub(crate) struct DoctorArgs {}

pub(crate) async fn run(args: &DoctorArgs, cx: &Context, ui: &Ui) -> Result<Status, Failure> {
    let DoctorArgs {} = args;
    ui.answer(&DoctorReport(doctor::examine(cx.cluster()?, cx.table()).await))
}

struct DoctorReport(Examination);

#[derive(Serialize)]
struct DoctorJson<'a> {
    findings: Vec<FindingJson<'a>>,
}

impl Report for DoctorReport {
    fn json(&self) -> impl Serialize {
        DoctorJson { findings: self.0.findings.iter().map(|(_, finding)| FindingJson::from(finding)).collect() }
    }

    fn human(&self, style: &Style) -> String {
        let findings: Vec<Finding> = self.0.findings.iter().map(|(_, finding)| finding.clone()).collect();
        let errors = findings.iter().filter(|finding| finding.level == Level::Error).count();
        let warnings = findings.iter().filter(|finding| finding.level == Level::Warning).count();
        let summary = match (errors, warnings) {
            (0, 0) => style.good("nothing is wrong"),
            (0, _) => style.warn(format_args!("nothing is wrong yet; warnings: {warnings}")),
            _ => style.bad(format_args!("errors: {errors}, warnings: {warnings}")),
        };
        format!("{summary}\n{}", findings_as_text(&findings, style))
    }

    fn status(&self) -> Status {
        if self.0.fails(Subject::Schema) {
            Status::Unexpected
        } else if self.0.fails(Subject::Nodes) || self.0.fails(Subject::Cleanup) {
            Status::No
        } else {
            Status::Done
        }
    }
}
