# İnsanın okuduğu sayfa: etiketler, cümleler, sayılar ve tarihler.

headline-passed = { $count ->
    [1] İmza geçerli
   *[other] { $count } imzanın tümü geçerli
}
headline-failed = { $count ->
    [1] İmza geçersiz
   *[other] Toplam { $count } imzadan { $bad } imza geçersiz
}
headline-indeterminate = { $count ->
    [1] İmzanın geçerli olup olmadığı belirlenemiyor
   *[other] Toplam { $count } imzadan { $bad } imzanın geçerli olup olmadığı belirlenemiyor
}
headline-timestamp-passed = { $count ->
    [1] Zaman damgası geçerli
   *[other] { $count } zaman damgasının tümü geçerli
}
headline-timestamp-failed = Zaman damgası geçersiz
headline-timestamp-indeterminate = Zaman damgasının geçerli olup olmadığı belirlenemiyor
headline-nothing-signed = Burada imzalanmış bir şey yok
headline-not-processed = Belge işlenemedi
headline-lowered = ancak olağandan azını isteyen bir politikayla
headline-uncovered = ancak bütün dosyaları kapsamıyor
headline-by-evidence = kaydedilmiş kanıtlara göre

label-why = Neden
label-advice = Ne yapmalı
label-code = Kod
label-detail = Ayrıntı
label-document = Belge
label-judged = Doğrulama anı
label-policy = Politika
label-lowered = Gevşetildi
label-basis = Dayanak
label-trust = Güven
label-result = Sonuç
label-signed-by = İmzalayan
label-issued-by = Sertifikayı veren
label-proven = Kanıt
label-provided = Sizin beyanınız
label-claimed = Beyan
label-covers = Kapsam
label-integrity = Bütünlük
label-timestamp = Zaman damgası
label-stamped-by = Damgayı vuran
label-revision = Düzenleme
label-changed = Değişiklik
label-network = Ağ
label-outlook = Gelecekte
label-about = nesne
label-expected = beklenen
label-found = bulunan

outcome-failed = Sorun
outcome-warning = Uyarı

change-page = sayfa { $page }
change-field = alan { $name }
change-over = oradakini örtüyor veya açıyor
change-object = nesne { $object }

heading-document = Belgenin bütünü
heading-signature = { $index }. imza (toplam { $count })
heading-counter-signature = { $index }. imza (toplam { $count }), başka bir imzayı onaylıyor
heading-timestamp = Belgenin zaman damgası
heading-evidence-record = Belgenin kanıt kaydı
heading-files = Dosyalar

basis-evidence = belgenin kendisi değil, kaydedilmiş kanıtlar: belgenin özet değerleri olduğu gibi kabul edildi
trust-none = verilmedi; o olmadan hiçbir imza geçerli sayılamaz
trust-anchors = { $count } güven kaynağı
signer-unknown = bilinmiyor
time-unknown = zamanı yok
best-validation = imza { $time } tarihinde vardı: bunu bir zaman damgası kanıtlıyor
best-time-mark = imza { $time } tarihinde vardı: bunu OCSP yanıtındaki zaman işareti kanıtlar
best-provided = imza { $time } tarihinde vardı: bunu siz bildirdiniz
best-current = imzanın bu doğrulamadan önce atıldığını hiçbir şey kanıtlamıyor
claimed-time = { $time } (imzalayanın kendi sözü)
claimed-role = rol: { $value }
claimed-certified-role = öznitelik sertifikasına göre rol, doğrulanmadı: { $value }
claimed-assertion = bir beyana göre, doğrulanmadı: { $value }
claimed-unreadable = okunamıyor
claimed-without-name = rol belirtilmemiş
claimed-place = yer: { $value }
claimed-commitment = taahhüt: { $value }
claimed-policy = imza politikası: { $value }
claimed-policy-implied = koşullardan çıkarılır
claimed-notice = imza politikasının bildirimi: { $value }
claimed-specification = imza politikasının belirtimi: { $value }
claimed-name = ad: { $value }
claimed-reason = neden: { $value }
claimed-contact = iletişim: { $value }

kind-document = belge
kind-container = { $name } paketi
kind-pdf = PDF belgesi

