# Что команда говорит помимо отчётов.

command-doing = { $doing }. { $reason }

io-not-found = нет такого файла или папки
io-permission-denied = нет прав на чтение или запись
io-is-a-folder = это папка
io-already-exists = уже существует
io-full = на диске нет места

form-of-documents = Отчёт в форме { $form } бывает о подписи; о сертификате самом по себе его нет
    .advice = Используйте --report text, json или html.
detached-for-one = --detached относится к одному документу
    .advice = Проверьте документы по одному.
form-for-one = Отчёт в HTML, SVG или XML относится к одному документу
    .advice = Проверьте документы по одному, каждый со своим отчётом.
evidence-for-one = --save-evidence относится к одному документу
    .advice = Проверьте документы по одному.
unreadable = Не удаётся прочитать { $name }: { $why }
    .advice = Верно ли указано имя?
unwritable = Не удаётся записать { $name }: { $why }
    .advice = Есть ли место и есть ли у вас право записи?
output-unwritable = Не удаётся писать в стандартный вывод: { $why }
    .advice = Укажите файл с помощью -o.
exists = { $name } уже существует
    .advice = Выберите другое имя с помощью -o или замените файл с --force.
no-random = Компьютер не даёт случайных чисел: { $why }
    .advice = Попробуйте ещё раз; если повторится, система настроена неверно.
key-not-shown = { $name } — закрытый ключ: ничего из него не показывается
    .advice = Его открытая половина: openssl pkey -in { $name } -pubout | imza inspect /dev/stdin
