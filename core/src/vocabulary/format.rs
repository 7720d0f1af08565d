//! Formats, containers and levels.

/// Makes a plain enumeration whose members have one spelling each.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident => $text:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$vdoc])* #[serde(rename = $text)] $variant,)+
        }

        impl $name {
            /// Every member, in the order of the declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The standard spelling.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }

            /// The member with this spelling.
            #[must_use]
            pub fn from_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|member| member.as_str() == word)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}
pub(crate) use words;

words! {
    /// The format of a signature, as the report spells it.
    SignatureFormat {
        /// XML signature with qualifying properties, EN 319 132-1.
        Xades => "XAdES",
        /// CMS signature with the attributes of EN 319 122-1.
        Cades => "CAdES",
        /// PDF signature, EN 319 142-1.
        Pades => "PAdES",
        /// JSON signature with the header parameters of TS 119 182-1.
        Jades => "JAdES",
        /// XML signature without qualifying properties, XMLDSig 1.1.
        XmlDsig => "XMLDSig",
        /// CMS SignedData without CAdES attributes, RFC 5652.
        Cms => "CMS",
        /// PDF signature without CAdES attributes, ISO 32000-2 §12.8.3.3.
        Pkcs7 => "PKCS7",
        /// JSON Web Signature, RFC 7515.
        Jws => "JWS",
    }
}

words! {
    /// What holds signatures and data together.
    ContainerKind {
        /// ASiC-S, EN 319 162-1 §4.3.
        AsicS => "asic-s",
        /// ASiC-E, EN 319 162-1 §4.4.
        AsicE => "asic-e",
        /// BDOC 2.1, an ASiC-E profile of Estonia.
        Bdoc => "bdoc",
        /// DIGIDOC-XML 1.0 to 1.3.
        Ddoc => "ddoc",
        /// OpenDocument package.
        Odf => "odf",
        /// PDF file.
        Pdf => "pdf",
    }
}

words! {
    /// Baseline level of creation and augmentation.
    BaselineLevel {
        /// Basic signature.
        B => "B",
        /// With proof of the time of existence.
        T => "T",
        /// With long-term validation material.
        Lt => "LT",
        /// With long-term availability and integrity of that material.
        Lta => "LTA",
    }
}

words! {
    /// Level of a signature by what is present in it; validity is the verdict's business.
    SignatureLevel {
        /// B-B of the baseline tables.
        BaselineB => "B-B",
        /// B-T of the baseline tables.
        BaselineT => "B-T",
        /// B-LT of the baseline tables.
        BaselineLt => "B-LT",
        /// B-LTA of the baseline tables.
        BaselineLta => "B-LTA",
        /// Extended: basic electronic signature.
        Bes => "E-BES",
        /// Extended: with an explicit signature policy.
        Epes => "E-EPES",
        /// Extended: with a time-stamp on the signature.
        T => "E-T",
        /// Extended: with complete references to validation data.
        C => "E-C",
        /// Extended: with a time-stamp over those references.
        X => "E-X",
        /// Extended: with validation data and a time-stamp over references.
        Xl => "E-XL",
        /// Extended: with an archive time-stamp.
        A => "E-A",
        /// Not an advanced electronic signature format.
        NotEtsi => "NOT-ETSI",
    }
}
