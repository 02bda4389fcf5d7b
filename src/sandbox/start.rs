//! Bringing nodes back: which of them may be first, and how the others join.

use std::time::Instant;

use super::engine::Engine;
use super::error::Error;
use super::files;
use super::galera::{self, Position};
use super::layout::Home;
use super::process::{self, Server};
use super::programs::Programs;
use super::running::{PATIENCE, Sandbox};
use super::state::NodeState;
use super::step::Step;
use super::watch::{self, Wanted};
use crate::Place;

impl Sandbox {
    /// Starts a node that does not run, and returns when it is synced.
    ///
    /// It joins the nodes that run. Members of a group that have lost their majority first go on without those that are
    /// gone; if none runs, all have to be started together. With Galera, if those have lost their majority, it has to be
    /// the last one missing. If none runs, it begins the cluster anew, provided that no other node holds later data, which
    /// would be lost.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownNode`], [`Error::NodeRuns`]; [`Error::NotMostAdvanced`] or [`Error::StartTogether`] if none runs and
    /// another has to be first; [`Error::NoPrimary`] if the nodes that run are cut off; [`Error::PortInUse`],
    /// [`Error::Died`], [`Error::NotReady`], [`Error::Missing`], [`Error::Program`], [`Error::Busy`], [`Error::Io`].
    pub async fn start(&mut self, name: &str, mut on: impl FnMut(Step)) -> Result<(), Error> {
        let _lock = self.refresh().await?;
        let index = self.state.index(name)?;
        if let Some((home, server)) = self.running_at(index) {
            return Err(Error::NodeRuns { node: home.name, pid: server.pid, place: Place::here() });
        }
        let programs = self.programs()?;
        match self.state.engine {
            Engine::Galera => {}
            Engine::GroupReplication | Engine::GroupReplicationMultiPrimary => {
                return self.start_member(&programs, index, &mut on).await;
            }
            Engine::Standalone => {
                let launched = self.launch(&programs, index, &[], &mut on)?;
                return self.settle(launched, &mut on).await;
            }
        }
        if self.state.running(&self.layout) > 0 {
            if self.has_primary().await {
                return self.join(&programs, index, &mut on).await;
            }
            if self.missing() == [index] {
                return self.reunite(&programs, &[index], &mut on).await;
            }
            return Err(self.no_primary(index));
        }
        let positions = self.positions(&programs).await?;
        let (ahead, most) = most_advanced(&positions);
        if positions[index].seqno < most.seqno {
            return Err(Error::NotMostAdvanced {
                node: name.to_owned(),
                seqno: positions[index].seqno,
                ahead: self.state.nodes[ahead].name.clone(),
                ahead_seqno: most.seqno,
                place: Place::here(),
            });
        }
        self.bootstrap(&programs, index, &positions[index], &mut on).await
    }

    /// Starts every node that does not run, the one with the latest data first, and returns when all are synced.
    ///
    /// If nodes run that have lost their majority, the others come at once, and form the component again with them.
    /// With all of them running, it does nothing, but lets a member in that has left its group.
    ///
    /// # Errors
    ///
    /// As [`Sandbox::start`].
    pub async fn start_all(&mut self, mut on: impl FnMut(Step)) -> Result<(), Error> {
        let _lock = self.refresh().await?;
        let programs = self.programs()?;
        if self.state.engine.is_group() {
            return self.start_members(&programs, &mut on).await;
        }
        if self.state.engine == Engine::Standalone {
            for index in self.missing() {
                let launched = self.launch(&programs, index, &[], &mut on)?;
                self.settle(launched, &mut on).await?;
            }
            return Ok(());
        }
        if self.state.running(&self.layout) == 0 {
            let positions = self.positions(&programs).await?;
            let (first, position) = most_advanced(&positions);
            self.bootstrap(&programs, first, position, &mut on).await?;
        }
        let missing = self.missing();
        if !missing.is_empty() && !self.has_primary().await {
            return self.reunite(&programs, &missing, &mut on).await;
        }
        for index in missing {
            self.join(&programs, index, &mut on).await?;
        }
        Ok(())
    }

    fn programs(&self) -> Result<Programs, Error> {
        Programs::find(self.state.engine, self.state.server_root.as_deref())
    }

    async fn positions(&self, programs: &Programs) -> Result<Vec<Position>, Error> {
        let mut positions = Vec::new();
        for node in &self.state.nodes {
            positions.push(galera::position(programs, &self.account, &self.layout.home(&node.name)).await?);
        }
        Ok(positions)
    }

    pub(super) fn missing(&self) -> Vec<usize> {
        (0..self.state.nodes.len()).filter(|index| self.running_at(*index).is_none()).collect()
    }

    /// Whether a running node is in a primary component. One that does not answer is as little use as one that is not.
    async fn has_primary(&self) -> bool {
        for (peer, server) in self.state.servers(&self.layout) {
            if server.runs(&peer)
                && let Ok(vitals) = watch::look(&watch::superuser(&self.account, &peer)).await
                && vitals.get("wsrep_cluster_status") == Some("Primary")
            {
                return true;
            }
        }
        false
    }

