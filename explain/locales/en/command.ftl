# What the command says besides reports.

command-doing = { $doing }. { $reason }

io-not-found = no such file or folder
io-permission-denied = you may not read or write it
io-is-a-folder = it is a folder
io-already-exists = it exists already
io-full = the disk is full

form-of-documents = A report in the form { $form } is about a signature; a certificate alone has none
    .advice = Use --report text, json or html.
detached-for-one = --detached belongs to one document
    .advice = Verify the documents one by one.
form-for-one = A report in HTML, SVG or XML is about one document
    .advice = Verify the documents one by one, each with a report of its own.
evidence-for-one = --save-evidence belongs to one document
    .advice = Verify the documents one by one.
unreadable = { $name } cannot be read: { $why }
    .advice = Is the name right?
unwritable = { $name } cannot be written: { $why }
    .advice = Is there room, and may you write there?
output-unwritable = Standard output cannot be written: { $why }
    .advice = Name a file with -o.
exists = { $name } exists already
    .advice = Choose another name with -o, or replace it with --force.
no-random = The machine gives no random numbers: { $why }
    .advice = Try again; if it stays so, the system is not set up well.
key-not-shown = { $name } is a private key: nothing of it is shown
    .advice = Its public half: openssl pkey -in { $name } -pubout | imza inspect /dev/stdin
