//! What a visible signature says and where it stands.

use crate::arguments::PdfOptions;
use crate::complaint::Complaint;
use crate::voice;
use imza::certificate::Certificate;
use imza::limits::Budget;
use imza::pades::Appearance;
use imza::signer::Signer;
use imza::time::UnixTime;
use imza_explain::{Said, Sentence};
use std::path::{Path, PathBuf};

/// Fonts with many alphabets, where systems keep them.
const FONTS: &[&str] = &[
    "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
    "/usr/share/fonts/dejavu-sans-fonts/DejaVuSans.ttf",
    "/usr/share/fonts/TTF/DejaVuSans.ttf",
    "/usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf",
    "/System/Library/Fonts/Supplemental/Arial.ttf",
    "C:\\Windows\\Fonts\\arial.ttf",
];

/// Left, bottom, width and height in points.
const AREA: [u32; 4] = [36, 36, 220, 64];

/// The appearance that the options ask for.
pub(crate) fn appearance(
    place: &str,
    options: &PdfOptions,
    time: UnixTime,
    signer: &dyn Signer,
) -> Result<Appearance, Complaint> {
    let (page, area) = parse(place).ok_or_else(|| {
        let what = Said::new(Sentence::NotAPlace).with("text", place.to_owned());
        Complaint::misuse(what)
    })?;
    let font = font(options.font.as_deref())?;
    let certificates = signer.certificate();
    let certificate = certificates
        .first()
        .and_then(|der| Certificate::parse(der, &mut Budget::default()).ok());
    let name = certificate.and_then(|own| own.subject().common_name());
    let line = |said: &Said| voice::words().said(said).what;
    let mut lines = Vec::new();
    if let Some(name) = name {
        lines.push(line(&Said::new(Sentence::VisibleSigner).with("name", name)));
    }
    let time = time.to_string();
    lines.push(line(&Said::new(Sentence::VisibleTime).with("time", time)));
    lines.extend(options.reason.clone());
    lines.extend(options.location.clone());
    // Marks that only direct writing have no glyph.
    let is_shown = |one: &char| !matches!(one, '\u{2066}'..='\u{2069}') && !one.is_control();
    let lines = lines
        .iter()
        .map(|line| line.chars().filter(is_shown).collect())
        .collect();
    Ok(Appearance {
        page,
        area,
        lines,
        font: font.into(),
    })
}

/// `page=2,at=36x36x220x64`, either part or both.
fn parse(place: &str) -> Option<(u32, [u32; 4])> {
    let (mut page, mut area) = (1, AREA);
    for part in place.split(',') {
        match part.split_once('=')? {
            ("page", number) => page = number.parse().ok().filter(|page| *page > 0)?,
            ("at", lengths) => {
                let lengths: Option<Vec<u32>> =
                    lengths.split('x').map(|one| one.parse().ok()).collect();
                area = lengths?.try_into().ok()?;
            }
            _ => return None,
        }
    }
    Some((page, area))
}

fn font(own: Option<&Path>) -> Result<Vec<u8>, Complaint> {
    if let Some(path) = own {
        return std::fs::read(path).map_err(|error| {
            let what = Said::new(Sentence::Unreadable).with("name", path);
            Complaint::misuse(what.with("why", &error))
        });
    }
    FONTS
        .iter()
        .find_map(|path| std::fs::read(PathBuf::from(path)).ok())
        .ok_or_else(|| Complaint::misuse(Sentence::NoFont))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_read_in_any_order_and_nothing_else_is() {
        assert_eq!(parse("page=1"), Some((1, AREA)));
        assert_eq!(parse("at=1x2x3x4,page=7"), Some((7, [1, 2, 3, 4])));
        for wrong in [
            "",
            "page",
            "page=0",
            "page=x",
            "at=1x2x3",
            "at=1x2x3x4x5",
            "at=-1x2x3x4",
            "x=1",
        ] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }
}
