//! How long to wait before something is tried again.

use std::time::Duration;

/// Returns the longest wait before turn `turn + 1`: `first`, doubled each turn up to `longest`.
pub(crate) fn doubled(first: Duration, turn: u32, longest: Duration) -> Duration {
    first.saturating_mul(1 << turn.min(16)).min(longest)
}

/// Returns a wait of between half of `longest` and all of it, so that two who collided do not collide again.
pub(crate) fn jittered(longest: Duration) -> Duration {
    // Without randomness the wait is merely the longest one.
    let share = getrandom::u32().unwrap_or(u32::MAX);
    let half = longest / 2;
    half + half.mul_f64(f64::from(share) / f64::from(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_longest() {
        let (first, longest) = (Duration::from_millis(75), Duration::from_millis(1500));
        for (turn, expected_ms) in [(0, 75), (1, 150), (4, 1200), (5, 1500), (u32::MAX, 1500)] {
            assert_eq!(doubled(first, turn, longest), Duration::from_millis(expected_ms), "{turn}");
        }
    }

    #[test]
    fn a_wait_is_between_its_half_and_its_whole() {
        let longest = Duration::from_millis(200);
        for _ in 0..100 {
            let wait = jittered(longest);
            assert!(wait >= longest / 2 && wait <= longest, "{wait:?}");
        }
    }
}
