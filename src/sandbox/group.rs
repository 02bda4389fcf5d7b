//! Group Replication: making a group of servers that run, and letting servers join it.

use std::time::{Duration, Instant};

use super::error::Error;
use super::layout::Home;
use super::process::Server;
use super::programs::{Account, Programs};
use super::running::{PATIENCE, Sandbox};
use super::start::Launched;
use super::state::State;
use super::step::Step;
use super::watch::{self, POLL, STATEMENT, Started, Wanted};
use crate::Place;
use crate::cluster::{self, Connection, Vitals};

/// Whom the members know each other as, and copy each other's data as.
const MEMBER_USER: &str = "sandbox_member";

/// A server that is, or is to be, a member.
#[derive(Clone, Copy, Debug)]
pub(super) struct Member<'a> {
    pub(super) account: &'a Account,
    pub(super) home: &'a Home,
    pub(super) server: &'a Server,
    /// Of [`MEMBER_USER`].
    pub(super) password: &'a str,
    /// How long anything about it may take.
    pub(super) patience: Duration,
}

impl Member<'_> {
    fn node(&self) -> cluster::Node {
        watch::superuser(self.account, self.home)
    }

    async fn connect(&self) -> Result<Connection, Error> {
        Ok(self.node().connect(self.patience.max(STATEMENT)).await?)
    }

    fn start(&self) -> String {
        // The password is of letters and digits.
        format!("START GROUP_REPLICATION USER='{MEMBER_USER}', PASSWORD='{}'", self.password)
    }
}

/// Makes the account by which members know each other, on a server that is in no group yet.
///
/// # Errors
///
/// [`Error::Died`], [`Error::NotReady`], [`Error::Cluster`].
pub(super) async fn introduce(member: Member<'_>) -> Result<(), Error> {
    let Member { account, home, server, password, patience } = member;
    watch::wait_for(Wanted::Answering, account, home, server, patience).await?;
    let mut connection = member.connect().await?;
    for sql in [
        // Each member makes its own: the group has to begin with no history, or none could join.
        "SET SQL_LOG_BIN=0".to_owned(),
        format!("CREATE USER '{MEMBER_USER}'@'127.0.0.1' IDENTIFIED BY '{password}'"),
        format!(
            "GRANT REPLICATION SLAVE, CONNECTION_ADMIN, BACKUP_ADMIN, GROUP_REPLICATION_STREAM ON *.* \
             TO '{MEMBER_USER}'@'127.0.0.1'"
        ),
    ] {
        connection.execute("making the members' account", &sql, ()).await?;
    }
    connection.close().await;
    Ok(())
}

/// Begins a group with one member.
///
/// # Errors
///
/// [`Error::Died`], [`Error::NotReady`], [`Error::Cluster`].
pub(super) async fn begin(member: Member<'_>) -> Result<(), Error> {
    let mut connection = member.connect().await?;
    connection.execute("beginning the group", "SET GLOBAL group_replication_bootstrap_group=ON", ()).await?;
    let begun = connection.execute("beginning the group", &member.start(), ()).await;
    // Or its next start would begin a second group.
    connection.execute("beginning the group", "SET GLOBAL group_replication_bootstrap_group=OFF", ()).await?;
    begun?;
    connection.close().await;
    let Member { account, home, server, patience, .. } = member;
    watch::wait_for(Wanted::Synced, account, home, server, patience).await
}

/// Lets a server join the group that others have begun, and returns when it has caught up.
///
/// One that was killed is refused until the others have noticed that it is gone, so it is tried again.
///
/// # Errors
///
/// [`Error::Died`] as soon as its server ends, [`Error::NotReady`] when its time is over.
pub(super) async fn join(member: Member<'_>) -> Result<(), Error> {
    let Member { home, server, patience, .. } = member;
    let node = member.node();
    let began = Instant::now();
    loop {
        let seen = match watch::look(&node).await {
            Ok(vitals) if watch::serves(&vitals) => return Ok(()),
            Ok(vitals) => nudge(member, &vitals).await,
            Err(error) => error.reason(),
        };
        let alive = server.runs(home);
        if !alive || began.elapsed() >= patience {
            let started = Started { home, server, node: &node, patience };
            return Err(watch::failed(started, "a member of the group", &seen, alive));
        }
        tokio::time::sleep(POLL).await;
    }
}

