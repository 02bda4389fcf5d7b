//! A test and how it may run.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;

use libtest_mimic::Failed;

use super::engine::{Engine, Needs};
use super::proof;

/// Whether a test may run beside others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Runs {
    /// It leaves the nodes alone, or has a cluster of its own.
    Beside,
    /// It takes nodes of the common cluster away, and brings them back.
    Alone,
}

/// A test.
pub struct Case {
    pub name: String,
    pub runs: Runs,
    /// What it cannot do without, and why.
    pub needs: (Needs, &'static str),
    pub run: fn() -> Pin<Box<dyn Future<Output = ()>>>,
}

/// Lists a file's tests, each an `async fn()`: `cases! { Beside: [a, b], Alone: [c] }`. One that is not listed is dead
/// code, which is an error. `Beside if Galera because "it cuts a node off": [d]` are run where [`Engine::has`] says so.
#[macro_export]
macro_rules! cases {
    (@needs) => { ($crate::support::engine::Needs::Nothing, "") };
    (@needs $needs:ident $why:literal) => { ($crate::support::engine::Needs::$needs, $why) };
    (@list $runs:ident, $needs:expr, [$($name:ident),* $(,)?]) => {
        vec![$($crate::support::case::Case {
            name: format!("{}::{}", module_path!().rsplit("::").next().unwrap_or_default(), stringify!($name)),
            runs: $crate::support::case::Runs::$runs,
            needs: $needs,
            run: || Box::pin($name()),
        }),*]
    };
    ($($runs:ident $(if $needs:ident because $why:literal)?: $names:tt),* $(,)?) => {
        pub(crate) fn cases() -> Vec<$crate::support::case::Case> {
            [$($crate::cases!(@list $runs, $crate::cases!(@needs $($needs $why)?), $names)),*].into_iter().flatten().collect()
        }
    };
}

/// Takes out the cases that the engine lacks something for, and says how many there are for each reason.
pub fn fit(cases: Vec<Case>, engine: Engine) -> (Vec<Case>, BTreeMap<&'static str, Vec<String>>) {
    let mut left_out: BTreeMap<&'static str, Vec<String>> = BTreeMap::new();
    let (fit, unfit): (Vec<Case>, Vec<Case>) = cases.into_iter().partition(|case| engine.has(case.needs.0));
    for case in unfit {
        left_out.entry(case.needs.1).or_default().push(case.name);
    }
    (fit, left_out)
}

/// Runs a test on a runtime of its own; a panic in it is its failure, and so is that one which has the name of a code did
/// not provoke and mend it.
pub fn run(name: &str, runs: Runs, test: fn() -> Pin<Box<dyn Future<Output = ()>>>) -> Result<(), Failed> {
    proof::begin();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        if runs == Runs::Alone {
            // The test before may have killed it.
            super::cluster::first_is_primary().await;
        }
        test().await;
    });
    proof::of_test(name).map_or(Ok(()), |code| Ok(proof::shown(code)?))
}
