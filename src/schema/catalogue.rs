//! What `information_schema` tells a session.

use crate::cluster::{self, ALL_THERE_IS, Connection, number};

/// Lets `information_schema` tell all that there is: or the size of a table is what the server knew up to a day ago, and a
/// key that it made by itself may be hidden.
///
/// # Errors
///
/// Those of [`Connection::execute`]; that a server has no such memory and no such keys is none.
pub(crate) async fn ask_for_all_there_is(connection: &mut Connection) -> Result<(), cluster::Error> {
    for sql in ALL_THERE_IS {
        match connection.execute("asking for all there is to see", sql, ()).await {
            // Such as MariaDB.
            Err(error) if error.code() == Some(number::NO_SUCH_VARIABLE) => return Ok(()),
            Err(error) => return Err(error),
            Ok(_) => {}
        }
    }
    Ok(())
}
