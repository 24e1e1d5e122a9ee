// Marks the body as served by a browser with scripts, before anything is drawn; it is a file
// because the content security policy allows no script inside the page.
document.body.classList.add('js-enabled');
if ('noModule' in HTMLScriptElement.prototype) {
  document.body.classList.add('govuk-frontend-supported');
}
