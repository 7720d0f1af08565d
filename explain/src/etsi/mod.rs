//! The report as XML of ETSI TS 119 102-2: what other validation services read.
//!
//! A projection of the report and nothing more: certificates, time-stamps and data are named by
//! their digests, since the report does not hold them.
//!
//! # Standard
//! TS 119 102-2 V1.4.1 §4, namespace `http://uri.etsi.org/19102/v1.4.1#`.

mod objects;
mod signature;

use crate::markup::Markup;
use imza::report::Report;
use imza::vocabulary::ObjectId;
use imza::xml::base64;
use objects::Objects;

const NAMESPACES: [(&str, &str); 3] = [
    ("xmlns:vr", "http://uri.etsi.org/19102/v1.4.1#"),
    ("xmlns:ds", "http://www.w3.org/2000/09/xmldsig#"),
    ("xmlns:xades", "http://uri.etsi.org/01903/v1.3.2#"),
];
const SHA256: &str = "http://www.w3.org/2001/04/xmlenc#sha256";
/// Where the standard has no word for a document in which nothing is signed.
const NOTHING: &str = "urn:cef:dss:mainindication:noSignatureFound";

/// The validation report of ETSI TS 119 102-2.
#[must_use]
pub fn etsi(report: &Report) -> String {
    let objects = Objects::of(report);
    let mut out = Markup::beginning("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    out.start("vr:ValidationReport", &NAMESPACES);
    for (index, signature) in report.signatures.iter().enumerate() {
        signature::signature(&mut out, signature, index, report, &objects);
    }
    if report.signatures.is_empty() {
        for timestamp in report.timestamps.iter().chain(&report.evidence_records) {
            signature::timestamp(&mut out, "vr:SignatureValidationReport", timestamp, report);
        }
        if report.timestamps.is_empty() && report.evidence_records.is_empty() {
            nothing(&mut out, report);
        }
    }
    objects.write(&mut out, report);
    let mut text = out.finish();
    text.push('\n');
    text
}

/// Nothing is signed, or the document could not be processed.
fn nothing(out: &mut Markup, report: &Report) {
    out.start("vr:SignatureValidationReport", &[]);
    out.start("vr:SignatureValidationStatus", &[]);
    out.element("vr:MainIndication", &[], NOTHING);
    if let Some(failure) = &report.error {
        out.start("vr:AssociatedValidationReportData", &[]);
        out.start("vr:AdditionalValidationReportData", &[]);
        typed(out, "vr:ReportData", "urn:imza:error:code", failure.code);
        typed(
            out,
            "vr:ReportData",
            "urn:imza:error:reason",
            &failure.reason,
        );
        out.end();
        out.end();
    }
    out.end();
    out.end();
}

/// A value with the name of its type.
fn typed(out: &mut Markup, element: &'static str, kind: &str, value: &str) {
    out.start(element, &[]);
    out.element("vr:Type", &[], kind);
    out.element("vr:Value", &[], value);
    out.end();
}

/// A SHA-256.
fn digest(out: &mut Markup, element: &'static str, digest: &ObjectId) {
    out.start(element, &[]);
    out.empty("ds:DigestMethod", &[("Algorithm", SHA256)]);
    out.element("ds:DigestValue", &[], &base64::encode(&digest.0));
    out.end();
}

/// A name of any origin as the last part of a URN: what is no letter or digit of ASCII is written by
/// its octets.
fn urn(prefix: &str, name: &str) -> String {
    let mut urn = prefix.to_owned();
    for octet in name.bytes() {
        match octet {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => {
                urn.push(char::from(octet));
            }
            other => urn.push_str(&format!("%{other:02X}")),
        }
    }
    urn
}

#[cfg(test)]
mod tests {
    use super::urn;

    #[test]
    fn a_name_cannot_leave_its_urn() {
        assert_eq!(urn("urn:x:", "a b\u{1b}/ə"), "urn:x:a%20b%1B%2F%C9%99");
    }
}
