# Tek başına sorulan sertifika: ne diyor ve geçerli mi.

certificate-passed = Sertifika geçerli
certificate-failed = Sertifika geçersiz
certificate-indeterminate = Sertifikanın geçerli olup olmadığı belirlenemiyor
certificate-not-processed = Sertifika okunamadı
certificate-note = Bunları sertifikanın kendisi söylüyor. Doğru olup olmadığını şu komut denetler: imza certificate validate.
certificate-report-title = Sertifika doğrulama raporu
certificate-made-by = imza { $version } ile hazırlandı. Sertifikası, aynı malzemesi, politikası ve güven kümesi olan herkes aynı raporu alır.

certificate-label-identifier = Tanımlayıcı
certificate-label-subject = Kime verildi
certificate-label-valid = Geçerlilik
certificate-label-for = Ne için
certificate-label-qualified = Nitelik
certificate-label-limit = Sınır
certificate-label-kept = Saklama
certificate-label-conditions = Koşullar
certificate-label-policies = Politikalar
certificate-label-names = Diğer adlar
certificate-label-key = Anahtar
certificate-label-algorithm = İmza algoritması
certificate-label-serial = Seri numarası
certificate-label-revocation = İptal
certificate-label-issuer-at = Verenin adresi
certificate-label-odd = Kural dışı

certificate-heading-path = Sertifikadan güven kaynağına zincir
certificate-heading-attempts = Denenen zincirler ({ $count })
certificate-more-attempts = kalanlar JSON raporunda
certificate-refusal = { $clause }: beklenen: { $expected }; bulunan: { $found }

certificate-nameless = adı olmayan sahip
certificate-identifier = { $value } ({ $kind }, { $country })
certificate-identifier-wrong = { $value } ({ $kind }, { $country }); denetim basamağı yanlış
certificate-identifier-kind = { $kind ->
    [PNO] ulusal kişi numarası
    [FIN] kişisel kimlik numarası (FIN)
    [VOEN] vergi mükellefi numarası (VÖEN)
    [IIN] bireysel kimlik numarası (IIN)
    [BIN] işletme kimlik numarası (BIN)
    [TCKN] T.C. kimlik numarası (TCKN)
    [VKN] vergi kimlik numarası (VKN)
    [IDC] kimlik kartı
    [PAS] pasaport
    [TAX] vergi numarası
    [TIN] vergi mükellefi numarası
    [VAT] KDV numarası
    [NTR] ticaret sicili
    [PSD] ödeme hizmeti sağlayıcısı
    [LEI] tüzel kişi tanımlayıcısı (LEI)
    [none] tanımlayıcı
   *[other] { $kind }
}
certificate-no-country = ülkesi belirtilmemiş
certificate-period = { $from } – { $until }
certificate-period-inside = { $time } tarihinde bu süre içinde
certificate-period-early = { $time } tarihinde henüz geçerli değil
certificate-period-over = { $time } tarihinde süresi dolmuş
certificate-authority = sertifika vermek (sertifika makamı)
certificate-type = { $type ->
    [esign] elektronik imza
    [eseal] elektronik mühür
    [web] web sitesi
   *[other] { $type }
}
certificate-any-use = anahtarın her kullanımı
certificate-usage = { $bit ->
    [digitalSignature] imza ve oturum açma (digitalSignature)
    [nonRepudiation] inkâr edilemez imza (nonRepudiation)
    [keyEncipherment] anahtar şifreleme (keyEncipherment)
    [dataEncipherment] veri şifreleme (dataEncipherment)
    [keyAgreement] anahtar anlaşması (keyAgreement)
    [keyCertSign] sertifika imzalama (keyCertSign)
    [cRLSign] iptal listesi imzalama (cRLSign)
    [encipherOnly] yalnızca şifreleme (encipherOnly)
    [decipherOnly] yalnızca şifre çözme (decipherOnly)
   *[other] { $bit }
}
certificate-purpose = { $purpose ->
    [any] her amaç
    [tls-server] TLS sunucuları
    [tls-client] oturum açma
    [code] program imzalama
    [mail] e-posta
    [timestamping] zaman damgası verme
    [ocsp] iptal durumunu yanıtlama (OCSP)
   *[documents] belge imzalama
}
certificate-policy = { $policy ->
    [any] her politika
    [qcp-n] nitelikli, gerçek kişi (QCP-n)
    [qcp-l] nitelikli, tüzel kişi (QCP-l)
    [qcp-n-qscd] nitelikli, gerçek kişi, nitelikli aygıt (QCP-n-qscd)
    [qcp-l-qscd] nitelikli, tüzel kişi, nitelikli aygıt (QCP-l-qscd)
    [qcp-w] nitelikli, web sitesi (QCP-w)
    [ncp] normalleştirilmiş (NCP)
    [ncp-plus] normalleştirilmiş, güvenli aygıt (NCP+)
   *[lcp] yalınlaştırılmış (LCP)
}
certificate-qualified-not = bu konuda bir şey söylemiyor
certificate-qualified-union = Avrupa Birliği hukukuna göre nitelikli olduğunu söylüyor
certificate-qualified-under = şu ülkenin hukukuna göre nitelikli olduğunu söylüyor: { $countries }
certificate-device = anahtarının nitelikli bir aygıtta olduğunu söylüyor
certificate-device-not = nitelikli bir aygıttan söz etmiyor
certificate-list-decides = belirleyici olan güven listesidir
certificate-retention = süresi dolduktan sonra { $count } yıl
certificate-bits = { $kind }, { $count } bit
certificate-revocation-not-needed = gerekmiyor: { $why }
certificate-revocation-unsaid = durumunun nereden öğrenileceğini söylemiyor
certificate-odd-at = { $what } (sekizli { $at })
certificate-trust-none = verilmedi; o olmadan hiçbir sertifika geçerli sayılamaz

