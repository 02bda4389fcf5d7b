//! A relay in front of one server, which can be slow, mute, lose answers, or hold back what is asked.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::time::Duration;

use csqlstore::cluster::Node;
use csqlstore::cluster::dsn::Address;

use super::proxy::packet;

/// What the client sends to run a statement that was prepared.
const EXECUTE: u8 = 0x17;

/// A relay that runs until the tests end.
pub struct Relay {
    port: u16,
    state: Arc<State>,
}

#[derive(Default)]
struct State {
    delay_ms: AtomicU64,
    mute: AtomicBool,
    /// How many answers are still to be lost, and how many were.
    loses: AtomicU32,
    lost: AtomicU32,
    holds: AtomicBool,
    /// How many statements were answered that had been held back.
    late: AtomicU32,
}

/// What is to be known of a connection's last statement when its answer comes.
#[derive(Default)]
struct Last {
    is_lost: AtomicBool,
    is_late: AtomicBool,
}

impl Relay {
    /// Listens on a port of its own, and hands everything to a node's server.
    pub fn before(node: &Node) -> Self {
        let Address::Tcp { port: server, .. } = node.dsn().address else { panic!("nodes of the tests have ports") };
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("it listens").port();
        let state = Arc::new(State::default());
        let theirs = Arc::clone(&state);
        std::thread::spawn(move || {
            let mut unheard = Vec::new();
            for client in listener.incoming().flatten() {
                if theirs.mute.load(Ordering::SeqCst) {
                    unheard.push(client);
                    continue;
                }
                let state = Arc::clone(&theirs);
                // A connection that ends is what ends this thread.
                std::thread::spawn(move || serve(client, server, &state));
            }
        });
        Self { port, state }
    }

    /// The same node as it is reached through this, by another name.
    pub fn node(&self, name: &str, node: &Node) -> Node {
        let mut dsn = node.dsn().clone();
        dsn.address = Address::Tcp { host: "127.0.0.1".to_owned(), port: self.port };
        Node::new(name, dsn)
    }

    /// Lets every answer take so much longer from now on.
    pub fn delay(&self, delay: Duration) {
        self.state.delay_ms.store(u64::try_from(delay.as_millis()).expect("a short time"), Ordering::SeqCst);
    }

    /// Accepts connections from now on, and says nothing on them.
    pub fn be_mute(&self) {
        self.state.mute.store(true, Ordering::SeqCst);
    }

    /// Loses the answers to the next so many statements that were prepared, and with each its connection; the server has
    /// done what was asked for.
    pub fn lose(&self, answers: u32) {
        self.state.loses.store(answers, Ordering::SeqCst);
    }

    /// Holds back from now on what clients ask, as a server does that hangs: it gets all of it once it is
    /// [let go](Self::let_go), also what nobody waits for any more.
    pub fn hold(&self) {
        self.state.holds.store(true, Ordering::SeqCst);
    }

    pub fn let_go(&self) {
        self.state.holds.store(false, Ordering::SeqCst);
    }

    /// How many statements that were prepared were held back, and answered by the server after that.
    pub fn late(&self) -> u32 {
        self.state.late.load(Ordering::SeqCst)
    }

    /// How many answers were lost so far.
    pub fn lost(&self) -> u32 {
        self.state.lost.load(Ordering::SeqCst)
    }
}

fn serve(mut client: TcpStream, server: u16, state: &Arc<State>) -> std::io::Result<()> {
    let mut server = TcpStream::connect(("127.0.0.1", server))?;
    for stream in [&client, &server] {
        stream.set_nodelay(true)?;
    }
    let last = Arc::new(Last::default());
    let (answers, to, theirs, about) = (server.try_clone()?, client.try_clone()?, Arc::clone(state), Arc::clone(&last));
    std::thread::spawn(move || answer((answers, to), &theirs, &about));
    loop {
        let command = packet(&mut client)?;
        let is_held = state.holds.load(Ordering::SeqCst);
        while state.holds.load(Ordering::SeqCst) {
            std::thread::sleep(Duration::from_millis(5));
        }
        // The first packet of a command has the number 0.
        if command[3] == 0 && command.get(4) == Some(&EXECUTE) {
            let one_less = |left: u32| left.checked_sub(1);
            let is_lost = state.loses.fetch_update(Ordering::SeqCst, Ordering::SeqCst, one_less).is_ok();
            last.is_lost.store(is_lost, Ordering::SeqCst);
            last.is_late.store(is_held, Ordering::SeqCst);
        }
        server.write_all(&command)?;
    }
}

fn answer((mut server, mut client): (TcpStream, TcpStream), state: &State, last: &Last) -> std::io::Result<()> {
    let mut bytes = vec![0; 1 << 16];
    loop {
        let count = server.read(&mut bytes)?;
        if count > 0 && last.is_late.swap(false, Ordering::SeqCst) {
            state.late.fetch_add(1, Ordering::SeqCst);
        }
        if count == 0 || last.is_lost.load(Ordering::SeqCst) {
            if count > 0 {
                state.lost.fetch_add(1, Ordering::SeqCst);
            }
            client.shutdown(Shutdown::Both)?;
            return server.shutdown(Shutdown::Both);
        }
        std::thread::sleep(Duration::from_millis(state.delay_ms.load(Ordering::SeqCst)));
        client.write_all(&bytes[..count])?;
    }
}
