//! What a file of `META-INF` is, by its name.

use super::META_INF;
use crate::vocabulary::ContainerKind;

/// The role of a file in a container.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// `mimetype`.
    Mimetype,
    /// A file of data: what signatures are about.
    Data,
    /// XML with `ds:Signature` elements.
    XmlSignatures,
    /// A CMS message.
    CmsSignature,
    /// An RFC 3161 token.
    Timestamp,
    /// An evidence record, in ASN.1 or XML.
    EvidenceRecord,
    /// An `ASiCManifest`, `ASiCArchiveManifest` or `ASiCEvidenceRecordManifest`.
    AsicManifest,
    /// The manifest of OpenDocument (`manifest.xml`).
    OdfManifest,
    /// Another file of `META-INF`.
    Other,
}

/// The role by name. Case does not count: what one reader takes for a signature, another must not
/// pass over (EN 319 162-1 §4.4.3.2).
pub(super) fn role(name: &str) -> Role {
    if name == "mimetype" {
        return Role::Mimetype;
    }
    let Some(rest) = strip_meta_inf(name) else {
        return Role::Data;
    };
    let rest = rest.to_ascii_lowercase();
    if rest == "manifest.xml" {
        Role::OdfManifest
    } else if rest.contains("signatures") && rest.ends_with(".xml") {
        Role::XmlSignatures
    } else if rest.contains("signature") && rest.ends_with(".p7s") {
        Role::CmsSignature
    } else if rest.contains("timestamp") && rest.ends_with(".tst") {
        Role::Timestamp
    } else if rest.contains("manifest") && rest.ends_with(".xml") {
        Role::AsicManifest
    } else if rest.contains("evidencerecord") && (rest.ends_with(".ers") || rest.ends_with(".xml"))
    {
        Role::EvidenceRecord
    } else {
        Role::Other
    }
}

/// Whether nothing says what a file of `META-INF` is for: no role here, and none of the two names
/// that EN 319 162-1 §4.4.3.2 takes over from the container format of OEBPS.
pub(crate) fn is_unknown(name: &str) -> bool {
    let known = ["META-INF/container.xml", "META-INF/metadata.xml"];
    role(name) == Role::Other && !known.contains(&name)
}

fn strip_meta_inf(name: &str) -> Option<&str> {
    let (head, rest) = name.split_at_checked(META_INF.len())?;
    head.eq_ignore_ascii_case(META_INF).then_some(rest)
}

/// Whether a name lies in a folder that is `META-INF` but for its case. For readers that tell case
/// apart it is a file of data that nothing signs, for others a part of the container's own.
pub(super) fn is_look_alike(name: &str) -> bool {
    strip_meta_inf(name).is_some() && !name.starts_with(META_INF)
}

/// The kind of container, by media type and names.
///
/// The `mimetype` entry is optional, and in ASiC-S it may name the type of the data file
/// (EN 319 162-1 §A.1), so the names decide where it does not.
pub(super) fn kind(
    mimetype: Option<&str>,
    names: &[&str],
    data_files: usize,
) -> Option<ContainerKind> {
    match mimetype {
        Some(super::ASIC_E) => return Some(ContainerKind::AsicE),
        Some(super::ASIC_S) => return Some(ContainerKind::AsicS),
        Some(other) if other.starts_with("application/vnd.oasis.opendocument") => {
            return Some(ContainerKind::Odf);
        }
        _ => {}
    }
    let has = |role_wanted: Role| names.iter().any(|name| role(name) == role_wanted);
    let is_simple = data_files == 1
        && names.iter().any(|name| {
            strip_meta_inf(name).is_some_and(|rest| {
                matches!(
                    rest.to_ascii_lowercase().as_str(),
                    "signatures.xml"
                        | "signature.p7s"
                        | "timestamp.tst"
                        | "evidencerecord.ers"
                        | "evidencerecord.xml"
                )
            })
        });
    if is_simple && !has(Role::AsicManifest) {
        return Some(ContainerKind::AsicS);
    }
    let is_signed = [
        Role::XmlSignatures,
        Role::CmsSignature,
        Role::Timestamp,
        Role::EvidenceRecord,
    ]
    .into_iter()
    .any(has);
    is_signed.then_some(ContainerKind::AsicE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_standard_names_is_unknown() {
        for name in ["META-INF/pay.txt", "META-INF/read me.html", "meta-inf/a"] {
            assert!(is_unknown(name), "{name}");
        }
        for name in [
            "mimetype",
            "a.txt",
            "META-INF/manifest.xml",
            "META-INF/container.xml",
            "META-INF/signatures1.xml",
        ] {
            assert!(!is_unknown(name), "{name}");
        }
    }

    #[test]
    fn roles_do_not_depend_on_case() {
        assert_eq!(role("meta-inf/SIGNATURES0.XML"), Role::XmlSignatures);
        assert_eq!(role("META-INF/signature001.p7s"), Role::CmsSignature);
        assert_eq!(role("META-INF/ASiCManifest1.xml"), Role::AsicManifest);
        assert_eq!(role("META-INF/ASiCArchiveManifest.xml"), Role::AsicManifest);
        assert_eq!(role("META-INF/EvidenceRecord1.ERS"), Role::EvidenceRecord);
        assert_eq!(role("META-INF/evidencerecord.xml"), Role::EvidenceRecord);
        assert_eq!(
            role("META-INF/ASiCEvidenceRecordManifest1.xml"),
            Role::AsicManifest
        );
        assert_eq!(role("META-INF/manifest.xml"), Role::OdfManifest);
        assert_eq!(role("META-INF/documentsignatures.xml"), Role::XmlSignatures);
        assert_eq!(role("signatures.xml"), Role::Data);
    }

    #[test]
    fn another_case_of_the_folder_is_a_look_alike() {
        for name in ["meta-INF/a.txt", "Meta-Inf/signatures0.xml", "META-INf/"] {
            assert!(is_look_alike(name), "{name}");
        }
        for name in [
            "META-INF/SIGNATURES0.XML",
            "META-INF/",
            "meta-inf",
            "a/meta-inf/b",
        ] {
            assert!(!is_look_alike(name), "{name}");
        }
    }

    #[test]
    fn names_decide_where_the_media_type_does_not() {
        let simple = ["a.txt", "META-INF/signature.p7s"];
        assert_eq!(
            kind(Some("text/plain"), &simple, 1),
            Some(ContainerKind::AsicS)
        );
        let extended = ["a.txt", "b.txt", "META-INF/signatures1.xml"];
        assert_eq!(kind(None, &extended, 2), Some(ContainerKind::AsicE));
        assert_eq!(kind(None, &["a.txt"], 1), None);
    }
}
