//! Where on a page a signature is shown.
//!
//! # Standard
//! ISO 32000-2 §7.7.3 (pages), §7.9.5 (rectangles).

use crate::error::{Malformed, MalformedKind, Unsupported};
use crate::pdf::{Object, ObjectReference};

/// A page of the document.
pub(super) struct Page {
    pub(super) reference: ObjectReference,
    pub(super) rotation: Option<Object>,
    /// Corners in hundredths of a point.
    pub(super) media_box: Option<[i64; 4]>,
}

impl Page {
    /// An area in points as corners in hundredths of a point; it must lie on the page.
    pub(super) fn area(
        &self,
        [left, bottom, width, height]: [u32; 4],
    ) -> Result<[i64; 4], Unsupported> {
        let is_upright = match &self.rotation {
            None => true,
            Some(Object::Integer(degrees)) => degrees % 360 == 0,
            Some(_) => false,
        };
        if !is_upright {
            return Err(Unsupported::Feature("a visible signature on a turned page"));
        }
        let outside = Unsupported::Feature("a visible signature outside its page");
        let Some([origin_x, origin_y, end_x, end_y]) = self.media_box else {
            return Err(outside);
        };
        let (x, y) = (
            origin_x.saturating_add(i64::from(left) * 100),
            origin_y.saturating_add(i64::from(bottom) * 100),
        );
        let (right, top) = (
            x.saturating_add(i64::from(width) * 100),
            y.saturating_add(i64::from(height) * 100),
        );
        if right > end_x || top > end_y {
            return Err(outside);
        }
        Ok([x, y, right, top])
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
        for turned in [Object::Integer(90), Object::Integer(-90), Object::name("x")] {
            assert!(page(Some(turned), letter).area([1, 2, 3, 4]).is_err());
        }
        assert!(
            page(Some(Object::Integer(720)), letter)
                .area([1, 2, 3, 4])
                .is_ok()
        );
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
