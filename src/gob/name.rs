//! The names under which Go registers types.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

/// The registered name of what an interface holds; empty for what is in none.
///
/// Those that most sessions have are shared by all values, whatever they were read from; another one by the values of a
/// stream that stand close.
#[derive(Clone)]
pub(super) enum Name<'a> {
    Borrowed(&'a [u8]),
    Shared(Arc<Bytes>),
}

/// Sized, so that a handle on them takes one word.
pub(super) struct Bytes(Box<[u8]>);

impl<'a> Name<'a> {
    /// No name: that of a value which is in no interface.
    pub(super) const NONE: Self = Self::Borrowed(&[]);
    /// What a shared name takes beside its bytes, for the decoder's account of memory.
    pub(super) const COST: usize = size_of::<Bytes>() + 2 * size_of::<usize>();

    pub(super) fn owned(bytes: &[u8]) -> Name<'static> {
        match known(bytes) {
            Some(name) => Name::Borrowed(name),
            None => Name::Shared(Arc::new(Bytes(bytes.into()))),
        }
    }

    pub(super) fn into_owned(self) -> Name<'static> {
        match self {
            Self::Borrowed(bytes) => Self::owned(bytes),
            Self::Shared(name) => Name::Shared(name),
        }
    }
}

impl Deref for Name<'_> {
    type Target = [u8];

    #[inline]
    fn deref(&self) -> &[u8] {
        match self {
            Self::Borrowed(bytes) => bytes,
            Self::Shared(name) => &name.0,
        }
    }
}

impl PartialEq for Name<'_> {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl fmt::Debug for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.escape_ascii())
    }
}

/// How many names are remembered: a stream of many must not have each looked for among all.
const REMEMBERED: usize = 8;

/// The last names that were met and that are not known to everybody.
#[derive(Default)]
pub(super) struct Recent {
    names: Vec<Arc<Bytes>>,
    next: usize,
}

impl Recent {
    /// Returns the name, and whether memory was allocated for it.
    #[inline]
    pub(super) fn name(&mut self, bytes: &[u8]) -> (Name<'static>, bool) {
        match known(bytes) {
            Some(name) => (Name::Borrowed(name), false),
            None => self.unusual(bytes),
        }
    }

    #[inline(never)]
    fn unusual(&mut self, bytes: &[u8]) -> (Name<'static>, bool) {
        let found = self.names.iter().find(|name| *name.0 == *bytes);
        if let Some(name) = found {
            return (Name::Shared(Arc::clone(name)), false);
        }
        let name = Arc::new(Bytes(bytes.into()));
        match self.names.get_mut(self.next) {
            Some(oldest) => *oldest = Arc::clone(&name),
            None => {
                self.names.reserve_exact(REMEMBERED - self.next);
                self.names.push(Arc::clone(&name));
            }
        }
        self.next = (self.next + 1) % REMEMBERED;
        (Name::Shared(name), true)
    }
}

/// Returns a name that Go itself registers, or gorilla, or almost every program. Compared by their lengths first, which
/// the compiler makes a few comparisons of whole words of.
#[inline]
fn known(bytes: &[u8]) -> Option<&'static [u8]> {
    macro_rules! one_of {
        ($($name:literal)*) => {{
            $(if bytes == $name {
                return Some($name);
            })*
            None
        }};
    }
    match bytes.len() {
        0 => Some(b""),
        3 => one_of!(b"int"),
        4 => one_of!(b"bool" b"int8" b"uint"),
        5 => one_of!(b"int64" b"int32" b"int16" b"uint8"),
        6 => one_of!(b"string" b"uint64" b"uint32" b"uint16"),
        7 => one_of!(b"[]uint8" b"float64" b"float32"),
        8 => one_of!(b"[]string"),
        9 => one_of!(b"time.Time"),
        14 => one_of!(b"[]interface {}"),
        17 => one_of!(b"map[string]string"),
        23 => one_of!(b"map[string]interface {}"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_shared_where_they_can_be() {
        let mut recent = Recent::default();
        let mut name = |text: &str| {
            let (name, allocated) = recent.name(text.as_bytes());
            assert_eq!(*name, *text.as_bytes());
            assert_eq!(name, Name::owned(text.as_bytes()));
            allocated
        };
        for known in ["", "int", "bool", "int8", "int64", "string", "[]uint8", "time.Time", "map[string]interface {}"] {
            assert!(!name(known), "{known}");
        }
        for unusual in ["main.User", "main.U", "strinG", "map[string]interface {1"] {
            assert_eq!((name(unusual), name(unusual)), (true, false), "{unusual}");
        }
        for at in 0..REMEMBERED {
            assert!(name(&format!("main.T{at}")));
        }
        assert!(name("main.User"), "a name that is long gone is made again");
        assert_eq!(size_of::<Name<'_>>(), 16);
        assert_eq!(format!("{:?}", Name::owned(b"a\"b")), "\"a\\\"b\"");
    }
}