-do-not-rely = Bu sertifikaya güvenmeyin. Sahibinden yenisini isteyin.

certificate-sub-no-certificate-chain-found = Güvendiğiniz hiçbir makam bu sertifikayı onaylamıyor.
    .advice = Güvendiğiniz makamın sertifikasını verin. Onu makamın kendisinden alın.
certificate-sub-no-certificate-chain-found-no-poe = Güven kaynağına bu anda artık güvenilmiyor.
    .advice = Makamdan şimdiki sertifikasını isteyin.
certificate-sub-certificate-chain-general-failure = Sertifika doğrulanamadı veya iptal edilmediğini hiçbir şey göstermiyor.
    .advice = Ağ bağlantısıyla yeniden deneyin veya iptal bilgisini kendiniz verin.
certificate-sub-chain-constraints-failure = Sertifika bu amaçla kullanılamaz.
    .advice = Sahibinden bu amaç için verilmiş bir sertifika isteyin veya başka bir amaç için doğrulayın.
certificate-sub-revoked-no-poe = Sertifika iptal edilmiş.
    .advice = { -do-not-rely }
certificate-sub-revoked-ca-no-poe = Üstündeki bir makamın sertifikası iptal edilmiş.
    .advice = { -do-not-rely }
certificate-sub-try-later = Daha yeni iptal bilgisi gerekiyor veya sertifika askıya alınmış.
    .advice = Yeni iptal bilgisinin alınabilmesi için daha sonra veya ağ bağlantısıyla yeniden deneyin.
certificate-sub-out-of-bounds-not-revoked = Sertifika bu anda geçerli değil; iptal edilmemiş.
    .advice = { -do-not-rely }
certificate-sub-out-of-bounds-no-poe = Sertifika bu anda geçerli değil.
    .advice = { -do-not-rely }
certificate-sub-revocation-out-of-bounds-no-poe = Sertifikaya dair bilgi veren hizmetin kendi sertifikasının süresi dolmuş.
    .advice = Yeni iptal bilgisinin alınabilmesi için ağ bağlantısıyla yeniden deneyin.
certificate-sub-crypto-constraints-failure-no-poe = Bir algoritma artık zayıf sayılıyor.
    .advice = { -do-not-rely }
certificate-sub-custom = Program bir sınırına ulaştı veya bilmediği bir şeyle karşılaştı.
    .advice = Sertifikayı başka bir programla da doğrulayın; neden, aşağıdaki satırlarda belirtiliyor.
