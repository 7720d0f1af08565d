//! Files with a million of everything that may be repeated, nested too deep, and with sizes that
//! are not there.

use crate::parsers::vector;
use imza::asn1::write::{explicit, octet_string, oid, sequence, tlv};
use imza::asn1::{Reader, Tag};

/// A file, and the parsers that it is made for.
pub(crate) struct File {
    pub(crate) what: &'static str,
    pub(crate) parsers: &'static [&'static str],
    pub(crate) octets: Vec<u8>,
}

const MILLION: usize = 1_000_000;

fn file(what: &'static str, parsers: &'static [&'static str], octets: Vec<u8>) -> File {
    File {
        what,
        parsers,
        octets,
    }
}

const DER: &[&str] = &[
    "certificate",
    "name",
    "crl",
    "ocsp",
    "cms",
    "timestamp",
    "trust",
    "material",
];
const XML: &[&str] = &["xml", "xades", "manifest"];
const CMS: &[&str] = &["cms", "timestamp", "trust"];
const CERTIFICATE: &[&str] = &["certificate", "trust", "material"];
const ZIP: &[&str] = &["zip", "asic"];

/// One file at a time: together they would not fit.
pub(crate) const FILES: &[fn() -> File] = &[
    // nested
    || file("deep BER", DER, b"\x30\x80".repeat(MILLION)),
    || file("deep DER", DER, deep_der(MILLION)),
    || {
        file(
            "deep XML",
            XML,
            [b"<a>".repeat(MILLION), b"</a>".repeat(MILLION)].concat(),
        )
    },
    || file("deep PDF", &["pdf"], pdf(&b"[".repeat(MILLION))),
    || {
        file(
            "deep PDF dictionaries",
            &["pdf"],
            pdf(&b"<</A".repeat(MILLION)),
        )
    },
    || file("deep JSON", &["evidence", "policy"], b"[".repeat(MILLION)),
    // sizes that are not there
    || {
        file(
            "DER of 4 GiB",
            DER,
            b"\x30\x84\xff\xff\xff\xff\x30\x84\xff\xff\xff\xf0".to_vec(),
        )
    },
    || {
        file(
            "DER of 2^64 octets",
            DER,
            b"\x30\x88\xff\xff\xff\xff\xff\xff\xff\xff\x02\x01\x01".to_vec(),
        )
    },
    || {
        file(
            "PDF stream of 4 GiB",
            &["pdf"],
            pdf(b"<</Length 4294967295>>stream\nx\nendstream"),
        )
    },
    || {
        file(
            "PDF of 2^32 objects",
            &["pdf"],
            xref_stream("/Size 4294967295 /W [1 8 8] /Index [0 4294967295]", b"x"),
        )
    },
    || {
        file(
            "PDF of 4 GiB wide rows",
            &["pdf"],
            xref_stream("/Size 9 /W [4294967295 4294967295 1]", b"x"),
        )
    },
    || file("ZIP entry of 4 GiB", ZIP, zip_entry(0xffff_fffe)),
    || file("ZIP entry of a 64-bit size", ZIP, zip_entry(0xffff_ffff)),
    || {
        file(
            "ZIP directory of 2^64 entries",
            ZIP,
            ended(b"PK\x03\x04".to_vec(), &[], u64::MAX),
        )
    },
    // many
    || {
        file(
            "a million DER values",
            DER,
            sequence(&[&b"\x05\x00".repeat(MILLION)]),
        )
    },
    || {
        file(
            "certificate, extensions",
            CERTIFICATE,
            certificate(7, &explicit(3, &sequence(&[&each(extension)]))),
        )
    },
    || {
        file(
            "certificate, name",
            CERTIFICATE,
            certificate(5, &sequence(&[&RDN.repeat(MILLION)])),
        )
    },
    || {
        file(
            "certificate, subject alternative names",
            CERTIFICATE,
            with_extension("2.5.29.17", &b"\x82\x04abcd".repeat(MILLION)),
        )
    },
    || {
        file(
            "certificate, policies",
            CERTIFICATE,
            with_extension(
                "2.5.29.32",
                &each(|number| sequence(&[&identifier(number)])),
            ),
        )
    },
    || {
        file(
            "certificate, name constraints",
            CERTIFICATE,
            with_extension(
                "2.5.29.30",
                &tlv(
                    Tag::context_constructed(0),
                    &b"\x30\x06\x82\x04abcd".repeat(MILLION),
                ),
            ),
        )
    },
    || {
        file(
            "certificate, distribution points",
            CERTIFICATE,
            with_extension(
                "2.5.29.31",
                &b"\x30\x09\xa0\x07\xa0\x05\x86\x03a:b".repeat(MILLION),
            ),
        )
    },
    || {
        file(
            "certificate, key purposes",
            CERTIFICATE,
            with_extension("2.5.29.37", &each(identifier)),
        )
    },
    || {
        file(
            "certificate, access descriptions",
            CERTIFICATE,
            with_extension(
                "1.3.6.1.5.5.7.1.1",
                &b"\x30\x0e\x06\x08\x2b\x06\x01\x05\x05\x07\x30\x01\x86\x02a:".repeat(MILLION),
            ),
        )
    },
    || file("name", &["name"], sequence(&[&RDN.repeat(MILLION)])),
    || file("CRL", &["crl", "material"], crl(MILLION)),
    || file("CRL of all octets", &["crl", "material"], crl(2_700_000)),
    || {
        file(
            "OCSP response of all octets",
            &["ocsp", "material"],
            ocsp(580_000),
        )
    },
    || {
        file(
            "CMS, digest algorithms",
            CMS,
            cms(
                1,
                &tlv(Tag::SET, &each(|number| sequence(&[&identifier(number)]))),
            ),
        )
    },
    || {
        file(
            "CMS, certificates",
            CMS,
            cms(
                3,
                &tlv(Tag::context_constructed(0), &b"\x30\x00".repeat(MILLION)),
            ),
        )
    },
    || {
        file(
            "CMS, signers",
            CMS,
            cms(4, &tlv(Tag::SET, &signer_info(&[]).repeat(100_000))),
        )
    },
    || {
        file(
            "CMS, unsigned attributes",
            CMS,
            cms(
                4,
                &tlv(
                    Tag::SET,
                    &signer_info(&each(|number| {
                        sequence(&[&identifier(number), &tlv(Tag::SET, b"\x05\x00")])
                    })),
                ),
            ),
        )
    },
    || {
        file(
            "CMS, values of an attribute",
            CMS,
            cms(
                4,
                &tlv(
                    Tag::SET,
                    &signer_info(&sequence(&[
                        &oid("1.2.3.4"),
                        &tlv(Tag::SET, &b"\x05\x00".repeat(MILLION)),
                    ])),
                ),
            ),
        )
    },
    || file("XML, elements", XML, wrapped(&b"<b/>".repeat(MILLION))),
    || {
        file(
            "XML, elements within the limits",
            XML,
            wrapped(&b"<b/>".repeat(700_000)),
        )
    },
    || file("XML, text", XML, wrapped(&b"t".repeat(60 << 20))),
    || {
        file(
            "XML, text within the limits",
            XML,
            wrapped(&b"t".repeat(24 << 20)),
        )
    },
    || file("XML, line ends", XML, wrapped(&b"\r\n".repeat(12 << 20))),
    || file("XML, entities", XML, wrapped(&b"&lt;".repeat(5 << 20))),
    || file("XML, attributes", XML, attributes(MILLION)),
    || {
        file(
            "XML, identifiers",
            XML,
            wrapped(&each(|number| format!("<b Id='i{number}'/>").into_bytes())),
        )
    },
    || {
        file(
            "XML, identifiers within the limits",
            XML,
            wrapped(&some(370_000, |number| {
                format!("<b Id='i{number}'/>").into_bytes()
            })),
        )
    },
    || file("XML, namespaces", XML, namespaces(10_000, 10_000)),
    || {
        file(
            "XML signature, references",
            XML,
            signed(&REFERENCE.repeat(MILLION / 4)),
        )
    },
    || {
        file(
            "XML signature, references within the limits",
            XML,
            signed(&REFERENCE.repeat(95_000)),
        )
    },
    || {
        file(
            "XML, signatures",
            XML,
            wrapped(&signed(b"").repeat(MILLION / 10)),
        )
    },
    || file("manifest, references", XML, manifest(MILLION / 4)),
    || {
        file(
            "manifest, references within the limits",
            XML,
            manifest(95_000),
        )
    },
    || file("ZIP, entries", ZIP, zip(MILLION, "")),
    || file("ZIP, entries within the limits", ZIP, zip(MILLION - 8, "")),
    || file("ZIP, long names", ZIP, zip(60_000, &"n".repeat(1_000))),
    || {
        file(
            "ZIP, signature files",
            ZIP,
            zip(200_000, "META-INF/signatures"),
        )
    },
    || {
        file(
            "PDF, values in an array",
            &["pdf"],
            pdf(&[b"[".as_slice(), &b"1 ".repeat(MILLION), b"]"].concat()),
        )
    },
    || {
        file(
            "PDF, keys",
            &["pdf"],
            pdf(&[
                b"<<".as_slice(),
                &each(|number| format!("/K{number} 1 ").into_bytes()),
                b">>",
            ]
            .concat()),
        )
    },
    || {
        file(
            "PDF, fields",
            &["pdf"],
            pdf(&[
                b"<</AcroForm<</SigFlags 3/Fields[".as_slice(),
                &b"1 0 R ".repeat(MILLION),
                b"]>>>>",
            ]
            .concat()),
        )
    },
    || {
        file(
            "PDF, cross-reference entries",
            &["pdf"],
            xref_table(MILLION),
        )
    },
    || {
        file(
            "PDF, cross-reference entries within the limits",
            &["pdf"],
            xref_table(MILLION / 2 - 9),
        )
    },
    || file("PDF, revisions", &["pdf"], revisions(100_000)),
    || {
        file(
            "PEM, blocks",
            &["pem", "trust", "material"],
            b"-----BEGIN A-----\nAA==\n-----END A-----\n".repeat(MILLION),
        )
    },
    || {
        file(
            "PEM, labels",
            &["pem", "trust", "material"],
            b"-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n".repeat(MILLION),
        )
    },
    || {
        file(
            "JSON, values",
            &["evidence", "policy"],
            [b"[".as_slice(), &b"{},".repeat(MILLION), b"1]"].concat(),
        )
    },
    || file("evidence, answers", &["evidence"], evidence("answers", "1")),
    || {
        file(
            "evidence, file facts",
            &["evidence"],
            evidence("document", "{\"name\":\"\"}"),
        )
    },
    || {
        file(
            "policy, levels",
            &["policy"],
            [
                b"{\"name\":\"a\",\"levels\":{".as_slice(),
                &b"\"a\":\"b\",".repeat(MILLION),
                b"}}",
            ]
            .concat(),
        )
    },
];

const RDN: &[u8] = b"\x31\x0d\x30\x0b\x06\x03\x55\x04\x03\x0c\x04abcd";
const REFERENCE: &[u8] = b"<ds:Reference URI='#a'><ds:DigestMethod \
    Algorithm='http://www.w3.org/2001/04/xmlenc#sha256'/><ds:DigestValue>AAAA</ds:DigestValue></ds:Reference>";

/// As many different ones.
fn some(count: usize, make: impl Fn(usize) -> Vec<u8>) -> Vec<u8> {
    let mut octets = Vec::new();
    for number in 0..count {
        octets.extend(make(number));
    }
    octets
}

fn each(make: impl Fn(usize) -> Vec<u8>) -> Vec<u8> {
    some(MILLION, make)
}

/// An object identifier 1.2.n.
fn identifier(number: usize) -> Vec<u8> {
    let digit = |shift: usize| u8::try_from(number >> shift & 0x7f).unwrap_or(0);
    vec![6, 4, 0x2a, 0x81 | digit(14), 0x80 | digit(7), digit(0)]
}

fn extension(number: usize) -> Vec<u8> {
    sequence(&[&identifier(number), b"\x04\x00"])
}

/// A SEQUENCE with its n-th element replaced.
fn replaced(whole: &[u8], place: usize, by: &[u8]) -> Vec<u8> {
    let mut inner = Reader::ber(whole).read_any().unwrap().reader();
    let mut parts = Vec::new();
    while let Ok(value) = inner.read_any() {
        parts.push(value.whole);
    }
    match parts.get_mut(place) {
        Some(part) => *part = by,
        None => parts.push(by),
    }
    sequence(&parts)
}

/// An element of a SEQUENCE.
fn element(whole: &[u8], place: usize) -> Vec<u8> {
    let mut inner = Reader::ber(whole).read_any().unwrap().reader();
    for _ in 0..place {
        inner.read_any().unwrap();
    }
    inner.read_any().unwrap().whole.to_vec()
}

fn certificate(field: usize, by: &[u8]) -> Vec<u8> {
    let good = vector("pki/citizen-p256.cer");
    let tbs = replaced(&element(&good, 0), field, by);
    replaced(&good, 0, &tbs)
}

fn with_extension(name: &str, content: &[u8]) -> Vec<u8> {
    let value = octet_string(&sequence(&[content]));
    let extension = sequence(&[&oid(name), &value]);
    certificate(7, &explicit(3, &sequence(&[&extension])))
}

fn crl(count: usize) -> Vec<u8> {
    let good = vector("pki/issuing-ca.crl");
    let entry = |number: usize| {
        let serial = u32::try_from(number).unwrap_or(0).to_be_bytes();
        [
            b"\x30\x16\x02\x05\x01".as_slice(),
            &serial,
            b"\x17\x0d260101000000Z",
        ]
        .concat()
    };
    let entries = sequence(&[&some(count, entry)]);
    let tbs = replaced(&element(&good, 0), 5, &entries);
    replaced(&good, 0, &tbs)
}

fn ocsp(count: usize) -> Vec<u8> {
    let good = vector("ocsp/status.good.der");
    let outer = element(&element(&good, 1), 0);
    let basic = Reader::ber(&element(&outer, 1))
        .read_any()
        .unwrap()
        .content
        .to_vec();
    let data = element(&basic, 0);
    let mut responses = 0;
    while element(&data, responses).first() != Some(&0x30) {
        responses += 1;
    }
    let single = element(&element(&data, responses), 0);
    let data = replaced(&data, responses, &sequence(&[&single.repeat(count)]));
    let basic = octet_string(&replaced(&basic, 0, &data));
    replaced(&good, 1, &explicit(0, &replaced(&outer, 1, &basic)))
}

fn cms(field: usize, by: &[u8]) -> Vec<u8> {
    let good = vector("timestamp/token.rsa.tst");
    let data = element(&element(&good, 1), 0);
    replaced(&good, 1, &explicit(0, &replaced(&data, field, by)))
}

/// The signer of a good token, with these unsigned attributes.
fn signer_info(unsigned: &[u8]) -> Vec<u8> {
    let good = vector("timestamp/token.rsa.tst");
    let data = element(&element(&good, 1), 0);
    let info = element(&element(&data, 4), 0);
    let unsigned = tlv(Tag::context_constructed(1), unsigned);
    replaced(&info, usize::MAX, &unsigned)
}

fn deep_der(depth: usize) -> Vec<u8> {
    let mut octets = Vec::new();
    for level in (0..depth).rev() {
        let size = u32::try_from(level * 6).unwrap_or(0).to_be_bytes();
        octets.extend_from_slice(b"\x30\x84");
        octets.extend_from_slice(&size);
    }
    octets
}

fn wrapped(inside: &[u8]) -> Vec<u8> {
    [
        b"<a xmlns:ds='http://www.w3.org/2000/09/xmldsig#'>".as_slice(),
        inside,
        b"</a>",
    ]
    .concat()
}

fn attributes(count: usize) -> Vec<u8> {
    let inside = some(count, |number| format!(" a{number}=''").into_bytes());
    [b"<a".as_slice(), &inside, b"/>"].concat()
}

fn namespaces(declared: usize, elements: usize) -> Vec<u8> {
    let inside = some(declared, |number| {
        format!(" xmlns:a{number}='urn:{number}'").into_bytes()
    });
    [
        b"<a".as_slice(),
        &inside,
        b">",
        &b"<b/>".repeat(elements),
        b"</a>",
    ]
    .concat()
}

fn signed(references: &[u8]) -> Vec<u8> {
    let head = b"<ds:Signature xmlns:ds='http://www.w3.org/2000/09/xmldsig#'><ds:SignedInfo>\
        <ds:CanonicalizationMethod Algorithm='http://www.w3.org/2001/10/xml-exc-c14n#'/>\
        <ds:SignatureMethod Algorithm='http://www.w3.org/2001/04/xmldsig-more#rsa-sha256'/>";
    let tail = b"</ds:SignedInfo><ds:SignatureValue>AAAA</ds:SignatureValue></ds:Signature>";
    [head.as_slice(), references, tail].concat()
}

fn manifest(count: usize) -> Vec<u8> {
    let one = b"<a:DataObjectReference URI='a'><ds:DigestMethod \
        Algorithm='http://www.w3.org/2001/04/xmlenc#sha256'/><ds:DigestValue>AAAA</ds:DigestValue>\
        </a:DataObjectReference>";
    let head = b"<a:ASiCManifest xmlns:a='http://uri.etsi.org/02918/v1.2.1#' \
        xmlns:ds='http://www.w3.org/2000/09/xmldsig#'><a:SigReference URI='b'/>";
    [head.as_slice(), &one.repeat(count), b"</a:ASiCManifest>"].concat()
}

/// Empty files with numbers behind a name.
fn zip(count: usize, name: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let mut directory = Vec::new();
    for number in 0..count {
        let name = if name.starts_with("META") {
            format!("{name}{number}.xml")
        } else {
            format!("{name}{number:x}")
        };
        record(&mut out, &mut directory, &name, 0);
    }
    ended(out, &directory, u64::try_from(count).unwrap_or(0))
}

fn zip_entry(size: u32) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    record(&mut out, &mut directory, "META-INF/signatures.xml", size);
    ended(out, &directory, 1)
}

