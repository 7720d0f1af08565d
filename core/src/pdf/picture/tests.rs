//! Pictures that are taken over, written anew and refused.

use super::*;

fn chunk(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let named = [&kind[..], body].concat();
    let length = u32::try_from(body.len()).unwrap();
    let sum = crc32fast::hash(&named);
    [&length.to_be_bytes()[..], &named, &sum.to_be_bytes()].concat()
}

/// A PNG of rows that are filtered already.
pub(crate) fn png_of(
    [width, height]: [u32; 2],
    [depth, kind, interlace]: [u8; 3],
    more: &[(&[u8; 4], &[u8])],
    rows: &[u8],
) -> Vec<u8> {
    use std::io::Write as _;
    let mut header = [width.to_be_bytes(), height.to_be_bytes()].concat();
    header.extend([depth, kind, 0, 0, interlace]);
    let mut octets = [PNG, &chunk(b"IHDR", &header)].concat();
    for (kind, body) in more {
        octets.extend(chunk(kind, body));
    }
    let level = flate2::Compression::best();
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), level);
    encoder.write_all(rows).unwrap();
    octets.extend(chunk(b"IDAT", &encoder.finish().unwrap()));
    octets.extend(chunk(b"IEND", &[]));
    octets
}

fn read(octets: &[u8], colours: Colours) -> Result<Picture, Error> {
    Picture::read(octets, colours, &mut Budget::default())
}

/// A JPEG up to where its codes would be.
pub(crate) fn jpeg_of(components: u8, more: &[u8]) -> Vec<u8> {
    let mut octets = vec![0xff, 0xd8];
    octets.extend(more);
    let length = 8 + 3 * components;
    octets.extend([0xff, 0xc0, 0, length, 8, 0, 2, 0, 3, components]);
    for number in 1..=components {
        octets.extend([number, 0x11, 0]);
    }
    octets.extend([0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0, 0x55, 0xff, 0xd9]);
    octets
}

fn is_named(dictionary: &Dictionary, key: &str, name: &str) -> bool {
    dictionary.get(key) == Some(&Object::name(name))
}

#[test]
fn what_a_pdf_can_say_too_is_taken_over() {
    let picture = png_of([2, 1], [8, 2, 0], &[], &[0, 1, 2, 3, 4, 5, 6]);
    let read = read(&picture, Colours::Device).unwrap();
    assert_eq!(read.extent, [2, 1]);
    assert!(is_named(&read.image.dictionary, "Filter", "FlateDecode"));
    assert!(is_named(&read.image.dictionary, "ColorSpace", "DeviceRGB"));
    assert!(read.mask.is_none());
}

#[test]
fn what_shines_through_becomes_a_mask_or_is_laid_on_white() {
    let rows = [0, 10, 20, 30, 255, 10, 20, 30, 0];
    let picture = png_of([2, 1], [8, 6, 0], &[], &rows);
    let device = read(&picture, Colours::Device).unwrap();
    assert_eq!(device.mask.unwrap().data, [1, 255, 0, 128]);
    assert_eq!(device.image.data, [1, 0, 1, 128]);
    let archival = read(&picture, Colours::Archival).unwrap();
    assert!(archival.mask.is_none());
    let Some(Object::Array(space)) = archival.image.dictionary.get("ColorSpace") else {
        panic!("no palette");
    };
    assert_eq!(space[3], Object::octets(&[10, 20, 30, 255, 255, 255]));
    // One colour that is not seen, and sixteen bits.
    let rows = [0, 0, 7, 0, 9];
    let grey = png_of([2, 1], [16, 0, 0], &[(b"tRNS", &[0, 7])], &rows);
    let grey = read(&grey, Colours::Device).unwrap();
    assert_eq!(grey.mask.unwrap().data, [1, 0, 255, 128]);
    // A palette with alpha, four pixels in an octet.
    let more: [(&[u8; 4], &[u8]); 2] = [(b"PLTE", &[1, 2, 3, 4, 5, 6]), (b"tRNS", &[9])];
    let palette = png_of([3, 1], [2, 3, 0], &more, &[0, 0b0001_0000]);
    let palette = read(&palette, Colours::Device).unwrap();
    assert_eq!(palette.mask.unwrap().data, [2, 9, 255, 9, 128]);
}

