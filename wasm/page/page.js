// The page: hands files to the package and shows what it answers. Everything that comes from a
// document enters the page as text, through `name`.
import { ImzaError, prepare, validate } from './imza/index.js';
import { LANGUAGES, moment, preferred, size, word } from './words.js';

/** What a report says of a document that no given password opens. */
const LOCKED = ['input.password-missing', 'input.password-wrong'];

const at = (id) => document.getElementById(id);
const state = {
  language: preferred(), document: undefined, password: undefined, files: {}, run: undefined,
  shown: undefined,
};

prepare();
speak();
listen();

/** Puts the language on everything that stands in the page. */
function speak() {
  const { language } = state;
  document.documentElement.lang = language;
  document.title = `imza · ${word('title', language)}`;
  for (const element of document.querySelectorAll('[data-word]')) {
    element.textContent = word(element.dataset.word, language);
  }
  for (const element of document.querySelectorAll('[data-label]')) {
    element.setAttribute('aria-label', word(element.dataset.label, language));
  }
  for (const button of at('languages').querySelectorAll('button')) {
    button.setAttribute('aria-pressed', String(button.value === language));
  }
  showChosen();
}

function listen() {
  at('languages').addEventListener('click', ({ target }) => {
    if (!LANGUAGES.includes(target.value) || target.value === state.language) return;
    state.language = target.value;
    speak();
    at('status').textContent = '';
    // The words of the report come from the library: ask it again.
    if (state.shown !== undefined) check();
  });
  at('document').addEventListener('change', ({ target }) => {
    if (target.files.length > 0) choose(target.files[0]);
  });
  for (const kind of ['trust', 'detached', 'evidence', 'keys']) {
    at(kind).addEventListener('change', ({ target }) => {
      state.files[kind] = [...target.files];
      showChosen();
      if (state.document !== undefined) check();
    });
  }
  at('form').addEventListener('submit', (event) => {
    event.preventDefault();
    check();
  });
  at('cancel').addEventListener('click', () => state.run?.abort());

  const drop = at('drop');
  const over = (isOver) => drop.classList.toggle('over', isOver);
  for (const kind of ['dragenter', 'dragover']) {
    addEventListener(kind, (event) => {
      event.preventDefault();
      over(true);
    });
  }
  addEventListener('dragleave', (event) => {
    if (event.relatedTarget === null) over(false);
  });
  addEventListener('drop', (event) => {
    event.preventDefault();
    over(false);
    const [first, ...others] = event.dataTransfer.files;
    if (first === undefined) return;
    // A signature dropped together with what it signs.
    if (others.length > 0) state.files.detached = others;
    choose(first);
  });
}

function choose(file) {
  state.document = file;
  state.password = undefined;
  showChosen();
  check();
}

function showChosen() {
  const { language } = state;
  const chosen = at('document-chosen');
  chosen.textContent = state.document === undefined
    ? ''
    : `${name(state.document.name)} · ${size(state.document.size, language)}`;
  for (const kind of ['trust', 'detached', 'evidence', 'keys']) {
    at(`${kind}-files`).replaceChildren(...(state.files[kind] ?? []).map((file) =>
      make('li', `${name(file.name)} · ${size(file.size, language)}`)));
  }
}

async function check() {
  const { language } = state;
  state.run?.abort();
  if (state.document === undefined) {
    at('status').textContent = word('noDocument', language);
    at('document').focus();
    return;
  }
  const run = new AbortController();
  state.run = run;
  busy(true);
  const label = name(state.document.name);
  at('status').textContent = word('working', language, { name: label });
  try {
    const outcome = await validate(state.document, {
      ...options(),
      lang: language,
      signal: run.signal,
      onProgress: ({ streamed, toStream }) => {
        at('progress').hidden = false;
        at('progress').value = toStream > 0 ? streamed / toStream : 0;
      },
    });
    state.shown = outcome;
    const verdict = show(outcome);
    at('status').textContent = word('done', language, { name: label, verdict });
  } catch (error) {
    if (state.run !== run) return;
    if (run.signal.aborted) {
      at('status').textContent = word('cancelled', language);
    } else {
      state.shown = undefined;
      const verdict = showError(error);
      at('status').textContent = word('done', language, { name: label, verdict });
    }
  } finally {
    if (state.run === run) busy(false);
  }
}

