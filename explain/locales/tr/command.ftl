# Komutun raporlar dışında söyledikleri.

command-doing = { $doing }. { $reason }

io-not-found = böyle bir dosya veya klasör yok
io-permission-denied = okuma veya yazma izniniz yok
io-is-a-folder = bu bir klasör
io-already-exists = zaten var
io-full = diskte yer yok

form-of-documents = { $form } biçimindeki rapor imzayla ilgilidir; tek başına sertifika için yoktur
    .advice = --report text, json veya html kullanın.
detached-for-one = --detached tek bir belgeyle kullanılır
    .advice = Belgeleri tek tek doğrulayın.
form-for-one = HTML, SVG veya XML raporu tek bir belgeyle ilgilidir
    .advice = Belgeleri tek tek doğrulayın, her birinin kendi raporu olsun.
evidence-for-one = --save-evidence tek bir belgeyle kullanılır
    .advice = Belgeleri tek tek doğrulayın.
unreadable = { $name } okunamıyor: { $why }
    .advice = Adı doğru mu?
unwritable = { $name } yazılamıyor: { $why }
    .advice = Yer var mı, oraya yazma izniniz var mı?
output-unwritable = Standart çıktıya yazılamıyor: { $why }
    .advice = -o ile bir dosya belirtin.
exists = { $name } zaten var
    .advice = -o ile başka bir ad seçin veya --force ile üzerine yazın.
no-random = Bilgisayar rastgele sayı vermiyor: { $why }
    .advice = Yeniden deneyin; sürerse sistem iyi kurulmamıştır.
key-not-shown = { $name } bir özel anahtar: hiçbir şeyi gösterilmez
    .advice = Açık yarısı: openssl pkey -in { $name } -pubout | imza inspect /dev/stdin