#[test]
fn damaged_and_foreign_pictures_are_refused() {
    let whole = png_of([2, 1], [8, 2, 0], &[], &[0, 1, 2, 3, 4, 5, 6]);
    for end in 0..whole.len() {
        assert!(read(&whole[..end], Colours::Device).is_err());
    }
    for place in 8..whole.len() - 12 {
        let mut flipped = whole.clone();
        flipped[place] ^= 1;
        assert!(read(&flipped, Colours::Device).is_err(), "{place}");
    }
    for picture in [
        png_of([0, 1], [8, 2, 0], &[], &[]),
        png_of([9_000, 1], [8, 0, 0], &[], &[]),
        png_of([2, 1], [8, 2, 2], &[], &[0; 7]),
        png_of([2, 1], [8, 2, 1], &[], &[0; 7]),
        png_of([2, 1], [8, 2, 1], &[], &[0; 9]),
        png_of([2, 1], [3, 2, 0], &[], &[0; 7]),
        png_of([2, 2], [8, 2, 0], &[], &[0; 7]),
        png_of([2, 1], [8, 2, 0], &[], &[9; 7]),
        png_of([1, 1], [8, 3, 0], &[], &[0, 0]),
        png_of([1, 1], [8, 3, 0], &[(b"PLTE", &[1, 2])], &[0, 0]),
        png_of([1, 1], [8, 3, 0], &[(b"tRNS", &[1])], &[0, 0]),
        png_of([1, 1], [8, 0, 0], &[(b"ABCD", &[1])], &[0, 0]),
        b"GIF89a".to_vec(),
        Vec::new(),
    ] {
        assert!(read(&picture, Colours::Device).is_err());
    }
}

#[test]
fn a_jpeg_is_taken_over_without_what_the_camera_tells() {
    let mut exif = b"\xff\xe1\0\x22Exif\0\0II*\0\x08\0\0\0\x01\0".to_vec();
    exif.extend([0x12, 1, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0, 1, 2, 3, 4]);
    let picture = jpeg_of(3, &exif);
    let read = read(&picture, Colours::Device).unwrap();
    assert_eq!((read.extent, read.turn), ([2, 3], [0, -1, 1, 0, 0, 1]));
    assert!(is_named(&read.image.dictionary, "Filter", "DCTDecode"));
    assert_eq!(read.image.data, jpeg_of(3, &[]));
}

#[test]
fn cut_and_foreign_jpegs_are_refused() {
    let whole = jpeg_of(1, &[]);
    for end in 0..whole.len() {
        assert!(read(&whole[..end], Colours::Device).is_err(), "{end}");
    }
    for components in [2, 5] {
        assert!(read(&jpeg_of(components, &[]), Colours::Device).is_err());
    }
    assert!(read(&jpeg_of(4, &adobe(1)), Colours::Device).is_err());
    for (place, octet) in [(3, 0xc3), (6, 12), (8, 0), (3, 0xd0)] {
        let mut other = whole.clone();
        other[place] = octet;
        if place == 8 {
            other[7] = 0;
        }
        assert!(read(&other, Colours::Device).is_err(), "{place}");
    }
}

#[test]
fn runs_are_written_as_readers_read_them() {
    assert_eq!(run_length(&[]), [128]);
    assert_eq!(run_length(&[5; 300]), [129, 5, 129, 5, 213, 5, 128]);
    assert_eq!(run_length(&[1, 2, 2, 3, 3, 3]), [2, 1, 2, 2, 254, 3, 128]);
}

/// What is written of a pixel with a place.
fn pixel_of(place: u8) -> [u8; 3] {
    [place, place / 2, 255 - place]
}

