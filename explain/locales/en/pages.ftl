# Pages and pictures: HTML and SVG.

report-title = Signature validation report
made-by = Made by imza { $version }. Whoever has the document, the policy and the trust set gets the same report.

heading-judged = How it was judged
heading-path = Certificates, from the signer to the trust anchor
heading-every-check = Every check ({ $count })
heading-timeline = Timeline

column-check = Check
column-outcome = Outcome
column-found = Found
column-clause = Clause
column-subject = Issued to
column-issuer = Issued by
column-valid = Valid
column-serial = Serial number

outcome-passed = Holds
outcome-information = For information
outcome-skipped = Not made

policy-digest = Policy, SHA-256
trust-digest = Trust set, SHA-256
evidence-digest = Evidence, SHA-256

timeline-title = Timeline of signature { $index }
timeline-note = Times stand in their order; distances are not to scale.
mark-claimed = signed, by the signer’s own word
mark-provided = existed, by your own word
mark-judged = judged
mark-ends = passes until then
bar-certificate = certificate
bar-authority = time-stamping authority
bar-revocation = revocation data
bar-algorithm = algorithm
span-both = { $from } to { $until }
span-from = from { $from }
span-until = until { $until }
span-open = without an end date
