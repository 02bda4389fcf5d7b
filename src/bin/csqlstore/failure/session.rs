//! Values that do not open, keys that are none, rows that cannot be read.

use csqlstore::{gob, securecookie, session, store};

use super::{Failure, Status, cluster_hint, status_of};

impl From<session::Error> for Failure {
    #[track_caller]
    fn from(error: session::Error) -> Self {
        let status = match &error {
            _ if error.is_content() => Status::Unexpected,
            session::Error::Refused(source) if source.is_configuration() => Status::Request,
            _ => Status::No,
        };
        // That a name or a key is missing says nothing about the value.
        let failure = match &error {
            session::Error::Refused(source) if source.is_configuration() => Self::of(status, source, source.place()),
            _ => Self::of(status, &error, error.place()),
        };
        failure.hinted(session_hint(&error))
    }
}

impl From<securecookie::Error> for Failure {
    #[track_caller]
    fn from(error: securecookie::Error) -> Self {
        let status = if error.is_configuration() { Status::Request } else { Status::No };
        Self::of(status, &error, error.place()).hinted(securecookie_hint(&error))
    }
}

impl From<gob::Error> for Failure {
    #[track_caller]
    fn from(error: gob::Error) -> Self {
        Self::of(Status::Unexpected, &error, error.place())
    }
}

impl From<store::Error> for Failure {
    #[track_caller]
    fn from(error: store::Error) -> Self {
        let failure = Self::of(status_of(error.class()), &error, error.place());
        match &error {
            store::Error::Cluster(source) => failure.hinted(cluster_hint(source)),
            store::Error::Denied { grant, .. } => failure.hint(format!("somebody with the right to may run: {grant}")),
            _ => failure,
        }
    }
}

fn session_hint(error: &session::Error) -> Option<String> {
    match error {
        session::Error::Refused(source) | session::Error::Malformed(source) => securecookie_hint(source),
        session::Error::NotGob { encrypted: true, .. } => Some(
            "a block key that is not the writer's decrypts to such bytes: are both keys of the pair its own?".into(),
        ),
        session::Error::NotGob { encrypted: false, .. } => {
            Some("where the writer encrypts, its block key belongs beside the hash key".into())
        }
        session::Error::OtherValue { found, .. } if found == "string" => {
            Some("a session's cookie holds its id alone: `csqlstore cookie decode` takes it".into())
        }
        session::Error::OtherValue { found, .. } if found.starts_with("map[") => {
            Some("this is what a row holds in `data`: `csqlstore session decode` takes it".into())
        }
        session::Error::NoCookie { .. } => {
            Some("it is the value alone, `NAME=VALUE`, or a whole `Cookie:` or `Set-Cookie:` header".into())
        }
        session::Error::OtherCookies { .. } => Some("`--name` says which cookie is the session's".into()),
        _ => None,
    }
}

fn securecookie_hint(error: &securecookie::Error) -> Option<String> {
    use securecookie::Error::{
        Date, Expired, Key, Keyring, Mac, NoName, NotBase64, NotDecryptable, NotThreeParts, Payload, TooLong,
    };
    Some(match error {
        NoName { .. } => {
            "the name is a part of what is signed: give it with `--name`, CSQLSTORE_NAMES, or `names` in the \
             configuration (a cookie given as `name=value` brings its own)"
                .into()
        }
        Keyring { .. } | Key { .. } => {
            "a keyring has a pair `HASH[,BLOCK]` a line, each key written `hex:…`, `base64:…` or `raw:…`".into()
        }
        NotBase64 { .. } | NotThreeParts { .. } => {
            "a value is URL-safe base64 up to and including its `=`: was all of it copied, and nothing else?".into()
        }
        Mac { names, .. } if names.len() == 1 => format!(
            "the name is a part of what is signed: is it `{}` that the writer uses, and are these its keys?",
            names[0].escape_debug()
        ),
        Mac { .. } => "is the writer's session name among these, and are these its keys?".into(),
        Date { .. } | Payload { .. } => {
            "its signer has the key, and does not write as gorilla's securecookie does: which program is it?".into()
        }
        NotDecryptable { .. } => "the pair has a block key, and so short a value is not encrypted".into(),
        Expired { .. } => "`--max-age 0` lifts the limit".into(),
        TooLong { .. } => "`--max-length 0` lifts the limit".into(),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use csqlstore::securecookie::{Codec, Keyring};

    use super::*;

    fn failure(keys: &str, names: &[&str], data: &str) -> Failure {
        let codec = Codec::new(Keyring::parse(keys).unwrap());
        let now = "2026-11-23T00:00:00Z".parse().unwrap();
        session::open_data(&codec, names, data, now).unwrap_err().into()
    }

    /// `hi`, a gob string, signed by `very-secret` for `session-key` on 2026-11-23.
    const HI: &str = "MTc5NTM5ODQzMnxCUXdBQW1ocHwKUcu63yLH8vgmAmDwjNFyFEdJu8Ssqmbw2Qda4l_0zQ==";

    #[test]
    fn what_does_not_verify_is_an_answer_and_what_is_missing_a_wrong_request() {
        for (keys, names, data, status, cause, hint) in [
            ("raw:wrong", &["session-key"][..], HI, Status::No, Some("the MAC is wrong"), "`session-key`"),
            ("raw:very-secret", &["other"], HI, Status::No, Some("the MAC is wrong"), "`other`"),
            ("raw:very-secret", &["session-key"], "no!", Status::No, Some("the value is not base64"), "copied"),
            ("raw:very-secret", &[], HI, Status::Request, None, "--name"),
            ("raw:very-secret", &["session-key"], HI, Status::Unexpected, None, "cookie decode"),
        ] {
            let failure = failure(keys, names, data);
            assert_eq!(failure.status, status, "{failure:?}");
            let first = failure.causes.first().map(String::as_str);
            assert_eq!(first.is_some(), cause.is_some(), "{failure:?}");
            assert!(first.unwrap_or_default().starts_with(cause.unwrap_or_default()), "{failure:?}");
            assert!(failure.hint.as_deref().is_some_and(|text| text.contains(hint)), "{failure:?}");
        }
    }

    #[test]
    fn a_keyring_that_does_not_parse_is_a_wrong_request() {
        let failure = Failure::from(Keyring::parse("raw:a\nplanted").unwrap_err());
        assert_eq!(failure.status, Status::Request);
        assert!(!format!("{failure:?}").contains("planted"));
    }
}
