# What the command says besides reports.

command-doing = { $doing }. { $reason }

io-not-found = no such file or folder
io-permission-denied = you may not read or write it
io-is-a-folder = it is a folder
io-already-exists = it exists already
io-full = the disk is full

form-missing = Reports in the form { $form } are not there yet
    .advice = Use --report text or --report json.
encrypted-missing = Encrypted documents are not there yet
    .advice = Leave --password-file out.
detached-for-one = --detached belongs to one document
    .advice = Verify the documents one by one.
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
not-twice = The document cannot be read a second time
    .advice = Leave --document-digest out, or give the document as a file.
not-a-time = { $option } is not a time: { $text }
    .advice = Write it as 2026-03-01T12:00:00Z or with an offset, 2026-03-01T16:00:00+04:00.
no-policy = There is no policy { $name }: { $why }
    .advice = Built in are default, rfc5280 and historic; anything else is a JSON file.
not-a-policy = { $name } is not a policy: { $why }
    .advice = The page policies of the manual describes the form.
trust-for = --trust-for { $text } cannot be understood
    .advice = Write --trust-for signing=PATH, timestamping=PATH or ocsp=PATH.
not-trust = { $name } holds no certificate: { $why }
    .advice = Trust files hold certificates in PEM, DER or PKCS #7.
not-evidence = { $name } is no evidence: { $why }
    .advice = Evidence files hold certificates, CRLs or OCSP responses.
not-a-key = { $name } is no key: { $why }
    .advice = --key takes a certificate or a public key, in PEM or DER.
left-out-trust = { $name }: not a certificate, left out
left-out-signed = { $name }: a signed message, left out
name-the-documents = Name the documents in it: imza verify { $names }
left-out-evidence = { $name }: no certificate, CRL or OCSP response, left out
left-out-unreadable = { $name }: { $why }, left out
level-needs-authority = Levels t and lt need a time-stamping authority
    .advice = Name one with --tsa URL, or sign with --level b.
not-an-identifier = --certificate { $text } is not an identifier
    .advice = Write its hexadecimal digits, such as 01 or 45:0A.
pin-variable = The environment has no variable { $name }
    .advice = Set it to the PIN, or leave --pin-env out to be asked.
pin-file = { $name } cannot be read: { $why }
    .advice = Name a file that holds the PIN on one line.
pin-terminal = The PIN cannot be asked for: { $why }
    .advice = Without a terminal, use --pin-env NAME or --pin-file FILE.
pin-prompt = PIN
signed = signed: { $name }

doing-signing = No signature was made
doing-writing = The container cannot be written
doing-inspecting = { $name } cannot be inspected
doing-digesting = The document cannot be digested
