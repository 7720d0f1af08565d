//! Instants as seconds since 1970-01-01T00:00:00Z, and the clock that the services go by.

use std::time::{SystemTime, UNIX_EPOCH};

/// The parts of an instant in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Civil {
    /// The year, proleptic Gregorian.
    pub year: i64,
    /// The month, 1 to 12.
    pub month: i64,
    /// The day of the month, 1 to 31.
    pub day: i64,
    /// The hour, 0 to 23.
    pub hour: i64,
    /// The minute, 0 to 59.
    pub minute: i64,
    /// The second, 0 to 59.
    pub second: i64,
}

/// The parts in UTC of `time`, in seconds since 1970.
pub const fn civil(time: i64) -> Civil {
    let days = time.div_euclid(86_400);
    let rest = time.rem_euclid(86_400);
    // Years are counted from 1 March, so that the leap day is the last of its year.
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * day_of_year + 2) / 153;
    let month = if from_march < 10 {
        from_march + 3
    } else {
        from_march - 9
    };
    Civil {
        year: year_of_era + era * 400 + if month <= 2 { 1 } else { 0 },
        month,
        day: day_of_year - (153 * from_march + 2) / 5 + 1,
        hour: rest / 3_600,
        minute: rest / 60 % 60,
        second: rest % 60,
    }
}

/// The instant of a date and time in UTC.
pub const fn instant(year: i64, month: i64, day: i64, hour: i64, minute: i64, second: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let from_march = if month > 2 { month - 3 } else { month + 9 };
    let day_of_year = (153 * from_march + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    (era * 146_097 + day_of_era - 719_468) * 86_400 + hour * 3_600 + minute * 60 + second
}

/// Midnight of a day in UTC.
pub const fn day(year: i64, month: i64, day: i64) -> i64 {
    instant(year, month, day, 0, 0, 0)
}

/// The instant as RFC 3339 writes it, `2026-06-15T12:00:00Z`.
pub fn rfc3339(time: i64) -> String {
    let c = civil(time);
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z",
        c.year, c.month, c.day, c.hour, c.minute, c.second
    )
}

/// One day in seconds.
pub const DAY: i64 = 86_400;

/// The clock that responders and the time-stamping authority go by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clock {
    /// Always this instant: answers are the same octets every time.
    Fixed(i64),
    /// The clock of this machine.
    System,
}

impl Clock {
    /// The instant that the clock shows.
    pub fn read(self) -> i64 {
        match self {
            Self::Fixed(time) => time,
            Self::System => SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .ok()
                .and_then(|since| i64::try_from(since.as_secs()).ok())
                .unwrap_or_default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_go_both_ways() {
        for (time, text) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (-1, "1969-12-31T23:59:59Z"),
            (4_102_444_799, "2099-12-31T23:59:59Z"),
        ] {
            assert_eq!(rfc3339(time), text);
            let c = civil(time);
            assert_eq!(
                instant(c.year, c.month, c.day, c.hour, c.minute, c.second),
                time
            );
        }
    }
}
