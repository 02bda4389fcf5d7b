//! What is given as an argument or on standard input.

use std::io::{self, IsTerminal, Read};

use crate::failure::{Failure, Status};
use crate::ui::Ui;

/// The most that is read from standard input, in bytes; a session is a few kilobytes.
const LARGEST: u64 = 1 << 20;

/// Returns the argument; where it is absent or `-`, all of standard input.
///
/// Bytes that are not UTF-8 are replaced: they are in no value that verifies, and that is for the one who verifies to say.
///
/// # Errors
///
/// Exit 2 if standard input cannot be read or has more than 1 MiB.
pub(crate) async fn text(argument: Option<&str>, what: &str, ui: &Ui) -> Result<String, Failure> {
    if let Some(text) = argument.filter(|text| *text != "-") {
        return Ok(text.to_owned());
    }
    if io::stdin().is_terminal() {
        ui.note(format_args!("Paste {what} and end it with a line end and Ctrl-D:"));
    }
    // On a thread of its own: a signal has to be heard while nobody types.
    let read = tokio::task::spawn_blocking(|| {
        let mut bytes = Vec::new();
        io::stdin().lock().take(LARGEST + 1).read_to_end(&mut bytes).map(|_| bytes)
    });
    let bytes = match read.await {
        Ok(Ok(bytes)) => bytes,
        Ok(Err(error)) => {
            let failure = Failure::new(Status::Request, "standard input cannot be read");
            return Err(Failure { causes: vec![error.to_string()], ..failure });
        }
        Err(error) => return Err(Failure::bug("reading standard input failed", &error)),
    };
    if bytes.len() as u64 > LARGEST {
        return Err(Failure::request("standard input has more than 1 MiB, which no cookie and no session has")
            .hint(format!("give {what} alone")));
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
