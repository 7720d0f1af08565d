//! BER tricks: the same message in other octets, and octets that no field accounts for.

use super::{Apart, edit, edited};
use crate::row::{Row, not_passed, passed, row};
use crate::scene::{Packaging, Scene};
use imza::vocabulary::{CheckId, SubIndication};
use imza_test_vectors::cms::{Attribute, id};
use imza_test_vectors::der;
use imza_test_vectors::hash::Hash;

use CheckId::{FormatStructure, ReferenceIntact, SignatureIntact};
use SubIndication::{FormatFailure, SigCryptoFailure};

pub(super) fn rows() -> Vec<Row> {
    let mut rows = of_other_octets();
    rows.extend(of_surplus());
    rows
}

/// A value with a length of four octets more than needed.
fn overlong(value: &[u8]) -> Vec<u8> {
    let (read, _) = der::read(value).unwrap();
    let length = u32::try_from(read.content.len()).unwrap().to_be_bytes();
    [&[read.tag, 0x85, 0], length.as_slice(), read.content].concat()
}

/// A constructed value with an open length.
fn open(value: &[u8]) -> Vec<u8> {
    let (read, _) = der::read(value).unwrap();
    [&[read.tag, 0x80], read.content, &[0, 0]].concat()
}

/// An OCTET STRING in two pieces.
fn in_pieces(value: &[u8]) -> Vec<u8> {
    let (read, _) = der::read(value).unwrap();
    let (first, second) = read.content.split_at(read.content.len() / 2);
    der::tlv(
        0x24,
        &[der::octet_string(first), der::octet_string(second)].concat(),
    )
}

fn of_other_octets() -> Vec<Row> {
    let intact = passed(ReferenceIntact);
    vec![
        row("open lengths around the message", intact, |scene| {
            edited(scene, |message| {
                let apart = Apart::of(message);
                let signers = der::set_as_given(&[open(&der::sequence_of(&apart.signer))]);
                let data = open(&der::sequence(&[&apart.data.concat(), &open(&signers)]));
                let content = open(&der::explicit(0, &data));
                *message = open(&der::sequence(&[&der::oid(id::SIGNED_DATA), &content]));
            });
        }),
        row("overlong lengths around the message", intact, |scene| {
            edited(scene, |message| {
                let apart = Apart::of(message);
                let signers = der::set_as_given(&[overlong(&der::sequence_of(&apart.signer))]);
                let data = overlong(&der::sequence(&[&apart.data.concat(), &overlong(&signers)]));
                let content = overlong(&der::explicit(0, &data));
                *message = overlong(&der::sequence(&[&der::oid(id::SIGNED_DATA), &content]));
            });
        }),
        row("the signature value in pieces", intact, |scene| {
            edited(scene, |message| {
                edit(message, |apart| {
                    apart.signer[5] = in_pieces(&apart.signer[5])
                });
            });
        }),
        row(
            "an overlong length of the signed attributes",
            intact,
            |scene| {
                edited(scene, |message| {
                    edit(message, |apart| {
                        apart.signer[3] = overlong(&apart.signer[3]);
                    });
                });
            },
        ),
        row("an open length of the signed attributes", intact, |scene| {
            edited(scene, |message| {
                edit(message, |apart| apart.signer[3] = open(&apart.signer[3]));
            });
        }),
        row("the signed attributes in another order", intact, |scene| {
            edited(scene, |message| {
                edit(message, |apart| {
                    let mut list = super::fields(der::read(&apart.signer[3]).unwrap().0.content);
                    list.reverse();
                    apart.signer[3] = der::explicit(0, &list.concat());
                });
            });
        }),
        row(
            "an overlong length inside a signed attribute",
            not_passed(SigCryptoFailure, SignatureIntact).broken(),
            |scene| {
                edited(scene, |message| {
                    edit(message, |apart| {
                        let mut list =
                            super::fields(der::read(&apart.signer[3]).unwrap().0.content);
                        list[0] = overlong(&list[0]);
                        apart.signer[3] = der::explicit(0, &list.concat());
                    });
                });
            },
        ),
        row(
            "the message digest in pieces after signing",
            not_passed(SigCryptoFailure, SignatureIntact).broken(),
            |scene| {
                edited(scene, |message| {
                    edit(message, |apart| {
                        let mut list =
                            super::fields(der::read(&apart.signer[3]).unwrap().0.content);
                        let wanted = der::oid(id::MESSAGE_DIGEST);
                        for one in &mut list {
                            let fields = super::fields(der::read(one).unwrap().0.content);
                            if fields[0] == wanted {
                                let digest = der::read(&fields[1]).unwrap().0.content;
                                let set = der::set_as_given(&[in_pieces(digest)]);
                                *one = der::sequence(&[&fields[0], &set]);
                            }
                        }
                        apart.signer[3] = der::explicit(0, &list.concat());
                    });
                });
            },
        ),
    ]
}