store-not-shown = { $name } — хранилище ключей (PKCS #12): ничего из него не показывается
    .advice = Его сертификаты: openssl pkcs12 -in { $name } -nokeys | imza inspect /dev/stdin
written = записано: { $name }
progress-verifying = проверка
progress-signing = подписание
doing-documents = { $doing }, документов: { $documents }
not-twice = Документ нельзя прочитать во второй раз
    .advice = Не указывайте --document-digest или дайте документ файлом.
judge-takes-no-more = imza judge берёт только то, что есть в сохранённых доказательствах
    .advice = Не указывайте --evidence или проверьте документ заново с imza verify.
not-evidence = { $name } — не сохранённые доказательства: { $why }
    .advice = Укажите сначала файл, записанный imza verify --save-evidence, затем документ.
other-document = Доказательства относятся к другому документу или к другим файлам рядом с ним
    .advice = Проверьте этот документ заново с imza verify.
doing-reading = Не удаётся прочитать документ
policy-is = { $name } — политика
policy-lowers = требует меньше стандартной политики: { $name }: { $here } (по умолчанию: { $default })
policy-ineffective = не действует: { $name } проверяется всегда
trust-empty = Нет ни одного корня доверия, который можно записать
    .advice = Укажите сертификаты с помощью --trust ФАЙЛ или --trust-for НАЗНАЧЕНИЕ=ФАЙЛ.
doing-bundle = Не удаётся записать набор доверия
bundle-key = Этот ключ не может подписать набор доверия
    .advice = Возьмите закрытый ключ в PEM без пароля: P-256, P-384, P-521, Ed25519 или RSA.
not-a-bundle = { $name } — не набор доверия
    .advice = Его записывает imza trust build; сертификаты показывает imza inspect { $name }.
bundle-signed = { $name }: подписан этим ключом
bundle-other-key = { $name }: подписан другим ключом; не полагайтесь на него
bundle-unsigned = { $name }: никем не подписан
not-a-time = { $option } — не время: { $text }
    .advice = Напишите так: 2026-03-01T12:00:00Z, или со сдвигом: 2026-03-01T16:00:00+04:00.
no-policy = Нет политики { $name }: { $why }
    .advice = Встроены default, strict, archive, eu-basic, rfc5280 и historic; всё прочее — файл JSON.
not-a-policy = { $name } — не политика: { $why }
    .advice = Вид файла описан на странице policies руководства.
trust-for = Непонятно: --trust-for { $text }
    .advice = Напишите --trust-for signing=ПУТЬ, timestamping=ПУТЬ или ocsp=ПУТЬ.
left-out-trust = { $name }: не сертификат, пропущено
left-out-signed = { $name }: подписанное сообщение, пропущено
nothing-in-folder = В папке { $name } нет подписанных документов
    .advice = Укажите документы или папку, в которой есть контейнеры, файлы PDF, XML или файлы подписи.
passed-over = Пропущено в папке { $name } файлов, которые не являются подписанными документами: { $count }
left-out-evidence = { $name }: не сертификат, не CRL и не ответ OCSP, пропущено
left-out-unreadable = { $name }: { $why }, пропущено
level-needs-authority = Для уровней t и lt нужна служба меток времени
    .advice = Укажите её с помощью --tsa URL или подпишите с --level b.
format-for-one = Подпись этой формы охватывает один документ
    .advice = Подпишите документы по одному или вместе с --format asic-e.
attached-is-cades = --attached относится к --format cades
    .advice = Контейнер и так содержит документы: уберите --attached.
nothing-to-extract = В документе нет файлов
    .advice = Файлы извлекаются из контейнеров, а также из подписей XML и CMS, которые содержат подписанное.
not-in-container = В документе нет файла { $name }
    .advice = Какие файлы есть, покажет imza container list.
one-file-alone = -o называет один файл, а в документе их несколько
    .advice = Укажите нужный по имени или извлеките все в папку с помощью -C.
revision-missing = Какая редакция PDF?
    .advice = Укажите её с помощью --revision, а файл с помощью -o; номера показывает imza pdf revisions.
name-leads-outside = { $name } оказался бы вне папки
    .advice = Ничего не записано. Не пользуйтесь этим контейнером, пока не узнаете, кто его сделал.
content-broken = { $name } — не то, что было подписано
    .advice = Ничего не записано. Попросите отправителя прислать документ снова.
written-unsigned = записано, но ни одна целая подпись это не охватывает: { $name }
container-file = { $name } (байт: { $size }, целых подписей: { $count })
doing-container = Контейнер не изменён
packaging-is-xades = --packaging относится к --format xades
manifest-is-detached = --manifest относится к --packaging detached
assertion-is-xades = --signed-assertion относится к подписям XAdES
    .advice = Уберите --format или укажите --format xades.
key-not-for-xml = для { $algorithm } в подписях XML нет согласованного имени
    .advice = Подпишите с --format asic-e-cades, asic-s, cades или pades.
commitment-is-an-oid = в подписях CMS и PDF --commitment — слово из списка, например approval, или OID
commitment-document = { $text }: такого документа под подписью XAdES нет
commitment-or-reason = в подписи PDF указывают либо --reason, либо --commitment
content-hint-is-cades = --content-hint относится к подписям CAdES
    .advice = Уберите его или подпишите в контейнере либо с --format xades.
signature-policy-is-an-oid = в подписях CMS и PDF --signature-policy — это OID
    .advice = Уберите его или подпишите в контейнере либо с --format xades.
signature-policy-file = Названная политика подписи подписывается вместе с хешем её документа
    .advice = Укажите документ: --signature-policy-file, или напишите --signature-policy implied без документа.
signature-policy-store-not-here = подпись PDF не хранит документ политики подписи
    .advice = Уберите --signature-policy-store или подпишите в контейнере либо с --format xades или cades.
content-timestamp-not-here = --content-timestamp не относится к файлам PDF и к подписям подписей в CMS
    .advice = Уберите его или подпишите в контейнере либо с --format xades.
place-is-location = --place не относится к PDF
    .advice = Укажите, где вы подписываете, с помощью --location.
not-a-part-of-a-place = --place { $text } — не часть места
    .advice = Пишите каждую часть один раз: --place country=AZ --place town=Баку; также region, postal-code и street.
options-of-pdf = --reason, --location, --contact, --field, --visible и --certify относятся к подписям в PDF
    .advice = Уберите их или подпишите один PDF с --format pades.
not-a-place = --visible { $text } — не место
    .advice = Напишите так: page=1,at=36x36x220x64 (слева, снизу, ширина и высота в пунктах).
no-font = Не найден шрифт для видимой подписи
    .advice = Укажите шрифт TrueType с вашими буквами: --font ФАЙЛ.
visible-signer = Подписано: { $name }
visible-time = Время: { $time }
augmented = усилено: { $name }
progress-augmenting = усиление
doing-augmenting = Ничего не усилено
timestamped = метка времени поставлена: { $name }, { $time }, { $host }
authority-passed-over = ответа нет: { $name }
doing-timestamping = Метка времени не поставлена
progress-archiving = чтение архива
doing-archiving = Архив остался каким был
archived = защищено файлов: { $count }, { $name }
archive-nothing-new = { $name }: новых файлов нет
archive-renewed = обновлено: { $name }
archive-incomplete = { $name }: не удалось получить то, чем новейшая метка времени проверяется после окончания сертификата её службы: { $why }
archive-intact = файлов: { $count }, все такие же, какими были { $time }
archive-open = { $name } пока ничего не доказывает: { $why }
archive-changed = изменён: { $name }
archive-missing = отсутствует: { $name }
archive-unprotected = не в архиве: { $name }
nothing-about = в документе ничего не относится к { $name }: здесь его никто не подписал
archive-unlisted = { $name }: прежняя редакция; какие были файлы и как они назывались, не доказано
archive-doubtful = может стоять вместо двух исчезнувших файлов: { $name }
not-an-archive = В папке { $name } нет архива
    .advice = Его создаёт imza archive add.
not-in-archive = Файла { $name } нет в архиве
    .advice = Добавьте его командой imza archive add.
archive-damaged = { $name } — не то, что записала команда imza archive
    .advice = Восстановите файл из копии: без него ничего нельзя доказать.
not-an-identifier = --certificate { $text } — не идентификатор
    .advice = Напишите его шестнадцатеричные цифры, например 01 или 45:0A.
not-an-oid = --initial-policy { $text } — не идентификатор объекта
    .advice = Напишите его через точки, например 0.4.0.194112.1.2.
wrong-material = { $option } { $name }: ничего этого вида в файле нет
    .advice = Сертификаты указывают с --untrusted, CRL — с --crl, ответы OCSP — с --ocsp.
pin-prompt = PIN
signed = подписано: { $name }

doing-signing = Подпись не создана
doing-writing = Контейнер записать не удалось
doing-inspecting = Рассмотреть { $name } не удалось
doing-digesting = Хеш-сумму документа вычислить не удалось
no-revision = Редакции { $number } нет: в документе их { $count }

# Файлы не на своём месте.

kind = { $kind ->
    [empty] пустой файл
    [certificate] сертификат
    [certificates] файл сертификатов
    [crl] список отозванных сертификатов
    [ocsp-response] ответ OCSP
    [timestamp-token] метка времени
    [timestamp-response] ответ службы меток времени
    [evidence-record] запись доказательств
    [public-key] открытый ключ
    [private-key] закрытый ключ
    [key-store] хранилище ключей (PKCS #12)
    [certificate-request] запрос на сертификат
    [signed-message] подписанное сообщение (CMS)
    [container] контейнер или другой файл ZIP
    [pdf] документ PDF
    [xml] документ XML
    [trusted-list] список доверия
    [evidence] сохранённые доказательства
    [report] отчёт
    [json] JSON
   *[other] файл другого вида
}
takes = { $place ->
    [trust] сертификаты PEM, DER или PKCS #7
    [evidence] сертификаты, CRL и ответы OCSP, PEM или DER
    [key] сертификат или открытый ключ, PEM или DER
   *[policy] default, strict, archive, eu-basic, rfc5280, historic или политика в JSON
}
is-kind = { $name } — это { $kind }
is-wrong = { $name }: { $why }
is-not-taken = { $name } не подходит для { $option }
public-half = Для { $option } нужна открытая половина: openssl pkey -in { $name } -pubout -out public.pem
keep-secret = Храните его в тайне. Им подписывают: imza sign --with pem:{ $name }. Для { $option } нужны: { $takes }.
take-certificates-out = Извлеките сертификаты: openssl pkcs12 -in { $name } -nokeys -out certificates.pem
belongs-to-evidence = Его место: --evidence { $name }. Для { $option } нужны: { $takes }.
belongs-to-key = Его место: --key { $name }; это покажет целостность, но не даст доверия. Для { $option } нужны: { $takes }.
belongs-to-trust = Его место: --trust { $name } или, если доверия нет, --evidence { $name }. Для { $option } нужны: { $takes }.
belongs-to-policy = Если это политика, её место: --policy { $name }. Для { $option } нужны: { $takes }.
policy-form = Вид файла описан на странице policies руководства.
documents-last = Документы указывают последними, без ключа. Для { $option } нужны: { $takes }.
inspect-shows = Его покажет imza inspect { $name }. Для { $option } нужны: { $takes }.
option-takes = Для { $option } нужны: { $takes }.
document-empty = { $name } пуст: всё ли сохранено?
document-shown = { $name } — это { $kind }, а не подписанный документ; его покажет imza inspect { $name }
document-secret = { $name } — это { $kind }, а не подписанный документ; храните его в тайне
document-signs = { $name } — это { $kind }; его ключом подписывает imza sign --with p12:{ $name }
document-evidence = { $name } — это { $kind }: imza judge { $name } оценит их снова
document-none = { $name } — это { $kind }, а не подписанный документ
signature-beside = В { $name } нет подписи; рядом лежит { $beside }: imza verify --detached { $name } { $beside }
nobody-trusted = Никому не оказано доверие, поэтому ни одна подпись не может быть действительной: укажите центр, которому доверяете, с помощью --trust ФАЙЛ
not-held-beside = { $name } не содержит того, что подписывает; возможно, это файл рядом: --detached { $file }
not-held = { $name } не содержит того, что подписывает: дайте этот файл с помощью --detached ФАЙЛ
not-held-named = { $name } не содержит { $file }, который подписывает: дайте его с помощью --detached { $file }=ФАЙЛ

# Кто подписывает.

nobody-signs = Не указано, кто подписывает
    .advice = Используйте --with p12:ФАЙЛ, --with pem:ФАЙЛ или --with pkcs11:МОДУЛЬ.
foreign-option = { $option } относится к { $owner ->
    [token] карте или токену
    [store] хранилищу ключей (p12)
   *[pem] ключу PEM
}
    .advice = Не указывайте { $option } или выберите другой --with.
unprotected = { $name } не защищает свои ключи паролем: подписать ими может любой, у кого есть файл
store-without-key = В { $name } нет закрытого ключа
    .advice = Экспортируйте его заново, вместе с закрытым ключом.
store-without-called = В { $name } нет ключа с именем { $label }
    .advice = В нём есть: { $labels }.
store-without-certificate = В { $name } нет сертификата этого ключа
    .advice = Экспортируйте его заново, вместе с сертификатом, или используйте --with pem:ФАЙЛ --cert ФАЙЛ.
store-with-several = В { $name } несколько ключей, которыми можно подписать
    .advice = Выберите один с помощью --key-label: { $labels }.
nameless-key = ключ без имени
not-its-password = { $name }: пароль не тот
    .advice = Прописные и строчные буквы различаются. Тот ли это файл?
no-store-but-key = { $name } — это { $kind }, а не хранилище ключей
    .advice = Используйте --with pem:{ $name } и --cert ФАЙЛ с его сертификатом.
no-store = { $name } — это { $kind }, а не хранилище ключей
    .advice = В хранилище ключей (.p12, .pfx) лежит закрытый ключ с сертификатом.
store-unreadable = { $name } — не хранилище ключей (PKCS #12), которое можно прочитать
    .advice = Цел ли файл?
store-anew = Запишите его заново: openssl pkcs12 -legacy -in { $name } -nodes | openssl pkcs12 -export -out new.p12
no-pem-but-store = { $name } — хранилище ключей (PKCS #12), а не PEM
    .advice = Используйте --with p12:{ $name }.
pem-form = В { $name } закрытый ключ в форме, которая не читается
    .advice = Запишите его заново: openssl pkcs8 -topk8 -in { $name } -out new.pem
no-pem-key = { $name } — это { $kind }, а не закрытый ключ
    .advice = Закрытый ключ PEM начинается с -----BEGIN PRIVATE KEY----- или ENCRYPTED PRIVATE KEY.
no-certificates = { $name }: { $why }
    .advice = Для --cert нужны сертификаты PEM, DER или PKCS #7, а это { $kind }.
key-without-certificate = В { $name } ключ без сертификата
    .advice = Укажите сертификат с помощью --cert ФАЙЛ.
certificate-of-other-key = Ни один из данных сертификатов не относится к ключу в { $name }
    .advice = Укажите сертификат, выданный для этого ключа, с помощью --cert ФАЙЛ.
opening = Открыть { $name } не удалось
secret-variable = В окружении нет переменной { $name }
    .advice = Запишите в неё { $secret ->
    [pin] PIN
   *[password] пароль
} или не указывайте --pin-env, чтобы ввести его с клавиатуры.
secret-file = Не удаётся прочитать { $name }: { $why }
    .advice = Укажите файл, в котором { $secret ->
    [pin] PIN
   *[password] пароль
} записан одной строкой.
secret-terminal = Спросить { $secret ->
    [pin] PIN
   *[password] пароль
} не удаётся: { $why }
    .advice = Без терминала используйте --pin-env ИМЯ или --pin-file ФАЙЛ.
password-prompt = Пароль к { $name }

# Показ.

demo-key = ключ
demo-token = токен
demo-services = службы
demo-signed = подписано
demo-file = файл
demo-try = попробуйте
demo-in-memory = в памяти: SoftHSM2 не установлен (Debian: softhsm2, opensc)
demo-on-token = SoftHSM2, имя { $label }, через { $name }
demo-services-at = OCSP, CRL и метки времени: { $url }
demo-services-stopped = остановлены: дальше проверка идёт без сети
demo-genuine = подлинный
demo-altered = изменённый
demo-failed = Показ продолжить нельзя: { $why }
    .advice = Есть ли место и есть ли у вас право записи в папку?
demo-token-failed = Создать токен не удалось: { $why }
    .advice = В Debian установите softhsm2 и opensc.
