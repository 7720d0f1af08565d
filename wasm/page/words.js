// The words of the page. What a verdict means and what to do about it comes from the library.

export const LANGUAGES = ['az', 'en', 'ru', 'tr'];

const words = {
  title: {
    az: 'İmzalanmış sənədi yoxlayın',
    en: 'Check a signed document',
    ru: 'Проверка подписанного документа',
    tr: 'İmzalı belgeyi denetleyin',
  },
  lead: {
    az: 'Kim imzalayıb, nə vaxt, və sənəd o vaxtdan bəri dəyişdirilibmi.',
    en: 'Who signed it, when, and whether it was changed since.',
    ru: 'Кто подписал, когда и не изменён ли документ с тех пор.',
    tr: 'Kim imzaladı, ne zaman ve belge o günden beri değişti mi?',
  },
  skip: {
    az: 'Əsas hissəyə keç',
    en: 'Skip to the content',
    ru: 'Перейти к содержанию',
    tr: 'İçeriğe geç',
  },
  language: { az: 'Dil', en: 'Language', ru: 'Язык', tr: 'Dil' },
  choose: {
    az: 'Sənədi buraya atın və ya seçin',
    en: 'Drop a document here, or choose one',
    ru: 'Перетащите документ сюда или выберите файл',
    tr: 'Belgeyi buraya bırakın ya da seçin',
  },
  chooseHint: {
    az: 'ASiC konteyneri, PDF, imza faylı (.p7s, .xml)',
    en: 'An ASiC container, a PDF, a signature file (.p7s, .xml)',
    ru: 'Контейнер ASiC, PDF, файл подписи (.p7s, .xml)',
    tr: 'ASiC kabı, PDF, imza dosyası (.p7s, .xml)',
  },
  trust: {
    az: 'Etibar etdiyiniz sertifikatlar',
    en: 'Certificates that you trust',
    ru: 'Сертификаты, которым вы доверяете',
    tr: 'Güvendiğiniz sertifikalar',
  },
  trustHint: {
    az: 'Sertifikat mərkəzinin kök sertifikatı. Daxili siyahı yoxdur.',
    en: 'The root certificate of the authority. None is built in.',
    ru: 'Корневой сертификат удостоверяющего центра. Встроенных нет.',
    tr: 'Sertifika makamının kök sertifikası. Yerleşik liste yoktur.',
  },
  detached: {
    az: 'İmzalanmış fayllar',
    en: 'The files that were signed',
    ru: 'Подписанные файлы',
    tr: 'İmzalanan dosyalar',
  },
  detachedHint: {
    az: 'Yalnız imza ayrıca faylda olduqda.',
    en: 'Only when the signature is a file of its own.',
    ru: 'Только если подпись хранится в отдельном файле.',
    tr: 'Yalnızca imza ayrı bir dosyadaysa.',
  },
  more: {
    az: 'Digər seçimlər', en: 'More options', ru: 'Другие параметры', tr: 'Diğer seçenekler',
  },
  evidence: {
    az: 'Əlavə dəlillər', en: 'Further evidence', ru: 'Дополнительные данные', tr: 'Ek kanıtlar',
  },
  evidenceHint: {
    az: 'Sertifikatlar, ləğv siyahıları, OCSP cavabları. Etibar vermir.',
    en: 'Certificates, revocation lists, OCSP responses. Gives no trust.',
    ru: 'Сертификаты, списки отзыва, ответы OCSP. Доверия не дают.',
    tr: 'Sertifikalar, iptal listeleri, OCSP yanıtları. Güven vermez.',
  },
  keys: {
    az: 'İmzalayanın açarı', en: 'Key of the signer', ru: 'Ключ подписавшего',
    tr: 'İmzalayanın anahtarı',
  },
  keysHint: {
    az: 'Sertifikatsız imzalar üçün. Etibar vermir.',
    en: 'For signatures without a certificate. Gives no trust.',
    ru: 'Для подписей без сертификата. Доверия не даёт.',
    tr: 'Sertifikasız imzalar için. Güven vermez.',
  },
  time: {
    az: 'Yoxlama vaxtı (UTC)', en: 'Time of judgement (UTC)', ru: 'Момент проверки (UTC)',
    tr: 'Denetim zamanı (UTC)',
  },
  timeHint: { az: 'Boşdursa: indi.', en: 'Empty: now.', ru: 'Пусто: сейчас.', tr: 'Boşsa: şimdi.' },
  provenAt: {
    az: 'Mövcudluğu bilinir (UTC)', en: 'Known to exist since (UTC)',
    ru: 'Существовал уже в (UTC)', tr: 'Var olduğu bilinen an (UTC)',
  },
  provenHint: {
    az: 'Sənədin o vaxt mövcud olduğunu özünüz bilirsinizsə.',
    en: 'If you know yourself that the document existed then.',
    ru: 'Если вы сами знаете, что документ тогда существовал.',
    tr: 'Belgenin o zaman var olduğunu kendiniz biliyorsanız.',
  },
  policy: { az: 'Qaydalar', en: 'Policy', ru: 'Правила', tr: 'Kurallar' },
  policyDefault: { az: 'adi', en: 'default', ru: 'обычные', tr: 'olağan' },
  policyHistoric: {
    az: 'tarixi: köhnə alqoritmlər qəbul edilir', en: 'historic: accepts old algorithms',
    ru: 'исторические: старые алгоритмы допустимы', tr: 'tarihsel: eski algoritmalar kabul edilir',
  },
  policyRfc5280: {
    az: 'yalnız RFC 5280', en: 'RFC 5280 alone', ru: 'только RFC 5280', tr: 'yalnızca RFC 5280',
  },
  revocation: {
    az: 'Ləğv məlumatları', en: 'Revocation data', ru: 'Данные об отзыве', tr: 'İptal bilgileri',
  },
  revocationPolicy: {
    az: 'qaydalarda olduğu kimi', en: 'as in the policy', ru: 'как в правилах',
    tr: 'kurallardaki gibi',
  },
  revocationRequire: { az: 'tələb olunur', en: 'required', ru: 'обязательны', tr: 'zorunlu' },
  revocationSoft: {
    az: 'yoxdursa, xəbərdarlıq', en: 'a warning when missing', ru: 'предупреждение, если нет',
    tr: 'yoksa uyarı',
  },
  revocationNone: {
    az: 'tələb olunmur', en: 'not asked for', ru: 'не требуются', tr: 'istenmiyor',
  },
  password: {
    az: 'Sənədin parolu', en: 'Password of the document', ru: 'Пароль документа', tr: 'Belgenin parolası',
  },
  unlock: { az: 'Aç', en: 'Open', ru: 'Открыть', tr: 'Aç' },
  check: { az: 'Yoxla', en: 'Check', ru: 'Проверить', tr: 'Denetle' },
  cancel: { az: 'Dayandır', en: 'Cancel', ru: 'Отменить', tr: 'Vazgeç' },
  private: {
    az: 'Sənəd bu cihazdan çıxmır: hər şey bu səhifədə hesablanır.',
    en: 'The document does not leave this device: everything is computed in this page.',
    ru: 'Документ не покидает это устройство: всё вычисляется на этой странице.',
    tr: 'Belge bu cihazdan çıkmaz: her şey bu sayfada hesaplanır.',
  },
  offline: {
    az: 'Heç bir serverdən soruşulmur: ləğv məlumatları sənəddə olmalı və ya sizin tərəfinizdən verilməlidir.',
    en: 'No server is asked: revocation data must be in the document, or be given by you.',
    ru: 'Серверы не опрашиваются: данные об отзыве должны быть в документе или даны вами.',
    tr: 'Hiçbir sunucuya sorulmaz: iptal bilgileri belgede olmalı ya da sizce verilmelidir.',
  },
  progress: { az: 'Gedişat', en: 'Progress', ru: 'Ход проверки', tr: 'İlerleme' },
  working: {
    az: 'Yoxlanılır: {name}', en: 'Checking {name}', ru: 'Проверяется {name}',
    tr: 'Denetleniyor: {name}',
  },
  done: {
    az: '{name} yoxlanıldı: {verdict}', en: '{name} checked: {verdict}',
    ru: 'Проверен {name}: {verdict}', tr: '{name} denetlendi: {verdict}',
  },
  cancelled: { az: 'Dayandırıldı.', en: 'Cancelled.', ru: 'Отменено.', tr: 'Vazgeçildi.' },
  noDocument: {
    az: 'Əvvəlcə sənəd seçin.', en: 'Choose a document first.', ru: 'Сначала выберите документ.',
    tr: 'Önce bir belge seçin.',
  },
  passed: { az: 'İmza etibarlıdır', en: 'Valid', ru: 'Подпись действительна', tr: 'İmza geçerli' },
  passedPartly: {
    az: 'İmza etibarlıdır, amma hər şeyi əhatə etmir', en: 'Valid, but it does not cover everything',
    ru: 'Подпись действительна, но охватывает не всё', tr: 'İmza geçerli, ama her şeyi kapsamıyor',
  },
  failed: {
    az: 'İmza etibarsızdır', en: 'Not valid', ru: 'Подпись недействительна', tr: 'İmza geçersiz',
  },
  open: {
    az: 'Sübuta yetmir', en: 'Not proven', ru: 'Не доказано', tr: 'Kanıtlanamıyor',
  },
  unsigned: {
    az: 'İmza yoxdur', en: 'Nothing is signed', ru: 'Подписей нет', tr: 'İmza yok',
  },
  unprocessed: {
    az: 'Yoxlamaq mümkün olmadı', en: 'Could not be checked', ru: 'Проверить не удалось',
    tr: 'Denetlenemedi',
  },
  noTrust: {
    az: 'Hələ heç kimə etibar etmirsiniz. İmzalayanın sertifikat mərkəzinin kök sertifikatını əlavə edin.',
    en: 'You trust nobody yet. Add the root certificate of the authority that stands behind the signer.',
    ru: 'Вы пока никому не доверяете. Добавьте корневой сертификат центра, выдавшего сертификат подписавшему.',
    tr: 'Henüz kimseye güvenmiyorsunuz. İmzalayana sertifika veren makamın kök sertifikasını ekleyin.',
  },
  signature: { az: 'İmza', en: 'Signature', ru: 'Подпись', tr: 'İmza' },
  signer: { az: 'İmzalayan', en: 'Signed by', ru: 'Подписал', tr: 'İmzalayan' },
  issuer: { az: 'Sertifikatı verib', en: 'Vouched for by', ru: 'Сертификат выдал', tr: 'Sertifikayı veren' },
  unknown: { az: 'məlum deyil', en: 'unknown', ru: 'неизвестно', tr: 'bilinmiyor' },
  identifier: { az: 'Kod', en: 'Identifier', ru: 'Идентификатор', tr: 'Kimlik numarası' },
  provenTime: { az: 'Sübut olunmuş vaxt', en: 'Proven at', ru: 'Доказано на', tr: 'Kanıtlanan an' },
  claimedTime: {
    az: 'Göstərilən vaxt', en: 'Claimed time', ru: 'Заявленное время', tr: 'Belirtilen zaman',
  },
  integrity: { az: 'Bütövlük', en: 'Integrity', ru: 'Целостность', tr: 'Bütünlük' },
  format: { az: 'Növ', en: 'Kind', ru: 'Вид', tr: 'Tür' },
  covers: { az: 'Əhatə edir', en: 'Covers', ru: 'Охватывает', tr: 'Kapsam' },
  uncovered: {
    az: 'Heç bir etibarlı imzanın əhatə etmədiyi fayllar', en: 'Files that no valid signature covers',
    ru: 'Файлы, не охваченные действительной подписью', tr: 'Geçerli imzanın kapsamadığı dosyalar',
  },
  why: { az: 'Niyə', en: 'Why', ru: 'Почему', tr: 'Neden' },
  whole: {
    az: 'Bütün hesabat', en: 'The whole report', ru: 'Полный отчёт', tr: 'Raporun tamamı',
  },
  save: {
    az: 'Hesabatı saxla (JSON)', en: 'Save the report (JSON)', ru: 'Сохранить отчёт (JSON)',
    tr: 'Raporu kaydet (JSON)',
  },
  pick: { az: 'Fayl seçin', en: 'Choose files', ru: 'Выбрать файлы', tr: 'Dosya seçin' },
  document: { az: 'Sənəd', en: 'Document', ru: 'Документ', tr: 'Belge' },
  judgedAt: { az: 'Yoxlama vaxtı', en: 'Judged at', ru: 'Проверено на момент', tr: 'Denetim zamanı' },
  anchors: {
    az: 'Etibar edilən sertifikatlar', en: 'Trusted certificates', ru: 'Доверенные сертификаты',
    tr: 'Güvenilen sertifikalar',
  },
};