function busy(isBusy) {
  at('cancel').hidden = !isBusy;
  at('check').disabled = isBusy;
  at('progress').hidden = true;
  at('result').setAttribute('aria-busy', String(isBusy));
}

function options() {
  const { files } = state;
  const chosen = { ...files, policy: at('policy').value };
  if (state.password !== undefined) chosen.password = state.password;
  const time = (id) => (at(id).value === '' ? undefined : new Date(`${at(id).value}Z`));
  if (time('time') !== undefined) chosen.time = time('time');
  if (time('proven-at') !== undefined) chosen.provenAt = time('proven-at');
  if (at('revocation').value !== '') chosen.revocation = at('revocation').value;
  return chosen;
}

/** Shows a report; gives the verdict in words. */
function show({ report, json, text, words, status }) {
  const { language } = state;
  const [mood, key] = verdictOf(report, status);
  const verdict = word(key, language);
  const parts = [headline(mood, verdict, report.error?.code ?? report.indication, report.sub_indication)];
  const { what, advice } = words;
  if (what !== null) parts.push(make('p', what));
  if (report.error !== null && what === null) parts.push(make('p', name(report.error.reason)));
  if (LOCKED.includes(report.error?.code)) {
    parts.push(passwordForm());
  } else if (report.trust.anchors === 0 && report.signatures.length > 0) {
    parts.push(make('p', word('noTrust', language), 'next'));
  } else if (advice) {
    parts.push(make('p', advice, 'next'));
  }
  const several = report.signatures.length > 1;
  report.signatures.forEach((signature, index) => {
    parts.push(signatureCard(signature, words.signatures[index], several ? ` ${index + 1}` : ''));
  });
  const bare = report.files.filter(({ covered_by: by }) => by.length === 0);
  if (status === 10 && report.indication === 'TOTAL-PASSED' && bare.length > 0) {
    const card = make('article', undefined, 'card');
    card.append(make('h3', word('uncovered', language)), names(bare.map((file) => file.name)));
    parts.push(card);
  }
  parts.push(facts([
    ['document', name(report.document.name)],
    ['judgedAt', moment(report.validation_time, language)],
    ['anchors', String(report.trust.anchors)],
  ], 'about'));
  const whole = make('details');
  whole.append(make('summary', word('whole', language)));
  const page = make('pre', text);
  page.tabIndex = 0;
  whole.append(page, saveLink(json, report.document.name));
  parts.push(whole);
  reveal(parts);
  document.getElementById('password')?.focus({ preventScroll: true });
  return verdict;
}

/** Asks for the password of the document, which is kept until another document is chosen. */
function passwordForm() {
  const { language } = state;
  const form = make('form', undefined, 'unlock');
  const label = make('label', word('password', language));
  label.htmlFor = 'password';
  const field = make('input');
  Object.assign(field, { id: 'password', type: 'password', autocomplete: 'off', required: true });
  const button = make('button', word('unlock', language));
  button.type = 'submit';
  const place = make('div', undefined, 'field');
  place.append(label, field);
  const actions = make('p', undefined, 'actions');
  actions.append(button);
  form.append(place, actions);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    state.password = field.value;
    field.value = '';
    check();
  });
  return form;
}

function verdictOf(report, status) {
  if (report.error !== null) return ['bad', 'unprocessed'];
  switch (report.indication) {
    case null: return ['open', 'unsigned'];
    case 'TOTAL-PASSED':
    case 'PASSED': return status === 0 ? ['good', 'passed'] : ['open', 'passedPartly'];
    case 'TOTAL-FAILED':
    case 'FAILED': return ['bad', 'failed'];
    default: return ['open', 'open'];
  }
}

