# Sayfalar ve çizimler: HTML ve SVG.

report-title = İmza doğrulama raporu
made-by = imza { $version } ile hazırlandı. Belgesi, politikası ve güven kümesi olan herkes aynı raporu alır.

heading-judged = Neye göre değerlendirildi
heading-path = İmzalayandan güven kaynağına sertifikalar
heading-every-check = Bütün denetimler ({ $count })
heading-timeline = Zaman çizelgesi

column-check = Denetim
column-outcome = Sonuç
column-found = Bulunan
column-clause = Madde
column-subject = Kime verildi
column-issuer = Kim verdi
column-valid = Geçerlilik
column-serial = Seri numarası

outcome-passed = Uygun
outcome-information = Bilgi için
outcome-skipped = Yapılmadı

policy-digest = Politika, SHA-256
trust-digest = Güven kümesi, SHA-256
evidence-digest = Kanıtlar, SHA-256

timeline-title = { $index }. imzanın zaman çizelgesi
timeline-note = Zamanlar sırayla durur; aralıklar ölçekli değildir.
mark-claimed = imzalayanın beyanına göre imzalandı
mark-provided = sizin beyanınıza göre vardı
mark-judged = değerlendirildi
mark-ends = o zamana kadar geçerli
bar-certificate = sertifika
bar-authority = zaman damgası yetkilisi
bar-revocation = iptal bilgisi
bar-algorithm = algoritma
span-both = { $from } – { $until }
span-from = { $from } tarihinden beri
span-until = { $until } tarihine kadar
span-open = bitiş tarihi yok