/** A word in a language, with its places filled. */
export function word(key, language, places = {}) {
  const text = words[key][language];
  return text.replace(/\{(\w+)\}/g, (_, place) => places[place] ?? '');
}

/** The language of the person: of the address, of an earlier visit, of the browser. */
export function preferred() {
  const asked = new URLSearchParams(location.search).get('lang');
  const wanted = [asked, ...navigator.languages.map((tag) => tag.toLowerCase().split('-')[0])];
  return wanted.find((tag) => LANGUAGES.includes(tag)) ?? 'en';
}

// Not every browser knows every language: Chromium of Debian has no Azerbaijani.
const MONTHS = {
  az: ['yanvar', 'fevral', 'mart', 'aprel', 'may', 'iyun', 'iyul', 'avqust', 'sentyabr', 'oktyabr', 'noyabr', 'dekabr'],
  en: ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'],
  ru: ['января', 'февраля', 'марта', 'апреля', 'мая', 'июня', 'июля', 'августа', 'сентября', 'октября', 'ноября', 'декабря'],
  tr: ['Ocak', 'Şubat', 'Mart', 'Nisan', 'Mayıs', 'Haziran', 'Temmuz', 'Ağustos', 'Eylül', 'Ekim', 'Kasım', 'Aralık'],
};
const UNITS = {
  az: ['bayt', 'KB', 'MB', 'GB'],
  en: ['bytes', 'KB', 'MB', 'GB'],
  ru: ['байт', 'КБ', 'МБ', 'ГБ'],
  tr: ['bayt', 'KB', 'MB', 'GB'],
};

/** A time of a report, in words. */
export function moment(text, language) {
  const [, year, month, day, clock] = /^(\d+)-(\d+)-(\d+)T(\d+:\d+:\d+)/.exec(text) ?? [];
  if (clock === undefined) return text;
  const yearMark = language === 'ru' ? ' г.' : '';
  return `${Number(day)} ${MONTHS[language][Number(month) - 1]} ${year}${yearMark}, ${clock} UTC`;
}

/** A number of octets, rounded for reading. */
export function size(octets, language) {
  let value = octets;
  let unit = 0;
  while (value >= 999.95 && unit < 3) {
    value /= 1000;
    unit += 1;
  }
  const digits = value < 99.95 && unit > 0 ? value.toFixed(1) : String(Math.round(value));
  const mark = language === 'en' ? '.' : ',';
  return `${digits.replace('.', mark)} ${UNITS[language][unit]}`;
}
