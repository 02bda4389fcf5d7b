//! The command on a terminal of its own, with somebody who types.

use std::fs::{File, OpenOptions};
use std::io::{Read as _, Write as _};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{LocalModes, tcgetattr};

use super::database::PATIENCE;

/// A command that runs on a terminal.
pub struct Terminal {
    line: String,
    child: Child,
    keyboard: File,
    screen: Receiver<Vec<u8>>,
    /// All that was shown so far, both outputs as they came.
    pub shown: String,
    /// Up to where it was waited for.
    seen: usize,
}

impl Terminal {
    /// Starts a command with its input and both outputs on a new terminal.
    pub fn start((line, mut command): (String, Command)) -> Self {
        let ours = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a terminal");
        grantpt(&ours).expect("ours");
        unlockpt(&ours).expect("ours");
        let name = ptsname(&ours, Vec::new()).expect("it has a name").into_string().expect("a path in ASCII");
        let theirs = OpenOptions::new().read(true).write(true).open(name).expect("the other end");
        let end = || Stdio::from(theirs.try_clone().expect("a copy"));
        let child = command.stdin(end()).stdout(end()).stderr(end()).spawn().expect("the command starts");
        // Or the terminal would stay open when the command has ended.
        drop((command, theirs));
        let keyboard = File::from(ours);
        let mut reads = keyboard.try_clone().expect("a copy");
        let (sender, screen) = channel();
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            // EIO: nobody has the other end any more.
            while let Ok(count @ 1..) = reads.read(&mut bytes) {
                if sender.send(bytes[..count].to_vec()).is_err() {
                    return;
                }
            }
        });
        Self { line, child, keyboard, screen, shown: String::new(), seen: 0 }
    }

    /// Waits until this is shown, behind what was waited for last.
    #[track_caller]
    pub fn until_it_shows(&mut self, text: &str) {
        loop {
            if let Some(at) = self.shown[self.seen..].find(text) {
                self.seen += at + text.len();
                return;
            }
            match self.screen.recv_timeout(PATIENCE) {
                Ok(bytes) => self.shown.push_str(&String::from_utf8_lossy(&bytes)),
                Err(error) => panic!("`{}` does not show {text:?} ({error}): {}", self.line, self.shown),
            }
        }
    }

    /// Types, once the program reads keys; `\r` is the return key.
    ///
    /// Before that the terminal echoes, edits lines, and takes Ctrl-C for a signal to a group of processes, which it has
    /// none of. Whoever asks for a password turns the echo off and lets it edit.
    #[track_caller]
    pub fn press(&mut self, keys: &str) {
        let begin = Instant::now();
        while tcgetattr(&self.keyboard).expect("a terminal").local_modes.contains(LocalModes::ECHO) {
            assert!(begin.elapsed() < PATIENCE, "`{}` reads no keys: {}", self.line, self.shown);
            std::thread::sleep(Duration::from_millis(2));
        }
        self.keyboard.write_all(keys.as_bytes()).expect("the terminal takes it");
    }

    /// Waits for its end, and returns its status and all that was shown.
    #[track_caller]
    pub fn end(mut self) -> (Option<i32>, String) {
        loop {
            match self.screen.recv_timeout(PATIENCE) {
                Ok(bytes) => self.shown.push_str(&String::from_utf8_lossy(&bytes)),
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => {
                    self.child.kill().expect("it can be ended");
                    panic!("`{}` does not end: {}", self.line, self.shown);
                }
            }
        }
        (self.child.wait().expect("the command ends").code(), self.shown)
    }
}
