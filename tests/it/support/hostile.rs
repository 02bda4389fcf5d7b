//! What no honest server sends: a greeting, and then these packets, one for each of the client's.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};

/// Listens on a port of its own until the tests end, and returns the port.
pub fn server(packets: &[&[u8]]) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = listener.local_addr().expect("it listens").port();
    let packets: Vec<Vec<u8>> = packets.iter().map(|packet| packet.to_vec()).collect();
    std::thread::spawn(move || {
        // A client that goes away in the middle is what is tested.
        for stream in listener.incoming().flatten() {
            let _ = talk(stream, &packets);
        }
    });
    port
}

fn talk(mut stream: TcpStream, packets: &[Vec<u8>]) -> std::io::Result<()> {
    // Version 10, id 1, both halves of the nonce, protocol 4.1 with plugins, caching_sha2_password.
    let mut greeting = b"\x0a8.4.0\0\x01\0\0\0abcdefgh\0\x09\x82\xff\x02\0\x08\0\x15".to_vec();
    greeting.extend([0; 10]);
    greeting.extend(b"abcdefghijkl\0caching_sha2_password\0");
    send(&mut stream, 0, &greeting)?;
    for packet in packets {
        let sequence = receive(&mut stream)?;
        send(&mut stream, sequence.wrapping_add(1), packet)?;
    }
    receive(&mut stream).map(|_| ())
}

fn send(stream: &mut TcpStream, sequence: u8, payload: &[u8]) -> std::io::Result<()> {
    let length = u8::try_from(payload.len()).expect("a short packet");
    stream.write_all(&[length, 0, 0, sequence])?;
    stream.write_all(payload)
}

/// Reads one packet and returns its number.
fn receive(stream: &mut TcpStream) -> std::io::Result<u8> {
    let mut header = [0; 4];
    stream.read_exact(&mut header)?;
    let [low, middle, high, sequence] = header;
    let mut payload = vec![0; u32::from_le_bytes([low, middle, high, 0]) as usize];
    stream.read_exact(&mut payload)?;
    Ok(sequence)
}
