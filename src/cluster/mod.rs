//! The farm of servers: names and addresses of nodes, connections, and errors by number.
//!
//! This module is the only user of the driver. Above it nobody sees a driver's error: what went wrong comes as an
//! [`Error`] with a [`Class`] and, where a server answered, that server's error number. Whether a node may be used
//! at all is asked here too ([`Vitals`]), since no statement should reach a node that is not one of a
//! primary component; what a whole cluster's state *means* is the business of `health`.

mod certificate;
mod clock;
mod connection;
mod current;
mod dialect;
pub mod dsn;
mod error;
pub mod farm;
mod group;
mod instant;
mod node;
pub mod number;
mod peers;
mod replica;
mod unwind;
mod vitals;
mod wait;

pub use certificate::CertificateFault;
pub use clock::{Clock, Clocks, Timing, clocks_exceed};
pub(crate) use connection::Waiting;
pub use connection::{Connection, Done, Server};
pub use current::Current;
pub use dialect::{
    ALL_THERE_IS, ANY_KEY, Family, REPLICA_STATUS, WAITING_READ, Wait, explain, index_is_used, quoted_account,
    select_at_once, select_within,
};
pub use dsn::{Address, Dsn, Secret, Tls};
pub use error::{DriverError, Error, Obstacle, Refusal};
pub use farm::Farm;
pub use group::{GROUP_STATS_TABLE, GROUP_TABLE, Group, Member};
pub use instant::Instant;
pub use mysql_async::prelude::{FromRow, FromValue};
pub use mysql_async::{Params, Row, Value, params};
pub use node::{Causality, Cluster, Node, On, Usable};
pub use number::{Advice, Class, advice, class};
pub use peers::peers;
pub use replica::{Channel, Replication, Running};
pub use unwind::driver_guarded;
pub use vitals::{Kind, Vitals, fc_limit};
