//! The questions for nodes, each of which is tried as soon as it is typed.

use std::collections::VecDeque;
use std::time::Duration;

use csqlstore::cluster::dsn::{NamedDsn, Secret, TlsOptions, Verify};
use csqlstore::cluster::{self, Address, Class, Cluster, Dsn, Node, Tls, peers};
use csqlstore::health::{self, Report};

use super::draft::absolute;
use crate::failure::{Failure, cluster_hint, with_causes};
use crate::ui::{Ui, plain};

/// A node that is to stand in the file.
pub(super) struct Asked {
    pub(super) name: String,
    pub(super) dsn: Dsn,
    /// Whether it answered, and may take work.
    pub(super) usable: bool,
}

impl Asked {
    pub(super) fn node(&self) -> Node {
        Node::new(self.name.clone(), self.dsn.clone())
    }
}

/// Asks for nodes until there are no more. Those of `--node` come first, and are tried like the others.
pub(super) async fn ask(flags: &[Secret], deadline: Duration, ui: &Ui) -> Result<Vec<Asked>, Failure> {
    let mut asking = Asking { ui, deadline, nodes: Vec::new(), before: None };
    let mut given: VecDeque<&Secret> = flags.iter().collect();
    loop {
        let typed = match given.pop_front() {
            Some(text) => NamedDsn::parse(text.expose())
                .map_err(|error| Failure::request("a node of `--node` cannot be used").hint(with_causes(&error)))?,
            None => match asking.typed()? {
                Some(typed) => typed,
                None => return Ok(asking.nodes),
            },
        };
        asking.add(typed).await?;
    }
}

struct Asking<'a> {
    ui: &'a Ui,
    deadline: Duration,
    nodes: Vec<Asked>,
    /// The last node that was tried: the next has the same account, mostly.
    before: Option<Dsn>,
}

/// What to do about a node that could not be reached.
const WAYS: [&str; 4] =
    ["type user and password again", "type all of it again", "leave this node out", "keep it as it is"];

