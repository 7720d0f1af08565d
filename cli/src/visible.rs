//! What a visible signature says and where it stands.

use crate::arguments::PdfOptions;
use crate::complaint::Complaint;
use crate::voice;
use imza::certificate::Certificate;
use imza::limits::Budget;
use imza::pades::{Appearance, SignaturePicture};
use imza::signer::Signer;
use imza::time::UnixTime;
use imza_explain::{Said, Sentence};
use std::ffi::{OsStr, OsString};
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
    let picture = picture(options)?;
    // Nothing at all is no appearance.
    let parsed = parse(place).filter(|parsed| parsed.has_text || picture.is_some());
    let Place {
        page,
        area,
        has_text,
    } = parsed.ok_or_else(|| {
        let what = Said::new(Sentence::NotAPlace).with("text", place.to_owned());
        Complaint::misuse(what)
    })?;
    let font = match has_text {
        true => Some(font(options.font.as_deref())?.into()),
        false => None,
    };
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
    let time = voice::words().moment(time);
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
        font,
        picture,
    })
}

fn picture(options: &PdfOptions) -> Result<Option<SignaturePicture>, Complaint> {
    if let Some(path) = &options.image {
        return Ok(Some(SignaturePicture::Image(read(path)?.into())));
    }
    Ok(options.qr.clone().map(SignaturePicture::Code))
}

fn read(path: &Path) -> Result<Vec<u8>, Complaint> {
    std::fs::read(path).map_err(|error| {
        let what = Said::new(Sentence::Unreadable).with("name", path);
        Complaint::misuse(what.with("why", &error))
    })
}

/// Where a signature is seen, and whether as text.
#[derive(Debug, PartialEq, Eq)]
struct Place {
    page: u32,
    area: [u32; 4],
    has_text: bool,
}

/// `page=2,at=36x36x220x64,text=no`, any part or all.
fn parse(place: &str) -> Option<Place> {
    let (mut page, mut area, mut has_text) = (1, AREA, true);
    for part in place.split(',') {
        match part.split_once('=')? {
            ("page", number) => page = number.parse().ok().filter(|page| *page > 0)?,
            ("at", lengths) => {
                let lengths: Option<Vec<u32>> =
                    lengths.split('x').map(|one| one.parse().ok()).collect();
                area = lengths?.try_into().ok()?;
            }
            ("text", "yes") => has_text = true,
            ("text", "no") => has_text = false,
            _ => return None,
        }
    }
    Some(Place {
        page,
        area,
        has_text,
    })
}

/// The words of a command line, with the place behind `--visible` as its value also where a space
/// stands between them: it would be another document. A file of that name is one.
pub(crate) fn joined(words: impl IntoIterator<Item = OsString>) -> Vec<OsString> {
    let mut joined: Vec<OsString> = Vec::new();
    let mut are_documents = false;
    for word in words {
        are_documents |= word == "--";
        match joined.last_mut() {
            Some(last) if !are_documents && last == "--visible" && is_place(&word) => {
                last.push("=");
                last.push(word);
            }
            _ => joined.push(word),
        }
    }
    joined
}

fn is_place(word: &OsStr) -> bool {
    let begins = ["page=", "at=", "text="];
    word.to_str()
        .is_some_and(|text| begins.iter().any(|one| text.starts_with(one)))
        && !Path::new(word).exists()
}

fn font(own: Option<&Path>) -> Result<Vec<u8>, Complaint> {
    if let Some(path) = own {
        return read(path);
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
    fn a_place_behind_a_space_is_no_document() {
        let joined = |line: &str| {
            let words = joined(line.split(' ').map(OsString::from));
            let words = words.iter().map(|word| word.to_str().unwrap_or_default());
            words.collect::<Vec<_>>().join(" ")
        };
        for (line, expected) in [
            ("sign --visible page=1 a.pdf", "sign --visible=page=1 a.pdf"),
            (
                "sign a.pdf --visible at=1x2x3x4",
                "sign a.pdf --visible=at=1x2x3x4",
            ),
            ("sign --visible a.pdf", "sign --visible a.pdf"),
            ("sign a.pdf --visible", "sign a.pdf --visible"),
            ("sign --visible -- page=1", "sign --visible -- page=1"),
            ("sign -- --visible page=1", "sign -- --visible page=1"),
            ("sign --image page=1 a.pdf", "sign --image page=1 a.pdf"),
            (
                "sign --visible=page=2 text=no",
                "sign --visible=page=2 text=no",
            ),
        ] {
            assert_eq!(joined(line), expected);
        }
    }

    #[test]
    fn places_are_read_in_any_order_and_nothing_else_is() {
        let place = |page, area, has_text| {
            Some(Place {
                page,
                area,
                has_text,
            })
        };
        assert_eq!(parse("page=1"), place(1, AREA, true));
        assert_eq!(parse("at=1x2x3x4,page=7"), place(7, [1, 2, 3, 4], true));
        assert_eq!(parse("text=no"), place(1, AREA, false));
        for wrong in [
            "",
            "page",
            "page=0",
            "page=x",
            "at=1x2x3",
            "at=1x2x3x4x5",
            "at=-1x2x3x4",
            "x=1",
            "text=maybe",
        ] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }
}
