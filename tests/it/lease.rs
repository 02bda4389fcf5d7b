//! The lease on the cluster: one winner in every race, whichever nodes the racers are on.

use std::ops::ControlFlow;
use std::time::Duration;

use csqlstore::cluster::{Class, Cluster, Connection, Dsn, Node};
use csqlstore::lease::{self, Error, Lease, Name, Phase, Terms};
use csqlstore::schema::Table;

use crate::cases;
use crate::migrate::library;
use crate::support::Database;
use crate::support::database::{PATIENCE, connect};
use crate::support::engine::engine;

cases! {
    Beside: [
        every_race_has_exactly_one_winner,
        a_waiting_loser_gets_it_after_release,
        an_expired_lease_is_taken_over_and_not_before,
        a_stale_epoch_cannot_record,
        the_error_names_the_holder,
        names_and_tables_do_not_stand_in_each_others_way,
        a_lease_is_never_shorter_than_30_seconds,
        without_the_table_the_way_out_is_named,
        whoever_waits_can_give_up,
        a_node_whose_clock_is_unknown_puts_a_take_over_off_and_is_named,
    ],
    Alone if Writers because "they are about somebody at work on another node": [
        what_has_run_out_by_a_fast_clock_alone_is_not_stolen,
    ],
}

/// Tries once.
fn once(farm: &Cluster) -> Terms<'_> {
    Terms { wait: Duration::ZERO, ..Terms::of(farm) }
}

async fn connections(db: &Database, count: usize) -> Vec<Connection> {
    let dsns = db.dsns();
    let mut nodes: Vec<(&str, &str)> = dsns.split(' ').filter_map(|entry| entry.split_once('=')).collect();
    nodes.retain(|(name, _)| engine().writable(name) == *name);
    let mut connections = Vec::new();
    for at in 0..count {
        let (name, dsn) = nodes[at % nodes.len()];
        connections.push(connect(name, dsn).await);
    }
    connections
}

async fn acquire(connection: &mut Connection, name: Name, terms: Terms<'_>) -> Result<Lease, Error> {
    let taken = lease::acquire(connection, &Table::default(), name, terms, |_, _| ControlFlow::Continue(())).await;
    taken.map(|lease| lease.expect("nobody broke off"))
}

async fn every_race_has_exactly_one_winner() {
    let db = Database::migrated().await;
    let farm = library(&db);
    let mut racers = connections(&db, 9).await;
    let mut epoch = 0;
    for round in 0..50 {
        let race = racers.iter_mut().map(|racer| acquire(racer, Name::Purge, once(&farm)));
        let ends = futures_util::future::join_all(race).await;
        let mut winner = None;
        for (at, end) in ends.into_iter().enumerate() {
            match end {
                Ok(lease) => {
                    assert!(winner.is_none(), "two winners in round {round}");
                    winner = Some((at, lease));
                }
                Err(Error::Held { .. }) => {}
                Err(error) => panic!("round {round}: {error}"),
            }
        }
        let (at, lease) = winner.unwrap_or_else(|| panic!("no winner in round {round}"));
        assert!(lease.epoch() > epoch, "epoch {} after {epoch}", lease.epoch());
        epoch = lease.epoch();
        lease.release(&mut racers[at]).await.expect("a release");
    }
    assert_eq!(epoch, 50, "the lease changed hands once a round");
}

async fn a_waiting_loser_gets_it_after_release() {
    let db = Database::migrated().await;
    let farm = library(&db);
    let mut both = connections(&db, 2).await.into_iter();
    let (mut first, mut second) = (both.next().expect("two"), both.next().expect("two"));
    let held = acquire(&mut first, Name::Purge, once(&farm)).await.expect("a free lease");
    let (owner, epoch) = (held.owner().to_owned(), held.epoch());
    let theirs = farm.clone();
    let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
    let waits = tokio::spawn(async move {
        let (terms, table) = (Terms { wait: PATIENCE, ..once(&theirs) }, Table::default());
        let taken = lease::acquire(&mut second, &table, Name::Purge, terms, |holder, _| {
            // It is told again and again, and heard three times.
            let _ = tell.send(holder.owner.clone());
            ControlFlow::Continue(())
        });
        let taken = taken.await;
        (taken, second)
    });
    for _ in 0..3 {
        assert_eq!(told.recv().await.as_ref(), Some(&owner), "it is held");
    }
    held.release(&mut first).await.expect("a release");
    let (lease, mut second) = waits.await.expect("the task ends");
    let lease = lease.expect("it was given back").expect("nobody broke off");
    assert_eq!(lease.epoch(), epoch + 1);
    assert!(lease.waited() > Duration::ZERO, "{:?}", lease.waited());
    lease.release(&mut second).await.expect("a release");
}