impl Asking<'_> {
    /// Asks for one more node; `None` if there is none.
    fn typed(&self) -> Result<Option<NamedDsn>, Failure> {
        loop {
            let first = self.nodes.is_empty();
            let prompt = match first {
                true => "A node of the cluster, as HOST[:PORT] or a DSN without its password",
                false => "Another node (empty: that is all)",
            };
            let typed = self.ui.ask_line(prompt, "")?;
            if typed.is_empty() && !first {
                return Ok(None);
            }
            match read(&typed) {
                Ok(typed) => return Ok(Some(typed)),
                Err(reason) => self.ui.no(&reason),
            }
        }
    }

    /// Asks for what is missing of a node, tries it and takes it, and then those that it names.
    async fn add(&mut self, typed: NamedDsn) -> Result<(), Failure> {
        let NamedDsn { name, dsn, warnings } = typed;
        for warning in warnings {
            self.ui.say(|style| format!("  {} {}", style.warn("note:"), plain(&warning)));
        }
        let own_name = (name != dsn.address.to_string()).then_some(name);
        let dsn = self.completed(dsn)?;
        let Some((dsn, report)) = self.tried(dsn).await? else { return Ok(()) };
        let name = self.name(own_name, report.as_ref())?;
        self.before = Some(dsn.clone());
        let usable = report.as_ref().is_some_and(|report| report.nodes.iter().any(|node| node.usable));
        self.nodes.push(Asked { name, dsn: dsn.clone(), usable });
        if let Some(report) = report {
            self.others(&dsn, &report).await?;
        }
        Ok(())
    }

    /// Offers the other members of a node's cluster.
    async fn others(&mut self, dsn: &Dsn, report: &Report) -> Result<(), Failure> {
        let Some(node) = report.nodes.first() else { return Ok(()) };
        let mut others = peers(&node.vitals, &dsn.address);
        others.retain(|address| self.nodes.iter().all(|known| known.dsn.address != *address));
        if others.is_empty() {
            return Ok(());
        }
        // A cluster names its members in an order that differs from one time to the next.
        others.sort_by_key(in_order);
        let list: Vec<String> = others.iter().map(|address| plain(&address.to_string())).collect();
        let what = if list.len() == 1 { "another node" } else { "other nodes" };
        let question = format!("The cluster names {what}: {}. Add with the same account?", list.join(", "));
        if !self.ui.agree(&question, true)? {
            return Ok(());
        }
        // What is no matter on one machine is one on the way to another.
        let tls = match others.iter().find(|address| leaves_the_machine(dsn, address)) {
            Some(remote) => self.encryption(remote)?,
            None => dsn.tls.clone(),
        };
        for address in others {
            let mut other = dsn.clone();
            other.address = address;
            other.tls = tls.clone();
            if let Some((dsn, report)) = self.tried(other).await? {
                let name = self.suggested(report.as_ref());
                let usable = report.is_some_and(|report| report.nodes.iter().any(|node| node.usable));
                self.nodes.push(Asked { name, dsn, usable });
            }
        }
        Ok(())
    }

    /// Connects and looks, until it works or somebody says what to do instead; `None` if the node is left out.
    async fn tried(&self, mut dsn: Dsn) -> Result<Option<(Dsn, Option<Report>)>, Failure> {
        loop {
            let name = dsn.address.to_string();
            let error = match self.look(&name, &dsn).await {
                Ok(report) => {
                    self.ui.say(|style| {
                        let sign = if report.nodes.iter().all(|node| node.usable) {
                            style.good("yes:")
                        } else {
                            style.warn("note:")
                        };
                        format!("  {sign} {}", plain(&told(&name, &report)))
                    });
                    return Ok(Some((dsn, Some(report))));
                }
                Err(error) => error,
            };
            self.ui.no(&with_causes(&error));
            if let Some(hint) = cluster_hint(&error) {
                self.ui.say(|style| format!("  {} {hint}", style.good("hint:")));
            }
            // The account is what people mistype; a server that is not there is no better for another one.
            let default = usize::from(error.class() != Class::Config || error.code() == Some(UNKNOWN_DATABASE));
            match self.ui.choose("What now", &WAYS, default)? {
                0 => {
                    dsn.user = self.ui.ask_line("User", &dsn.user)?;
                    dsn.password = Some(self.password(&dsn.user)?);
                }
                1 => {
                    let Some(NamedDsn { dsn: typed, .. }) = self.typed()? else { return Ok(None) };
                    dsn = self.completed(typed)?;
                }
                2 if self.nodes.is_empty() => self.ui.no("one node there has to be"),
                2 => return Ok(None),
                _ => return Ok(Some((dsn, None))),
            }
        }
    }

    async fn look(&self, name: &str, dsn: &Dsn) -> Result<Report, cluster::Error> {
        let node = Node::new(name, dsn.clone());
        node.connect(self.deadline).await?.close().await;
        let cluster = Cluster::new("init", vec![node], self.deadline);
        Ok(health::judge(&health::probe(&cluster).await))
    }

    /// Asks for the account, the database and the encryption, where the DSN does not say them.
    fn completed(&self, mut dsn: Dsn) -> Result<Dsn, Failure> {
        let before = self.before.as_ref();
        // Whoever writes parameters writes all of them.
        let bare = dsn.user.is_empty() && dsn.tls == Tls::Off;
        if dsn.user.is_empty() {
            dsn.user = self.ui.ask_line("User", before.map_or("", |before| &before.user))?;
        }
        if dsn.password.is_none() {
            let same = before.filter(|before| before.user == dsn.user).and_then(|before| before.password.clone());
            dsn.password = Some(match same {
                Some(password) => password,
                None => self.password(&dsn.user)?,
            });
        }
        if dsn.database.is_none() {
            let database = before.and_then(|before| before.database.clone()).unwrap_or_default();
            dsn.database = Some(self.ui.ask_line("Database", &database)?).filter(|name| !name.is_empty());
        }
        if bare {
            dsn.tls = match before {
                Some(before) if !leaves_the_machine(before, &dsn.address) => before.tls.clone(),
                _ => self.encryption(&dsn.address)?,
            };
        }
        Ok(dsn)
    }

    fn password(&self, user: &str) -> Result<Secret, Failure> {
        let prompt = format!("Password of `{}` (it is not shown)", plain(user));
        Ok(Secret::new(self.ui.ask_secret(&prompt)?.unwrap_or_default().as_str()))
    }

    fn encryption(&self, address: &Address) -> Result<Tls, Failure> {
        let items = [
            "none",
            "if the server can (ssl-mode=PREFERRED)",
            "always, whoever answers (ssl-mode=REQUIRED)",
            "always, and the server has to prove itself by a CA (ssl-ca=FILE)",
        ];
        let options = |verify, ca| Tls::Required(TlsOptions { verify, ca, cert: None, key: None });
        Ok(match self.ui.choose("Encryption", &items, usize::from(!is_local(address)))? {
            0 => Tls::Off,
            1 => Tls::Preferred,
            2 => options(Verify::None, None),
            _ => {
                let here = std::env::current_dir().unwrap_or_default();
                options(Verify::Identity, Some(absolute(&self.ui.ask_line("CA file (PEM)", "")?, &here)))
            }
        })
    }

    /// Asks for a node's name; what it calls itself is the default.
    fn name(&self, given: Option<String>, report: Option<&Report>) -> Result<String, Failure> {
        let suggested = given.filter(|name| self.is_free(name)).unwrap_or_else(|| self.suggested(report));
        loop {
            let name = self.ui.ask_line("Name of this node", &suggested)?;
            match NamedDsn::parse(&format!("{name}=mysql://host")) {
                Ok(read) if read.name == name && self.is_free(&name) => return Ok(name),
                Ok(read) if read.name == name => self.ui.no("another node has that name"),
                _ => self.ui.no("a name is of letters, digits, `_`, `.` and `-`"),
            }
        }
    }

    fn is_free(&self, name: &str) -> bool {
        self.nodes.iter().all(|node| node.name != name)
    }

    fn suggested(&self, report: Option<&Report>) -> String {
        let own = report.and_then(|report| report.nodes.first()).and_then(|node| node.vitals.get("wsrep_node_name"));
        let fits = |name: &&str| NamedDsn::parse(&format!("{name}=mysql://host")).is_ok_and(|read| read.name == **name);
        let numbered = || (self.nodes.len() + 1..).map(|n| format!("n{n}")).find(|name| self.is_free(name));
        let own = own.filter(fits).filter(|name| self.is_free(name)).map(str::to_owned);
        own.or_else(numbered).unwrap_or_default()
    }
}

