//! csqlstore against real Go: encoding/gob and the gorilla packages, in the program of interop/.
//!
//! The program is built by `cargo xtask test`, which hands its path on.

#![expect(clippy::unwrap_used, reason = "what does not hold in a test ends the test")]

mod causes;
mod compare;
mod cookies;
mod differential;
mod envelopes;
mod go;
mod mutate;
mod refused;
mod types;
mod vectors;
mod written;
