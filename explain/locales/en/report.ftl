# The page that a person reads: labels, sentences, numbers and dates.

headline-passed = { $count ->
    [one] The signature is valid
   *[other] All { $count } signatures are valid
}
headline-failed = { $count ->
    [one] The signature is not valid
   *[other] { $bad } of { $count } signatures { $bad ->
        [one] is
       *[other] are
    } not valid
}
headline-indeterminate = { $count ->
    [one] It cannot be told whether the signature is valid
   *[other] It cannot be told whether { $bad } of { $count } signatures { $bad ->
        [one] is
       *[other] are
    } valid
}
headline-timestamp-passed = { $count ->
    [one] The time-stamp is valid
   *[other] All { $count } time-stamps are valid
}
headline-timestamp-failed = A time-stamp is not valid
headline-timestamp-indeterminate = It cannot be told whether a time-stamp is valid
headline-nothing-signed = Nothing is signed here
headline-not-processed = The document could not be processed
headline-lowered = by a policy that demands less than the default
headline-uncovered = but not every file is covered
headline-by-evidence = by saved evidence

label-why = Why
label-advice = What to do
label-code = Code
label-detail = Detail
label-document = Document
label-judged = Judged at
label-policy = Policy
label-lowered = Lowered
label-basis = Basis
label-trust = Trust
label-result = Result
label-signed-by = Signed by
label-issued-by = Issued by
label-proven = Proven
label-provided = Given by you
label-claimed = Claimed
label-covers = Covers
label-integrity = Integrity
label-timestamp = Time-stamp
label-stamped-by = Stamped by
label-revision = Revision
label-changed = Changed
label-network = Network
label-outlook = Outlook
label-about = about
label-expected = expected
label-found = found

outcome-failed = Failed
outcome-warning = Warning

change-page = page { $page }
change-field = field { $name }
change-over = covers or uncovers what was there
change-object = object { $object }

heading-document = The document as a whole
heading-signature = Signature { $index } of { $count }
heading-counter-signature = Signature { $index } of { $count }, a counter-signature
heading-timestamp = Time-stamp of the document
heading-evidence-record = Evidence record of the document
heading-files = Files

basis-evidence = saved evidence without the document: the digests of the document are taken on trust
trust-none = none given; without it no signature can be valid
trust-anchors = { $count ->
    [one] { $count } trust anchor
   *[other] { $count } trust anchors
}
signer-unknown = not known
time-unknown = no time
best-validation = existed on { $time }: a time-stamp proves it
best-time-mark = existed on { $time }: a time mark proves it
best-provided = existed on { $time }: your own word
best-current = nothing proves that the signature is older than this judgement
claimed-time = { $time } (the signer's own word)
claimed-role = role: { $value }
claimed-certified-role = role by an attribute certificate, not verified: { $value }
claimed-assertion = by an assertion, not verified: { $value }
claimed-unreadable = cannot be read
claimed-without-name = no role is named
claimed-place = place: { $value }
claimed-commitment = commitment: { $value }
claimed-policy = signature policy: { $value }
claimed-policy-implied = follows from the circumstances
claimed-notice = notice of the signature policy: { $value }
claimed-specification = specification of the signature policy: { $value }
claimed-name = name: { $value }
claimed-reason = reason: { $value }
claimed-contact = contact: { $value }

kind-document = document
kind-container = { $name } container
kind-pdf = PDF document

revision-last = { $number }, the last one
revision-before = { $number } of { $of }; the signer did not see what came later
scope-partial = { $name } (in part)
scope-digest = { $name } (by its digest in a signed list)
scope-part = the part { $name } of the document
scope-counter-signature = another signature
scope-inside = what the signature file itself holds
scope-missing = a document that was not given

file-covered = covered
file-uncovered = no valid signature covers it

timestamp-content = of the content, before signing
timestamp-signature = of the signature
timestamp-validation-data = of the validation data
timestamp-archive = for long keeping
timestamp-document = of the document
timestamp-evidence-record = evidence record

level-always = always decides
level-fail = decides
level-warn = only a warning
level-inform = only information
level-ignore = not checked
departure = { $what }: { $here } (default: { $default })
departure-suite = algorithms
departure-unlimited = every known algorithm, at any time
departure-standard-suite = as the standard allows
departure-freshness = age of revocation data
departure-auxiliary-freshness = age of revocation data of services
departure-ades = rules for advanced electronic signatures
departure-apply = applied
departure-omit = not applied
freshness-next-update = until the next issue is due
freshness-unbounded = any age
freshness-after = issued after a grace period of { $span }
freshness-seconds = { $count ->
    [one] { $count } second
   *[other] { $count } seconds
}
freshness-hours = { $count ->
    [one] { $count } hour
   *[other] { $count } hours
}
freshness-days = { $count ->
    [one] { $count } day
   *[other] { $count } days
}

network-answered = answered
network-offline = not asked: offline
network-unreachable = cannot be reached
network-timed-out = no answer in time
network-caps = not asked: enough was asked in this run
network-too-large = the answer was too large
network-status = refused, status { $status }
network-wrong-content = the answer was not what was asked for
network-declined = { $status ->
    [tryLater] the service is busy and asks to be asked later (tryLater)
    [internalError] the service has an error inside and cannot answer now (internalError)
    [unauthorized] the service does not answer about this certificate (unauthorized)
    [malformedRequest] the service did not understand the question (malformedRequest)
    [sigRequired] the service answers signed questions only (sigRequired)
   *[other] the service gave no answer, status { $status }
}

outlook-renewed = passes until { $time }, as long as revocation data can be had
outlook-at-hand = with nothing but what is at hand, only until { $time }
outlook-endless = nothing that is at hand ends it, as long as revocation data can be had
outlook-not-passed = does not pass now, so there is no end to tell
outlook-then = then: { $what } ({ $standard })
outlook-timestamp = before { $time }, add a time-stamp and the validation data (level LT)
outlook-long-term = before { $time }, add the validation data (level LT)
outlook-archive = before { $time }, add an archive time-stamp (level LTA)

size-bytes = { $count ->
    [one] { $count } byte
   *[other] { $count } bytes
}
size-kilobytes = { $amount } KB
size-megabytes = { $amount } MB
size-gigabytes = { $amount } GB
size-terabytes = { $amount } TB

moment = { $day } { $month ->
    [1] January
    [2] February
    [3] March
    [4] April
    [5] May
    [6] June
    [7] July
    [8] August
    [9] September
    [10] October
    [11] November
   *[12] December
} { $year }, { $time } UTC
