//! What a person is asked. Questions go to standard error, so that standard output keeps the answer alone.

use std::io::{self, IsTerminal as _};

use dialoguer::{Confirm, Input, Password, Select};
use zeroize::Zeroizing;

use super::{Style, Ui, redacted};
use crate::failure::{Failure, Status};
use crate::stop::while_asking;

impl Ui {
    /// Returns whether there is somebody to ask.
    pub(crate) fn can_ask(&self) -> bool {
        io::stdin().is_terminal() && io::stderr().is_terminal()
    }

    /// Asks before something that cannot be taken back.
    ///
    /// # Errors
    ///
    /// Exit 2 if nobody can be asked and `--yes` was not given, exit 1 if the answer is no.
    #[track_caller]
    pub(crate) fn confirm(&self, question: &str) -> Result<(), Failure> {
        if self.yes {
            return Ok(());
        }
        self.ask(question, "`--yes` answers yes to it; `--dry-run` only looks, on commands that have it")
    }

    /// Asks before something that `--yes` does not cover; `hint` says what does.
    ///
    /// # Errors
    ///
    /// As [`confirm`](Self::confirm).
    #[track_caller]
    pub(crate) fn insist(&self, question: &str, hint: &str) -> Result<(), Failure> {
        self.ask(question, hint)
    }

    /// Asks for a name to be typed before something that `--yes` does not cover; `hint` says what does.
    ///
    /// # Errors
    ///
    /// As [`confirm`](Self::confirm); any other answer than the name is no.
    #[track_caller]
    pub(crate) fn insist_on(&self, question: &str, name: &str, hint: &str) -> Result<(), Failure> {
        if !self.can_ask() {
            return Err(Failure::request(format!("there is no terminal to ask: {question}")).hint(hint));
        }
        let ask = || Input::<String>::new().with_prompt(question).allow_empty(true).interact_text();
        match while_asking(ask) {
            Ok(typed) if typed.trim() == name => Ok(()),
            Ok(_) => Err(Failure::new(Status::No, "nothing was done")),
            Err(error) => Err(not_asked(error)),
        }
    }

    #[track_caller]
    fn ask(&self, question: &str, hint: &str) -> Result<(), Failure> {
        if !self.can_ask() {
            return Err(Failure::request(format!("there is no terminal to ask: {question}")).hint(hint));
        }
        let ask = || Confirm::new().with_prompt(question).default(false).interact_opt();
        let answer = while_asking(ask);
        match answer {
            Ok(Some(true)) => Ok(()),
            Ok(_) => Err(Failure::new(Status::No, "nothing was done")),
            Err(error) => Err(not_asked(error)),
        }
    }

    /// Asks for something secret, without echo; `None` if there is no terminal to ask on.
    #[track_caller]
    pub(crate) fn ask_secret(&self, prompt: &str) -> Result<Option<Zeroizing<String>>, Failure> {
        if !self.can_ask() {
            return Ok(None);
        }
        let ask = || Password::new().with_prompt(prompt).allow_empty_password(true).interact();
        let answer = while_asking(ask);
        match answer {
            Ok(text) => Ok(Some(Zeroizing::new(text))),
            Err(error) => Err(not_asked(error)),
        }
    }

    /// Says something between two questions, to whoever answers them, in colours; what comes from outside has to be
    /// [`plain`](super::plain) in it.
    pub(crate) fn say(&self, text: impl FnOnce(&Style) -> String) {
        self.line(text(&self.err).trim_end());
    }

    /// Says why an answer will not do, before it is asked for again.
    pub(crate) fn no(&self, reason: &str) {
        self.say(|style| format!("  {} {}", style.bad("no:"), redacted(reason)));
    }

    /// Asks for a line of text; the return key alone takes the default, which may be empty.
    ///
    /// # Errors
    ///
    /// Exit 130 if the answer is Ctrl-C, as with all questions.
    #[track_caller]
    pub(crate) fn ask_line(&self, prompt: &str, default: &str) -> Result<String, Failure> {
        let mut input = Input::<String>::new().with_prompt(prompt).allow_empty(true);
        if !default.is_empty() {
            input = input.default(default.to_owned());
        }
        while_asking(|| input.interact_text()).map(|text| text.trim().to_owned()).map_err(not_asked)
    }

    /// Asks a question whose answer nothing is lost by; the return key alone takes the default.
    ///
    /// # Errors
    ///
    /// As [`ask_line`](Self::ask_line).
    #[track_caller]
    pub(crate) fn agree(&self, question: &str, default: bool) -> Result<bool, Failure> {
        while_asking(|| Confirm::new().with_prompt(question).default(default).interact()).map_err(not_asked)
    }

    /// Lets one of several be chosen with the arrow keys; returns its place in the list.
    ///
    /// # Errors
    ///
    /// As [`ask_line`](Self::ask_line).
    #[track_caller]
    pub(crate) fn choose(&self, prompt: &str, items: &[&str], default: usize) -> Result<usize, Failure> {
        let select = Select::new().with_prompt(prompt).items(items).default(default);
        while_asking(|| select.interact()).map_err(not_asked)
    }
}

/// Why there is no answer: Ctrl-C at the question is one of the reasons.
#[track_caller]
fn not_asked(error: dialoguer::Error) -> Failure {
    let dialoguer::Error::IO(error) = error;
    match error.kind() {
        io::ErrorKind::Interrupted => Failure::new(Status::Interrupted, "interrupted; nothing was done"),
        _ => Failure::request(format!("the question could not be asked: {error}")),
    }
}
