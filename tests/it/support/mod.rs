//! What the tests stand on: the cluster, a database each, and the command.

pub mod behind;
pub mod browser;
pub mod case;
pub mod cluster;
pub mod command;
pub mod database;
pub mod doctor;
pub mod engine;
pub mod events;
pub mod expiry;
pub mod farm;
pub mod go;
pub mod hostile;
pub mod http;
pub mod lanes;
pub mod losing;
pub mod prometheus;
pub mod proof;
pub mod proxy;
pub mod pty;
pub mod relay;
pub mod replica;
pub mod rights;
pub mod serve;
pub mod single;
pub mod sql;
pub mod units;
pub mod vectors;

pub use database::Database;