function showError(error) {
  const { language } = state;
  const verdict = word('unprocessed', language);
  const isOurs = error instanceof ImzaError;
  const file = isOurs ? error.details.file : undefined;
  reveal([
    headline('bad', verdict, isOurs ? error.code : undefined),
    make('p', name(isOurs ? error.reason : String(error))),
    ...(file === undefined ? [] : [make('p', name(file))]),
  ]);
  return verdict;
}

function reveal(parts) {
  const result = at('result');
  result.replaceChildren(...parts);
  result.hidden = false;
  result.scrollIntoView({
    block: 'start',
    behavior: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth',
  });
}

function headline(mood, verdict, indication, sub) {
  const head = make('div', undefined, `verdict ${mood}`);
  const sign = make('span', { good: '✓', bad: '✕', open: '?' }[mood], 'sign');
  sign.setAttribute('aria-hidden', 'true');
  const words = make('div');
  const title = make('h2', verdict);
  title.id = 'verdict';
  words.append(title);
  const technical = [indication, sub].filter((one) => one).join(' · ');
  if (technical !== '') words.append(make('p', technical, 'code'));
  head.append(sign, words);
  return head;
}

function signatureCard(signature, words, number) {
  const { language } = state;
  const card = make('article', undefined, 'card');
  const mood = { 'TOTAL-PASSED': 'good', 'TOTAL-FAILED': 'bad' }[signature.indication] ?? 'open';
  card.append(make('h3', `${word('signature', language)}${number}`));
  card.append(make('p', [signature.indication, signature.sub_indication]
    .filter((one) => one).join(' · '), `tag ${mood}`));
  const certificate = signature.signing_certificate;
  const rows = [];
  if (certificate === null) {
    rows.push(['signer', word('unknown', language)]);
  } else {
    const { person } = certificate;
    rows.push(['signer', name(person?.name ?? certificate.subject)]);
    if (person?.identifier) rows.push(['identifier', name(person.identifier)]);
    rows.push(['issuer', name(commonName(certificate.issuer))]);
  }
  const best = signature.best_signature_time;
  if (best !== null && best.proof !== 'current-time') {
    rows.push(['provenTime', moment(best.time, language)]);
  }
  if (signature.claimed_signing_time !== null) {
    rows.push(['claimedTime', moment(signature.claimed_signing_time, language)]);
  }
  rows.push(['integrity', words.integrity]);
  rows.push(['format', `${signature.format} ${signature.level}`]);
  card.append(facts(rows));
  if (signature.scopes.length > 0) {
    card.append(make('h4', word('covers', language)));
    card.append(names(signature.scopes.map((scope) => scope.name)));
  }
  if (words.checks.length > 0) {
    card.append(make('h4', word('why', language)));
    const list = make('ul', undefined, 'checks');
    for (const { id, what } of words.checks) {
      const item = make('li');
      item.append(make('span', what), make('span', id, 'code'));
      list.append(item);
    }
    card.append(list);
  }
  return card;
}

function facts(rows, kind = '') {
  const list = make('dl', undefined, kind);
  for (const [key, value] of rows) {
    const row = make('div');
    row.append(make('dt', word(key, state.language)), make('dd', value));
    list.append(row);
  }
  return list;
}

function names(all) {
  const list = make('ul', undefined, 'names');
  list.append(...all.map((one) => make('li', name(one))));
  return list;
}

function saveLink(json, of) {
  const link = make('a', word('save', state.language), 'save');
  link.href = URL.createObjectURL(new Blob([`${json}\n`], { type: 'application/json' }));
  link.download = `${of}.imza.json`;
  return link;
}

function make(tag, text, kind) {
  const element = document.createElement(tag);
  if (text !== undefined) element.textContent = text;
  if (kind) element.className = kind;
  return element;
}

/** The common name of a distinguished name, or all of it. */
function commonName(distinguished) {
  return /(?:^|,)CN=((?:[^,\\]|\\.)*)/.exec(distinguished)?.[1] ?? distinguished;
}

/** Text of a stranger: what cannot be seen, or turns other text around, is shown by its number. */
function name(text) {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0\u034f\u2800]/gu, (character) =>
    `\\u{${character.codePointAt(0).toString(16)}}`);
}
