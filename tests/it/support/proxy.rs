//! A proxy in front of two servers that hands each statement to the one or the other, as those that balance by
//! statement do behind a connection that stays open.
//!
//! It logs in to both with what the client says, which is the same for both servers where the account has no password.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

/// A proxy that runs until the tests end.
pub struct Proxy {
    pub port: u16,
    state: Arc<State>,
}

#[derive(Default)]
struct State {
    to_second: AtomicBool,
    /// A statement that begins so is the last that goes to the first server.
    last: Mutex<Option<String>>,
}

impl Proxy {
    /// Listens on a port of its own; at first all goes to the first server.
    pub fn before(first: u16, second: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("it listens").port();
        let state = Arc::new(State::default());
        let theirs = Arc::clone(&state);
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let state = Arc::clone(&theirs);
                // A connection that ends is what ends this thread.
                std::thread::spawn(move || serve(client, (first, second), &state));
            }
        });
        Self { port, state }
    }

    /// From now on all goes to the second server.
    pub fn switch(&self) {
        self.state.to_second.store(true, Ordering::SeqCst);
    }

    /// The same once a statement that begins so was sent.
    pub fn switch_after(&self, begin: &str) {
        *self.state.last.lock().expect("no panic holds it") = Some(begin.to_owned());
    }
}

fn serve(mut client: TcpStream, (first, second): (u16, u16), state: &State) -> std::io::Result<()> {
    let mut first = TcpStream::connect(("127.0.0.1", first))?;
    let mut second = TcpStream::connect(("127.0.0.1", second))?;
    // Greetings, the client's answer, and what the servers say to it.
    client.write_all(&packet(&mut first)?)?;
    packet(&mut second)?;
    let login = packet(&mut client)?;
    first.write_all(&login)?;
    second.write_all(&login)?;
    client.write_all(&packet(&mut first)?)?;
    packet(&mut second)?;
    // Whoever was not asked says nothing.
    for mut server in [first.try_clone()?, second.try_clone()?] {
        let mut client = client.try_clone()?;
        std::thread::spawn(move || std::io::copy(&mut server, &mut client));
    }
    loop {
        let command = packet(&mut client)?;
        let target = if state.to_second.load(Ordering::SeqCst) { &mut second } else { &mut first };
        target.write_all(&command)?;
        let last = state.last.lock().expect("no panic holds it");
        // Behind four bytes of header and one for the kind of command.
        if let (Some(last), Some(text)) = (last.as_deref(), command.get(5..))
            && text.starts_with(last.as_bytes())
        {
            state.to_second.store(true, Ordering::SeqCst);
        }
    }
}

/// Reads one packet, header included.
pub fn packet(stream: &mut TcpStream) -> std::io::Result<Vec<u8>> {
    let mut packet = vec![0; 4];
    stream.read_exact(&mut packet)?;
    let length = u32::from_le_bytes([packet[0], packet[1], packet[2], 0]) as usize;
    packet.resize(4 + length, 0);
    stream.read_exact(&mut packet[4..])?;
    Ok(packet)
}
