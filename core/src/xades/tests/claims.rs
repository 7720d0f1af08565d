//! What the signer claims, and what others are said to certify.

use super::*;
use crate::certificate::samples::{attribute_certificate, role};
use crate::signature::{Claims, SignaturePolicy};
use crate::vocabulary::RoleKind;
use crate::xml::base64;

/// The claims of a signature with more signed properties: of the signature, and of data objects.
fn claimed(of_signature: &str, of_data: &str) -> Claims {
    let pki = Pki::fixed().unwrap();
    let spec = XadesSpec::container(TIME);
    let signed = sign(&spec, &[file()], &pki.citizen_p256).unwrap();
    let end = "</xades:SignedSignatureProperties>";
    let xml = signed.document();
    let xml = xml.replacen(end, &format!("{of_signature}{end}"), 1);
    let begin = "<xades:DataObjectFormat";
    let xml = xml.replacen(begin, &format!("{of_data}{begin}"), 1);
    let mut records = read(xml.as_bytes(), &files());
    assert_eq!(records.len(), 1);
    records.remove(0).claims
}

/// Kind, value, issuer, and whether it cannot be read.
type Told = (RoleKind, Option<String>, Option<String>, bool);

fn roles(inside: &str) -> Vec<Told> {
    let xml = format!("<xades:SignerRoleV2>{inside}</xades:SignerRoleV2>");
    let roles = claimed(&xml, "").roles.into_iter();
    roles
        .map(|one| (one.kind, one.value, one.issuer, one.is_unreadable))
        .collect()
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

#[test]
fn certified_roles_and_assertions_are_stated() {
    let der = attribute_certificate(&[role("urn:notarius"), role("urn:hakim")]);
    let certificate = base64::encode(&der);
    let issuer = || some("CN=Ədliyyə");
    let certified = |value| (RoleKind::Certified, value, issuer(), false);
    let expected = vec![
        certified(some("urn:notarius")),
        certified(some("urn:hakim")),
    ];
    let v1 = format!(
        "<xades:CertifiedRoles><xades:CertifiedRole>{certificate}</xades:CertifiedRole>\
         </xades:CertifiedRoles>"
    );
    assert_eq!(roles(&v1), expected);
    let v2 = format!(
        "<xades:CertifiedRolesV2><xades:CertifiedRole><xades:X509AttributeCertificate>\
         {certificate}</xades:X509AttributeCertificate></xades:CertifiedRole>\
         </xades:CertifiedRolesV2>"
    );
    assert_eq!(roles(&v2), expected);
    let none = base64::encode(&attribute_certificate(&[]));
    assert_eq!(roles(&v2.replace(&certificate, &none)), [certified(None)]);
    let assertions = "<xades:SignedAssertions><xades:SignedAssertion><a xmlns=\"urn:x\"/>\
        </xades:SignedAssertion><xades:SignedAssertion>a</xades:SignedAssertion>\
        </xades:SignedAssertions>";
    let asserted = |value| (RoleKind::Assertion, value, None, false);
    let expected = [asserted(some("{urn:x}a")), asserted(None)];
    assert_eq!(roles(assertions), expected);
}

#[test]
fn a_certificate_that_cannot_be_read_is_stated_and_said_to_be_so() {
    let unreadable = [(RoleKind::Certified, None, None, true)];
    for inside in [
        "<xades:X509AttributeCertificate>AAAA</xades:X509AttributeCertificate>",
        "<xades:X509AttributeCertificate>!</xades:X509AttributeCertificate>",
        "<xades:OtherAttributeCertificate><a/></xades:OtherAttributeCertificate>",
        "",
    ] {
        let list = format!(
            "<xades:CertifiedRolesV2><xades:CertifiedRole>{inside}</xades:CertifiedRole>\
             </xades:CertifiedRolesV2>"
        );
        assert_eq!(roles(&list), unreadable, "{inside}");
    }
    let claimed = "<xades:ClaimedRoles><xades:ClaimedRole>müdir</xades:ClaimedRole>\
        </xades:ClaimedRoles>";
    let own = (RoleKind::Claimed, some("müdir"), None, false);
    assert_eq!(roles(claimed), [own]);
    assert_eq!(roles("<xades:CertifiedRolesV2/>"), []);
}

#[test]
fn a_policy_is_told_with_its_notice_and_specification() {
    let xml = "<xades:SignaturePolicyIdentifier><xades:SignaturePolicyId><xades:SigPolicyId>\
        <xades:Identifier>urn:oid:1.2.3</xades:Identifier></xades:SigPolicyId>\
        <xades:SigPolicyHash><ds:DigestMethod Algorithm=\"urn:x\"/><ds:DigestValue>AAAA\
        </ds:DigestValue></xades:SigPolicyHash><xades:SigPolicyQualifiers>\
        <xades:SigPolicyQualifier><xades:SPUserNotice><xades:ExplicitText> oxuyun \
        </xades:ExplicitText></xades:SPUserNotice></xades:SigPolicyQualifier>\
        <xades:SigPolicyQualifier><x:SPDocSpecification \
        xmlns:x=\"http://uri.etsi.org/01903/v1.4.1#\"><xades:Identifier>urn:oid:1.2.4\
        </xades:Identifier></x:SPDocSpecification></xades:SigPolicyQualifier>\
        </xades:SigPolicyQualifiers></xades:SignaturePolicyId></xades:SignaturePolicyIdentifier>";
    let policy = claimed(xml, "").policy;
    let Some(SignaturePolicy::Identified {
        id,
        notice,
        specification,
        ..
    }) = policy
    else {
        panic!("{policy:?}");
    };
    assert_eq!(
        (id.as_str(), notice, specification),
        ("1.2.3", some("oxuyun"), some("1.2.4"))
    );
}

#[test]
fn commitments_say_what_they_are_about() {
    let commitment = |about: &str| {
        let xml = format!(
            "<xades:CommitmentTypeIndication><xades:CommitmentTypeId><xades:Identifier>urn:c\
             </xades:Identifier></xades:CommitmentTypeId>{about}</xades:CommitmentTypeIndication>"
        );
        let mut all = claimed("", &xml).commitment_types;
        assert_eq!(all.len(), 1);
        let one = all.remove(0);
        assert_eq!(one.id, "urn:c");
        one.scope
    };
    let named = |uri: &str| format!("<xades:ObjectReference>{uri}</xades:ObjectReference>");
    assert_eq!(commitment("<xades:AllSignedDataObjects/>"), [""; 0]);
    assert_eq!(commitment(&named("#nowhere")), ["#nowhere"]);
    let media_types = claimed("", "").media_types;
    let xml = sign(
        &XadesSpec::container(TIME),
        &[file()],
        &Pki::fixed().unwrap().citizen_p256,
    );
    let xml = xml.unwrap().document();
    let from = xml.find("ObjectReference=\"").unwrap() + 17;
    let id = xml[from..].split('"').next().unwrap();
    assert_eq!(commitment(&named(id)), [media_types[0].0.as_str()]);
}
