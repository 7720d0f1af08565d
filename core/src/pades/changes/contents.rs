//! What the data of a stream is, once it is decoded.

use super::shelf::readable;
use super::sketch::{Sketch, sketch};
use crate::limits::Budget;
use crate::pdf::{Document, Stream};
use crate::source::{Source, Stop};

/// XMP: XML without a document type, as an XMP packet or plain RDF.
pub(super) fn metadata(
    stream: Option<(Stream, Option<u64>)>,
    document: &Document,
    source: &mut Source,
    budget: &mut Budget,
) -> Result<bool, Stop> {
    let Some((stream, length)) = stream else {
        return Ok(false);
    };
    let dictionary = &stream.dictionary;
    if !dictionary.is("Type", "Metadata") || !dictionary.is("Subtype", "XML") {
        return Ok(false);
    }
    let Some(octets) = readable(document.decoded_stream_data(&stream, length, source, budget))?
    else {
        return Ok(false);
    };
    let has = |text: &[u8]| octets.windows(text.len()).any(|window| window == text);
    Ok(!has(b"<!DOCTYPE") && (has(b"xmpmeta") || has(b"RDF")))
}

/// What the content of a stream draws.
pub(super) fn sketched(
    stream: Option<(Stream, Option<u64>)>,
    document: &Document,
    source: &mut Source,
    budget: &mut Budget,
) -> Result<Option<Sketch>, Stop> {
    let Some((stream, length)) = stream else {
        return Ok(None);
    };
    // Octets that are elsewhere.
    if length.is_none() || stream.dictionary.get("F").is_some() {
        return Ok(None);
    }
    let content = readable(document.decoded_stream_data(&stream, length, source, budget))?;
    Ok(content.and_then(|content| sketch(&content, stream.dictionary.get("BBox"))))
}
