//! Lengths, counted in little room however many there are.

/// Up to this length each is counted by itself: gorilla writes 4096 unless told otherwise.
const EXACT: u64 = 8192;
/// Beyond, each doubling is divided in so many parts.
const PARTS: u64 = 64;

/// Lengths, of which percentiles can be had: exact up to 8192, and beyond with an error of at most one part in 64.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sizes {
    /// Counts, by [`place`]; as many as the largest needs.
    counts: Vec<u64>,
    total: u64,
    largest: u64,
}

impl Sizes {
    /// Counts one.
    pub(super) fn add(&mut self, size: u64) {
        self.count(place(size), 1);
        self.total += 1;
        self.largest = self.largest.max(size);
    }

    fn count(&mut self, place: usize, more: u64) {
        if self.counts.len() <= place {
            self.counts.resize(place + 1, 0);
        }
        self.counts[place] += more;
    }

    pub(super) fn merge(&mut self, other: &Self) {
        for (place, more) in other.counts.iter().enumerate().filter(|(_, more)| **more > 0) {
            self.count(place, *more);
        }
        self.total += other.total;
        self.largest = self.largest.max(other.largest);
    }

    /// Returns the largest; 0 if there are none.
    #[must_use]
    pub fn largest(&self) -> u64 {
        self.largest
    }

    /// Returns the length that so many percent do not exceed; `None` if there are none.
    #[must_use]
    pub fn percentile(&self, percent: u64) -> Option<u64> {
        let wanted = (self.total * percent.min(100)).div_ceil(100).max(1);
        let mut seen = 0;
        let place = self.counts.iter().position(|count| {
            seen += count;
            seen >= wanted
        })?;
        Some(at(place).min(self.largest))
    }
}

/// Returns the place of a length's count.
fn place(size: u64) -> usize {
    let place = match size.checked_div(EXACT) {
        None | Some(0) => size,
        Some(times) => {
            let doublings = u64::from(times.ilog2());
            let part = ((size >> doublings) - EXACT) / (EXACT / PARTS);
            EXACT + doublings * PARTS + part
        }
    };
    // At most 8192 and 64 for each of 51 doublings.
    usize::try_from(place).unwrap_or(usize::MAX)
}

/// Returns the largest length that is counted at a place.
fn at(place: usize) -> u64 {
    let place = place as u64;
    if place < EXACT {
        return place;
    }
    let (doublings, part) = ((place - EXACT) / PARTS, (place - EXACT) % PARTS);
    let end = u128::from(EXACT + (part + 1) * (EXACT / PARTS)) << doublings;
    u64::try_from(end - 1).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_exact_where_sessions_are() {
        let mut sizes = Sizes::default();
        assert_eq!((sizes.percentile(50), sizes.largest()), (None, 0));
        (1..=1000).for_each(|size| sizes.add(size));
        assert_eq!([50, 99, 100, 0].map(|percent| sizes.percentile(percent)), [500, 990, 1000, 1].map(Some));
        let mut other = Sizes::default();
        (1001..=2000).for_each(|size| other.add(size));
        sizes.merge(&other);
        assert_eq!((sizes.percentile(50), sizes.largest()), (Some(1000), 2000));
    }

    #[test]
    fn long_ones_are_counted_with_a_small_error() {
        for size in [0, 8191, 8192, 8193, 16_383, 16_384, 1 << 20, (1 << 20) + 4321, u64::MAX >> 1, u64::MAX] {
            let end = at(place(size));
            assert!(end >= size && end - size <= size / PARTS, "{size} {end}");
            let mut sizes = Sizes::default();
            sizes.add(size);
            assert_eq!(sizes.percentile(50), Some(size));
        }
        assert!(place(u64::MAX) < 12_000);
    }
}
