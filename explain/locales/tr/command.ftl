# Komutun raporlar dışında söyledikleri.

command-doing = { $doing }. { $reason }

io-not-found = böyle bir dosya veya klasör yok
io-permission-denied = okuma veya yazma izniniz yok
io-is-a-folder = bu bir klasör
io-already-exists = zaten var
io-full = diskte yer yok

form-missing = { $form } biçiminde rapor henüz yok
    .advice = --report text veya --report json kullanın.
encrypted-missing = Şifreli belgeler henüz desteklenmiyor
    .advice = --password-file seçeneğini yazmayın.
detached-for-one = --detached tek bir belgeyle kullanılır
    .advice = Belgeleri tek tek doğrulayın.
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
not-twice = Belge ikinci kez okunamıyor
    .advice = --document-digest seçeneğini yazmayın veya belgeyi dosya olarak verin.
not-a-time = { $option } bir zaman değil: { $text }
    .advice = Şöyle yazın: 2026-03-01T12:00:00Z veya saat farkıyla: 2026-03-01T16:00:00+04:00.
no-policy = { $name } adında bir politika yok: { $why }
    .advice = Hazır politikalar default, rfc5280 ve historic'tir; gerisi JSON dosyasıdır.
not-a-policy = { $name } bir politika değil: { $why }
    .advice = Dosyanın biçimi, kılavuzun «policies» sayfasında anlatılıyor.
trust-for = --trust-for { $text } anlaşılamadı
    .advice = --trust-for signing=YOL, timestamping=YOL veya ocsp=YOL yazın.
not-trust = { $name } içinde sertifika yok: { $why }
    .advice = Güven dosyalarında PEM, DER veya PKCS #7 biçiminde sertifikalar bulunur.
not-evidence = { $name } bir kanıt değil: { $why }
    .advice = Kanıt dosyalarında sertifikalar, CRL'ler veya OCSP yanıtları bulunur.
not-a-key = { $name } bir anahtar değil: { $why }
    .advice = --key için PEM veya DER biçiminde bir sertifika veya açık anahtar verin.
left-out-trust = { $name }: sertifika değil, atlandı
left-out-signed = { $name }: imzalı bir ileti, atlandı
name-the-documents = İçindeki belgeleri belirtin: imza verify { $names }
left-out-evidence = { $name }: sertifika, CRL veya OCSP yanıtı değil, atlandı
left-out-unreadable = { $name }: { $why }, atlandı
level-needs-authority = t ve lt düzeyleri için bir zaman damgası hizmeti gerekir
    .advice = --tsa URL ile belirtin veya --level b ile imzalayın.
not-an-identifier = --certificate { $text } bir tanımlayıcı değil
    .advice = Onaltılık rakamlarını yazın; örneğin 01 veya 45:0A.
pin-variable = Ortamda { $name } adında bir değişken yok
    .advice = PIN'i ona yazın veya sorulması için --pin-env seçeneğini yazmayın.
pin-file = { $name } okunamıyor: { $why }
    .advice = PIN'in tek satırda yazılı olduğu bir dosya belirtin.
pin-terminal = PIN sorulamıyor: { $why }
    .advice = Terminal yoksa --pin-env AD veya --pin-file DOSYA kullanın.
pin-prompt = PIN
signed = imzalandı: { $name }

doing-signing = İmza atılamadı
doing-writing = Paket yazılamadı
doing-inspecting = { $name } incelenemedi
doing-digesting = Belgenin özet değeri hesaplanamadı
