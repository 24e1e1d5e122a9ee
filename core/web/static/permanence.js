// What happens in the browser: components are started, also in swapped regions; changes are said
// aloud; failures are shown; uploads show how far they are. Every page works without this file.
import { initAll } from './govuk-frontend.min.js';

const byId = (id) => document.getElementById(id);

// GOV.UK components

const start = (scope) =>
  initAll({
    scope,
    onError: (error) => {
      // A region's neighbours are already started, and say so; anything else is worth reading.
      if (error.name !== 'InitError') console.error(error);
    },
  });

// Announcements: the server sends HX-Trigger: {"announce": {"message": "Saved"}}

function announce(message) {
  const region = byId('announcer');
  if (!region || !message) return;
  region.textContent = '';
  // Emptied first and filled after the swap, so that the same words twice are read twice.
  window.setTimeout(() => { region.textContent = message; }, 150);
}

// Failures: what was typed stays on the page, and the person is told

const FAILURES = {
  0: 'This could not be sent: the connection was lost. What you typed is still here. Try again when you are back online.',
  400: 'This could not be read, perhaps because the page was open for a long time. What you typed is still here: copy it, load the page again and send it once more.',
  403: 'You may not do this. If you think you should, ask your authority’s administrator.',
  404: 'This is no longer here, or is not yours to open. Load the page again to see how things stand.',
  409: 'Somebody else has changed this. What you typed is still here: copy it and load the page again.',
  413: 'This is larger than the service takes at once. Send fewer files at a time, or smaller ones.',
  429: 'Too many tries in a short time. Wait a few minutes, then try again.',
};
const FAILED = 'The service could not do this. What you typed is still here. Try again in a few minutes.';

// The element whose request failed: the words stay until it succeeds or is gone.
let failing = null;

function showProblem(status, element, said = '') {
  const problem = byId('problem');
  const words = said || FAILURES[status] || FAILED;
  failing = element;
  if (!problem || (!problem.hidden && problem.textContent === words)) return;
  problem.textContent = words;
  problem.hidden = false;
  // It sits at the top: brought into sight, but the person's place in a field is left alone.
  problem.scrollIntoView({ block: 'nearest' });
}

// What was refused before it was read is said beside the files too, as other faults of theirs are

function saidOfFiles(xhr, element) {
  const plain = (xhr.getResponseHeader('Content-Type') || '').startsWith('text/plain');
  const box = xhr.status === 413 && plain && element.closest('form')?.querySelector('input[type="file"]');
  if (!box) return '';
  const words = `${xhr.responseText}.`;
  showAtFiles(box, words);
  return words;
}

function showAtFiles(box, words) {
  const group = box.closest('.govuk-form-group');
  group.querySelector('.govuk-error-message')?.remove();
  const line = document.createElement('p');
  line.className = 'govuk-error-message';
  line.id = `${box.id}-refused`;
  const before = document.createElement('span');
  before.className = 'govuk-visually-hidden';
  before.textContent = WRONG;
  line.append(before, words);
  group.classList.add('govuk-form-group--error');
  (group.querySelector('.govuk-file-upload-wrapper') || box).before(line);
  const shown = group.querySelector('.govuk-file-upload-button') || box;
  const named = new Set((shown.getAttribute('aria-describedby') || '').split(' ').filter(Boolean));
  shown.setAttribute('aria-describedby', [...named.add(line.id)].join(' '));
  markTitle();
}

// Several files dropped where one is taken: the component takes none of them, and does not say so

function droppedSeveral({ target, dataTransfer }) {
  const box = target.closest('.govuk-file-upload-wrapper')?.querySelector('input[type="file"]');
  if (!box || box.multiple || !dataTransfer || dataTransfer.files.length < 2) return;
  showAtFiles(box, 'Only one file is taken here: drop or choose that one.');
  announce('Only one file is taken here: drop or choose that one.');
}

// The title says whether something is wrong on the page, also after a part of it was put in place

const WRONG = 'Error: ';

function markTitle() {
  const plain = document.title.startsWith(WRONG) ? document.title.slice(WRONG.length) : document.title;
  const wrong = document.querySelector('.govuk-error-summary, .govuk-error-message');
  document.title = wrong ? WRONG + plain : plain;
}

function clearProblem(element) {
  const problem = byId('problem');
  if (!problem || problem.hidden || (failing !== element && failing.isConnected)) return;
  failing = null;
  problem.hidden = true;
  problem.textContent = '';
}

// Save status: a form with data-save-status="id" has its state written there

function saveStatus({ elt, requestConfig }, words, state) {
  // Looking something up from inside the form is not saving it.
  if (requestConfig.verb === 'get') return;
  const form = elt.closest('[data-save-status]');
  const place = form && byId(form.dataset.saveStatus);
  if (!place) return;
  place.textContent = words;
  place.dataset.state = state;
}

function timeNow() {
  return new Date().toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
}

// A form is sent once its fields have saved themselves: it would clash with its own words else

const saves = new Map(); // the requests under way, and the form whose field each saves
const held = new Map(); // the forms that wait for them, and the button that sends each