/// Does what brings a server nearer to the group, and says how it stands.
async fn nudge(member: Member<'_>, vitals: &Vitals) -> String {
    let objection = vitals.apart().unwrap_or_else(|| "it is read-only".to_owned());
    let sql = match state(vitals) {
        "OFFLINE" => member.start(),
        // What it tried last has failed: it has to leave before it can try again.
        "ERROR" => "STOP GROUP_REPLICATION".to_owned(),
        _ => return objection,
    };
    let sent = async {
        let mut connection = member.connect().await?;
        let sent = connection.execute("joining the group", &sql, ()).await;
        connection.close().await;
        sent.map_err(Error::from)
    };
    match sent.await {
        Ok(_) => objection,
        Err(error) => std::error::Error::source(&error).map_or_else(|| error.to_string(), ToString::to_string),
    }
}

/// What a server says of its own membership.
fn state(vitals: &Vitals) -> &str {
    let own = vitals.group.as_ref().and_then(|group| group.own(vitals.get("server_uuid")));
    own.map_or("", |own| own.state.as_str())
}

impl Sandbox {
    /// Starts a member that does not run, and returns when it has caught up with the group.
    pub(super) async fn start_member(
        &mut self,
        programs: &Programs,
        index: usize,
        on: &mut impl FnMut(Step),
    ) -> Result<(), Error> {
        if self.state.nodes.len() == 1 {
            return self.start_members(programs, on).await;
        }
        if self.state.running(&self.layout) == 0 {
            let node = self.state.nodes[index].name.clone();
            return Err(Error::StartTogether { node, place: Place::here() });
        }
        self.regain_majority(index, on).await?;
        let launched = self.launch(programs, index, &[], on)?;
        self.answer(&launched).await?;
        self.enter(&launched, on).await
    }

    /// Starts every member that does not run, and returns when all are in the group: those too that run and have left it,
    /// or have never come to join it.
    ///
    /// If there is no group any more, the one with the latest data begins it.
    pub(super) async fn start_members(&mut self, programs: &Programs, on: &mut impl FnMut(Step)) -> Result<(), Error> {
        let missing = self.missing();
        if self.state.running(&self.layout) > 0 {
            self.regain_majority(missing.first().copied().unwrap_or_default(), on).await?;
        }
        let mut launched = self.outside().await;
        for index in missing {
            launched.push(self.launch(programs, index, &[], on)?);
        }
        if launched.is_empty() {
            return Ok(());
        }
        for launched in &launched {
            self.answer(launched).await?;
        }
        if self.serving().await.is_none() {
            let first = self.most_advanced_member().await?;
            begin(self.member(&first)).await?;
        }
        for launched in &launched {
            self.enter(launched, on).await?;
        }
        Ok(())
    }

    /// Returns the servers that run and are not in the group.
    async fn outside(&self) -> Vec<Launched> {
        let mut outside = Vec::new();
        for (home, server) in self.state.servers(&self.layout).filter(|(home, server)| server.runs(home)) {
            let seen = watch::look(&watch::superuser(&self.account, &home)).await;
            if !seen.is_ok_and(|vitals| watch::serves(&vitals)) {
                outside.push(Launched { home, server, began: Instant::now() });
            }
        }
        outside
    }

    /// Returns a node that takes writes, or at least does what it is there for.
    pub(super) async fn serving(&self) -> Option<Home> {
        let mut secondary = None;
        for (home, server) in self.state.servers(&self.layout) {
            if !server.runs(&home) {
                continue;
            }
            match watch::look(&watch::superuser(&self.account, &home)).await {
                Ok(vitals) if vitals.objection().is_none() => return Some(home),
                Ok(vitals) if watch::serves(&vitals) => secondary = Some(home),
                // One that does not answer is as little use as one that is not in the group.
                _ => {}
            }
        }
        secondary
    }

