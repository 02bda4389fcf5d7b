//! What decides whether a node may take work: a few variables, and the rule over them.

use std::collections::BTreeMap;

use super::connection::Connection;
use super::dialect::Family;
use super::error::Error;
use super::group::{self, Group};
use super::number::Class;

/// What kind of cluster a server belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// MariaDB Galera Cluster or Percona XtraDB Cluster.
    Galera,
    /// MySQL Group Replication, with one primary or several.
    GroupReplication,
    /// A server on its own, or one whose replication this crate does not look into.
    Standalone,
}

/// A node's own account of its state, from `SHOW GLOBAL STATUS` and `SHOW GLOBAL VARIABLES`.
///
/// Both need no privilege and are answered by a node that refuses everything else, which `SELECT 1` proves nothing
/// about: it succeeds on a node outside the primary component.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Vitals {
    /// Status and variables by lower-case name, as the server wrote their values.
    pub values: BTreeMap<String, String>,
    /// What a member of Group Replication sees of its group; `None` on any other server.
    pub group: Option<Group>,
}

const STATUS: &str = "SHOW GLOBAL STATUS WHERE Variable_name LIKE 'wsrep\\_%' OR Variable_name IN ('Uptime','Threads_running',\
    'Threads_connected','Questions','Com_insert','Com_update','Com_delete','Com_replace','Ssl_server_not_after')";
const VARIABLES: &str = "SHOW GLOBAL VARIABLES WHERE Variable_name IN ('wsrep_on','wsrep_reject_queries','wsrep_desync',\
    'wsrep_sst_donor_rejects_queries','pxc_maint_mode','read_only','super_read_only','event_scheduler','version',\
    'version_comment','server_id','server_uuid','group_replication_group_name','time_zone','system_time_zone',\
    'wsrep_node_name','wsrep_node_address','wsrep_cluster_address','wsrep_provider_options','wsrep_provider_gcs_fc_limit','wsrep_gtid_mode','max_connections',\
    'group_replication_flow_control_applier_threshold')";

impl Vitals {
    /// Reads a node's vitals, in two round trips, or three where it is a member of a group.
    ///
    /// # Errors
    ///
    /// [`Error::Deadline`] if the node is silent, [`Error::Statement`] if it refuses even this.
    pub async fn read(connection: &mut Connection) -> Result<Self, Error> {
        let status: Vec<(String, String)> = connection.rows("reading the server's status", STATUS, ()).await?;
        let variables: Vec<(String, String)> = connection.rows("reading the server's variables", VARIABLES, ()).await?;
        let values = status.into_iter().chain(variables).map(|(name, value)| (name.to_ascii_lowercase(), value));
        let mut vitals = Self { values: values.collect(), group: None };
        if vitals.kind() == Kind::GroupReplication {
            vitals.group = Some(Group::read(connection).await?);
        }
        Ok(vitals)
    }

    /// Reads them, and of a member of a group also how busy it is, in one round trip more.
    ///
    /// # Errors
    ///
    /// As [`Vitals::read`].
    pub async fn read_with_counters(connection: &mut Connection) -> Result<Self, Error> {
        let mut vitals = Self::read(connection).await?;
        if matches!(vitals.group, Some(Group::Seen(_))) {
            vitals.values.extend(group::counters(connection).await?);
        }
        Ok(vitals)
    }

    /// Returns a value by its lower-case name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }

    /// Returns a value as a number; `wsrep_cluster_conf_id` of a node that is cut off needs all 64 bits.
    #[must_use]
    pub fn number(&self, name: &str) -> Option<u64> {
        self.get(name)?.trim().parse().ok()
    }

    /// Returns whether a value is a switch that is on.
    #[must_use]
    pub fn on(&self, name: &str) -> bool {
        self.get(name).is_some_and(|value| value.eq_ignore_ascii_case("ON") || value == "1")
    }

    /// Returns what kind of cluster the node belongs to.
    ///
    /// A MariaDB built with Galera and not using it has `wsrep_on` OFF, and is a server on its own. A node whose
    /// provider is gone keeps `wsrep_on` ON. A MySQL that has the name of a group is, or should be, a member of it.
    #[must_use]
    pub fn kind(&self) -> Kind {
        if self.on("wsrep_on") {
            Kind::Galera
        } else if self.get("group_replication_group_name").is_some_and(|name| !name.is_empty()) {
            Kind::GroupReplication
        } else {
            Kind::Standalone
        }
    }

    /// Returns whose server it is.
    #[must_use]
    pub fn family(&self) -> Family {
        Family::of(self)
    }

    /// Returns why the node may not take writes, naming the variable that decides, or `None` if it may.
    #[must_use]
    pub fn objection(&self) -> Option<String> {
        self.apart().or_else(|| self.read_only())
    }

    /// Returns the class of trouble that an [objection](Self::objection) is.
    #[must_use]
    pub fn objection_class(&self) -> Class {
        match self.group {
            // No node is better, and waiting does not help: the account has to be given a right.
            Some(Group::Hidden { .. }) => Class::Config,
            _ => Class::Node,
        }
    }

