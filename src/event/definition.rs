//! What an event is to do.

use std::time::Duration;

use super::error::Error;
use crate::{Place, lease};

/// Ten years: longer is a slip of the keyboard, and the event's comment has 64 characters for all numbers.
const LONGEST_SPAN: Duration = Duration::from_secs(315_360_000);
/// A run keeps the lease from everybody else, and its server may die in the middle of it.
const LONGEST_RUN: Duration = Duration::from_secs(86_400);
/// A write set of more rows stalls the other nodes while they apply it.
const LARGEST_BATCH: u32 = 10_000;
/// Clocks that are further apart than a day are no clocks.
const WIDEST_MARGIN: Duration = Duration::from_secs(86_400);
/// What stands in the event's comment behind a longest run that was chosen.
const CHOSEN: &str = "*";
/// For how long after its last batch began a run still has the lease: several times what a batch may wait for locks.
const AFTER_THE_RUN: Duration = Duration::from_secs(30);

/// What the event does: how often, to which rows, how many at a time, and for how long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Definition {
    every: Duration,
    grace: Duration,
    batch: u32,
    max_time: Duration,
    /// Whether somebody chose `max_time`, so that it does not follow the interval.
    chosen: bool,
    margin: Duration,
}

/// What somebody chose of a [`Definition`]; what is `None` stays as it was.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Choices {
    /// The interval between runs.
    pub every: Option<Duration>,
    /// How long a session is kept after it expired.
    pub grace: Option<Duration>,
    /// The rows of one DELETE.
    pub batch: Option<u32>,
    /// How long one run goes on at most.
    pub max_time: Option<Duration>,
}

impl Choices {
    /// Puts what was chosen over what was there before, or over the defaults.
    ///
    /// A longest run that nobody chose follows the interval.
    ///
    /// # Errors
    ///
    /// [`Error::Definition`], as [`Definition::new`].
    #[track_caller]
    pub fn over(&self, before: Option<&Definition>) -> Result<Definition, Error> {
        let base = before.cloned().unwrap_or_default();
        let every = self.every.unwrap_or(base.every);
        let chosen = self.max_time.or(base.chosen.then_some(base.max_time));
        let max_time = chosen.unwrap_or_else(|| follows(every));
        let (grace, batch) = (self.grace.unwrap_or(base.grace), self.batch.unwrap_or(base.batch));
        let definition = Definition::new(every, grace, batch, max_time)?;
        Ok(Definition { margin: base.margin, chosen: chosen.is_some(), ..definition })
    }
}

/// The longest run for an interval: half of it, at most ten minutes.
fn follows(every: Duration) -> Duration {
    Duration::from_secs((every.as_secs() / 2).clamp(1, 600))
}

impl Definition {
    /// The batch that nobody has to choose: 200 rows of ordinary size do not stall a cluster.
    pub const BATCH: u32 = 200;

    /// Takes the interval between runs, the time that a session is kept after it expired, the rows of one DELETE, and
    /// how long a run goes on at most: chosen, unless it is what follows from the interval.
    ///
    /// # Errors
    ///
    /// [`Error::Definition`] if a time is not of whole seconds; the interval is zero or longer than ten years, as the
    /// grace may not be; the run is not of a second to a day; or the batch is not of 1 to 10,000 rows.
    #[track_caller]
    pub fn new(every: Duration, grace: Duration, batch: u32, max_time: Duration) -> Result<Self, Error> {
        let refused = |what, reason| Err(Error::Definition { what, reason, place: Place::here() });
        for (what, span) in [("interval", every), ("grace", grace), ("longest run", max_time)] {
            if span.subsec_nanos() != 0 {
                return refused(what, "it is not of whole seconds");
            }
            if span > LONGEST_SPAN {
                return refused(what, "it is longer than ten years");
            }
        }
        if every.is_zero() {
            return refused("interval", "it is zero");
        }
        if max_time.is_zero() || max_time > LONGEST_RUN {
            return refused("longest run", "it is not of a second to a day");
        }
        if !(1..=LARGEST_BATCH).contains(&batch) {
            return refused("batch", "it is not of 1 to 10000 rows");
        }
        Ok(Self { every, grace, batch, max_time, chosen: max_time != follows(every), margin: lease::BLIND_MARGIN })
    }

