//! Limits, and the budget that is spent from them.
//!
//! Hostile input is normal, so every reader is given a [`Budget`] and charges it *before* the
//! expensive step and before any memo is asked. A charge is made together with the state that it
//! pays for: an operation that stops because a page has not come yet charges nothing.
//!
//! Reading a document has one budget; judging starts a fresh one for every signature, so that a
//! verdict depends neither on the reading, nor on its neighbours, nor on order.

macro_rules! resources {
    ($($(#[$doc:meta])* $variant:ident, $field:ident => $code:literal, $default:expr, $text:literal;)+) => {
        /// What a budget counts.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Resource { $($(#[$doc])* $variant,)+ }

        impl Resource {
            /// Every resource.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The stable code of the error.
            #[must_use]
            pub fn code(self) -> &'static str { match self { $(Self::$variant => $code,)+ } }
        }

        impl std::fmt::Display for Resource {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(match self { $(Self::$variant => $text,)+ })
            }
        }

        /// Plain numbers; each default with its reason.
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub struct Limits { $($(#[$doc])* pub $field: u64,)+ }

        impl Default for Limits {
            fn default() -> Self { Self { $($field: $default,)+ } }
        }

        impl Limits {
            /// The limit of one resource.
            #[must_use]
            pub fn of(&self, resource: Resource) -> u64 {
                match resource { $(Resource::$variant => self.$field,)+ }
            }
        }

        /// What has been spent.
        #[derive(Clone, Debug, Default, PartialEq, Eq)]
        struct Spent { $($field: u64,)+ }

        impl Spent {
            fn of(&mut self, resource: Resource) -> &mut u64 {
                match resource { $(Resource::$variant => &mut self.$field,)+ }
            }
        }
    };
}

resources! {
    /// Octets of structure that are parsed. 64 MiB holds the largest signature files in use and
    /// keeps a document's memory below what a phone gives an application.
    StructureBytes, structure_bytes => "limits.structure-bytes", 64 << 20, "octets of structure";
    /// Depth of nesting. The deepest genuine structure seen is 30.
    Depth, depth => "limits.depth", 128, "depth of nesting";
    /// Nodes of XML trees, attributes and namespace declarations included, and 10 octets of text
    /// as one: each costs up to 30 octets of memory, so 4,000,000 of them stay near 100 MB.
    Nodes, nodes => "limits.nodes", 4_000_000, "XML nodes";
    /// Values in ASN.1 structures and objects in PDF files.
    Values, values => "limits.values", 4_000_000, "encoded values";
    /// Entries of a container; cross-reference entries of a PDF count twice, as they are held.
    Entries, entries => "limits.entries", 1_000_000, "entries";
    /// Octets that come out of decompression of structure.
    InflatedBytes, inflated_bytes => "limits.inflated-bytes", 64 << 20, "inflated octets of structure";
    /// Octets that come out per octet that goes in. Deflate cannot pass 1032; text seldom passes 30.
    InflationRatio, inflation_ratio => "limits.inflation-ratio", 200, "ratio of inflation";
    /// Revisions of a PDF. 1,000 signatures each with its own augmentation still fit.
    Revisions, revisions => "limits.revisions", 10_000, "revisions";
    /// Signatures and time-stamps in one document.
    Signatures, signatures => "limits.signatures", 1_000, "signatures";
    /// References in the signatures of one document.
    References, references => "limits.references", 100_000, "references";
    /// Octets that are canonicalised or digested from structure. Every reference may select the
    /// whole document, so the product of the two is bounded here.
    DigestedBytes, digested_bytes => "limits.digested-bytes", 1 << 30, "octets digested from structure";
    /// Octets of canonical forms that are kept until they are judged, equal ones once. Every reference
    /// may leave another part of the document, so they are bounded apart from it.
    CanonicalBytes, canonical_bytes => "limits.canonical-bytes", 64 << 20, "octets of canonical forms";
    /// Checks of a signature value, weighted by algorithm: 1 for P-256 and RSA up to 4096 bits.
    SignatureChecks, signature_checks => "limits.signature-checks", 400, "signature checks";
    /// Certificates looked at while paths are built.
    PathSteps, path_steps => "limits.path-steps", 10_000, "path building steps";
    /// Bits of an RSA modulus. 16,384 is beyond every algorithm catalogue.
    ModulusBits, modulus_bits => "limits.modulus-bits", 16_384, "bits of an RSA modulus";
    /// Entries of certificate revocation lists that are scanned.
    CrlEntries, crl_entries => "limits.crl-entries", 5_000_000, "CRL entries";
    /// Requests to other hosts in one job.
    Requests, requests => "limits.requests", 64, "requests";
    /// Octets of all answers to requests in one job.
    ResponseBytes, response_bytes => "limits.response-bytes", 32 << 20, "octets of answers";
    /// Octets of structure that saved evidence keeps.
    EvidenceBytes, evidence_bytes => "limits.evidence-bytes", 64 << 20, "octets of saved evidence";
}

impl Limits {
    /// For a program on a computer of its own: documents that are structure as a whole (an XML
    /// file that carries its data inside) of up to 512 MiB.
    ///
    /// An XML signature over 200 MB takes about a gigabyte of memory then; the defaults are for
    /// what phones and browsers give.
    #[must_use]
    pub fn large() -> Self {
        Self {
            structure_bytes: 512 << 20,
            nodes: 96_000_000,
            digested_bytes: 4 << 30,
            canonical_bytes: 512 << 20,
            ..Self::default()
        }
    }
}

/// A limit that was reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("limit reached: {resource} (maximum {maximum}, asked for {requested})")]
pub struct Limit {
    /// What ran out.
    pub resource: Resource,
    /// The limit in force.
    pub maximum: u64,
    /// What would have been used.
    pub requested: u64,
}

/// What may still be spent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Budget {
    limits: std::sync::Arc<Limits>,
    spent: Spent,
}

impl Budget {
    /// A fresh budget.
    #[must_use]
    pub fn new(limits: std::sync::Arc<Limits>) -> Self {
        Self {
            limits,
            spent: Spent::default(),
        }
    }

    /// The limits in force.
    #[must_use]
    pub fn limits(&self) -> &std::sync::Arc<Limits> {
        &self.limits
    }

    /// Charges `amount`.
    ///
    /// # Errors
    /// [`Limit`] when the limit would be passed; then nothing is charged.
    pub fn charge(&mut self, resource: Resource, amount: u64) -> Result<(), Limit> {
        let maximum = self.limits.of(resource);
        let spent = self.spent.of(resource);
        let requested = spent.saturating_add(amount);
        if requested > maximum {
            return Err(Limit {
                resource,
                maximum,
                requested,
            });
        }
        *spent = requested;
        Ok(())
    }

    /// Compares a size that is not summed up (a depth, a ratio, the bits of a modulus).
    ///
    /// # Errors
    /// [`Limit`] when it is above the limit.
    pub fn check(&self, resource: Resource, size: u64) -> Result<(), Limit> {
        let maximum = self.limits.of(resource);
        if size > maximum {
            return Err(Limit {
                resource,
                maximum,
                requested: size,
            });
        }
        Ok(())
    }

    /// What was spent of a resource.
    #[must_use]
    pub fn spent(&self, resource: Resource) -> u64 {
        *self.spent.clone().of(resource)
    }
}

impl Default for Budget {
    fn default() -> Self {
        Self::new(std::sync::Arc::new(Limits::default()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_charge_leaves_the_budget_as_it_was() {
        let mut budget = Budget::default();
        assert!(budget.charge(Resource::SignatureChecks, 400).is_ok());
        let refused = budget.charge(Resource::SignatureChecks, 1);
        assert_eq!(refused.map_err(|limit| limit.requested), Err(401));
        assert_eq!(budget.spent(Resource::SignatureChecks), 400);
    }
}
