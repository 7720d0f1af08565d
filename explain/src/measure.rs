//! Times and sizes as each language writes them.

use crate::language::Language;
use crate::phrase::Phrase;
use crate::words::{Value, Words};
use imza::time::UnixTime;

impl Words {
    /// A time in words, to the second: `25 noyabr 2026, 12:00:00 UTC`.
    #[must_use]
    pub fn moment(&self, time: UnixTime) -> String {
        let plain = time.to_string();
        self.moment_of(&plain).unwrap_or(plain)
    }

    /// From `2026-11-25T12:00:00Z`, with or without a fraction.
    fn moment_of(&self, plain: &str) -> Option<String> {
        let (date, clock) = plain.strip_suffix('Z')?.split_once('T')?;
        let mut parts = date.splitn(3, '-');
        let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
        let (month, day): (u64, u64) = (month.parse().ok()?, day.parse().ok()?);
        let time = clock.split('.').next()?;
        Some(self.say_with(
            Phrase::Moment,
            &[
                ("day", Value::Number(day)),
                ("month", Value::Number(month)),
                ("year", Value::Text(year)),
                ("time", Value::Text(time)),
            ],
        ))
    }

    /// A number of octets, rounded for reading: `12,3 KB`.
    #[must_use]
    pub fn size(&self, octets: u64) -> String {
        if octets < 1_000 {
            return self.say_with(Phrase::SizeBytes, &[("count", Value::Number(octets))]);
        }
        let units = [
            (Phrase::SizeKilobytes, 1_000_u64),
            (Phrase::SizeMegabytes, 1_000_000),
            (Phrase::SizeGigabytes, 1_000_000_000),
        ];
        // The first unit in which the rounded number stays below a thousand.
        let octets = u128::from(octets);
        let rounded = |unit: u64, by: u128| (octets * by + u128::from(unit) / 2) / u128::from(unit);
        let (phrase, unit) = units
            .into_iter()
            .find(|(_, unit)| rounded(*unit, 1) < 1_000)
            .unwrap_or((Phrase::SizeTerabytes, 1_000_000_000_000));
        let tenths = rounded(unit, 10);
        let amount = if tenths < 1_000 {
            format!("{}{}{}", tenths / 10, self.decimal_mark(), tenths % 10)
        } else {
            rounded(unit, 1).to_string()
        };
        self.say_with(phrase, &[("amount", Value::Text(&amount))])
    }

    fn decimal_mark(&self) -> char {
        match self.language() {
            Language::En => '.',
            Language::Az | Language::Ru | Language::Tr => ',',
        }
    }

    /// A span of time in the largest unit that divides it.
    pub(crate) fn span(&self, seconds: u32) -> String {
        let (phrase, unit) = match seconds {
            0 => (Phrase::FreshnessSeconds, 1),
            _ if seconds.is_multiple_of(86_400) => (Phrase::FreshnessDays, 86_400),
            _ if seconds.is_multiple_of(3_600) => (Phrase::FreshnessHours, 3_600),
            _ => (Phrase::FreshnessSeconds, 1),
        };
        let count = u64::from(seconds / unit);
        self.say_with(phrase, &[("count", Value::Number(count))])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(of: impl Fn(&Words) -> String) -> Vec<String> {
        let words = Language::ALL.iter().map(|language| Words::new(*language));
        words.map(|words| of(&words)).collect()
    }

    #[test]
    fn a_time_is_written_as_each_language_writes_it() {
        let time = UnixTime::from_rfc3339("2026-11-25T09:05:00.25Z").unwrap();
        assert_eq!(
            all(|words| words.moment(time)),
            [
                "25 noyabr 2026, 09:05:00 UTC",
                "25 November 2026, 09:05:00 UTC",
                "25 ноября 2026 г., 09:05:00 UTC",
                "25 Kasım 2026, 09:05:00 UTC",
            ]
        );
    }

    #[test]
    fn every_month_has_its_name() {
        for language in Language::ALL {
            let words = Words::new(*language);
            let months = (1..=12).map(|month| {
                let time = UnixTime::from_rfc3339(&format!("2026-{month:02}-01T00:00:00Z"));
                words.moment(time.unwrap())
            });
            let months: std::collections::BTreeSet<_> = months.collect();
            assert_eq!(months.len(), 12, "{language}");
        }
    }

    #[test]
    fn a_size_has_the_plural_and_the_decimal_mark_of_its_language() {
        let expected = [
            (0, ["0 bayt", "0 bytes", "0 байт", "0 bayt"]),
            (1, ["1 bayt", "1 byte", "1 байт", "1 bayt"]),
            (3, ["3 bayt", "3 bytes", "3 байта", "3 bayt"]),
            (5, ["5 bayt", "5 bytes", "5 байт", "5 bayt"]),
            (21, ["21 bayt", "21 bytes", "21 байт", "21 bayt"]),
            (999, ["999 bayt", "999 bytes", "999 байт", "999 bayt"]),
            (1_000, ["1,0 KB", "1.0 KB", "1,0 КБ", "1,0 KB"]),
            (12_345, ["12,3 KB", "12.3 KB", "12,3 КБ", "12,3 KB"]),
            (99_960, ["100 KB", "100 KB", "100 КБ", "100 KB"]),
            (999_499, ["999 KB", "999 KB", "999 КБ", "999 KB"]),
            (999_500, ["1,0 MB", "1.0 MB", "1,0 МБ", "1,0 MB"]),
            (345_600_000, ["346 MB", "346 MB", "346 МБ", "346 MB"]),
            (
                u64::MAX,
                ["18446744 TB", "18446744 TB", "18446744 ТБ", "18446744 TB"],
            ),
        ];
        for (octets, sizes) in expected {
            assert_eq!(all(|words| words.size(octets)), sizes, "{octets}");
        }
    }

    #[test]
    fn a_span_has_the_plural_of_its_language() {
        let days = all(|words| words.span(2 * 86_400));
        assert_eq!(days, ["2 gün", "2 days", "2 дня", "2 gün"]);
        let hours = all(|words| words.span(5 * 3_600));
        assert_eq!(hours, ["5 saat", "5 hours", "5 часов", "5 saat"]);
        let seconds = all(|words| words.span(61));
        assert_eq!(
            seconds,
            ["61 saniyə", "61 seconds", "61 секунда", "61 saniye"]
        );
    }
}