    /// Returns the same with another margin, rounded up to whole seconds, from [`lease::BLIND_MARGIN`] to a day: the event
    /// cannot measure what clocks have become since it was installed.
    #[must_use]
    pub fn with_margin(self, margin: Duration) -> Self {
        let seconds = margin.as_secs() + u64::from(margin.subsec_nanos() != 0);
        Self { margin: Duration::from_secs(seconds).clamp(lease::BLIND_MARGIN, WIDEST_MARGIN), ..self }
    }

    /// Returns the interval between runs.
    #[must_use]
    pub fn every(&self) -> Duration {
        self.every
    }

    /// Returns how long a session is kept after it expired.
    #[must_use]
    pub fn grace(&self) -> Duration {
        self.grace
    }

    /// Returns the rows of one DELETE.
    #[must_use]
    pub fn batch(&self) -> u32 {
        self.batch
    }

    /// Returns how long one run goes on at most.
    #[must_use]
    pub fn max_time(&self) -> Duration {
        self.max_time
    }

    /// Returns whether somebody chose [`max_time`](Self::max_time); if nobody did, it follows the interval.
    #[must_use]
    pub fn max_time_is_chosen(&self) -> bool {
        self.chosen
    }

    /// Returns how long after its end the event takes a lease over that its holder did not give back.
    #[must_use]
    pub fn margin(&self) -> Duration {
        self.margin
    }

    /// Returns for how long a run takes the lease: longer than it can go on.
    #[must_use]
    pub fn lease_length(&self) -> Duration {
        (self.max_time + AFTER_THE_RUN).max(lease::SHORTEST)
    }

    /// Returns how old an expired row can get while the event works: it becomes due just after a run began, and goes in
    /// the next one.
    #[must_use]
    pub fn oldest_allowed(&self) -> Duration {
        self.grace + self.every + self.max_time
    }

    /// Writes what a comment of the event has to say, so that it can be read back from any node.
    pub(super) fn comment(&self) -> String {
        let Self { every, grace, batch, max_time, chosen, margin } = self;
        // What differs from what follows was chosen: only where it does not has that to be written.
        let chosen = if *chosen && *max_time == follows(*every) { CHOSEN } else { "" };
        let [grace, max_time, margin] = [grace, max_time, margin].map(Duration::as_secs);
        format!("csqlstore grace={grace} batch={batch} max={max_time}{chosen} margin={margin}")
    }

    /// Reads a definition back from an event's interval and comment; `None` if it is none of ours.
    pub(super) fn read(every: Duration, comment: &str) -> Option<Self> {
        let mut words = comment.split(' ');
        if words.next() != Some("csqlstore") {
            return None;
        }
        let mut value = |key: &str| words.next()?.strip_prefix(key)?.strip_prefix('=');
        let number = |text: &str| text.parse::<u32>().ok();
        let seconds = |text: &str| Some(Duration::from_secs(number(text)?.into()));
        let grace = seconds(value("grace")?)?;
        let batch = number(value("batch")?)?;
        let max_time = value("max")?;
        let chosen = max_time.strip_suffix(CHOSEN);
        let max_time = seconds(chosen.unwrap_or(max_time))?;
        let margin = seconds(value("margin")?)?;
        let definition = Self::new(every, grace, batch, max_time).ok()?.with_margin(margin);
        Some(Self { chosen: definition.chosen || chosen.is_some(), ..definition })
    }
}

