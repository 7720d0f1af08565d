//! Every phrase about certificates, by its key and the values in it.

use crate::phrase::phrases;

phrases! {
    /// A phrase about a certificate that is asked about by itself.
    pub(crate) CertificatePhrase {
        Passed => "certificate-passed" [];
        Failed => "certificate-failed" [];
        Indeterminate => "certificate-indeterminate" [];
        NotProcessed => "certificate-not-processed" [];
        Note => "certificate-note" [];
        ReportTitle => "certificate-report-title" [];
        MadeBy => "certificate-made-by" ["version"];

        LabelIdentifier => "certificate-label-identifier" [];
        LabelSubject => "certificate-label-subject" [];
        LabelValid => "certificate-label-valid" [];
        LabelFor => "certificate-label-for" [];
        LabelQualified => "certificate-label-qualified" [];
        LabelLimit => "certificate-label-limit" [];
        LabelKept => "certificate-label-kept" [];
        LabelConditions => "certificate-label-conditions" [];
        LabelPolicies => "certificate-label-policies" [];
        LabelNames => "certificate-label-names" [];
        LabelKey => "certificate-label-key" [];
        LabelAlgorithm => "certificate-label-algorithm" [];
        LabelSerial => "certificate-label-serial" [];
        LabelRevocation => "certificate-label-revocation" [];
        LabelIssuerAt => "certificate-label-issuer-at" [];
        LabelOdd => "certificate-label-odd" [];

        HeadingPath => "certificate-heading-path" [];
        HeadingAttempts => "certificate-heading-attempts" ["count"];
        MoreAttempts => "certificate-more-attempts" [];
        Refusal => "certificate-refusal" ["clause", "expected", "found"];

        Nameless => "certificate-nameless" [];
        Identifier => "certificate-identifier" ["value", "kind", "country"];
        IdentifierWrong => "certificate-identifier-wrong" ["value", "kind", "country"];
        IdentifierKind => "certificate-identifier-kind" ["kind"];
        NoCountry => "certificate-no-country" [];
        Period => "certificate-period" ["from", "until"];
        PeriodInside => "certificate-period-inside" ["time"];
        PeriodEarly => "certificate-period-early" ["time"];
        PeriodOver => "certificate-period-over" ["time"];
        Authority => "certificate-authority" [];
        Type => "certificate-type" ["type"];
        AnyUse => "certificate-any-use" [];
        Usage => "certificate-usage" ["bit"];
        Purpose => "certificate-purpose" ["purpose"];
        Policy => "certificate-policy" ["policy"];
        QualifiedNot => "certificate-qualified-not" [];
        QualifiedUnion => "certificate-qualified-union" [];
        QualifiedUnder => "certificate-qualified-under" ["countries"];
        Device => "certificate-device" [];
        DeviceNot => "certificate-device-not" [];
        ListDecides => "certificate-list-decides" [];
        Retention => "certificate-retention" ["count"];
        Bits => "certificate-bits" ["kind", "count"];
        RevocationNotNeeded => "certificate-revocation-not-needed" ["why"];
        RevocationUnsaid => "certificate-revocation-unsaid" [];
        OddAt => "certificate-odd-at" ["what", "at"];
        TrustNone => "certificate-trust-none" [];
    }
}
