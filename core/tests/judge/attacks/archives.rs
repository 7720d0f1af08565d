//! Archive time-stamps that cover less than they claim.

use super::{Apart, edit, edited};
use crate::archive::{archived, dropped};
use crate::row::{Row, not_passed, passed, row};
use crate::scene::{Archive, Packaging, Scene};
use imza::vocabulary::{CheckId, SubIndication};
use imza_test_vectors::cms::{Attribute, id};
use imza_test_vectors::der;
use imza_test_vectors::hash::Hash;

use CheckId::{ProofExistence, TimestampImprint};
use SubIndication::{FormatFailure, HashFailure, SignedDataNotFound};

/// id-etsi-attrs-archive-time-stamp-v3.
const ARCHIVE: &str = "0.4.0.1733.2.4";
/// id-aa-ATSHashIndex-v3.
const INDEX: &str = "0.4.0.19122.1.5";

/// The unsigned attribute of a type is changed, value by value.
fn change_value(apart: &mut Apart, oid: &str, change: impl Fn(&mut Vec<u8>)) {
    let at = apart.at(0xa1).unwrap();
    let mut list = super::fields(der::read(&apart.signer[at]).unwrap().0.content);
    for attribute in &mut list {
        let fields = super::fields(der::read(attribute).unwrap().0.content);
        if fields[0] == der::oid(oid) {
            let mut value = der::read(&fields[1]).unwrap().0.content.to_vec();
            change(&mut value);
            *attribute = der::sequence(&[&fields[0], &der::set_as_given(&[value])]);
        }
    }
    apart.signer[at] = der::explicit(1, &list.concat());
}

/// The index in the archive time-stamp is changed after the fact.
fn change_index(message: &mut Vec<u8>, change: fn(&mut Vec<Vec<u8>>)) {
    edit(message, |apart| {
        change_value(apart, ARCHIVE, |token| {
            edit(token, |token| {
                change_value(token, INDEX, |index| {
                    let mut lists = super::fields(der::read(index).unwrap().0.content);
                    change(&mut lists);
                    *index = der::sequence_of(&lists);
                });
            });
        });
    });
}

/// The archive time-stamp of a scene is over its index, which is then another.
fn exchanged(scene: &mut Scene, change: fn(&mut Vec<u8>)) {
    archived(scene);
    edited(scene, change);
}