    /// Returns why the node is no working part of its cluster, whether it may be written to or not; `None` if it is.
    ///
    /// # Source
    ///
    /// The union of what Percona's clustercheck, ProxySQL and MaxScale look at; for Group Replication, the MySQL manual
    /// on `replication_group_members` and on network partitioning.
    #[must_use]
    pub fn apart(&self) -> Option<String> {
        match self.kind() {
            Kind::Galera => self.out_of_galera(),
            Kind::GroupReplication => {
                let group = self.group.as_ref();
                group.map_or_else(
                    || Some("the members of its group are not reported".into()),
                    |group| group.objection(self.get("server_uuid")),
                )
            }
            // Every server has one: what tells nothing of itself, a proxy in front of none perhaps, is no node.
            Kind::Standalone => self.get("version").is_none().then(|| "version is not reported".into()),
        }
    }

    /// Returns why a node that is well takes no writes: the other side of a primary, or taken out by its operator.
    #[must_use]
    pub fn read_only(&self) -> Option<String> {
        let switch = ["super_read_only", "read_only"].into_iter().find(|name| self.on(name))?;
        let secondary = if self.is_secondary() { ", for MEMBER_ROLE is SECONDARY" } else { "" };
        Some(format!("{switch} is ON{secondary}"))
    }

    /// Returns whether the node is a working member of a group that another member takes the writes for: read-only by
    /// the group's design, and as well as the primary.
    #[must_use]
    pub fn is_secondary(&self) -> bool {
        let own = self.group.as_ref().and_then(|group| group.own(self.get("server_uuid")));
        own.is_some_and(|own| own.role == "SECONDARY" && own.state == "ONLINE")
    }

    /// Returns how many members the node's cluster has by its own count, those that it does not reach included; 1 of a
    /// server on its own.
    #[must_use]
    pub fn members(&self) -> u64 {
        match &self.group {
            Some(group) => group.size().0,
            None => self.reached(),
        }
    }

    /// Returns how many members of its cluster the node is together with now; 1 of a server on its own, 0 if it does not
    /// say.
    #[must_use]
    pub fn reached(&self) -> u64 {
        match (self.kind(), &self.group) {
            (Kind::Standalone, _) => 1,
            (_, Some(group)) => group.size().1,
            (_, None) => self.number("wsrep_cluster_size").unwrap_or(0),
        }
    }

    /// Returns the variable that says how many write sets the node has received and not applied yet.
    #[must_use]
    pub fn queue_name(&self) -> &'static str {
        match self.kind() {
            Kind::GroupReplication => "COUNT_TRANSACTIONS_REMOTE_IN_APPLIER_QUEUE",
            Kind::Galera | Kind::Standalone => "wsrep_local_recv_queue",
        }
    }

    /// Returns how many write sets may wait in the node's receive queue before it slows the cluster's writes down.
    #[must_use]
    pub fn queue_limit(&self) -> Option<u64> {
        match self.kind() {
            Kind::GroupReplication => self.number("group_replication_flow_control_applier_threshold"),
            Kind::Galera | Kind::Standalone => fc_limit(|name| self.get(name)),
        }
    }

    fn out_of_galera(&self) -> Option<String> {
        let said = |name: &str| self.get(name).unwrap_or("not reported").to_owned();
        if self.get("wsrep_cluster_status") != Some("Primary") {
            return Some(format!("wsrep_cluster_status is {}", said("wsrep_cluster_status")));
        }
        if !self.on("wsrep_ready") {
            return Some(format!("wsrep_ready is {}", said("wsrep_ready")));
        }
        if self.number("wsrep_local_state") != Some(4) {
            let comment = said("wsrep_local_state_comment");
            return Some(format!("wsrep_local_state is {} ({comment})", said("wsrep_local_state")));
        }
        if self.on("wsrep_desync") {
            return Some("wsrep_desync is ON".into());
        }
        if self.get("wsrep_reject_queries").is_some_and(|value| !value.eq_ignore_ascii_case("NONE")) {
            return Some(format!("wsrep_reject_queries is {}", said("wsrep_reject_queries")));
        }
        if self.get("pxc_maint_mode").is_some_and(|value| !value.eq_ignore_ascii_case("DISABLED")) {
            return Some(format!("pxc_maint_mode is {}", said("pxc_maint_mode")));
        }
        None
    }
}