/// The local header and the directory's record of a file, APPNOTE §4.3.7, §4.3.12.
fn record(out: &mut Vec<u8>, directory: &mut Vec<u8>, name: &str, size: u32) {
    let length = u16::try_from(name.len()).unwrap_or(0).to_le_bytes();
    let offset = u32::try_from(out.len()).unwrap_or(0).to_le_bytes();
    let size = size.to_le_bytes();
    let head = b"\x14\0\0\0\0\0\0\0\x21\0\0\0\0\0";
    out.extend_from_slice(b"PK\x03\x04");
    directory.extend_from_slice(b"PK\x01\x02\x14\0");
    for part in [&mut *out, &mut *directory] {
        part.extend_from_slice(head);
        part.extend_from_slice(&size);
        part.extend_from_slice(&size);
        part.extend_from_slice(&length);
    }
    out.extend_from_slice(&[0, 0]);
    out.extend_from_slice(name.as_bytes());
    directory.extend_from_slice(&[0; 12]);
    directory.extend_from_slice(&offset);
    directory.extend_from_slice(name.as_bytes());
}

/// A directory with its end in 64-bit form, APPNOTE §4.3.14 to §4.3.16.
fn ended(mut out: Vec<u8>, directory: &[u8], count: u64) -> Vec<u8> {
    let length = |octets: &[u8]| u64::try_from(octets.len()).unwrap_or(0);
    let (start, size) = (length(&out), length(directory));
    out.extend_from_slice(directory);
    let end = length(&out);
    out.extend_from_slice(b"PK\x06\x06\x2c\0\0\0\0\0\0\0\x2d\0\x2d\0\0\0\0\0\0\0\0\0");
    for value in [count, count, size, start] {
        out.extend_from_slice(&value.to_le_bytes());
    }
    out.extend_from_slice(b"PK\x06\x07\0\0\0\0");
    out.extend_from_slice(&end.to_le_bytes());
    out.extend_from_slice(b"\x01\0\0\0PK\x05\x06\0\0\0\0\xff\xff\xff\xff");
    out.extend_from_slice(&[0xff; 8]);
    out.extend_from_slice(&[0, 0]);
    out
}

