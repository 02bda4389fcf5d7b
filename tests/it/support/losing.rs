//! A node that goes under work that runs on it, and comes back when the work has ended.

use rustix::process::{Signal, kill_process};

use super::{Database, cluster};

/// Kills a node; `end` waits for the end of the work.
pub async fn killed<T>(node: &str, end: impl FnOnce() -> T) -> T {
    let mut sandbox = cluster::common().sandbox();
    sandbox.kill(node, |_| ()).await.expect("it can be killed");
    let ended = end();
    sandbox.start(node, |_| ()).await.expect("it comes back");
    ended
}

/// Cuts a node off from the others.
pub async fn isolated<T>(node: &str, end: impl FnOnce() -> T) -> T {
    let mut sandbox = cluster::common().sandbox();
    sandbox.isolate(node, |_| ()).await.expect("it can be cut off");
    let ended = end();
    sandbox.heal(node, |_| ()).await.expect("it is let in again");
    ended
}

/// Lets a node hang.
pub async fn hung<T: Send + 'static>(db: &Database, node: &str, end: impl FnOnce() -> T + Send + 'static) -> T {
    let pid = cluster::common().pid(node);
    kill_process(pid, Signal::STOP).expect("it is ours");
    let ended = tokio::task::spawn_blocking(end).await.expect("it ends");
    kill_process(pid, Signal::CONT).expect("it is ours");
    // The others have voted it out meanwhile, and it joins them again by itself.
    db.until_caught_up(node).await;
    db.until_well().await;
    ended
}