    /// Lets members that lost their majority go on without those that are gone.
    ///
    /// # Errors
    ///
    /// [`Error::NoPrimary`] if a member that they do not reach runs: two groups could come of it.
    async fn regain_majority(&self, index: usize, on: &mut impl FnMut(Step)) -> Result<(), Error> {
        self.until_noticed().await?;
        if self.serving().await.is_some() {
            return Ok(());
        }
        let running: Vec<_> = self.state.servers(&self.layout).filter(|(home, server)| server.runs(home)).collect();
        let mut online = Vec::new();
        for (home, _) in &running {
            let vitals = watch::look(&watch::superuser(&self.account, home)).await?;
            if state(&vitals) == "ONLINE" {
                online.push((home, vitals));
            }
        }
        let Some((home, vitals)) = online.first() else { return Ok(()) };
        if vitals.group.as_ref().map(|group| group.size().1) != Some(running.len() as u64) {
            return Err(self.no_primary(index));
        }
        let addresses: Vec<String> = online.iter().map(|(home, _)| self.address(home)).collect();
        // With a transaction that waits for the majority it takes half a minute and more.
        let mut connection = watch::superuser(&self.account, home).connect(PATIENCE).await?;
        let doing = "going on without the members that are gone";
        let force = format!("SET GLOBAL group_replication_force_members='{}'", addresses.join(","));
        connection.execute(doing, &force, ()).await?;
        connection.execute(doing, "SET GLOBAL group_replication_force_members=''", ()).await?;
        connection.close().await;
        on(Step::WentOn { node: home.name.clone() });
        for (home, server) in &running {
            watch::wait_for(Wanted::Synced, &self.account, home, server, PATIENCE).await?;
        }
        Ok(())
    }

    /// Waits until the members that run have noticed which ones do not, which takes some seconds.
    ///
    /// Until then they believe that they have a majority, and would refuse one that was killed and comes back.
    async fn until_noticed(&self) -> Result<(), Error> {
        let began = Instant::now();
        loop {
            let running: Vec<_> = self.state.servers(&self.layout).filter(|(home, server)| server.runs(home)).collect();
            let mut unnoticed = None;
            for (home, server) in &running {
                let reached = watch::look(&watch::superuser(&self.account, home)).await;
                let reached = reached.ok().and_then(|vitals| vitals.group).map_or(0, |group| group.size().1);
                if reached > running.len() as u64 {
                    unnoticed = Some((home, server));
                }
            }
            let Some((home, server)) = unnoticed else { return Ok(()) };
            if began.elapsed() >= PATIENCE {
                let node = watch::superuser(&self.account, home);
                let started = Started { home, server, node: &node, patience: PATIENCE };
                return Err(watch::failed(started, "aware of which members are gone", "it still counts them", true));
            }
            tokio::time::sleep(POLL).await;
        }
    }

    /// Finds the member whose data all others' are part of.
    async fn most_advanced_member(&self) -> Result<Launched, Error> {
        let mut all: Vec<(Launched, String)> = Vec::new();
        for (home, server) in self.state.servers(&self.layout) {
            let mut connection = watch::superuser(&self.account, &home).connect(STATEMENT).await?;
            let sets: Vec<String> =
                connection.rows("asking for its history", "SELECT @@GLOBAL.gtid_executed", ()).await?;
            connection.close().await;
            let set = sets.into_iter().next().unwrap_or_default();
            all.push((Launched { home, server, began: Instant::now() }, set));
        }
        let mut most = 0;
        for index in 1..all.len() {
            let mut connection = watch::superuser(&self.account, &all[index].0.home).connect(STATEMENT).await?;
            let sets = (all[most].1.clone(), all[index].1.clone());
            let further: Option<u8> =
                connection.first("comparing histories", "SELECT GTID_SUBSET(?, ?)", sets.clone()).await?;
            connection.close().await;
            if further == Some(1) && sets.0 != sets.1 {
                most = index;
            }
        }
        Ok(all.swap_remove(most).0)
    }

    fn address(&self, home: &Home) -> String {
        let node = self.state.nodes.iter().find(|node| node.name == home.name);
        format!("127.0.0.1:{}", node.map_or(0, |node| node.ports.sql))
    }

    fn member<'a>(&'a self, Launched { home, server, .. }: &'a Launched) -> Member<'a> {
        let State { password, .. } = &self.state;
        Member { account: &self.account, home, server, password, patience: PATIENCE }
    }

    async fn answer(&self, Launched { home, server, .. }: &Launched) -> Result<(), Error> {
        watch::wait_for(Wanted::Answering, &self.account, home, server, PATIENCE).await
    }

    async fn enter(&self, launched: &Launched, on: &mut impl FnMut(Step)) -> Result<(), Error> {
        join(self.member(launched)).await?;
        on(Step::Synced { node: launched.home.name.clone(), took: launched.began.elapsed() });
        Ok(())
    }
}