/// A PDF file of one object.
fn pdf(object: &[u8]) -> Vec<u8> {
    let mut octets = [b"%PDF-1.7\n1 0 obj\n".as_slice(), object, b"\nendobj\n"].concat();
    let table = octets.len();
    octets.extend_from_slice(b"xref\n0 2\n0000000000 65535 f \n0000000009 00000 n \n");
    octets.extend(format!("trailer\n<</Size 2/Root 1 0 R>>\nstartxref\n{table}\n%%EOF\n").bytes());
    octets
}

fn xref_stream(keys: &str, data: &[u8]) -> Vec<u8> {
    let head = format!(
        "%PDF-1.7\n1 0 obj\n<</Type/XRef/Root 1 0 R {keys}/Length {}>>stream\n",
        data.len()
    );
    let tail = b"\nendstream\nendobj\nstartxref\n9\n%%EOF\n";
    [head.as_bytes(), data, tail].concat()
}

fn xref_table(count: usize) -> Vec<u8> {
    let mut octets = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n".to_vec();
    let table = octets.len();
    octets.extend(format!("xref\n0 {count}\n0000000000 65535 f \n").bytes());
    octets.extend(b"0000000009 00000 n \n".repeat(count - 1));
    octets.extend(
        format!("trailer\n<</Size {count}/Root 1 0 R>>\nstartxref\n{table}\n%%EOF\n").bytes(),
    );
    octets
}

fn revisions(count: usize) -> Vec<u8> {
    let mut octets = pdf(b"<<>>");
    let mut previous = 32;
    for _ in 0..count {
        let table = octets.len();
        octets.extend(
            format!(
                "xref\n0 0\ntrailer\n<</Size 2/Root 1 0 R/Prev {previous}>>\nstartxref\n{table}\n%%EOF\n"
            )
            .bytes(),
        );
        previous = table;
    }
    octets
}

fn evidence(member: &str, value: &str) -> Vec<u8> {
    let many = format!("{value},").repeat(MILLION);
    format!("{{\"imza-evidence\":1,\"{member}\":[{many}{value}]}}").into_bytes()
}
