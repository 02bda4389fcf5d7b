//! The command on a terminal of its own, with somebody who types.

use std::fs::{File, OpenOptions};
use std::io::{Read as _, Write as _};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use rustix::process::Pid;
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{LocalModes, Winsize, tcgetattr, tcsetwinsize};

use super::database::PATIENCE;

/// A command that runs on a terminal.
pub struct Terminal {
    line: String,
    child: Child,
    keyboard: File,
    /// Whether the thread that reads is to let the terminal go.
    hung_up: Arc<AtomicBool>,
    screen: Receiver<Vec<u8>>,
    /// All that was shown so far, both outputs as they came.
    pub shown: String,
    /// Up to where it was waited for.
    seen: usize,
}

impl Terminal {
    /// Starts a command with its input and both outputs on a new terminal.
    pub fn start((line, mut command): (String, Command)) -> Self {
        // Closed in what is started, or the terminal of one command would live as long as the next one.
        let ours = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC).expect("a terminal");
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
        let hung_up = Arc::new(AtomicBool::new(false));
        let told = hung_up.clone();
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            // EIO: nobody has the other end any more.
            while let Ok(count @ 1..) = reads.read(&mut bytes) {
                if sender.send(bytes[..count].to_vec()).is_err() || told.load(Ordering::SeqCst) {
                    return;
                }
            }
        });
        Self { line, child, keyboard, hung_up, screen, shown: String::new(), seen: 0 }
    }

    /// Starts a command that the terminal belongs to: it gets the signals of the terminal, as from a shell.
    pub fn start_as_its_own((line, command): (String, Command)) -> Self {
        let mut own = Command::new("setsid");
        own.arg("--ctty").arg(command.get_program()).args(command.get_args()).env_clear();
        own.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
        own.env("PATH", "/usr/bin:/bin");
        if let Some(folder) = command.get_current_dir() {
            own.current_dir(folder);
        }
        Self::start((line, own))
    }

    /// Gives the terminal another size.
    pub fn resize(&self, columns: u16, rows: u16) {
        let size = Winsize { ws_col: columns, ws_row: rows, ws_xpixel: 0, ws_ypixel: 0 };
        tcsetwinsize(&self.keyboard, size).expect("a terminal has a size");
    }

    /// Its process.
    pub fn pid(&self) -> Pid {
        Pid::from_raw(self.child.id().cast_signed()).expect("the command runs")
    }

    /// Whether it edits lines and shows what is typed, as before the command.
    pub fn edits_lines(&self) -> bool {
        let usual = LocalModes::ICANON | LocalModes::ECHO | LocalModes::ISIG;
        tcgetattr(&self.keyboard).expect("a terminal").local_modes.contains(usual)
    }

    /// Takes the terminal away from a command that goes on writing, and waits for its end.
    #[track_caller]
    pub fn hang_up(self) -> Option<i32> {
        let Self { line, mut child, keyboard, hung_up, screen, shown: _, seen: _ } = self;
        hung_up.store(true, Ordering::SeqCst);
        drop((keyboard, screen));
        let begin = Instant::now();
        loop {
            if let Some(status) = child.try_wait().expect("the child is ours") {
                return status.code();
            }
            if begin.elapsed() > PATIENCE {
                child.kill().expect("it can be ended");
                panic!("`{line}` does not end, though its terminal is gone");
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Waits until this is shown, behind what was waited for last.
    #[track_caller]
    pub fn until_it_shows(&mut self, text: &str) {
        let begin = Instant::now();
        loop {
            if let Some(at) = self.shown[self.seen..].find(text) {
                self.seen += at + text.len();
                return;
            }
            // A screen that is drawn again and again always shows something.
            match self.screen.recv_timeout(PATIENCE.saturating_sub(begin.elapsed())) {
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

    /// Types a line to a shell that lets the terminal edit it.
    pub fn types(&mut self, line: &str) {
        self.keyboard.write_all(line.as_bytes()).expect("the terminal takes it");
    }

    /// Types Ctrl-C, which the terminal makes a signal of for whoever it belongs to.
    pub fn interrupt(&mut self) {
        self.keyboard.write_all(b"\x03").expect("the terminal takes it");
    }

    /// Waits for its end, and returns its status and all that was shown.
    #[track_caller]
    pub fn end(mut self) -> (Option<i32>, String) {
        let status = self.until_it_ends();
        (status, self.shown)
    }

    /// Waits for its end, and returns its status.
    #[track_caller]
    pub fn until_it_ends(&mut self) -> Option<i32> {
        let begin = Instant::now();
        loop {
            match self.screen.recv_timeout(PATIENCE.saturating_sub(begin.elapsed())) {
                Ok(bytes) => self.shown.push_str(&String::from_utf8_lossy(&bytes)),
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => {
                    self.child.kill().expect("it can be ended");
                    panic!("`{}` does not end: {}", self.line, self.shown);
                }
            }
        }
        self.child.wait().expect("the command ends").code()
    }
}
