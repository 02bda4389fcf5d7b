//! The token that callers show.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use csqlstore::cluster::Secret;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use crate::failure::Failure;

/// Fewer can be guessed over a network.
const SHORTEST: usize = 16;

/// What a caller has to show. It knows the token by its digest alone, and compares in constant time whatever the length.
#[derive(Clone)]
pub(super) struct Token([u8; 32]);

impl Token {
    /// Takes a token.
    ///
    /// # Errors
    ///
    /// Exit 2 if it is easily guessed, or no header can hold it.
    pub(super) fn new(secret: &Secret) -> Result<Self, Failure> {
        let text = secret.expose();
        let why = if text.chars().any(|c| !c.is_ascii_graphic()) {
            "the token holds what no header can: blanks, or characters beyond ASCII"
        } else if text.len() < SHORTEST {
            "the token has fewer than 16 characters"
        } else {
            return Ok(Self(Sha256::digest(text.as_bytes()).into()));
        };
        Err(Failure::request(why).hint("`openssl rand -hex 32` makes one"))
    }

    /// Returns whether the value of an `Authorization` header shows it: `Bearer TOKEN`, or `Basic` with the token as the
    /// password of any user, as browsers ask for one.
    pub(super) fn is_shown(&self, authorization: &[u8]) -> bool {
        let Some(at) = authorization.iter().position(|byte| *byte == b' ') else { return false };
        let (scheme, rest) = authorization.split_at(at);
        let rest = rest.trim_ascii();
        if scheme.eq_ignore_ascii_case(b"bearer") {
            return self.is(rest);
        }
        if !scheme.eq_ignore_ascii_case(b"basic") {
            return false;
        }
        let Ok(pair) = STANDARD.decode(rest) else { return false };
        let colon = pair.iter().position(|byte| *byte == b':');
        colon.is_some_and(|colon| self.is(&pair[colon + 1..]))
    }

    fn is(&self, shown: &[u8]) -> bool {
        let digest: [u8; 32] = Sha256::digest(shown).into();
        self.0.ct_eq(&digest).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_token_is_the_token() {
        let text = "0123456789abcdef0123";
        let token = Token::new(&Secret::new(text)).unwrap();
        let basic = |pair: &str| format!("Basic {}", STANDARD.encode(pair));
        for (name, shown, is) in [
            ("bearer", format!("Bearer {text}"), true),
            ("in small letters, with blanks", format!("bearer   {text} "), true),
            ("basic", basic(&format!("anyone:{text}")), true),
            ("basic without a user", basic(&format!(":{text}")), true),
            ("nothing", String::new(), false),
            ("the scheme alone", "Bearer".to_owned(), false),
            ("an empty one", "Bearer ".to_owned(), false),
            ("the token alone", text.to_owned(), false),
            ("its beginning", format!("Bearer {}", &text[..19]), false),
            ("more than it", format!("Bearer {text}x"), false),
            ("other letters", format!("Bearer {}", text.to_uppercase()), false),
            ("as the user", basic(&format!("{text}:")), false),
            ("no pair", basic(text), false),
            ("no base64", format!("Basic {text}!"), false),
            ("another scheme", format!("Digest {text}"), false),
        ] {
            assert_eq!(token.is_shown(shown.as_bytes()), is, "{name}");
        }
    }

    #[test]
    fn what_is_guessed_or_cannot_be_sent_is_refused() {
        for text in ["0123456789abcde", "0123456789 abcdef", "0123456789äbcdef"] {
            let failure = Token::new(&Secret::new(text)).err().unwrap();
            assert!(failure.hint.is_some() && !failure.message.contains("0123"), "{failure:?}");
        }
    }
}
