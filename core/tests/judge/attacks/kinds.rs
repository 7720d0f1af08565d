//! Files that are a signature for us, and a PDF or ZIP file for other readers.

use super::{edit, edited};
use crate::row::{Row, not_passed, passed, row, warned};
use crate::scene::{Packaging, Scene};
use imza::vocabulary::{CheckId, SubIndication};
use imza_test_vectors::cms::id;
use imza_test_vectors::der;
use imza_test_vectors::zip::Entry;

use CheckId::{ContainerAllFilesSigned, FormatStructure, ReferenceIntact};
use SubIndication::FormatFailure;

const SIGNED_PDF: &[u8] = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\nstartxref\n0\n%%EOF\n";

pub(super) fn rows() -> Vec<Row> {
    let mut rows = of_messages();
    rows.extend(of_containers());
    rows
}

/// A certificate of an unknown kind (RFC 5652 §10.2.2), behind the content.
fn behind(message: &mut Vec<u8>, octets: &[u8]) {
    edit(message, |apart| {
        let other = der::tlv(
            0xa3,
            &[der::oid(id::DATA), der::octet_string(octets)].concat(),
        );
        let (certificates, _) = der::read(&apart.data[3]).unwrap();
        apart.data[3] = der::tlv(certificates.tag, &[certificates.content, &other].concat());
    });
}

fn attach_pdf(scene: &mut Scene) {
    scene.content = SIGNED_PDF.to_vec();
    scene.edit_inputs = |inputs| {
        let own = inputs[1].1.clone();
        edit(&mut inputs[0].1, |apart| apart.attach(&own));
    };
}

fn of_messages() -> Vec<Row> {
    let twofold = || not_passed(FormatFailure, FormatStructure);
    let rows = vec![
        row(
            "a PDF header in an algorithm nobody used",
            twofold(),
            |scene| {
                edited(scene, |message| {
                    edit(message, |apart| {
                        let header = der::octet_string(b"%PDF-1.7\n");
                        let unused = der::sequence(&[&der::oid(id::DATA), &header]);
                        let (known, _) = der::read(&apart.data[1]).unwrap();
                        apart.data[1] = der::tlv(0x31, &[&unused, known.content].concat());
                    });
                });
            },
        ),
        row("a ZIP file behind the content", twofold(), |scene| {
            edited(scene, |message| {
                behind(message, &[&b"PK\x05\x06"[..], &[0; 18]].concat())
            });
        }),
        row(
            "a PDF file that is signed",
            passed(ReferenceIntact),
            attach_pdf,
        ),
        row(
            "a PDF file that is signed goes on behind it",
            twofold(),
            |scene| {
                attach_pdf(scene);
                edited(scene, |message| {
                    behind(message, b"\n1 0 obj\n<</A 1>>\nendobj\n")
                });
            },
        ),
    ];
    let detached = rows.into_iter().map(|row| row.only(Packaging::Detached));
    detached.collect()
}

fn of_containers() -> Vec<Row> {
    let twofold = || not_passed(FormatFailure, FormatStructure);
    let rows = vec![
        row("a PDF header in an extra field", twofold(), |scene| {
            scene.edit_entries = |entries| entries[1].extra = b"\x99\x99\x08\0%PDF-1.7".to_vec();
        }),
        row(
            "a PDF header in a file that nobody signs",
            twofold(),
            |scene| {
                scene.edit_entries = |entries| {
                    entries.insert(1, Entry::new("META-INF/a.pdf", b"%PDF-1.7\n"));
                };
            },
        ),
        row(
            "a file in META-INF that is none of the container's",
            warned(ContainerAllFilesSigned),
            |scene| {
                scene.edit_entries = |entries| {
                    entries.push(Entry::new("META-INF/read me.html", b"Pay 999"));
                };
            },
        ),
        row(
            "a stored PDF file that is signed",
            passed(ReferenceIntact),
            |scene| {
                scene.content = SIGNED_PDF.to_vec();
            },
        ),
    ];
    let packed = rows.into_iter().map(|row| row.only(Packaging::Xades));
    packed.collect()
}
