//! Instants and validity intervals. Reads no clock.
//!
//! # Standard
//! X.680 §46, §47 as narrowed by RFC 5280 §4.1.2.5 and RFC 3161 §2.4.2; xs:dateTime (XML Schema 2
//! §3.2.7); RFC 3339.

use crate::error::{Malformed, MalformedKind};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An instant: seconds since 1970-01-01T00:00:00Z and the part below a second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnixTime {
    /// Whole seconds, negative before 1970.
    pub seconds: i64,
    /// Nanoseconds, 0 to 999,999,999.
    pub nanoseconds: u32,
}

/// From `not_before` to `not_after`, both inclusive (RFC 5280 §4.1.2.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Validity {
    /// First instant.
    pub not_before: UnixTime,
    /// Last instant.
    pub not_after: UnixTime,
}

impl Validity {
    /// Whether an instant lies inside, ends included. A fact about two times, not a verdict.
    #[must_use]
    pub fn contains(&self, time: UnixTime) -> bool {
        // RFC 5280 counts whole seconds: 23:59:59.7 is still inside a notAfter of 23:59:59.
        self.not_before <= time && time.seconds <= self.not_after.seconds
    }
}

/// 0000-01-01T00:00:00Z.
const FIRST: i64 = -62_167_219_200;
/// 9999-12-31T23:59:59Z.
const LAST: i64 = 253_402_300_799;

/// A civil date and time without a zone.
#[derive(Clone, Copy)]
struct Civil {
    year: i64,
    month: u32,
    day: u32,
    hour: u32,
    minute: u32,
    second: u32,
    nanoseconds: u32,
}

impl UnixTime {
    /// Whole seconds.
    #[must_use]
    pub const fn from_seconds(seconds: i64) -> Self {
        Self {
            seconds,
            nanoseconds: 0,
        }
    }

    /// Later by some seconds (earlier when negative), saturating.
    #[must_use]
    pub fn plus_seconds(self, seconds: i64) -> Self {
        Self {
            seconds: self.seconds.saturating_add(seconds),
            nanoseconds: self.nanoseconds,
        }
    }

    /// UTCTime `YYMMDDhhmmssZ`; 50 to 99 are 1950 to 1999 (RFC 5280 §4.1.2.5.1). Seconds may be
    /// absent, as old certificates have it.
    ///
    /// # Errors
    /// [`Malformed`] when the octets are no such time.
    pub fn from_utc_time(octets: &[u8]) -> Result<Self, Malformed> {
        let mut digits = Digits::new(octets);
        let year = i64::from(digits.number(2)?);
        let year = if year >= 50 { 1900 + year } else { 2000 + year };
        let civil = digits.rest_of_date(year)?;
        let (hour, minute) = (digits.number(2)?, digits.number(2)?);
        let second = if digits.peek() == Some(b'Z') {
            0
        } else {
            digits.number(2)?
        };
        let civil = Civil {
            hour,
            minute,
            second,
            ..civil
        };
        digits.zulu_and_end()?;
        civil.to_utc()
    }

    /// GeneralizedTime `YYYYMMDDhhmmss[.f…]Z` (RFC 5280 §4.1.2.5.2; fractions as RFC 3161 §2.4.2
    /// allows: not empty, no trailing zero).
    ///
    /// # Errors
    /// [`Malformed`] when the octets are no such time.
    pub fn from_generalized_time(octets: &[u8]) -> Result<Self, Malformed> {
        let mut digits = Digits::new(octets);
        let year = i64::from(digits.number(4)?);
        let civil = digits.rest_of_date(year)?;
        let (hour, minute, second) = (digits.number(2)?, digits.number(2)?, digits.number(2)?);
        let nanoseconds = digits.fraction(Trailing::Refused)?;
        digits.zulu_and_end()?;
        Civil {
            hour,
            minute,
            second,
            nanoseconds,
            ..civil
        }
        .to_utc()
    }

    /// RFC 3339, and xs:dateTime with a zone: `2024-05-01T12:00:00.5+04:00`.
    ///
    /// # Errors
    /// [`Malformed`] when the text is no such time, or has no zone.
    pub fn from_rfc3339(text: &str) -> Result<Self, Malformed> {
        match Self::from_xs_date_time(text)? {
            (time, true) => Ok(time),
            (_, false) => Err(Malformed::at(MalformedKind::TimeSyntax, to_u64(text.len()))),
        }
    }

