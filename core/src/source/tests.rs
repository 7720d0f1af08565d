//! Reading, streaming and writing, with octets at hand and by pages.

use super::testing::Host;
use super::{CopyEncoding, Edits, Piece, Source, Stop, Stream, write_all};
use crate::error::{ApiMisuse, Error, InputError};
use crate::job::InputId;

const A: InputId = InputId(0);
const B: InputId = InputId(1);

fn octets(seed: u64, length: usize) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    (0..length)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 32) as u8
        })
        .collect()
}

fn host() -> Host {
    Host::new(vec![octets(1, 1000), octets(2, 777)])
}

fn edits() -> Edits {
    let mut edits = Edits::whole(A, 1000);
    edits = edits
        .splice(
            300..350,
            vec![Piece::insert(*b"inserted"), Piece::copy(B, 5..500)],
        )
        .unwrap();
    for (encoding, range) in [
        (CopyEncoding::Base64, 100..301),
        (CopyEncoding::Base64Url, 0..777),
    ] {
        edits.append(Piece::Copy {
            input: B,
            range,
            encoding,
            digest: None,
        });
    }
    edits
}

fn written(edits: &Edits, host: &Host) -> Result<Vec<u8>, Error> {
    let mut out = Vec::new();
    write_all(
        edits,
        |input, range| Ok(host.range(input, &range).to_vec()),
        |octets| {
            out.extend_from_slice(octets);
            Ok(())
        },
    )?;
    Ok(out)
}

fn streamed(host: &Host, mut stream: Stream, chunk: usize) -> Result<Vec<u8>, Error> {
    let mut out = Vec::new();
    host.pump(&mut stream, chunk, &mut |octets| {
        out.extend_from_slice(octets);
        Ok(())
    })?;
    assert_eq!(stream.position(), out.len() as u64);
    assert_eq!(stream.length(), out.len() as u64);
    Ok(out)
}

#[test]
fn written_read_and_streamed_octets_are_the_same() {
    let edits = edits();
    let whole = written(&edits, &host()).unwrap();
    assert_eq!(whole.len() as u64, edits.length());
    for page_size in [1, 7, 64, 4096] {
        let mut host = host();
        for inputs in [host.paged(), host.at_hand()] {
            let mut source = Source::new(edits.clone(), inputs, page_size);
            for (start, end) in [
                (0, 3),
                (290, 320),
                (700, 1500),
                (1451, 1460),
                (0, whole.len()),
            ] {
                let range = start as u64..end as u64;
                let read = host
                    .run(&mut source, |source| source.read(range.clone()))
                    .unwrap();
                assert_eq!(&read[..], &whole[start..end], "{page_size} {range:?}");
                let stream = source.stream(range).unwrap();
                assert_eq!(streamed(&host, stream, 13).unwrap(), &whole[start..end]);
            }
        }
    }
}

#[test]
fn every_range_reads_as_written() {
    let edits = edits();
    let mut host = host();
    let whole = written(&edits, &host).unwrap();
    let mut source = Source::new(edits, host.paged(), 64);
    for start in (0..whole.len()).step_by(3) {
        for length in [0, 1, 2, 5, 64, 130] {
            let end = (start + length).min(whole.len());
            let range = start as u64..end as u64;
            let read = host
                .run(&mut source, |source| source.read(range.clone()))
                .unwrap();
            assert_eq!(&read[..], &whole[start..end]);
            let stream = source.stream(range).unwrap();
            assert_eq!(streamed(&host, stream, 64).unwrap(), &whole[start..end]);
        }
    }
}

#[test]
fn a_missing_page_is_no_error_and_neighbours_are_asked_for_together() {
    let mut host = host();
    let mut source = Source::file(host.paged(), A, 64).unwrap();
    assert_eq!(source.read(10..300), Err(Stop::NotHere));
    source.want(600..700);
    source.want(990..5000);
    assert_eq!(
        source.wanted(),
        [(A, 0..320), (A, 576..704), (A, 960..1000)]
    );
    host.answer(&mut source).unwrap();
    assert!(source.read(10..300).is_ok());
    assert!(source.wanted().is_empty());
}

