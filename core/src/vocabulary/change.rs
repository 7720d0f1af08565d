//! What may have been changed in a document after it was signed.

use super::format::words;

words! {
    /// How far a change goes, from harmless to anything (ISO 32000-2 table 257, EN 319 142-1 §5.4).
    ChangeClass {
        /// Validation data, document time-stamps and descriptive data: nothing that is shown.
        LongTermData => "long-term-data",
        /// Form fields filled in, signatures added.
        FormFilling => "form-filling",
        /// Annotations added, changed or removed.
        Annotation => "annotation",
        /// Private data of an application: shown by none, known to one.
        PrivateData => "private-data",
        /// Everything else.
        Other => "other",
    }
}

words! {
    /// What was done to an object.
    ChangeAction {
        /// It was not there before.
        Added => "added",
        /// It is another than before.
        Changed => "changed",
        /// It is no longer there.
        Removed => "removed",
    }
}