    /// xs:dateTime; the second value tells whether a zone was given (without one: UTC).
    ///
    /// # Errors
    /// [`Malformed`] when the text is no such time.
    pub fn from_xs_date_time(text: &str) -> Result<(Self, bool), Malformed> {
        let mut digits = Digits::new(text.trim_matches([' ', '\t', '\n', '\r']).as_bytes());
        let year = i64::from(digits.number(4)?);
        digits.expect(b'-')?;
        let month = digits.number(2)?;
        digits.expect(b'-')?;
        let day = digits.number(2)?;
        if digits.peek() == Some(b't') {
            digits.expect(b't')?;
        } else {
            digits.expect(b'T')?;
        }
        let hour = digits.number(2)?;
        digits.expect(b':')?;
        let minute = digits.number(2)?;
        digits.expect(b':')?;
        let second = digits.number(2)?;
        let nanoseconds = digits.fraction(Trailing::Allowed)?;
        let local = Civil {
            year,
            month,
            day,
            hour,
            minute,
            second,
            nanoseconds,
        }
        .to_utc()?;
        let Some(zone) = digits.peek() else {
            return Ok((local, false));
        };
        match zone {
            b'Z' | b'z' => {
                digits.at += 1;
                digits.end()?;
                Ok((local, true))
            }
            b'+' | b'-' => {
                digits.at += 1;
                let hours = digits.number(2)?;
                digits.expect(b':')?;
                let minutes = digits.number(2)?;
                digits.end()?;
                if hours > 14 || minutes > 59 || (hours == 14 && minutes > 0) {
                    return Err(digits.wrong(MalformedKind::TimeRange));
                }
                let offset = i64::from(hours) * 3600 + i64::from(minutes) * 60;
                let time = local.plus_seconds(if zone == b'+' { -offset } else { offset });
                // RFC 3339 §5.6: a year has four digits, and what is read can be written again.
                if !(FIRST..=LAST).contains(&time.seconds) {
                    return Err(digits.wrong(MalformedKind::TimeRange));
                }
                Ok((time, true))
            }
            _ => Err(digits.wrong(MalformedKind::TimeSyntax)),
        }
    }

    /// `YYYYMMDDhhmmssZ` for encoders.
    #[must_use]
    pub fn to_generalized_time(self) -> String {
        let civil = Civil::from_seconds(self.seconds);
        format!(
            "{:04}{:02}{:02}{:02}{:02}{:02}Z",
            civil.year, civil.month, civil.day, civil.hour, civil.minute, civil.second
        )
    }
}

/// RFC 3339 in UTC; a fraction only when there is one.
impl std::fmt::Display for UnixTime {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let civil = Civil::from_seconds(self.seconds);
        write!(
            f,
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}",
            civil.year, civil.month, civil.day, civil.hour, civil.minute, civil.second
        )?;
        if self.nanoseconds != 0 {
            let fraction = format!("{:09}", self.nanoseconds);
            write!(f, ".{}", fraction.trim_end_matches('0'))?;
        }
        f.write_str("Z")
    }
}

impl Serialize for UnixTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for UnixTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::from_rfc3339(&text).map_err(serde::de::Error::custom)
    }
}

impl Civil {
    fn to_utc(self) -> Result<UnixTime, Malformed> {
        // A leap second counts as the last second of its minute.
        let second = if self.second == 60 { 59 } else { self.second };
        let in_range = (1..=12).contains(&self.month)
            && (1..=days_in(self.year, self.month)).contains(&self.day)
            && (self.hour < 24 || (self.hour == 24 && self.minute == 0 && second == 0))
            && self.minute < 60
            && second < 60;
        if !in_range {
            return Err(Malformed::at(MalformedKind::TimeRange, 0));
        }
        let seconds = days_from_civil(self.year, self.month, self.day) * 86_400
            + i64::from(self.hour) * 3600
            + i64::from(self.minute) * 60
            + i64::from(second);
        Ok(UnixTime {
            seconds,
            nanoseconds: self.nanoseconds,
        })
    }

    fn from_seconds(seconds: i64) -> Self {
        let (days, rest) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
        let (year, month, day) = civil_from_days(days);
        let small = |value: i64| u32::try_from(value).unwrap_or(0);
        Self {
            year,
            month,
            day,
            hour: small(rest / 3600),
            minute: small(rest % 3600 / 60),
            second: small(rest % 60),
            nanoseconds: 0,
        }
    }
}

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn days_in(year: i64, month: u32) -> u32 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 1970-01-01 in the proleptic Gregorian calendar: years are counted from March, so
/// that the leap day is the last one.
fn days_from_civil(year: i64, month: u32, day: u32) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let from_march = (i64::from(month) + 9) % 12;
    let day_of_year = (153 * from_march + 2) / 5 + i64::from(day) - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

fn civil_from_days(days: i64) -> (i64, u32, u32) {
    let days = days.saturating_add(719_468);
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 {
        from_march + 3
    } else {
        from_march - 9
    };
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    (
        year,
        u32::try_from(month).unwrap_or(1),
        u32::try_from(day).unwrap_or(1),
    )
}

fn to_u64(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

enum Trailing {
    Allowed,
    Refused,
}

/// Reads digits and separators from the left.
struct Digits<'a> {
    octets: &'a [u8],
    at: usize,
}

impl<'a> Digits<'a> {
    fn new(octets: &'a [u8]) -> Self {
        Self { octets, at: 0 }
    }

    fn wrong(&self, kind: MalformedKind) -> Malformed {
        Malformed::at(kind, to_u64(self.at))
    }

    fn peek(&self) -> Option<u8> {
        self.octets.get(self.at).copied()
    }

