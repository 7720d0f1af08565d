# Əmrin hesabatlardan başqa dedikləri.

command-doing = { $doing }. { $reason }

io-not-found = belə fayl və ya qovluq yoxdur
io-permission-denied = oxumağa və ya yazmağa icazəniz yoxdur
io-is-a-folder = bu, qovluqdur
io-already-exists = artıq mövcuddur
io-full = diskdə yer qalmayıb

form-of-documents = { $form } formasında hesabat imza barədədir; təklikdə sertifikat üçün belə forma yoxdur
    .advice = --report text, json və ya html istifadə edin.
detached-for-one = --detached yalnız bir sənədlə işlədilir
    .advice = Sənədləri bir-bir yoxlayın.
form-for-one = HTML, SVG və ya XML hesabatı yalnız bir sənəd barədədir
    .advice = Sənədləri bir-bir yoxlayın, hər birinin öz hesabatı olsun.
evidence-for-one = --save-evidence yalnız bir sənədlə işlədilir
    .advice = Sənədləri bir-bir yoxlayın.
unreadable = { $name } oxuna bilmir: { $why }
    .advice = Ad düzgün yazılıb?
unwritable = { $name } yazıla bilmir: { $why }
    .advice = Yer varmı və ora yazmağa icazəniz varmı?
output-unwritable = Standart çıxışa yazmaq mümkün deyil: { $why }
    .advice = -o ilə fayl göstərin.
exists = { $name } artıq mövcuddur
    .advice = -o ilə başqa ad seçin və ya --force ilə əvəz edin.
no-random = Kompüter təsadüfi ədəd vermir: { $why }
    .advice = Yenidən cəhd edin; təkrarlanarsa, sistem düzgün qurulmayıb.
key-not-shown = { $name } gizli açardır: onun heç nəyi göstərilmir
    .advice = Onun açıq hissəsi: openssl pkey -in { $name } -pubout | imza inspect /dev/stdin
