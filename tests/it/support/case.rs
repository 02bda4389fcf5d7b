//! A test and how it may run.

use std::future::Future;
use std::pin::Pin;

use libtest_mimic::Failed;

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
    pub run: fn() -> Pin<Box<dyn Future<Output = ()>>>,
}

/// Lists a file's tests, each an `async fn()`: `cases! { Beside: [a, b], Alone: [c] }`. One that is not listed is dead
/// code, which is an error.
#[macro_export]
macro_rules! cases {
    ($($runs:ident: [$($name:ident),* $(,)?]),* $(,)?) => {
        pub(crate) fn cases() -> Vec<$crate::support::case::Case> {
            vec![$($($crate::support::case::Case {
                name: format!("{}::{}", module_path!().rsplit("::").next().unwrap_or_default(), stringify!($name)),
                runs: $crate::support::case::Runs::$runs,
                run: || Box::pin($name()),
            }),*),*]
        }
    };
}

/// Runs a test on a runtime of its own; a panic in it is its failure.
pub fn run(test: fn() -> Pin<Box<dyn Future<Output = ()>>>) -> Result<(), Failed> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(test());
    Ok(())
}
