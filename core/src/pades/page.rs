//! Where on a page a signature is shown.
//!
//! # Standard
//! ISO 32000-2 §7.7.3 (pages), §7.9.5 (rectangles).

use crate::error::{Error, InputError, Malformed, MalformedKind, Unsupported};
use crate::pdf::{Object, ObjectReference};

/// A page of the document.
pub(super) struct Page {
    pub(super) reference: ObjectReference,
    pub(super) rotation: Option<Object>,
    /// Corners in hundredths of a point.
    pub(super) media_box: Option<[i64; 4]>,
}

impl Page {
    /// An area of the page as it is seen, in points, as corners of the page as it is written, in
    /// hundredths of a point; it must lie on the page.
    pub(super) fn area(&self, [left, bottom, width, height]: [u32; 4]) -> Result<[i64; 4], Error> {
        let Some([start_x, start_y, end_x, end_y]) = self.media_box else {
            return Err(InputError::NoRoom.into());
        };
        let quarters = quarters(self.rotation.as_ref())?;
        let [mut across, mut up] = [end_x.saturating_sub(start_x), end_y.saturating_sub(start_y)];
        if quarters % 2 == 1 {
            std::mem::swap(&mut across, &mut up);
        }
        let [x, y, width, height] = [left, bottom, width, height].map(|side| i64::from(side) * 100);
        if x + width > across || y + height > up {
            return Err(InputError::NoRoom.into());
        }
        // ISO 32000-2 table 31: turned clockwise, so what was up leads to the right.
        Ok(match quarters {
            1 => [
                end_x - y - height,
                start_y + x,
                end_x - y,
                start_y + x + width,
            ],
            2 => [end_x - x - width, end_y - y - height, end_x - x, end_y - y],
            3 => [
                start_x + y,
                end_y - x - width,
                start_x + y + height,
                end_y - x,
            ],
            _ => [
                start_x + x,
                start_y + y,
                start_x + x + width,
                start_y + y + height,
            ],
        })
    }
}

/// By how many quarters a page is turned clockwise when it is seen.
pub(super) fn quarters(rotation: Option<&Object>) -> Result<u8, Unsupported> {
    match rotation {
        None | Some(Object::Null) => Ok(0),
        Some(Object::Integer(degrees)) if degrees % 90 == 0 => {
            Ok(u8::try_from(degrees.rem_euclid(360) / 90).unwrap_or(0))
        }
        Some(_) => Err(Unsupported::Feature(
            "a page that is turned by no right angle",
        )),
    }
}

/// The corners of a rectangle in hundredths of a point, lower left first (ISO 32000-2 §7.9.5).
pub(super) fn rectangle(object: Option<&Object>) -> Result<[i64; 4], Malformed> {
    let wrong = || Malformed::within(MalformedKind::PdfObject, "rectangle");
    let numbers = object.and_then(Object::as_array).ok_or_else(wrong)?;
    let corners: Option<Vec<i64>> = numbers.iter().map(hundredths_of).collect();
    let [x, y, other_x, other_y] = corners
        .and_then(|corners| <[i64; 4]>::try_from(corners).ok())
        .ok_or_else(wrong)?;
    Ok([
        x.min(other_x),
        y.min(other_y),
        x.max(other_x),
        y.max(other_y),
    ])
}

/// A length in hundredths of a point; pages end long before a million points.
fn hundredths_of(object: &Object) -> Option<i64> {
    match object {
        Object::Integer(length) => length.checked_mul(100),
        Object::Real(length) if length.abs() < 1e6 => format!("{:.0}", length * 100.0).parse().ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_area_lies_on_its_page() {
        let page = |rotation, media_box| Page {
            reference: ObjectReference {
                number: 1,
                generation: 0,
            },
            rotation,
            media_box,
        };
        let letter = Some([0, 0, 61_200, 79_200]);
        let upright = page(None, letter);
        assert_eq!(upright.area([1, 2, 3, 4]), Ok([100, 200, 400, 600]));
        assert!(upright.area([600, 0, 13, 10]).is_err());
        assert!(upright.area([u32::MAX, 0, u32::MAX, 10]).is_err());
        let shifted = page(None, Some([-1_000, 500, 9_000, 9_000]));
        assert_eq!(shifted.area([1, 2, 3, 4]), Ok([-900, 700, -600, 1_100]));
        assert!(page(None, None).area([1, 2, 3, 4]).is_err());
        for wrong in [Object::Integer(45), Object::Real(90.0), Object::name("x")] {
            assert!(page(Some(wrong), letter).area([1, 2, 3, 4]).is_err());
        }
        assert!(
            page(Some(Object::Integer(720)), letter)
                .area([1, 2, 3, 4])
                .is_ok()
        );
    }

    #[test]
    fn an_area_is_that_of_the_page_as_it_is_seen() {
        let area = |degrees, area| {
            let page = Page {
                reference: ObjectReference {
                    number: 1,
                    generation: 0,
                },
                rotation: Some(Object::Integer(degrees)),
                media_box: Some([1_000, 2_000, 11_000, 22_000]),
            };
            page.area(area)
        };
        // A hundred points wide and two hundred high, unturned.
        assert_eq!(area(0, [1, 2, 10, 20]), Ok([1_100, 2_200, 2_100, 4_200]));
        assert_eq!(area(90, [1, 2, 10, 20]), Ok([8_800, 2_100, 10_800, 3_100]));
        assert_eq!(
            area(180, [1, 2, 10, 20]),
            Ok([9_900, 19_800, 10_900, 21_800])
        );
        assert_eq!(
            area(-90, [1, 2, 10, 20]),
            Ok([1_200, 20_900, 3_200, 21_900])
        );
        assert!(area(90, [0, 0, 200, 100]).is_ok());
        assert!(area(90, [0, 0, 100, 101]).is_err());
        assert!(area(0, [0, 0, 101, 200]).is_err());
    }

    #[test]
    fn corners_are_put_in_order_and_odd_ones_refused() {
        let array =
            |numbers: &[f64]| Object::Array(numbers.iter().copied().map(Object::Real).collect());
        let read = |object: &Object| rectangle(Some(object)).ok();
        assert_eq!(
            read(&array(&[10.5, 20.0, 1.0, 2.25])),
            Some([100, 225, 1_050, 2_000])
        );
        assert_eq!(read(&array(&[0.0, 0.0, 1e30, 1.0])), None);
        assert_eq!(read(&array(&[0.0, 0.0, 1.0])), None);
        assert_eq!(read(&Object::Null), None);
    }
}