function fieldSaves({ elt, xhr, requestConfig }) {
  const form = requestConfig.verb !== 'get' && elt.closest('form');
  if (form && form !== elt) saves.set(xhr, form);
}

function isSaving(form) {
  return [...saves.values()].includes(form);
}

function holdForm(event) {
  if (!isSaving(event.target)) return;
  event.preventDefault();
  held.set(event.target, event.submitter);
}

function fieldSaved({ xhr }) {
  const form = saves.get(xhr);
  saves.delete(xhr);
  // A change that was made meanwhile is sent when this one has ended: look once it has begun.
  window.setTimeout(() => {
    if (!held.has(form) || isSaving(form)) return;
    const button = held.get(form);
    held.delete(form);
    if (form.isConnected) form.requestSubmit(button && button.isConnected ? button : null);
  }, 0);
}

// An answer that was refused for what others say is sent again once those have changed: the server
// tells (HX-Trigger: {"tryAgain": {}}). Where two people clashed, the person chooses.

const REFUSED = '.app-save-status[data-state="failed"]';

function tryAgain({ target }) {
  const form = target.closest('form');
  if (!form) return;
  // After the swap, so that it is looked for among what is on the page then.
  window.setTimeout(() => {
    for (const status of form.querySelectorAll(REFUSED)) {
      const box = status.closest('[id$="-field"]');
      if (box !== target && !box.querySelector('[name$="-clash"]')) box.dispatchEvent(new Event('change'));
    }
  }, 150);
}

// Until then what was chosen stays chosen, and says that it is not saved, when its part of the page
// is put in place anew.

function keepRefused({ detail: { target, fragment } }) {
  for (const status of target.querySelectorAll(REFUSED)) {
    const box = status.closest('[id$="-field"]');
    const next = box && box !== target && fragment.querySelector(`#${CSS.escape(box.id)}`);
    const chosen = [...(next ? box.querySelectorAll('input:checked') : [])].map(({ value }) => value);
    const offered = [...(next ? next.querySelectorAll('[type="radio"], [type="checkbox"]') : [])];
    const there = chosen.every((value) => offered.some((input) => input.value === value));
    if (!chosen.length || !there || box.querySelector('[name$="-clash"]')) continue;
    for (const input of offered) input.checked = chosen.includes(input.value);
    next.querySelector('[id$="-said"]').replaceWith(status.closest('[id$="-said"]').cloneNode(true));
  }
}

// Progress of an upload: a form with data-progress="id of the progress component"

function progressOf(element) {
  const form = element.closest('form[data-progress]');
  return form ? byId(form.dataset.progress) : null;
}

function showProgress(box, percent, words) {
  box.hidden = false;
  const bar = box.querySelector('progress');
  const said = box.querySelector('[role="status"]');
  if (percent === null) bar.removeAttribute('value');
  else bar.value = (bar.max * percent) / 100;
  if (said.textContent !== words) said.textContent = words;
}

function uploadMoved(event) {
  const box = progressOf(event.target);
  if (!box || box.dataset.sent === 'yes' || !event.detail.lengthComputable) return;
  const percent = Math.floor((event.detail.loaded / event.detail.total) * 100);
  if (percent >= 100) {
    // The answer's own progress follows on the same event: it is not the upload's.
    box.dataset.sent = 'yes';
    showProgress(box, null, 'Sent. It is now being checked.');
  } else {
    // Said in steps of ten, so that a screen reader is not flooded.
    showProgress(box, percent, `${Math.floor(percent / 10) * 10}% sent`);
  }
}

// Focus: htmx keeps it where the same id comes back; otherwise it goes to the swapped region

let focusedBefore = null;

function rememberFocus() {
  const active = document.activeElement;
  focusedBefore = active && active !== document.body ? { element: active, id: active.id } : null;
}

function restoreFocus(region) {
  const before = focusedBefore;
  focusedBefore = null;
  if (!before || before.element.isConnected) return;
  if (document.activeElement && document.activeElement !== document.body) return;
  const again = before.id ? byId(before.id) : null;
  const swapped = region && region.isConnected && region !== document.body ? region : null;
  const wrong = document.querySelector('#messages .govuk-error-summary');
  const place = again || wrong || swapped || byId('main-content');
  if (!place) return;
  if (!again && !place.hasAttribute('tabindex')) place.setAttribute('tabindex', '-1');
  place.focus({ preventScroll: place !== wrong });
}

// A filtered list keeps its address, without what is asked of nothing: an element with
// data-keep-address replaces the one shown

function keepAddress({ elt, pathInfo, requestConfig }) {
  if (!elt.closest('[data-keep-address]') || requestConfig.verb !== 'get') return;
  const address = new URL(pathInfo.finalRequestPath, window.location.href);
  const asked = [...address.searchParams].filter(([, value]) => value);
  const query = new URLSearchParams(asked).toString();
  window.history.replaceState(null, '', address.pathname + (query && `?${query}`));
}

// A summary's link to a group of boxes (a date) puts the cursor into the first of them