/// No such database (`ER_BAD_DB_ERROR`).
const UNKNOWN_DATABASE: u16 = 1049;

/// By what addresses are put in order: numbers by their value, names by their letters.
fn in_order(address: &Address) -> (Option<std::net::IpAddr>, String, u16) {
    match address {
        Address::Tcp { host, port } => (host.parse().ok(), host.clone(), *port),
        Address::Unix(path) => (None, path.display().to_string(), 0),
    }
}

/// Whether a node without encryption, on this machine, is followed by one on another.
fn leaves_the_machine(before: &Dsn, next: &Address) -> bool {
    before.tls == Tls::Off && is_local(&before.address) && !is_local(next)
}

/// Whether a node is on this machine, where nothing crosses a network.
fn is_local(address: &Address) -> bool {
    match address {
        Address::Unix(_) => true,
        Address::Tcp { host, .. } => {
            host == "localhost" || host.parse().is_ok_and(|address: std::net::IpAddr| address.is_loopback())
        }
    }
}

/// Says what a node is: `127.0.0.1:3306 is ok: galera of 3 members, 10.11.19-MariaDB, 0.2 ms`.
fn told(name: &str, report: &Report) -> String {
    let Some(node) = report.nodes.first() else { return name.to_owned() };
    let mut facts = Vec::new();
    if let Some(kind) = report.kind {
        let members =
            report.size.filter(|size| *size > 1).map_or_else(String::new, |size| format!(" of {size} members"));
        facts.push(format!("{}{members}", kind.as_str()));
    }
    facts.extend(node.state.clone().filter(|state| !state.is_empty()));
    facts.extend(node.version.clone());
    facts.extend(node.latency.map(|latency| format!("answers in {:.1} ms", latency.as_secs_f64() * 1000.0)));
    let reason = node.reason.as_ref().map_or_else(String::new, |reason| format!(", for {reason}"));
    format!("{name} is {}{reason}: {}", node.verdict.as_str(), facts.join(", "))
}