fn of_surplus() -> Vec<Row> {
    let malformed = not_passed(FormatFailure, FormatStructure).unknown();
    let surplus = |name, set| row(name, malformed, set).only(Packaging::AsicS);
    vec![
        surplus("octets behind the message", |scene| {
            edited(scene, |message| message.extend(b"hidden"));
        }),
        surplus("zeros behind the message", |scene| {
            edited(scene, |message| message.extend([0; 16]));
        }),
        surplus("another message behind the message", |scene| {
            edited(scene, |message| message.extend(message.clone()));
        }),
        surplus("a field behind the SignedData", |scene| {
            edited(scene, |message| {
                edit(message, |_| {});
                let (read, _) = der::read(message).unwrap();
                *message = der::sequence(&[read.content, &der::null()]);
            });
        }),
        surplus("the signed attributes twice", |scene| {
            edited(scene, |message| {
                edit(message, |apart| {
                    let again = apart.signer[3].clone();
                    apart.signer.insert(3, again);
                });
            });
        }),
        surplus("the unsigned attributes twice", |scene| {
            edited(scene, |message| {
                edit(message, |apart| {
                    let other = Attribute::signing_time(0).der();
                    apart.signer.push(der::explicit(1, &other));
                });
            });
        }),
        surplus("the certificates twice", |scene| {
            edited(scene, |message| {
                edit(message, |apart| {
                    let again = apart.data[3].clone();
                    apart.data.push(again);
                });
            });
        }),
        surplus("the content twice", |scene| {
            edited(scene, |message| {
                edit(message, |apart| {
                    let content = Scene::new(Packaging::AsicS).content;
                    let inside = der::explicit(0, &der::octet_string(&content));
                    apart.data[2] = der::sequence(&[&der::oid(id::DATA), &inside, &inside]);
                });
            });
        }),
        surplus("a field more in the SignerInfo", |scene| {
            edited(scene, |message| {
                edit(message, |apart| apart.signer.push(der::integer(1)));
            });
        }),
        surplus("two values where the content is tagged", |scene| {
            edited(scene, |message| {
                edit(message, |apart| {
                    let content = Scene::new(Packaging::AsicS).content;
                    let own = der::octet_string(&content);
                    let inside = der::explicit(0, &[own, der::octet_string(b"another")].concat());
                    apart.data[2] = der::sequence(&[&der::oid(id::DATA), &inside]);
                });
            });
        }),
        surplus("a length that reaches beyond the message", |scene| {
            edited(scene, |message| {
                // The length of the outermost value takes two octets.
                assert_eq!(message[1], 0x82);
                message[3] = message[3].wrapping_add(1);
            });
        }),
        surplus("an open length that is never closed", |scene| {
            edited(scene, |message| {
                *message = open(message);
                message.truncate(message.len() - 2);
            });
        }),
        surplus("an open length of a primitive value", |scene| {
            edited(scene, |message| {
                edit(message, |apart| apart.signer[5] = open(&apart.signer[5]));
            });
        }),
        surplus("an object identifier with a leading zero", |scene| {
            edited(scene, |message| {
                edit(message, |apart| {
                    let mut content = der::read(&Hash::Sha256.identifier())
                        .unwrap()
                        .0
                        .content
                        .to_vec();
                    content[1] += 1;
                    content.insert(5, 0x80);
                    apart.signer[2] = der::sequence(&[&content]);
                });
            });
        }),
        surplus("a tag number in several octets", |scene| {
            edited(scene, |message| {
                edit(message, |apart| {
                    let value = der::read(&apart.signer[5]).unwrap().0.content.to_vec();
                    let length = u8::try_from(value.len()).unwrap();
                    apart.signer[5] = [&[0x1f, 0x04, length], value.as_slice()].concat();
                });
            });
        }),
    ]
}
