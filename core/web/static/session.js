// Before a session ends the person is told, and can stay; once it has ended the page is covered and
// what was typed is sent on, so that the sign-in page carries it. Tabs tell each other of their use.

const MINUTE = 60_000;
const WARNING = 5 * MINUTE;

const dialog = () => document.getElementById('session-ending');
const now = () => Date.now();
const mark = () => document.querySelector('meta[name="whose"]')?.content;

const shown = dialog();
const idle = shown ? Number(shown.dataset.minutes) * MINUTE : 0;
const latest = shown ? now() + Number(shown.dataset.most) * 1000 : 0;
const warning = Math.min(WARNING, idle / 2);
let ends = Math.min(now() + idle, latest);
let typedInto = null;
let said = '';

const tabs = 'BroadcastChannel' in window ? new BroadcastChannel('session') : null;

function used(at) {
  ends = Math.max(ends, Math.min(at + idle, latest));
}

function usedHere() {
  used(now());
  tabs?.postMessage({ whose: mark(), at: now() });
}

function say(words) {
  const place = document.getElementById('session-ending-words');
  // Said anew only when it changes, once a minute, so that a screen reader is not flooded.
  if (place && said !== words) place.textContent = words;
  said = words;
}

function part(name) {
  return dialog().querySelector(`[data-ending="${name}"]`);
}

function warn(box, left) {
  const minutes = Math.max(1, Math.ceil(left / MINUTE));
  const long = minutes > 1 ? `${minutes} minutes` : '1 minute';
  const last = ends >= latest;
  part('stay').hidden = last;
  say(last
    ? `You will be signed out in ${long}: nobody stays signed in for longer than 12 hours. Save what you have typed.`
    : `You will be signed out in ${long}, because nothing has been sent for a while. What you have typed stays on the page.`);
  if (!box.open && box.dataset.dismissed !== String(minutes)) box.showModal();
}

function over(box) {
  if (box.dataset.over !== undefined) return;
  box.dataset.over = '';
  document.getElementById('session-ending-title').textContent = 'You have been signed out';
  const files = typedInto?.querySelectorAll('input[type="file"]') ?? [];
  const chosen = [...files].some((box) => box.files.length);
  say(`What you had typed is still here, behind this message. Sign in again, and it is offered back to you.${
    chosen ? ' Files are not kept: choose them again then.' : ''}`);
  part('stay').hidden = true;
  part('again').hidden = false;
  box.querySelector('form').hidden = true;
  if (!box.open) box.showModal();
  part('again').focus();
}

function look() {
  const box = dialog();
  if (!box) return;
  const left = ends - now();
  if (left <= 0) over(box);
  else if (left <= warning) warn(box, left);
  else if (box.open && box.dataset.over === undefined) box.close();
}

async function stay() {
  const answer = await fetch(dialog().dataset.stay, { headers: { 'HX-Request': 'true' } }).catch(() => null);
  await answer?.text().catch(() => null); // read to its end: it hangs on the connection else
  if (answer && answer.ok) {
    usedHere();
    dialog().close();
    const region = document.getElementById('announcer');
    if (region) region.textContent = 'You stay signed in.';
  } else if (answer && answer.status === 401) {
    ends = now();
    look();
  } else {
    say('This could not be sent: the connection was lost. Try again.');
  }
}

function again() {
  if (typedInto?.isConnected) {
    dialog().close();
    typedInto.requestSubmit();
  } else {
    window.location.reload();
  }
}

if (shown) {
  const page = document.documentElement;
  tabs?.addEventListener('message', ({ data }) => {
    if (data.whose === mark()) used(data.at);
    look();
  });
  page.addEventListener('input', ({ target }) => {
    if (target.form?.closest('main')) typedInto = target.form;
  });
  page.addEventListener('htmx:afterRequest', ({ detail }) => {
    if (detail.xhr.status && detail.xhr.status !== 401 && !('byItself' in detail.elt.dataset)) usedHere();
    if (detail.successful && detail.elt.closest('form') === typedInto) typedInto = null;
  });
  page.addEventListener('click', ({ target }) => {
    if (target.closest('[data-ending="stay"]')) stay();
    if (target.closest('[data-ending="again"]')) again();
  });
  shown.addEventListener('cancel', (event) => {
    if (shown.dataset.over !== undefined) event.preventDefault();
    else shown.dataset.dismissed = String(Math.max(1, Math.ceil((ends - now()) / MINUTE)));
  });
  document.addEventListener('visibilitychange', look);
  window.setInterval(look, 1000);
  usedHere();
}