store-not-shown = { $name } açar saxlayıcısıdır (PKCS #12): onun heç nəyi göstərilmir
    .advice = Onun sertifikatları: openssl pkcs12 -in { $name } -nokeys | imza inspect /dev/stdin
written = yazıldı: { $name }
progress-verifying = yoxlanılır
progress-signing = imzalanır
doing-documents = { $doing }, sənədlər: { $documents }
not-twice = Sənədi ikinci dəfə oxumaq mümkün deyil
    .advice = --document-digest seçimini yazmayın və ya sənədi fayl kimi verin.
judge-takes-no-more = imza judge yalnız saxlanmış sübutların içindəkini götürür
    .advice = --evidence seçimini yazmayın və ya sənədi imza verify ilə yenidən yoxlayın.
not-evidence = { $name } saxlanmış sübut deyil: { $why }
    .advice = Əvvəl imza verify --save-evidence əmrinin yazdığı faylı, sonra sənədi göstərin.
other-document = Sübut başqa sənədə və ya onun yanındakı başqa fayllara aiddir
    .advice = Bu sənədi imza verify ilə yenidən yoxlayın.
doing-reading = Sənədi oxumaq mümkün olmadı
policy-is = { $name } siyasətdir
policy-lowers = standart siyasətdən az tələb edir: { $name }: { $here } (standart: { $default })
policy-ineffective = təsiri yoxdur: { $name } həmişə yoxlanılır
trust-empty = Fayla yazılacaq etibar lövbəri yoxdur
    .advice = Sertifikatları --trust FAYL və ya --trust-for MƏQSƏD=FAYL ilə göstərin.
doing-bundle = Etibar toplusu yazıla bilmədi
bundle-key = Bu açar etibar toplusunu imzalaya bilmir
    .advice = PEM formasında parolsuz gizli açar götürün: P-256, P-384, P-521, Ed25519 və ya RSA.
not-a-bundle = { $name } etibar toplusu deyil
    .advice = Onu imza trust build yazır; sertifikatları imza inspect { $name } göstərir.
bundle-signed = { $name }: bu açarla imzalanıb
bundle-other-key = { $name }: başqa açarla imzalanıb; ona həmin şəxsinki kimi etibar etməyin
bundle-unsigned = { $name }: heç kim imzalamayıb
not-a-time = { $option } vaxt deyil: { $text }
    .advice = Belə yazın: 2026-03-01T12:00:00Z, yaxud saat qurşağı ilə: 2026-03-01T16:00:00+04:00.
no-policy = { $name } adlı siyasət yoxdur: { $why }
    .advice = Hazır siyasətlər bunlardır: default, strict, archive, eu-basic, rfc5280, historic; qalanları JSON faylıdır.
not-a-policy = { $name } siyasət faylı deyil: { $why }
    .advice = Faylın forması təlimatın «policies» səhifəsində təsvir olunub.
trust-for = --trust-for { $text } anlaşılmadı
    .advice = --trust-for signing=YOL, timestamping=YOL və ya ocsp=YOL yazın.
left-out-trust = { $name }: sertifikat deyil, nəzərə alınmadı
left-out-signed = { $name }: imzalanmış ismarışdır, nəzərə alınmadı
nothing-in-folder = { $name } qovluğunda imzalanmış sənəd yoxdur
    .advice = Sənədləri, yaxud içində konteyner, PDF, XML və ya imza faylları olan qovluğu göstərin.
passed-over = { $name } qovluğunda imzalanmış sənəd olmadığı üçün nəzərə alınmayan fayllar: { $count }
left-out-evidence = { $name }: sertifikat, CRL və ya OCSP cavabı deyil, nəzərə alınmadı
left-out-unreadable = { $name }: { $why }, nəzərə alınmadı
level-needs-authority = t və lt səviyyələri üçün vaxt möhürü xidməti lazımdır
    .advice = Onu --tsa URL ilə göstərin və ya --level b ilə imzalayın.
format-for-one = İmzanın bu forması bir sənədi əhatə edir
    .advice = Sənədləri bir-bir və ya birlikdə --format asic-e ilə imzalayın.
attached-is-cades = --attached yalnız --format cades ilə işləyir
    .advice = Konteyner sənədləri onsuz da saxlayır: --attached yazmayın.
nothing-to-extract = Sənəddə fayl yoxdur
    .advice = Fayllar konteynerlərdən, həm də imzaladığını özündə saxlayan XML və CMS imzalarından çıxarılır.
not-in-container = Sənəddə { $name } faylı yoxdur
    .advice = Hansı faylların olduğunu imza container list göstərir.
one-file-alone = -o bir fayl göstərir, sənəddə isə bir neçəsi var
    .advice = Hansını istədiyinizi adı ilə göstərin və ya hamısını -C ilə qovluğa çıxarın.
revision-missing = PDF-in hansı redaksiyası?
    .advice = Onu --revision ilə, faylı isə -o ilə göstərin; sayını imza pdf revisions bildirir.
name-leads-outside = { $name } qovluqdan kənara yazılardı
    .advice = Heç nə yazılmadı. Kimin düzəltdiyini bilməyincə bu konteynerdən istifadə etməyin.
content-broken = { $name } imzalanmış məzmun deyil
    .advice = Heç nə yazılmadı. Göndərəndən sənədi yenidən istəyin.
written-unsigned = yazıldı, amma heç bir bütöv imza əhatə etmir: { $name }
container-file = { $name } (bayt: { $size }, bütöv imza: { $count })
doing-container = Konteyner dəyişdirilmədi
packaging-is-xades = --packaging yalnız --format xades ilə işləyir
manifest-is-detached = --manifest yalnız --packaging detached ilə işləyir
assertion-is-xades = --signed-assertion yalnız XAdES imzaları ilə işləyir
    .advice = --format yazmayın və ya --format xades yazın.
key-not-for-xml = XML imzalarında { $algorithm } üçün razılaşdırılmış ad yoxdur
    .advice = --format asic-e-cades, asic-s, cades və ya pades ilə imzalayın.
commitment-is-an-oid = CMS və PDF imzalarında --commitment siyahıdakı sözlərdən biri, məsələn approval, ya da OID olur
commitment-document = { $text }: XAdES imzasının imzaladığı belə bir sənəd yoxdur
commitment-or-reason = PDF imzasında ya --reason, ya da --commitment olur
content-hint-is-cades = --content-hint yalnız CAdES imzalarına aiddir
    .advice = Onu yazmayın və ya konteynerdə, yaxud --format xades ilə imzalayın.
signature-policy-is-an-oid = CMS və PDF imzalarında --signature-policy OID olur
    .advice = Onu yazmayın və ya konteynerdə, yaxud --format xades ilə imzalayın.
signature-policy-file = Adı çəkilən imza siyasəti öz sənədinin həş qiyməti ilə birlikdə imzalanır
    .advice = Sənədi --signature-policy-file ilə göstərin və ya sənədsiz --signature-policy implied yazın.
signature-policy-store-not-here = PDF imzası imza siyasətinin sənədini saxlamır
    .advice = --signature-policy-store yazmayın və ya konteynerdə, yaxud --format xades və ya cades ilə imzalayın.
content-timestamp-not-here = --content-timestamp PDF fayllarına və CMS-də imzanın imzasına aid deyil
    .advice = Onu yazmayın və ya konteynerdə, yaxud --format xades ilə imzalayın.
place-is-location = --place PDF-ə aid deyil
    .advice = Harada imzaladığınızı --location ilə bildirin.
not-a-part-of-a-place = --place { $text } yerin hissəsi deyil
    .advice = Hər hissəni bir dəfə yazın: --place country=AZ --place town=Bakı; həmçinin region, postal-code və street.
options-of-pdf = --reason, --location, --contact, --field, --visible və --certify yalnız PDF imzalarına aiddir
    .advice = Onları yazmayın və ya bir PDF-i --format pades ilə imzalayın.
not-a-place = --visible { $text } yer deyil
    .advice = Belə yazın: page=1,at=36x36x220x64 (soldan, aşağıdan, en və hündürlük, punktla).
no-font = Görünən imza üçün şrift tapılmadı
    .advice = Hərfləriniz olan TrueType şriftini --font FAYL ilə göstərin.
visible-signer = İmzalayan: { $name }
visible-time = Vaxt: { $time }
augmented = gücləndirildi: { $name }
progress-augmenting = gücləndirilir
doing-augmenting = Heç nə gücləndirilmədi
timestamped = vaxt möhürü vuruldu: { $name }, { $time }, { $host }
authority-passed-over = cavab alınmadı: { $name }
doing-timestamping = Vaxt möhürü vurulmadı
progress-archiving = arxiv oxunur
doing-archiving = Arxiv olduğu kimi qaldı
archived = qorunan fayllar: { $count }, { $name }
archive-nothing-new = { $name }: yeni fayl yoxdur
archive-renewed = yeniləndi: { $name }
archive-incomplete = { $name }: ən yeni zaman möhürünü onu verənin sertifikatı bitəndən sonra yoxlamaq üçün lazım olanlar əldə edilmədi: { $why }
archive-intact = { $count } fayl { $time } tarixində olduğu kimidir
archive-open = { $name } hələlik heç nəyi sübut etmir: { $why }
archive-changed = dəyişdirilib: { $name }
archive-missing = yoxdur: { $name }
archive-unprotected = arxivdə deyil: { $name }
nothing-about = sənəddə { $name } haqqında heç nə yoxdur: burada onu heç kim imzalamayıb
archive-unlisted = { $name }: əvvəlki versiyadandır; hansı faylların olduğu və adları sübut edilmir
archive-doubtful = itmiş iki faylın yerində ola bilər: { $name }
not-an-archive = { $name } qovluğunda arxiv yoxdur
    .advice = Onu imza archive add yaradır.
not-in-archive = { $name } arxivdə yoxdur
    .advice = Onu imza archive add ilə əlavə edin.
archive-damaged = { $name } imza archive əmrinin yazdığı kimi deyil
    .advice = Onu nüsxədən bərpa edin: onsuz heç nəyi sübut etmək olmaz.
not-an-identifier = --certificate { $text } identifikator deyil
    .advice = Onaltılıq rəqəmlərini yazın, məsələn, 01 və ya 45:0A.
not-an-oid = --initial-policy { $text } obyekt identifikatoru deyil
    .advice = Nöqtələrlə yazın, məsələn, 0.4.0.194112.1.2.
wrong-material = { $option } { $name }: içində bu növdən heç nə yoxdur
    .advice = Sertifikatlar --untrusted, CRL-lər --crl, OCSP cavabları --ocsp ilə verilir.
pin-prompt = PIN
signed = imzalandı: { $name }

doing-signing = İmza yaradılmadı
doing-writing = Konteyneri yazmaq mümkün olmadı
doing-inspecting = { $name } faylına baxmaq mümkün olmadı
doing-digesting = Sənədin xülasə dəyəri (heş) hesablanmadı
no-revision = { $number } nömrəli redaksiya yoxdur: sənəddə { $count } redaksiya var

# Yerində olmayan fayllar.

kind = { $kind ->
    [empty] boş fayl
    [certificate] sertifikat
    [certificates] sertifikatlar faylı
    [crl] ləğv edilmiş sertifikatların siyahısı
    [ocsp-response] OCSP cavabı
    [timestamp-token] vaxt möhürü
    [timestamp-response] vaxt möhürü xidmətinin cavabı
    [evidence-record] sübut qeydi
    [public-key] açıq açar
    [private-key] gizli açar
    [key-store] açar saxlayıcısı (PKCS #12)
    [certificate-request] sertifikat sorğusu
    [signed-message] imzalanmış ismarış (CMS)
    [container] konteyner və ya başqa ZIP faylı
    [pdf] PDF sənədi
    [xml] XML sənədi
    [trusted-list] etibar siyahısı
    [evidence] saxlanmış sübutlar
    [report] hesabat
    [json] JSON
   *[other] başqa növ fayl
}
takes = { $place ->
    [trust] PEM, DER və ya PKCS #7 formasında sertifikatlar
    [evidence] PEM və ya DER formasında sertifikatlar, CRL və OCSP cavabları
    [key] PEM və ya DER formasında sertifikat, yaxud açıq açar
   *[policy] default, strict, archive, eu-basic, rfc5280, historic və ya JSON siyasət faylı
}
is-kind = { $name } faylının növü: { $kind }
is-wrong = { $name }: { $why }
is-not-taken = { $name } faylı { $option } seçiminə uyğun deyil
public-half = { $option } açarın açıq hissəsini istəyir: openssl pkey -in { $name } -pubout -out public.pem
keep-secret = Onu gizli saxlayın. Onunla imzalamaq olar: imza sign --with pem:{ $name }. { $option } üçün lazımdır: { $takes }.
take-certificates-out = Sertifikatları ondan çıxarın: openssl pkcs12 -in { $name } -nokeys -out certificates.pem
belongs-to-evidence = Onun yeri --evidence { $name }. { $option } üçün lazımdır: { $takes }.
belongs-to-key = Onun yeri --key { $name }; bu, bütövlüyü bildirir, etibar vermir. { $option } üçün lazımdır: { $takes }.
belongs-to-trust = Onun yeri --trust { $name }, etibar etmirsinizsə --evidence { $name }. { $option } üçün lazımdır: { $takes }.
belongs-to-policy = Siyasət faylıdırsa, onun yeri --policy { $name }. { $option } üçün lazımdır: { $takes }.
policy-form = Faylın forması təlimatın «policies» səhifəsində təsvir olunub.
documents-last = Sənədlər seçimsiz, ən sonda yazılır. { $option } üçün lazımdır: { $takes }.
inspect-shows = Onu göstərən əmr: imza inspect { $name }. { $option } üçün lazımdır: { $takes }.
option-takes = { $option } üçün lazımdır: { $takes }.
document-empty = { $name } boşdur: tam saxlanıbmı?
document-shown = { $name } imzalanmış sənəd deyil, növü: { $kind }. Onu göstərən əmr: imza inspect { $name }
document-secret = { $name } imzalanmış sənəd deyil, növü: { $kind }. Onu gizli saxlayın
document-signs = { $name } faylının növü: { $kind }. Onun açarı ilə imzalayan əmr: imza sign --with p12:{ $name }
document-evidence = { $name }: { $kind }; imza judge { $name } onu yenidən qiymətləndirir
document-none = { $name } imzalanmış sənəd deyil, növü: { $kind }
signature-beside = { $name } faylında imza yoxdur; yanında { $beside } var: imza verify --detached { $name } { $beside }
nobody-trusted = Heç kimə etibar edilmir, ona görə heç bir imza etibarlı sayıla bilməz: etibar etdiyiniz mərkəzi --trust FAYL ilə göstərin
not-held-beside = { $name } imzaladığı sənədi özündə saxlamır; bəlkə, yanındakı fayldır: --detached { $file }
not-held = { $name } imzaladığı sənədi özündə saxlamır: həmin faylı --detached FAYL ilə verin
not-held-named = { $name } imzaladığı { $file } faylını özündə saxlamır: onu --detached { $file }=FAYL ilə verin

# Kim imzalayır.

nobody-signs = Kimin imzalayacağı göstərilməyib
    .advice = --with p12:FAYL, --with pem:FAYL və ya --with pkcs11:MODUL yazın.
foreign-option = { $option } yalnız { $owner ->
    [token] kart və ya token üçündür
    [store] açar saxlayıcısı (p12) üçündür
   *[pem] PEM açarı üçündür
}
    .advice = { $option } seçimini yazmayın və ya başqa --with göstərin.
unprotected = { $name } açarlarını parolla qorumur: fayl kimdədirsə, onlarla imzalaya bilər
store-without-key = { $name } faylında gizli açar yoxdur
    .advice = Onu gizli açarla birlikdə yenidən ixrac edin.
store-without-called = { $name } faylında { $label } adlı açar yoxdur
    .advice = Orada olanlar: { $labels }.
store-without-certificate = { $name } faylında bu açarın sertifikatı yoxdur
    .advice = Onu sertifikatla birlikdə yenidən ixrac edin və ya --with pem:FAYL --cert FAYL yazın.
store-with-several = { $name } faylında imzalaya bilən bir neçə açar var
    .advice = Birini --key-label ilə seçin: { $labels }.
nameless-key = adsız açar
not-its-password = { $name }: parol bu deyil
    .advice = Böyük və kiçik hərflər fərqlidir. Nəzərdə tutduğunuz fayldırmı?
no-store-but-key = { $name } açar saxlayıcısı deyil, növü: { $kind }
    .advice = --with pem:{ $name } və sertifikatı ilə --cert FAYL yazın.
no-store = { $name } açar saxlayıcısı deyil, növü: { $kind }
    .advice = Açar saxlayıcısında (.p12, .pfx) gizli açar və onun sertifikatı olur.
store-unreadable = { $name } oxuna bilən açar saxlayıcısı (PKCS #12) deyil
    .advice = Fayl tamdırmı?
store-anew = Onu yenidən yazın: openssl pkcs12 -legacy -in { $name } -nodes | openssl pkcs12 -export -out new.p12
no-pem-but-store = { $name } PEM deyil, açar saxlayıcısıdır (PKCS #12)
    .advice = --with p12:{ $name } yazın.
pem-form = { $name } faylındakı gizli açar oxunmayan formadadır
    .advice = Onu yenidən yazın: openssl pkcs8 -topk8 -in { $name } -out new.pem
no-pem-key = { $name } gizli açar deyil, növü: { $kind }
    .advice = PEM formasında gizli açar -----BEGIN PRIVATE KEY----- və ya ENCRYPTED PRIVATE KEY ilə başlayır.
no-certificates = { $name }: { $why }
    .advice = --cert üçün PEM, DER və ya PKCS #7 formasında sertifikat lazımdır; bu faylın növü: { $kind }.
key-without-certificate = { $name } faylında açar var, sertifikatı yoxdur
    .advice = Sertifikatı --cert FAYL ilə göstərin.
certificate-of-other-key = Verilən sertifikatların heç biri { $name } faylındakı açara aid deyil
    .advice = Bu açar üçün verilmiş sertifikatı --cert FAYL ilə göstərin.
opening = { $name } faylını açmaq mümkün olmadı
secret-variable = Mühitdə { $name } adlı dəyişən yoxdur
    .advice = Ona { $secret ->
    [pin] PIN-i
   *[password] parolu
} yazın və ya soruşulması üçün --pin-env seçimini yazmayın.
secret-file = { $name } oxuna bilmir: { $why }
    .advice = { $secret ->
    [pin] PIN-in
   *[password] Parolun
} bir sətirdə yazıldığı faylı göstərin.
secret-terminal = { $secret ->
    [pin] PIN-i
   *[password] Parolu
} soruşmaq mümkün deyil: { $why }
    .advice = Terminal yoxdursa, --pin-env AD və ya --pin-file FAYL istifadə edin.
password-prompt = { $name } faylının parolu

# Nümayiş.

demo-key = açar
demo-token = token
demo-services = xidmətlər
demo-signed = imzalandı
demo-file = fayl
demo-try = yoxlayın
demo-in-memory = yaddaşda: SoftHSM2 quraşdırılmayıb (Debian: softhsm2, opensc)
demo-on-token = SoftHSM2, adı { $label }, { $name } vasitəsilə
demo-services-at = OCSP, CRL və vaxt möhürü: { $url }
demo-services-stopped = dayandırıldı: yoxlama bundan sonra şəbəkəsizdir
demo-genuine = əsl
demo-altered = dəyişdirilmiş
demo-failed = Nümayiş davam edə bilmir: { $why }
    .advice = Yer varmı və qovluğa yazmağa icazəniz varmı?
demo-token-failed = Tokeni yaratmaq mümkün olmadı: { $why }
    .advice = Debian-da softhsm2 və opensc paketlərini quraşdırın.
