//! The walk over a whole value before anything is parsed.

use super::reader::{Header, Length, MAX_DEPTH, Mode, header};
use super::to_u64;
use crate::error::{Error, Malformed, MalformedKind};
use crate::limits::{Budget, Limit, Resource};

/// Walks `bytes`, which must be exactly one value, down to its primitive values.
///
/// Charges one of [`Resource::Values`] for each value and holds the nesting to
/// [`Resource::Depth`], so that what parses the value afterwards needs no budget. Contents of
/// primitive values (and ASN.1 hidden in OCTET STRINGs) are not looked at.
///
/// # Errors
/// [`Malformed`] for an encoding that breaks the rules of the mode or does not end where the bytes
/// end; [`Limit`].
pub fn check_tree(bytes: &[u8], mode: Mode, budget: &mut Budget) -> Result<(), Error> {
    let mut open: Vec<End> = Vec::new();
    let mut at = 0usize;
    loop {
        let end = match open.last() {
            Some(End::At(end)) => *end,
            _ => innermost_end(&open).unwrap_or(bytes.len()),
        };
        if matches!(open.last(), Some(End::At(_))) && at == end {
            open.pop();
            if open.is_empty() {
                break;
            }
            continue;
        }
        let value = bytes.get(at..end).unwrap_or_default();
        if value.is_empty() && matches!(open.last(), Some(End::OfContents)) {
            return Err(Malformed::at(MalformedKind::BerEndOfContents, to_u64(at)).into());
        }
        let header = header(value, mode).map_err(|error| error.placed(to_u64(at)))?;
        budget.charge(Resource::Values, 1)?;
        let content = at.saturating_add(header.octets);
        if header.is_end_of_contents() {
            if !matches!(open.last(), Some(End::OfContents)) || !is_plain_end(&header) {
                return Err(Malformed::at(MalformedKind::DerTag, to_u64(at)).into());
            }
            open.pop();
            at = content;
        } else {
            at = content;
            match header.length {
                Length::Indefinite => open.push(End::OfContents),
                Length::Definite(length) => {
                    let stop = content.checked_add(length).filter(|stop| *stop <= end);
                    let stop = stop.ok_or_else(|| {
                        Malformed::at(MalformedKind::DerTruncated, to_u64(at))
                            .compared(to_u64(length), to_u64(end.saturating_sub(content)))
                    })?;
                    if header.tag.constructed {
                        open.push(End::At(stop));
                    } else {
                        at = stop;
                    }
                }
            }
            check_depth(to_u64(open.len()), budget)?;
        }
        if open.is_empty() {
            break;
        }
    }
    if at == bytes.len() {
        Ok(())
    } else {
        Err(Malformed::at(MalformedKind::DerTrailingData, to_u64(at)).into())
    }
}

/// Where an open value ends.
enum End {
    At(usize),
    OfContents,
}

fn innermost_end(open: &[End]) -> Option<usize> {
    open.iter().rev().find_map(|end| match end {
        End::At(end) => Some(*end),
        End::OfContents => None,
    })
}

fn is_plain_end(header: &Header) -> bool {
    header.octets == 2 && !header.tag.constructed && matches!(header.length, Length::Definite(0))
}

fn check_depth(depth: u64, budget: &Budget) -> Result<(), Limit> {
    budget.check(Resource::Depth, depth)?;
    if depth > MAX_DEPTH {
        // The readers go no deeper, whatever the limits say.
        return Err(Limit {
            resource: Resource::Depth,
            maximum: MAX_DEPTH,
            requested: depth,
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asn1::write;
    use crate::limits::Limits;

    fn kind(bytes: &[u8], mode: Mode) -> MalformedKind {
        match check_tree(bytes, mode, &mut Budget::default()) {
            Err(Error::Malformed(malformed)) => malformed.kind,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_value_is_charged_for_each_value_in_it() {
        let mut budget = Budget::default();
        let bytes = write::sequence(&[&write::null(), &write::sequence(&[&write::integer(1)])]);
        check_tree(&bytes, Mode::Der, &mut budget).unwrap();
        assert_eq!(budget.spent(Resource::Values), 4);
        check_tree(&write::sequence(&[]), Mode::Der, &mut budget).unwrap();
        check_tree(&write::null(), Mode::Der, &mut budget).unwrap();
        let open = [0x30, 0x80, 0x30, 0x80, 0x05, 0x00, 0, 0, 0x30, 0x00, 0, 0];
        check_tree(&open, Mode::Ber, &mut budget).unwrap();
    }

    #[test]
    fn what_does_not_end_with_the_bytes_is_refused() {
        assert_eq!(kind(&[], Mode::Der), MalformedKind::DerTruncated);
        assert_eq!(
            kind(&[5, 0, 5, 0], Mode::Der),
            MalformedKind::DerTrailingData
        );
        assert_eq!(
            kind(&[0x30, 0, 0], Mode::Der),
            MalformedKind::DerTrailingData
        );
        assert_eq!(
            kind(&[0x30, 3, 4, 5, 0], Mode::Der),
            MalformedKind::DerTruncated
        );
        assert_eq!(kind(&[0x30, 2, 0, 0], Mode::Ber), MalformedKind::DerTag);
        assert_eq!(
            kind(&[0x30, 0x80, 5, 0], Mode::Ber),
            MalformedKind::BerEndOfContents
        );
        // An open value inside a closed one must end within it.
        let outside = [0x30, 0x80, 0x30, 0x02, 0x30, 0x80, 0, 0, 0, 0];
        assert_eq!(kind(&outside, Mode::Ber), MalformedKind::BerEndOfContents);
        let shifted = [0x30, 0x80, 0x20, 0x00, 0, 0];
        assert_eq!(kind(&shifted, Mode::Ber), MalformedKind::DerTag);
    }

    #[test]
    fn depth_and_count_are_limits() {
        let mut bytes = write::null();
        for _ in 0..200 {
            bytes = write::sequence(&[&bytes]);
        }
        let error = check_tree(&bytes, Mode::Der, &mut Budget::default()).unwrap_err();
        assert_eq!(error.code(), "limits.depth");
        let deep = [0x30, 0x80].repeat(100_000);
        let error = check_tree(&deep, Mode::Ber, &mut Budget::default()).unwrap_err();
        assert_eq!(error.code(), "limits.depth");
        let limits = Limits {
            depth: 1_000_000,
            values: 1000,
            ..Limits::default()
        };
        let mut budget = Budget::new(limits.into());
        let error = check_tree(&deep, Mode::Ber, &mut budget).unwrap_err();
        assert_eq!(error.code(), "limits.depth");
        let flat = write::tlv(super::super::Tag::SEQUENCE, &[5, 0].repeat(1000));
        let error = check_tree(&flat, Mode::Der, &mut budget).unwrap_err();
        assert_eq!(error.code(), "limits.values");
    }
}
