//! Every phrase of the report, by its key and the values in it.
//!
//! The list is the whole: a test compares it with the files of each language, so that none is
//! missing, none is unused, and no value is forgotten.

macro_rules! phrases {
    ($(#[$doc:meta])* $visibility:vis $name:ident { $($variant:ident => $key:literal [$($value:literal),*];)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        $visibility enum $name { $(#[doc = concat!("`", $key, "`.")] $variant,)+ }

        impl $name {
            /// Every one, with the values that stand in it.
            #[cfg(test)]
            pub(crate) const ALL: &'static [(Self, &'static [&'static str])] =
                &[$((Self::$variant, &[$($value),*]),)+];

            pub(crate) fn key(self) -> &'static str {
                match self { $(Self::$variant => $key,)+ }
            }
        }
    };
}
#[cfg(feature = "command")]
pub(crate) use phrases;

#[cfg(feature = "pages")]
phrases! {
    /// A phrase of the pages and pictures: HTML and SVG.
    pub(crate) PagePhrase {
        ReportTitle => "report-title" [];
        MadeBy => "made-by" ["version"];
        HeadingJudged => "heading-judged" [];
        HeadingPath => "heading-path" [];
        HeadingEveryCheck => "heading-every-check" ["count"];
        HeadingTimeline => "heading-timeline" [];
        ColumnCheck => "column-check" [];
        ColumnOutcome => "column-outcome" [];
        ColumnFound => "column-found" [];
        ColumnClause => "column-clause" [];
        ColumnSubject => "column-subject" [];
        ColumnIssuer => "column-issuer" [];
        ColumnValid => "column-valid" [];
        ColumnSerial => "column-serial" [];
        OutcomePassed => "outcome-passed" [];
        OutcomeInformation => "outcome-information" [];
        OutcomeSkipped => "outcome-skipped" [];
        PolicyDigest => "policy-digest" [];
        TrustDigest => "trust-digest" [];
        EvidenceDigest => "evidence-digest" [];
        TimelineTitle => "timeline-title" ["index"];
        TimelineNote => "timeline-note" [];
        MarkClaimed => "mark-claimed" [];
        MarkProvided => "mark-provided" [];
        MarkJudged => "mark-judged" [];
        MarkEnds => "mark-ends" [];
        BarCertificate => "bar-certificate" [];
        BarAuthority => "bar-authority" [];
        BarRevocation => "bar-revocation" [];
        BarAlgorithm => "bar-algorithm" [];
        SpanBoth => "span-both" ["from", "until"];
        SpanFrom => "span-from" ["from"];
        SpanUntil => "span-until" ["until"];
        SpanOpen => "span-open" [];
    }
}

phrases! {
    /// A phrase of the report.
    pub(crate) Phrase {
        HeadlinePassed => "headline-passed" ["count"];
        HeadlineFailed => "headline-failed" ["count", "bad"];
        HeadlineIndeterminate => "headline-indeterminate" ["count", "bad"];
        HeadlineTimestampPassed => "headline-timestamp-passed" ["count"];
        HeadlineTimestampFailed => "headline-timestamp-failed" [];
        HeadlineTimestampIndeterminate => "headline-timestamp-indeterminate" [];
        HeadlineNothingSigned => "headline-nothing-signed" [];
        HeadlineNotProcessed => "headline-not-processed" [];
        HeadlineLowered => "headline-lowered" [];
        HeadlineUncovered => "headline-uncovered" [];
        HeadlineByEvidence => "headline-by-evidence" [];

        LabelWhy => "label-why" [];
        LabelAdvice => "label-advice" [];
        LabelCode => "label-code" [];
        LabelDetail => "label-detail" [];
        LabelDocument => "label-document" [];
        LabelJudged => "label-judged" [];
        LabelPolicy => "label-policy" [];
        LabelLowered => "label-lowered" [];
        LabelBasis => "label-basis" [];
        LabelTrust => "label-trust" [];
        LabelResult => "label-result" [];
        LabelSignedBy => "label-signed-by" [];
        LabelIssuedBy => "label-issued-by" [];
        LabelProven => "label-proven" [];
        LabelProvided => "label-provided" [];
        LabelClaimed => "label-claimed" [];
        LabelCovers => "label-covers" [];
        LabelIntegrity => "label-integrity" [];
        LabelTimestamp => "label-timestamp" [];
        LabelStampedBy => "label-stamped-by" [];
        LabelRevision => "label-revision" [];
        LabelChanged => "label-changed" [];
        LabelNetwork => "label-network" [];
        LabelOutlook => "label-outlook" [];
        LabelAbout => "label-about" [];
        LabelExpected => "label-expected" [];
        LabelFound => "label-found" [];

        OutcomeFailed => "outcome-failed" [];
        OutcomeWarning => "outcome-warning" [];

        ChangePage => "change-page" ["page"];
        ChangeField => "change-field" ["name"];
        ChangeOver => "change-over" [];
        ChangeObject => "change-object" ["object"];

        HeadingDocument => "heading-document" [];
        HeadingSignature => "heading-signature" ["index", "count"];
        HeadingCounterSignature => "heading-counter-signature" ["index", "count"];
        HeadingTimestamp => "heading-timestamp" [];
        HeadingEvidenceRecord => "heading-evidence-record" [];
        HeadingFiles => "heading-files" [];

        BasisEvidence => "basis-evidence" [];
        TrustNone => "trust-none" [];
        TrustAnchors => "trust-anchors" ["count"];
        SignerUnknown => "signer-unknown" [];
        TimeUnknown => "time-unknown" [];
        BestValidation => "best-validation" ["time"];
        BestTimeMark => "best-time-mark" ["time"];
        BestProvided => "best-provided" ["time"];
        BestCurrent => "best-current" [];
        ClaimedTime => "claimed-time" ["time"];
        ClaimedRole => "claimed-role" ["value"];
        ClaimedCertifiedRole => "claimed-certified-role" ["value"];
        ClaimedAssertion => "claimed-assertion" ["value"];
        ClaimedUnreadable => "claimed-unreadable" [];
        ClaimedWithoutName => "claimed-without-name" [];
        ClaimedPlace => "claimed-place" ["value"];
        ClaimedCommitment => "claimed-commitment" ["value"];
        ClaimedPolicy => "claimed-policy" ["value"];
        ClaimedPolicyImplied => "claimed-policy-implied" [];
        ClaimedNotice => "claimed-notice" ["value"];
        ClaimedSpecification => "claimed-specification" ["value"];
        ClaimedName => "claimed-name" ["value"];
        ClaimedReason => "claimed-reason" ["value"];
        ClaimedContact => "claimed-contact" ["value"];

        KindDocument => "kind-document" [];
        KindContainer => "kind-container" ["name"];
        KindPdf => "kind-pdf" [];

        RevisionLast => "revision-last" ["number"];
        RevisionBefore => "revision-before" ["number", "of"];

        ScopePartial => "scope-partial" ["name"];
        ScopeDigest => "scope-digest" ["name"];
        ScopePart => "scope-part" ["name"];
        ScopeCounterSignature => "scope-counter-signature" [];
        ScopeInside => "scope-inside" [];
        ScopeMissing => "scope-missing" [];

        FileCovered => "file-covered" [];
        FileUncovered => "file-uncovered" [];

        TimestampContent => "timestamp-content" [];
        TimestampSignature => "timestamp-signature" [];
        TimestampValidationData => "timestamp-validation-data" [];
        TimestampArchive => "timestamp-archive" [];
        TimestampDocument => "timestamp-document" [];
        TimestampEvidenceRecord => "timestamp-evidence-record" [];

        LevelAlways => "level-always" [];
        LevelFail => "level-fail" [];
        LevelWarn => "level-warn" [];
        LevelInform => "level-inform" [];
        LevelIgnore => "level-ignore" [];
        Departure => "departure" ["what", "here", "default"];
        DepartureSuite => "departure-suite" [];
        DepartureUnlimited => "departure-unlimited" [];
        DepartureStandardSuite => "departure-standard-suite" [];
        DepartureFreshness => "departure-freshness" [];
        DepartureAuxiliaryFreshness => "departure-auxiliary-freshness" [];
        DepartureAdes => "departure-ades" [];
        DepartureApply => "departure-apply" [];
        DepartureOmit => "departure-omit" [];
        FreshnessNextUpdate => "freshness-next-update" [];
        FreshnessUnbounded => "freshness-unbounded" [];
        FreshnessAfter => "freshness-after" ["span"];
        FreshnessSeconds => "freshness-seconds" ["count"];
        FreshnessHours => "freshness-hours" ["count"];
        FreshnessDays => "freshness-days" ["count"];

        NetworkAnswered => "network-answered" [];
        NetworkOffline => "network-offline" [];
        NetworkUnreachable => "network-unreachable" [];
        NetworkTimedOut => "network-timed-out" [];
        NetworkCaps => "network-caps" [];
        NetworkTooLarge => "network-too-large" [];
        NetworkStatus => "network-status" ["status"];
        NetworkWrongContent => "network-wrong-content" [];
        NetworkDeclined => "network-declined" ["status"];

        OutlookRenewed => "outlook-renewed" ["time"];
        OutlookAtHand => "outlook-at-hand" ["time"];
        OutlookEndless => "outlook-endless" [];
        OutlookNotPassed => "outlook-not-passed" [];
        OutlookThen => "outlook-then" ["what", "standard"];
        OutlookTimestamp => "outlook-timestamp" ["time"];
        OutlookLongTerm => "outlook-long-term" ["time"];
        OutlookArchive => "outlook-archive" ["time"];

        SizeBytes => "size-bytes" ["count"];
        SizeKilobytes => "size-kilobytes" ["amount"];
        SizeMegabytes => "size-megabytes" ["amount"];
        SizeGigabytes => "size-gigabytes" ["amount"];
        SizeTerabytes => "size-terabytes" ["amount"];

        Moment => "moment" ["day", "month", "year", "time"];
    }
}
