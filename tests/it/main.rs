//! The real command on a real cluster: one test binary.
#![cfg(feature = "cli")]

mod sandbox;
