//! A border that a panic of the driver does not cross.
//!
//! The driver panics on some answers: a public key that is no PEM, a column of another type than it asked for. What a
//! server sends is input, and must cost the one connection, not the command and the report that it is about to write.

use std::cell::Cell;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;

use super::error::DriverError;

thread_local! {
    static INSIDE: Cell<bool> = const { Cell::new(false) };
}

/// Returns whether this thread is inside a call of the driver whose panic comes back as an error.
///
/// For a panic hook: such a panic is a server's doing, will be reported as what it is, and is no bug.
#[must_use]
pub fn driver_guarded() -> bool {
    INSIDE.get()
}

/// Marks the thread while it polls the driver; a task may go on in another thread after each poll.
struct Inside;

impl Inside {
    fn enter() -> Self {
        INSIDE.set(true);
        Self
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        INSIDE.set(false);
    }
}

/// Runs a call of the driver, and nothing else: a panic of our own must stay one.
///
/// After [`DriverError::Unexpected`] the connection is out of step and must not be used again.
pub(super) async fn guarded<T>(work: impl Future<Output = Result<T, mysql_async::Error>>) -> Result<T, Fault> {
    let mut work = pin!(work);
    let polled = poll_fn(|cx| {
        let _inside = Inside::enter();
        // What the panic leaves half done is the connection, which nobody uses after this.
        match catch_unwind(AssertUnwindSafe(|| work.as_mut().poll(cx))) {
            Ok(poll) => poll.map(Some),
            Err(_) => std::task::Poll::Ready(None),
        }
    });
    match polled.await {
        Some(outcome) => outcome.map_err(Fault::Error),
        None => Err(Fault::Panic),
    }
}

/// Why a call of the driver did not succeed.
pub(super) enum Fault {
    Error(mysql_async::Error),
    Panic,
}

impl Fault {
    /// The same, of a connection that is not made yet.
    pub(super) fn in_connecting(self) -> DriverError {
        match self {
            Self::Error(error) => DriverError::of_connecting(error),
            panic @ Self::Panic => panic.into(),
        }
    }
}

impl From<Fault> for DriverError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Error(error) => Self::from(error),
            // What the panic says may hold what the server sent.
            Fault::Panic => Self::foreign(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run<T>(work: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(work)
    }

    #[test]
    fn a_panic_is_an_error_and_the_thread_is_marked_only_while_the_driver_runs() {
        let marked = run(guarded(async { Ok(driver_guarded()) }));
        assert!(marked.is_ok_and(|marked| marked));
        assert!(!driver_guarded());
        let outcome: Result<(), Fault> = run(guarded(async { panic!("a server's text") }));
        assert!(!driver_guarded());
        assert_eq!(outcome.map_err(DriverError::from), Err(DriverError::foreign()));
    }

    #[test]
    fn between_two_polls_the_thread_is_not_marked() {
        let work = run(async {
            let mut work = pin!(guarded(async {
                tokio::task::yield_now().await;
                Ok(())
            }));
            let mut marks = Vec::new();
            let done = poll_fn(|cx| {
                let poll = work.as_mut().poll(cx);
                marks.push(driver_guarded());
                poll
            });
            (done.await.is_ok(), marks)
        });
        assert_eq!(work, (true, vec![false, false]));
    }
}
