// What every view owes to those who cannot see it, or not well; looked for in the page itself.
import type { Page } from 'playwright-core';

// As text: it runs in the page, whose types are not those of these tests.
const LOOK = `(() => {
  const faults = [];
  const all = (selector) => [...document.querySelectorAll(selector)];
  const say = (what, element) => faults.push(what + ': ' + element.outerHTML.slice(0, 120));
  const nameOf = (element) => element.getAttribute('aria-label') ?? element.textContent.trim();
  if (document.documentElement.lang === '') faults.push('the page says no language');
  if (document.title.trim() === '') faults.push('the page has no title');
  if (all('h1').length !== 1) faults.push(all('h1').length + ' headings of the first level');
  if (all('main').length !== 1) faults.push(all('main').length + ' main parts');
  let level = 0;
  for (const heading of all('h1, h2, h3, h4')) {
    const own = Number(heading.tagName[1]);
    if (own > level + 1) say('a level of headings is left out', heading);
    level = own;
  }
  for (const control of all('input, select, textarea')) {
    if (control.labels.length === 0 && !control.getAttribute('aria-label')) say('no label', control);
    for (const id of (control.getAttribute('aria-describedby') ?? '').split(' ').filter(Boolean)) {
      if (document.getElementById(id) === null) say('described by nothing', control);
    }
  }
  for (const control of all('button, a, summary, fieldset')) {
    if (nameOf(control) === '') say('no name', control);
  }
  for (const link of all('a')) if (!link.getAttribute('href')) say('leads nowhere', link);
  for (const table of all('table')) {
    if (!table.caption?.textContent.trim()) say('no caption', table);
    for (const head of table.querySelectorAll('th')) {
      if (!head.getAttribute('scope')) say('no scope', head);
    }
  }
  for (const drawing of all('svg[role=img]')) {
    if (!drawing.getAttribute('aria-label')) say('no text in its place', drawing);
  }
  for (const status of all('.status')) if (status.textContent === '') say('colour alone', status);
  for (const bar of all('progress')) if (nameOf(bar) === '') say('no name', bar);
  const ids = all('[id]').map((element) => element.id);
  const twice = ids.filter((id, index) => ids.indexOf(id) !== index);
  if (twice.length > 0) faults.push('ids that stand twice: ' + twice.join(', '));
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth > clientWidth) faults.push('wider than the screen by ' + (scrollWidth - clientWidth));
  return faults;
})()`;

/** Everything that is amiss in the view that is open; none when all is well. */
export const basicFaults = async (page: Page): Promise<string[]> =>
  (await page.evaluate(LOOK)) as string[];
