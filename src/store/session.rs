//! A session as a request sees it.

use jiff::Timestamp;

use super::Error;
use crate::session::cookie::{MaxAge, Options};
use crate::session::{self, Id, Values};

/// A session as a request sees it: its values, and what the store knows of it.
///
/// It is plain data. Nothing of it is written before [`Store::save`](super::Store::save) or
/// [`Store::commit`](super::Store::commit).
pub struct Session {
    pub(super) name: String,
    pub(super) new: Option<New>,
    pub(super) stored: Option<Stored>,
    /// The id of the row that could not be read, where one is in its cookie.
    unread: Option<Id>,
    values: Values<'static>,
    /// The values as they were, since they were lent to be changed.
    before: Option<Values<'static>>,
    options: Options,
    options_changed: bool,
    pub(super) wish: Option<Timestamp>,
    pub(super) mark: Option<Mark>,
}

/// A session's row, as it was read or written last.
pub(super) struct Stored {
    pub(super) id: Id,
    pub(super) expires_at: Timestamp,
    pub(super) signed_at: Timestamp,
    /// By which it is seen that somebody else changed it.
    pub(super) data: Vec<u8>,
    /// The id that it was to have, as long as it is not known whether it has.
    pub(super) drawn: Option<Id>,
}

/// What is to become of a session at the end of the request, whatever its values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    Delete,
    Regenerate,
}

/// What is left to do for a session at the end of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pending {
    /// Nothing: it is as it was read.
    Nothing,
    /// It was changed, and is to be saved.
    Save,
    /// It is to be saved under a new id.
    Regenerate,
    /// It is to be deleted.
    Delete,
    /// It is to be deleted, and a new one takes its place with what was put into it after that.
    Replace,
}

/// Why a session is new.
#[derive(Debug)]
#[non_exhaustive]
pub enum New {
    /// The request has no cookie of its name.
    NoCookie,
    /// The cookie does not open: it was changed, or signed under a key that is not there, or too long ago.
    Refused(session::Error),
    /// The cookie opens, and its row is not there: it was deleted, here or by a purge.
    NoRow,
    /// The row is there, and has expired.
    Expired {
        /// When it did.
        at: Timestamp,
    },
    /// The row is there, and its data does not open.
    Unreadable(session::Error),
    /// The row is there, and is none that a session can have: see [`Error::Column`] and [`Error::TooLarge`].
    Misfit(Box<Error>),
    /// The database could not be asked, and the store is [lenient](super::Settings::lenient). Deleting it deletes the row
    /// that could not be read; saving it leaves that row as it is, under an id that no browser has any more.
    Unavailable(Box<Error>),
}

impl New {
    /// Returns the reason in a word or two, for a log: it holds nothing that anybody sent.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::NoCookie => "no cookie",
            Self::Refused(_) => "the cookie does not open",
            Self::NoRow => "no row",
            Self::Expired { .. } => "expired",
            Self::Unreadable(_) => "the data does not open",
            Self::Misfit(_) => "the row is none of a session",
            Self::Unavailable(_) => "the database could not be asked",
        }
    }
}

impl Session {
    pub(super) fn begun(name: &str, options: Options, new: New) -> Self {
        Self {
            name: name.to_owned(),
            new: Some(new),
            stored: None,
            unread: None,
            values: Values::new(),
            before: None,
            options,
            options_changed: false,
            wish: None,
            mark: None,
        }
    }

    /// One in place of that of an id which could not be read.
    pub(super) fn unread(name: &str, options: Options, (id, why): (Id, Error)) -> Self {
        Self { unread: Some(id), ..Self::begun(name, options, New::Unavailable(why.into())) }
    }

    pub(super) fn read(name: &str, options: Options, values: Values<'static>, stored: Stored) -> Self {
        Self { new: None, stored: Some(stored), values, ..Self::begun(name, options, New::NoCookie) }
    }

    /// Returns its name, which is the cookie's.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the id of its row; `None` as long as it has none.
    #[must_use]
    pub fn id(&self) -> Option<&Id> {
        self.stored.as_ref().map(|stored| &stored.id)
    }

    /// Returns the id of the row that goes when it is deleted: its own, or the one that could not be read.
    pub(super) fn id_to_delete(&self) -> Option<&Id> {
        self.id().or(self.unread.as_ref())
    }

    /// Returns whether this request began it.
    #[must_use]
    pub fn is_new(&self) -> bool {
        self.new.is_some()
    }

    /// Returns why this request began it; `None` if it was there.
    #[must_use]
    pub fn why_new(&self) -> Option<&New> {
        self.new.as_ref()
    }