    /// Starts a node that joins a primary component.
    async fn join(&mut self, programs: &Programs, index: usize, on: &mut impl FnMut(Step)) -> Result<(), Error> {
        let more = self.rejoining(programs, index).await?;
        let launched = self.launch(programs, index, &more, on)?;
        self.settle(launched, on).await
    }

    /// Starts all nodes that are missing from a component that lost its majority.
    ///
    /// Killed nodes remember the component that they were in, and form it again with those that went on, but only
    /// when all of it is there.
    async fn reunite(
        &mut self,
        programs: &Programs,
        missing: &[usize],
        on: &mut impl FnMut(Step),
    ) -> Result<(), Error> {
        for index in missing {
            if !galera::remembers_view(&self.layout.home(&self.state.nodes[*index].name)) {
                return Err(self.no_primary(*index));
            }
        }
        let mut launched = Vec::new();
        for index in missing {
            let more = self.rejoining(programs, *index).await?;
            launched.push(self.launch(programs, *index, &more, on)?);
        }
        for launched in launched {
            self.settle(launched, on).await?;
        }
        Ok(())
    }

    pub(super) fn no_primary(&self, index: usize) -> Error {
        let running = self.state.servers(&self.layout).filter(|(home, server)| server.runs(home));
        let running = running.map(|(home, _)| home.name).collect::<Vec<_>>().join(", ");
        Error::NoPrimary { node: self.state.nodes[index].name.clone(), running, place: Place::here() }
    }

    /// Prepares the data of a node that is to join others, and returns what to tell its server.
    async fn rejoining(&self, programs: &Programs, index: usize) -> Result<Vec<String>, Error> {
        let home = self.layout.home(&self.state.nodes[index].name);
        let position = galera::position(programs, &self.account, &home).await?;
        if !position.is_known() {
            // It cannot say which write sets it misses, and gets a whole copy.
            galera::forget_recovery(&home)?;
        }
        Ok(position.argument().into_iter().collect())
    }

    async fn bootstrap(
        &mut self,
        programs: &Programs,
        index: usize,
        position: &Position,
        on: &mut impl FnMut(Step),
    ) -> Result<(), Error> {
        let home = self.layout.home(&self.state.nodes[index].name);
        galera::allow_bootstrap(&self.account, &home)?;
        galera::forget_view(&home)?;
        let more: Vec<_> = position.argument().into_iter().chain(["--wsrep-new-cluster".to_owned()]).collect();
        let launched = self.launch(programs, index, &more, on)?;
        self.settle(launched, on).await
    }

    pub(super) fn launch(
        &mut self,
        programs: &Programs,
        index: usize,
        more: &[String],
        on: &mut impl FnMut(Step),
    ) -> Result<Launched, Error> {
        let NodeState { name, ports, .. } = self.state.nodes[index].clone();
        let home = self.layout.home(&name);
        ports.probe(&name)?;
        // A killed server leaves it, and it would look as if the new one had made it.
        files::remove(&home.socket())?;
        // Of one whose process is still in the system's table the new one would think that it runs.
        files::remove(&home.socket_lock())?;
        let began = Instant::now();
        let server = process::spawn(programs, &self.account, &home, more)?;
        self.state.nodes[index].server = Some(server);
        self.state.save(&self.layout)?;
        on(Step::Starting { node: name, port: ports.sql, pid: server.pid });
        Ok(Launched { home, server, began })
    }

    async fn settle(&self, launched: Launched, on: &mut impl FnMut(Step)) -> Result<(), Error> {
        let Launched { home, server, began } = launched;
        watch::wait_for(Wanted::Synced, &self.account, &home, &server, PATIENCE).await?;
        on(Step::Synced { node: home.name, took: began.elapsed() });
        Ok(())
    }
}

/// A server that was started, and is not synced yet.
pub(super) struct Launched {
    pub(super) home: Home,
    pub(super) server: Server,
    pub(super) began: Instant,
}

/// Returns the first of the positions that no other is ahead of.
fn most_advanced(positions: &[Position]) -> (usize, &Position) {
    let mut most = (0, &positions[0]);
    for (index, position) in positions.iter().enumerate() {
        if position.seqno > most.1.seqno {
            most = (index, position);
        }
    }
    most
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_those_with_the_latest_data_is_most_advanced() {
        let positions = |seqnos: &[i64]| -> Vec<Position> {
            seqnos.iter().map(|seqno| Position { uuid: "u".to_owned(), seqno: *seqno }).collect()
        };
        for (seqnos, most) in [(&[5][..], 0), (&[5, 5, 5], 0), (&[-1, 7, 7], 1), (&[3, 7, 9], 2), (&[-1, -1], 0)] {
            assert_eq!(most_advanced(&positions(seqnos)).0, most, "{seqnos:?}");
        }
    }
}
