# Təklikdə soruşulan sertifikat: nə deyir və etibarlıdırmı.

certificate-passed = Sertifikat etibarlıdır
certificate-failed = Sertifikat etibarsızdır
certificate-indeterminate = Sertifikatın etibarlı olub-olmadığını müəyyən etmək mümkün deyil
certificate-not-processed = Sertifikatı oxumaq mümkün olmadı
certificate-note = Bunları sertifikatın özü deyir. Doğru olub-olmadığını bu əmr yoxlayır: imza certificate validate.
certificate-report-title = Sertifikat yoxlamasının hesabatı
certificate-made-by = imza { $version } tərəfindən hazırlanıb. Sertifikatı, həmin materialı, siyasəti və etibar dəsti olan hər kəs eyni hesabatı alır.

certificate-label-identifier = İdentifikator
certificate-label-subject = Kimə verilib
certificate-label-valid = Müddəti
certificate-label-for = Nə üçün
certificate-label-qualified = Kvalifikasiya
certificate-label-limit = Hədd
certificate-label-kept = Saxlanma
certificate-label-conditions = Şərtlər
certificate-label-policies = Siyasətlər
certificate-label-names = Digər adlar
certificate-label-key = Açar
certificate-label-algorithm = İmza alqoritmi
certificate-label-serial = Seriya nömrəsi
certificate-label-revocation = Ləğvetmə
certificate-label-issuer-at = Verənin ünvanı
certificate-label-odd = Qaydadankənar

certificate-heading-path = Sertifikatdan etibar lövbərinədək zəncir
certificate-heading-attempts = Sınanmış zəncirlər ({ $count })
certificate-more-attempts = qalanları JSON hesabatındadır
certificate-refusal = { $clause }: gözlənilən: { $expected }; tapılan: { $found }

certificate-nameless = adsız sahib
certificate-identifier = { $value } ({ $kind }, { $country })
certificate-identifier-wrong = { $value } ({ $kind }, { $country }); yoxlama rəqəmi səhvdir
certificate-identifier-kind = { $kind ->
    [PNO] milli şəxsi nömrə
    [FIN] fərdi identifikasiya nömrəsi (FİN)
    [VOEN] vergi ödəyicisinin nömrəsi (VÖEN)
    [IIN] fərdi identifikasiya nömrəsi (IIN)
    [BIN] biznes identifikasiya nömrəsi (BIN)
    [TCKN] şəxsiyyət nömrəsi (TCKN)
    [VKN] vergi nömrəsi (VKN)
    [IDC] şəxsiyyət vəsiqəsi
    [PAS] pasport
    [TAX] vergi nömrəsi
    [TIN] vergi ödəyicisinin nömrəsi
    [VAT] ƏDV nömrəsi
    [NTR] ticarət reyestri
    [PSD] ödəniş xidmətləri təminatçısı
    [LEI] hüquqi şəxsin identifikatoru (LEI)
    [none] identifikator
   *[other] { $kind }
}
certificate-no-country = ölkəsi göstərilməyib
certificate-period = { $from } – { $until }
certificate-period-inside = { $time } tarixində bu müddətin içindədir
certificate-period-early = { $time } tarixində hələ qüvvədə deyil
certificate-period-over = { $time } tarixində müddəti artıq bitib
certificate-authority = sertifikat vermək (sertifikat mərkəzi)
certificate-type = { $type ->
    [esign] elektron imza
    [eseal] elektron möhür
    [web] veb-sayt
   *[other] { $type }
}
certificate-any-use = açarın istənilən istifadəsi
certificate-usage = { $bit ->
    [digitalSignature] imza və giriş (digitalSignature)
    [nonRepudiation] inkar edilə bilməyən imza (nonRepudiation)
    [keyEncipherment] açarların şifrələnməsi (keyEncipherment)
    [dataEncipherment] məlumatın şifrələnməsi (dataEncipherment)
    [keyAgreement] açar razılaşdırılması (keyAgreement)
    [keyCertSign] sertifikatların imzalanması (keyCertSign)
    [cRLSign] ləğvetmə siyahılarının imzalanması (cRLSign)
    [encipherOnly] yalnız şifrələmə (encipherOnly)
    [decipherOnly] yalnız şifrənin açılması (decipherOnly)
   *[other] { $bit }
}
certificate-purpose = { $purpose ->
    [any] istənilən məqsəd
    [tls-server] TLS serverləri
    [tls-client] sistemlərə giriş
    [code] proqramların imzalanması
    [mail] elektron poçt
    [timestamping] vaxt möhürü vermək
    [ocsp] ləğvetmə barədə cavab vermək (OCSP)
   *[documents] sənədlərin imzalanması
}
certificate-policy = { $policy ->
    [any] istənilən siyasət
    [qcp-n] kvalifikasiyalı, fiziki şəxs (QCP-n)
    [qcp-l] kvalifikasiyalı, hüquqi şəxs (QCP-l)
    [qcp-n-qscd] kvalifikasiyalı, fiziki şəxs, kvalifikasiyalı qurğu (QCP-n-qscd)
    [qcp-l-qscd] kvalifikasiyalı, hüquqi şəxs, kvalifikasiyalı qurğu (QCP-l-qscd)
    [qcp-w] kvalifikasiyalı, veb-sayt (QCP-w)
    [ncp] normallaşdırılmış (NCP)
    [ncp-plus] normallaşdırılmış, təhlükəsiz qurğu (NCP+)
   *[lcp] sadələşdirilmiş (LCP)
}
certificate-qualified-not = bu barədə heç nə demir
certificate-qualified-union = Avropa İttifaqının qanununa görə kvalifikasiyalı olduğunu deyir
certificate-qualified-under = bu ölkənin qanununa görə kvalifikasiyalı olduğunu deyir: { $countries }
certificate-device = açarının kvalifikasiyalı qurğuda olduğunu deyir
certificate-device-not = kvalifikasiyalı qurğu barədə heç nə demir
certificate-list-decides = həlledici olan etibar siyahısıdır
certificate-retention = müddəti bitdikdən sonra { $count } il
certificate-bits = { $kind }, { $count } bit
certificate-revocation-not-needed = tələb olunmur: { $why }
certificate-revocation-unsaid = vəziyyətinin harada yoxlanıldığını demir
certificate-odd-at = { $what } (oktet { $at })
certificate-trust-none = göstərilməyib; onsuz heç bir sertifikat etibarlı sayıla bilməz