function focusFirstBox(event) {
  const link = event.target.closest('.govuk-error-summary a[href^="#"]');
  const group = link && byId(link.hash.slice(1));
  if (!group || group.matches('input, select, textarea, button, a')) return;
  const box = group.querySelector('.govuk-input--error, input, select, textarea');
  if (box) {
    event.preventDefault();
    box.focus();
  }
}

// A session that has ended: the sign-in page comes in place of this one, and carries the whole form

let unsaved = null;

function keepForm({ elt, xhr }) {
  const form = xhr.status === 401 && elt.closest('form');
  if (!form) return;
  const whole = [...new FormData(form)];
  const fields = whole.filter(([name, value]) => name !== 'csrf_token' && typeof value === 'string');
  const files = whole.map(([, value]) => value).filter((value) => value instanceof File && value.name);
  const whose = document.querySelector('meta[name="whose"]');
  unsaved = {
    kept: JSON.stringify({ to: new URL(form.action).pathname, fields, files: files.map(({ name }) => name) }),
    whose: whose ? whose.content : '',
  };
}

function carryForm() {
  const kept = unsaved && document.querySelector('input[name="kept"]');
  if (!kept) return;
  kept.value = unsaved.kept;
  kept.form.elements.whose.value = unsaved.whose;
  unsaved = null;
}

// What a colleague wrote is put in place unless somebody writes there: that is asked for again, and
// comes once theirs has been saved. A row that is there already is not added twice.

const TYPED = '[id$="-field"], form';
const typedIn = new WeakSet();

function keepTyping(event) {
  const { target, fragment } = event.detail;
  const parts = [target, ...target.querySelectorAll(TYPED)];
  // A cursor that only rests in a text keeps nobody's words from it: it stays where it is.
  const active = document.activeElement;
  const held = target.contains(active) && active.tagName !== 'TEXTAREA';
  const busy = held || parts.some((part) => typedIn.has(part));
  const live = fragment.querySelector('[data-live]');
  const there = [...fragment.children].some(({ id }) => id && id !== target.id && byId(id));
  if ((live && busy) || there) event.detail.shouldSwap = false;
}

function noteTyping({ target }) {
  const part = target.closest(TYPED);
  if (part) typedIn.add(part);
}

// Until it is saved: a clash (422) and a day that is begun (nothing is announced) stay as they are

function forgetTyping({ detail: { elt, xhr } }) {
  if (xhr.status === 200 && xhr.getResponseHeader('HX-Trigger')) typedIn.delete(elt);
}

// A page that asks by itself once the session has ended leaves what was typed where it is

function stayHere({ elt, xhr }) {
  return xhr.status === 401 && 'byItself' in elt.dataset;
}

const page = document.documentElement;
page.addEventListener('input', noteTyping);
page.addEventListener('htmx:oobBeforeSwap', keepTyping);
page.addEventListener('htmx:oobBeforeSwap', keepRefused);
page.addEventListener('htmx:afterRequest', forgetTyping);
page.addEventListener('announce', (event) => announce(event.detail.message));
page.addEventListener('tryAgain', tryAgain);
page.addEventListener('htmx:load', (event) => {
  if (event.target !== document.body) start(event.target.parentElement || document);
});
page.addEventListener('htmx:beforeRequest', (event) => {
  saveStatus(event.detail, 'Saving…', 'saving');
  fieldSaves(event.detail);
  const box = progressOf(event.target);
  if (box) {
    delete box.dataset.sent;
    showProgress(box, 0, 'Sending');
  }
});
page.addEventListener('htmx:xhr:progress', uploadMoved);
page.addEventListener('htmx:beforeSwap', ({ detail }) => { if (stayHere(detail)) detail.shouldSwap = false; });
page.addEventListener('htmx:beforeSwap', rememberFocus);
page.addEventListener('htmx:beforeSwap', ({ detail }) => keepForm(detail));
page.addEventListener('htmx:afterSettle', carryForm);
page.addEventListener('htmx:afterSettle', (event) => restoreFocus(event.target));
page.addEventListener('htmx:afterRequest', ({ detail }) => fieldSaved(detail));
page.addEventListener('htmx:afterSettle', markTitle);
page.addEventListener('drop', droppedSeveral);
page.addEventListener('submit', holdForm);
page.addEventListener('htmx:afterRequest', (event) => {
  const { elt, successful, xhr } = event.detail;
  const refused = xhr.status === 422;
  if (successful || refused) clearProblem(elt);
  // To htmx an answer of 422 is no error, as it is put in place.
  if (successful && !refused) {
    saveStatus(event.detail, `Saved at ${timeNow()}`, 'saved');
    keepAddress(event.detail);
  } else {
    saveStatus(event.detail, refused ? 'Not saved: see the problem above' : 'Not saved', 'failed');
  }
  const box = progressOf(elt);
  if (box) box.hidden = true;
});
page.addEventListener('htmx:responseError', ({ detail }) => {
  const { xhr, elt } = detail;
  showProblem(xhr.status, elt, saidOfFiles(xhr, elt));
});
page.addEventListener('htmx:sendError', ({ detail }) => showProblem(0, detail.elt));
page.addEventListener('htmx:timeout', ({ detail }) => showProblem(0, detail.elt));
page.addEventListener('click', focusFirstBox);

start(document);
