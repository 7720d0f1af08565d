//! New signatures that say what the signer commits to.

use super::creation::{blueprint, ecdsa, signed};
use super::*;
use crate::signature::NewCommitment;

const APPROVAL: &str = "http://uri.etsi.org/01903/v1.2.2#ProofOfApproval";

fn committed(naming: Naming, commitments: Vec<NewCommitment>) -> Blueprint {
    let pki = Pki::fixed().unwrap();
    let mut made = blueprint(&pki.citizen_p256, ecdsa());
    made.naming = naming;
    made.references.push(NewReference {
        name: "plan.pdf".to_owned(),
        digest: crypto::digest(DigestAlgorithm::Sha256, b"plan").unwrap(),
        media_type: "application/pdf".to_owned(),
        form: ReferenceForm::File,
    });
    made.commitments = commitments;
    made
}

fn of(documents: &[&str], qualifiers: &[&str]) -> NewCommitment {
    let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
    NewCommitment {
        id: APPROVAL.to_owned(),
        documents: owned(documents),
        qualifiers: owned(qualifiers),
    }
}

#[test]
fn a_commitment_is_for_all_or_for_some_and_may_be_qualified() {
    let pki = Pki::fixed().unwrap();
    let mut both = files();
    both.insert("plan.pdf".to_owned(), b"plan".to_vec());
    for naming in [Naming::References, Naming::Manifest] {
        let made = committed(
            naming,
            vec![
                NewCommitment::to_all("1.2.3"),
                of(&["plan.pdf", "ərizə 1.txt"], &["yalnız <2026>", "]]>"]),
            ],
        );
        let xml = signed(&pki.citizen_p256, &made);
        let record = read(xml.as_bytes(), &both).remove(0);
        assert_eq!(faults(&record, &both), Vec::<String>::new());
        assert_eq!(record.level, SignatureLevel::BaselineB);
        let claimed = record.claims.commitment_types.iter();
        let claimed: Vec<_> = claimed.map(|one| (&*one.id, one.scope.len())).collect();
        assert_eq!(claimed, [("1.2.3", 0), (APPROVAL, 2)]);
        let some = &record.claims.commitment_types[1].scope;
        assert_eq!(some, &["plan.pdf", "ərizə 1.txt"]);
        assert_eq!(xml.matches("<xades:AllSignedDataObjects/>").count(), 1);
        let id = made.id();
        let some = format!(
            "<xades:ObjectReference>#{id}-R1</xades:ObjectReference>\
             <xades:ObjectReference>#{id}-R0</xades:ObjectReference>\
             <xades:CommitmentTypeQualifiers>\
             <xades:CommitmentTypeQualifier>yalnız &lt;2026&gt;</xades:CommitmentTypeQualifier>\
             <xades:CommitmentTypeQualifier>]]&gt;</xades:CommitmentTypeQualifier>\
             </xades:CommitmentTypeQualifiers></xades:CommitmentTypeIndication>"
        );
        assert!(xml.contains(&some), "{xml}");
    }
}

#[test]
fn a_commitment_for_what_is_not_signed_is_refused() {
    for wrong in [of(&["other.pdf"], &[]), NewCommitment::default()] {
        let made = committed(Naming::References, vec![wrong]);
        let code = made.data_to_be_signed().unwrap_err().code();
        assert_eq!(code, "api-misuse.contradictory-parameters");
    }
    let same = |commitment| {
        let made = committed(Naming::References, vec![commitment]);
        made.data_to_be_signed().unwrap()
    };
    // What is committed to is signed.
    assert_ne!(same(of(&["plan.pdf"], &[])), same(of(&[], &[])));
    assert_ne!(same(of(&[], &["a"])), same(of(&[], &[])));
}