store-not-shown = { $name } bir anahtar deposu (PKCS #12): hiçbir şeyi gösterilmez
    .advice = Sertifikaları: openssl pkcs12 -in { $name } -nokeys | imza inspect /dev/stdin
written = yazıldı: { $name }
progress-verifying = doğrulanıyor
progress-signing = imzalanıyor
doing-documents = { $doing }, belgeler: { $documents }
not-twice = Belge ikinci kez okunamıyor
    .advice = --document-digest seçeneğini yazmayın veya belgeyi dosya olarak verin.
judge-takes-no-more = imza judge yalnızca kaydedilmiş kanıtların içindekini alır
    .advice = --evidence seçeneğini yazmayın veya belgeyi imza verify ile yeniden doğrulayın.
not-evidence = { $name } kaydedilmiş kanıt değil: { $why }
    .advice = Önce imza verify --save-evidence komutunun yazdığı dosyayı, sonra belgeyi belirtin.
other-document = Kanıtlar başka bir belgeye veya yanındaki başka dosyalara ait
    .advice = Bu belgeyi imza verify ile yeniden doğrulayın.
doing-reading = Belge okunamıyor
policy-is = { $name } bir politika
policy-lowers = varsayılandan azını ister: { $name }: { $here } (varsayılan: { $default })
policy-ineffective = etkisi yok: { $name } her zaman denetlenir
trust-empty = Dosyaya yazılacak bir güven kaynağı yok
    .advice = Sertifikaları --trust DOSYA veya --trust-for AMAÇ=DOSYA ile belirtin.
doing-bundle = Güven kümesi yazılamıyor
bundle-key = Bu anahtar güven kümesini imzalayamıyor
    .advice = PEM biçiminde parolasız bir özel anahtar alın: P-256, P-384, P-521, Ed25519 veya RSA.
not-a-bundle = { $name } bir güven kümesi değil
    .advice = Onu imza trust build yazar; sertifikaları imza inspect { $name } gösterir.
bundle-signed = { $name }: bu anahtarla imzalanmış
bundle-other-key = { $name }: başka bir anahtarla imzalanmış; ona güvenmeyin
bundle-unsigned = { $name }: kimse imzalamamış
not-a-time = { $option } bir zaman değil: { $text }
    .advice = Şöyle yazın: 2026-03-01T12:00:00Z veya saat farkıyla: 2026-03-01T16:00:00+04:00.
no-policy = { $name } adında bir politika yok: { $why }
    .advice = Hazır politikalar şunlardır: default, strict, archive, eu-basic, rfc5280, historic; gerisi JSON dosyasıdır.
not-a-policy = { $name } bir politika değil: { $why }
    .advice = Dosyanın biçimi, kılavuzun «policies» sayfasında anlatılıyor.
trust-for = --trust-for { $text } anlaşılamadı
    .advice = --trust-for signing=YOL, timestamping=YOL veya ocsp=YOL yazın.
left-out-trust = { $name }: sertifika değil, atlandı
left-out-signed = { $name }: imzalı bir ileti, atlandı
nothing-in-folder = { $name } klasöründe imzalı belge yok
    .advice = Belgeleri ya da içinde paket, PDF, XML veya imza dosyası olan bir klasörü belirtin.
passed-over = { $name } klasöründe imzalı belge olmadığı için atlanan dosyalar: { $count }
left-out-evidence = { $name }: sertifika, CRL veya OCSP yanıtı değil, atlandı
left-out-unreadable = { $name }: { $why }, atlandı
level-needs-authority = t ve lt düzeyleri için bir zaman damgası hizmeti gerekir
    .advice = --tsa URL ile belirtin veya --level b ile imzalayın.
format-for-one = Bu imza biçimi tek bir belgeyi kapsar
    .advice = Belgeleri tek tek veya birlikte --format asic-e ile imzalayın.
attached-is-cades = --attached yalnızca --format cades ile kullanılır
    .advice = Paket belgeleri zaten içerir: --attached yazmayın.
nothing-to-extract = Belgede dosya yok
    .advice = Dosyalar paketlerden ve imzaladığını içinde taşıyan XML ve CMS imzalarından çıkarılır.
not-in-container = Belgede { $name } dosyası yok
    .advice = Hangi dosyaların olduğunu imza container list gösterir.
one-file-alone = -o tek bir dosya belirtir, belgede ise birden fazla dosya var
    .advice = Hangisi olduğunu adıyla belirtin veya hepsini -C ile bir klasöre çıkarın.
revision-missing = PDF'nin hangi düzenlemesi?
    .advice = Onu --revision ile, dosyayı -o ile belirtin; sayılarını imza pdf revisions gösterir.
name-leads-outside = { $name } klasörün dışına yazılacaktı
    .advice = Hiçbir şey yazılmadı. Kimin yaptığını öğrenmeden bu paketi kullanmayın.
content-broken = { $name } imzalanan içerik değil
    .advice = Hiçbir şey yazılmadı. Göndericiden belgeyi yeniden isteyin.
written-unsigned = yazıldı, ancak bozulmamış hiçbir imza kapsamıyor: { $name }
container-file = { $name } ({ $size } bayt, bozulmamış imza: { $count })
doing-container = Paket değiştirilmedi
packaging-is-xades = --packaging yalnızca --format xades ile kullanılır
manifest-is-detached = --manifest yalnızca --packaging detached ile kullanılır
assertion-is-xades = --signed-assertion yalnızca XAdES imzalarıyla kullanılır
    .advice = --format yazmayın veya --format xades yazın.
key-not-for-xml = XML imzalarında { $algorithm } için kararlaştırılmış bir ad yok
    .advice = --format asic-e-cades, asic-s, cades veya pades ile imzalayın.
commitment-is-an-oid = CMS ve PDF imzalarında --commitment listedeki bir sözcük, örneğin approval, ya da bir OID olur
commitment-document = { $text }: XAdES imzasının kapsadığı böyle bir belge yok
commitment-or-reason = PDF imzasında ya --reason ya da --commitment bulunur
content-hint-is-cades = --content-hint yalnızca CAdES imzaları içindir
    .advice = Onu yazmayın veya pakete ya da --format xades ile imzalayın.
signature-policy-is-an-oid = CMS ve PDF imzalarında --signature-policy bir OID olur
    .advice = Onu yazmayın veya pakete ya da --format xades ile imzalayın.
signature-policy-file = Adı verilen imza politikası, belgesinin özetiyle birlikte imzalanır
    .advice = Belgeyi --signature-policy-file ile verin veya belgesiz --signature-policy implied yazın.
signature-policy-store-not-here = bir PDF imzası imza politikasının belgesini tutmaz
    .advice = --signature-policy-store yazmayın veya kapsayıcıya ya da --format xades veya cades ile imzalayın.
content-timestamp-not-here = --content-timestamp PDF dosyaları ve CMS'de imzanın imzası için değildir
    .advice = Onu yazmayın veya pakete ya da --format xades ile imzalayın.
place-is-location = --place bir PDF'ye ait değildir
    .advice = Nerede imzaladığınızı --location ile söyleyin.
not-a-part-of-a-place = --place { $text } bir yerin parçası değil
    .advice = Her parçayı bir kez yazın: --place country=TR --place town=Ankara; ayrıca region, postal-code ve street.
options-of-pdf = --reason, --location, --contact, --field, --visible ve --certify yalnızca PDF imzaları içindir
    .advice = Bunları yazmayın veya tek bir PDF'yi --format pades ile imzalayın.
not-a-place = --visible { $text } bir yer değil
    .advice = Şöyle yazın: page=1,at=36x36x220x64 (soldan, alttan, genişlik ve yükseklik, punto).
no-font = Görünür imza için yazı tipi bulunamadı
    .advice = Harflerinizi içeren bir TrueType yazı tipini --font DOSYA ile belirtin.
visible-signer = İmzalayan: { $name }
visible-time = Zaman: { $time }
augmented = güçlendirildi: { $name }
progress-augmenting = güçlendiriliyor
doing-augmenting = Hiçbir şey güçlendirilmedi
timestamped = zaman damgası vuruldu: { $name }, { $time }, { $host }
authority-passed-over = yanıt alınamadı: { $name }
doing-timestamping = Zaman damgası vurulmadı
progress-archiving = arşiv okunuyor
doing-archiving = Arşiv olduğu gibi kaldı
archived = korunan dosyalar: { $count }, { $name }
archive-nothing-new = { $name }: yeni dosya yok
archive-renewed = yenilendi: { $name }
archive-incomplete = { $name }: en yeni zaman damgasının, onu verenin sertifikası bittikten sonra doğrulanması için gerekenler alınamadı: { $why }
archive-intact = { $count } dosya { $time } tarihinde olduğu gibi
archive-open = { $name } şimdilik hiçbir şeyi kanıtlamıyor: { $why }
archive-changed = değiştirilmiş: { $name }
archive-missing = yok: { $name }
archive-unprotected = arşivde değil: { $name }
nothing-about = belgede { $name } ile ilgili hiçbir şey yok: burada onu kimse imzalamamış
archive-unlisted = { $name }: önceki bir sürümden; hangi dosyaların bulunduğu ve adları kanıtlanmıyor
archive-doubtful = kaybolan iki dosyanın yerinde duruyor olabilir: { $name }
not-an-archive = { $name } klasöründe arşiv yok
    .advice = Onu imza archive add oluşturur.
not-in-archive = { $name } arşivde yok
    .advice = Onu imza archive add ile ekleyin.
archive-damaged = { $name }, imza archive komutunun yazdığı gibi değil
    .advice = Onu bir kopyadan geri yükleyin: onsuz hiçbir şey kanıtlanamaz.
not-an-identifier = --certificate { $text } bir tanımlayıcı değil
    .advice = Onaltılık rakamlarını yazın; örneğin 01 veya 45:0A.
not-an-oid = --initial-policy { $text } bir nesne tanımlayıcısı değil
    .advice = Noktalarla yazın; örneğin 0.4.0.194112.1.2.
wrong-material = { $option } { $name }: içinde bu türden bir şey yok
    .advice = Sertifikalar --untrusted, CRL'ler --crl, OCSP yanıtları --ocsp ile verilir.
pin-prompt = PIN
signed = imzalandı: { $name }

doing-signing = İmza atılamadı
doing-writing = Paket yazılamadı
doing-inspecting = { $name } incelenemedi
doing-digesting = Belgenin özet değeri hesaplanamadı
no-revision = { $number } numaralı düzenleme yok: belgede { $count } düzenleme var

# Yanlış yerdeki dosyalar.

kind = { $kind ->
    [empty] boş dosya
    [certificate] sertifika
    [certificates] sertifikalar dosyası
    [crl] sertifika iptal listesi
    [ocsp-response] OCSP yanıtı
    [timestamp-token] zaman damgası
    [timestamp-response] zaman damgası hizmetinin yanıtı
    [evidence-record] kanıt kaydı
    [public-key] açık anahtar
    [private-key] özel anahtar
    [key-store] anahtar deposu (PKCS #12)
    [certificate-request] sertifika isteği
    [signed-message] imzalı ileti (CMS)
    [container] paket veya başka bir ZIP dosyası
    [pdf] PDF belgesi
    [xml] XML belgesi
    [trusted-list] güven listesi
    [evidence] kaydedilmiş kanıtlar
    [report] rapor
    [json] JSON
   *[other] başka türde bir dosya
}
takes = { $place ->
    [trust] PEM, DER veya PKCS #7 biçiminde sertifikalar
    [evidence] PEM veya DER biçiminde sertifikalar, CRL'ler ve OCSP yanıtları
    [key] PEM veya DER biçiminde bir sertifika veya açık anahtar
   *[policy] default, strict, archive, eu-basic, rfc5280, historic veya JSON biçiminde bir politika
}
is-kind = { $name } dosyasının türü: { $kind }
is-wrong = { $name }: { $why }
is-not-taken = { $name } dosyası { $option } için uygun değil
public-half = { $option } için anahtarın açık yarısı gerekir: openssl pkey -in { $name } -pubout -out public.pem
keep-secret = Gizli tutun. Onunla imza atılır: imza sign --with pem:{ $name }. { $option } için gereken: { $takes }.
take-certificates-out = Sertifikalarını çıkarın: openssl pkcs12 -in { $name } -nokeys -out certificates.pem
belongs-to-evidence = Yeri --evidence { $name }. { $option } için gereken: { $takes }.
belongs-to-key = Yeri --key { $name }; bütünlüğü gösterir, güven vermez. { $option } için gereken: { $takes }.
belongs-to-trust = Yeri --trust { $name }, güvenmiyorsanız --evidence { $name }. { $option } için gereken: { $takes }.
belongs-to-policy = Bir politikaysa yeri --policy { $name }. { $option } için gereken: { $takes }.
policy-form = Dosyanın biçimi, kılavuzun «policies» sayfasında anlatılıyor.
documents-last = Belgeler en sona, seçeneksiz yazılır. { $option } için gereken: { $takes }.
inspect-shows = Gösteren komut: imza inspect { $name }. { $option } için gereken: { $takes }.
option-takes = { $option } için gereken: { $takes }.
document-empty = { $name } boş: tamamı kaydedildi mi?
document-shown = { $name } imzalı bir belge değil, türü: { $kind }. Gösteren komut: imza inspect { $name }
document-secret = { $name } imzalı bir belge değil, türü: { $kind }. Gizli tutun
document-signs = { $name } dosyasının türü: { $kind }. Anahtarıyla imzalayan komut: imza sign --with p12:{ $name }
document-evidence = { $name }, { $kind }: imza judge { $name } onu yeniden değerlendirir
document-none = { $name } imzalı bir belge değil, türü: { $kind }
signature-beside = { $name } içinde imza yok; yanında { $beside } duruyor: imza verify --detached { $name } { $beside }
nobody-trusted = Kimseye güvenilmiyor, bu yüzden hiçbir imza geçerli sayılamaz: güvendiğiniz makamı --trust DOSYA ile belirtin
not-held-beside = { $name } imzaladığı belgeyi içermiyor; yanındaki dosya olabilir: --detached { $file }
not-held = { $name } imzaladığı belgeyi içermiyor: o dosyayı --detached DOSYA ile verin
not-held-named = { $name } imzaladığı { $file } dosyasını içermiyor: onu --detached { $file }=DOSYA ile verin

# Kim imzalıyor.

nobody-signs = Kimin imzalayacağı belirtilmemiş
    .advice = --with p12:DOSYA, --with pem:DOSYA veya --with pkcs11:MODÜL kullanın.
foreign-option = { $option } yalnızca { $owner ->
    [token] kart veya token içindir
    [store] anahtar deposu (p12) içindir
   *[pem] PEM anahtarı içindir
}
    .advice = { $option } seçeneğini yazmayın veya başka bir --with belirtin.
unprotected = { $name } anahtarlarını parolayla korumuyor: dosya kimdeyse onlarla imza atabilir
store-without-key = { $name } içinde özel anahtar yok
    .advice = Özel anahtarla birlikte yeniden dışa aktarın.
store-without-called = { $name } içinde { $label } adında bir anahtar yok
    .advice = İçindekiler: { $labels }.
store-without-certificate = { $name } içinde bu anahtarın sertifikası yok
    .advice = Sertifikayla birlikte yeniden dışa aktarın veya --with pem:DOSYA --cert DOSYA kullanın.
store-with-several = { $name } içinde imza atabilecek birkaç anahtar var
    .advice = Birini --key-label ile seçin: { $labels }.
nameless-key = adsız anahtar
not-its-password = { $name }: parolası bu değil
    .advice = Büyük ve küçük harfler farklıdır. Kastettiğiniz dosya bu mu?
no-store-but-key = { $name } anahtar deposu değil, türü: { $kind }
    .advice = --with pem:{ $name } ve sertifikasıyla --cert DOSYA kullanın.
no-store = { $name } anahtar deposu değil, türü: { $kind }
    .advice = Anahtar deposunda (.p12, .pfx) bir özel anahtar ile sertifikası bulunur.
store-unreadable = { $name } okunabilen bir anahtar deposu (PKCS #12) değil
    .advice = Dosya tam mı?
store-anew = Yeniden yazın: openssl pkcs12 -legacy -in { $name } -nodes | openssl pkcs12 -export -out new.p12
no-pem-but-store = { $name } PEM değil, bir anahtar deposu (PKCS #12)
    .advice = --with p12:{ $name } kullanın.
pem-form = { $name } içindeki özel anahtar okunmayan bir biçimde
    .advice = Yeniden yazın: openssl pkcs8 -topk8 -in { $name } -out new.pem
no-pem-key = { $name } özel anahtar değil, türü: { $kind }
    .advice = PEM biçiminde özel anahtar -----BEGIN PRIVATE KEY----- veya ENCRYPTED PRIVATE KEY ile başlar.
no-certificates = { $name }: { $why }
    .advice = --cert için PEM, DER veya PKCS #7 biçiminde sertifikalar gerekir; bu dosyanın türü: { $kind }.
key-without-certificate = { $name } içinde anahtar var, sertifikası yok
    .advice = Sertifikayı --cert DOSYA ile belirtin.
certificate-of-other-key = Verilen sertifikaların hiçbiri { $name } içindeki anahtara ait değil
    .advice = Bu anahtar için verilmiş sertifikayı --cert DOSYA ile belirtin.
opening = { $name } açılamadı
secret-variable = Ortamda { $name } adında bir değişken yok
    .advice = Ona { $secret ->
    [pin] PIN'i
   *[password] parolayı
} yazın veya sorulması için --pin-env seçeneğini yazmayın.
secret-file = { $name } okunamıyor: { $why }
    .advice = { $secret ->
    [pin] PIN'in
   *[password] Parolanın
} tek satırda yazılı olduğu bir dosya belirtin.
secret-terminal = { $secret ->
    [pin] PIN
   *[password] Parola
} sorulamıyor: { $why }
    .advice = Terminal yoksa --pin-env AD veya --pin-file DOSYA kullanın.
password-prompt = { $name } parolası

# Gösteri.

demo-key = anahtar
demo-token = token
demo-services = hizmetler
demo-signed = imzalandı
demo-file = dosya
demo-try = deneyin
demo-in-memory = bellekte: SoftHSM2 kurulu değil (Debian: softhsm2, opensc)
demo-on-token = SoftHSM2, adı { $label }, { $name } üzerinden
demo-services-at = OCSP, CRL ve zaman damgası: { $url }
demo-services-stopped = durduruldu: doğrulama bundan sonra çevrimdışı
demo-genuine = asıl
demo-altered = değiştirilmiş
demo-failed = Gösteri sürdürülemiyor: { $why }
    .advice = Yer var mı, klasöre yazma izniniz var mı?
demo-token-failed = Token oluşturulamadı: { $why }
    .advice = Debian'da softhsm2 ve opensc paketlerini kurun.
