# İnsanın oxuduğu səhifə: başlıqlar, cümlələr, ədədlər və tarixlər.

headline-passed = { $count ->
    [1] İmza etibarlıdır
   *[other] Bütün imzalar etibarlıdır: { $count } imza
}
headline-failed = { $count ->
    [1] İmza etibarsızdır
   *[other] Etibarsız imza var: cəmi { $count } imzadan { $bad } imza etibarsızdır
}
headline-indeterminate = { $count ->
    [1] İmzanın etibarlı olub-olmadığını müəyyən etmək mümkün deyil
   *[other] Cəmi { $count } imzadan { $bad } imzanın etibarlı olub-olmadığını müəyyən etmək mümkün deyil
}
headline-timestamp-passed = { $count ->
    [1] Vaxt möhürü etibarlıdır
   *[other] Bütün vaxt möhürləri etibarlıdır: { $count } möhür
}
headline-timestamp-failed = Vaxt möhürü etibarsızdır
headline-timestamp-indeterminate = Vaxt möhürünün etibarlı olub-olmadığını müəyyən etmək mümkün deyil
headline-nothing-signed = Burada imzalanmış heç nə yoxdur
headline-not-processed = Sənədi yoxlamaq mümkün olmadı
headline-lowered = lakin adi qaydadan az tələb edən siyasətlə
headline-uncovered = lakin bütün faylları əhatə etmir
headline-by-evidence = saxlanmış sübutlara əsasən

label-why = Səbəb
label-advice = Nə etməli
label-code = Kod
label-detail = Təfərrüat
label-document = Sənəd
label-judged = Yoxlama vaxtı
label-policy = Siyasət
label-lowered = Yumşaldılıb
label-basis = Əsas
label-trust = Etibar
label-result = Nəticə
label-signed-by = İmzalayan
label-issued-by = Sertifikatı verən
label-proven = Sübut
label-provided = Sizin sözünüz
label-claimed = Bəyan edilib
label-covers = Əhatə edir
label-integrity = Bütövlük
label-timestamp = Vaxt möhürü
label-stamped-by = Möhürü vuran
label-revision = Redaksiya
label-changed = Dəyişiklik
label-network = Şəbəkə
label-outlook = Gələcəkdə
label-about = obyekt
label-expected = gözlənilən
label-found = tapılan

outcome-failed = Pozuntu
outcome-warning = Xəbərdarlıq

change-page = səhifə { $page }
change-field = sahə { $name }
change-over = əvvəlkini örtür və ya açır
change-object = obyekt { $object }

heading-document = Bütövlükdə sənəd
heading-signature = { NUMBER($index, type: "ordinal") ->
    [one] { $index }-ci imza (cəmi { $count })
    [few] { $index }-cü imza (cəmi { $count })
    [many] { $index }-cı imza (cəmi { $count })
   *[other] { $index }-cu imza (cəmi { $count })
}
heading-counter-signature = { NUMBER($index, type: "ordinal") ->
    [one] { $index }-ci imza (cəmi { $count }), təsdiqləyici imza
    [few] { $index }-cü imza (cəmi { $count }), təsdiqləyici imza
    [many] { $index }-cı imza (cəmi { $count }), təsdiqləyici imza
   *[other] { $index }-cu imza (cəmi { $count }), təsdiqləyici imza
}
heading-timestamp = Sənədin vaxt möhürü
heading-evidence-record = Sənədin sübut qeydi
heading-files = Fayllar

basis-evidence = sənədin özü yox, saxlanmış sübutlar: sənədin xülasə dəyərləri (heş) yoxlanılmadan qəbul edilib
trust-none = göstərilməyib; onsuz heç bir imza etibarlı sayıla bilməz
trust-anchors = { $count } etibar lövbəri
signer-unknown = məlum deyil
time-unknown = vaxtı yoxdur
best-validation = imza { $time } tarixində mövcud idi: bunu vaxt möhürü sübut edir
best-time-mark = imza { $time } tarixində mövcud idi: bunu OCSP cavabındakı vaxt qeydi sübut edir
best-provided = imza { $time } tarixində mövcud idi: bunu siz bildirmisiniz
best-current = imzanın bu yoxlamadan əvvəl qoyulduğunu heç nə sübut etmir
claimed-time = { $time } (imzalayanın öz sözüdür)
claimed-role = rol: { $value }
claimed-certified-role = atribut sertifikatı ilə rol, yoxlanılmayıb: { $value }
claimed-assertion = təsdiqləmə ilə, yoxlanılmayıb: { $value }
claimed-unreadable = oxunmur
claimed-without-name = rol göstərilməyib
claimed-place = yer: { $value }
claimed-commitment = öhdəlik: { $value }
claimed-policy = imza siyasəti: { $value }
claimed-policy-implied = şəraitdən irəli gəlir
claimed-notice = imza siyasətinin bildirişi: { $value }
claimed-specification = imza siyasətinin spesifikasiyası: { $value }
claimed-name = ad: { $value }
claimed-reason = səbəb: { $value }
claimed-contact = əlaqə: { $value }