impl Default for Definition {
    fn default() -> Self {
        let hour = Duration::from_secs(3600);
        Self {
            every: hour,
            grace: hour,
            batch: Self::BATCH,
            max_time: follows(hour),
            chosen: false,
            margin: lease::BLIND_MARGIN,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn s(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn a_definition_is_read_back_from_its_comment() {
        for definition in [
            Definition::default(),
            Choices { max_time: Some(s(600)), ..Choices::default() }.over(None).unwrap(),
            Definition::new(s(1), s(0), 1, s(1)).unwrap(),
            Definition::new(LONGEST_SPAN, LONGEST_SPAN, LARGEST_BATCH, LONGEST_RUN).unwrap().with_margin(s(1_000_000)),
        ] {
            let comment = definition.comment();
            assert!(comment.chars().count() <= 64, "{comment}");
            assert_eq!(Definition::read(definition.every(), &comment), Some(definition));
        }
    }

    #[test]
    fn a_comment_of_somebody_else_is_no_definition() {
        for comment in [
            "",
            "csqlstore",
            "csqlstore grace=x batch=1 max=1 margin=60",
            "csqlstore grace=1 batch=0 max=1 margin=60",
            "csqlstore grace=1 batch=1 max=0 margin=60",
            "csqlstore grace=1 batch=1 max=1",
            "csqlstore grace=1* batch=1 max=1 margin=60",
            "csqlstore grace=1 batch=1 max=1** margin=60",
            "purge",
        ] {
            assert_eq!(Definition::read(s(60), comment), None, "{comment:?}");
        }
        assert_eq!(Definition::read(s(0), "csqlstore grace=1 batch=1 max=1 margin=60"), None);
    }

    #[test]
    fn refuses_what_no_event_can_do() {
        for (every, grace, batch, max_time, named) in [
            (s(0), s(1), 1, s(1), "interval"),
            (Duration::from_millis(1500), s(1), 1, s(1), "interval"),
            (s(1), Duration::from_millis(1), 1, s(1), "grace"),
            (s(1), LONGEST_SPAN + s(1), 1, s(1), "grace"),
            (s(1), s(1), 0, s(1), "batch"),
            (s(1), s(1), LARGEST_BATCH + 1, s(1), "batch"),
            (s(1), s(1), 1, s(0), "longest run"),
            (s(1), s(1), 1, LONGEST_RUN + s(1), "longest run"),
        ] {
            let error = Definition::new(every, grace, batch, max_time).unwrap_err().to_string();
            assert!(error.contains(named), "{error}");
        }
    }

    #[test]
    fn what_is_not_chosen_stays_as_it_was() {
        let nothing = Choices::default();
        let before = Definition::new(s(600), s(60), 50, s(77)).unwrap().with_margin(s(90));
        assert_eq!(nothing.over(Some(&before)).unwrap(), before);
        assert_eq!(nothing.over(None).unwrap(), Definition::default());
        let one = Choices { batch: Some(10), ..nothing };
        assert_eq!(one.over(Some(&before)).unwrap(), Definition { batch: 10, ..before.clone() });
        let all = Choices { every: Some(s(5)), grace: Some(s(6)), batch: Some(7), max_time: Some(s(8)) };
        let expected = Definition { every: s(5), grace: s(6), batch: 7, max_time: s(8), chosen: true, margin: s(90) };
        assert_eq!(all.over(Some(&before)).unwrap(), expected);
    }

    #[test]
    fn a_longest_run_that_nobody_chose_follows_the_interval() {
        let at = |every| Choices { every: Some(s(every)), ..Choices::default() };
        for (every, max_time) in [(1, 1), (2, 1), (60, 30), (3600, 600), (86_400, 600)] {
            let definition = at(every).over(None).unwrap();
            assert_eq!(definition.max_time(), s(max_time), "{every}");
            // And does so again when the interval changes.
            assert_eq!(at(10).over(Some(&definition)).unwrap().max_time(), s(5), "{every}");
        }
        let chosen = Choices { max_time: Some(s(20)), ..at(60) }.over(None).unwrap();
        assert_eq!(at(3600).over(Some(&chosen)).unwrap().max_time(), s(20));
    }

    #[test]
    fn a_longest_run_that_was_chosen_stays_even_if_it_is_what_would_follow() {
        let at = |every| Choices { every: Some(s(every)), ..Choices::default() };
        let chosen = Choices { max_time: Some(s(600)), ..Choices::default() }.over(None).unwrap();
        assert_eq!(chosen.comment(), "csqlstore grace=3600 batch=200 max=600* margin=60");
        let read = Definition::read(chosen.every(), &chosen.comment()).unwrap();
        let often = at(900).over(Some(&read)).unwrap();
        assert_eq!((often.max_time(), often.max_time_is_chosen()), (s(600), true));
        // What was written by nobody's choice does follow, and so does what was never marked.
        let unmarked = Definition::read(s(3600), "csqlstore grace=3600 batch=200 max=600 margin=60").unwrap();
        assert_eq!(unmarked, Definition::default());
        assert_eq!(at(900).over(Some(&unmarked)).unwrap().max_time(), s(450));
    }

    #[test]
    fn the_lease_outlasts_the_run_and_is_never_short() {
        for (max_time, length) in [(1, 31), (600, 630)] {
            assert_eq!(Definition::new(s(60), s(0), 1, s(max_time)).unwrap().lease_length(), s(length));
        }
    }

    #[test]
    fn a_margin_is_rounded_up_and_never_below_the_least() {
        for (margin, expected) in
            [(s(0), lease::BLIND_MARGIN), (Duration::from_millis(70_001), s(71)), (s(90_000), s(86_400))]
        {
            assert_eq!(Definition::default().with_margin(margin).margin(), expected, "{margin:?}");
        }
    }
}