#[test]
fn an_interlaced_picture_stands_row_by_row() {
    // ISO 15948 §8.2, figure 8.1: which pass a pixel of the 8 by 8 pattern belongs to.
    const PATTERN: [&[u8; 8]; 8] = [
        b"16462646",
        b"77777777",
        b"56565656",
        b"77777777",
        b"36463646",
        b"77777777",
        b"56565656",
        b"77777777",
    ];
    for [width, height] in [[1, 1], [2, 3], [5, 5], [8, 8], [13, 9], [3, 16]] {
        let place = |x: usize, y: usize| u8::try_from((y * 17 + x * 3) % 251).unwrap();
        let mut passes = Vec::new();
        for pass in b'1'..=b'7' {
            for y in 0..height {
                let row: Vec<[u8; 3]> = (0..width)
                    .filter(|x| PATTERN[y % 8][x % 8] == pass)
                    .map(|x| pixel_of(place(x, y)))
                    .collect();
                if !row.is_empty() {
                    passes.push(0);
                    passes.extend(row.concat());
                }
            }
        }
        let extent = [width, height].map(|side| u32::try_from(side).unwrap());
        let laced = read(&png_of(extent, [8, 2, 1], &[], &passes), Colours::Device).unwrap();
        let mut rows = Vec::new();
        for y in 0..height {
            rows.push(0);
            // An opaque pixel more, so that this picture is written anew too.
            rows.extend((0..width).flat_map(|x| {
                let [red, green, blue] = pixel_of(place(x, y));
                [red, green, blue, 255]
            }));
        }
        let plain = read(&png_of(extent, [8, 6, 0], &[], &rows), Colours::Device).unwrap();
        assert_eq!(laced.image.data, plain.image.data, "{extent:?}");
        assert_eq!(laced.image.dictionary, plain.image.dictionary);
        assert!(laced.mask.is_none());
    }
}

#[test]
fn interlaced_pictures_of_few_bits_and_with_a_hidden_colour_are_read() {
    // Two pixels of one bit, in passes 1 and 6; black is not seen.
    let rows = [0, 0b1000_0000, 0, 0];
    let more: [(&[u8; 4], &[u8]); 1] = [(b"tRNS", &[0, 0])];
    let grey = png_of([2, 1], [1, 0, 1], &more, &rows);
    let grey = read(&grey, Colours::Device).unwrap();
    assert_eq!(grey.mask.unwrap().data, [1, 255, 0, 128]);
}

/// The marker of Adobe with a transform.
fn adobe(transform: u8) -> Vec<u8> {
    let mut marker = b"\xff\xee\0\x0eAdobe\0\x64\0\0\0\0".to_vec();
    marker.push(transform);
    marker
}

#[test]
fn inks_are_taken_over_and_turned_where_the_program_turned_them() {
    for (more, is_turned) in [(Vec::new(), false), (adobe(0), true), (adobe(2), true)] {
        let octets = jpeg_of(4, &more);
        let picture = read(&octets, Colours::Device).unwrap();
        let dictionary = &picture.image.dictionary;
        assert!(is_named(dictionary, "ColorSpace", "DeviceCMYK"));
        let turned = [1, 0, 1, 0, 1, 0, 1, 0].map(Object::Integer).to_vec();
        let decode = is_turned.then_some(Object::Array(turned));
        assert_eq!(dictionary.get("Decode"), decode.as_ref());
        // The marker says to the reader how inks are coded: it stays.
        assert_eq!(picture.image.data, octets);
        let refused = read(&octets, Colours::Archival).unwrap_err();
        assert!(refused.to_string().contains("CMYK"), "{refused}");
    }
}

#[test]
fn red_green_and_blue_by_name_are_not_turned_into_others() {
    let mut octets = jpeg_of(3, &[]);
    let has = |octets: &[u8]| {
        let picture = read(octets, Colours::Device).unwrap();
        picture.image.dictionary.get("DecodeParms").is_some()
    };
    assert!(!has(&octets));
    for (place, name) in [(12, b'R'), (15, b'G'), (18, b'B')] {
        octets[place] = name;
    }
    assert!(has(&octets));
    let told = [&octets[..2], &adobe(0), &octets[2..]].concat();
    assert!(!has(&told));
}