    /// Returns its values.
    #[must_use]
    pub fn values(&self) -> &Values<'static> {
        &self.values
    }

    /// Returns its values, to be changed. Those that are the same afterwards count as not changed.
    pub fn values_mut(&mut self) -> &mut Values<'static> {
        if self.before.is_none() {
            self.before = Some(self.values.clone());
        }
        &mut self.values
    }

    /// Returns its cookie's attributes.
    #[must_use]
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// Returns its cookie's attributes, to be changed for this session: `Remember me` sets a longer
    /// [`max_age`](Options::max_age). They are not stored; the next request begins with those of the store.
    ///
    /// A session is good for no longer than a signature is. A max age beyond the store's own and beyond
    /// [`signature_age`](super::Settings::signature_age), 30 days unless set, needs one as long, here and in Go programs
    /// (`codec.MaxAge`): or else its cookie is refused after those days.
    pub fn options_mut(&mut self) -> &mut Options {
        self.options_changed = true;
        &mut self.options
    }

    /// Returns when its row expires, as it was read or saved last; `None` as long as it has no row.
    #[must_use]
    pub fn expires_at(&self) -> Option<Timestamp> {
        self.stored.as_ref().map(|stored| stored.expires_at)
    }

    /// Wishes for a moment at which the row is to expire, instead of the max age from when it is saved.
    ///
    /// A new session takes it as it is. One that has a row already expires no sooner than it would without the wish, nor
    /// than it was going to. The cookie's max age stays what [`options`](Self::options) say, and a signature is good for
    /// no longer than [`signature_age`](super::Settings::signature_age), whatever was wished for. Go programs wish by a
    /// `time.Time` under the key `x`, which does the same here.
    pub fn expire_at(&mut self, moment: Timestamp) {
        self.wish = Some(moment);
    }

    /// Lets the session end with this request: its row is deleted, its cookie taken back, and its values are gone.
    ///
    /// What is put into it after this, such as a flash that says good-bye, is in a new session with an id of its own.
    pub fn delete(&mut self) {
        self.values_mut().clear();
        self.mark = Some(Mark::Delete);
    }

    /// Lets the session have a new id from this request on, with the values that it has.
    ///
    /// To be called at every login and change of rights: whoever knew the id before, or had planted it, is left behind.
    pub fn regenerate(&mut self) {
        // One that was logged out stays so.
        self.mark.get_or_insert(Mark::Regenerate);
    }

    /// Returns whether its values are others than were read or saved last.
    #[must_use]
    pub fn is_changed(&self) -> bool {
        self.before.as_ref().is_some_and(|before| *before != self.values)
    }

    /// Returns what is left to do for it.
    ///
    /// A new session that was given no values is not saved: most visitors need none.
    #[must_use]
    pub fn pending(&self) -> Pending {
        let ended = self.options_changed && self.options.max_age == MaxAge::Ended;
        let has_cookie = self.stored.is_some() || !matches!(self.new, Some(New::NoCookie) | None);
        let changed = self.is_changed() || self.wish.is_some() || self.options_changed;
        match self.mark {
            Some(Mark::Delete) if !self.values.is_empty() => Pending::Replace,
            Some(Mark::Delete) => {
                if has_cookie {
                    Pending::Delete
                } else {
                    Pending::Nothing
                }
            }
            _ if ended => {
                if has_cookie {
                    Pending::Delete
                } else {
                    Pending::Nothing
                }
            }
            Some(Mark::Regenerate) if self.stored.is_some() => Pending::Regenerate,
            _ if self.stored.is_some() && changed => Pending::Save,
            _ if self.stored.is_none() && !self.values.is_empty() => Pending::Save,
            _ => Pending::Nothing,
        }
    }

    /// Takes out the wish for an expiry that stands among the values, where Go programs put it.
    pub(super) fn take_wish(&mut self) -> Result<(), session::Error> {
        if let Some(wish) = self.values.take_expiry_wish()? {
            self.wish = Some(wish);
        }
        Ok(())
    }

    /// Returns when the row is to expire at the least: as was wished for, or as it was going to.
    pub(super) fn wished(&self) -> Option<Timestamp> {
        self.wish.max(self.expires_at())
    }

    /// Notes that it was saved.
    pub(super) fn saved(&mut self, stored: Stored) {
        self.stored = Some(stored);
        self.unread = None;
        self.before = None;
        self.wish = None;
        self.options_changed = false;
        self.mark = None;
    }

    /// Gives up its row, which was deleted, for another one.
    pub(super) fn forget_stored(&mut self) {
        self.mark = None;
        self.stored = None;
        self.unread = None;
    }

    /// Notes that its row expires later.
    pub(super) fn extended(&mut self, expires_at: Timestamp) {
        self.wish = None;
        if let Some(stored) = &mut self.stored {
            stored.expires_at = expires_at;
        }
    }

    /// Notes that it was deleted.
    pub(super) fn deleted(&mut self) {
        self.values.clear();
        self.before = None;
        self.wish = None;
        self.stored = None;
        self.unread = None;
        self.options_changed = false;
        self.mark = None;
        self.new = Some(New::NoCookie);
    }
}

