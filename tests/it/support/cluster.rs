//! The common cluster: started by the first test that needs it, taken down at the end.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock};

use csqlstore::sandbox::{self, Node, Options, Sandbox};
use rustix::process::Pid;

use super::database::PATIENCE;
use super::engine::{Engine, engine};

/// The common cluster.
pub struct Common {
    pub nodes: Vec<Node>,
    dir: PathBuf,
}

static COMMON: OnceLock<Common> = OnceLock::new();
static TAKEN_DOWN: Mutex<bool> = Mutex::new(false);

/// Where the cluster of a test process lies.
fn folder(pid: u32) -> PathBuf {
    PathBuf::from(format!("/tmp/csqlstore-it-{pid}"))
}

/// Returns the common cluster, and starts it if nobody did.
pub fn common() -> &'static Common {
    COMMON.get_or_init(|| {
        // On a thread of its own: the caller is inside a runtime already.
        let dir = folder(std::process::id());
        let options = Options { dir: dir.clone(), ..engine().options() };
        let up = || async move {
            let sandbox = sandbox::up(&options, |_| ()).await?;
            if engine().is_group() {
                show_the_group(&sandbox).await?;
            }
            Ok(sandbox)
        };
        let sandbox = apart(up).unwrap_or_else(|error: sandbox::Error| {
            panic!("the cluster did not start: {error}: {:?}", std::error::Error::source(&error))
        });
        Common { nodes: sandbox.nodes(), dir }
    })
}

impl Common {
    /// The cluster, to work on its nodes.
    pub fn sandbox(&self) -> Sandbox {
        Sandbox::open(&self.dir).expect("the common cluster is there")
    }

    /// The process of a node.
    pub fn pid(&self, node: &str) -> Pid {
        let node = self.sandbox().nodes().into_iter().find(|it| it.name == node).expect("a node of the common cluster");
        node.pid.and_then(|pid| Pid::from_raw(pid.cast_signed())).expect("the node runs")
    }

    /// The DSN of root on a node, through its socket.
    pub fn root_dsn(&self, node: &str) -> String {
        self.sandbox().root_dsn(node).expect("a node of the common cluster")
    }
}

/// Lets every account see who is in the group: what each may do there is what tests are about.
async fn show_the_group(sandbox: &Sandbox) -> Result<(), sandbox::Error> {
    const ROLE: [&str; 2] =
        ["CREATE ROLE watcher", "GRANT SELECT ON performance_schema.replication_group_members TO watcher"];
    const ALWAYS: [&str; 2] = ["SET PERSIST activate_all_roles_on_login=ON", "SET PERSIST mandatory_roles='watcher'"];
    for node in sandbox.nodes() {
        let mut root = sandbox.root(&node.name)?.connect(PATIENCE).await?;
        let role = if node.name == "n1" { &ROLE[..] } else { &[] };
        for sql in role.iter().chain(&ALWAYS) {
            root.execute("letting all accounts see the group", sql, ()).await?;
        }
        root.close().await;
    }
    Ok(())
}

/// Makes the first node the primary again, if another one has become that.
pub async fn first_is_primary() {
    if engine() != Engine::Group || COMMON.get().is_none() {
        return;
    }
    let mut root = common().sandbox().root("n1").expect("the first node").connect(PATIENCE).await.expect("it runs");
    let uuid: Option<String> = root.first("asking who it is", "SELECT @@server_uuid", ()).await.expect("an answer");
    let sql = format!("SELECT group_replication_set_as_primary('{}')", uuid.expect("a UUID"));
    // It says in words what it did.
    let _: Option<String> = root.first("making it the primary", &sql, ()).await.expect("it can be the primary");
    root.close().await;
}

/// Takes the common cluster down, if it was started.
pub fn take_down() -> Result<(), String> {
    let mut done = TAKEN_DOWN.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if let Some(common) = COMMON.get()
        && !*done
    {
        *done = true;
        remove(&common.dir)?;
    }
    Ok(())
}

/// Takes down what a run left behind that was itself killed.
pub fn sweep() {
    let Ok(entries) = std::fs::read_dir("/tmp") else { return };
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let Some(pid) = name.strip_prefix("csqlstore-it-").and_then(|pid| pid.parse::<u32>().ok()) else { continue };
        if !Path::new(&format!("/proc/{pid}")).exists()
            && let Err(reason) = remove(&entry.path())
        {
            eprintln!("a cluster of an earlier run is left in {}: {reason}", entry.path().display());
        }
    }
}

fn remove(dir: &Path) -> Result<(), String> {
    Sandbox::open(dir).and_then(|sandbox| sandbox.down_now()).map_err(|error| error.to_string())
}

/// Runs a future to its end on a thread and a runtime of its own.
pub fn apart<T: Send + 'static, F: Future<Output = T>>(work: impl FnOnce() -> F + Send + 'static) -> T {
    try_apart(work).expect("the thread ends")
}

/// The same for where a panic would end the whole run: while another one is on its way.
pub fn try_apart<T: Send + 'static, F: Future<Output = T>>(
    work: impl FnOnce() -> F + Send + 'static,
) -> std::thread::Result<T> {
    let thread = std::thread::spawn(|| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(work())
    });
    thread.join()
}