kind-document = sənəd
kind-container = { $name } konteyneri
kind-pdf = PDF sənədi

revision-last = { $number } (sonuncu)
revision-before = { $number } / { $of }; sonra əlavə olunanı imzalayan görməyib
scope-partial = { $name } (qismən)
scope-digest = { $name } (imzalanmış siyahı vasitəsilə)
scope-part = sənədin { $name } hissəsi
scope-counter-signature = başqa bir imza
scope-inside = imza faylının öz məzmunu
scope-missing = təqdim edilməmiş sənəd

file-covered = əhatə olunub
file-uncovered = heç bir etibarlı imza onu əhatə etmir

timestamp-content = imzadan əvvəl məzmuna vurulub
timestamp-signature = imzaya vurulub
timestamp-validation-data = yoxlama məlumatlarına vurulub
timestamp-archive = uzunmüddətli saxlama üçün vurulub
timestamp-document = sənədə vurulub
timestamp-evidence-record = sübut qeydi

level-always = həmişə həlledicidir
level-fail = həlledicidir
level-warn = yalnız xəbərdarlıq edilir
level-inform = yalnız məlumat verilir
level-ignore = yoxlanılmır
departure = { $what }: { $here } (adi qaydada: { $default })
departure-suite = alqoritmlər
departure-unlimited = tanınan bütün alqoritmlər, istənilən vaxt
departure-standard-suite = standartın icazə verdiyi kimi
departure-freshness = ləğvetmə məlumatının yaşı
departure-auxiliary-freshness = xidmətlər barədə ləğvetmə məlumatının yaşı
departure-ades = gücləndirilmiş elektron imza qaydaları
departure-apply = tətbiq edilir
departure-omit = tətbiq edilmir
freshness-next-update = növbəti buraxılışın vaxtınadək
freshness-unbounded = məhdudiyyət yoxdur
freshness-after = { $span } güzəşt müddətindən sonra verilmiş
freshness-seconds = { $count } saniyə
freshness-hours = { $count } saat
freshness-days = { $count } gün

network-answered = cavab verdi
network-offline = soruşulmadı: şəbəkəsiz rejim
network-unreachable = əlaqə yaratmaq mümkün olmadı
network-timed-out = vaxtında cavab gəlmədi
network-caps = soruşulmadı: sorğuların həddi dolub
network-too-large = cavab həddən artıq böyükdür
network-status = imtina etdi, status { $status }
network-wrong-content = cavab soruşulana uyğun deyil
network-declined = { $status ->
    [tryLater] xidmət məşğuldur, sonra soruşmağı xahiş edir (tryLater)
    [internalError] xidmətin daxilində xəta var, indi cavab verə bilmir (internalError)
    [unauthorized] xidmət bu sertifikat barədə cavab vermir (unauthorized)
    [malformedRequest] xidmət sorğunu anlamadı (malformedRequest)
    [sigRequired] xidmət yalnız imzalanmış sorğulara cavab verir (sigRequired)
   *[other] xidmət cavab vermədi, status { $status }
}

outlook-renewed = ləğvetmə məlumatı alına bildikcə, { $time } tarixinədək etibarlıdır
outlook-at-hand = yalnız əldə olanlarla { $time } tarixinədək
outlook-endless = ləğvetmə məlumatı alına bildikcə, əldə olan heç nə onun müddətini bitirmir
outlook-not-passed = indi etibarlı sayılmır, ona görə bitmə tarixi də yoxdur
outlook-then = sonra: { $what } ({ $standard })
outlook-timestamp = { $time } tarixindən əvvəl vaxt möhürü və yoxlama məlumatları əlavə edin (LT səviyyəsi)
outlook-long-term = { $time } tarixindən əvvəl yoxlama məlumatları əlavə edin (LT səviyyəsi)
outlook-archive = { $time } tarixindən əvvəl arxiv vaxt möhürü əlavə edin (LTA səviyyəsi)

size-bytes = { $count } bayt
size-kilobytes = { $amount } KB
size-megabytes = { $amount } MB
size-gigabytes = { $amount } GB
size-terabytes = { $amount } TB

moment = { $day } { $month ->
    [1] yanvar
    [2] fevral
    [3] mart
    [4] aprel
    [5] may
    [6] iyun
    [7] iyul
    [8] avqust
    [9] sentyabr
    [10] oktyabr
    [11] noyabr
   *[12] dekabr
} { $year }, { $time } UTC