/// Finds `gcs.fc_limit` among a node's variables, from which on it stops the cluster's writes: with every member that
/// writes the provider lets the queue grow a little longer than that.
///
/// From MariaDB 11 on each of the provider's options can be a variable of its own.
#[must_use]
pub fn fc_limit<'a>(value: impl Fn(&str) -> Option<&'a str>) -> Option<u64> {
    let own = value("wsrep_provider_gcs_fc_limit").and_then(|limit| limit.trim().parse().ok());
    own.or_else(|| {
        let options = value("wsrep_provider_options")?.split(';').filter_map(|option| option.split_once('='));
        let (_, limit) = options.into_iter().find(|(name, _)| name.trim() == "gcs.fc_limit")?;
        limit.trim().parse().ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn synced() -> Vitals {
        let values = [
            ("wsrep_on", "ON"),
            ("wsrep_cluster_status", "Primary"),
            ("wsrep_ready", "ON"),
            ("wsrep_local_state", "4"),
            ("wsrep_local_state_comment", "Synced"),
            ("wsrep_desync", "OFF"),
            ("wsrep_reject_queries", "NONE"),
            ("read_only", "OFF"),
        ];
        Vitals { values: values.map(|(k, v)| (k.to_owned(), v.to_owned())).into(), group: None }
    }

    #[test]
    fn a_synced_node_of_a_primary_component_has_no_objection() {
        assert_eq!(synced().objection(), None);
        assert_eq!(synced().kind(), Kind::Galera);
    }

    #[test]
    fn each_variable_that_takes_a_node_out_is_named() {
        for (name, value) in [
            ("wsrep_cluster_status", "non-Primary"),
            ("wsrep_ready", "OFF"),
            ("wsrep_local_state", "2"),
            ("wsrep_desync", "ON"),
            ("wsrep_reject_queries", "ALL"),
            ("pxc_maint_mode", "MAINTENANCE"),
            ("read_only", "ON"),
            ("super_read_only", "1"),
        ] {
            let mut vitals = synced();
            vitals.values.insert(name.to_owned(), value.to_owned());
            let objection = vitals.objection().unwrap_or_default();
            assert!(objection.starts_with(name), "{name}={value}: {objection}");
        }
    }

    #[test]
    fn a_galera_node_that_reports_nothing_is_not_usable() {
        let vitals = Vitals { values: [("wsrep_on".to_owned(), "ON".to_owned())].into(), group: None };
        assert_eq!(vitals.objection().as_deref(), Some("wsrep_cluster_status is not reported"));
    }

    #[test]
    fn a_server_that_tells_nothing_of_itself_is_not_usable() {
        assert_eq!(Vitals::default().objection().as_deref(), Some("version is not reported"));
        let on = Vitals { values: [("wsrep_on".to_owned(), "OFF".to_owned())].into(), group: None };
        assert_eq!(on.objection().as_deref(), Some("version is not reported"));
    }

    #[test]
    fn a_server_without_galera_is_usable_unless_read_only() {
        let values = [("wsrep_on", "OFF"), ("version", "10.11.19-MariaDB")];
        let mut vitals = Vitals { values: values.map(|(k, v)| (k.to_owned(), v.to_owned())).into(), group: None };
        assert_eq!((vitals.kind(), vitals.objection()), (Kind::Standalone, None));
        vitals.values.insert("read_only".into(), "ON".into());
        assert_eq!(vitals.objection().as_deref(), Some("read_only is ON"));
    }

    fn member(role: &str, read_only: &str) -> Vitals {
        let values = [
            ("version", "9.7.4"),
            ("server_uuid", "id0"),
            ("group_replication_group_name", "aaaa"),
            ("super_read_only", read_only),
        ];
        let entry = |id: &str, role: &str| crate::cluster::Member {
            id: id.to_owned(),
            address: format!("{id}:3306"),
            state: "ONLINE".to_owned(),
            role: role.to_owned(),
        };
        let group = Some(Group::Seen(vec![entry("id0", role), entry("id1", "SECONDARY")]));
        Vitals { values: values.map(|(k, v)| (k.to_owned(), v.to_owned())).into(), group }
    }

    #[test]
    fn a_primary_takes_writes_and_a_secondary_is_well_and_does_not() {
        let primary = member("PRIMARY", "OFF");
        assert_eq!(
            (primary.kind(), primary.objection(), primary.is_secondary()),
            (Kind::GroupReplication, None, false)
        );
        let secondary = member("SECONDARY", "ON");
        assert_eq!((secondary.apart(), secondary.is_secondary()), (None, true));
        assert_eq!(secondary.objection().as_deref(), Some("super_read_only is ON, for MEMBER_ROLE is SECONDARY"));
    }

    #[test]
    fn a_primary_that_its_operator_made_read_only_is_no_secondary() {
        let vitals = member("PRIMARY", "ON");
        assert_eq!(vitals.objection().as_deref(), Some("super_read_only is ON"));
        assert!(!vitals.is_secondary());
    }

    #[test]
    fn a_server_with_the_name_of_a_group_is_judged_by_its_group_alone() {
        let mut vitals = member("PRIMARY", "OFF");
        vitals.group = None;
        assert_eq!(vitals.objection().as_deref(), Some("the members of its group are not reported"));
        vitals.group = Some(Group::Hidden { grant: "GRANT".to_owned() });
        assert_eq!(vitals.objection_class(), Class::Config);
        vitals.values.insert("group_replication_group_name".into(), String::new());
        assert_eq!(vitals.kind(), Kind::Standalone);
    }
}
