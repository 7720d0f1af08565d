# A certificate that is asked about by itself: what it says, and whether it holds.

certificate-passed = The certificate is valid
certificate-failed = The certificate is not valid
certificate-indeterminate = It cannot be told whether the certificate is valid
certificate-not-processed = The certificate could not be read
certificate-note = This is what the certificate says. Whether it is true: imza certificate validate.
certificate-report-title = Certificate validation report
certificate-made-by = Made by imza { $version }. Whoever has the certificate, the same material, the policy and the trust set gets the same report.

certificate-label-identifier = Identifier
certificate-label-subject = Issued to
certificate-label-valid = Valid
certificate-label-for = For
certificate-label-qualified = Qualified
certificate-label-limit = Limit
certificate-label-kept = Kept
certificate-label-conditions = Conditions
certificate-label-policies = Policies
certificate-label-names = Also named
certificate-label-key = Key
certificate-label-algorithm = Signed with
certificate-label-serial = Serial number
certificate-label-revocation = Revocation
certificate-label-issuer-at = Issuer at
certificate-label-odd = Out of rule

certificate-heading-path = Path, from the certificate to the trust anchor
certificate-heading-attempts = { $count ->
    [one] Path that was tried ({ $count })
   *[other] Paths that were tried ({ $count })
}
certificate-more-attempts = further ones stand in the JSON report
certificate-refusal = { $clause }: expected { $expected }, found { $found }

certificate-nameless = a subject without a name
certificate-identifier = { $value } ({ $kind }, { $country })
certificate-identifier-wrong = { $value } ({ $kind }, { $country }); its check digit is wrong
certificate-identifier-kind = { $kind ->
    [PNO] national personal number
    [FIN] personal identification number (FIN)
    [VOEN] taxpayer number (VÖEN)
    [IIN] individual identification number (IIN)
    [BIN] business identification number (BIN)
    [TCKN] identity number (TCKN)
    [VKN] tax number (VKN)
    [IDC] identity card
    [PAS] passport
    [TAX] tax number
    [TIN] tax identification number
    [VAT] value added tax number
    [NTR] trade register
    [PSD] payment service provider
    [LEI] legal entity identifier (LEI)
    [none] identifier
   *[other] { $kind }
}
certificate-no-country = no country
certificate-period = from { $from } to { $until }
certificate-period-inside = inside this period on { $time }
certificate-period-early = not valid yet on { $time }
certificate-period-over = expired on { $time }
certificate-authority = issuing certificates (certification authority)
certificate-type = { $type ->
    [esign] electronic signatures
    [eseal] electronic seals
    [web] web sites
   *[other] { $type }
}
certificate-any-use = any use of the key
certificate-usage = { $bit ->
    [digitalSignature] signatures, logging in (digitalSignature)
    [nonRepudiation] binding signatures (nonRepudiation)
    [keyEncipherment] encrypting keys (keyEncipherment)
    [dataEncipherment] encrypting data (dataEncipherment)
    [keyAgreement] agreeing on keys (keyAgreement)
    [keyCertSign] signing certificates (keyCertSign)
    [cRLSign] signing revocation lists (cRLSign)
    [encipherOnly] only encrypting (encipherOnly)
    [decipherOnly] only decrypting (decipherOnly)
   *[other] { $bit }
}
certificate-purpose = { $purpose ->
    [any] any purpose
    [tls-server] TLS servers
    [tls-client] logging in
    [code] signing programs
    [mail] mail
    [timestamping] issuing time-stamps
    [ocsp] answering about revocation (OCSP)
   *[documents] signing documents
}
certificate-policy = { $policy ->
    [any] any policy
    [qcp-n] qualified, natural person (QCP-n)
    [qcp-l] qualified, legal person (QCP-l)
    [qcp-n-qscd] qualified, natural person, qualified device (QCP-n-qscd)
    [qcp-l-qscd] qualified, legal person, qualified device (QCP-l-qscd)
    [qcp-w] qualified, web site (QCP-w)
    [ncp] normalised (NCP)
    [ncp-plus] normalised, secure device (NCP+)
   *[lcp] lightweight (LCP)
}
certificate-qualified-not = does not say so
certificate-qualified-union = says so, under the law of the European Union
certificate-qualified-under = says so, under the law of { $countries }
certificate-device = says that its key is in a qualified device
certificate-device-not = says nothing of a qualified device
certificate-list-decides = a trusted list decides
certificate-retention = { $count ->
    [one] { $count } year after it expires
   *[other] { $count } years after it expires
}
certificate-bits = { $count ->
    [one] { $kind }, { $count } bit
   *[other] { $kind }, { $count } bits
}
certificate-revocation-not-needed = none needed: { $why }
certificate-revocation-unsaid = does not say where its status is found
certificate-odd-at = { $what } (octet { $at })
certificate-trust-none = none given; without it no certificate can be valid

-do-not-rely = Do not rely on this certificate. Ask its owner for a newer one.

certificate-sub-no-certificate-chain-found = Nothing that you trust vouches for the certificate.
    .advice = Give the certificate of an authority that you trust. Take it from the authority itself.
certificate-sub-no-certificate-chain-found-no-poe = The trust anchor is no longer trusted at this time.
    .advice = Ask the authority for its present certificate.
certificate-sub-certificate-chain-general-failure = The certificate could not be validated, or nothing says that it is not revoked.
    .advice = Try again with a network connection, or give the revocation data yourself.
certificate-sub-chain-constraints-failure = The certificate may not be used for this purpose.
    .advice = Ask its owner for a certificate that was issued for this purpose, or ask for another purpose.
certificate-sub-revoked-no-poe = The certificate was revoked.
    .advice = { -do-not-rely }
certificate-sub-revoked-ca-no-poe = The certificate of an authority above it was revoked.
    .advice = { -do-not-rely }
certificate-sub-try-later = Newer revocation data is needed, or the certificate is suspended.
    .advice = Try again later, or with a network connection, so that newer revocation data can be had.
certificate-sub-out-of-bounds-not-revoked = The certificate is not valid at this time; it was not revoked.
    .advice = { -do-not-rely }
certificate-sub-out-of-bounds-no-poe = The certificate is not valid at this time.
    .advice = { -do-not-rely }
certificate-sub-revocation-out-of-bounds-no-poe = Whoever vouched for the certificate has an expired certificate.
    .advice = Try again with a network connection, so that newer revocation data can be had.
certificate-sub-crypto-constraints-failure-no-poe = An algorithm is too weak by now.
    .advice = { -do-not-rely }
certificate-sub-custom = This program has met one of its limits, or something that it does not know.
    .advice = Check the certificate with another program as well; the lines below say what stopped this one.