revision-last = { $number }, sonuncusu
revision-before = { $number } / { $of }; imzalayan sonradan ekleneni görmedi
scope-partial = { $name } (kısmen)
scope-digest = { $name } (imzalı bir liste aracılığıyla)
scope-part = belgenin { $name } bölümü
scope-counter-signature = başka bir imza
scope-inside = imza dosyasının kendi içeriği
scope-missing = verilmemiş bir belge

file-covered = kapsanıyor
file-uncovered = geçerli hiçbir imza kapsamıyor

timestamp-content = imzadan önce içeriğe vurulmuş
timestamp-signature = imzaya vurulmuş
timestamp-validation-data = doğrulama verilerine vurulmuş
timestamp-archive = uzun süreli saklama için vurulmuş
timestamp-document = belgeye vurulmuş
timestamp-evidence-record = kanıt kaydı

level-always = her zaman belirleyici
level-fail = belirleyici
level-warn = yalnızca uyarı
level-inform = yalnızca bilgi
level-ignore = denetlenmiyor
departure = { $what }: { $here } (olağan: { $default })
departure-suite = algoritmalar
departure-unlimited = bilinen her algoritma, her zaman
departure-standard-suite = standardın izin verdiği gibi
departure-freshness = iptal bilgisinin yaşı
departure-auxiliary-freshness = hizmetlere ait iptal bilgisinin yaşı
departure-ades = gelişmiş elektronik imza kuralları
departure-apply = uygulanıyor
departure-omit = uygulanmıyor
freshness-next-update = bir sonraki yayının zamanına kadar
freshness-unbounded = sınır yok
freshness-after = { $span } ek süreden sonra verilmiş
freshness-seconds = { $count } saniye
freshness-hours = { $count } saat
freshness-days = { $count } gün

network-answered = yanıt verdi
network-offline = sorulmadı: çevrimdışı
network-unreachable = ulaşılamadı
network-timed-out = zamanında yanıt gelmedi
network-caps = sorulmadı: bu çalışmanın sorgu sınırı doldu
network-too-large = yanıt çok büyük
network-status = reddetti, durum { $status }
network-wrong-content = yanıt sorulan şey değil
network-declined = { $status ->
    [tryLater] hizmet meşgul, daha sonra sorulmasını istiyor (tryLater)
    [internalError] hizmetin kendi içinde bir hata var, şu anda yanıtlayamıyor (internalError)
    [unauthorized] hizmet bu sertifika hakkında yanıt vermiyor (unauthorized)
    [malformedRequest] hizmet soruyu anlamadı (malformedRequest)
    [sigRequired] hizmet yalnızca imzalı sorulara yanıt veriyor (sigRequired)
   *[other] hizmet yanıt vermedi, durum { $status }
}

outlook-renewed = iptal bilgisi alınabildikçe { $time } tarihine kadar geçerli
outlook-at-hand = yalnızca eldekilerle { $time } tarihine kadar
outlook-endless = iptal bilgisi alınabildikçe, eldeki hiçbir şey onu sona erdirmiyor
outlook-not-passed = şu anda geçerli sayılmıyor, bu yüzden bir bitiş tarihi yok
outlook-then = sonra: { $what } ({ $standard })
outlook-timestamp = { $time } tarihinden önce zaman damgası ve doğrulama verilerini ekleyin (LT düzeyi)
outlook-long-term = { $time } tarihinden önce doğrulama verilerini ekleyin (LT düzeyi)
outlook-archive = { $time } tarihinden önce arşiv zaman damgası ekleyin (LTA düzeyi)

size-bytes = { $count } bayt
size-kilobytes = { $amount } KB
size-megabytes = { $amount } MB
size-gigabytes = { $amount } GB
size-terabytes = { $amount } TB

moment = { $day } { $month ->
    [1] Ocak
    [2] Şubat
    [3] Mart
    [4] Nisan
    [5] Mayıs
    [6] Haziran
    [7] Temmuz
    [8] Ağustos
    [9] Eylül
    [10] Ekim
    [11] Kasım
   *[12] Aralık
} { $year }, { $time } UTC