/// Reads `[NAME=]HOST[:PORT]`, or a DSN that has no password in it.
fn read(typed: &str) -> Result<NamedDsn, String> {
    let bare = |text: &str| !text.is_empty() && !text.contains(['@', '(', '?', '/']);
    let entry = match typed.split_once('=') {
        Some((name, host)) if bare(name) && bare(host) => format!("{name}=mysql://{host}"),
        None if bare(typed) => format!("mysql://{typed}"),
        _ => typed.to_owned(),
    };
    let mut read = NamedDsn::parse(&entry).map_err(|error| with_causes(&error))?;
    if read.dsn.password.is_some() {
        return Err("leave the password out of it: it is asked for by itself, and is not shown then".to_owned());
    }
    if let Tls::Named(name) = &read.dsn.tls {
        return Err(format!(
            "`tls={name}` means something to one program alone: write `tls=true`, or `ssl-ca=` and the file of the CA"
        ));
    }
    if let Tls::Required(options) = &mut read.dsn.tls {
        let here = std::env::current_dir().unwrap_or_default();
        for path in [&mut options.ca, &mut options.cert, &mut options.key] {
            *path = path.take().map(|path| here.join(path));
        }
    }
    Ok(read)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes_come_in_an_order_that_does_not_change() {
        let mut addresses: Vec<Address> = ["db2", "10.0.0.10:3306", "10.0.0.9:3307", "10.0.0.9:3306", "db10", "[::1]"]
            .map(|host| read(host).unwrap().dsn.address)
            .into();
        addresses.sort_by_key(in_order);
        let told: Vec<String> = addresses.iter().map(ToString::to_string).collect();
        assert_eq!(told, ["db10:3306", "db2:3306", "10.0.0.9:3306", "10.0.0.9:3307", "10.0.0.10:3306", "[::1]:3306"]);
    }

    #[test]
    fn a_host_is_enough_and_a_password_too_much() {
        for (typed, expected) in [
            ("db1", Ok("db1:3306 mysql://db1:3306")),
            ("db1:3307", Ok("db1:3307 mysql://db1:3307")),
            ("n1=db1:3307", Ok("n1 mysql://db1:3307")),
            ("app@tcp(db1:3306)/web", Ok("db1:3306 mysql://app@db1:3306/web")),
            ("n1=mysql://app@db1/web", Ok("n1 mysql://app@db1:3306/web")),
            ("app:Pl4nted@tcp(db1:3306)/web", Err("leave the password out")),
            ("mysql://app:Pl4nted@db1/web", Err("leave the password out")),
            ("app@tcp(db1)/web?tls=farm", Err("`tls=farm` means something to one program alone")),
            ("db1:70000", Err("the port is no number")),
            ("", Err("")),
        ] {
            let read = read(typed).map(|read| format!("{} {}", read.name, read.dsn.masked_url()));
            match expected {
                Ok(expected) => assert_eq!(read.as_deref(), Ok(expected), "{typed}"),
                Err(part) => {
                    let reason = read.expect_err(typed);
                    assert!(reason.contains(part) && !reason.contains("Pl4nted"), "{typed}: {reason}");
                }
            }
        }
    }
}