    fn number(&mut self, width: usize) -> Result<u32, Malformed> {
        let mut value = 0u32;
        for _ in 0..width {
            let digit = self.peek().filter(u8::is_ascii_digit);
            let digit = digit.ok_or_else(|| self.wrong(MalformedKind::TimeSyntax))?;
            value = value * 10 + u32::from(digit - b'0');
            self.at += 1;
        }
        Ok(value)
    }

    fn expect(&mut self, octet: u8) -> Result<(), Malformed> {
        if self.peek() != Some(octet) {
            return Err(self.wrong(MalformedKind::TimeSyntax));
        }
        self.at += 1;
        Ok(())
    }

    fn rest_of_date(&mut self, year: i64) -> Result<Civil, Malformed> {
        let (month, day) = (self.number(2)?, self.number(2)?);
        Ok(Civil {
            year,
            month,
            day,
            hour: 0,
            minute: 0,
            second: 0,
            nanoseconds: 0,
        })
    }

    /// Digits below the nanosecond are read and dropped.
    fn fraction(&mut self, trailing: Trailing) -> Result<u32, Malformed> {
        if self.peek() != Some(b'.') {
            return Ok(0);
        }
        self.at += 1;
        let (mut value, mut weight, mut last) = (0u32, 100_000_000u32, None);
        while let Some(digit) = self.peek().filter(u8::is_ascii_digit) {
            value += u32::from(digit - b'0') * weight;
            weight /= 10;
            last = Some(digit);
            self.at += 1;
        }
        match (last, trailing) {
            (None, _) | (Some(b'0'), Trailing::Refused) => {
                Err(self.wrong(MalformedKind::TimeSyntax))
            }
            _ => Ok(value),
        }
    }

    fn zulu_and_end(&mut self) -> Result<(), Malformed> {
        self.expect(b'Z')?;
        self.end()
    }

    fn end(&self) -> Result<(), Malformed> {
        if self.at == self.octets.len() {
            Ok(())
        } else {
            Err(self.wrong(MalformedKind::TimeSyntax))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(text: &str) -> i64 {
        UnixTime::from_rfc3339(text).unwrap().seconds
    }

    #[test]
    fn utc_time_turns_at_fifty() {
        let last = UnixTime::from_utc_time(b"491231235959Z").unwrap();
        assert_eq!(last.to_string(), "2049-12-31T23:59:59Z");
        let first = UnixTime::from_utc_time(b"500101000000Z").unwrap();
        assert_eq!(first.to_string(), "1950-01-01T00:00:00Z");
    }

    #[test]
    fn generalized_time_refuses_trailing_zero_zone_and_rubbish() {
        for wrong in [
            "20240101000000.50Z",
            "20240101000000.Z",
            "20240101000000",
            "20240101000000+0400",
            "20240230000000Z",
            "20241301000000Z",
            "20240101250000Z",
            "20240101000000ZZ",
            "",
        ] {
            assert!(
                UnixTime::from_generalized_time(wrong.as_bytes()).is_err(),
                "{wrong}"
            );
        }
        let fraction = UnixTime::from_generalized_time(b"20240101000000.5Z").unwrap();
        assert_eq!(fraction.nanoseconds, 500_000_000);
        assert_eq!(fraction.to_string(), "2024-01-01T00:00:00.5Z");
    }

    #[test]
    fn a_zone_leads_to_no_year_that_cannot_be_written() {
        for (text, seconds) in [
            ("0000-01-01T00:00:00Z", Some(FIRST)),
            ("0000-01-01T14:00:00+14:00", Some(FIRST)),
            ("0000-01-01T13:59:59+14:00", None),
            ("9999-12-31T23:59:59Z", Some(LAST)),
            ("9999-12-31T09:59:59-14:00", Some(LAST)),
            ("9999-12-31T10:00:00-14:00", None),
        ] {
            let read = UnixTime::from_rfc3339(text).ok();
            assert_eq!(read.map(|time| time.seconds), seconds, "{text}");
        }
    }

    #[test]
    fn zones_are_taken_off() {
        assert_eq!(seconds("1970-01-01T04:00:00+04:00"), 0);
        assert_eq!(seconds("1969-12-31T20:00:00-04:00"), 0);
        assert!(UnixTime::from_rfc3339("1970-01-01T00:00:00").is_err());
        let (_, zoned) = UnixTime::from_xs_date_time(" 1970-01-01T00:00:00 ").unwrap();
        assert!(!zoned);
    }

    #[test]
    fn every_day_of_four_centuries_comes_back() {
        for day in -150_000..150_000i64 {
            let (year, month, date) = civil_from_days(day);
            assert_eq!(days_from_civil(year, month, date), day);
        }
    }

    #[test]
    fn both_ends_are_inside() {
        let validity = Validity {
            not_before: UnixTime::from_seconds(10),
            not_after: UnixTime::from_seconds(20),
        };
        let at = |seconds, nanoseconds| {
            validity.contains(UnixTime {
                seconds,
                nanoseconds,
            })
        };
        assert!(at(10, 0) && at(20, 0) && at(20, 999_999_999));
        assert!(!at(9, 999_999_999) && !at(21, 0));
    }
}