-do-not-rely = Bu sertifikata etibar etməyin. Sahibindən yenisini istəyin.

certificate-sub-no-certificate-chain-found = Etibar etdiyiniz heç bir mərkəz bu sertifikatı təsdiq etmir.
    .advice = Etibar etdiyiniz sertifikat mərkəzinin sertifikatını təqdim edin. Onu mərkəzin özündən alın.
certificate-sub-no-certificate-chain-found-no-poe = Etibar lövbərinə bu vaxt artıq etibar edilmir.
    .advice = Mərkəzdən indiki sertifikatını istəyin.
certificate-sub-certificate-chain-general-failure = Sertifikatı yoxlamaq mümkün olmadı və ya ləğv edilmədiyini heç nə təsdiq etmir.
    .advice = İnternetə qoşulub yenidən yoxlayın və ya ləğvetmə məlumatını özünüz təqdim edin.
certificate-sub-chain-constraints-failure = Sertifikatdan bu məqsədlə istifadə etmək olmaz.
    .advice = Sahibindən bu məqsəd üçün verilmiş sertifikat istəyin və ya başqa məqsədlə yoxlayın.
certificate-sub-revoked-no-poe = Sertifikat ləğv edilib.
    .advice = { -do-not-rely }
certificate-sub-revoked-ca-no-poe = Ondan yuxarıdakı sertifikat mərkəzinin sertifikatı ləğv edilib.
    .advice = { -do-not-rely }
certificate-sub-try-later = Daha yeni ləğvetmə məlumatı lazımdır və ya sertifikatın qüvvəsi dayandırılıb.
    .advice = Yeni ləğvetmə məlumatı almaq üçün bir qədər sonra və ya internetə qoşulub yenidən yoxlayın.
certificate-sub-out-of-bounds-not-revoked = Sertifikat bu vaxt qüvvədə deyil; ləğv edilməyib.
    .advice = { -do-not-rely }
certificate-sub-out-of-bounds-no-poe = Sertifikat bu vaxt qüvvədə deyil.
    .advice = { -do-not-rely }
certificate-sub-revocation-out-of-bounds-no-poe = Sertifikat barədə məlumat verən xidmətin öz sertifikatının müddəti bitib.
    .advice = Yeni ləğvetmə məlumatı almaq üçün internetə qoşulub yenidən yoxlayın.
certificate-sub-crypto-constraints-failure-no-poe = Alqoritm artıq zəif sayılır.
    .advice = { -do-not-rely }
certificate-sub-custom = Proqram öz hədlərindən birinə çatıb və ya tanımadığı bir şeyə rast gəlib.
    .advice = Sertifikatı başqa proqramla da yoxlayın; səbəb aşağıdakı sətirlərdə göstərilib.