/// Sets how many seconds from now the lease ends.
async fn ends_in(db: &Database, seconds: i64) {
    let sql = format!(
        "UPDATE csqlstore_lease SET expires_at=UTC_TIMESTAMP(6) + INTERVAL {seconds} SECOND WHERE name='purge'"
    );
    db.execute("n3", &sql).await;
    everywhere(db).await;
}

/// Waits until every node has applied what was committed so far: a look at a lease does not.
async fn everywhere(db: &Database) {
    for node in db.nodes() {
        db.column(&node, "SELECT '1'").await;
    }
}

async fn an_expired_lease_is_taken_over_and_not_before() {
    let db = Database::migrated().await;
    let farm = library(&db);
    let mut both = connections(&db, 2).await;
    let stale = acquire(&mut both[0], Name::Purge, once(&farm)).await.expect("a free lease");
    for seconds in [1, -2] {
        ends_in(&db, seconds).await;
        let refused = acquire(&mut both[1], Name::Purge, once(&farm)).await;
        assert!(matches!(refused, Err(Error::Held { .. })), "{seconds}: clocks may differ");
    }
    ends_in(&db, -6).await;
    let taken = acquire(&mut both[1], Name::Purge, once(&farm)).await.expect("it has run out");
    assert_eq!(taken.epoch(), stale.epoch() + 1);
    // Giving back what is not ours any more changes nothing.
    stale.release(&mut both[0]).await.expect("no error");
    let mut third = connections(&db, 3).await.pop().expect("three");
    let holder = lease::holder(&mut third, &Table::default(), Name::Purge).await.expect("a look").expect("held");
    assert_eq!((holder.epoch, holder.owner.as_str()), (taken.epoch(), taken.owner()));
}

async fn a_stale_epoch_cannot_record() {
    let db = Database::migrated().await;
    let farm = library(&db);
    let mut both = connections(&db, 2).await;
    let mut stale = acquire(&mut both[0], Name::Purge, once(&farm)).await.expect("a free lease");
    // Late, and nobody has taken it: still ours.
    ends_in(&db, -60).await;
    stale.renew(&mut both[0], Phase::Work, lease::SHORTEST).await.expect("nobody took it");
    ends_in(&db, -60).await;
    acquire(&mut both[1], Name::Purge, once(&farm)).await.expect("it has run out");
    both[0].execute("beginning", "START TRANSACTION", ()).await.expect("a transaction");
    let lost = stale.renew(&mut both[0], Phase::Work, lease::SHORTEST).await.expect_err("somebody took it");
    both[0].execute("rolling back", "ROLLBACK", ()).await.expect("a transaction");
    assert!(matches!(lost, Error::Lost { epoch: 1, .. }), "{lost}");
    assert_eq!(lost.class(), Class::Conflict);
}

async fn the_error_names_the_holder() {
    let db = Database::migrated().await;
    let farm = library(&db);
    let mut both = connections(&db, 2).await;
    let mut held = acquire(&mut both[0], Name::Rekey, once(&farm)).await.expect("a free lease");
    held.renew(&mut both[0], Phase::Ddl, Duration::from_secs(3600)).await.expect("it is ours");
    everywhere(&db).await;
    let Err(Error::Held { holder, .. }) = acquire(&mut both[1], Name::Rekey, once(&farm)).await else {
        panic!("it is held")
    };
    assert_eq!((holder.owner.as_str(), holder.epoch, holder.phase.as_str()), (held.owner(), 1, "ddl"));
    let (since, until) = (holder.since.expect("a time").0, holder.until.expect("a time").0);
    assert!((3590..3610).contains(&(until.as_second() - since.as_second())), "{since} {until}");
    assert!((jiff::Timestamp::now().as_second() - since.as_second()).abs() < 60, "by the server's clock, in UTC");
    assert!(holder.node.contains(':'), "{}", holder.node);
}

async fn names_and_tables_do_not_stand_in_each_others_way() {
    let db = Database::migrated().await;
    let farm = library(&db);
    let mut one = connections(&db, 1).await;
    for name in [Name::Migrate, Name::Purge, Name::Rekey] {
        acquire(&mut one[0], name, once(&farm)).await.expect("each name is a lease of its own");
    }
    let other = Table::new("other").expect("a name");
    let taken = lease::acquire(&mut one[0], &other, Name::Purge, once(&farm), |_, _| ControlFlow::Continue(())).await;
    assert_eq!(taken.expect("each table has its own").expect("taken").epoch(), 1);
}

async fn a_lease_is_never_shorter_than_30_seconds() {
    let db = Database::migrated().await;
    let farm = library(&db);
    let mut one = connections(&db, 1).await;
    let terms = Terms { length: Duration::from_secs(1), ..once(&farm) };
    acquire(&mut one[0], Name::Purge, terms).await.expect("a free lease");
    let left = "SELECT CAST(TIMESTAMPDIFF(SECOND, UTC_TIMESTAMP(6), expires_at) AS CHAR) FROM csqlstore_lease \
                WHERE name='purge'";
    let left: i64 = db.column("n1", left).await[0].parse().expect("a number");
    assert!((20..=30).contains(&left), "{left}");
}