pub(super) fn rows() -> Vec<Row> {
    let formless = dropped(SignedDataNotFound, TimestampImprint);
    let differs = dropped(HashFailure, TimestampImprint);
    vec![
        row(
            "the archive index loses its revocation data afterwards",
            differs,
            |scene| {
                exchanged(scene, |message| {
                    change_index(message, |lists| lists[2] = der::sequence_of(&[]));
                });
            },
        ),
        row(
            "the archive index gains what was put in later",
            differs,
            |scene| {
                archived(scene);
                scene.is_known_last = true;
                edited(scene, |message| {
                    let apart = Apart::of(message);
                    let crls = apart.data.iter().find(|field| field[0] == 0xa1).unwrap();
                    let members = super::fields(der::read(crls).unwrap().0.content);
                    let digests = members
                        .iter()
                        .map(|one| der::octet_string(&Hash::Sha256.digest(one)));
                    let list = der::sequence_of(&Vec::from_iter(digests));
                    edit(message, |apart| {
                        change_value(apart, ARCHIVE, |token| {
                            edit(token, |token| {
                                change_value(token, INDEX, |index| {
                                    let mut lists =
                                        super::fields(der::read(index).unwrap().0.content);
                                    lists[2].clone_from(&list);
                                    *index = der::sequence_of(&lists);
                                });
                            });
                        });
                    });
                });
            },
        ),
        row(
            "the archive index has lost its last list",
            formless,
            |scene| {
                exchanged(scene, |message| {
                    change_index(message, |lists| drop(lists.pop()))
                });
            },
        ),
        row(
            "the archive index is cut off in an entry",
            differs,
            |scene| {
                exchanged(scene, |message| {
                    change_index(message, |lists| {
                        let mut entries = super::fields(der::read(&lists[2]).unwrap().0.content);
                        let first = der::read(&entries[0]).unwrap().0.content[..31].to_vec();
                        entries[0] = der::octet_string(&first);
                        lists[2] = der::sequence_of(&entries);
                    });
                });
            },
        ),
        row("the archive index has a list more", formless, |scene| {
            exchanged(scene, |message| {
                change_index(message, |lists| lists.push(der::sequence_of(&[])));
            });
        }),
        row("the archive index is gone", formless, |scene| {
            exchanged(scene, |message| {
                edit(message, |apart| {
                    change_value(apart, ARCHIVE, |token| {
                        edit(token, |token| drop(token.signer.pop()));
                    });
                });
            });
        }),
        row("two archive indices", formless, |scene| {
            exchanged(scene, |message| {
                edit(message, |apart| {
                    change_value(apart, ARCHIVE, |token| {
                        edit(token, |token| {
                            let none = der::sequence_of(&[]);
                            let empty =
                                der::sequence(&[&Hash::Sha256.identifier(), &none, &none, &none]);
                            token.push_unsigned(&Attribute::new(INDEX, empty));
                        });
                    });
                });
            });
        }),
        row("an archive index of each version", formless, |scene| {
            exchanged(scene, |message| {
                edit(message, |apart| {
                    change_value(apart, ARCHIVE, |token| {
                        edit(token, |token| {
                            let none = der::sequence_of(&[]);
                            let empty =
                                der::sequence(&[&Hash::Sha256.identifier(), &none, &none, &none]);
                            token.push_unsigned(&Attribute::new("0.4.0.1733.2.5", empty));
                        });
                    });
                });
            });
        }),
        row(
            "an archive time-stamp over the signature value alone",
            differs,
            |scene| {
                archived(scene);
                // What a signature time-stamp is over is not what an archive time-stamp is over.
                scene.archives[0].stamp.edit = |spec| {
                    spec.imprint = Hash::Sha256.digest(&spec.imprint);
                };
            },
        ),
        row(
            "a signature time-stamp presented as an archive time-stamp",
            formless,
            |scene| {
                archived(scene);
                scene.archives.clear();
                edited(scene, |message| {
                    edit(message, |apart| {
                        let at = apart.at(0xa1).unwrap();
                        let list = super::fields(der::read(&apart.signer[at]).unwrap().0.content);
                        let fields = super::fields(der::read(&list[0]).unwrap().0.content);
                        let token = der::read(&fields[1]).unwrap().0.content.to_vec();
                        apart.push_unsigned(&Attribute::new(ARCHIVE, token));
                    });
                });
            },
        ),
        row(
            "an archive time-stamp presented as a signature time-stamp",
            not_passed(
                SubIndication::OutOfBoundsNoPoe,
                CheckId::CertificateValidity,
            )
            .without_timestamp(HashFailure, TimestampImprint),
            |scene| {
                archived(scene);
                scene.stamps.clear();
                edited(scene, |message| {
                    edit(message, |apart| {
                        let Some(at) = apart.at(0xa1) else {
                            return;
                        };
                        let mut list =
                            super::fields(der::read(&apart.signer[at]).unwrap().0.content);
                        for one in &mut list {
                            let fields = super::fields(der::read(one).unwrap().0.content);
                            if fields[0] == der::oid(ARCHIVE) {
                                *one = der::sequence(&[
                                    &der::oid(id::SIGNATURE_TIME_STAMP),
                                    &fields[1],
                                ]);
                            }
                        }
                        apart.signer[at] = der::explicit(1, &list.concat());
                    });
                });
            },
        ),
        row(
            "revocation data is taken out that the archive index names",
            dropped(FormatFailure, TimestampImprint),
            |scene| {
                exchanged(scene, |message| {
                    edit(message, |apart| {
                        let at = apart
                            .data
                            .iter()
                            .position(|field| field[0] == 0xa1)
                            .unwrap();
                        let mut list = super::fields(der::read(&apart.data[at]).unwrap().0.content);
                        list.remove(0);
                        apart.data[at] = der::explicit(1, &list.concat());
                    });
                });
            },
        )
        .only(Packaging::Detached),
        row(
            "more certificates are put in after the archive time-stamp",
            passed(ProofExistence),
            |scene| {
                exchanged(scene, |message| {
                    edit(message, |apart| {
                        let stranger = Scene::new(Packaging::Detached).pki.stranger;
                        let at = apart
                            .data
                            .iter()
                            .position(|field| field[0] == 0xa0)
                            .unwrap();
                        let list = der::read(&apart.data[at]).unwrap().0.content;
                        let list = [list, stranger.certificate.as_slice()].concat();
                        apart.data[at] = der::explicit(0, &list);
                    });
                });
            },
        ),
        row(
            "the archive time-stamp of another signature of the same content",
            not_passed(
                SubIndication::OutOfBoundsNoPoe,
                CheckId::CertificateValidity,
            )
            .without_timestamp(HashFailure, TimestampImprint),
            |scene| {
                archived(scene);
                edited(scene, |message| {
                    let mut other = Scene::new(Packaging::Detached);
                    archived(&mut other);
                    other.claimed -= 1;
                    let tsa = other.tsa.clone();
                    other.archives = vec![Archive::at(crate::archive::ARCHIVED, &tsa)];
                    let other = Apart::of(&other.case().inputs[0].1);
                    let list = other.at(0xa1).unwrap();
                    edit(message, |apart| {
                        let at = apart.at(0xa1).unwrap();
                        apart.signer[at] = other.signer[list].clone();
                    });
                });
            },
        )
        .only(Packaging::Detached),
    ]
}
