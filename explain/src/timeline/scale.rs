//! Where an instant stands on the axis.

use imza::time::UnixTime;

/// Parts of a hundred of the axis that belong to the true distances; the rest to the order.
const LINEAR: i64 = 25;

/// An axis on which seconds and decades are both seen: every instant keeps its order and a distance
/// from its neighbours, and what lies long apart lies farther apart.
pub(super) struct Scale {
    instants: Vec<i64>,
    start: i64,
    width: i64,
}

impl Scale {
    /// An axis over these instants, from `start`, `width` wide.
    pub(super) fn new(
        instants: impl IntoIterator<Item = UnixTime>,
        start: i64,
        width: i64,
    ) -> Self {
        let mut instants: Vec<i64> = instants.into_iter().map(|time| time.seconds).collect();
        instants.sort_unstable();
        instants.dedup();
        Self {
            instants,
            start,
            width,
        }
    }

    /// The place of an instant; of one that is not on the axis, that of the next one.
    pub(super) fn place(&self, time: UnixTime) -> i64 {
        let (Some(first), Some(last)) = (self.instants.first(), self.instants.last()) else {
            return self.start;
        };
        let rank = self.instants.partition_point(|one| *one < time.seconds);
        let steps = self.instants.len().saturating_sub(1).max(1);
        let rank = i128::try_from(rank.min(steps)).unwrap_or(0);
        let steps = i128::try_from(steps).unwrap_or(1);
        let whole = i128::from(*last).saturating_sub(i128::from(*first)).max(1);
        let seconds = time.seconds.clamp(*first, *last);
        let along = i128::from(seconds).saturating_sub(i128::from(*first));
        let (width, linear) = (i128::from(self.width), i128::from(LINEAR));
        let by_distance = width * linear * along / whole;
        let by_order = width * (100 - linear) * rank / steps;
        let place = (by_distance + by_order) / 100;
        self.start
            .saturating_add(i64::try_from(place).unwrap_or(self.width))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> UnixTime {
        UnixTime::from_seconds(seconds)
    }

    #[test]
    fn order_is_kept_and_neighbours_are_seen() {
        let times = [0, 1, 2, 1_000_000_000, 1_000_000_001];
        let scale = Scale::new(times.map(at), 100, 600);
        let places = times.map(|time| scale.place(at(time)));
        assert_eq!((places[0], places[4]), (100, 700));
        for pair in places.windows(2) {
            assert!(pair[1] - pair[0] >= 100, "{places:?}");
        }
    }

    #[test]
    fn nothing_and_one_instant_have_a_place() {
        assert_eq!(Scale::new([], 10, 100).place(at(5)), 10);
        assert_eq!(Scale::new([at(5)], 10, 100).place(at(5)), 10);
    }

    #[test]
    fn far_instants_do_not_overflow() {
        let times = [i64::MIN, 0, i64::MAX];
        let scale = Scale::new(times.map(at), 0, 900);
        let places = times.map(|time| scale.place(at(time)));
        assert!(places.is_sorted() && places[2] <= 900, "{places:?}");
    }
}