async fn without_the_table_the_way_out_is_named() {
    let db = Database::documented().await;
    let farm = library(&db);
    let mut one = connections(&db, 1).await;
    let error = acquire(&mut one[0], Name::Purge, once(&farm)).await.expect_err("there is no table");
    assert!(matches!(error, Error::NoTable { .. }), "{error}");
    assert_eq!(error.class(), Class::Data);
}

async fn whoever_waits_can_give_up() {
    let db = Database::migrated().await;
    let farm = library(&db);
    let mut both = connections(&db, 2).await;
    acquire(&mut both[0], Name::Purge, once(&farm)).await.expect("a free lease");
    let terms = Terms { wait: Duration::from_secs(60), ..once(&farm) };
    let (mut seen, table) = (0, Table::default());
    let given_up = lease::acquire(&mut both[1], &table, Name::Purge, terms, |_, _| {
        seen += 1;
        if seen == 3 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    assert!(given_up.await.expect("no error").is_none());
    assert_eq!(seen, 3);
}

async fn a_node_whose_clock_is_unknown_puts_a_take_over_off_and_is_named() {
    let db = Database::migrated().await;
    let known = library(&db);
    // Nobody listens there.
    let gone = Node::new("gone", Dsn::parse("mysql://a@127.0.0.1:1/b").expect("a DSN").dsn);
    let nodes = known.nodes().iter().cloned().chain([gone]).collect();
    let farm = Cluster::new("it", nodes, PATIENCE);
    let mut both = connections(&db, 2).await;
    let stale = acquire(&mut both[0], Name::Purge, once(&farm)).await.expect("a free lease");
    ends_in(&db, -10).await;
    let Err(Error::Held { holder, .. }) = acquire(&mut both[1], Name::Purge, once(&farm)).await else {
        panic!("`gone` may have the lease, and a clock of its own")
    };
    assert_eq!((holder.owner.as_str(), holder.margin.length), (stale.owner(), lease::BLIND_MARGIN));
    let said = holder.margin.to_string();
    assert!(said.contains("`gone` (") && said.contains("Connection refused"), "{said}");
    ends_in(&db, -62).await;
    let taken = acquire(&mut both[1], Name::Purge, once(&farm)).await.expect("no clock is so wrong");
    assert_eq!(taken.taken_from().map(|holder| holder.owner.as_str()), Some(stale.owner()));
    // Members that are not configured are not forgotten either.
    let one = Cluster::new("it", known.nodes()[..1].to_vec(), PATIENCE);
    ends_in(&db, -10).await;
    if db.nodes().len() > 1 {
        let Err(Error::Held { holder, .. }) = acquire(&mut both[0], Name::Purge, once(&one)).await else {
            panic!("two members were not asked")
        };
        assert_eq!(holder.margin.unmeasured, ["2 members of the cluster that are not configured"]);
    }
    // With all of them known, it is taken as soon as the clocks allow.
    let taken = acquire(&mut both[0], Name::Purge, once(&known)).await.expect("it has run out");
    assert!(taken.taken_from().is_some_and(|holder| holder.margin.unmeasured.is_empty()));
}

async fn what_has_run_out_by_a_fast_clock_alone_is_not_stolen() {
    let db = Database::migrated().await;
    let farm = library(&db);
    let mut holder = connections(&db, 1).await;
    let mut held = acquire(&mut holder[0], Name::Purge, once(&farm)).await.expect("a free lease");
    // Sessions of n2 believe that it is 20 seconds later; what ends in 10 seconds has ended 10 seconds ago for them.
    db.execute("n2", "SET GLOBAL init_connect='SET timestamp=UNIX_TIMESTAMP()+20'").await;
    let mut rival = connections(&db, 2).await.pop().expect("two");
    ends_in(&db, 10).await;
    let ended = "SELECT expires_at < UTC_TIMESTAMP(6) - INTERVAL 5 SECOND FROM csqlstore_lease WHERE name='purge'";
    let ended: Result<Option<bool>, _> = rival.first("looking", ended, ()).await;
    let stolen = acquire(&mut rival, Name::Purge, once(&farm)).await;
    db.execute("n2", "SET GLOBAL init_connect=''").await;
    assert_eq!(ended.expect("an answer"), Some(true), "the case that this is about");
    let Err(Error::Held { holder: found, .. }) = stolen else { panic!("{stolen:?}") };
    assert_eq!(found.owner, held.owner());
    let margin = found.margin;
    assert!((18..30).contains(&margin.length.as_secs()) && margin.length == margin.spread, "{margin:?}");
    held.renew(&mut holder[0], Phase::Work, lease::SHORTEST).await.expect("it is ours");
    held.release(&mut holder[0]).await.expect("a release");
}
