# Əmrin hesabatlardan başqa dedikləri.

command-doing = { $doing }. { $reason }

io-not-found = belə fayl və ya qovluq yoxdur
io-permission-denied = oxumağa və ya yazmağa icazəniz yoxdur
io-is-a-folder = bu, qovluqdur
io-already-exists = artıq mövcuddur
io-full = diskdə yer qalmayıb

form-missing = { $form } formasında hesabat hələ yoxdur
    .advice = --report text və ya --report json istifadə edin.
encrypted-missing = Şifrələnmiş sənədlər hələ dəstəklənmir
    .advice = --password-file seçimini yazmayın.
detached-for-one = --detached yalnız bir sənədlə işlədilir
    .advice = Sənədləri bir-bir yoxlayın.
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
not-twice = Sənədi ikinci dəfə oxumaq mümkün deyil
    .advice = --document-digest seçimini yazmayın və ya sənədi fayl kimi verin.
not-a-time = { $option } vaxt deyil: { $text }
    .advice = Belə yazın: 2026-03-01T12:00:00Z, yaxud saat qurşağı ilə: 2026-03-01T16:00:00+04:00.
no-policy = { $name } adlı siyasət yoxdur: { $why }
    .advice = Hazır siyasətlər default, rfc5280 və historic-dir; qalanları JSON faylıdır.
not-a-policy = { $name } siyasət faylı deyil: { $why }
    .advice = Faylın forması təlimatın «policies» səhifəsində təsvir olunub.
trust-for = --trust-for { $text } anlaşılmadı
    .advice = --trust-for signing=YOL, timestamping=YOL və ya ocsp=YOL yazın.
not-trust = { $name } faylında sertifikat yoxdur: { $why }
    .advice = Etibar faylında PEM, DER və ya PKCS #7 formasında sertifikat olmalıdır.
not-evidence = { $name } sübut faylı deyil: { $why }
    .advice = Sübut faylında sertifikat, CRL və ya OCSP cavabı olmalıdır.
not-a-key = { $name } açar deyil: { $why }
    .advice = --key üçün PEM və ya DER formasında sertifikat, yaxud açıq açar verin.
left-out-trust = { $name }: sertifikat deyil, nəzərə alınmadı
left-out-signed = { $name }: imzalanmış ismarışdır, nəzərə alınmadı
name-the-documents = İçindəki sənədləri göstərin: imza verify { $names }
left-out-evidence = { $name }: sertifikat, CRL və ya OCSP cavabı deyil, nəzərə alınmadı
left-out-unreadable = { $name }: { $why }, nəzərə alınmadı
level-needs-authority = t və lt səviyyələri üçün vaxt möhürü xidməti lazımdır
    .advice = Onu --tsa URL ilə göstərin və ya --level b ilə imzalayın.
not-an-identifier = --certificate { $text } identifikator deyil
    .advice = Onaltılıq rəqəmlərini yazın, məsələn, 01 və ya 45:0A.
pin-variable = Mühitdə { $name } adlı dəyişən yoxdur
    .advice = Ona PIN-i yazın və ya soruşulması üçün --pin-env seçimini yazmayın.
pin-file = { $name } oxuna bilmir: { $why }
    .advice = PIN-in bir sətirdə yazıldığı faylı göstərin.
pin-terminal = PIN-i soruşmaq mümkün deyil: { $why }
    .advice = Terminal yoxdursa, --pin-env AD və ya --pin-file FAYL istifadə edin.
pin-prompt = PIN
signed = imzalandı: { $name }

doing-signing = İmza yaradılmadı
doing-writing = Konteyneri yazmaq mümkün olmadı
doing-inspecting = { $name } faylına baxmaq mümkün olmadı
doing-digesting = Sənədin xülasə dəyəri (heş) hesablanmadı
