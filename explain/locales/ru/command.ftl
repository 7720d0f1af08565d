# Что команда говорит помимо отчётов.

command-doing = { $doing }. { $reason }

io-not-found = нет такого файла или папки
io-permission-denied = нет прав на чтение или запись
io-is-a-folder = это папка
io-already-exists = уже существует
io-full = на диске нет места

form-missing = Отчётов в форме { $form } пока нет
    .advice = Используйте --report text или --report json.
encrypted-missing = Зашифрованные документы пока не поддерживаются
    .advice = Не указывайте --password-file.
detached-for-one = --detached относится к одному документу
    .advice = Проверьте документы по одному.
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
not-twice = Документ нельзя прочитать во второй раз
    .advice = Не указывайте --document-digest или дайте документ файлом.
not-a-time = { $option } — не время: { $text }
    .advice = Напишите так: 2026-03-01T12:00:00Z, или со сдвигом: 2026-03-01T16:00:00+04:00.
no-policy = Нет политики { $name }: { $why }
    .advice = Встроены default, rfc5280 и historic; всё прочее — файл JSON.
not-a-policy = { $name } — не политика: { $why }
    .advice = Вид файла описан на странице policies руководства.
trust-for = Непонятно: --trust-for { $text }
    .advice = Напишите --trust-for signing=ПУТЬ, timestamping=ПУТЬ или ocsp=ПУТЬ.
not-trust = В { $name } нет сертификата: { $why }
    .advice = В файлах доверия должны быть сертификаты PEM, DER или PKCS #7.
not-evidence = { $name } — не доказательство: { $why }
    .advice = В файлах доказательств должны быть сертификаты, CRL или ответы OCSP.
not-a-key = { $name } — не ключ: { $why }
    .advice = Для --key нужен сертификат или открытый ключ, PEM или DER.
left-out-trust = { $name }: не сертификат, пропущено
left-out-signed = { $name }: подписанное сообщение, пропущено
name-the-documents = Укажите документы из неё: imza verify { $names }
left-out-evidence = { $name }: не сертификат, не CRL и не ответ OCSP, пропущено
left-out-unreadable = { $name }: { $why }, пропущено
level-needs-authority = Для уровней t и lt нужна служба меток времени
    .advice = Укажите её с помощью --tsa URL или подпишите с --level b.
not-an-identifier = --certificate { $text } — не идентификатор
    .advice = Напишите его шестнадцатеричные цифры, например 01 или 45:0A.
pin-variable = В окружении нет переменной { $name }
    .advice = Запишите в неё PIN или не указывайте --pin-env, тогда PIN будет спрошен.
pin-file = Не удаётся прочитать { $name }: { $why }
    .advice = Укажите файл, в котором PIN записан одной строкой.
pin-terminal = Спросить PIN не удаётся: { $why }
    .advice = Без терминала используйте --pin-env ИМЯ или --pin-file ФАЙЛ.
pin-prompt = PIN
signed = подписано: { $name }

doing-signing = Подпись не создана
doing-writing = Контейнер записать не удалось
doing-inspecting = Рассмотреть { $name } не удалось
doing-digesting = Хеш-сумму документа вычислить не удалось