store-not-shown = { $name } is a key store (PKCS #12): nothing of it is shown
    .advice = Its certificates: openssl pkcs12 -in { $name } -nokeys | imza inspect /dev/stdin
written = written: { $name }
progress-verifying = verifying
progress-signing = signing
doing-documents = { $doing }, documents: { $documents }
not-twice = The document cannot be read a second time
    .advice = Leave --document-digest out, or give the document as a file.
judge-takes-no-more = imza judge takes what the evidence holds, and nothing beside it
    .advice = Leave --evidence out, or verify the document anew with imza verify.
not-evidence = { $name } is not saved evidence: { $why }
    .advice = Name the file that imza verify --save-evidence wrote first, then the document.
other-document = The evidence is about another document, or about other files beside it
    .advice = Verify this document anew with imza verify.
doing-reading = The document cannot be read
policy-is = { $name } is a policy
policy-lowers = demands less than the default: { $name }: { $here } (default: { $default })
policy-ineffective = has no effect: { $name } is always checked
trust-empty = There is no trust anchor to put in
    .advice = Name certificates with --trust FILE or --trust-for PURPOSE=FILE.
doing-bundle = The trust bundle cannot be written
bundle-key = This key cannot sign a trust bundle
    .advice = Take a private key in PEM without a password: P-256, P-384, P-521, Ed25519 or RSA.
not-a-bundle = { $name } is not a trust bundle
    .advice = imza trust build writes one; certificates are shown by imza inspect { $name }.
bundle-signed = { $name }: signed by this key
bundle-other-key = { $name }: signed by another key; do not rely on it as if it were theirs
bundle-unsigned = { $name }: signed by nobody
not-a-time = { $option } is not a time: { $text }
    .advice = Write it as 2026-03-01T12:00:00Z or with an offset, 2026-03-01T16:00:00+04:00.
no-policy = There is no policy { $name }: { $why }
    .advice = Built in are default, strict, archive, eu-basic, rfc5280 and historic; anything else is a JSON file.
not-a-policy = { $name } is not a policy: { $why }
    .advice = The page policies of the manual describes the form.
trust-for = --trust-for { $text } cannot be understood
    .advice = Write --trust-for signing=PATH, timestamping=PATH or ocsp=PATH.
left-out-trust = { $name }: not a certificate, left out
left-out-signed = { $name }: a signed message, left out
nothing-in-folder = { $name } holds no signed document
    .advice = Name the documents, or a folder with containers, PDF, XML or signature files in it.
passed-over = Passed over in { $name }, for they are no signed documents: { $count }
left-out-evidence = { $name }: no certificate, CRL or OCSP response, left out
left-out-unreadable = { $name }: { $why }, left out
level-needs-authority = Levels t and lt need a time-stamping authority
    .advice = Name one with --tsa URL, or sign with --level b.
format-for-one = This form of signature covers one document
    .advice = Sign the documents one by one, or together with --format asic-e.
attached-is-cades = --attached belongs to --format cades
    .advice = A container holds its documents anyway: leave --attached out.
nothing-to-extract = The document holds no files
    .advice = Files come out of containers, and out of XML and CMS signatures that hold what they sign.
not-in-container = The document holds no file { $name }
    .advice = imza container list says which files there are.
one-file-alone = -o names one file, and the document holds several
    .advice = Say which by its name, or take them all into a folder with -C.
revision-missing = Which revision of the PDF?
    .advice = Name it with --revision and the file with -o; imza pdf revisions counts them.
name-leads-outside = { $name } would be written outside of the folder
    .advice = Nothing was written. Do not use this container before you know who made it.
content-broken = { $name } is not what was signed
    .advice = Nothing was written. Ask the sender for the document again.
written-unsigned = written, but no intact signature covers it: { $name }
container-file = { $name } ({ $size } octets, intact signatures: { $count })
doing-container = The container was not changed
packaging-is-xades = --packaging belongs to --format xades
manifest-is-detached = --manifest belongs to --packaging detached
assertion-is-xades = --signed-assertion belongs to XAdES signatures
    .advice = Leave --format out, or say --format xades.
key-not-for-xml = no name is agreed for { $algorithm } in XML signatures
    .advice = Sign with --format asic-e-cades, asic-s, cades or pades.
commitment-is-an-oid = in CMS and PDF signatures a --commitment is a word of the list, such as approval, or an OID
commitment-document = { $text } names no document that an XAdES signature is over
commitment-or-reason = a PDF signature says either --reason or --commitment
content-hint-is-cades = --content-hint belongs to CAdES signatures
    .advice = Leave it out, or sign into a container or with --format xades.
signature-policy-is-an-oid = in CMS and PDF signatures the --signature-policy is an OID
    .advice = Leave it out, or sign into a container or with --format xades.
signature-policy-file = A signature policy that is named is signed with the digest of its document
    .advice = Name the document with --signature-policy-file, or say --signature-policy implied without a document.
signature-policy-store-not-here = a PDF signature holds no document of a signature policy
    .advice = Leave --signature-policy-store out, or sign into a container or with --format xades or cades.
content-timestamp-not-here = --content-timestamp is not for PDF files and not for signatures of signatures in CMS
    .advice = Leave it out, or sign into a container or with --format xades.
place-is-location = --place does not belong to a PDF
    .advice = Say where you sign with --location.
not-a-part-of-a-place = --place { $text } is no part of a place
    .advice = Write each part once: --place country=AZ --place town=Baku; also region, postal-code and street.
options-of-pdf = --reason, --location, --contact, --field, --visible and --certify belong to signatures in PDFs
    .advice = Leave them out, or sign one PDF with --format pades.
not-a-place = --visible { $text } is not a place
    .advice = Write it as page=1,at=36x36x220x64: left, bottom, width and height in points.
no-font = No font is found for the visible signature
    .advice = Name a TrueType font that has your letters with --font FILE.
visible-signer = Signed by { $name }
visible-time = Time: { $time }
augmented = augmented: { $name }
progress-augmenting = augmenting
doing-augmenting = Nothing was augmented
timestamped = time-stamped: { $name }, { $time }, by { $host }
authority-passed-over = passed over: { $name }
doing-timestamping = No time-stamp was made
progress-archiving = reading the archive
doing-archiving = The archive was left as it was
archived = { $count } files are protected: { $name }
archive-nothing-new = { $name }: no new files
archive-renewed = renewed: { $name }
archive-incomplete = { $name }: what validates the newest time-stamp after its authority's certificate has ended could not be had: { $why }
archive-intact = { $count } files are as they were on { $time }
archive-open = { $name } proves nothing now: { $why }
archive-changed = changed: { $name }
archive-missing = missing: { $name }
archive-unprotected = not in the archive: { $name }
nothing-about = nothing in the document is about { $name }: nobody signed it here
archive-unlisted = { $name }: of an earlier edition; which files there were, and their names, is not proven
archive-doubtful = may stand for two files that are gone: { $name }
not-an-archive = { $name } holds no archive
    .advice = imza archive add makes one.
not-in-archive = { $name } is not in the archive
    .advice = Add it with imza archive add.
archive-damaged = { $name } is not what imza archive wrote
    .advice = Restore it from a copy: without it nothing can be proven.
not-an-identifier = --certificate { $text } is not an identifier
    .advice = Write its hexadecimal digits, such as 01 or 45:0A.
not-an-oid = --initial-policy { $text } is not an object identifier
    .advice = Write it with dots, as 0.4.0.194112.1.2.
wrong-material = { $option } { $name }: nothing of this kind is in it
    .advice = Certificates go to --untrusted, CRLs to --crl, OCSP responses to --ocsp.
pin-prompt = PIN
signed = signed: { $name }

doing-signing = No signature was made
doing-writing = The container cannot be written
doing-inspecting = { $name } cannot be inspected
doing-digesting = The document cannot be digested
no-revision = There is no revision { $number }: the document has { $count }

# Files in the wrong place.

kind = { $kind ->
    [empty] empty
    [certificate] a certificate
    [certificates] a file of certificates
    [crl] a certificate revocation list
    [ocsp-response] an OCSP response
    [timestamp-token] a time-stamp token
    [timestamp-response] the answer of a time-stamping authority
    [evidence-record] an evidence record
    [public-key] a public key
    [private-key] a private key
    [key-store] a key store (PKCS #12)
    [certificate-request] a request for a certificate
    [signed-message] a signed message (CMS)
    [container] a container or another ZIP file
    [pdf] a PDF document
    [xml] an XML document
    [trusted-list] a trusted list
    [evidence] saved evidence
    [report] a report
    [json] JSON
   *[other] of another kind
}
takes = { $place ->
    [trust] certificates in PEM, DER or PKCS #7
    [evidence] certificates, CRLs and OCSP responses, in PEM or DER
    [key] a certificate or a public key, in PEM or DER
   *[policy] default, strict, archive, eu-basic, rfc5280, historic, or a policy as JSON
}
is-kind = { $name } is { $kind }
is-wrong = { $name }: { $why }
is-not-taken = { $name } is not what { $option } takes
public-half = { $option } takes the public half: openssl pkey -in { $name } -pubout -out public.pem
keep-secret = Keep it secret. It signs, with imza sign --with pem:{ $name }; { $option } takes { $takes }.
take-certificates-out = Take its certificates out: openssl pkcs12 -in { $name } -nokeys -out certificates.pem
belongs-to-evidence = It belongs to --evidence { $name }; { $option } takes { $takes }.
belongs-to-key = It belongs to --key { $name }, which tells integrity and gives no trust; { $option } takes { $takes }.
belongs-to-trust = It belongs to --trust { $name } or, without trust, to --evidence { $name }; { $option } takes { $takes }.
belongs-to-policy = If it is a policy, it belongs to --policy { $name }; { $option } takes { $takes }.
policy-form = The page policies of the manual describes the form.
documents-last = Documents stand last, without an option; { $option } takes { $takes }.
inspect-shows = imza inspect { $name } shows it; { $option } takes { $takes }.
option-takes = { $option } takes { $takes }.
document-empty = { $name } is empty: was all of it saved?
document-shown = { $name } is { $kind }, not a signed document: imza inspect { $name } shows it
document-secret = { $name } is { $kind }, not a signed document: keep it secret
document-signs = { $name } is { $kind }: imza sign --with p12:{ $name } signs with its key
document-evidence = { $name } is { $kind }: imza judge { $name } judges it again
document-none = { $name } is { $kind }, not a signed document
signature-beside = { $name } holds no signature; beside it lies { $beside }: imza verify --detached { $name } { $beside }
nobody-trusted = Nobody is trusted, so no signature can pass: name the authority that you trust with --trust FILE
not-held-beside = { $name } does not hold what it signs; it may be the file beside it: --detached { $file }
not-held = { $name } does not hold what it signs: give that file with --detached FILE
not-held-named = { $name } does not hold { $file }, which it signs: give that file with --detached { $file }=FILE

# Who signs.

nobody-signs = Nothing says who signs
    .advice = Use --with p12:FILE, --with pem:FILE or --with pkcs11:MODULE.
foreign-option = { $option } belongs to { $owner ->
    [token] a card or token
    [store] a key store (p12)
   *[pem] a key in PEM
}
    .advice = Leave { $option } out, or name another --with.
unprotected = { $name } protects its keys by no password: whoever has the file can sign with them
store-without-key = { $name } holds no private key
    .advice = Export it again, together with the private key.
store-without-called = { $name } holds no key that is called { $label }
    .advice = It holds: { $labels }.
store-without-certificate = { $name } holds no certificate of this key
    .advice = Export it again, together with the certificate, or use --with pem:FILE --cert FILE.
store-with-several = { $name } holds several keys that could sign
    .advice = Choose one with --key-label: { $labels }.
nameless-key = a key without a name
not-its-password = { $name }: this is not its password
    .advice = Capital and small letters differ. Is it the file that you mean?
no-store-but-key = { $name } is { $kind }, not a key store
    .advice = Use --with pem:{ $name }, and --cert FILE with its certificate.
no-store = { $name } is { $kind }, not a key store
    .advice = A key store (.p12, .pfx) holds a private key with its certificate.
store-unreadable = { $name } is not a key store (PKCS #12) that can be read
    .advice = Is the file whole?
store-anew = Write it anew: openssl pkcs12 -legacy -in { $name } -nodes | openssl pkcs12 -export -out new.p12
no-pem-but-store = { $name } is a key store (PKCS #12), not PEM
    .advice = Use --with p12:{ $name }.
pem-form = { $name } is a private key in a form that is not read
    .advice = Write it anew: openssl pkcs8 -topk8 -in { $name } -out new.pem
no-pem-key = { $name } is { $kind }, not a private key
    .advice = A private key in PEM begins with -----BEGIN PRIVATE KEY----- or ENCRYPTED PRIVATE KEY.
no-certificates = { $name }: { $why }
    .advice = --cert takes certificates in PEM, DER or PKCS #7; this is { $kind }.
key-without-certificate = { $name } holds a key without its certificate
    .advice = Name the certificate with --cert FILE.
certificate-of-other-key = No certificate given is that of the key in { $name }
    .advice = Name the certificate that was issued for this key with --cert FILE.
opening = { $name } cannot be opened
secret-variable = The environment has no variable { $name }
    .advice = Set it to the { $secret ->
    [pin] PIN
   *[password] password
}, or leave --pin-env out to be asked.
secret-file = { $name } cannot be read: { $why }
    .advice = Name a file that holds the { $secret ->
    [pin] PIN
   *[password] password
} on one line.
secret-terminal = The { $secret ->
    [pin] PIN
   *[password] password
} cannot be asked for: { $why }
    .advice = Without a terminal, use --pin-env NAME or --pin-file FILE.
password-prompt = Password of { $name }

# The demonstration.

demo-key = key
demo-token = token
demo-services = services
demo-signed = signed
demo-file = file
demo-try = try
demo-in-memory = in memory: SoftHSM2 is not installed (Debian: softhsm2, opensc)
demo-on-token = SoftHSM2, label { $label }, through { $name }
demo-services-at = OCSP, CRL and time-stamps at { $url }
demo-services-stopped = stopped: validation is offline from here
demo-genuine = genuine
demo-altered = altered
demo-failed = The demonstration cannot go on: { $why }
    .advice = Is there room, and may you write in the folder?
demo-token-failed = The token cannot be made: { $why }
    .advice = On Debian, install softhsm2 and opensc.
