# Səhifələr və şəkillər: HTML və SVG.

report-title = İmza yoxlamasının hesabatı
made-by = imza { $version } tərəfindən hazırlanıb. Sənədi, siyasəti və etibar dəsti olan hər kəs eyni hesabatı alır.

heading-judged = Nəyə əsasən yoxlanılıb
heading-path = İmzalayandan etibar lövbərinədək sertifikatlar
heading-every-check = Bütün yoxlamalar ({ $count })
heading-timeline = Vaxt oxu

column-check = Yoxlama
column-outcome = Nəticə
column-found = Tapılan
column-clause = Bənd
column-subject = Kimə verilib
column-issuer = Kim verib
column-valid = Müddəti
column-serial = Seriya nömrəsi

outcome-passed = Uyğundur
outcome-information = Məlumat üçün
outcome-skipped = Yoxlanılmayıb

policy-digest = Siyasət, SHA-256
trust-digest = Etibar dəsti, SHA-256
evidence-digest = Sübutlar, SHA-256

timeline-title = { NUMBER($index, type: "ordinal") ->
    [one] { $index }-ci imzanın vaxt oxu
    [few] { $index }-cü imzanın vaxt oxu
    [many] { $index }-cı imzanın vaxt oxu
   *[other] { $index }-cu imzanın vaxt oxu
}
timeline-note = Vaxtlar ardıcıllıqla düzülüb; məsafələr miqyasla deyil.
mark-claimed = imzalayanın sözünə görə imzalanıb
mark-provided = sizin sözünüzə görə mövcud idi
mark-judged = yoxlanılıb
mark-ends = bu vaxtadək etibarlıdır
bar-certificate = sertifikat
bar-authority = vaxt möhürü xidməti
bar-revocation = ləğvetmə məlumatı
bar-algorithm = alqoritm
span-both = { $from } – { $until }
span-from = { $from } tarixindən
span-until = { $until } tarixinədək
span-open = bitmə tarixi yoxdur