impl std::fmt::Debug for Session {
    /// Leaves the values out: they are the user's, and what the keys protect.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session")
            .field("name", &self.name)
            .field("id", &self.id())
            .field("new", &self.new)
            .field("values", &format_args!("{} values", self.values.len()))
            .field("expires_at", &self.expires_at())
            .field("pending", &self.pending())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stored() -> Session {
        let mut values = Values::new();
        values.insert("n", 1_i64);
        let at = Timestamp::UNIX_EPOCH;
        let stored = Stored { id: Id::new("id"), expires_at: at, signed_at: at, data: Vec::new(), drawn: None };
        Session::read("sid", Options::default(), values, stored)
    }

    fn begun(new: New) -> Session {
        Session::begun("sid", Options::default(), new)
    }

    /// What a handler may do, and what is left to do then.
    type Case = (&'static str, fn(&mut Session), Pending);

    #[test]
    fn what_is_left_to_do_follows_from_what_was_done() {
        let cases: [Case; 13] = [
            ("nothing", |_| (), Pending::Nothing),
            ("a look", |s| drop(s.values_mut().take_flashes()), Pending::Nothing),
            ("the same value", |s| drop(s.values_mut().insert("n", 1_i64)), Pending::Nothing),
            ("another value", |s| drop(s.values_mut().insert("n", 2_i64)), Pending::Save),
            ("another type", |s| drop(s.values_mut().insert("n", 1_isize)), Pending::Save),
            ("a wish", |s| s.expire_at(Timestamp::MAX), Pending::Save),
            ("an attribute", |s| s.options_mut().max_age = MaxAge::Browser, Pending::Save),
            ("an end", |s| s.options_mut().max_age = MaxAge::Ended, Pending::Delete),
            ("all values gone", |s| s.values_mut().clear(), Pending::Save),
            ("a login", Session::regenerate, Pending::Regenerate),
            ("a logout", Session::delete, Pending::Delete),
            (
                "a logout with a good-bye",
                |s| {
                    s.delete();
                    s.values_mut().insert("bye", 1);
                },
                Pending::Replace,
            ),
            (
                "a logout before a login",
                |s| {
                    s.delete();
                    s.regenerate()
                },
                Pending::Delete,
            ),
        ];
        for (what, done, expected) in cases {
            let mut session = stored();
            done(&mut session);
            assert_eq!(session.pending(), expected, "{what}");
        }
    }

    #[test]
    fn a_new_one_is_saved_once_it_holds_something() {
        let cases: [Case; 6] = [
            ("nothing", |_| (), Pending::Nothing),
            ("an attribute", |s| s.options_mut().secure = false, Pending::Nothing),
            ("a value", |s| drop(s.values_mut().insert("n", 1)), Pending::Save),
            (
                "a login",
                |s| {
                    s.values_mut().insert("n", 1);
                    s.regenerate()
                },
                Pending::Save,
            ),
            ("a logout", Session::delete, Pending::Nothing),
            (
                "a value put and taken",
                |s| {
                    s.values_mut().insert("n", 1);
                    s.values_mut().remove("n");
                },
                Pending::Nothing,
            ),
        ];
        for (what, done, expected) in cases {
            let mut session = begun(New::NoCookie);
            done(&mut session);
            assert_eq!(session.pending(), expected, "{what}");
        }
        let mut session = begun(New::NoRow);
        session.delete();
        assert_eq!(session.pending(), Pending::Delete, "the browser's cookie is still to be taken back");
    }

    #[test]
    fn debug_leaves_the_values_out() {
        let mut session = stored();
        session.values_mut().insert("token", "very-private");
        let text = format!("{session:?}");
        assert!(text.contains("2 values") && text.contains("pending: Save") && !text.contains("private"), "{text}");
    }

    #[test]
    fn what_was_saved_is_changed_no_more() {
        let mut session = begun(New::NoCookie);
        session.values_mut().insert("x", Timestamp::MAX);
        session.take_wish().unwrap();
        assert_eq!(session.wished(), Some(Timestamp::MAX));
        let at = Timestamp::UNIX_EPOCH;
        session.saved(Stored { id: Id::new("id"), expires_at: at, signed_at: at, data: Vec::new(), drawn: None });
        assert_eq!((session.pending(), session.wished(), session.is_new()), (Pending::Nothing, Some(at), true));
        session.deleted();
        assert_eq!((session.pending(), session.id()), (Pending::Nothing, None));
    }
}