#[test]
fn octets_are_dropped_two_operations_later() {
    let mut host = host();
    let mut source = Source::file(host.paged(), A, 64).unwrap();
    host.run(&mut source, |source| source.read(0..200)).unwrap();
    source.commit();
    assert_eq!(source.held_octets(), 256);
    host.run(&mut source, |source| source.read(195..200))
        .unwrap();
    source.commit();
    assert_eq!(source.held_octets(), 64);
    source.commit();
    assert_eq!(source.held_octets(), 0);
}

#[test]
fn another_page_at_a_second_reading_ends_the_job() {
    let mut host = host();
    let mut source = Source::file(host.paged(), A, 64).unwrap();
    host.run(&mut source, |source| source.read(0..200)).unwrap();
    source.commit();
    source.commit();
    host.files[0][130] ^= 1;
    assert!(host.run(&mut source, |source| source.read(0..10)).is_ok());
    assert_eq!(
        host.run(&mut source, |source| source.read(0..200)),
        Err(InputError::Changed.into())
    );
}

#[test]
fn a_stream_over_a_page_that_was_read_is_compared() {
    for (range, flipped) in [
        (0..1000, 130),
        (130..1000, 129),
        (0..70, 100),
        (100..110, 127),
    ] {
        let mut host = host();
        let mut source = Source::file(host.paged(), A, 64).unwrap();
        host.run(&mut source, |source| source.read(64..200))
            .unwrap();
        source.commit();
        source.commit();
        let stream = source.stream(range.clone()).unwrap();
        assert!(streamed(&host, stream, 50).is_ok());
        host.files[0][flipped] ^= 1;
        let stream = source.stream(range).unwrap();
        assert_eq!(streamed(&host, stream, 50), Err(InputError::Changed.into()));
    }
}

#[test]
fn too_few_and_too_many_octets_are_told_apart() {
    let host = host();
    let mut source = Source::file(host.paged(), A, 64).unwrap();
    assert_eq!(source.read(0..10), Err(Stop::NotHere));
    assert_eq!(
        source.supply(A, 0..64, &[0; 63]),
        Err(InputError::Short {
            expected: 1000,
            found: 63
        }
        .into())
    );
    for (range, length) in [
        (0..64, 65),
        (1..65, 64),
        (0..63, 63),
        (960..1024, 64),
        (0..0, 0),
    ] {
        assert_eq!(
            source.supply(A, range, &vec![0; length]),
            Err(ApiMisuse::WrongResponse.into())
        );
    }
    let mut stream = source.stream(0..1000).unwrap();
    let mut sink = |_: &[u8]| Ok(());
    assert_eq!(
        stream.feed(&[0], &mut sink),
        Err(ApiMisuse::UnknownRequest.into())
    );
    assert_eq!(stream.next_request(&mut sink).unwrap(), Some((A, 0..1000)));
    stream.feed(&[0; 999], &mut sink).unwrap();
    assert_eq!(
        stream.feed(&[0; 2], &mut sink),
        Err(ApiMisuse::WrongResponse.into())
    );
    assert_eq!(
        stream.end(&mut sink),
        Err(InputError::Short {
            expected: 1000,
            found: 999
        }
        .into())
    );
}

#[test]
fn a_range_beyond_the_end_is_short() {
    let host = host();
    let mut source = Source::file(host.at_hand(), A, 64).unwrap();
    assert!(matches!(
        source.read(990..1001),
        Err(Stop::Error(Error::Input(InputError::Short { .. })))
    ));
    assert!(source.stream(0..1001).is_err());
    assert!(Source::file(host.at_hand(), InputId(2), 64).is_err());
}

#[test]
fn an_input_changed_before_writing_is_noticed() {
    let mut host = host();
    let mut edits = edits();
    let source = Source::new(edits.clone(), host.paged(), 64);
    let mut stream = source.stream(0..edits.length()).unwrap().with_digests();
    host.pump(&mut stream, 100, &mut |_| Ok(())).unwrap();
    for digest in stream.digests() {
        edits.record_digest(digest.input, digest.range.clone(), digest.digest);
    }
    assert!(written(&edits, &host).is_ok());
    host.files[0][320] ^= 1;
    assert!(written(&edits, &host).is_ok(), "not part of the document");
    for (file, at) in [(0, 0), (0, 999), (1, 5), (1, 776)] {
        host.files[file][at] ^= 1;
        assert_eq!(written(&edits, &host), Err(InputError::Changed.into()));
        host.files[file][at] ^= 1;
    }
}
