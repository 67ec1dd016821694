import { expect, test } from '@jest/globals';
import { embedded, html, Markup } from '../../../../src/simulator/report/html/html.ts';

const HOSTILE = [
  '</script><script>alert(1)</script>',
  '<!--',
  '"\'><img src=x onerror=alert(1)>',
  '&lt;',
];

test.each(HOSTILE)('%s stays a text within markup', (id) => {
  const { text } = html`<td title="${id}">${id}</td>`;
  expect(text.replace(/^<td title="|">|<\/td>$/g, '')).not.toMatch(/[<>"']/);
  expect(text).not.toContain('&lt;&');
});

test.each(HOSTILE)('%s can not end the tag that holds it as data, and is read as it was', (id) => {
  const { text } = embedded({ id });
  expect(text).not.toMatch(/[<>]/);
  expect(JSON.parse(text)).toEqual({ id });
});

test('lists and markup go in whole, nothing as nothing, what hides by its number', () => {
  expect(html`${[html`<b>${1}</b>`, new Markup('<i>')]}${undefined}${false}${'\u202e'}`.text).toBe(
    '<b>1</b><i>\\u{202e}',
  );
});
